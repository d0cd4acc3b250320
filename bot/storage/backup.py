"""A copy of the books, whole and of one moment, while the shop goes on."""

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.storage.database import Database, unbroken


class BackupError(Exception):
    """No backup was made; the message says why and what to do."""


async def backup(db: Database, target: Path) -> None:
    """Copy the books to a new file, readable by its owner alone. Raises ``BackupError``.

    The file appears under its name when it is complete. Only SQLite: a PostgreSQL server has ``pg_dump``.
    """
    if db.file is None:
        raise BackupError(
            "this database is a PostgreSQL server; its own tool makes the backup: pg_dump --format=custom"
        )
    # A thread cannot be stopped half-way, so it is waited for.
    await unbroken(asyncio.to_thread(_copy, db.file, target))


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, parents=True)
        if target.exists():
            raise BackupError(f"{target} is there already; a backup never overwrites anything")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600, exist_ok=False)
        _copy_pages(source, partial)
        partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"no backup in {target}: {error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _copy_pages(source: Path, partial: Path) -> None:
    books = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(partial)
    with closing(books), closing(copy):
        # All in one step: copied in several, it begins anew whenever the shop writes in between.
        books.backup(copy, pages=-1)
        # The copy is one file: nothing of it may wait in a -wal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
