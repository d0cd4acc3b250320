"""Bringing the books to the form this version of the shop knows: all steps or none, after a backup."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.backup import backup
from bot.storage.database import WRITER_LOCK, Database, unbroken
from bot.storage.tables import metadata

log = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "migrations"


class MigrationError(Exception):
    """The database cannot be brought to this version's form; nothing in it was changed."""


class NewerDatabase(MigrationError):
    """The database was written by a version of the shop that knows more than this one."""


class NotTheBooks(MigrationError):
    """The database holds tables of the shop's names that the shop did not make."""


class BrokenReferences(MigrationError):
    """A step would leave rows that refer to nothing."""


async def migrate(db: Database, *, scripts: Path = SCRIPTS) -> list[str]:
    """Bring the database to the newest form; the revisions that were applied, oldest first.

    Everything happens in one transaction: whoever is killed in between finds the old form whole. A SQLite
    file with something in it is copied first, to ``backups/`` beside it. Raises ``MigrationError``.
    """
    config = _config(scripts)
    present, pending = await _state(db, config)
    if not pending:
        return []
    if present is not None:
        await _save(db, pending[-1])
    async with _schema_transaction(db) as conn:
        await conn.run_sync(_upgrade, config)
    for revision in pending:
        log.info("the database was brought to a newer form", extra={"revision": revision})
    return pending


def _config(scripts: Path) -> Config:
    config = Config()
    # A percent sign begins an interpolation there.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def _state(db: Database, config: Config) -> tuple[str | None, list[str]]:
    """The revision the database is at, and those that are still to come, oldest first."""
    script = ScriptDirectory.from_config(config)
    known = [step.revision for step in script.walk_revisions()][::-1]
    async with db.read() as tx:
        present, tables = await tx.conn.run_sync(_look)
    if present is None:
        strangers = sorted(tables & metadata.tables.keys())
        if strangers:
            raise NotTheBooks(
                f"the database has tables named {', '.join(strangers)} that this shop did not make: "
                "give the shop a database of its own"
            )
        return None, known
    if present not in known:
        raise NewerDatabase(
            f"the database is at revision {present} and this shop knows none after {known[-1]}; "
            "install the newer version again, or restore the backup made before it"
        )
    return present, known[known.index(present) + 1 :]


def _look(conn: Connection) -> tuple[str | None, set[str]]:
    return MigrationContext.configure(conn).get_current_revision(), set(inspect(conn).get_table_names())


async def _save(db: Database, revision: str) -> None:
    if db.file is None:
        log.warning(
            "the database is about to be changed; the shop makes no backup of a PostgreSQL server, "
            "so have one of your own (pg_dump)",
            extra={"revision": revision},
        )
        return
    name = f"before-{revision}-{db.clock():%Y%m%dT%H%M%S%fZ}.db"
    target = db.file.parent / "backups" / name
    await backup(db, target)
    log.info("a backup was made before the database is changed", extra={"file": str(target)})


@asynccontextmanager
async def _schema_transaction(db: Database) -> AsyncIterator[AsyncConnection]:
    """The only writer, in one transaction; on SQLite references are checked at its end instead of as it goes,
    for there a table is altered by making it anew."""
    async with db.engine.connect() as conn:
        if db.sqlite:
            await _foreign_keys(conn, on=False)
            await conn.execution_options(immediate=True)
        try:
            async with _all_or_nothing(conn):
                if not db.sqlite:
                    await conn.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))
                yield conn
                if db.sqlite:
                    await _check_references(conn)
        finally:
            if db.sqlite:
                await unbroken(_foreign_keys(conn, on=True))


@asynccontextmanager
async def _all_or_nothing(conn: AsyncConnection) -> AsyncIterator[None]:
    await conn.begin()
    try:
        yield
    except BaseException:
        await unbroken(conn.rollback())
        raise
    await unbroken(conn.commit())


async def _foreign_keys(conn: AsyncConnection, *, on: bool) -> None:
    # SQLite ignores this inside a transaction, and SQLAlchemy begins one with its first statement.
    raw = await conn.get_raw_connection()
    if raw.driver_connection is not None:
        await raw.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


async def _check_references(conn: AsyncConnection) -> None:
    broken = (await conn.execute(text("PRAGMA foreign_key_check"))).all()
    if broken:
        places = sorted({f"{row[0]} -> {row[2]}" for row in broken})
        raise BrokenReferences(f"{len(broken)} rows would refer to nothing: {', '.join(places)}")


def _upgrade(conn: Connection, config: Config) -> None:
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
