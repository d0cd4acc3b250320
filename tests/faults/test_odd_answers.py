"""One odd answer of Telegram's, or books that have a bad moment, do not close the shop, and no update is lost by it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.demo.telegram import Fault
from tests.conversations.shop import PATIENCE, open_shop

BARE = Fault.bare(502, '{"ok":false,"error_code":502}')


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


def _command(folder: Path, statement: str) -> None:
    """Do something to the books from outside; the shop may have them locked for a moment."""
    with closing(sqlite3.connect(folder / "shop.db", timeout=PATIENCE)) as books:
        books.execute(statement)


@pytest.mark.parametrize(
    ("change", "errors"),
    [("INSERT", 1), ("UPDATE", 2)],  # UPDATE: the update's own transaction, and the note of its failure
    ids=["stored", "handled"],
)
async def test_books_that_refuse_updates_get_them_later(tmp_path: Path, change: str, errors: int) -> None:
    """What could not be stored Telegram keeps; what could not be handled waits, and is not set aside for it."""
    async with open_shop(tmp_path) as shop:
        assert shop.app is not None
        refused = asyncio.Event()
        seen: list[object] = []

        def see(error: object) -> None:
            seen.append(error)
            if len(seen) == errors:
                refused.set()

        event.listen(shop.app.shop.db.engine.sync_engine, "handle_error", see)
        closed = f"CREATE TRIGGER closed BEFORE {change} ON inbox BEGIN SELECT RAISE(ABORT, 'closed'); END"
        await asyncio.to_thread(_command, tmp_path, closed)
        await shop.anna.send("/start")
        await shop.anna.send("/help")
        async with asyncio.timeout(PATIENCE):
            await refused.wait()
        await asyncio.to_thread(_command, tmp_path, "DROP TRIGGER closed")
        await shop.anna.expect("/wallet")
        assert not shop.app.tasks.failed.is_set()
        rows = await shop.rows("SELECT failures, set_aside FROM inbox")
        assert {tuple(row) for row in rows} == {(0, 0)}
