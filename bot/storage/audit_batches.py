"""Invariants of mass orders: one decision of one customer, at the total that was shown, and told to its end."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, Text, and_, cast, func, literal, not_, or_, select

from bot.domain.orders import OrderState
from bot.storage.audit_law import Invariant
from bot.storage.audit_orders import RESEND
from bot.storage.batches import draft_of
from bot.storage.database import Transaction
from bot.storage.tables import batches, order_events, orders, outbox

_NOT_SENT = [OrderState.WAITING.value, OrderState.SUBMITTING.value]
_NO_LINES = "[]"


def _of_batch(what: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Something of the orders of the mass order at hand; to be used inside a statement on ``batches``."""
    return select(what).where(orders.c.batch_id == batches.c.id, *conditions).correlate(batches)


async def _belong(tx: Transaction) -> list[str]:
    """The draft of such an order, which is below zero as no other is, says which line of which mass order it was."""
    first, beyond = draft_of(0, 1), draft_of(1, 0)
    line = orders.c.draft_id - batches.c.id * draft_of(1, 0)
    its_own = and_(orders.c.user_id == batches.c.user_id, line <= first, line > beyond)
    alone = and_(orders.c.batch_id.is_(None), orders.c.draft_id > 0)
    statement = (
        select(orders.c.id, orders.c.user_id, orders.c.draft_id, orders.c.batch_id, batches.c.user_id.label("of"))
        .outerjoin(batches, batches.c.id == orders.c.batch_id)
        .where(not_(or_(alone, and_(batches.c.id.is_not(None), its_own))))
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} of user {row.user_id}, with the draft {row.draft_id}, is no line of the mass order "
        f"{row.batch_id} of user {row.of}."
        for row in await tx.conn.execute(statement)
    ]


async def _either(tx: Transaction) -> list[str]:
    """Before Confirm there are lines, after it orders; never both."""
    count = _of_batch(func.count()).scalar_subquery()
    listed = cast(batches.c.lines, Text) != _NO_LINES
    confirmed = batches.c.confirmed_at.is_not(None)
    wrong = or_(and_(confirmed, or_(listed, count == 0)), and_(not_(confirmed), count > 0))
    statement = select(batches.c.id, batches.c.confirmed_at, count.label("orders")).where(wrong)
    return [
        f"The mass order {row.id} is {'not ' if row.confirmed_at is None else ''}confirmed and has {row.orders} "
        f"orders, or still its lines."
        for row in await tx.conn.execute(statement.order_by(batches.c.id))
    ]


async def _total(tx: Transaction) -> list[str]:
    total = _of_batch(func.coalesce(func.sum(orders.c.price), 0)).scalar_subquery()
    shown = func.coalesce(batches.c.shown_total, -1)
    statement = (
        select(batches.c.id, batches.c.shown_total, total.label("total"))
        .where(batches.c.confirmed_at.is_not(None), shown != total)
        .order_by(batches.c.id)
    )
    return [
        f"The mass order {row.id} was shown to cost {row.shown_total}, and its orders cost {row.total}."
        for row in await tx.conn.execute(statement)
    ]


def _posted(*more: str) -> ColumnElement[bool]:
    """Whether there are news of the mass order at hand. News with a key are never forgotten."""
    key = literal("mass:") + cast(batches.c.id, String) + literal("".join(more))
    return select(outbox.c.id).where(outbox.c.key == key).correlate(batches).exists()


async def _told(tx: Transaction) -> list[str]:
    """Its news come with Confirm; its report when nothing is still to be sent, but for what an admin sends again."""
    again = (
        select(order_events.c.id)
        .where(order_events.c.order_id == orders.c.id, order_events.c.kind == RESEND)
        .correlate(orders)
        .exists()
    )
    waits = _of_batch(orders.c.id, orders.c.state.in_(_NOT_SENT), not_(again)).exists()
    confirmed, reported = batches.c.confirmed_at.is_not(None), batches.c.reported_at.is_not(None)
    too_soon = and_(reported, or_(not_(confirmed), not_(_posted(":report")), waits))
    statement = select(batches.c.id).where(or_(and_(confirmed, not_(_posted())), too_soon)).order_by(batches.c.id)
    return [
        f"The mass order {row.id} was confirmed without news of it, or reported on without a report or too soon."
        for row in await tx.conn.execute(statement)
    ]


INVARIANTS = (
    Invariant("an order of a mass order is its customer's, and one line of it", _belong),
    Invariant("a mass order has lines before Confirm and orders after it", _either),
    Invariant("the orders of a mass order cost what was shown for all of them", _total),
    Invariant("a mass order has its news, and its report once nothing of it waits", _told),
)
