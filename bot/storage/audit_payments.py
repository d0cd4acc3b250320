"""Invariants of payments: what was paid in is in a wallet once, and what was given back left it once."""

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.sql.selectable import Subquery

from bot.domain.ledger import Account, TransferKind
from bot.domain.payments import RECEIVED, PaymentState
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction
from bot.storage.tables import payments, postings, transfers

_GIVEN_BACK = [PaymentState.REFUNDING.value, PaymentState.REFUNDED.value]


def _moved(*kinds: TransferKind) -> Subquery:
    """What transfers of these kinds put into wallets, by the key that names the payment."""
    return (
        select(transfers.c.key, transfers.c.user_id, func.sum(postings.c.amount).label("amount"))
        .join(postings, and_(postings.c.transfer_id == transfers.c.id, postings.c.account == Account.WALLET.value))
        .where(transfers.c.kind.in_([kind.value for kind in kinds]))
        .group_by(transfers.c.key, transfers.c.user_id)
        .subquery()
    )


def _key(name: str) -> ColumnElement[str]:
    return literal(f"{name}:") + cast(payments.c.id, String)


async def _credited(tx: Transaction) -> list[str]:
    moved = _moved(TransferKind.TOP_UP)
    received = payments.c.state.in_([state.value for state in RECEIVED])
    same = and_(moved.c.amount == payments.c.amount, moved.c.user_id == payments.c.user_id)
    statement = (
        select(payments.c.id, payments.c.state, payments.c.amount, moved.c.amount.label("moved"))
        .outerjoin(moved, moved.c.key == _key("topup"))
        .where(or_(and_(received, or_(moved.c.key.is_(None), ~same)), and_(~received, moved.c.key.is_not(None))))
        .order_by(payments.c.id)
    )
    return [
        f"Payment {row.id} of {row.amount} is {row.state}, and its transfer put {row.moved or 0} into the wallet."
        for row in await tx.conn.execute(statement)
    ]


async def _given_back(tx: Transaction) -> list[str]:
    moved = _moved(TransferKind.PAYBACK, TransferKind.REVERSAL)
    back = payments.c.state.in_(_GIVEN_BACK)
    same = and_(moved.c.amount == -payments.c.amount, moved.c.user_id == payments.c.user_id)
    statement = (
        select(payments.c.id, payments.c.state, payments.c.amount, moved.c.amount.label("moved"))
        .outerjoin(moved, moved.c.key == _key("payback"))
        .where(or_(and_(back, or_(moved.c.key.is_(None), ~same)), and_(~back, moved.c.key.is_not(None))))
        .order_by(payments.c.id)
    )
    return [
        f"Payment {row.id} of {row.amount} is {row.state}, and its transfer took {-(row.moved or 0)} from the wallet."
        for row in await tx.conn.execute(statement)
    ]


async def _strays(tx: Transaction) -> list[str]:
    kind, key = transfers.c.kind, transfers.c.key
    back = [TransferKind.PAYBACK.value, TransferKind.REVERSAL.value]
    stray = or_(
        and_(kind == TransferKind.TOP_UP.value, key.not_in(select(_key("topup")))),
        and_(kind.in_(back), key.not_in(select(_key("payback")))),
    )
    statement = select(transfers.c.id, transfers.c.key).where(stray)
    return [
        f"Transfer {row.id} ({row.key}) is about no payment."
        for row in await tx.conn.execute(statement.order_by(transfers.c.id))
    ]


INVARIANTS = (
    Invariant("a payment that came in is in its payer's wallet once, and no other is", _credited),
    Invariant("a payment that was given back left its payer's wallet once, and no other did", _given_back),
    Invariant("a transfer of a payment is about a payment", _strays),
)
