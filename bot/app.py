"""What a running shop is made of, and in which order it starts and stops."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import LinkPreviewOptions, User

from bot.domain.payments import Way
from bot.i18n import Translations
from bot.locks import RunLock
from bot.panel import PanelClient
from bot.paying import known
from bot.paying.seam import PageWay
from bot.services import customers
from bot.services.opening import open_books
from bot.services.shop import Shop
from bot.settings import Settings
from bot.storage.database import Clock, Database, system_clock
from bot.storage.migrate import migrate
from bot.telegram.commands import set_commands
from bot.telegram.delivery import TELEGRAMS, Deliverer
from bot.telegram.handling import Chats, Handler
from bot.telegram.pacing import Pacing
from bot.telegram.receiving import Receiver
from bot.telegram.session import TelegramSession
from bot.workers import Loops, Tasks

log = logging.getLogger(__name__)

T = TypeVar("T")
LOCALES = Path(__file__).parent.parent / "locales"
# `run` is over within 10 seconds of being told to stop: so long for what is in hand, in seconds.
GRACE = 5.0
# Between two tries to reach Telegram at the start, in seconds.
GREETING_PAUSE = 5.0


class App:
    """A shop that is open. ``serve`` returns when ``stop`` is called, or raises what ended it."""

    def __init__(self, settings: Settings, shop: Shop, bot: Bot, translations: Translations) -> None:
        self.settings = settings
        self.shop = shop
        self.bot = bot
        self.translations = translations
        self.pacing = Pacing(time.monotonic)
        self.gaps = TELEGRAMS
        self.menus = True  # whether Telegram is told the command menus when the shop opens
        self.tasks = Tasks()
        self.ready = asyncio.Event()
        self.closing = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask ``serve`` to come to its end."""
        self._stopping.set()

    async def serve(self) -> None:
        """Keep the shop open."""
        me = await self._unless_stopped(self._greet())
        if me is None:
            return
        log.info("this is @%s", me.username)
        handler = Handler(
            self.bot,
            self.shop,
            self.translations,
            shop_name=me.full_name,
            bot_name=me.username or "",
            pacing=self.pacing,
        )
        chats = Chats(handler, self.tasks.start)
        receiver = Receiver(self.bot, self.shop, chats)
        recovered = await self._unless_stopped(receiver.recover())
        if recovered is None:
            return
        if recovered:
            log.info("%d updates were left from before", recovered)
        deliverer = Deliverer(self.bot, self.shop, self.translations, time.monotonic, gaps=self.gaps)
        work = Loops(self.shop, deliverer, self.bot)
        loops = work.start(self.tasks)
        receiving = self.tasks.start(receiver.run(), name="receive")
        if self.menus:
            self.tasks.start(self._set_menus(), name="commands")
        self.ready.set()
        log.info("the shop is open")
        await self._until_stopped()
        self.closing.set()
        await self.tasks.stop(receiving)
        await self._finish(chats, work)
        await self.tasks.stop(*loops)
        await self.tasks.stop()
        log.info("the shop is closed")
        if self.tasks.failure is not None:
            raise self.tasks.failure

    async def _set_menus(self) -> None:
        async with self.shop.db.read() as tx:
            admins = await customers.languages(tx, self.settings.admin_ids)
        await set_commands(self.bot, self.translations, admins)

    async def _until_stopped(self) -> None:
        waits = [asyncio.ensure_future(e.wait()) for e in (self._stopping, self.tasks.failed)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _finish(self, chats: Chats, work: Loops) -> None:
        """Let updates and orders in hand come to their end; what is left is taken up at the next start."""
        try:
            async with asyncio.timeout(GRACE):
                await asyncio.gather(chats.idle.wait(), work.finish_sending())
        except TimeoutError:
            log.warning("something in hand is left for the next start")

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do this before the shop opens; None where we are stopped meanwhile, however long it would take."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            stopping.cancel()
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    async def _greet(self) -> User:
        """Ask Telegram who we are, for as long as it does not answer."""
        while True:
            try:
                await self.bot.delete_webhook(request_timeout=15)
                return await self.bot.get_me(request_timeout=15)
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise  # there is no such bot: no waiting helps
            except TelegramAPIError as error:
                log.warning("Telegram does not answer, trying again: %s", error)
            await asyncio.sleep(GREETING_PAUSE)


def make_bot(settings: Settings) -> Bot:
    """A Bot API client that speaks HTML and shows no link previews."""
    session = TelegramSession(api=TelegramAPIServer.from_base(settings.telegram_api_url))
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True))
    return Bot(settings.bot_token.get_secret_value(), session=session, default=defaults)


def make_panels(settings: Settings) -> Mapping[str, PanelClient]:
    """A client for each panel of the settings."""
    return {
        name: PanelClient(
            name,
            panel.url,
            panel.key,
            timeout=settings.panel_timeout,
            calls_per_minute=panel.calls_per_minute,
        )
        for name, panel in settings.panels.items()
    }


def make_ways(settings: Settings) -> Mapping[str, Way]:
    """The ways to pay that are on, in the order in which they are offered."""
    ways, troubles = known.make(settings)
    for trouble in troubles:
        log.warning("%s", trouble)
    return ways


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[App]:
    """Build an app on migrated books, and take it apart again. ``clock`` is the time of everything in the books.

    Raises ``AlreadyRunning``, ``MigrationError``, ``ShopError`` or ``LookupError`` (an unknown DEFAULT_LOCALE).
    """
    translations = Translations.load(
        LOCALES, currency=settings.currency, timezone=settings.timezone, default=settings.default_locale
    )
    async with AsyncExitStack() as stack:
        file = settings.sqlite_file
        stack.enter_context(nullcontext() if file is None else RunLock(file))
        db = Database(settings.database_url, clock=clock)
        stack.push_async_callback(db.close)
        await migrate(db)
        panels = make_panels(settings)
        for panel in panels.values():
            stack.push_async_callback(panel.aclose)
        ways = make_ways(settings)
        for way in ways.values():
            if isinstance(way, PageWay):
                stack.push_async_callback(way.aclose)
        shop = Shop(settings, db, panels, ways=ways)
        async with db.write() as tx:
            await open_books(tx, shop)
        bot = make_bot(settings)
        stack.push_async_callback(bot.session.close)
        yield App(settings, shop, bot, translations)
