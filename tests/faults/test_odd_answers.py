"""One odd answer of Telegram's, or books that have a bad moment, do not close the shop, and no update is lost by it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.demo.telegram import Fault
from tests.conversations.shop import PATIENCE, open_shop

BARE = Fault.bare(502, '{"ok":false,"error_code":502}')
# What a database that is read-only, or gone, does to whoever handles an update.
CLOSED = "CREATE TRIGGER closed BEFORE UPDATE ON inbox BEGIN SELECT RAISE(ABORT, 'closed'); END"


async def test_an_answer_without_words_does_not_close_the_shop(tmp_path: Path) -> None:
    """Nor does a single 401, which may be a gateway's; the next question is answered as ever."""
    async with open_shop(tmp_path) as shop:
        odd = [shop.telegram.fail("getUpdates", BARE), shop.telegram.fail("getUpdates", Fault.bare(401))]
        await shop.anna.send("/start")
        await shop.anna.heard()
        await shop.anna.send("/help")
        await shop.anna.expect("/wallet")
        assert [each.fired for each in odd] == [1, 1]


async def test_a_token_that_was_revoked_closes_the_shop(tmp_path: Path) -> None:
    """Telegram says so again and again, and no waiting helps."""
    async with open_shop(tmp_path) as shop:
        shop.telegram.fail("getUpdates", Fault.error(401, "Unauthorized"), times=None)
        assert shop.app is not None
        await shop.anna.send("/start")
        async with asyncio.timeout(PATIENCE):
            await shop.app.tasks.failed.wait()
        shop.app.tasks.failure = None  # it is told to whoever started the shop


async def test_books_that_do_not_take_updates_get_them_later(tmp_path: Path) -> None:
    """Telegram keeps what could not be stored, and hands it out again when it can."""
    async with open_shop(tmp_path) as shop:
        assert shop.app is not None
        engine = shop.app.shop.db.engine.sync_engine
        down, refused = asyncio.Event(), 0

        def refuse(_: object) -> None:
            nonlocal refused
            refused += 1
            if refused > 1:
                down.set()
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

        event.listen(engine, "commit", refuse)
        await shop.anna.send("/start")
        async with asyncio.timeout(PATIENCE):
            await down.wait()
        event.remove(engine, "commit", refuse)
        await shop.anna.heard()
        assert not shop.app.tasks.failed.is_set()


async def test_an_update_that_the_books_do_not_take_waits_for_them(tmp_path: Path) -> None:
    """Their failure is not its own: it is never set aside for it, and its chat goes on when they are there again."""
    async with open_shop(tmp_path) as shop:
        assert shop.app is not None
        errors, noted = 0, asyncio.Event()

        def count(_: object) -> None:
            nonlocal errors
            errors += 1
            if errors >= 2:  # the update, and the note of its failure
                noted.set()

        event.listen(shop.app.shop.db.engine.sync_engine, "handle_error", count)
        with closing(sqlite3.connect(tmp_path / "shop.db")) as books:
            books.execute(CLOSED)
            await shop.anna.send("/start")
            await shop.anna.send("/help")
            async with asyncio.timeout(PATIENCE):
                await noted.wait()
            books.execute("DROP TRIGGER closed")
        await shop.anna.expect("/wallet")
        assert not shop.app.tasks.failed.is_set()
        rows = await shop.rows("SELECT failures, set_aside FROM inbox")
        assert {tuple(row) for row in rows} == {(0, 0)}
