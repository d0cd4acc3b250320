"""A whole shop for a test: the real app, a made-up Telegram, two made-up panels."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import text

from bot.app import App, opened
from bot.demo.panel import ALPHA, BETA, DemoOffer, DemoPanel, demo_offers, offer_of_type
from bot.demo.telegram import DemoTelegram, Person
from bot.services import rounds
from bot.settings import PanelSettings, Settings
from bot.storage.audit import audit
from bot.storage.database import Clock, Database, system_clock
from bot.telegram.delivery import Gaps
from bot.telegram.pacing import Pacing
from tests.colours import wrong_colours
from tests.engines import new_books

TOKEN = "42:TEST-TOKEN-OF-A-MADE-UP-TELEGRAM"
UNHURRIED = 10_000
# The made-up Telegram takes messages as fast as they come: nobody waits a second for the next news.
AT_ONCE = Gaps(0.0, 0.0, 0.0)
ADMIN, CUSTOMER, CHANNEL = 9001, 1001, -1009001
# How long people wait before a test fails, in seconds: enough for a machine that has much else to do.
PATIENCE = 20.0


@dataclass
class OpenShop:
    """The shop while it is open, with its people. ``close`` and ``open`` it as often as a test needs."""

    telegram: DemoTelegram
    panels: dict[str, DemoPanel]
    folder: Path
    extra: Mapping[str, Any]
    admin: Person
    anna: Person
    clock: Clock = system_clock
    pacing: Pacing | None = None
    menus: bool = False
    app: App | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _serving: "asyncio.Task[None] | None" = None

    @property
    def url(self) -> str:
        """The database's."""
        return f"sqlite+aiosqlite:///{self.folder / 'shop.db'}"

    def settings(self) -> Settings:
        """An owner's settings, in a hurry."""
        values: dict[str, Any] = {
            "bot_token": SecretStr(TOKEN),
            "admin_ids": frozenset({ADMIN}),
            "channel_id": CHANNEL,
            "status_seconds": 1,
            "panel_timeout": 5.0,
            "database_url": self.url,
            "telegram_api_url": self.telegram.url,
            "panels": {
                name: PanelSettings(url=panel.url, key=SecretStr(panel.key)) for name, panel in self.panels.items()
            },
        }
        return Settings(**(values | dict(self.extra)))

    async def open(self) -> App:
        """Open the shop, and return when it sells."""
        self.app = await self._stack.enter_async_context(opened(self.settings(), clock=self.clock))
        self.app.pacing = self.pacing or Pacing(time.monotonic, burst=UNHURRIED)  # tests type faster than people
        self.app.gaps = AT_ONCE
        self.app.menus = self.menus
        self._serving = asyncio.create_task(self.app.serve())
        ready = asyncio.create_task(self.app.ready.wait())
        await asyncio.wait({self._serving, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._serving.done():
            self._serving.result()
        return self.app

    async def close(self) -> None:
        """Close the shop as SIGTERM would."""
        if self.app is not None and self._serving is not None:
            self.app.stop()
            await self._serving
        self.app = None
        await self._stack.aclose()

    async def stocked(self) -> None:
        """Sync every panel, so that what it lists is on sale."""
        assert self.app is not None
        for name in self.panels:
            await rounds.sync(self.app.shop, name)

    async def give(self, person: Person, amount: str) -> None:
        """The owner credits a customer, by command."""
        await person.send("/start")
        await person.heard()
        await self.admin.send(f"/credit {person.id} {amount} welcome")
        await person.expect("welcome")

    async def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """Read the books through a second connection."""
        db = Database(self.url)
        try:
            async with db.read() as tx:
                return (await tx.conn.execute(text(statement), values)).all()
        finally:
            await db.close()

    async def audited(self) -> list[str]:
        """What is wrong with the books."""
        db = Database(self.url)
        try:
            async with db.read() as tx:
                return await audit(tx)
        finally:
            await db.close()


def offers(panel: Literal["alpha", "beta"], *types: str) -> list[DemoOffer]:
    """One service of each of these types, from the stand-in's catalogue of ``alpha`` or ``beta``."""
    return [offer_of_type(demo_offers(panel), type_) for type_ in types]


@asynccontextmanager
async def open_shop(
    folder: Path,
    *,
    alpha: Sequence[DemoOffer] = (),
    beta: Sequence[DemoOffer] = (),
    clock: Clock = system_clock,
    pacing: Pacing | None = None,
    menus: bool = False,
    **extra: Any,
) -> AsyncIterator[OpenShop]:
    """A shop with two panels, open and stocked; its books are proved at the end.

    Its menus in every language, some fifty calls, are told to Telegram only where ``menus`` are asked for.
    """
    async with AsyncExitStack() as stack:
        telegram = DemoTelegram(token=TOKEN, clock=time.time, patience=PATIENCE)
        await stack.enter_async_context(telegram.serve())
        panels = {
            "alpha": DemoPanel("alpha", "key-alpha", offers=alpha, dialect=ALPHA, balance=Decimal(1000)),
            "beta": DemoPanel("beta", "key-beta", offers=beta, dialect=BETA, balance=Decimal(1000)),
        }
        panels = {name: panel for name, panel in panels.items() if panel.book.offers}
        for panel in panels.values():
            await stack.enter_async_context(panel.serve())
        telegram.channel(CHANNEL, title="News")
        admin = telegram.person(ADMIN, "Owner", username="owner")
        anna = telegram.person(CUSTOMER, "Anna & <b>", username="anna")
        shop = OpenShop(telegram, panels, folder, extra, admin, anna, clock, pacing, menus)
        stack.push_async_callback(shop.close)
        # Migrating takes longer than most conversations; the migrations have tests of their own.
        await asyncio.to_thread(_lay_out, folder)
        await shop.open()
        await shop.stocked()
        yield shop
        await shop.close()
        assert await shop.audited() == []
        assert wrong_colours(_sent_buttons(telegram)) == []


def _lay_out(folder: Path) -> None:
    """New books in the folder, where there is one; else the shop makes both."""
    if folder.exists():
        new_books(folder / "shop.db")


def _sent_buttons(telegram: DemoTelegram) -> Iterator[tuple[str, str | None, str | None]]:
    """Every button that Telegram ever got: its label, its data and its colour."""
    for call in telegram.calls:
        markup = call.params.get("reply_markup") or {}
        for row in markup.get("inline_keyboard", []):
            yield from ((each["text"], each.get("callback_data"), each.get("style")) for each in row)
