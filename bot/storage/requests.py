"""Requests for refills and stops: what is wanted, what is being asked for, and which refills are followed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.requests import FOLLOWED, Request, RequestKind, RequestState
from bot.storage.database import Transaction
from bot.storage.rows import update_all
from bot.storage.tables import orders, requests

_DUE = [state.value for state in (RequestState.WANTED, *sorted(FOLLOWED))]


def _request(row: Any) -> Request:
    return Request(
        id=row.id,
        order_id=row.order_id,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        panel_refill=row.panel_refill,
        words=row.words,
        tries=row.tries,
        wanted_at=row.wanted_at,
        check_at=row.check_at,
        ended_at=row.ended_at,
    )


async def insert_wanted(tx: Transaction, numbers: Collection[int], kind: RequestKind) -> None:
    """A new request for each of these orders, to be made at once. ``IntegrityError`` where one has an open one."""
    same = {"kind": kind.value, "state": RequestState.WANTED.value, "wanted_at": tx.now, "check_at": tx.now}
    if numbers:
        await tx.conn.execute(requests.insert(), [{"order_id": number, **same} for number in numbers])


async def newest(tx: Transaction, numbers: Collection[int]) -> dict[int, list[Request]]:
    """The newest request of each kind, by the orders' numbers; an order without any is missing."""
    heads = select(func.max(requests.c.id)).where(requests.c.order_id.in_(numbers))
    statement = select(requests).where(requests.c.id.in_(heads.group_by(requests.c.order_id, requests.c.kind)))
    found: dict[int, list[Request]] = {}
    for row in await tx.conn.execute(statement):
        found.setdefault(row.order_id, []).append(_request(row))
    return found


async def wanted(tx: Transaction, panel: str, kind: RequestKind, *, limit: int) -> list[Request]:
    """What is to be asked of a panel now, the longest due first."""
    statement = (
        select(requests)
        .join(orders, orders.c.id == requests.c.order_id)
        .where(
            requests.c.state == RequestState.WANTED.value,
            requests.c.check_at <= tx.now,
            requests.c.kind == kind.value,
            orders.c.panel == panel,
        )
        .order_by(requests.c.check_at, requests.c.id)
        .limit(limit)
    )
    return [_request(row) for row in await tx.conn.execute(statement)]


async def refills_due(tx: Transaction, panel: str, *, limit: int) -> list[Request]:
    """Refills whose status is due, the longest due first."""
    statement = (
        select(requests)
        .join(orders, orders.c.id == requests.c.order_id)
        .where(
            requests.c.state.in_([state.value for state in FOLLOWED]),
            requests.c.check_at <= tx.now,
            requests.c.panel_refill.is_not(None),
            orders.c.panel == panel,
        )
        .order_by(requests.c.check_at, requests.c.id)
        .limit(limit)
    )
    return [_request(row) for row in await tx.conn.execute(statement)]


async def next_due_at(tx: Transaction, panel: str) -> datetime | None:
    """When the next request of a panel is to be made, or its refill's status is due."""
    statement = (
        select(func.min(requests.c.check_at))
        .join(orders, orders.c.id == requests.c.order_id)
        .where(requests.c.state.in_(_DUE), orders.c.panel == panel)
    )
    found: datetime | None = await tx.conn.scalar(statement)
    return found


async def locked(tx: Transaction, ids: Sequence[int]) -> dict[int, Request]:
    """These requests as they are now, by their ids; nobody else changes them before the transaction ends."""
    statement = select(requests).where(requests.c.id.in_(ids)).order_by(requests.c.id).with_for_update()
    return {row.id: _request(row) for row in await tx.conn.execute(statement)}


async def expired(tx: Transaction) -> list[Request]:
    """Requests whose call never came back: the lease is over."""
    statement = select(requests).where(requests.c.state == RequestState.ASKING.value, requests.c.lease_until <= tx.now)
    return [_request(row) for row in await tx.conn.execute(statement)]


async def put_all(tx: Transaction, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Set columns of many requests, by their ids."""
    await update_all(tx, requests, changes)
