"""The books are copied once a day by the shop itself, and a week of copies is kept."""

import asyncio
import logging
import os
import shutil
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.services import copies
from bot.storage.database import Database, Transaction
from bot.storage.tables import attempts, order_events, orders, postings, transfers, wallets
from tests.clock import FakeClock
from tests.conversations.shop import offers, open_shop
from tests.security.desk import Desk, open_desk
from tests.services.stage import OWNER

DAY = timedelta(days=1)


def names(desk_folder: Path) -> list[str]:
    """The files beside the books' copies."""
    return sorted(file.name for file in (desk_folder / "backups").iterdir())


async def everything(tx: Transaction) -> list[list[tuple[object, ...]]]:
    """All that is money or an order."""
    tables = (wallets, transfers, postings, orders, order_events, attempts)
    return [[tuple(row) for row in await tx.conn.execute(select(table).order_by(text("1")))] for table in tables]


async def copy(desk: Desk) -> Path:
    """Today's copy, which is made."""
    made = await copies.daily(desk.stage.shop)
    assert made is not None
    return made


async def test_one_copy_a_day_for_its_owner_alone(tmp_path: Path, clock: FakeClock) -> None:
    """It carries the shop's own date, a second one the same day is not made, and only its owner reads it."""
    async with open_desk(tmp_path, clock) as desk:
        made = await copy(desk)
        assert made == tmp_path / "backups" / f"shop-{clock():%Y-%m-%d}.db"
        assert await copies.daily(desk.stage.shop) is None
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


async def test_a_week_is_kept_and_nothing_else_touched(tmp_path: Path, clock: FakeClock) -> None:
    """Of ten days seven are left, the newest; what others put there stays, what a kill left half made goes."""
    async with open_desk(tmp_path, clock) as desk:
        folder = tmp_path / "backups"
        folder.mkdir()
        others = ["before-0002-20260101T000000000000Z.db", "mine.db", "other-2020-01-01.db", "shop-2020-01-01.db.gz"]
        for name in [*others, ".shop-2026-03-01.db.partial-4711"]:
            (folder / name).touch()
        days = []
        for _ in range(10):
            await copy(desk)
            days.append(f"shop-{clock():%Y-%m-%d}.db")
            clock.now += DAY
        assert names(tmp_path) == sorted([*others, *days[-7:]])


async def test_a_copy_that_fails_is_told_once(tmp_path: Path, clock: FakeClock) -> None:
    """The admins read it once, and once more when copies are made again; the shop goes on."""
    async with open_desk(tmp_path, clock) as desk:
        (tmp_path / "backups").touch()  # a file where the folder should be
        for _ in range(3):
            assert await copies.daily(desk.stage.shop) is None
        assert await desk.stage.alerts(OWNER) == ["backup"]
        (tmp_path / "backups").unlink()
        await copy(desk)
        assert await desk.stage.alerts(OWNER) == ["backup", "over:backup"]


async def test_a_restored_copy_is_right(tmp_path: Path, clock: FakeClock) -> None:
    """Put in the place of the books as the README says, ``audit`` proves it, and every wallet and order is there."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.stage.buy()
        await desk.stage.place()
        made = await copy(desk)
        async with desk.stage.db.read() as tx:
            before = await everything(tx)
        await desk.stage.buy()  # what comes later is not in the copy
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(made, restored / "shop.db")
    environment = {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": "42:TEST-TOKEN-OF-A-MADE-UP-TELEGRAM",
        "DATABASE_URL": f"sqlite:///{restored / 'shop.db'}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "audit"),
        env=environment,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "The books balance.\n")
    db = Database(f"sqlite+aiosqlite:///{restored / 'shop.db'}")
    try:
        async with db.read() as tx:
            assert await everything(tx) == before
    finally:
        await db.close()


class Bell(logging.Handler):
    """Rings when the log says something with these words."""

    def __init__(self, words: str) -> None:
        super().__init__(logging.INFO)
        self.words = words
        self.rung = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Listen."""
        if self.words in record.getMessage():
            self.rung.set()


async def test_a_running_shop_copies_its_books(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody has to ask: the copy is made soon after the shop opened, and the log says so."""
    bell = Bell("the books were copied to")
    with caplog.at_level(logging.INFO, logger=copies.__name__):
        copies.log.addHandler(bell)
        async with open_shop(tmp_path, alpha=offers("alpha", "Default")), asyncio.timeout(20):
            await bell.rung.wait()
        copies.log.removeHandler(bell)
    assert [name.startswith("shop-") for name in names(tmp_path)] == [True]
