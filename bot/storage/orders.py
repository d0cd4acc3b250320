"""Orders, their events and attempts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, not_, select, update

from bot.domain.catalog import ServiceType
from bot.domain.orders import (
    ENDED,
    Answer,
    Attempt,
    Order,
    OrderEvent,
    OrderState,
    Question,
    Reason,
    Snapshot,
    check_transition,
)
from bot.storage.database import Transaction
from bot.storage.rows import inserted_id
from bot.storage.tables import attempts, order_events, orders


class Conflict(Exception):
    """The row is no longer as it was read: somebody else moved it first."""


def _snapshot_row(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "service": snapshot.service,
        "panel_service": snapshot.panel_service,
        "name": snapshot.name,
        "type": snapshot.type.value,
        "category": snapshot.category,
        "rate": str(snapshot.rate),
        "exchange": str(snapshot.exchange),
        "minimum": snapshot.minimum,
        "maximum": snapshot.maximum,
        "refill": snapshot.refill,
        "cancel": snapshot.cancel,
        "dripfeed": snapshot.dripfeed,
    }


def _snapshot(row: Mapping[str, Any]) -> Snapshot:
    values = dict(row)
    values["type"] = ServiceType(values["type"])
    values["rate"] = Decimal(values["rate"])
    values["exchange"] = Decimal(values["exchange"])
    return Snapshot(**values)


_SAME = (
    "id",
    "user_id",
    "panel",
    "answers",
    "quantity",
    "price",
    "held",
    "captured",
    "refunded",
    "panel_order",
    "start_count",
    "remains",
    "tries",
    "created_at",
    "waits_since",
    "next_try_at",
    "placed_at",
    "answered_at",
    "cancel_asked_at",
    "ended_at",
    "parts_done",
)


def to_order(row: Row[Any]) -> Order:
    """The order in a row of ``orders``."""
    columns = row._mapping  # SQLAlchemy's public name for a row as a mapping
    return Order(
        **{name: columns[name] for name in _SAME},
        snapshot=_snapshot(columns["snapshot"]),
        state=OrderState(columns["state"]),
        reason=None if columns["reason"] is None else Reason(columns["reason"]),
        question=None if columns["question"] is None else Question(columns["question"]),
        batch=columns["batch_id"],
    )


async def insert_order(
    tx: Transaction,
    *,
    user: int,
    draft: int,
    panel: str,
    snapshot: Snapshot,
    answers: Mapping[str, Answer],
    link_key: str | None,
    quantity: int,
    price: int,
    batch: int | None = None,
) -> int:
    """Write a new waiting order that holds its whole price; its number. ``batch``: the mass order it comes with."""
    number = await inserted_id(
        tx,
        orders,
        {
            "user_id": user,
            "draft_id": draft,
            "panel": panel,
            "service_id": snapshot.service,
            "snapshot": _snapshot_row(snapshot),
            "answers": dict(answers),
            "link_key": link_key,
            "quantity": quantity,
            "price": price,
            "held": price,
            "state": OrderState.WAITING.value,
            "created_at": tx.now,
            "waits_since": tx.now,
            "next_try_at": tx.now,
            "batch_id": batch,
        },
    )
    await add_event(tx, number, "ordered", OrderState.WAITING)
    return number


async def add_event(
    tx: Transaction, order: int, kind: str, state: OrderState, details: Mapping[str, Any] | None = None
) -> None:
    """Note what happened to an order."""
    values = {
        "order_id": order,
        "at": tx.now,
        "kind": kind,
        "state": state.value,
        "details": dict(details or {}),
    }
    await tx.conn.execute(order_events.insert().values(values))


def _by(statement: Select[Any], *, lock: bool) -> Select[Any]:
    return statement.with_for_update() if lock else statement


async def find(tx: Transaction, order: int, *, user: int | None = None, lock: bool = False) -> Order | None:
    """The order of this number; only if it is ``user``'s, where one is named."""
    statement = select(orders).where(orders.c.id == order)
    if user is not None:
        statement = statement.where(orders.c.user_id == user)
    row = (await tx.conn.execute(_by(statement, lock=lock))).first()
    return None if row is None else to_order(row)


async def find_by_draft(tx: Transaction, draft: int, *, user: int) -> Order | None:
    """The order this draft became."""
    statement = select(orders).where(orders.c.draft_id == draft, orders.c.user_id == user)
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else to_order(row)


async def by_panel_order(tx: Transaction, panel: str, panel_order: str) -> Order | None:
    """The order that has this id on the panel."""
    statement = select(orders).where(orders.c.panel == panel, orders.c.panel_order == panel_order)
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else to_order(row)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of a customer's orders are meant: all of them, but for what is named.

    ``ended``: only those that are over, or only the others. ``categories``: of services sold under one of these.
    ``link_of``: for the same link as the order of this number.
    """

    ended: bool | None = None
    categories: Collection[str] | None = None
    link_of: int | None = None


EVERY = Selection()
_CATEGORY = orders.c.snapshot["category"].as_string()


def _chosen(user: int, only: Selection) -> list[ColumnElement[bool]]:
    where = [orders.c.user_id == user]
    if only.ended is not None:
        over = orders.c.state.in_([state.value for state in ENDED])
        where.append(over if only.ended else not_(over))
    if only.categories is not None:
        where.append(_CATEGORY.in_(only.categories))
    if only.link_of is not None:
        same = orders.alias()
        key = select(same.c.link_key).where(same.c.id == only.link_of, same.c.user_id == user)
        where.append(orders.c.link_key == key.scalar_subquery())
    return where


async def of_user(tx: Transaction, user: int, *, limit: int, offset: int = 0, only: Selection = EVERY) -> list[Order]:
    """A customer's orders, newest first."""
    statement = select(orders).where(*_chosen(user, only)).order_by(orders.c.id.desc()).limit(limit).offset(offset)
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def count_of_user(tx: Transaction, user: int, only: Selection = EVERY) -> int:
    """How many orders a customer ever made."""
    statement = select(func.count()).select_from(orders).where(*_chosen(user, only))
    return int(await tx.conn.scalar(statement) or 0)


async def several(tx: Transaction, user: int, numbers: Collection[int], *, lock: bool = False) -> dict[int, Order]:
    """Those of these orders that are the customer's, by number."""
    statement = select(orders).where(orders.c.user_id == user, orders.c.id.in_(numbers)).order_by(orders.c.id)
    found = [to_order(row) for row in await tx.conn.execute(_by(statement, lock=lock))]
    return {order.id: order for order in found}


async def categories_of_user(tx: Transaction, user: int) -> list[str]:
    """The categories, as they were then, of everything a customer ever ordered."""
    statement = select(_CATEGORY.label("category")).where(orders.c.user_id == user).distinct()
    return sorted(await tx.conn.scalars(statement))


async def newest_by_link(tx: Transaction, user: int, *, limit: int) -> list[Order]:
    """The newest order for each link of a customer's, newest first."""
    heads = select(func.max(orders.c.id)).where(orders.c.user_id == user, orders.c.link_key.is_not(None))
    newest = heads.group_by(orders.c.link_key)
    statement = select(orders).where(orders.c.id.in_(newest)).order_by(orders.c.id.desc()).limit(limit)
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def newest_for_link(
    tx: Transaction, user: int, link_key: str, *, service: int | None = None, running: bool = False
) -> int | None:
    """The number of a customer's newest order for a link; of this ``service``; one that is ``running`` for certain."""
    where = [orders.c.user_id == user, orders.c.link_key == link_key]
    if service is not None:
        where.append(orders.c.service_id == service)
    if running:
        where.append(orders.c.state.not_in([state.value for state in ENDED | {OrderState.UNCERTAIN}]))
    found: int | None = await tx.conn.scalar(select(func.max(orders.c.id)).where(*where))
    return found


async def with_question(tx: Transaction, question: Question | None = None, *, limit: int = 50) -> list[Order]:
    """Orders about which an admin has to decide, oldest first."""
    statement = select(orders).order_by(orders.c.asked_at, orders.c.id).limit(limit)
    if question is None:
        statement = statement.where(orders.c.question.is_not(None))
    else:
        statement = statement.where(orders.c.question == question.value)
    return [to_order(row) for row in await tx.conn.execute(statement)]


async def uncertain_for_link(tx: Transaction, user: int, link_key: str) -> Order | None:
    """An order of the customer for the same link of which nobody knows whether it was placed."""
    statement = (
        select(orders)
        .where(
            orders.c.user_id == user,
            orders.c.link_key == link_key,
            orders.c.state == OrderState.UNCERTAIN.value,
        )
        .limit(1)
    )
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else to_order(row)


async def change(
    tx: Transaction,
    order: Order,
    state: OrderState,
    kind: str,
    details: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Move an order on, with an event; ``Conflict`` if it is no longer in the state it was read in."""
    check_transition(order.state, state)
    statement = (
        update(orders)
        .where(orders.c.id == order.id, orders.c.state == order.state.value)
        .values(state=state.value, **columns)
    )
    if (await tx.conn.execute(statement)).rowcount != 1:
        raise Conflict(f"order {order.id} is no longer {order.state}")
    await add_event(tx, order.id, kind, state, details)


async def touch(tx: Transaction, order: int, **columns: Any) -> None:
    """Set columns that are neither state nor money."""
    await tx.conn.execute(update(orders).where(orders.c.id == order).values(**columns))


async def release_hold(tx: Transaction, order: int, *, captured: int, refunded: int) -> None:
    """Take the whole hold apart; ``Conflict`` unless it is exactly ``captured + refunded``."""
    statement = (
        update(orders)
        .where(orders.c.id == order, orders.c.held == captured + refunded)
        .values(held=0, captured=orders.c.captured + captured, refunded=orders.c.refunded + refunded)
    )
    if (await tx.conn.execute(statement)).rowcount != 1:
        raise Conflict(f"the hold of order {order} is not {captured + refunded}")


async def start_attempt(tx: Transaction, order: int, lease_until: datetime) -> int:
    """Write down an ``add`` before it is made; its id."""
    last = await tx.conn.scalar(select(func.max(attempts.c.number)).where(attempts.c.order_id == order))
    values = {
        "order_id": order,
        "number": (last or 0) + 1,
        "started_at": tx.now,
        "lease_until": lease_until,
    }
    return await inserted_id(tx, attempts, values)


async def finish_attempt(tx: Transaction, attempt: int, outcome: str, words: str) -> bool:
    """Write down what came of it, once; False where that was done before."""
    statement = (
        update(attempts)
        .where(attempts.c.id == attempt, attempts.c.finished_at.is_(None))
        .values(finished_at=tx.now, outcome=outcome, words=words)
    )
    return (await tx.conn.execute(statement)).rowcount == 1


async def correct_attempt(tx: Transaction, attempt: int, outcome: str, words: str) -> None:
    """Write down a late answer over the guess that was made without it."""
    statement = update(attempts).where(attempts.c.id == attempt).values(outcome=outcome, words=words)
    await tx.conn.execute(statement)


async def attempts_of(tx: Transaction, order: int) -> list[Attempt]:
    """Every attempt of an order, first to last."""
    statement = select(attempts).where(attempts.c.order_id == order).order_by(attempts.c.number)
    return [
        Attempt(r.id, r.order_id, r.number, r.started_at, r.finished_at, r.outcome, r.words)
        for r in await tx.conn.execute(statement)
    ]


async def events_of(tx: Transaction, order: int, *, limit: int = 100) -> list[OrderEvent]:
    """What happened to an order, first to last."""
    statement = select(order_events).where(order_events.c.order_id == order).order_by(order_events.c.id).limit(limit)
    return [OrderEvent(r.at, r.kind, OrderState(r.state), r.details) for r in await tx.conn.execute(statement)]


async def last_events(tx: Transaction, order: int, *, limit: int) -> list[OrderEvent]:
    """The newest things that happened to an order, first to last."""
    statement = (
        select(order_events).where(order_events.c.order_id == order).order_by(order_events.c.id.desc()).limit(limit)
    )
    rows = (await tx.conn.execute(statement)).all()
    return [OrderEvent(r.at, r.kind, OrderState(r.state), r.details) for r in reversed(rows)]


async def has_event(tx: Transaction, order: int, kind: str) -> bool:
    """Whether this ever happened to an order."""
    statement = select(order_events.c.id).where(order_events.c.order_id == order, order_events.c.kind == kind)
    return await tx.conn.scalar(statement.limit(1)) is not None
