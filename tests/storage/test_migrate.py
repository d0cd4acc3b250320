"""Migrations: they make exactly the tables the program knows, and lose nothing however they end."""

import asyncio
import signal
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.migrate import BrokenReferences, NewerDatabase, NotTheBooks, migrate
from bot.storage.tables import metadata
from tests.clock import FakeClock
from tests.storage import books, steps
from tests.storage.schema import look, rows

# What a process does that is told to migrate and dies at it.
MIGRATE = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from bot.storage.database import Database\n"
    "from bot.storage.migrate import migrate\n"
    "asyncio.run(migrate(Database(sys.argv[1]), scripts=Path(sys.argv[2])))\n"
)


@pytest.fixture
async def empty(empty_url: str, clock: FakeClock) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    database = Database(empty_url, clock=clock)
    yield database
    await database.close()


SAMPLES = {file.stem: file for file in sorted((Path(__file__).parent / "samples").glob("*.sql"))}


def backups(db: Database) -> list[Path]:
    assert db.file is not None
    return sorted((db.file.parent / "backups").glob("*"))


async def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    async with db.read() as tx:
        return await tx.conn.run_sync(rows)


def differences(conn: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    found: list[object] = compare_metadata(MigrationContext.configure(conn, opts=options), metadata)
    return found


async def test_nothing_is_left_to_generate(db: Database) -> None:
    """Alembic finds no difference between the migrated schema and the tables the program knows."""
    async with db.read() as tx:
        assert await tx.conn.run_sync(differences) == []


async def test_migrated_schema_is_the_programs(db: Database, empty: Database) -> None:
    """Migrating makes what the tables' own definition makes: column, constraint and index, word for word."""
    async with empty.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    async with db.read() as migrated, empty.read() as made:
        wanted = await made.conn.run_sync(look)
        assert {row[0] for row in wanted} >= metadata.tables.keys()
        assert await migrated.conn.run_sync(look) == wanted


async def test_migrating_twice_changes_nothing(empty: Database) -> None:
    """The first time every revision is applied, the second time none; nothing empty is backed up."""
    assert await migrate(empty) == steps.revisions()
    assert await migrate(empty) == []
    if empty.sqlite:
        assert backups(empty) == []


def test_every_revision_has_a_sample() -> None:
    """There is data of every revision, so that the next step is tested on it."""
    assert list(SAMPLES) == steps.revisions()


@pytest.mark.parametrize("revision", SAMPLES)
async def test_old_data_comes_through(empty: Database, tmp_path: Path, revision: str) -> None:
    """The books of any older version are brought to the newest form, and are right there."""
    await migrate(empty, scripts=steps.up_to(revision, tmp_path / "steps"))
    async with empty.write() as tx:
        for statement in SAMPLES[revision].read_text().split(";\n")[:-1]:
            await tx.conn.exec_driver_sql(statement)
    before = await everything(empty)
    known = steps.revisions()
    assert await migrate(empty) == known[known.index(revision) + 1 :]
    async with empty.read() as tx:
        assert await audit(tx) == []
    after = await everything(empty)
    for table, held in before.items():
        assert len(after[table]) == len(held) > 0, table


async def test_a_step_with_batches_keeps_everything(db: Database, second: Database, tmp_path: Path) -> None:
    """A step may make a table anew that others refer to: nothing is lost, and references are guarded after."""
    await books.live(db)
    before = await everything(second)
    scripts = steps.one_more(
        tmp_path / "steps",
        'with op.batch_alter_table("users") as batch:',
        '    batch.add_column(Column("note", Text))',
        '    batch.create_check_constraint(op.f("ck_users_named"), "name <> \'\'")',
    )
    assert await migrate(db, scripts=scripts) == ["next"]
    after = await everything(second)
    assert [row[:-1] for row in after["users"]] == before["users"]
    assert {name for name in before if before[name] != after[name]} == {"users", "alembic_version"}
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        async with db.write() as tx:
            await tx.conn.execute(text("DELETE FROM users"))


async def test_a_failing_step_changes_nothing(db: Database, second: Database, tmp_path: Path) -> None:
    """A step that fails in the middle leaves schema and data as they were."""
    await books.live(db)
    before = await everything(second)
    scripts = steps.one_more(
        tmp_path / "steps",
        'op.create_table("extra", Column("id", Integer))',
        "op.execute(\"UPDATE users SET name = 'nobody'\")",
        'op.execute("DELETE FROM outbox")',
        'raise RuntimeError("the step fails")',
    )
    with pytest.raises(RuntimeError, match="the step fails"):
        await migrate(db, scripts=scripts)
    assert await everything(second) == before
    async with db.write() as tx:
        await tx.conn.execute(text("UPDATE users SET name = 'somebody'"))


async def test_a_step_that_loses_references_is_refused(db: Database, second: Database, tmp_path: Path) -> None:
    """A step after which rows refer to nothing does not come through."""
    await books.live(db)
    before = await everything(second)
    scripts = steps.one_more(tmp_path / "steps", 'op.execute("DELETE FROM services")')
    with pytest.raises((BrokenReferences, DBAPIError), match=r"(?i)foreign key|refer to nothing: .*orders -> services"):
        await migrate(db, scripts=scripts)
    assert await everything(second) == before


async def test_a_killed_migration_leaves_the_old_books(db: Database, second: Database, tmp_path: Path) -> None:
    """Killed in the middle of a step, the old schema and every row are there; the next try comes through."""
    await books.live(db)
    before = await everything(second)
    await db.close()
    scripts = steps.one_more(
        tmp_path / "killed",
        'op.create_table("extra", Column("id", Integer))',
        "op.execute(\"UPDATE users SET name = 'nobody'\")",
        "os.kill(os.getpid(), signal.SIGKILL)",
    )
    url = db.url.render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, url, str(scripts))
    assert await process.wait() == -signal.SIGKILL
    assert await everything(second) == before
    whole = steps.one_more(tmp_path / "whole", 'op.create_table("extra", Column("id", Integer))')
    assert await migrate(second, scripts=whole) == ["next"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_backup_comes_first(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Before a file with data is changed, all of it is copied to where only the owner can read it."""
    await books.live(db)
    before = await everything(db)
    scripts = steps.one_more(tmp_path / "steps", 'raise RuntimeError("the step fails")')
    with pytest.raises(RuntimeError):
        await migrate(db, scripts=scripts)
    [copy] = backups(db)
    assert copy.name == f"before-next-{clock():%Y%m%dT%H%M%S%f}Z.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    restored = Database(f"sqlite+aiosqlite:///{copy}")
    try:
        assert await everything(restored) == before
    finally:
        await restored.close()


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_a_server_is_the_owners_to_back_up(
    db: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Before a PostgreSQL database is changed, the log says that the backup is the owner's."""
    await migrate(db, scripts=steps.one_more(tmp_path / "steps", "pass"))
    assert any(record.levelname == "WARNING" and "pg_dump" in record.message for record in caplog.records)


async def test_a_newer_database_is_refused(db: Database, second: Database, tmp_path: Path) -> None:
    """A database that a later version has changed is left alone, and the error says what to do."""
    await migrate(db, scripts=steps.one_more(tmp_path / "steps", "pass"))
    before = await everything(second)
    with pytest.raises(NewerDatabase, match=r"at revision next.*install the newer version"):
        await migrate(db)
    assert await everything(second) == before


async def test_somebody_elses_tables_are_left_alone(empty: Database) -> None:
    """A database with a ``users`` table of another program's is not taken for the shop's."""
    async with empty.write() as tx:
        await tx.conn.execute(text("CREATE TABLE users (id INTEGER)"))
    before = await everything(empty)
    with pytest.raises(NotTheBooks, match="users"):
        await migrate(empty)
    assert await everything(empty) == before


async def test_the_books_only_move_forward(db: Database) -> None:
    """No revision can be taken back: an older program would misread what a newer one wrote."""
    for step in steps.every():
        with pytest.raises(NotImplementedError):
            step.module.downgrade()
