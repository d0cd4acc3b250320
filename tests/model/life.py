"""A shop's life, drawn from a seed: customers, admins, panels, time, and a process that may end at any point.

A life can be lived again: everything in it is drawn from one ``Random``, and its clock stands still but for what is
drawn. The network is two ``WildPanel``s, which keep books of their own to compare with.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeVar

from sqlalchemy import select

from bot import points
from bot.domain.catalog import Offer
from bot.domain.errors import ShopError
from bot.domain.requests import RequestKind
from bot.panel import PanelClient
from bot.services import mailroom, opening, rounds
from bot.services.shop import Shop
from bot.storage import people
from bot.storage.audit import audit
from bot.storage.database import Transaction
from bot.storage.tables import orders
from tests.clock import FakeClock
from tests.model.books import Books
from tests.model.history import History
from tests.model.real import settings
from tests.model.wild_panel import WildPanel

T = TypeVar("T")
NAMES = ("alpha", "beta")
CUSTOMERS = tuple(range(101, 117))
OFFERS = (
    Offer("1", "Likes", "Default", "Instagram", Decimal("0.9"), 10, 5_000, refill=True, cancel=True),
    Offer("2", "A package", "Package", "Instagram", Decimal("1.5"), 1, 1),
    Offer("3", "Comments", "Custom Comments", "Instagram", Decimal(9), 1, 20, refill=True, cancel=True),
    Offer("4", "Every new post", "Subscriptions", "Instagram", Decimal("0.4"), 10, 1_000),
)
# How often, of all points that are passed, the process ends there.
KILLS = 1 / 700
# How many calls may be under way at once beside the first.
DEEP = 3


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Life:
    """The world around one shop. ``open_shop`` first; then let it live, a turn at a time."""

    books: Books
    chance: Random
    history: History
    panels: dict[str, WildPanel]
    shop: Shop
    deep: int = 0
    turns: int = 0
    calm: bool = False

    @classmethod
    def begun(cls, books: Books, clock: FakeClock, seed: int) -> "Life":
        """A life that nothing happened in yet."""
        chance, history = Random(seed), History(clock)
        panels = {name: WildPanel(name, OFFERS, chance, history) for name in NAMES}
        return cls(books, chance, history, panels, _shop(books, panels))

    @property
    def clock(self) -> FakeClock:
        return self.history.clock

    def likely(self, probability: float) -> bool:
        """Throw the dice."""
        return self.chance.random() < probability

    # -- the process ---------------------------------------------------------------------------------------

    async def open_shop(self) -> None:
        """The first day: customers come, services are listed."""
        async with self.shop.db.write() as tx:
            await opening.open_books(tx, self.shop)
            for user in CUSTOMERS:
                await people.see_user(tx, user, name=f"Customer {user}", username=None, language=None)
        for name in self.panels:
            await rounds.sync(self.shop, name)

    async def restart(self) -> None:
        """A new process, with nothing but the file."""
        self.history.count("restarts")
        self.history.note("the shop is started again")
        self.deep = 0
        self.shop = _shop(self.books, self.panels)
        self.shop.db = await self.books.reopen()
        async with self.shop.db.write() as tx:
            await opening.open_books(tx, self.shop)

    def _reaper(self, point: str) -> None:
        if not self.calm and self.likely(KILLS):
            self.history.count("kills")
            self.history.note(f"killed at {point}")
            raise Killed

    async def do(self, work: Callable[[], Awaitable[T]]) -> T | ShopError | None:
        """Let somebody do something; None where the process ended meanwhile, and was started again."""
        points.listen(self._reaper)
        try:
            return await work()
        except ShopError as error:
            return error
        except (Killed, asyncio.CancelledError):  # killed, or told to stop with calls under way
            points.listen(None)
            await self.restart()
            return None
        finally:
            points.listen(None)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T | ShopError | None:
        """A use case in a transaction of its own."""

        async def run() -> T:
            async with self.shop.db.write() as tx:
                return await work(tx)

        return await self.do(run)

    # -- its loops -----------------------------------------------------------------------------------------

    async def loops(self) -> None:
        """What the shop does by itself, once around."""
        self.turns += 1
        await self.do(lambda: rounds.housekeeping(self.shop))
        for name, panel in self.panels.items():
            panel.pass_time()
            await self.place(name)
            await self.do(partial(rounds.track_once, self.shop, name))
            for kind in RequestKind:
                await self.do(partial(rounds.ask_once, self.shop, name, kind))
            await self.do(partial(rounds.follow_once, self.shop, name))
            if panel.weather is not None or self.turns % 5 == 0:
                await self.do(partial(rounds.ask_balance, self.shop, name))
            if self.turns % 30 == 0:
                await self.do(partial(rounds.sync, self.shop, name))
            if panel.purse < 15 and self.likely(0.1):
                panel.top_up()
        await self.deliver()
        if not self.calm and self.likely(0.004):
            await self.restart()
        if self.turns % 20 == 0:
            await self._look_into_books()
        if self.turns % 100 == 0:
            await self.prove()

    async def place(self, name: str) -> None:
        """Send what waits for a panel."""
        while await self.do(lambda: rounds.place_one(self.shop, name)) is True:
            pass

    async def deliver(self) -> bool:
        """News out, oldest first; now and then Telegram has to be asked again. Whether there may be more."""

        async def send(tx: Transaction) -> list[int]:
            gone: list[int] = []
            for news, _ in await mailroom.next_news(tx, limit=60):
                if self.likely(0.03):
                    await mailroom.delayed(tx, [news], 20)
                    continue
                await mailroom.delivered(tx, [news], news.id)
                gone.append(news.id)
            return gone

        sent = await self.write(send)
        while isinstance(sent, list) and len(sent) > 10:
            sent = await self.write(send)
        return sent != []

    async def _look_into_books(self) -> None:
        """A panel can only give an id twice that it gave before."""
        known = select(orders.c.panel_order).where(orders.c.panel_order.is_not(None)).order_by(orders.c.id)
        async with self.books.second.read() as tx:
            for name, panel in self.panels.items():
                panel.followed = list(await tx.conn.scalars(known.where(orders.c.panel == name)))

    async def prove(self) -> None:
        """The books are right at any time."""
        async with self.books.second.read() as tx:
            wrong = await audit(tx)
        assert wrong == [], f"after {self.turns} turns: {wrong}"


def _shop(books: Books, panels: dict[str, WildPanel]) -> Shop:
    clients: dict[str, PanelClient] = dict(panels)
    return Shop(settings(*NAMES), books.db, clients)
