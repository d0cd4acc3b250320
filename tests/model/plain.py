"""The shop in dicts and ints, as its design has it: what is in it, what it costs, who was told what.

Written from the rules, not from the code: it shares no arithmetic and no table with what it is held against. Amounts
are ten-thousandths of the shop's currency. The rules are in the other
modules: ``selling``, ``sending``, ``following``, ``paying``, ``asking`` and ``massing``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.asking import Request
    from tests.model.massing import Batch
    from tests.model.paying import Payment

OWNER, HELPER = 9001, 9002
ANNA, BORIS = 7, 2**52 - 1
ADMINS = (OWNER, HELPER)
CHANNEL = 0
MARKUP = Fraction(130, 100)
# Not placed yet, or for admins only.
NOT_FOR_CHANNEL = {"waiting", "submitting", "uncertain", "refused"}
FOLLOWED = {"pending", "in_progress", "active", "paused", "failed"}
Answers = Mapping[str, object]


@dataclass
class Item:
    """A service: what the panel lists it at, and what it is sold at. ``held`` is a rate nobody agreed to yet."""

    key: str
    rate: Decimal
    lowest: int
    highest: int
    listed: bool = True
    held: Decimal | None = None

    @property
    def on_sale(self) -> bool:
        return self.listed and self.held is None

    def units(self, answers: Answers) -> int:
        """What is paid for."""
        match self.key:
            case "likes":
                return number(answers, "quantity") * number(answers, "runs", 1)
            case "comments":
                return len(lines(answers))
            case "posts":
                return number(answers, "max") * (number(answers, "posts") + number(answers, "old_posts"))
            case _:
                return 1

    def cost(self, rate: Decimal, units: int) -> int:
        """What the panel takes, rounded up."""
        return ceil(Fraction(rate) * 10_000 * (1 if self.key == "package" else Fraction(units, 1000)))

    def price(self, units: int) -> int:
        """What the customer pays, rounded up."""
        exact = Fraction(self.rate) * MARKUP * 10_000
        return ceil(exact if self.key == "package" else exact * units / 1000)

    def takes(self, answers: Answers) -> bool:
        """Whether the panel's limits allow these answers."""
        low, high = self.lowest, self.highest
        match self.key:
            case "likes":
                quantity = number(answers, "quantity")
                return low <= quantity <= high and quantity * number(answers, "runs", 1) <= high
            case "comments":
                return low <= len(lines(answers)) <= high
            case "posts":
                return low <= number(answers, "min") <= number(answers, "max") <= high
            case _:
                return True


def number(answers: Answers, name: str, otherwise: int = 0) -> int:
    """A number that was answered."""
    found = answers.get(name)
    return found if isinstance(found, int) else otherwise


def lines(answers: Answers) -> list[str]:
    """The comments."""
    found = answers.get("comments")
    return found if isinstance(found, list) else []


@dataclass
class Form:
    """A draft. ``shown`` is what its summary last said: price, limits and when."""

    id: int
    user: int
    item: Item
    answers: dict[str, object] = field(default_factory=dict)
    shown: tuple[int, int, int, datetime] | None = None
    order: int | None = None
    gone: bool = False


@dataclass
class Flight:
    """One ``add`` that was begun. ``answer``: what the books say of it, None while it is in flight."""

    order: int
    answer: str | None = None


@dataclass
class Order:
    """One purchase."""

    number: int
    user: int
    item: Item
    answers: Answers
    sold_at: Decimal
    units: int
    price: int
    held: int
    since: datetime
    next_try: datetime | None
    captured: int = 0
    refunded: int = 0
    state: str = "waiting"
    reason: str | None = None
    question: str | None = None
    asked: datetime | None = None
    reminders: int = 0
    at_a_loss: bool = False
    flights: list[Flight] = field(default_factory=list)
    lease: datetime | None = None
    unreachable: list[datetime] = field(default_factory=list)
    panel_order: str | None = None
    placed: datetime | None = None
    heard: datetime | None = None
    check: datetime | None = None
    remains: int | None = None
    ended: datetime | None = None

    @property
    def link(self) -> object:
        return self.answers.get("link") or self.answers.get("username")

    @property
    def waits(self) -> bool:
        """Whether it waits for the panel, not for a person."""
        return self.state == "waiting" and self.question is None


@dataclass
class Gate:
    """Whether the panel takes orders, and what its purse held last."""

    why: str | None = None
    at: datetime | None = None
    rests: datetime | None = None
    unknowns: int = 0
    probe: datetime | None = None
    gap: int = 0
    purse: int = 0


Said = tuple[int, str, int | None, str]


@dataclass
class Plain:
    """Everything there is. ``clock`` is the shop's own."""

    clock: Callable[[], datetime]
    items: dict[str, Item]
    wallets: dict[int, int] = field(default_factory=dict)
    owed: dict[int, int] = field(default_factory=dict)
    payments: dict[int, "Payment"] = field(default_factory=dict)
    requests: list["Request"] = field(default_factory=list)
    batches: dict[int, "Batch"] = field(default_factory=dict)
    forms: dict[int, Form] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    alerts: set[str] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return self.clock()

    def after(self, seconds: float) -> datetime:
        return self.now + timedelta(seconds=seconds)

    def order_cost(self, order: Order) -> int:
        """What the panel would take now, at the rate it lists; at the rate of the sale where it lists none."""
        listed = order.item.held or order.item.rate
        return order.item.cost(listed if order.item.listed else order.sold_at, order.units)

    # -- who is told what ----------------------------------------------------------------------------------

    def tell_admins(self, kind: str, order: int | None = None, detail: str = "") -> None:
        self.said += [(admin, kind, order, detail) for admin in ADMINS]

    def tell(self, order: Order, key: str | None = None, *, again: bool = False) -> None:
        """The customer and, where it may know, the channel; once per state unless it may come ``again``."""
        key = key or f"{order.number}:{order.state}"
        if key in self.keys and not again:
            return
        self.keys.add(key)
        detail = f"{order.state} {order.held} {order.captured} {order.refunded}"
        self.said.append((order.user, "order", order.number, detail))
        if order.state not in NOT_FOR_CHANNEL:
            self.said.append((CHANNEL, "channel", order.number, order.state))

    def alarm(self, key: str, kind: str, order: int | None = None) -> None:
        """Once until it is over."""
        if key not in self.alerts:
            self.alerts.add(key)
            self.tell_admins("alert", order, kind)

    def over(self, key: str, kind: str) -> None:
        """Only where somebody was told of it."""
        if key in self.alerts:
            self.alerts.remove(key)
            self.tell_admins("alert_over", None, kind)

    # -- money ---------------------------------------------------------------------------------------------

    def available(self, user: int) -> int:
        """What can be spent; below zero where something is owed."""
        return self.wallets[user] - self.owed.get(user, 0)

    def move(self, user: int, amount: int, *, forced: bool = False) -> bool:
        """Into a wallet or out of it: what is owed is paid off first, and only what is ``forced`` can make it more."""
        has = self.available(user) + amount
        if amount < 0 and not forced and self.wallets[user] + amount < 0:
            return False
        self.wallets[user], self.owed[user] = max(has, 0), max(-has, 0)
        return True

    def take_apart(self, order: Order, captured: int, refunded: int) -> None:
        """The whole hold, once."""
        assert captured + refunded == order.held
        order.held, order.captured, order.refunded = 0, captured, refunded
        self.move(order.user, refunded)

    def ask(self, order: Order, question: str | None) -> None:
        """What an admin has to decide about it, from now on."""
        order.question, order.reminders = question, 0
        order.asked = None if question is None else self.now
