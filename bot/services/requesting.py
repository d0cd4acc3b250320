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
from bot.panel import (
    MOST_IDS,
    CancelAsked,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    RefillReport,
)
from bot.services.news import order_facts, raise_alert, tell_admins
from bot.services.placing import LEASE_MARGIN
from bot.services.shop import Shop
from bot.storage import mail, orders, queues, requests
from bot.storage.database import Transaction

# What a panel said to a batch, by its ids of the orders; or why it said nothing of use.
Answers = Mapping[str, str | CancelAsked | Rejected]
Reports = Mapping[str, RefillReport | Rejected]

# Of a panel's words so much is kept.
WORDS_LENGTH = 300

# What is noted among an order's events, where it is more than the next turn of the same wheel.
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
_NEWS = frozenset({RequestState.REFUSED, RequestState.LOST, RequestState.DONE, RequestState.REJECTED})
_ADMIN_NEWS = frozenset({RequestState.REFUSED, RequestState.LOST})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a panel is to be asked for in one call: requests of one kind, by the panel's ids of their orders."""

    panel: str
    kind: RequestKind
    requests: Mapping[str, Request]


@dataclass(frozen=True, slots=True)
class _Turn:
    """What became of a request: its new state and words, and what else is written of it."""

    order: Order
    request: Request
    columns: Mapping[str, Any]


async def claim(tx: Transaction, shop: Shop, panel: str, kind: RequestKind) -> Claim | None:
    """Take what is to be asked of a panel now, up to a hundred orders at once."""
    found = await requests.wanted(tx, panel, kind, limit=MOST_IDS)
    # What was asked for together and not taken is asked for alone: some panels know no batches.
    found = found[:1] if found and found[0].tries else [request for request in found if not request.tries]
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
    tx.work = "asking"
    return Claim(panel, kind, taken)


async def settle(tx: Transaction, shop: Shop, claimed: Claim, outcome: Answers | PanelError) -> None:
    """Write down what a call came to. An answer that comes after its lease counts all the same."""
    tx.work = "asked"
    now = await requests.locked(tx, [request.id for request in claimed.requests.values()])
    known = await queues.locked(tx, [request.order_id for request in now.values()])
    turns: list[_Turn] = []
    for panel_order, request in claimed.requests.items():
        request = now[request.id]
        if request.state not in {RequestState.ASKING, RequestState.LOST}:
            continue
        alone = len(claimed.requests) == 1
        answer = outcome if isinstance(outcome, PanelError) else outcome.get(panel_order)
        changed, columns = _answered(tx, shop, request, answer, alone=alone)
        turns.append(_Turn(known[request.order_id], changed, columns))
    await _write(tx, shop, turns)


def _answered(
    tx: Transaction, shop: Shop, request: Request, answer: str | CancelAsked | Rejected | PanelError | None, *, alone: bool
) -> tuple[Request, dict[str, Any]]:
    """What one request is after its call, and when it is looked at again."""
    match answer:
        case str():
            gap = check_gap(timedelta(0), shop.settings.status_seconds)
            asked = replace(request, state=RequestState.ASKED, panel_refill=answer, words="", ended_at=None)
            return asked, {"check_at": tx.now + gap}
        case CancelAsked():
            return replace(request, state=RequestState.ASKED, words="", ended_at=tx.now), {}
        case Rejected(words=words):
            return _over(tx, request, RequestState.REFUSED, words), {}
        case PanelRefusedError(kind=kind) if not alone and not kind.about_shop:
            again = replace(request, state=RequestState.WANTED, tries=request.tries + 1)
            return again, {"check_at": tx.now}
        case PanelRefusedError(kind=kind, words=words) if not kind.about_shop:
            return _over(tx, request, RequestState.REFUSED, words), {}
        case PanelRefusedError() | PanelThrottledError() | PanelUnreachableError():
            return _not_taken(tx, shop, request, answer)
        case PanelError():
            return _over(tx, request, RequestState.LOST, answer.reason), {}
        case None:
            return _over(tx, request, RequestState.LOST, "the answer does not name it"), {}


def _not_taken(
    tx: Transaction, shop: Shop, request: Request, error: PanelError
) -> tuple[Request, dict[str, Any]]:
    """Proof that the panel took nothing: it is asked again at growing gaps, RETRY_MINUTES in all."""
    tries = request.tries + 1
    if spent(tries) >= timedelta(minutes=shop.settings.retry_minutes):
        return _over(tx, replace(request, tries=tries), RequestState.REFUSED, error.reason), {}
    gap = retry_gap(tries)
    if isinstance(error, PanelThrottledError):
        wanted = DEFAULT_REST if error.retry_after is None else min(error.retry_after, LONGEST_REST)
        gap = max(gap, timedelta(seconds=wanted))
    again = replace(request, state=RequestState.WANTED, tries=tries, words=error.reason)
    return again, {"check_at": tx.now + gap}


def _over(tx: Transaction, request: Request, state: RequestState, words: str) -> Request:
    return replace(request, state=state, words=words, ended_at=tx.now)


async def expire_leases(tx: Transaction, shop: Shop) -> int:
    """Requests whose lease is over are lost: nobody will ever know what the panel made of them. How many."""
    found = await requests.expired(tx)
    if found:
        tx.work = "overdue"
        known = await queues.locked(tx, [request.order_id for request in found])
        lost = [_over(tx, request, RequestState.LOST, "the lease expired") for request in found]
        await _write(tx, shop, [_Turn(known[request.order_id], request, {}) for request in lost])
    return len(found)


# Refills on their way.


async def due(tx: Transaction, panel: str) -> list[Request]:
    """The refills a panel is to be asked about in one call, the longest due first; there may be none."""
    return await requests.refills_due(tx, panel, limit=MOST_IDS)


async def follow(tx: Transaction, shop: Shop, panel: str, asked: Sequence[Request], reports: Reports) -> None:
    """Do what the panel says of these refills. One without an answer, or with an error, changes only its next turn."""
    tx.work = "followed"
    now = await requests.locked(tx, [request.id for request in asked])
    known = await queues.locked(tx, [request.order_id for request in now.values()])
    turns: list[_Turn] = []
    for request in now.values():
        if request.state not in FOLLOWED:
            continue
        report = reports.get(request.panel_refill or "")
        if isinstance(report, RefillReport):
            request = await _heard(tx, shop, panel, request, report)
        if request.ended_at is None and tx.now - request.wanted_at >= FOLLOW_TIME:
            request = _over(tx, request, RequestState.SILENT, request.words)
        gap = None if request.ended_at is not None else tx.now + _gap(tx, shop, request)
        turns.append(_Turn(known[request.order_id], request, {"check_at": gap}))
    await _write(tx, shop, turns, before=now)


async def _heard(tx: Transaction, shop: Shop, panel: str, request: Request, report: RefillReport) -> Request:
    if report.status is None:
        key = f"word:{panel}:{report.word}"
        await raise_alert(tx, shop, key, "word", panel=panel, word=report.word, number=request.order_id)
    state = after_refill_status(request.state, report.status)
    return replace(
        request, state=state, words=_cut(report.word), ended_at=None if state in FOLLOWED else tx.now
    )


async def postpone(tx: Transaction, shop: Shop, asked: Sequence[Request]) -> None:
    """The call about these refills failed: each is asked about again in its own time."""
    tx.work = "postponed"
    await requests.put_all(tx, {request.id: {"check_at": tx.now + _gap(tx, shop, request)} for request in asked})


def _gap(tx: Transaction, shop: Shop, request: Request) -> timedelta:
    return check_gap(tx.now - request.wanted_at, shop.settings.status_seconds)


async def next_due(tx: Transaction, panel: str) -> datetime | None:
    """When a panel is to be asked for something, or about a refill."""
    return await requests.next_due_at(tx, panel)


# What is written, noted and told.


async def _write(
    tx: Transaction, shop: Shop, turns: Sequence[_Turn], *, before: Mapping[int, Request] | None = None
) -> None:
    """Write what became of requests. What only stayed as it was ``before`` is no event and no news."""
    changes: dict[int, Mapping[str, Any]] = {}
    moved: list[_Turn] = []
    for turn in turns:
        request = turn.request
        changes[request.id] = {
            "state": request.state.value,
            "panel_refill": request.panel_refill,
            "words": _cut(request.words),
            "tries": request.tries,
            "ended_at": request.ended_at,
            "lease_until": None,
            "check_at": None,
            **turn.columns,
        }
        if before is None or before[request.id].state is not request.state:
            moved.append(turn)
    await requests.put_all(tx, changes)
    for turn in moved:
        kind = _EVENTS.get((turn.request.kind, turn.request.state))
        if kind is not None:
            words = turn.request.panel_refill if turn.request.state is RequestState.ASKED else turn.request.words
            await orders.add_event(tx, turn.order.id, kind, turn.order.state, {"words": words or ""})
    await _tell(tx, shop, moved)
    if any(turn.request.state is RequestState.WANTED for turn in moved):
        tx.wake(*(f"requests {turn.order.panel}" for turn in moved))


async def _tell(tx: Transaction, shop: Shop, moved: Sequence[_Turn]) -> None:
    """One message to each customer, and one to the admins, for what came to the same in one call."""
    customers: dict[tuple[int, RequestKind, RequestState], list[_Turn]] = {}
    admins: dict[tuple[RequestKind, RequestState, str], list[_Turn]] = {}
    for turn in moved:
        request = turn.request
        if request.state in _NEWS and not (request.kind is RequestKind.CANCEL and request.state is RequestState.DONE):
            customers.setdefault((turn.order.user_id, request.kind, request.state), []).append(turn)
        if request.state in _ADMIN_NEWS:
            admins.setdefault((request.kind, request.state, request.words), []).append(turn)
    for (user, kind, state), told in customers.items():
        facts = _facts(told, kind, state)
        await mail.post(tx, user, "request", facts, order=told[0].order.id, key=_key(told[0].request, "customer"))
    for (kind, state, words), told in admins.items():
        facts = {**_facts(told, kind, state), "panel": told[0].order.panel, "words": _cut(words)}
        await tell_admins(
            tx, shop, "request_failed", facts, order=told[0].order.id, key=_key(told[0].request, "admins")
        )


def _facts(told: Sequence[_Turn], kind: RequestKind, state: RequestState) -> dict[str, Any]:
    """About one order as news of it have, with its number; about several, their numbers."""
    facts = order_facts(told[0].order) if len(told) == 1 else {}
    return {**facts, "asked": kind.value, "came_to": state.value, "numbers": [turn.order.id for turn in told]}


def _key(request: Request, reader: str) -> str:
    return f"request:{request.id}:{request.state}:{reader}"


def _cut(words: str) -> str:
    return words if len(words) <= WORDS_LENGTH else f"{words[: WORDS_LENGTH - 1]}…"
