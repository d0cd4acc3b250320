"""What is asked of a panel beside an order's status: to refill it, or to stop it. No money moves by either."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.orders import ENDED, TRACKED, UNPLACED, Order, OrderState, retry_gap
from bot.domain.outcomes import PanelStatus


class RequestKind(StrEnum):
    """What is asked for, as API v2 calls it."""

    REFILL = "refill"
    CANCEL = "cancel"


class RequestState(StrEnum):
    """Where a request is. A stop is over once the panel took it: from there on the order's status tells."""

    WANTED = "wanted"  # by the customer; the panel was not asked yet, or proved to have taken nothing
    ASKING = "asking"  # claimed by a call whose lease runs
    ASKED = "asked"  # the panel took it
    RUNNING = "running"  # a refill in progress
    REFUSED = "refused"  # the panel said no, or could not be asked in time
    LOST = "lost"  # asked, and the answer never came
    DONE = "done"  # refilled; or the order ended before it was asked to stop
    REJECTED = "rejected"  # a refill that the panel took and then declined
    SILENT = "silent"  # a refill of which the panel never said how it ended


# States from which a refill is asked about.
FOLLOWED = frozenset({RequestState.ASKED, RequestState.RUNNING})
# A request that is over may be made again so much later, by the customer; the program never repeats one.
AGAIN_AFTER = timedelta(hours=24)
# For so long a panel is asked what became of a refill.
FOLLOW_TIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Request:
    """One request about an order. ``words`` are the panel's, for admins; ``tries`` counts calls that asked for nothing.

    ``panel_refill`` is the refill's own id at the panel. ``check_at``: when it is to be asked for, then when a refill's
    status is due. ``ended_at`` is None while it is open.
    """

    id: int
    order_id: int
    kind: RequestKind
    state: RequestState
    panel_refill: str | None
    words: str
    tries: int
    wanted_at: datetime
    check_at: datetime | None
    ended_at: datetime | None


class Hindrance(StrEnum):
    """Why something cannot be asked for now."""

    UNKNOWN = "unknown"  # the customer has no such order
    NOT_OFFERED = "not_offered"  # by the service
    NOT_PLACED = "not_placed"  # nothing to stop yet
    NOT_ENDED = "not_ended"  # too early for a refill
    ENDED = "ended"  # too late to stop it
    NOTHING = "nothing"  # nothing was delivered that could be refilled
    OPEN = "open"  # asked for already
    TOO_SOON = "too_soon"  # after the last time


def hindrance(
    order: Order, kind: RequestKind, former: Collection[Request], *, panels: Collection[str], now: datetime
) -> Hindrance | None:
    """Why ``kind`` cannot be asked for; None where it can.

    ``former`` are the order's requests, ``panels`` those there are. A flag that the panel never gave is no offer.
    """
    offered = order.snapshot.refill if kind is RequestKind.REFILL else order.snapshot.cancel
    if not offered or order.panel not in panels:
        return Hindrance.NOT_OFFERED
    wrong = _wrong_state(order, kind)
    if wrong is not None:
        return wrong
    for request in former:
        if request.kind is kind and request.ended_at is None:
            return Hindrance.OPEN
        if request.kind is kind and request.ended_at is not None and now - request.ended_at < AGAIN_AFTER:
            return Hindrance.TOO_SOON
    return None


def _wrong_state(order: Order, kind: RequestKind) -> Hindrance | None:
    if kind is RequestKind.CANCEL:
        if order.state in ENDED:
            return Hindrance.ENDED
        return Hindrance.NOT_PLACED if order.state in UNPLACED or order.panel_order is None else None
    if order.state not in ENDED:
        return Hindrance.NOT_ENDED
    delivered = order.state in {OrderState.COMPLETED, OrderState.PARTIAL} and order.panel_order is not None
    kept_nothing = order.price > 0 and order.refunded == order.price
    return None if delivered and not kept_nothing else Hindrance.NOTHING


def still_wanted(order: Order, kind: RequestKind) -> bool:
    """Whether a request that waited has anything left to ask for."""
    return kind is RequestKind.REFILL or order.state in TRACKED


def spent(tries: int) -> timedelta:
    """How long a request has been tried in vain: the waits after so many tries, put together."""
    return sum((retry_gap(number) for number in range(1, tries + 1)), timedelta(0))


# What a refill's status means; every other word changes nothing.
_REFILLS: Mapping[PanelStatus, RequestState] = {
    PanelStatus.PENDING: RequestState.ASKED,
    PanelStatus.IN_PROGRESS: RequestState.RUNNING,
    PanelStatus.COMPLETED: RequestState.DONE,
    PanelStatus.PARTIAL: RequestState.DONE,
    PanelStatus.FAILED: RequestState.REJECTED,
    PanelStatus.CANCELED: RequestState.REJECTED,
    PanelStatus.EXPIRED: RequestState.REJECTED,
}


def after_refill_status(state: RequestState, status: PanelStatus | None) -> RequestState:
    """The state of a refill that was in ``state`` after the panel said ``status``, None being a word nobody knows."""
    return state if status is None else _REFILLS.get(status, state)
