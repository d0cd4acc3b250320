"""Invariants of the money. Amounts in the sentences are ten-thousandths of the shop's currency, as stored."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.sql.selectable import Subquery

from bot.domain.ledger import Account, TransferKind
from bot.domain.orders import ENDED
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction
from bot.storage.tables import orders, postings, transfers, wallets

# Which accounts a transfer of each kind may touch.
TOUCHES = {
    TransferKind.CREDIT: {Account.OUTSIDE, Account.WALLET},
    TransferKind.DEBIT: {Account.OUTSIDE, Account.WALLET},
    TransferKind.HOLD: {Account.WALLET, Account.HOLD},
    TransferKind.SETTLE: {Account.HOLD, Account.SALES, Account.WALLET},
    TransferKind.TOP_UP: {Account.OUTSIDE, Account.WALLET},
    TransferKind.PAYBACK: {Account.OUTSIDE, Account.WALLET},
    TransferKind.REVERSAL: {Account.OUTSIDE, Account.WALLET},
}
# These have one owner, the shop.
_SHOP_ACCOUNTS = [Account.SALES.value, Account.OUTSIDE.value]
_ENDED = [state.value for state in ENDED]


def _sum(amount: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _against_postings(account: Account, owner: ColumnElement[int], amount: ColumnElement[int]) -> Select[Any]:
    """Each owner's ``amount`` beside what the account's postings say; either may be missing."""
    sides = union_all(
        select(owner.label("owner"), amount.label("booked"), literal(0).label("posted")),
        select(postings.c.owner, literal(0), postings.c.amount).where(postings.c.account == account.value),
    ).subquery()
    booked, posted = func.sum(sides.c.booked), func.sum(sides.c.posted)
    return (
        select(sides.c.owner, booked.label("booked"), posted.label("posted"))
        .group_by(sides.c.owner)
        .having(booked != posted)
        .order_by(sides.c.owner)
    )


def _by_order(account: Account, kind: TransferKind) -> Subquery:
    """What transfers of a kind moved into an account, for each order."""
    return (
        select(transfers.c.order_id, _sum(postings.c.amount).label("total"))
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .where(postings.c.account == account.value, transfers.c.kind == kind.value)
        .group_by(transfers.c.order_id)
        .subquery()
    )


async def _balanced(tx: Transaction) -> list[str]:
    total = func.sum(postings.c.amount)
    statement = (
        select(postings.c.transfer_id, total.label("total"))
        .group_by(postings.c.transfer_id)
        .having(total != 0)
        .order_by(postings.c.transfer_id)
    )
    rows = await tx.conn.execute(statement)
    return [f"Transfer {row.transfer_id} sums to {row.total}, not to zero." for row in rows]


async def _wallets(tx: Transaction) -> list[str]:
    statement = _against_postings(Account.WALLET, wallets.c.user_id, wallets.c.balance - wallets.c.owed)
    return [
        f"The wallet of user {row.owner} has {row.booked} and its postings say {row.posted}."
        for row in await tx.conn.execute(statement)
    ]


async def _debts(tx: Transaction) -> list[str]:
    forced = [TransferKind.PAYBACK.value, TransferKind.REVERSAL.value]
    taken_back = select(transfers.c.user_id).where(transfers.c.kind.in_(forced))
    unforced = and_(wallets.c.owed > 0, wallets.c.user_id.not_in(taken_back))
    odd = or_(wallets.c.balance < 0, wallets.c.owed < 0, and_(wallets.c.balance > 0, wallets.c.owed > 0), unforced)
    statement = select(wallets).where(odd).order_by(wallets.c.user_id)
    return [
        f"The wallet of user {row.user_id} has {row.balance} and owes {row.owed}, with no payment taken back."
        for row in await tx.conn.execute(statement)
    ]


async def _whole(tx: Transaction) -> list[str]:
    parts = orders.c.held + orders.c.captured + orders.c.refunded
    statement = select(orders).where(or_(parts != orders.c.price, orders.c.price < 0)).order_by(orders.c.id)
    return [
        f"Order {row.id} cost {row.price}, but {row.held} held, {row.captured} captured and {row.refunded} "
        f"refunded make {row.held + row.captured + row.refunded}."
        for row in await tx.conn.execute(statement)
    ]


async def _holds(tx: Transaction) -> list[str]:
    statement = _against_postings(Account.HOLD, orders.c.id, orders.c.held)
    return [
        f"Order {row.owner} holds {row.booked} and the postings say {row.posted}."
        for row in await tx.conn.execute(statement)
    ]


async def _course(tx: Transaction) -> list[str]:
    """The order's own three numbers against what the transfers moved for it."""
    taken, given, earned = (
        _by_order(Account.WALLET, TransferKind.HOLD),
        _by_order(Account.WALLET, TransferKind.SETTLE),
        _by_order(Account.SALES, TransferKind.SETTLE),
    )
    paid, back, kept = (-func.coalesce(taken.c.total, 0), *_totals(given, earned))
    statement = (
        select(orders, paid.label("paid"), back.label("back"), kept.label("kept"))
        .outerjoin(taken, taken.c.order_id == orders.c.id)
        .outerjoin(given, given.c.order_id == orders.c.id)
        .outerjoin(earned, earned.c.order_id == orders.c.id)
        .where(or_(paid != orders.c.price, back != orders.c.refunded, kept != orders.c.captured))
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} says {row.price} paid, {row.refunded} refunded and {row.captured} captured; "
        f"its transfers say {row.paid}, {row.back} and {row.kept}."
        for row in await tx.conn.execute(statement)
    ]


def _totals(*sums: Subquery) -> list[ColumnElement[int]]:
    return [func.coalesce(each.c.total, 0) for each in sums]


async def _owners(tx: Transaction) -> list[str]:
    """An order's money comes from its own customer and returns there; the shop's accounts are one each."""
    order_moves = transfers.c.order_id.is_not(None)
    strays = or_(
        and_(postings.c.account.in_(_SHOP_ACCOUNTS), postings.c.owner != 0),
        and_(postings.c.account == Account.WALLET.value, postings.c.owner != transfers.c.user_id),
        and_(postings.c.account == Account.HOLD.value, ~order_moves),
        and_(postings.c.account == Account.HOLD.value, postings.c.owner != transfers.c.order_id),
        and_(order_moves, orders.c.user_id != transfers.c.user_id),
    )
    statement = (
        select(transfers.c.id, transfers.c.key, postings.c.account, postings.c.owner)
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .outerjoin(orders, orders.c.id == transfers.c.order_id)
        .where(strays)
        .order_by(postings.c.id)
    )
    return [
        f"Transfer {row.id} ({row.key}) moves {row.account} {row.owner}, which is not its own."
        for row in await tx.conn.execute(statement)
    ]


async def _kinds(tx: Transaction) -> list[str]:
    statement = (
        select(transfers.c.kind, postings.c.account, func.min(transfers.c.id).label("first"))
        .join(postings, postings.c.transfer_id == transfers.c.id)
        .group_by(transfers.c.kind, postings.c.account)
        .order_by("first")
    )
    allowed = {(kind.value, account.value) for kind, accounts in TOUCHES.items() for account in accounts}
    return [
        f"A {row.kind} moves {row.account}, which its kind may not: transfer {row.first} is the first."
        for row in await tx.conn.execute(statement)
        if (row.kind, row.account) not in allowed
    ]


async def _sales(tx: Transaction) -> list[str]:
    earned = select(_sum(postings.c.amount)).where(postings.c.account == Account.SALES.value)
    posted = int(await tx.conn.scalar(earned) or 0)
    captured = int(await tx.conn.scalar(select(_sum(orders.c.captured))) or 0)
    if posted == captured:
        return []
    return [f"The sales are {posted} by their postings and {captured} by the orders."]


async def _unsettled(tx: Transaction) -> list[str]:
    ended = orders.c.state.in_(_ENDED)
    forgotten = and_(ended, orders.c.held > 0, orders.c.question.is_(None))
    early = and_(~ended, orders.c.held != orders.c.price)
    statement = select(orders).where(or_(forgotten, early)).order_by(orders.c.id)
    return [
        f"Order {row.id} is {row.state} and holds {row.held} of {row.price}, with nobody asked about it."
        for row in await tx.conn.execute(statement)
    ]


INVARIANTS = (
    Invariant("every transfer sums to zero", _balanced),
    Invariant("a wallet equals the sum of its postings", _wallets),
    Invariant("a wallet is below zero only where a payment was taken back", _debts),
    Invariant("of each order, held, captured and refunded make up the price", _whole),
    Invariant("what an order holds is what the postings hold for it", _holds),
    Invariant("what an order captured and refunded is what its transfers moved", _course),
    Invariant("a transfer moves its own customer's and its own order's money", _owners),
    Invariant("a transfer moves only the accounts of its kind", _kinds),
    Invariant("the sales are the sum of what the orders captured", _sales),
    Invariant("an open order holds its whole price, an ended one only what an admin is asked about", _unsettled),
)
