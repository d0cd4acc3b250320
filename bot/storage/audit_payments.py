"""Invariants of payments: what was paid in is in a wallet once, and what was given back left it once."""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.sql.selectable import Subquery

from bot.domain.ledger import Account, TransferKind
from bot.domain.payments import RECEIVED, PaymentState
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction
from bot.storage.tables import payments, postings, transfers

_GIVEN_BACK = [PaymentState.REFUNDING.value, PaymentState.REFUNDED.value]
_COLUMNS = payments.c.id, payments.c.user_id, payments.c.state, payments.c.amount
_BACK = re.compile(r"(?:payback|putback):([0-9]{1,18})(?::[0-9]+)?")
_AT_ONCE = 500  # of a list of numbers in one statement


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
    """A refund may be called off and made anew: what counts is the sum of a payment's transfers."""
    back = await _back(tx)
    rows = await _payments(tx, {payment for _, payment, _, _ in back if payment is not None})
    there = select(*_COLUMNS).where(payments.c.state.in_(_GIVEN_BACK))
    rows |= {row.id: row for row in await tx.conn.execute(there)}
    moved = dict.fromkeys(rows, 0)
    for _, payment, user, amount in back:
        if payment in rows and rows[payment].user_id == user:
            moved[payment] += amount
    return [
        f"Payment {row.id} of {row.amount} is {row.state}, and its transfer took {-moved[row.id]} from the wallet."
        for _, row in sorted(rows.items())
        if moved[row.id] != (-row.amount if row.state in _GIVEN_BACK else 0)
    ]


async def _back(tx: Transaction) -> list[tuple[Any, int | None, int, int]]:
    """Transfers that gave a payment back, or called that off: each with the payment its key names (``payback:7``,
    ``putback:7:2``), whose it was, and what it put into their wallet."""
    own = and_(
        postings.c.transfer_id == transfers.c.id,
        postings.c.account == Account.WALLET.value,
        postings.c.owner == transfers.c.user_id,
    )
    kinds = [TransferKind.PAYBACK.value, TransferKind.REVERSAL.value]
    statement = (
        select(transfers.c.id, transfers.c.key, transfers.c.user_id, postings.c.amount)
        .outerjoin(postings, own)
        .where(transfers.c.kind.in_(kinds))
        .order_by(transfers.c.id)
    )
    named = [(row, _BACK.fullmatch(row.key)) for row in await tx.conn.execute(statement)]
    return [(row, None if key is None else int(key[1]), row.user_id, int(row.amount or 0)) for row, key in named]


async def _payments(tx: Transaction, ids: Collection[int]) -> dict[int, Any]:
    """The payments of these numbers, as far as there are any."""
    ordered = sorted(ids)
    found: dict[int, Any] = {}
    for at in range(0, len(ordered), _AT_ONCE):
        statement = select(*_COLUMNS).where(payments.c.id.in_(ordered[at : at + _AT_ONCE]))
        found |= {row.id: row for row in await tx.conn.execute(statement)}
    return found


async def _strays(tx: Transaction) -> list[str]:
    key = transfers.c.key
    came = and_(transfers.c.kind == TransferKind.TOP_UP.value, key.not_in(select(_key("topup"))))
    stray = {row.id: row.key for row in await tx.conn.execute(select(transfers.c.id, key).where(came))}
    back = await _back(tx)
    known = await _payments(tx, {payment for _, payment, _, _ in back if payment is not None})
    stray |= {row.id: row.key for row, payment, _, _ in back if payment not in known}
    return [f"Transfer {number} ({key}) is about no payment." for number, key in sorted(stray.items())]


INVARIANTS = (
    Invariant("a payment that came in is in its payer's wallet once, and no other is", _credited),
    Invariant("a payment that was given back left its payer's wallet once, and no other did", _given_back),
    Invariant("a transfer of a payment is about a payment", _strays),
)
