"""Money: transfers and postings, wallets changed by guarded UPDATEs in the transfer's own transaction."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from bot.domain.ledger import Account, Movement, Posting, TransferKind, balanced
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
) -> bool:
    """Write one balanced transfer and change the wallets it names.

    False, with nothing written, where a wallet does not cover it. ``key`` is unique: the same transfer written
    twice is an IntegrityError, never money moved twice.
    """
    entries = balanced(entries)
    for posting in entries:
        if posting.account is Account.WALLET and not await _move_wallet(tx, posting.owner, posting.amount):
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


async def _move_wallet(tx: Transaction, user: int, amount: int) -> bool:
    statement = (
        update(wallets)
        .where(wallets.c.user_id == user, wallets.c.balance + amount >= 0)
        .values(balance=wallets.c.balance + amount)
    )
    return (await tx.conn.execute(statement)).rowcount == 1


async def open_wallet(tx: Transaction, user: int) -> None:
    """Make the customer's wallet, empty, where there is none."""
    statement = insert(tx, wallets).values(user_id=user, balance=0)
    await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["user_id"]))


async def available(tx: Transaction, user: int) -> int:
    """What the customer can spend."""
    value = await tx.conn.scalar(select(wallets.c.balance).where(wallets.c.user_id == user))
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
    rows = await tx.conn.execute(statement)
    return [Movement(r.at, TransferKind(r.kind), int(r.amount), r.order_id, r.reason) for r in rows]


async def has_entries(tx: Transaction) -> bool:
    """Whether any money ever moved."""
    return await tx.conn.scalar(select(transfers.c.id).limit(1)) is not None
