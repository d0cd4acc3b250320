"""Money: transfers and postings, wallets changed by guarded UPDATEs in the transfer's own transaction."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select, update

from bot.domain.ledger import Account, Movement, Posting, StatementLine, TransferKind, balanced
from bot.storage.database import Transaction
from bot.storage.rows import insert, inserted_id
from bot.storage.tables import orders, postings, transfers, wallets


async def transfer(
    tx: Transaction,
    entries: Sequence[Posting],
    *,
    key: str,
    kind: TransferKind,
    user: int,
    order: int | None = None,
    admin: int | None = None,
    reason: str = "",
    forced: bool = False,
) -> bool:
    """Write one balanced transfer and change the wallets it names.

    False, with nothing written, where a wallet does not cover it; ``forced`` takes it anyway, and the customer owes
    the rest. ``key`` is unique: the same transfer written twice is an IntegrityError, never money moved twice.
    """
    entries = balanced(entries)
    for posting in entries:
        if posting.account is Account.WALLET and not await _move_wallet(tx, posting.owner, posting.amount, forced):
            return False
    number = await inserted_id(
        tx,
        transfers,
        {
            "key": key,
            "kind": kind.value,
            "user_id": user,
            "order_id": order,
            "admin_id": admin,
            "reason": reason,
            "at": tx.now,
        },
    )
    if entries:
        rows = [
            {"transfer_id": number, "account": p.account.value, "owner": p.owner, "amount": p.amount} for p in entries
        ]
        await tx.conn.execute(postings.insert(), rows)
    return True


async def _move_wallet(tx: Transaction, user: int, amount: int, forced: bool) -> bool:
    """What comes in pays off first what is owed; what goes out has to be there, unless it is forced."""
    has = wallets.c.balance - wallets.c.owed + amount
    may = literal(True) if forced or amount > 0 else wallets.c.balance + amount >= 0
    statement = (
        update(wallets)
        .where(wallets.c.user_id == user, may)
        .values(balance=case((has > 0, has), else_=0), owed=case((has < 0, -has), else_=0))
    )
    return (await tx.conn.execute(statement)).rowcount == 1


async def open_wallet(tx: Transaction, user: int) -> None:
    """Make the customer's wallet, empty, where there is none."""
    statement = insert(tx, wallets).values(user_id=user, balance=0)
    await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["user_id"]))


async def available(tx: Transaction, user: int) -> int:
    """What the customer can spend; below zero where they owe something."""
    value = await tx.conn.scalar(select(wallets.c.balance - wallets.c.owed).where(wallets.c.user_id == user))
    return int(value or 0)


async def on_hold(tx: Transaction, user: int) -> int:
    """What is set aside for the customer's open orders."""
    statement = select(func.coalesce(func.sum(orders.c.held), 0)).where(orders.c.user_id == user)
    return int(await tx.conn.scalar(statement) or 0)


async def movements(tx: Transaction, user: int, *, limit: int) -> list[Movement]:
    """The last changes of the wallet, newest first."""
    statement = (
        select(transfers.c.at, transfers.c.kind, postings.c.amount, transfers.c.order_id, transfers.c.reason)
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .where(postings.c.account == Account.WALLET.value, postings.c.owner == user)
        .order_by(transfers.c.id.desc())
        .limit(limit)
    )
    return [_movement(row) for row in await tx.conn.execute(statement)]


def _movement(row: Any) -> Movement:
    return Movement(row.at, TransferKind(row.kind), int(row.amount), row.order_id, row.reason)


async def count_movements(tx: Transaction, user: int) -> int:
    """How often the wallet changed."""
    statement = select(func.count()).where(postings.c.account == Account.WALLET.value, postings.c.owner == user)
    return int(await tx.conn.scalar(statement) or 0)


async def statement_lines(tx: Transaction, user: int, *, limit: int, offset: int = 0) -> list[StatementLine]:
    """Changes of the wallet with the balance after each, newest first."""
    rows = await tx.conn.execute(_statement(user).limit(limit).offset(offset))
    return [_statement_line(row) for row in rows]


async def stream_statement(
    tx: Transaction, user: int, *, limit: int, batch: int
) -> AsyncIterator[Sequence[StatementLine]]:
    """The same lines, so many at a time, for those who want very many of them."""
    result = await tx.conn.stream(_statement(user).limit(limit))
    async for rows in result.partitions(batch):
        yield [_statement_line(row) for row in rows]


def _statement(user: int) -> Select[Any]:
    """Every change of the wallet; each balance is the exact sum of the postings up to it."""
    balance = func.sum(postings.c.amount).over(order_by=postings.c.transfer_id)
    own = (
        select(postings.c.transfer_id, postings.c.amount, balance.label("balance"))
        .where(postings.c.account == Account.WALLET.value, postings.c.owner == user)
        .subquery()
    )
    columns = transfers.c.at, transfers.c.kind, transfers.c.order_id, transfers.c.reason, own.c.amount, own.c.balance
    return select(*columns).join(own, own.c.transfer_id == transfers.c.id).order_by(transfers.c.id.desc())


def _statement_line(row: Any) -> StatementLine:
    return StatementLine(_movement(row), int(row.balance))


async def has_entries(tx: Transaction) -> bool:
    """Whether any money ever moved."""
    return await tx.conn.scalar(select(transfers.c.id).limit(1)) is not None


async def first_entry_at(tx: Transaction) -> datetime | None:
    """When money moved first; None where it never did."""
    found: datetime | None = await tx.conn.scalar(select(transfers.c.at).order_by(transfers.c.id).limit(1))
    return found


async def written(tx: Transaction, key: str) -> bool:
    """Whether there is a transfer of this key."""
    return await tx.conn.scalar(select(transfers.c.id).where(transfers.c.key == key)) is not None
