"""Payments: made once, credited once, found by the shop's code or the provider's charge."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bot.domain.payments import Payment, PaymentState, Quote
from bot.storage.database import Transaction
from bot.storage.rows import inserted_id
from bot.storage.tables import payments


def _payment(row: Any) -> Payment:
    return Payment(
        id=row.id,
        user_id=row.user_id,
        way=row.way,
        state=PaymentState(row.state),
        amount=row.amount,
        asked=Quote(row.asked_units, row.asked_currency),
        code=row.code,
        charge=row.charge,
        url=row.url,
        draft=row.draft_id,
        receipt=row.receipt,
        receipt_kind=row.receipt_kind,
        reason=row.reason,
        admin_id=row.admin_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        paid_at=row.paid_at,
    )


async def insert_payment(
    tx: Transaction,
    *,
    user: int,
    way: str,
    amount: int,
    asked: Quote,
    code: str,
    expires_at: datetime,
    **columns: Any,
) -> Payment:
    """A new payment, open unless ``columns`` say otherwise. ``IntegrityError`` where its charge is there already."""
    values: dict[str, Any] = {
        "user_id": user,
        "way": way,
        "state": PaymentState.OPEN.value,
        "amount": amount,
        "asked_units": asked.units,
        "asked_currency": asked.currency,
        "code": code,
        "created_at": tx.now,
        "expires_at": expires_at,
        **columns,
    }
    return await get(tx, await inserted_id(tx, payments, values))


async def find(tx: Transaction, payment: int) -> Payment | None:
    """The payment of this number."""
    return await _one(tx, payments.c.id == payment)


async def get(tx: Transaction, payment: int) -> Payment:
    """The payment of this number, which must exist."""
    found = await find(tx, payment)
    if found is None:
        raise LookupError(f"payment {payment} vanished")
    return found


async def find_by_code(tx: Transaction, code: str) -> Payment | None:
    """The payment of this code."""
    return await _one(tx, payments.c.code == code)


async def find_by_charge(tx: Transaction, way: str, charge: str) -> Payment | None:
    """The payment that a provider calls this."""
    return await _one(tx, payments.c.way == way, payments.c.charge == charge)


async def _one(tx: Transaction, *where: Any) -> Payment | None:
    row = (await tx.conn.execute(select(payments).where(*where))).first()
    return None if row is None else _payment(row)


async def move(
    tx: Transaction, payment: int, state: PaymentState, *, was: Collection[PaymentState], **columns: Any
) -> bool:
    """Go to another state and set columns, if the state is still one of these; False where it is not."""
    allowed = [each.value for each in was]
    statement = update(payments).where(payments.c.id == payment, payments.c.state.in_(allowed))
    return (await tx.conn.execute(statement.values(state=state.value, **columns))).rowcount == 1


async def put(tx: Transaction, payment: int, **columns: Any) -> None:
    """Set columns of a payment; not its state."""
    await tx.conn.execute(update(payments).where(payments.c.id == payment).values(**columns))


async def of_user(tx: Transaction, user: int, *, states: Collection[PaymentState], limit: int) -> list[Payment]:
    """A customer's payments in these states, newest first."""
    chosen = payments.c.user_id == user, payments.c.state.in_([state.value for state in states])
    statement = select(payments).where(*chosen).order_by(payments.c.id.desc()).limit(limit)
    return [_payment(row) for row in await tx.conn.execute(statement)]


async def latest(tx: Transaction, *, states: Collection[PaymentState], limit: int) -> list[Payment]:
    """Anybody's payments in these states, newest first."""
    chosen = payments.c.state.in_([state.value for state in states])
    statement = select(payments).where(chosen).order_by(payments.c.id.desc()).limit(limit)
    return [_payment(row) for row in await tx.conn.execute(statement)]


async def in_state(tx: Transaction, *states: PaymentState, limit: int, way: str | None = None) -> list[Payment]:
    """The payments in these states, oldest first; of one way only, where it is named."""
    where: list[ColumnElement[bool]] = [payments.c.state.in_([state.value for state in states])]
    if way is not None:
        where.append(payments.c.way == way)
    statement = select(payments).where(*where).order_by(payments.c.id).limit(limit)
    return [_payment(row) for row in await tx.conn.execute(statement)]


async def count_in_state(tx: Transaction, state: PaymentState) -> int:
    """How many payments are in this state."""
    return int(await tx.conn.scalar(select(func.count()).where(payments.c.state == state.value)) or 0)


async def overdue(
    tx: Transaction, *, limit: int, asked: Collection[str] = (), grace: timedelta = timedelta(0)
) -> list[Payment]:
    """Open payments that nobody paid in time, the oldest first. Those of the ways ``asked`` have ``grace`` more."""
    c = payments.c
    in_time = or_(c.way.not_in(asked), c.expires_at <= tx.now - grace)
    late = c.state == PaymentState.OPEN.value, c.expires_at <= tx.now, in_time
    statement = select(payments).where(*late).order_by(c.expires_at, c.id).limit(limit)
    return [_payment(row) for row in await tx.conn.execute(statement)]


async def on_a_page(tx: Transaction, way: str, *, after: int, since: datetime, limit: int) -> list[Payment]:
    """Payments of a way whose page may still take money, by number, from the one that comes after ``after``.

    One that the shop let go of is among them, unless its time was over before ``since``.
    """
    c = payments.c
    let_go = and_(c.state == PaymentState.EXPIRED.value, c.expires_at > since)
    there = c.way == way, c.charge.is_not(None), c.url.is_not(None), c.id > after
    statement = select(payments).where(*there, or_(c.state == PaymentState.OPEN.value, let_go))
    return [_payment(row) for row in await tx.conn.execute(statement.order_by(c.id).limit(limit))]


async def refunds_due(tx: Transaction, *, limit: int) -> list[Payment]:
    """Payments whose refund the provider has to be asked for now."""
    due = payments.c.state == PaymentState.REFUNDING.value, payments.c.next_try_at <= tx.now
    statement = select(payments).where(*due).order_by(payments.c.next_try_at).limit(limit)
    return [_payment(row) for row in await tx.conn.execute(statement)]


async def tries_of(tx: Transaction, payment: int) -> int:
    """How often its refund was asked for."""
    return int(await tx.conn.scalar(select(payments.c.tries).where(payments.c.id == payment)) or 0)
