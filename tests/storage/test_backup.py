"""A backup is whole, of one moment, for its owner alone, and never at another file's expense."""

import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage import ledger
from bot.storage.audit import audit
from bot.storage.backup import BackupError, backup
from bot.storage.database import Database
from bot.storage.tables import orders
from tests.storage import books

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("*")]


@on_sqlite
async def test_a_backup_is_the_books(db: Database, tmp_path: Path) -> None:
    """Opened as the books, the copy is right and has every order and all the money."""
    numbers = await books.live(db)
    target = tmp_path / "deep" / "down" / "copy.db"
    await backup(db, target)
    restored = Database(f"sqlite+aiosqlite:///{target}")
    try:
        async with restored.read() as tx, db.read() as original:
            assert await audit(tx) == []
            assert await tx.conn.scalar(select(func.count()).select_from(orders)) == len(numbers)
            for user in (books.ANNA, books.BORIS):
                assert await ledger.available(tx, user) == await ledger.available(original, user)
        async with restored.write() as tx:
            await books.buy(tx)
    finally:
        await restored.close()


@on_sqlite
async def test_a_backup_is_one_file_for_its_owner(db: Database, tmp_path: Path) -> None:
    """Nothing stands beside the copy, and neither it nor a folder made for it can be read by others."""
    await books.live(db)
    target = tmp_path / "copies" / "copy.db"
    await backup(db, target)
    assert names(target.parent) == ["copy.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


@on_sqlite
async def test_a_backup_while_the_shop_works(db: Database, tmp_path: Path) -> None:
    """Made while orders are written, a copy has whole orders only, and nobody's order is lost by it."""
    async with db.write() as tx:
        await books.open_shop(tx)

    async def work() -> None:
        for _ in range(40):
            async with db.write() as tx:
                await books.buy(tx, price=1)

    working = asyncio.create_task(work())
    copies = [tmp_path / f"{number}.db" for number in range(5)]
    for copy in copies:
        await backup(db, copy)
    await working
    sold = []
    for copy in copies:
        restored = Database(f"sqlite+aiosqlite:///{copy}")
        async with restored.read() as tx:
            assert await audit(tx) == []
            sold.append(await tx.conn.scalar(select(func.count()).select_from(orders)) or 0)
        await restored.close()
    assert sold == sorted(sold)
    async with db.read() as tx:
        assert await ledger.available(tx, books.ANNA) == books.FUNDS - 40


@on_sqlite
async def test_nothing_is_overwritten(db: Database, tmp_path: Path) -> None:
    """Where there is a file already, it stays as it is and the error says so."""
    target = tmp_path / "copy.db"
    target.write_text("somebody's")
    with pytest.raises(BackupError, match="there already"):
        await backup(db, target)
    assert target.read_text() == "somebody's"


@on_sqlite
async def test_a_failed_backup_leaves_nothing(db: Database, tmp_path: Path) -> None:
    """Where the books cannot be copied, the error says why and no half a copy stays behind."""
    assert db.file is not None
    await db.close()
    db.file.write_bytes(b"this is no database" * 100)
    folder = tmp_path / "copies"
    with pytest.raises(BackupError, match="not a database"):
        await backup(db, folder / "copy.db")
    assert names(folder) == []


@on_sqlite
async def test_a_target_that_cannot_be(db: Database, tmp_path: Path) -> None:
    """A target below something that is no folder is an error in words, not a crash."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="no backup in"):
        await backup(db, tmp_path / "file" / "copy.db")


@on_sqlite
async def test_a_cancelled_backup_is_finished(db: Database, tmp_path: Path) -> None:
    """Cancelled, a backup is still whole or absent: no thread writes on after its caller is gone."""
    await books.live(db)
    task = asyncio.create_task(backup(db, tmp_path / "copies" / "copy.db"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(tmp_path / "copies") in ([], ["copy.db"])


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_a_server_has_its_own_tool(db: Database, tmp_path: Path) -> None:
    """A PostgreSQL database is not copied; the error names the tool that does it."""
    with pytest.raises(BackupError, match="pg_dump"):
        await backup(db, tmp_path / "copy.db")
    assert names(tmp_path) == []
