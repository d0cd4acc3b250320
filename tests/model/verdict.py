"""A life's end: the shop's books beside what the panels really have, what was paid in, and what people were told."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import func, select

from bot.domain.outcomes import PanelStatus, StatusReport
from bot.domain.requests import RequestKind
from bot.storage.audit import audit
from bot.storage.tables import attempts, order_events, orders, outbox, requests, wallets
from tests.model.admins import Admins
from tests.model.askers import Askers
from tests.model.customers import Customers, Purchase
from tests.model.life import CUSTOMERS, Life
from tests.model.lists import Lists
from tests.model.parcels import ENDINGS, Parcel
from tests.model.plain import MARKUP

ENDED = {"completed", "partial", "canceled", "refused", "expired"}
COUNTED = {"Default", "Custom Comments"}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is not as it should be. ``about``: the link of the order it concerns, or nothing."""

    about: str
    what: str


@dataclass
class Books:
    """Everything in the shop's books that a verdict needs."""

    orders: list[Any]
    events: dict[int, list[Any]]
    calls: dict[str, int]
    news: dict[int, list[Any]]
    wallets: dict[int, int]
    care: list[Any]
    requests: list[Any]
    wrong: list[str]


async def read(life: Life) -> Books:
    """The shop's books as they are, through a connection of its own."""
    async with life.books.second.read() as tx:
        events: dict[int, list[Any]] = {}
        for row in await tx.conn.execute(select(order_events).order_by(order_events.c.id)):
            events.setdefault(row.order_id, []).append(row)
        news: dict[int, list[Any]] = {}
        mine = select(outbox).where(outbox.c.kind == "order").order_by(outbox.c.id)
        for row in await tx.conn.execute(mine):
            news.setdefault(row.order_id, []).append(row)
        calls = select(orders.c.panel, func.count()).join(attempts, attempts.c.order_id == orders.c.id)
        return Books(
            orders=list(await tx.conn.execute(select(orders).order_by(orders.c.id))),
            events=events,
            calls={row[0]: row[1] for row in await tx.conn.execute(calls.group_by(orders.c.panel))},
            news=news,
            wallets={row.user_id: row.balance for row in await tx.conn.execute(select(wallets))},
            care=list(await tx.conn.execute(select(outbox).where(outbox.c.kind.in_(["request", "mass_report"])))),
            requests=list(await tx.conn.execute(select(requests).order_by(requests.c.id))),
            wrong=await audit(tx),
        )


@dataclass
class Verdict:
    """Compares; ``complaints`` is empty where the shop kept its promise."""

    life: Life
    customers: Customers
    admins: Admins
    lists: Lists
    askers: Askers
    books: Books

    def complaints(self) -> list[Complaint]:
        found = [Complaint("", wrong) for wrong in self.books.wrong]
        found += [*self._purchases(), *self._panels(), *self._wallets(), *self._lists(), *self._requests()]
        for order in self.books.orders:
            about = order.answers.get("link") or order.answers.get("username")
            found += [Complaint(about, f"Order {order.id} {what}") for what in self._order(order, about)]
        return found

    # -- lost and doubled ----------------------------------------------------------------------------------

    def _purchases(self) -> Iterator[Complaint]:
        """Every wish became one order at most, and every order was somebody's wish."""
        links = Counter(order.answers.get("link") or order.answers.get("username") for order in self.books.orders)
        yield from (Complaint(link, f"{times} orders for one wish") for link, times in links.items() if times > 1)
        yield from (Complaint(str(link), "an order nobody wanted") for link in links.keys() - self.customers.purchases)
        numbers = {order.id for order in self.books.orders}
        for purchase in self.customers.purchases.values():
            if purchase.order is not None and purchase.order not in numbers:
                yield Complaint(purchase.about, f"order {purchase.order} was confirmed and is not in the books")

    def _panels(self) -> Iterator[Complaint]:
        """Every parcel belongs to one order, or to one that an admin decided on."""
        mine = {(order.panel, order.panel_order): order for order in self.books.orders if order.panel_order}
        by_about = {order.answers.get("link") or order.answers.get("username"): order for order in self.books.orders}
        for name, panel in self.life.panels.items():
            if panel.adds > self.books.calls.get(name, 0):
                yield Complaint("", f"{name} was called {panel.adds} times, written down are {self.books.calls}")
            taken = Counter(parcel.about for parcel in panel.parcels.values())
            for about, times in taken.items():
                if times > 1 + self.admins.mistakes[about]:
                    yield Complaint(about, f"{name} took it {times} times")
            for parcel in panel.parcels.values():
                order = by_about.get(parcel.about)
                if order is None:
                    yield Complaint(parcel.about, f"{name} has it as {parcel.id}, the shop has no such order")
                elif mine.get((name, parcel.id)) is not order and not self._decided(order):
                    yield Complaint(parcel.about, f"{name} has it as {parcel.id}, order {order.id} knows nothing of it")

    def _kinds(self, order: Any) -> list[str]:
        return [event.kind for event in self.books.events[order.id]]

    def _decided(self, order: Any) -> bool:
        """Whether an admin gave it back or sent it again, against what the panel has."""
        return bool({"refunded", "resend"} & set(self._kinds(order)))

    # -- one order -----------------------------------------------------------------------------------------

    def _order(self, order: Any, about: str) -> Iterator[str]:
        if order.state not in ENDED or order.held or order.question:
            yield f"is {order.state}, holds {order.held}, asks {order.question}"
            return
        purchase = self.customers.purchases.get(about)
        if purchase is None:
            return
        parcel = self.life.panels[order.panel].parcels.get(order.panel_order or "")
        if order.panel_order and (parcel is None or parcel.about != about):
            yield f"has the id {order.panel_order}, which is not its own"
            return
        if parcel is not None:
            yield from _sent(purchase, parcel)
        yield from _paid(order, purchase)
        yield from self._wanted(order)
        yield from self._money(order, parcel)
        yield from self._told(order)

    def _wanted(self, order: Any) -> Iterator[str]:
        """What is written down as decided was decided by somebody."""
        wishes = self.admins.wishes.get(order.id, set())
        for event in self.books.events[order.id]:
            wish = {
                "refunded": f"refund {event.details.get('refunded')}",
                "closed": "close",
                "resend": "resend",
                "send_anyway": "resend",
            }.get(event.kind)
            if wish is not None and wish not in wishes:
                yield f"was {event.kind}, and nobody wanted {wish}: {wishes}"
            if event.kind == "decided_placed" and f"placed {order.panel_order}" not in wishes:
                yield f"was placed as {order.panel_order} by nobody"

    def _money(self, order: Any, parcel: Parcel | None) -> Iterator[str]:
        got = (order.captured, order.refunded)
        kinds = self._kinds(order)
        if "refunded" in kinds:
            event = next(event for event in self.books.events[order.id] if event.kind == "refunded")
            refunded = event.details["refunded"]
            fitting = [(order.price - refunded, refunded)]
        elif "closed" in kinds:
            fitting = [(order.price, 0)]
        elif "canceled_by_customer" in kinds:
            if order.id not in self.customers.taken_back:
                yield "was taken back by nobody"
            fitting = [(0, order.price)]
        elif order.state == "refused":
            fitting = [(0, order.price)]
        else:
            fitting = [] if parcel is None else [ended for ended in _ends(order, parcel) if ended is not None]
        if got not in fitting:
            yield f"captured and refunded {got} of {order.price}, and should have {fitting}"

    def _told(self, order: Any) -> Iterator[str]:
        """From the order to its end, and the end with the money as it is; all of it went out."""
        news = self.books.news.get(order.id, [])
        states = [row.facts["state"] for row in news]
        alone = order.batch_id is None  # a mass order tells of its beginning in one message
        if not news or (alone and states[0] != "waiting") or states[-1] != order.state:
            yield f"is {order.state}, and its customer was told {states}"
            return
        last = news[-1].facts
        if (last["held"], last["captured"], last["refunded"]) != (0, order.captured, order.refunded):
            yield f"captured {order.captured} and refunded {order.refunded}, and its customer was told {last}"
        if {row.chat_id for row in news} != {order.user_id}:
            yield "was told to somebody else"
        if any(row.sent_at is None for row in news):
            yield "has news that did not go out"

    # -- lists and requests --------------------------------------------------------------------------------

    def _lists(self) -> Iterator[Complaint]:
        """Every list that was confirmed was reported on, once; no other was."""
        reported = Counter(row.facts["batch"] for row in self.books.care if row.kind == "mass_report" and row.sent_at)
        confirmed = Counter(each.batch for each in self.lists.sent if each.confirmed)
        if reported != confirmed:
            yield Complaint("", f"lists {confirmed} were confirmed, and reported on were {reported}")

    def _requests(self) -> Iterator[Complaint]:
        """Each was wanted, asked for once at most, came to an end, and its customer knows to which."""
        by_order = {order.id: order for order in self.books.orders}
        told = {
            (row.chat_id, row.facts["asked"], row.facts["came_to"], number)
            for row in self.books.care
            if row.kind == "request" and row.sent_at
            for number in row.facts["numbers"]
        }
        made: Counter[tuple[int, str]] = Counter()
        for row in self.books.requests:
            order = by_order[row.order_id]
            made[row.order_id, row.kind] += 1
            if row.state in {"wanted", "asking"}:
                yield Complaint(_about(order), f"a {row.kind} of order {order.id} is {row.state} for ever")
            worth_telling = {"refused", "lost", "rejected", *(["done"] if row.panel_refill else [])}
            if row.state in worth_telling and (order.user_id, row.kind, row.state, order.id) not in told:
                yield Complaint(_about(order), f"a {row.kind} of order {order.id} was {row.state}, told was nobody")
        for (number, kind), times in made.items():
            order = by_order[number]
            panel = self.life.panels[order.panel]
            asked = (panel.refilled if kind == "refill" else panel.stopped)[order.panel_order]
            if not asked <= times <= self.askers.wanted.get((number, RequestKind(kind)), 0):
                yield Complaint(
                    _about(order), f"a {kind} of order {number}: {times} times wanted, {asked} times asked for"
                )

    # -- money ---------------------------------------------------------------------------------------------

    def _wallets(self) -> Iterator[Complaint]:
        """What was paid in, less what was earned, is there."""
        for user in CUSTOMERS:
            earned = sum(order.captured for order in self.books.orders if order.user_id == user)
            there, should = self.books.wallets.get(user, 0), self.customers.paid.get(user, 0) - earned
            if there != should:
                yield Complaint("", f"customer {user} has {there}, and should have {should}")


def _about(order: Any) -> str:
    """What an order is for."""
    return str(order.answers.get("link") or order.answers.get("username"))


def _sent(purchase: Purchase, parcel: Parcel) -> Iterator[str]:
    """The panel was asked for what the customer wanted."""
    for name, value in parcel.fields.items():
        if name == "service":
            continue
        answer = purchase.answers[name]
        wanted = "\n".join(answer) if isinstance(answer, list) else str(answer)
        if value != wanted:
            yield f"was sent with {name} {value}, wanted was {wanted}"


def _paid(order: Any, purchase: Purchase) -> Iterator[str]:
    """The price is the one that was shown, and what the rate of that moment makes it."""
    rate = Fraction(order.snapshot["rate"]) * MARKUP * 10_000
    exact = rate if order.snapshot["type"] == "Package" else rate * order.quantity / 1000
    if (order.price, order.user_id) != (ceil(exact), purchase.user) or order.price != purchase.shown:
        yield f"cost {order.price}, shown was {purchase.shown}, right is {ceil(exact)}"


def _ends(order: Any, parcel: Parcel) -> Iterator[tuple[int, int] | None]:
    """(captured, refunded) for each end that the panel told; None where only an admin can say."""
    for _, report in parcel.plan:
        if isinstance(report, StatusReport) and report.status in ENDINGS:
            back = _back(order, report)
            yield None if back is None else (order.price - back, back)


def _back(order: Any, report: StatusReport) -> int | None:
    price, spread = order.price, order.answers.get("runs") is not None
    if order.snapshot["type"] == "Subscriptions" and report.status is not PanelStatus.PARTIAL:
        if report.posts is None:
            return None
        bought = order.quantity // order.answers["max"]
        return int(price * max(bought - report.posts, 0) // bought)
    match report.status:
        case PanelStatus.COMPLETED:
            return 0
        case PanelStatus.CANCELED:
            return None if spread and report.runs else price
        case PanelStatus.PARTIAL:
            counted = order.snapshot["type"] in COUNTED and not spread
            known = counted and report.remains is not None and 0 <= report.remains <= order.quantity
            return int(price * (report.remains or 0) // order.quantity) if known else None
        case _:
            return None
