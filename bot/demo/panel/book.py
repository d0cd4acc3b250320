"""What a panel knows: its services, its purse, its orders and refills, and the moving along of them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from bot.demo.panel import motion
from bot.demo.panel.dialect import Dialect
from bot.demo.panel.orders import OPEN_STEPS, SLICES, DemoOrder, DemoRefill, chance, fate_of
from bot.demo.panel.rules import PanelRefusalError, check_add
from bot.demo.panel.service_types import DemoOffer

Clock = Callable[[], datetime]

SLOWEST_REFILL = 3.0  # a refill that moves by the clock is done after this many paces


class Book:
    """The panel's state, in memory only. It knows nothing of HTTP.

    ``pace`` is how many seconds an order takes for one step when it moves by the clock; None leaves that to
    ``advance``. Orders are brought up to date when they are looked at, so no task runs for that.
    ``mishaps`` is the share of orders that end Partial or Canceled.
    """

    def __init__(
        self,
        *,
        currency: str,
        balance: Decimal,
        offers: Iterable[DemoOffer],
        dialect: Dialect,
        seed: int,
        clock: Clock,
        pace: float | None,
        mishaps: float,
        one_per_link: bool,
    ) -> None:
        self.currency, self.balance, self.dialect = currency, balance, dialect
        self.seed, self.clock, self.pace, self.mishaps = seed, clock, pace, mishaps
        self.one_per_link = one_per_link
        self.offers: dict[str, DemoOffer] = {}
        self.offers_version = 0
        self.orders: dict[str, DemoOrder] = {}
        self.children: dict[str, DemoOrder] = {}
        self.refills: dict[str, DemoRefill] = {}
        self.silent: set[str] = set()
        self._last_refill: dict[str, DemoRefill] = {}
        self._forgotten: set[str] = set()
        self._open: dict[str, DemoOrder] = {}
        self._by_subject: dict[tuple[str, str], DemoOrder] = {}
        self._serial = 0
        self._purse = motion.Purse(self._pay, self.new_id, self._keep_child)
        self.set_offers(offers)

    def set_offers(self, offers: Iterable[DemoOffer]) -> None:
        """Sell these services from now on; orders of others go on."""
        self.offers = {offer.service: offer for offer in offers}
        self.offers_version += 1

    def new_id(self) -> str:
        """An id that no order, child or refill of this panel has had."""
        self._serial += 1
        return self.dialect.new_id(self._serial, self.seed)

    def take(self, fields: dict[str, str]) -> DemoOrder:
        """Check an ``add`` and take it: the order is there and paid for. Raises PanelRefusalError."""
        offer = self.offers.get(fields.get("service", ""))
        if offer is None:
            raise PanelRefusalError("Incorrect service ID")
        now = self.clock()
        asked = check_add(offer, fields, self.dialect, now.date())
        other = self._by_subject.get((offer.service, asked.subject))
        if self.one_per_link and other is not None and not self.refresh(other).closed:
            raise PanelRefusalError("You have active order with this link. Please wait until order being completed.")
        if asked.needed > self.balance:
            raise PanelRefusalError("Not enough funds on balance")
        name = self.new_id()
        order = DemoOrder(
            id=name,
            service=offer.service,
            type=offer.type,
            fields=dict(fields),
            quantity=asked.quantity,
            runs=asked.runs,
            posts=asked.posts,
            price=asked.charge,
            created_at=now,
            fate=fate_of(self.seed, name, self.mishaps),
            status="Active" if asked.posts else "Pending",
            charge=asked.charge,
        )
        self.balance -= asked.charge
        self.orders[name] = self._open[name] = self._by_subject[offer.service, asked.subject] = order
        return order

    def find(self, name: str) -> DemoOrder | None:
        """The order or child order of this id, as it is now; None where the panel has none."""
        order = self.orders.get(name) or self.children.get(name)
        return None if order is None or name in self._forgotten else self.refresh(order)

    def forget(self, name: str, *, silently: bool) -> None:
        """Answer "Incorrect order ID" for this order from now on, or leave it out of batches silently."""
        (self.silent if silently else self._forgotten).add(name)

    def remember(self, name: str) -> None:
        """Take back ``forget``."""
        self.silent.discard(name)
        self._forgotten.discard(name)

    def advance(self, name: str | None = None) -> int:
        """Move one order, or all and the refills, one step along; how many moved."""
        moving = list(self._open.values()) if name is None else [self.orders[name]]
        moving = [order for order in moving if not order.closed and not order.pinned]
        for order in moving:
            order.steps += 1
            if order.cancel_asked_at is not None:
                self._end(order)
            else:
                self.refresh(order)
        if name is None:
            for refill in self.refills.values():
                refill.steps += 1
        return len(moving)

    def refresh(self, order: DemoOrder) -> DemoOrder:
        """Bring an order to where its steps and the clock say it is."""
        if order.closed or order.pinned:
            return order
        progress = motion.NOT_YET if order.steps == 0 else min(order.steps, 2) / 2
        if self.pace is not None:
            slow = self.pace * order.fate.tempo
            age = (self.clock() - order.created_at).total_seconds() / slow
            progress = max(progress, (age - 1) / SLICES)
            if self._cancel_is_due(order):
                self._end(order)
        motion.move(order, progress, self._purse, self._rate(order))
        self.settle(order)
        return order

    def refresh_all(self) -> None:
        """Bring every open order to where the clock says it is; the balance follows."""
        for order in list(self._open.values()):
            self.refresh(order)

    def set_status(self, order: DemoOrder, status: str) -> None:
        """Put an order into a status by hand.

        It goes on from there, unless the status is an end or a word the stand-in does not know.
        """
        order.status = status
        steps = OPEN_STEPS.get(status.lower())
        order.pinned = steps is None and not order.closed
        order.steps = steps if steps is not None else order.steps
        order.cancel_asked_at = None
        motion.fill_in(order)
        if not order.closed and order.id in self.orders:
            self._open[order.id] = order
        self.settle(order)

    def settle(self, order: DemoOrder) -> None:
        """Give back or take again what the order's status and remains say of its price."""
        if not order.posts:
            kept = order.kept()
            self.balance += order.charge - kept
            order.charge = kept
        if order.closed:
            self._open.pop(order.id, None)

    def ask_refill(self, order: DemoOrder) -> DemoRefill:
        """Take a refill request. Raises PanelRefusalError."""
        offer = self.offers.get(order.service)
        if offer is None or not offer.refill or order.status not in {"Completed", "Partial"}:
            raise PanelRefusalError("Refill is not available for this order")
        last = self._last_refill.get(order.id)
        if last is not None and self.refill_status(last) != "Completed":
            raise PanelRefusalError("Refill already requested")
        refill = DemoRefill(self.new_id(), order.id, self.clock())
        self.refills[refill.id] = self._last_refill[order.id] = refill
        return refill

    def refill_status(self, refill: DemoRefill) -> str:
        """How far a refill is."""
        if refill.status == "Pending":
            age = 0.0
            if self.pace is not None:
                age = (self.clock() - refill.created_at).total_seconds() / self.pace
            if refill.steps >= 2 or age >= SLOWEST_REFILL:
                refill.status = "Completed"
            elif refill.steps == 1 or age >= 1:
                return "In progress"
        return refill.status

    def ask_cancel(self, order: DemoOrder) -> None:
        """Take a cancel request; it is done at the order's next step. Raises PanelRefusalError."""
        offer = self.offers.get(order.service)
        if offer is None or not offer.cancel or order.closed or order.cancel_asked_at is not None:
            raise PanelRefusalError("Cancel is not available for this order")
        order.cancel_asked_at = self.clock()

    def _cancel_is_due(self, order: DemoOrder) -> bool:
        asked = order.cancel_asked_at
        if asked is None or self.pace is None:
            return False
        wait = self.pace * (0.5 + chance(self.seed, order.id, "cancel"))
        return (self.clock() - asked).total_seconds() >= wait

    def _end(self, order: DemoOrder) -> None:
        motion.stop(order)
        self.settle(order)

    def _rate(self, order: DemoOrder) -> Decimal:
        offer = self.offers.get(order.service)
        return offer.rate if offer is not None else Decimal(0)

    def _pay(self, cost: Decimal) -> bool:
        if cost > self.balance:
            return False
        self.balance -= cost
        return True

    def _keep_child(self, child: DemoOrder) -> None:
        self.children[child.id] = child
