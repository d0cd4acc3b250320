"""An order: its states, which of them may follow which, and what is known of it.

Amounts are integers in ten-thousandths of the shop's currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.catalog import ServiceType, is_package


class OrderState(StrEnum):
    """Where an order is. Customers read ``WAITING`` and ``SUBMITTING`` alike as *Waiting*."""

    WAITING = "waiting"  # money held, nothing sent, or proof that nothing was
    SUBMITTING = "submitting"  # claimed by an attempt whose lease runs
    UNCERTAIN = "uncertain"  # the attempt's answer was lost
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    ACTIVE = "active"  # a subscription in progress
    PAUSED = "paused"
    FAILED = "failed"  # the panel may resend; an admin decides
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"
    REFUSED = "refused"
    EXPIRED = "expired"


TRACKED = frozenset(
    {OrderState.PENDING, OrderState.IN_PROGRESS, OrderState.ACTIVE, OrderState.PAUSED, OrderState.FAILED}
)
ENDED = frozenset(
    {OrderState.COMPLETED, OrderState.PARTIAL, OrderState.CANCELED, OrderState.REFUSED, OrderState.EXPIRED}
)
# Before the panel has it for certain.
UNPLACED = frozenset({OrderState.WAITING, OrderState.SUBMITTING, OrderState.UNCERTAIN})

_FROM_PANEL = TRACKED | (ENDED - {OrderState.REFUSED})

# What may follow what. An ended order does not move; while its sum is undecided only its money does.
TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.WAITING: frozenset({OrderState.SUBMITTING, OrderState.CANCELED, OrderState.REFUSED}),
    OrderState.SUBMITTING: frozenset(
        {OrderState.WAITING, OrderState.PENDING, OrderState.REFUSED, OrderState.UNCERTAIN}
    ),
    OrderState.UNCERTAIN: frozenset({OrderState.WAITING, OrderState.PENDING, OrderState.CANCELED}),
    **dict.fromkeys(TRACKED, _FROM_PANEL),
    **{state: frozenset() for state in ENDED},
}


class Reason(StrEnum):
    """Why an order waits, or ended without being done."""

    # waits
    BUSY = "busy"  # 429
    UNREACHABLE = "unreachable"  # nothing could be sent
    FUNDS = "funds"
    KEY = "key"
    ACCOUNT = "account"
    COST = "cost"  # the panel's price rose above what was paid
    # refused: the words of RefusalKind
    LINK = "link"
    QUANTITY = "quantity"
    SERVICE = "service"
    ACTIVE_LINK = "active_link"
    ORDER = "order"
    UNKNOWN = "unknown"
    # ended
    WAITED = "waited"  # too long
    CUSTOMER = "customer"  # canceled by the customer while it waited
    ADMIN = "admin"  # refunded by an admin


class Question(StrEnum):
    """What an admin has to decide about an order whose money stays held."""

    UNCERTAIN = "uncertain"  # was it placed?
    SUM = "sum"  # how much of it was delivered?
    FAILED = "failed"  # will the panel resend?
    MISSING = "missing"  # the panel has said nothing for days
    COST = "cost"  # send it at a loss?


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The service as it was sold: nothing of an order depends on a catalogue that moves on.

    ``rate`` is the panel's, ``exchange`` the shop's currency for one of the panel's.
    """

    service: int
    panel_service: str
    name: str
    type: ServiceType
    category: str
    rate: Decimal
    exchange: Decimal
    minimum: int
    maximum: int
    refill: bool | None
    cancel: bool | None
    dripfeed: bool | None

    @property
    def package(self) -> bool:
        """Whether the rate is charged once, not per 1000."""
        return is_package(self.type)


Answer = str | int | list[str] | None


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase. ``quantity`` is the priced one; ``held + captured + refunded = price``.

    ``parts_done``: how many runs of a drip-feed, or posts of a subscription, the panel says are done. ``batch``: the
    mass order it came with.
    """

    id: int
    user_id: int
    panel: str
    snapshot: Snapshot
    answers: Mapping[str, Answer]
    quantity: int
    price: int
    held: int
    captured: int
    refunded: int
    state: OrderState
    reason: Reason | None
    question: Question | None
    panel_order: str | None
    start_count: int | None
    remains: int | None
    tries: int
    created_at: datetime
    waits_since: datetime | None
    next_try_at: datetime | None
    placed_at: datetime | None
    answered_at: datetime | None
    cancel_asked_at: datetime | None
    ended_at: datetime | None
    parts_done: int | None = None
    batch: int | None = None

    @property
    def spread(self) -> bool:
        """Whether it is a drip-feed: delivered in runs."""
        return self.answers.get("runs") is not None

    @property
    def subscription(self) -> bool:
        """Whether it follows a profile's posts instead of delivering a quantity."""
        return self.snapshot.type is ServiceType.SUBSCRIPTIONS

    @property
    def parts(self) -> int:
        """Of how many runs or posts it is made; 0 where it is made of neither."""
        names = ("posts", "old_posts") if self.subscription else ("runs",)
        return sum(number for number in map(self.answers.get, names) if isinstance(number, int))

    @property
    def link(self) -> str:
        """What it is for, as the customer typed it: the link, or a subscription's username."""
        return str(self.answers.get("link") or self.answers.get("username") or "")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One ``add`` call. ``outcome`` is None while it is in flight, or when its answer was never learnt."""

    id: int
    order_id: int
    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    words: str


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One thing that happened to an order."""

    at: datetime
    kind: str
    state: OrderState
    details: Mapping[str, Any]


class ImpossibleTransition(Exception):
    """A state that may not follow the present one: a bug, caught before it is written."""


def check_transition(before: OrderState, after: OrderState) -> None:
    """Raise ``ImpossibleTransition`` unless ``after`` may follow ``before``."""
    if after != before and after not in TRANSITIONS[before]:
        raise ImpossibleTransition(f"{before} -> {after}")


# Someone who watches a fresh order wants news soon; a month-old one can wait. (age up to, times STATUS_SECONDS)
_CHECK_GAPS = (
    (timedelta(hours=1), 1),
    (timedelta(hours=6), 2),
    (timedelta(days=1), 5),
    (timedelta(days=7), 15),
)
_OLD_GAP = 60


def check_gap(age: timedelta, status_seconds: int) -> timedelta:
    """How long until an order placed ``age`` ago is looked at again."""
    factor = next((factor for limit, factor in _CHECK_GAPS if age <= limit), _OLD_GAP)
    return timedelta(seconds=status_seconds * factor)


# Ended orders are looked at daily for a week, in case the panel changes its mind.
AFTERLOOK_GAP = timedelta(days=1)
AFTERLOOK_TIME = timedelta(days=7)


def retry_gap(tries: int) -> timedelta:
    """The wait after the n-th proof in a row that nothing was sent: 1, 2, 4, … s, at most a minute."""
    return timedelta(seconds=min(2 ** max(tries - 1, 0), 60))
