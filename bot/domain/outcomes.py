"""What a panel's answers mean, as types.

The panel client returns these and the order rules (``bot.domain.orders``) decide on them, so that neither has
to know the other. The outcome of ``add`` has five forms because money depends on the difference between "the
panel said no", "nothing was sent" and "nobody knows".
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class RefusalKind(StrEnum):
    """Why a panel refused an ``add``, as far as its words tell."""

    LINK = "link"
    QUANTITY = "quantity"
    SERVICE = "service"
    ACTIVE_LINK = "active_link"  # "You have active order with this link"
    ORDER = "order"  # something else about this order
    FUNDS = "funds"
    KEY = "key"
    ACCOUNT = "account"  # IP not allowed, account blocked, API switched off
    UNKNOWN = "unknown"  # words nobody recognised

    @property
    def about_shop(self) -> bool:
        """Whether the shop's own account is at fault, so that another order would fare no better."""
        return self in {RefusalKind.FUNDS, RefusalKind.KEY, RefusalKind.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Placed:
    """The panel has the order, under this id of its own."""

    panel_order: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The panel answered, understood and declined; ``words`` are its own and for admins only."""

    kind: RefusalKind
    words: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """429: not taken; ``retry_after`` in seconds where the panel named it.

    ``ours``: the panel was not asked at all, because our own limit of calls a minute had no turn before the deadline.
    """

    retry_after: float | None
    ours: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proof that no byte of the request reached the panel."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The panel may or may not have the order; ``reason`` is for admins."""

    reason: str


AddOutcome = Placed | Refused | Throttled | NotSent | Unknown


class PanelStatus(StrEnum):
    """The states an order can have on a panel, whatever words the panel uses."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"
    FAILED = "failed"
    PAUSED = "paused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One order's ``status`` answer; a missing or unreadable number is None.

    ``status`` is None where ``word`` is one nobody knows. ``charge`` is the shop's cost in the panel's currency.
    ``posts`` (subscriptions) counts the posts done; ``orders`` names the child orders of a drip-feed.
    """

    word: str
    status: PanelStatus | None
    charge: Decimal | None = None
    start_count: int | None = None
    remains: int | None = None
    currency: str | None = None
    runs: int | None = None
    posts: int | None = None
    orders: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rejected:
    """An error in place of an answer for one id; ``words`` are the panel's own."""

    words: str
