"""Which orders are due: to be sent, to be asked about, to be given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from bot.domain.orders import ENDED, TRACKED, Order, OrderState, Reason
from bot.storage.database import Transaction
from bot.storage.orders import to_order
from bot.storage.rows import update_all
from bot.storage.tables import attempts, orders

_ENDED = [state.value for state in ENDED]
_TRACKED = [state.value for state in TRACKED]


async def next_waiting(tx: Transaction, panel: str) -> Order | None:
    """The oldest waiting order of a panel whose next try is due."""
    statement = (
        select(orders)
        .where(
            orders.c.panel == panel,
            orders.c.state == OrderState.WAITING.value,
            orders.c.question.is_(None),
            orders.c.next_try_at <= tx.now,
        )
        .order_by(orders.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else to_order(row)


async def next_try_at(tx: Transaction, panel: str) -> datetime | None:
    """When the next waiting order of a panel is due."""
    statement = select(func.min(orders.c.next_try_at)).where(
        orders.c.panel == panel, orders.c.state == OrderState.WAITING.value, orders.c.question.is_(None)
    )
    found: datetime | None = await tx.conn.scalar(statement)
    return found


async def waiting(tx: Transaction, panel: str) -> list[Order]:
    """Every order that waits to be sent to a panel, oldest first."""
    statement = (
        select(orders).where(orders.c.panel == panel, orders.c.state == OrderState.WAITING.value).order_by(orders.c.id)
    )
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def submitting(tx: Transaction, panel: str) -> int:
    """How many ``add`` calls a panel has in flight."""
    statement = (
        select(func.count())
        .select_from(orders)
        .where(orders.c.panel == panel, orders.c.state == OrderState.SUBMITTING.value)
    )
    return int(await tx.conn.scalar(statement) or 0)


async def expired_leases(tx: Transaction) -> list[tuple[Order, int]]:
    """Submitted orders whose lease is over, each with its attempt's id."""
    statement = (
        select(orders, func.max(attempts.c.id).label("attempt"))
        .join(attempts, attempts.c.order_id == orders.c.id)
        .where(orders.c.state == OrderState.SUBMITTING.value, orders.c.lease_until <= tx.now)
        .group_by(orders.c.id)
    )
    return [(to_order(row), int(row.attempt)) for row in await tx.conn.execute(statement)]


async def waited_since(
    tx: Transaction, moment: datetime, *, reason: Reason | None = None, limit: int | None = None
) -> list[Order]:
    """Orders that have waited since before ``moment``, the longest first; with ``reason``, only those for it."""
    statement = (
        select(orders)
        .where(orders.c.state == OrderState.WAITING.value, orders.c.waits_since <= moment)
        .order_by(orders.c.waits_since, orders.c.id)
        .limit(limit)
    )
    if reason is not None:
        statement = statement.where(orders.c.reason == reason.value)
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def due_for_status(tx: Transaction, panel: str, *, limit: int) -> list[Order]:
    """Orders of a panel whose status is due, oldest due first; ended ones too while they are looked after."""
    statement = (
        select(orders)
        .where(orders.c.panel == panel, orders.c.panel_order.is_not(None), orders.c.check_at <= tx.now)
        .order_by(orders.c.check_at, orders.c.id)
        .limit(limit)
    )
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def locked(tx: Transaction, numbers: Sequence[int]) -> dict[int, Order]:
    """These orders as they are now, by their numbers; nobody else changes them before the transaction ends."""
    statement = select(orders).where(orders.c.id.in_(numbers)).order_by(orders.c.id).with_for_update()
    found = [to_order(row) for row in await tx.conn.execute(statement)]
    return {order.id: order for order in found}


async def touch_all(tx: Transaction, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Set columns that are neither state nor money, of many orders by their numbers; no columns change nothing."""
    await update_all(tx, orders, changes)


async def next_check_at(tx: Transaction, panel: str) -> datetime | None:
    """When the next status of a panel is due."""
    statement = select(func.min(orders.c.check_at)).where(orders.c.panel == panel, orders.c.panel_order.is_not(None))
    found: datetime | None = await tx.conn.scalar(statement)
    return found


async def silent_since(tx: Transaction, moment: datetime, *, limit: int) -> list[Order]:
    """Tracked orders about which the panel has said nothing since ``moment`` and nobody was asked yet."""
    statement = select(orders).where(
        orders.c.state.in_(_TRACKED),
        orders.c.question.is_(None),
        func.coalesce(orders.c.answered_at, orders.c.placed_at) <= moment,
    )
    return [to_order(row) for row in await tx.conn.execute(statement.order_by(orders.c.id).limit(limit))]


async def open_orders(tx: Transaction) -> dict[str, int]:
    """How many orders each panel has that did not end, or still hold money."""
    still_open = or_(orders.c.held > 0, orders.c.state.not_in(_ENDED))
    statement = select(orders.c.panel, func.count()).where(still_open).group_by(orders.c.panel)
    return {row[0]: int(row[1]) for row in await tx.conn.execute(statement)}


async def placed_orders(tx: Transaction) -> dict[str, int]:
    """How many orders each panel has given an id of its own."""
    statement = select(orders.c.panel, func.count()).where(orders.c.panel_order.is_not(None)).group_by(orders.c.panel)
    return {row[0]: int(row[1]) for row in await tx.conn.execute(statement)}


async def to_remind(tx: Transaction, since: Sequence[datetime], *, limit: int) -> list[tuple[Order, datetime]]:
    """Orders that wait for an admin's decision, and since when: since the first of these moments and never reminded,
    since the second and reminded less than twice, and so on.
    """
    due = [and_(orders.c.reminders < count, orders.c.asked_at <= moment) for count, moment in enumerate(since, 1)]
    statement = select(orders).where(orders.c.question.is_not(None), or_(*due))
    rows = await tx.conn.execute(statement.order_by(orders.c.asked_at, orders.c.id).limit(limit))
    return [(to_order(row), row.asked_at) for row in rows]


async def placed_since(tx: Transaction, panel: str, moment: datetime) -> list[Order]:
    """Orders that a panel took since ``moment``."""
    statement = select(orders).where(orders.c.panel == panel, orders.c.placed_at > moment)
    return [to_order(row) for row in await tx.conn.execute(statement)]
