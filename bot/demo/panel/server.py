"""The panel stand-in: on a real socket it takes orders, moves them along and fails when told to."""

import asyncio
import ssl as tls
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from bot.demo.panel import control
from bot.demo.panel.actions import perform
from bot.demo.panel.book import Book, Clock
from bot.demo.panel.delivery import Line, deliver
from bot.demo.panel.dialect import ALPHA, Dialect
from bot.demo.panel.faults import Fault, How
from bot.demo.panel.orders import DemoOrder, DemoRefill
from bot.demo.panel.rules import PanelRefusalError
from bot.demo.panel.service_types import DemoOffer
from bot.demo.panel.serving import FaultyServer
from bot.demo.panel.wire import HTML_TYPE, Answer, Request

API_PATH = "/api/v2"
MISHAPS = 0.15  # of the orders that move by the clock, so that a demo shows Partial and Canceled too


def utc_now() -> datetime:
    """The machine's clock, for when no other is passed in."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Received:
    """One call that reached the panel: its fields without ``key``, and the order taken for it, if any."""

    action: str
    fields: dict[str, str]
    at: datetime
    order: str | None = None
    fault: How | None = None


class DemoPanel(FaultyServer):
    """A panel that speaks API v2, for the demo and for tests.

    ``clock`` answers aware datetimes. With ``pace`` (seconds a step) orders move by the clock, else by
    ``advance``. ``mishaps`` is the share of orders that end Partial or Canceled: none, or 0.15 with a pace.
    ``one_per_link`` refuses a second open order for one link and service, as real panels do. With ``ssl`` it
    serves https.
    """

    def __init__(
        self,
        name: str = "Alpha",
        key: str = "demo-key-a",
        *,
        offers: Iterable[DemoOffer],
        currency: str = "USD",
        balance: Decimal = Decimal(100),
        dialect: Dialect = ALPHA,
        seed: int = 0,
        clock: Clock = utc_now,
        pace: float | None = None,
        mishaps: float | None = None,
        one_per_link: bool = True,
        ssl: tls.SSLContext | None = None,
    ) -> None:
        super().__init__(ssl=ssl)
        self.name, self.key, self.dialect, self.clock = name, key, dialect, clock
        self.book = Book(
            currency=currency,
            balance=balance,
            offers=offers,
            dialect=dialect,
            seed=seed,
            clock=clock,
            pace=pace,
            mishaps=(0.0 if pace is None else MISHAPS) if mishaps is None else mishaps,
            one_per_link=one_per_link,
        )
        self.requests: list[Received] = []
        self.counts: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._services: tuple[int, Answer] | None = None

    # -- what a test or the demo looks at ------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the panel answers, also while it is stopped. RuntimeError before the first start."""
        return self._origin + API_PATH

    @property
    def orders(self) -> dict[str, DemoOrder]:
        """Every order taken, by id; also those whose answer was lost."""
        return self.book.orders

    @property
    def refills(self) -> dict[str, DemoRefill]:
        """Every refill asked for, by id."""
        return self.book.refills

    @property
    def adds(self) -> list[dict[str, str]]:
        """The fields, without ``key``, of every ``add`` that arrived, taken or not."""
        return [received.fields for received in self.requests if received.action == "add"]

    @property
    def balance(self) -> Decimal:
        """The shop's money on this panel, in the panel's currency."""
        return self.book.balance

    @balance.setter
    def balance(self, amount: Decimal) -> None:
        self.book.balance = amount

    async def arrived(self, action: str, count: int = 1) -> None:
        """Wait until ``count`` calls of ``action`` have arrived since the panel was made."""
        await self.until(lambda: self.counts.get(action, 0) >= count)

    async def took(self, count: int = 1) -> None:
        """Wait until the panel has taken ``count`` orders since it was made."""
        await self.until(lambda: len(self.orders) >= count)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until ``condition`` holds; it is looked at whenever a call has arrived or was acted on.

        Also ends when the panel is stopped while somebody waits.
        """
        line = self._line
        while not condition() and not line.stopped:
            await self._changed.wait()

    # -- what a test or the demo tells it ------------------------------------------------------------------

    def fail(self, action: str, fault: Fault, times: int | None = 1, link: str | None = None) -> None:
        """Let the next ``times`` calls of ``action`` ("any" for all) fail; all until ``heal`` where None.

        Faults with a count come before the standing one, in the order given. With ``link`` only the calls for
        it fail. Faults "on accept" are for the next connections, whatever the action.
        """
        self._plan.add(action, fault, times, link)

    def heal(self, action: str | None = None) -> None:
        """Forget the faults planned for ``action``, or all; let those that wait go on."""
        self._plan.clear(action)
        self.release()

    def release(self) -> None:
        """Let the slow answers go out now."""
        self._line.release()

    def set_offers(self, offers: Iterable[DemoOffer]) -> None:
        """Sell these services from now on."""
        self.book.set_offers(offers)

    def set_status(
        self,
        order_id: str,
        status: str,
        *,
        remains: int | None = None,
        start_count: int | None = None,
        posts: int | None = None,
        runs: int | None = None,
        answer: dict[str, object] | None = None,
        omit: Iterable[str] = (),
    ) -> DemoOrder:
        """Put an order into a status, any word, with these numbers; what is None follows from the status.

        ``posts`` and ``runs`` are how many are done. ``answer`` is laid over what ``status`` will say of the
        order and ``omit`` leaves keys out, for values no sound panel sends. KeyError for an id it has not.
        """
        order = self.orders[order_id]
        if remains is not None:
            order.remains = remains
        if start_count is not None:
            order.start_count = start_count
        if posts is not None or status.lower() == "completed":
            order.posts_done = order.posts if posts is None else posts
        order.runs_done = order.runs_done if runs is None else runs
        order.answer, order.omit = dict(answer or {}), frozenset(omit)
        self.book.set_status(order, status)
        return order

    def advance(self, order_id: str | None = None) -> int:
        """Move one order, or all, a step along: Pending, In progress, its end. How many moved."""
        return self.book.advance(order_id)

    def forget(self, order_id: str, *, silently: bool = False) -> None:
        """Answer "Incorrect order ID" for it from now on; ``silently`` leaves it out of batches instead."""
        self.book.forget(order_id, silently=silently)

    def remember(self, order_id: str) -> None:
        """Take back ``forget``."""
        self.book.remember(order_id)

    # -- a connection --------------------------------------------------------------------------------------

    async def _reply(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line
    ) -> bool:
        if request.path != API_PATH or request.method != "POST":
            if request.path.startswith(control.PATH):
                peer: tuple[str, int] | None = writer.get_extra_info("peername")
                answer = await control.handle(self, request, peer[0] if peer else "")
            else:
                answer = Answer(404, b"<h1>404 Not Found</h1>", HTML_TYPE)
            return await line.send(answer, writer, keep_alive=request.keeps_alive)
        fields = request.form()
        key, action = fields.pop("key", ""), fields.pop("action", "")
        received = Received(action, fields, self.clock())
        self.requests.append(received)
        self.counts[action] = self.counts.get(action, 0) + 1
        fault = self._plan.next(action, fields)
        received.fault = fault.how if fault is not None else None
        self._tell()

        def act() -> Answer:
            answer = self._act(key, received)
            self._tell()
            return answer

        if fault is None:
            return await line.send(act(), writer, keep_alive=request.keeps_alive)
        pretend = act if fault.taken else self._pretend
        await deliver(fault, pretend, reader, writer, line)
        return False

    def _act(self, key: str, received: Received) -> Answer:
        """Do what a call asks and say so."""
        if key != self.key:
            return self._refuse("Invalid API key")
        known = self._services
        if received.action == "services" and known is not None and known[0] == self.book.offers_version:
            return known[1]
        try:
            said = perform(self.book, received.action, received.fields)
        except PanelRefusalError as refusal:
            return self._refuse(refusal.words)
        answer = Answer.of_json(said)
        if received.action == "services":
            self._services = (self.book.offers_version, answer)
        if received.action == "add" and isinstance(said, dict):
            received.order = str(said["order"])
        return answer

    def _refuse(self, words: str) -> Answer:
        return Answer.of_json(self.dialect.error(words), 400 if self.dialect.errors_as_400 else 200)

    def _pretend(self) -> Answer:
        """An answer as to an ``add``, for faults that send one although nothing was taken."""
        return Answer.of_json({"order": self.dialect.id(self.book.new_id())})

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
