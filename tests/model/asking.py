"""The plain rules of refills and stops: asked for once, never repeated after a lost answer, and no money moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.model.following import gap_at
from tests.model.plain import FOLLOWED, Order, Plain

LEASE = 60
ENDED = {"completed", "partial", "canceled", "refused", "expired"}
DELIVERED = {"completed", "partial"}
AGAIN_AFTER = timedelta(hours=24)
TRIED, FOLLOWED_FOR = 15 * 60, timedelta(days=30)
# The services that offer a refill and can be stopped.
OFFERED = {"likes", "comments"}
# What a panel's word for a refill makes of it.
WORDS = {"pending": "asked", "in_progress": "running", "completed": "done", "partial": "done"} | dict.fromkeys(
    ("failed", "canceled", "expired"), "rejected"
)


@dataclass
class Request:
    """One thing that was asked for about an order; ``kind`` is refill or cancel."""

    id: int
    order: int
    kind: str
    wanted: datetime
    check: datetime | None
    state: str = "wanted"
    tries: int = 0
    lease: datetime | None = None
    refill: str | None = None
    ended: datetime | None = None


def want(plain: Plain, order: Order, kind: str, user: int) -> str:
    """A customer asks; why not, or "wanted"."""
    why = _hindrance(plain, order, kind, user)
    if why is None:
        plain.requests.append(Request(len(plain.requests) + 1, order.number, kind, plain.now, plain.now))
    return why or "wanted"


def _hindrance(plain: Plain, order: Order, kind: str, user: int) -> str | None:
    if order.user != user:
        return "unknown"
    if order.item.key not in OFFERED:
        return "not_offered"
    over = order.state in ENDED
    if kind == "cancel" and (over or order.panel_order is None):
        return "ended" if over else "not_placed"
    if kind == "refill" and not over:
        return "not_ended"
    if kind == "refill" and (
        order.state not in DELIVERED or order.panel_order is None or order.refunded == order.price
    ):
        return "nothing"
    last = next((each for each in reversed(plain.requests) if (each.order, each.kind) == (order.number, kind)), None)
    if last is not None and last.ended is None:
        return "open"
    return "too_soon" if last is not None and last.ended and plain.now - last.ended < AGAIN_AFTER else None


def claim(plain: Plain, kind: str) -> list[Request]:
    """What the panel is asked now, in one call."""
    found = [each for each in plain.requests if (each.state, each.kind) == ("wanted", kind) and due(plain, each)]
    found.sort(key=lambda each: (each.check, each.id))
    if found and found[0].tries:
        found = found[:1]
    taken = []
    for request in [each for each in found if len(found) == 1 or not each.tries]:
        request.check = None
        if kind == "refill" or plain.orders[request.order].state in FOLLOWED:
            request.state, request.lease = "asking", plain.after(LEASE)
            taken.append(request)
        else:
            request.state, request.ended = "done", plain.now
    return taken


def due(plain: Plain, request: Request) -> bool:
    return request.check is not None and request.check <= plain.now


def settle(plain: Plain, taken: Sequence[Request], answers: Mapping[int, str]) -> None:
    """What a call came to, for each by its id: yes, no, nothing, lost, order, shop, busy or unreachable.

    The last five are one word for all. An answer after its lease counts all the same.
    """
    before = {each.id: each.state for each in taken}
    for request in taken:
        if request.state in {"asking", "lost"}:
            _answered(plain, request, answers[request.id], alone=len(taken) == 1)
    _tell(plain, [each for each in taken if each.state != before[each.id]])


def _answered(plain: Plain, request: Request, answer: str, *, alone: bool) -> None:
    request.lease = None
    match answer:
        case "yes" if request.kind == "refill":
            request.state, request.refill, request.ended = "asked", f"r{request.id}", None
            request.check = plain.after(gap_at(plain.now - request.wanted))
        case "yes":
            _over(plain, request, "asked")
        case "order" if not alone:
            _again(plain, request, 0)
        case "no" | "order":
            _over(plain, request, "refused")
        case "nothing" | "lost":
            _over(plain, request, "lost")
        case _:
            waits = [min(2**number, 60) for number in range(request.tries + 1)]
            if sum(waits) >= TRIED:
                _over(plain, request, "refused")
            else:
                _again(plain, request, max(waits[-1], 30) if answer == "busy" else waits[-1])


def _over(plain: Plain, request: Request, state: str) -> None:
    request.state, request.check, request.ended = state, None, plain.now


def _again(plain: Plain, request: Request, seconds: float) -> None:
    request.state, request.tries, request.ended = "wanted", request.tries + 1, None
    request.check = plain.after(seconds)


def expire(plain: Plain) -> None:
    """Whose lease is over, nobody will ever hear of."""
    lost = [each for each in plain.requests if each.state == "asking" and each.lease and each.lease <= plain.now]
    for request in lost:
        request.lease = None
        _over(plain, request, "lost")
    _tell(plain, lost)


def follow(plain: Plain, words: Mapping[int, str | None]) -> None:
    """A round of questions about refills; ``words`` by request, None for one nobody knows, missing: no answer."""
    asked = [each for each in plain.requests if followed(plain, each)]
    before = {each.id: each.state for each in asked}
    for request in asked:
        if request.id in words and words[request.id] is None:
            plain.alarm("word:alpha:Strange", "word", request.order)
        state = WORDS.get(words.get(request.id) or "", request.state)
        if state in {"done", "rejected"}:
            _over(plain, request, state)
        elif plain.now - request.wanted >= FOLLOWED_FOR:
            _over(plain, request, "silent")
        else:
            request.state = state
            request.check = plain.after(gap_at(plain.now - request.wanted))
    _tell(plain, [each for each in asked if each.state != before[each.id]])


def followed(plain: Plain, request: Request) -> bool:
    return request.kind == "refill" and request.state in {"asked", "running"} and due(plain, request)


def _tell(plain: Plain, moved: Sequence[Request]) -> None:
    """One message for what came to the same: to each customer, and to every admin where it went wrong."""
    alike: dict[tuple[int, str, str], list[Request]] = {}
    failed: dict[tuple[str, str], list[Request]] = {}
    for request in moved:
        user = plain.orders[request.order].user
        if request.state in {"refused", "lost", "done", "rejected"}:
            alike.setdefault((user, request.kind, request.state), []).append(request)
        if request.state in {"refused", "lost"}:
            failed.setdefault((request.kind, request.state), []).append(request)
    for (user, _, _), found in alike.items():
        if _new(plain, found[0], "customer"):
            plain.said.append((user, "request", found[0].order, _words(found)))
    for found in failed.values():
        if _new(plain, found[0], "admins"):
            plain.tell_admins("request_failed", found[0].order, _words(found))


def _new(plain: Plain, first: Request, reader: str) -> bool:
    """Whether that was never said before."""
    key = f"request:{first.id}:{first.state}:{reader}"
    new = key not in plain.keys
    plain.keys.add(key)
    return new


def _words(found: Sequence[Request]) -> str:
    return f"{found[0].kind} {found[0].state} {[each.order for each in found]}"
