"""How a request reaches its panel: claimed, asked once, settled by what was answered; and how refills are followed.

``claim`` and ``settle``, ``due`` and ``follow`` are transactions; the call to the panel stands between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.decisions import DEFAULT_REST, LONGEST_REST
from bot.domain.orders import Order, check_gap, retry_gap
from bot.domain.outcomes import Rejected
from bot.domain.requests import (
    FOLLOW_TIME,
    FOLLOWED,
    Request,
    RequestKind,
    RequestState,
    after_refill_status,
    spent,
    still_wanted,
)
from bot.domain.texts import cut
from bot.panel import (
    MOST_IDS,
    CancelAsked,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    RefillReport,
)
from bot.services.news import order_facts, tell_admins, tell_word
from bot.services.placing import LEASE_MARGIN
from bot.services.shop import Shop
from bot.storage import mail, orders, queues, requests
from bot.storage.database import Transaction

# What a panel said to a batch, by its ids of the orders; or why it said nothing of use.
Answers = Mapping[str, str | CancelAsked | Rejected]
Reports = Mapping[str, RefillReport | Rejected]

# Of a panel's words so much is kept.
WORDS_LENGTH = 300

# What is noted among an order's events for each call that is about to be made: what was asked twice shows there.
_CLAIMED = {RequestKind.REFILL: "refill_asking", RequestKind.CANCEL: "stop_asking"}
# What is noted of what came of it, where it is more than the next turn of the same wheel.
_EVENTS: Mapping[tuple[RequestKind, RequestState], str] = {
    (RequestKind.REFILL, RequestState.ASKED): "refill_asked",
    (RequestKind.REFILL, RequestState.REFUSED): "refill_refused",
    (RequestKind.REFILL, RequestState.LOST): "refill_lost",
    (RequestKind.REFILL, RequestState.DONE): "refill_done",
    (RequestKind.REFILL, RequestState.REJECTED): "refill_rejected",
    (RequestKind.REFILL, RequestState.SILENT): "refill_silent",
    (RequestKind.CANCEL, RequestState.ASKED): "stop_asked",
    (RequestKind.CANCEL, RequestState.REFUSED): "stop_refused",
    (RequestKind.CANCEL, RequestState.LOST): "stop_lost",
}
# What customers and admins hear of: that it was taken is on the card.
_NEWS = frozenset(
    {RequestState.REFUSED, RequestState.LOST, RequestState.DONE, RequestState.REJECTED, RequestState.SILENT}
)
_ADMIN_NEWS = frozenset({RequestState.REFUSED, RequestState.LOST})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a panel is to be asked for in one call: requests of one kind, by the panel's ids of their orders.

    They are claimed until ``lease``.
    """

    panel: str
    kind: RequestKind
    requests: Mapping[str, Request]
    lease: datetime


# A request as it is now, with its order.
_Turn = tuple[Order, Request]


async def claim(tx: Transaction, shop: Shop, panel: str, kind: RequestKind) -> Claim | None:
    """Take what is to be asked of a panel now, up to a hundred orders at once."""
    found = await requests.wanted(tx, panel, kind, limit=MOST_IDS)
    if not found:
        return None
    # What was asked for together and not taken is asked for alone: some panels know no batches.
    found = found[:1] if found[0].tries else [request for request in found if not request.tries]
    known = await queues.locked(tx, [request.order_id for request in found])
    taken: dict[str, Request] = {}
    changes: dict[int, dict[str, Any]] = {}
    lease = tx.now + timedelta(seconds=shop.settings.panel_timeout) + LEASE_MARGIN
    for request in found:
        order = known[request.order_id]
        if order.panel_order is None or not still_wanted(order, kind):
            changes[request.id] = {"state": RequestState.DONE.value, "ended_at": tx.now, "check_at": None}
            continue
        taken[order.panel_order] = request
        changes[request.id] = {"state": RequestState.ASKING.value, "lease_until": lease, "check_at": None}
    await requests.put_all(tx, changes)
    if not taken:
        return None
    for request in taken.values():
        state = known[request.order_id].state
        await orders.add_event(tx, request.order_id, _CLAIMED[kind], state, {"request": request.id})
    tx.work = "asking"
    return Claim(panel, kind, taken, lease)


async def settle(tx: Transaction, shop: Shop, claimed: Claim, outcome: Answers | PanelError) -> None:
    """Write down what a call came to. An answer that comes after its lease counts all the same."""
    tx.work = "asked"
    now = await requests.locked(tx, [request.id for request in claimed.requests.values()])
    turns: list[Request] = []
    for panel_order, claimed_one in claimed.requests.items():
        request = now[claimed_one.id]
        if request.state in {RequestState.ASKING, RequestState.LOST}:
            answer = outcome if isinstance(outcome, PanelError) else outcome.get(panel_order)
            turns.append(_answered(tx, shop, request, answer, alone=len(claimed.requests) == 1))
    await _write(tx, shop, turns, before=now)


def _answered(
    tx: Transaction,
    shop: Shop,
    request: Request,
    answer: str | CancelAsked | Rejected | PanelError | None,
    *,
    alone: bool,
) -> Request:
    """What one request is after its call, in which it was asked for ``alone`` or together with others."""
    match answer:
        case str():
            asked = replace(request, state=RequestState.ASKED, panel_refill=answer, words="", ended_at=None)
            return replace(asked, check_at=tx.now + _gap(tx, shop, request))
        case CancelAsked():
            return _over(tx, request, RequestState.ASKED, "")
        case Rejected(words=words):
            return _over(tx, request, RequestState.REFUSED, words)
        case PanelRefusedError(kind=kind, words=words) if not kind.about_shop:
            if alone:
                return _over(tx, request, RequestState.REFUSED, words)
            return _again(tx, request, words, after=timedelta(0))
        case PanelRefusedError() | PanelThrottledError() | PanelUnreachableError():
            return _not_taken(tx, shop, request, answer)
        case PanelError():
            return _over(tx, request, RequestState.LOST, answer.reason)
        case None:
            return _over(tx, request, RequestState.LOST, "the answer does not name it")


def _not_taken(tx: Transaction, shop: Shop, request: Request, error: PanelError) -> Request:
    """Proof that the panel took nothing: it is asked again at growing gaps, RETRY_MINUTES in all."""
    tries = request.tries + 1
    if spent(tries) >= timedelta(minutes=shop.settings.retry_minutes):
        return _over(tx, request, RequestState.REFUSED, error.reason)
    gap = retry_gap(tries)
    if isinstance(error, PanelThrottledError):
        wanted = DEFAULT_REST if error.retry_after is None else min(error.retry_after, LONGEST_REST)
        gap = max(gap, timedelta(seconds=wanted))
    return _again(tx, request, error.reason, after=gap)


def _again(tx: Transaction, request: Request, words: str, *, after: timedelta) -> Request:
    waits = replace(request, state=RequestState.WANTED, tries=request.tries + 1, words=words, ended_at=None)
    return replace(waits, check_at=tx.now + after)


def _over(tx: Transaction, request: Request, state: RequestState, words: str) -> Request:
    return replace(request, state=state, words=words, check_at=None, ended_at=tx.now)


async def expire_leases(tx: Transaction, shop: Shop) -> int:
    """Requests whose lease is over are lost: nobody will ever know what the panel made of them. How many."""
    found = await requests.expired(tx)
    if found:
        tx.work = "overdue"
        lost = [_over(tx, request, RequestState.LOST, "the lease expired") for request in found]
        await _write(tx, shop, lost, before={request.id: request for request in found})
    return len(found)


# Refills on their way.


async def due(tx: Transaction, panel: str) -> list[Request]:
    """The refills a panel is to be asked about in one call, the longest due first; there may be none."""
    return await requests.refills_due(tx, panel, limit=MOST_IDS)


async def next_due(tx: Transaction, panel: str) -> datetime | None:
    """When a panel is to be asked for something, or about a refill."""
    return await requests.next_due_at(tx, panel)


async def follow(tx: Transaction, shop: Shop, panel: str, asked: Sequence[Request], reports: Reports) -> None:
    """Do what the panel says of these refills. One without an answer, or with an error, changes only its next turn."""
    tx.work = "followed"
    before = await requests.locked(tx, [request.id for request in asked])
    turns = [
        await _heard(tx, shop, panel, request, reports.get(request.panel_refill or ""))
        for request in before.values()
        if request.state in FOLLOWED
    ]
    await _write(tx, shop, turns, before=before)


async def _heard(
    tx: Transaction, shop: Shop, panel: str, request: Request, report: RefillReport | Rejected | None
) -> Request:
    if isinstance(report, RefillReport):
        if report.status is None:
            await tell_word(tx, shop, panel, report.word, request.order_id)
        state = after_refill_status(request.state, report.status)
        if state not in FOLLOWED:
            return _over(tx, request, state, report.word)
        request = replace(request, state=state, words=report.word)
    if tx.now - request.wanted_at >= FOLLOW_TIME:
        return _over(tx, request, RequestState.SILENT, request.words)
    return replace(request, check_at=tx.now + _gap(tx, shop, request))


async def postpone(tx: Transaction, shop: Shop, asked: Sequence[Request]) -> None:
    """The call about these refills failed: each is asked about again in its own time."""
    tx.work = "postponed"
    await requests.put_all(tx, {request.id: {"check_at": tx.now + _gap(tx, shop, request)} for request in asked})


def _gap(tx: Transaction, shop: Shop, request: Request) -> timedelta:
    return check_gap(tx.now - request.wanted_at, shop.settings.status_seconds)


# What is written, noted and told.


async def _write(tx: Transaction, shop: Shop, turns: Sequence[Request], *, before: Mapping[int, Request]) -> None:
    """Write what became of requests. One that is in the state it was in ``before`` is no event and no news."""
    await requests.put_all(tx, {request.id: _columns(request) for request in turns})
    moved = [request for request in turns if before[request.id].state is not request.state]
    known = await queues.locked(tx, [request.order_id for request in moved]) if moved else {}
    told = [(known[request.order_id], request) for request in moved]
    for order, request in told:
        kind = _EVENTS.get((request.kind, request.state))
        if kind is not None:
            words = request.panel_refill if request.state is RequestState.ASKED else request.words
            await orders.add_event(tx, order.id, kind, order.state, {"words": _cut(words or "")})
    await _tell_customers(tx, told)
    await _tell_admins(tx, shop, told)


def _columns(request: Request) -> dict[str, Any]:
    return {
        "state": request.state.value,
        "panel_refill": request.panel_refill,
        "words": _cut(request.words),
        "tries": request.tries,
        "lease_until": None,
        "check_at": request.check_at,
        "ended_at": request.ended_at,
    }


async def _tell_customers(tx: Transaction, moved: Sequence[_Turn]) -> None:
    """One message to each customer for what came to the same in one call."""
    alike: dict[tuple[int, RequestKind, RequestState], list[_Turn]] = {}
    for order, request in moved:
        if request.state in _NEWS:
            alike.setdefault((order.user_id, request.kind, request.state), []).append((order, request))
    for (user, _kind, _state), turns in alike.items():
        await mail.post(tx, user, "request", _facts(turns), order=turns[0][0].id, key=_key(turns, "customer"))


async def _tell_admins(tx: Transaction, shop: Shop, moved: Sequence[_Turn]) -> None:
    """The same for admins, with the panel's own words."""
    alike: dict[tuple[RequestKind, RequestState, str], list[_Turn]] = {}
    for order, request in moved:
        if request.state in _ADMIN_NEWS:
            alike.setdefault((request.kind, request.state, request.words), []).append((order, request))
    for turns in alike.values():
        order, request = turns[0]
        facts = {**_facts(turns), "panel": order.panel, "words": _cut(request.words)}
        await tell_admins(tx, shop, "request_failed", facts, order=order.id, key=_key(turns, "admins"))


def _facts(turns: Sequence[_Turn]) -> dict[str, Any]:
    """Of one order as other news of it have them; of several, their numbers."""
    order, request = turns[0]
    facts = order_facts(order) if len(turns) == 1 else {}
    numbers = [each.id for each, _ in turns]
    return {**facts, "asked": request.kind.value, "came_to": request.state.value, "numbers": numbers}


def _key(turns: Sequence[_Turn], reader: str) -> str:
    _, request = turns[0]
    return f"request:{request.id}:{request.state}:{reader}"


def _cut(words: str) -> str:
    return cut(words, WORDS_LENGTH)
