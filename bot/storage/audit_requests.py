"""Invariants of requests for refills and stops: each is wanted by a customer, asked for once, and comes to an end.

The panel's ids of refills are not held to be different: nothing hangs on it, and a panel may say one id twice.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all

from bot.domain.requests import FOLLOWED, RequestKind, RequestState
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction
from bot.storage.tables import order_events, requests

# What is noted of an order when its customer wants something, and when a call about it is about to be made.
WANTED = {RequestKind.REFILL: "refill_wanted", RequestKind.CANCEL: "stop_wanted"}
ASKING = {RequestKind.REFILL: "refill_asking", RequestKind.CANCEL: "stop_asking"}

_IS_REFILL = requests.c.kind == RequestKind.REFILL.value
_WAITING, _CALLED = RequestState.WANTED.value, RequestState.ASKING.value
_FOLLOWED = [state.value for state in FOLLOWED]
# A refill is in these states only after the panel took it.
_TAKEN = [*_FOLLOWED, *(state.value for state in (RequestState.DONE, RequestState.REJECTED, RequestState.SILENT))]


async def _violations(tx: Transaction, wrong: ColumnElement[bool], what: str) -> list[str]:
    """A sentence for each request that is ``wrong``."""
    statement = select(requests).where(wrong).order_by(requests.c.id)
    return [
        f"Request {row.id}, a {row.kind} of order {row.order_id}, is {row.state} {what}."
        for row in await tx.conn.execute(statement)
    ]


async def _open(tx: Transaction) -> list[str]:
    """A stop is over once the panel took it; a refill is followed from there on."""
    is_open = or_(requests.c.state.in_([_WAITING, _CALLED]), and_(_IS_REFILL, requests.c.state.in_(_FOLLOWED)))
    has_turn = and_(is_open, requests.c.state != _CALLED)
    ended, due = requests.c.ended_at.is_not(None), requests.c.check_at.is_not(None)
    wrong = or_(is_open == ended, has_turn != due)
    return await _violations(tx, wrong, "and has an end, or a next turn, that does not go with it")


async def _leases(tx: Transaction) -> list[str]:
    wrong = (requests.c.state == _CALLED) != requests.c.lease_until.is_not(None)
    return await _violations(tx, wrong, "and its lease does not go with it")


async def _refills(tx: Transaction) -> list[str]:
    taken = and_(_IS_REFILL, requests.c.state.in_(_TAKEN))
    wrong = taken != requests.c.panel_refill.is_not(None)
    return await _violations(tx, wrong, "and the panel's id of it does not go with it")


async def _one_open(tx: Transaction) -> list[str]:
    statement = (
        select(requests.c.order_id, requests.c.kind, func.count().label("times"))
        .where(requests.c.ended_at.is_(None))
        .group_by(requests.c.order_id, requests.c.kind)
        .having(func.count() > 1)
        .order_by(requests.c.order_id)
    )
    return [
        f"Order {row.order_id} has {row.times} open requests for a {row.kind}."
        for row in await tx.conn.execute(statement)
    ]


def _by_kind(names: dict[RequestKind, str], column: ColumnElement[str]) -> ColumnElement[Any]:
    """The kind of request that an event is about."""
    return case({name: kind.value for kind, name in names.items()}, value=column)


async def _wanted(tx: Transaction) -> list[str]:
    """For each wish a row, and for each row a wish."""
    said = order_events.c
    sides = union_all(
        select(requests.c.order_id, requests.c.kind, literal(1).label("rows"), literal(0).label("wishes")),
        select(said.order_id, _by_kind(WANTED, said.kind), literal(0), literal(1)).where(
            said.kind.in_(list(WANTED.values()))
        ),
    ).subquery()
    rows, wishes = func.sum(sides.c.rows), func.sum(sides.c.wishes)
    statement = (
        select(sides.c.order_id, sides.c.kind, rows.label("rows"), wishes.label("wishes"))
        .group_by(sides.c.order_id, sides.c.kind)
        .having(rows != wishes)
        .order_by(sides.c.order_id)
    )
    return [
        f"Order {row.order_id} has {row.rows} requests for a {row.kind}, and {row.wishes} were wanted."
        for row in await tx.conn.execute(statement)
    ]


async def _once(tx: Transaction) -> list[str]:
    """Calls are noted before they are made: one, and one more for each that proved to have asked for nothing."""
    named = order_events.c.details["request"].as_integer()
    calls = (
        select(named.label("request"), func.count().label("made"))
        .where(order_events.c.kind.in_(list(ASKING.values())))
        .group_by(named)
        .subquery()
    )
    allowed = requests.c.tries + case((requests.c.state == _WAITING, 0), else_=1)
    statement = (
        select(requests.c.id, requests.c.order_id, requests.c.kind, calls.c.made, allowed.label("allowed"))
        .join(calls, calls.c.request == requests.c.id)
        .where(calls.c.made > allowed)
        .order_by(requests.c.id)
    )
    return [
        f"Order {row.order_id} was asked about {row.made} times for one {row.kind} (request {row.id}); "
        f"{row.allowed} were allowed."
        for row in await tx.conn.execute(statement)
    ]


INVARIANTS = (
    Invariant("a request is open, with a next turn, exactly while something is to come of it", _open),
    Invariant("a request has a lease exactly while a call about it is made", _leases),
    Invariant("a refill has the panel's id exactly where the panel took it", _refills),
    Invariant("an order has one open request of a kind", _one_open),
    Invariant("every request was wanted, and every wish is a request", _wanted),
    Invariant("a request is made once, and again only after proof that nothing was asked for", _once),
)
