"""A shop whose updates a test hands over itself, with a Telegram in the same process: no loop and no socket."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from sqlalchemy import text

from bot.app import LOCALES
from bot.demo.telegram import DemoTelegram, Person
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.methods import METHODS
from bot.demo.telegram.params import Params
from bot.i18n import Translations
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.telegram.handling import Chats, Handler
from bot.telegram.pacing import Pacing
from bot.telegram.receiving import Receiver
from bot.workers import Tasks
from tests.clock import FakeClock
from tests.services.stage import ANNA, BORIS, OWNER, TOKEN, Stage


@dataclass(frozen=True)
class Sent:
    """One call of the bot, and for an answer to a press whose it was."""

    method: str
    chat: int | None
    values: dict[str, Any]


class DirectSession(BaseSession):
    """Carries the bot's calls to the Telegram in this process, and remembers them."""

    def __init__(self, telegram: DemoTelegram) -> None:
        super().__init__()
        self.world = telegram.world
        self.sent: list[Sent] = []

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  (the library's signature)
    ) -> TelegramType:
        """Do what is asked, as the server does."""
        files: dict[str, InputFile] = {}
        given = method.model_dump(warnings=False).items()
        plain = {name: self.prepare_value(value, bot, files) for name, value in given}
        values = {name: value for name, value in plain.items() if value}
        name = method.__api_method__.lower()
        try:
            status, body = 200, {"ok": True, "result": await self._result(name, values)}
        except ApiError as error:
            status, body = error.code, error.body()
        return cast("TelegramType", self.check_response(bot, method, status, json.dumps(body)).result)

    async def _result(self, name: str, values: dict[str, Any]) -> Any:
        params = Params(values)
        if name == "getupdates":
            return await self.world.updates.poll(params.integer("offset"), params.integer("limit", 100), 0)
        press = self.world.presses.waiting(params.text("callback_query_id"))
        chat = params.text("chat_id")
        self.sent.append(Sent(name, press.room.id if press else int(chat) if chat else None, values))
        return METHODS[name](self.world, params)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109  (the library's signature)
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """A file that was sent, by the last part of its address."""
        yield self.world.files[url.rsplit("/", 1)[-1]].data

    async def close(self) -> None:
        """Nothing is kept open."""


@dataclass
class Desk:
    """The shop, with everybody who writes to it. ``stage`` does what people and loops do without Telegram."""

    stage: Stage
    words: Translations
    telegram: DemoTelegram
    session: DirectSession
    receiver: Receiver
    chats: Chats
    owner: Person
    anna: Person
    bob: Person

    async def handled(self) -> None:
        """Hand over what people did since the last time, and wait until all of it is done."""
        while self.telegram.world.updates.waiting:
            await self.receiver.fetch()  # with the offset that confirms what the last one brought
            await self.chats.idle.wait()

    async def said(self, person: Person) -> str:
        """Let everything be handled; what the bot sent this person meanwhile, all of it as one text."""
        start = len(self.session.sent)
        await self.handled()
        return "\n".join(json.dumps(each.values, ensure_ascii=False) for each in self.heard(person, start))

    def heard(self, person: Person, start: int = 0) -> Iterator[Sent]:
        """What the bot sent this person, keyboards and answers to presses included."""
        return (each for each in self.session.sent[start:] if each.chat == person.id)

    async def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Read the books through another connection."""
        async with self.stage.second.read() as tx:
            return [tuple(row) for row in await tx.conn.execute(text(statement), values)]

    async def money(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is money or an order, or was asked or said about one, to be compared."""
        return {table: await self.rows(f"SELECT * FROM {table} ORDER BY 1") for table in MONEY}  # noqa: S608  (our own names)


# What nobody but an admin, a loop or its own customer may change.
MONEY = (
    *("wallets", "transfers", "postings", "orders", "order_events", "attempts", "panels"),
    *("payments", "requests", "batches", "tickets", "ticket_lines"),
)


@cache
def spoken() -> Translations:
    """Every language, read once: that takes longer than most of these tests."""
    return Translations.load(LOCALES, currency="USD", timezone=ZoneInfo("UTC"))


# Migrated books with nothing in them, made once: every desk begins with a copy.
_empty_books: list[bytes] = []


async def empty_books(folder: Path) -> bytes:
    """A database file as the migrations make it."""
    if not _empty_books:
        db = Database(f"sqlite+aiosqlite:///{folder / 'empty.db'}")
        try:
            await migrate(db)
            await backup(db, folder / "whole.db")
        finally:
            await db.close()
        _empty_books.append((folder / "whole.db").read_bytes())
    return _empty_books[0]


@asynccontextmanager
async def open_desk(
    folder: Path,
    clock: FakeClock,
    *,
    pacing: Pacing | None = None,
    handler: type[Handler] = Handler,
    session: type[DirectSession] = DirectSession,
) -> AsyncIterator[Desk]:
    """A shop that sells, with two customers who have money and an owner; its books are proved at the end."""
    url = f"sqlite+aiosqlite:///{folder / 'shop.db'}"
    (folder / "shop.db").write_bytes(await empty_books(folder))
    db, second = Database(url, clock=clock), Database(url, clock=clock)
    telegram = DemoTelegram(token=TOKEN, clock=time.time)
    line = session(telegram)
    tasks = Tasks()
    try:
        stage = await Stage.opened(db, second, clock)
        bot = Bot(TOKEN, session=line, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
        words = spoken()
        chats = Chats(
            handler(bot, stage.shop, words, shop_name="Shop", bot_name="shop_bot", pacing=pacing), tasks.start
        )
        owner = telegram.person(OWNER, "Owner", username="owner")
        anna = telegram.person(ANNA, "Anna", username="anna")
        bob = telegram.person(BORIS, "Bob", username="bob")
        yield Desk(stage, words, telegram, line, Receiver(bot, stage.shop, chats), chats, owner, anna, bob)
        assert await stage.audit() == []
    finally:
        await tasks.stop()
        await db.close()
        await second.close()
