"""News on their way to Telegram, over HTTP, with the books or Telegram in trouble: nothing is said twice or lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest_asyncio
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from bot.demo.telegram import DemoTelegram, Fault, Person
from bot.i18n import Translations
from bot.storage import mail
from bot.storage.tables import outbox
from bot.telegram.delivery import Deliverer
from bot.telegram.session import TelegramSession
from tests.services.stage import ANNA, BORIS, TOKEN, Stage

CREDIT = {"amount": 10_000, "reason": "", "available": 10_000}
LOCALES = Path(__file__).parent.parent.parent / "locales"


class Post:
    """A deliverer of the stage's news, and the people it brings them to."""

    def __init__(self, stage: Stage, telegram: DemoTelegram, bot: Bot) -> None:
        self.stage, self.telegram = stage, telegram
        words = Translations.load(LOCALES, currency="USD", timezone=ZoneInfo("UTC"))
        self.deliverer = Deliverer(bot, stage.shop, words, time.monotonic, sleep=self._at_once)
        self.anna, self.boris = telegram.person(ANNA, "Anna"), telegram.person(BORIS, "Boris")

    async def _at_once(self, _: float) -> None:
        pass

    async def give(self, person: Person, **facts: object) -> None:
        """Decide on news of a credit; with facts missing, they have no words."""
        async with self.stage.db.write() as tx:
            await mail.post(tx, person.id, "credit", facts)

    async def unsent(self) -> int:
        """How many news are neither sent nor given up."""
        async with self.stage.second.read() as tx:
            open_ = (outbox.c.sent_at.is_(None), outbox.c.failed.is_(None))
            return len((await tx.conn.execute(select(outbox.c.id).where(*open_))).all())


@pytest_asyncio.fixture(loop_scope="session")
async def post(stage: Stage) -> AsyncIterator[Post]:
    """A post office without news."""
    telegram = DemoTelegram(token=TOKEN, clock=time.time)
    async with stage.db.write() as tx:
        await tx.conn.execute(outbox.delete())
    async with telegram.serve():
        bot = Bot(TOKEN, session=TelegramSession(api=TelegramAPIServer.from_base(telegram.url)))
        made = Post(stage, telegram, bot)
        for person in (made.anna, made.boris):
            await person.send("/start")
        yield made
        await bot.session.close()


def _writes(conn: Connection) -> bool:
    return bool(conn.get_execution_options().get("immediate"))


async def test_a_round_ends_with_the_last_of_its_messages(post: Post) -> None:
    """One that fails does not leave the others on their own: the next round would send them again."""
    await post.give(post.anna)
    await post.give(post.boris, **CREDIT)
    slow = post.telegram.fail("sendMessage", Fault.hang(after=True), chat=BORIS)
    failed = asyncio.Event()

    def refuse(conn: Connection) -> None:
        if _writes(conn) and not failed.is_set():
            failed.set()
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    engine = post.stage.db.engine.sync_engine
    event.listen(engine, "commit", refuse)
    round_ = asyncio.create_task(post.deliverer.round())
    await failed.wait()
    await post.boris.heard()
    assert not round_.done()
    slow.release()
    [outcome] = await asyncio.gather(round_, return_exceptions=True)
    assert isinstance(outcome, OperationalError)
    assert await post.unsent() == 1
    while await post.deliverer.round() == 0:
        pass
    event.remove(engine, "commit", refuse)
    assert len(post.boris.heard_messages) == 1


async def test_what_went_out_is_said_once_however_long_it_takes_to_note(post: Post) -> None:
    """Books that are full take no note; the message is not sent again and again until they do."""
    await post.give(post.anna, **CREDIT)
    failed = 0

    def refuse(conn: Connection) -> None:
        nonlocal failed
        failed += _writes(conn)
        if failed in {1, 2}:
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    engine = post.stage.db.engine.sync_engine
    event.listen(engine, "commit", refuse)
    try:
        assert await post.deliverer.round() == 0
    finally:
        event.remove(engine, "commit", refuse)
    assert failed == 3
    assert await post.unsent() == 0
    assert len(post.anna.heard_messages) == 1


async def test_not_found_is_a_passing_trouble(post: Post) -> None:
    """A gateway, or a Bot API server of one's own, says it when it has lost its way, and not of one message."""
    await post.give(post.anna, **CREDIT)
    post.telegram.fail("sendMessage", Fault.error(404, "Not Found"))
    await post.deliverer.round()
    assert await post.unsent() == 1
    post.stage.clock.advance(1)
    await post.deliverer.round()
    assert await post.unsent() == 0
    assert len(post.anna.heard_messages) == 1
