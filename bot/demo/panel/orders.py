"""An order on the stand-in, its fate, and how far along it is."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.demo.panel.service_types import TYPE_RULES

CANCELED_WORDS = frozenset({"canceled", "cancelled", "cancel", "refunded", "refund"})
CLOSED_WORDS = CANCELED_WORDS | {"completed", "partial", "fail", "failed", "error", "expired"}
# How many steps of advance() an order has behind it when it is told to be in this state.
OPEN_STEPS = {"pending": 0, "in progress": 1, "processing": 1, "active": 1}

SLICES = 4  # an order that moves by the clock is in progress four times as long as it is pending


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an order nobody touches: how it ends, which share comes, how fast, from which count."""

    end: str = "Completed"
    share: float = 1.0
    tempo: float = 1.0
    start_count: int = 0


def chance(*parts: object) -> float:
    """A number in [0, 1) that is always the same for the same parts."""
    digest = hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def fate_of(seed: int, order: str, mishaps: float) -> Fate:
    """The fate of an order; ``mishaps`` is the share of orders (0 to 1) that end Partial or Canceled."""
    luck = chance(seed, order, "end")
    tempo = 0.5 + chance(seed, order, "tempo")
    start = int(50 + 5000 * chance(seed, order, "start"))
    if luck >= mishaps:
        return Fate(tempo=tempo, start_count=start)
    if luck < mishaps / 3:  # one mishap in three delivers nothing at all
        return Fate("Canceled", 0.0, tempo, start)
    return Fate("Partial", 0.2 + 0.6 * chance(seed, order, "share"), tempo, start)


@dataclass(slots=True)
class DemoOrder:
    """One order the panel has taken.

    ``fields`` are as received, without ``key``. ``price`` is the charge of the whole order, ``charge`` what
    the panel keeps of it now. ``quantity`` is units a run; ``posts`` is how many posts a subscription waits
    for (0 elsewhere). ``answer`` is laid over what ``status`` says, ``omit`` names keys left out there.
    """

    id: str
    service: str
    type: str
    fields: dict[str, str]
    quantity: int
    runs: int
    posts: int
    price: Decimal
    created_at: datetime
    fate: Fate
    parent: str | None = None
    status: str = "Pending"
    charge: Decimal = Decimal(0)
    start_count: int | None = None
    remains: int | None = None
    runs_done: int = 0
    posts_done: int = 0
    children: list[str] = field(default_factory=list)
    steps: int = 0
    pinned: bool = False
    cancel_asked_at: datetime | None = None
    answer: dict[str, object] = field(default_factory=dict)
    omit: frozenset[str] = frozenset()

    @property
    def goal(self) -> int:
        """Units of the whole order."""
        return self.quantity * self.runs

    @property
    def is_drip(self) -> bool:
        """Whether it is delivered in several runs."""
        return self.runs > 1

    @property
    def counts_units(self) -> bool:
        """Whether part of it can be delivered."""
        return TYPE_RULES[self.type].counted != "package" and not self.posts and not self.is_drip

    @property
    def closed(self) -> bool:
        """Whether the panel is done with it."""
        return self.status.lower() in CLOSED_WORDS

    def kept(self) -> Decimal:
        """What of the price the panel keeps in the present status."""
        if self.status.lower() in CANCELED_WORDS:
            return _share(self.price, self.runs_done, self.runs) if self.is_drip else Decimal(0)
        if self.status == "Partial" and self.remains is not None and 0 <= self.remains <= self.goal:
            return _share(self.price, self.goal - self.remains, self.goal)
        return self.price


def _share(price: Decimal, part: int, whole: int) -> Decimal:
    return (price * part / whole).quantize(Decimal("1e-8"))


@dataclass(slots=True)
class DemoRefill:
    """A refill asked for; its id is not the order's."""

    id: str
    order: str
    created_at: datetime
    status: str = "Pending"
    steps: int = 0
