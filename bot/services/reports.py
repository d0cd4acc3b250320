"""What admins look at: panels, an order's whole file, a person, what waits for a decision. Nothing changes here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain import money
from bot.domain.errors import ShopError
from bot.domain.orders import Attempt, Order, OrderEvent, OrderState, Question
from bot.domain.panels import PanelRecord
from bot.domain.payments import Payment, PaymentState
from bot.domain.people import User
from bot.paying.stars import Stars
from bot.services import currencies, gates, support
from bot.services.paying import PaymentGone
from bot.services.shop import Shop
from bot.services.wallet import NoSuchCustomer
from bot.storage import ledger, orders, panels, payments, people, queues
from bot.storage.database import Transaction

# What a message has room for, beside the rest of it.
LAST_ORDERS = 8
LAST_PAYMENTS = 3
LAST_EVENTS = 30
MOST_QUESTIONS = 100
LISTED_PAYMENTS = 10
# Payments of which something became; the others were only looked at.
_NOTABLE = (
    PaymentState.REVIEW,
    PaymentState.PAID,
    PaymentState.REJECTED,
    PaymentState.REFUNDING,
    PaymentState.REFUNDED,
)


@dataclass(frozen=True, slots=True)
class PanelReport:
    """A panel and what waits for it.

    ``balance`` is in ten-thousandths of the panel's currency, ``needed`` (what the waiting orders cost) in those of
    the shop's; ``unpriced`` of them nobody can price. ``sold``: its currency is one the shop can reckon with.
    ``rests_until``: until then it is not called, because it or our own limit says so. ``named``: a currency that it
    says now, and that no admin agreed to.
    """

    record: PanelRecord
    balance: int | None
    waiting: int
    needed: int
    unpriced: int
    open: int
    sold: bool
    rests_until: datetime | None
    named: str | None = None


async def panel_reports(tx: Transaction, shop: Shop) -> tuple[PanelReport, ...]:
    """Every panel of the settings, by name."""
    held = await queues.open_orders(tx)
    return tuple(
        [
            await _panel(tx, shop, record, held.get(record.name, 0))
            for record in await panels.every(tx)
            if record.name in shop.settings.panels
        ]
    )


async def _panel(tx: Transaction, shop: Shop, record: PanelRecord, held: int) -> PanelReport:
    costs = [gates.order_cost(shop, order) for order in await queues.waiting(tx, record.name)]
    known = [cost for cost in costs if cost is not None]
    return PanelReport(
        record,
        balance=None if record.balance is None else _amount(record.balance),
        waiting=len(costs),
        needed=sum(known),
        unpriced=len(costs) - len(known),
        open=held,
        sold=record.name in shop.shelf.exchange,
        rests_until=record.rest_until if record.rest_until and record.rest_until > tx.now else None,
        named=await currencies.held(tx, record.name),
    )


def _amount(value: Decimal) -> int:
    return int(value * money.SCALE)


@dataclass(frozen=True, slots=True)
class OrderFile:
    """All the books have of an order. ``cost`` is what the panel would charge now, None where nobody can say;
    ``asked`` tells whether the panel can be asked about it; ``ticket`` is what its customer asked the shop in."""

    order: Order
    customer: User | None
    cost: int | None
    attempts: tuple[Attempt, ...]
    events: tuple[OrderEvent, ...]
    asked: bool
    ticket: int | None = None

    @property
    def evidence(self) -> OrderEvent | None:
        """What the panel's purse told when the last answer was lost."""
        return next((event for event in reversed(self.events) if event.kind == "evidence"), None)

    @property
    def takes_decision(self) -> frozenset[str]:
        """What can be decided about it now: look, placed, resend, refund, part, close."""
        return possible(self.order.state, self.order.question, held=self.order.held, looks=self.asked)


def possible(state: OrderState, question: Question | None, *, held: int, looks: bool) -> frozenset[str]:
    """What an admin can do about an order: look, placed, resend, refund, part, close."""
    found = {"look"} if looks else set()
    if question is Question.UNCERTAIN:
        found.add("placed")
    if question in {Question.UNCERTAIN, Question.COST}:
        found.add("resend")
    # While an `add` is in flight, its answer decides first.
    if held and state is not OrderState.SUBMITTING:
        found.add("refund")
        if state not in {OrderState.WAITING, OrderState.UNCERTAIN}:
            found |= {"part", "close"}
    return frozenset(found)


async def order_file(tx: Transaction, shop: Shop, number: int) -> OrderFile:
    """The file of any customer's order. Raises ``ShopError``."""
    order = await orders.find(tx, number)
    if order is None:
        raise ShopError("order.unknown", number=number)
    return OrderFile(
        order,
        customer=await people.find_user(tx, order.user_id),
        cost=gates.order_cost(shop, order),
        attempts=tuple(await orders.attempts_of(tx, number)),
        events=tuple(await orders.last_events(tx, number, limit=LAST_EVENTS)),
        asked=order.panel_order is not None and order.panel in shop.panels,
        ticket=await support.ticket_about(tx, order),
    )


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person, their wallet, their last orders and their last payments, newest first."""

    user: User
    available: int
    on_hold: int
    orders: int
    last: tuple[Order, ...]
    payments: tuple[Payment, ...] = ()


async def find_person(tx: Transaction, who: int | str) -> User:
    """Somebody who wrote to the bot, by id or by username. Raises ``NoSuchCustomer``."""
    if isinstance(who, int):
        found = await people.find_user(tx, who)
        if found is None:
            raise NoSuchCustomer("customer.unknown", user=who)
        return found
    found = await people.find_username(tx, who)
    if found is None:
        raise NoSuchCustomer("customer.unknown_name", username=who)
    return found


async def person_file(tx: Transaction, who: int | str) -> PersonFile:
    """What the books have of a person, by id or by username. Raises ``NoSuchCustomer``."""
    user = await find_person(tx, who)
    return PersonFile(
        user,
        available=await ledger.available(tx, user.id),
        on_hold=await ledger.on_hold(tx, user.id),
        orders=await orders.count_of_user(tx, user.id),
        last=tuple(await orders.of_user(tx, user.id, limit=LAST_ORDERS)),
        payments=tuple(await payments.of_user(tx, user.id, states=_NOTABLE, limit=LAST_PAYMENTS)),
    )


async def questions(tx: Transaction) -> tuple[Order, ...]:
    """Every order that waits for a decision: the uncertain first, each kind oldest first."""
    found = await orders.with_question(tx, limit=MOST_QUESTIONS)
    return tuple(sorted(found, key=lambda order: order.question is not Question.UNCERTAIN))


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A payment, whose it is, and what their wallet has now."""

    payment: Payment
    customer: User
    available: int

    @property
    def refundable(self) -> bool:
        """Whether the shop can give it back by itself."""
        payment = self.payment
        return payment.way == Stars.name and payment.state is PaymentState.PAID and payment.charge is not None

    @property
    def short(self) -> bool:
        """Whether some of it was spent, so that the wallet cannot give it back whole."""
        return self.available < self.payment.amount


async def payment_file(tx: Transaction, number: int) -> PaymentFile:
    """The file of any customer's payment. Raises ``PaymentGone``."""
    payment = await payments.find(tx, number)
    customer = None if payment is None else await people.find_user(tx, payment.user_id)
    if payment is None or customer is None:
        raise PaymentGone("payment.gone", payment=number)
    return PaymentFile(payment, customer, await ledger.available(tx, customer.id))


@dataclass(frozen=True, slots=True)
class PaymentList:
    """The payments that wait for a decision, oldest first and ``count`` in all, and the last of the others.

    ``names`` are those of their customers, by id.
    """

    waiting: tuple[Payment, ...]
    count: int
    last: tuple[Payment, ...]
    names: Mapping[int, str]


async def payment_list(tx: Transaction) -> PaymentList:
    """What admins are to decide on, and what became of the last payments."""
    waiting = await payments.in_state(tx, PaymentState.REVIEW, limit=LISTED_PAYMENTS)
    settled = [state for state in _NOTABLE if state is not PaymentState.REVIEW]
    last = await payments.latest(tx, states=settled, limit=LAST_ORDERS)
    customers = [await people.find_user(tx, user) for user in {payment.user_id for payment in (*waiting, *last)}]
    return PaymentList(
        tuple(waiting),
        await payments.count_in_state(tx, PaymentState.REVIEW),
        tuple(last),
        {customer.id: customer.name for customer in customers if customer is not None},
    )
