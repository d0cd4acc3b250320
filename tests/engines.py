"""Fixtures for tests that need the books: each such test runs on SQLite and on PostgreSQL.

A folder's ``conftest.py`` imports ``engine_name``, ``clock``, ``db_url``, ``db`` and ``second`` from here and
names them in its ``__all__``. The schema is migrated once a session; every test gets a fresh copy of it.

PostgreSQL is looked for at ``TEST_DATABASE_URL`` (a role that may create databases). Where there is none, its
half of the tests is skipped, but not in CI.
"""

import asyncio
import atexit
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
import pytest_asyncio
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database, Wakeups
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.clock import FakeClock
from tests.model.profile import chosen

_GIVEN = os.environ.get("TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/test"
# With or without a driver, as DATABASE_URL may be: the shop speaks through asyncpg.
POSTGRESQL = make_url(_GIVEN).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
# A server on this machine or in this network answers at once or not at all, in seconds.
PATIENCE = 5.0


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on."""
    return str(request.param)


@pytest.fixture
def clock() -> FakeClock:
    """The clock of ``db`` and ``second``."""
    return FakeClock()


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if engine_name == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty' / 'shop.db'}"
        return
    require_postgresql()
    with _postgresql_database("template0") as url:
        yield url


@pytest.fixture
def db_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the newest schema and nothing in it."""
    if engine_name == "sqlite":
        file = tmp_path / "data" / "shop.db"
        file.parent.mkdir(mode=0o700)
        new_books(file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    require_postgresql()
    with _postgresql_database(_postgresql_template()) as url:
        yield url


def new_books(file: Path) -> None:
    """Put a copy of books with the newest schema and nothing in them there. Not in a thread with an event loop."""
    shutil.copy(_sqlite_template(), file)


@pytest.fixture
async def db(db_url: str, clock: FakeClock) -> AsyncIterator[Database]:
    """The books, new and empty."""
    books = Database(db_url, clock=clock)
    yield books
    await books.close()


@pytest.fixture
async def second(db_url: str, db: Database, clock: FakeClock) -> AsyncIterator[Database]:
    """Another connection to the books of ``db``: it sees what was committed, and nothing else."""
    books = Database(db_url, clock=clock)
    yield books
    await books.close()


def on_one_engine(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Those of these tests of both engines that need not run today: one half of each.

    Under CI=true, in a proof and with SHOP_ENGINES=both every test runs on both, and on SQLite where there is no
    PostgreSQL. Which engine has which test depends on its name alone.
    """
    both = in_ci() or chosen().proving or os.environ.get("SHOP_ENGINES") == "both"
    if both or _postgresql_trouble() is not None:
        return []
    return [item for item in items if _runs_elsewhere(item)]


def _runs_elsewhere(item: pytest.Item) -> bool:
    params = getattr(getattr(item, "callspec", None), "params", {})
    if "engine_name" not in params:
        return False
    engine = str(params["engine_name"])
    parts = re.split(r"[\[\]-]", item.nodeid)
    parts.remove(engine)
    return engine != ("sqlite", "postgresql")[crc32("-".join(parts).encode()) % 2]


def in_ci() -> bool:
    """Whether nothing may be missing."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def require_postgresql() -> None:
    """Skip the test where no PostgreSQL can be reached; fail it in CI."""
    trouble = _postgresql_trouble()
    if trouble is None:
        return
    reason = f"no PostgreSQL at {make_url(POSTGRESQL).render_as_string()} (TEST_DATABASE_URL): {trouble}"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _postgresql_trouble() -> str | None:
    try:
        _administer("SELECT 1")
    except (OSError, TimeoutError, SQLAlchemyError) as error:
        return str(error) or type(error).__name__
    return None


def _administer(*statements: str) -> None:
    """Run statements outside of a transaction, as creating a database must be."""

    async def run() -> None:
        engine = create_async_engine(
            POSTGRESQL, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"timeout": PATIENCE}
        )
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    with asyncio.Runner() as runner:
        runner.run(run())


@contextmanager
def _postgresql_database(template: str) -> Iterator[str]:
    name = f"shop_test_{uuid.uuid4().hex}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _postgresql_template() -> str:
    name = f"shop_template_{uuid.uuid4().hex}"
    _administer(f"CREATE DATABASE {name} TEMPLATE template0")
    atexit.register(_administer, f"DROP DATABASE {name} WITH (FORCE)")
    _migrate(make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False))
    return name


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shop-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "shop.db"
    _migrate(f"sqlite+aiosqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    async def run() -> None:
        books = Database(url)
        try:
            await migrate(books)
        finally:
            await books.close()

    with asyncio.Runner() as runner:
        runner.run(run())


# Most of a short test's time goes into making books and compiling statements anew. A folder with many such tests
# keeps two connections to one database, emptied before each test (its fixtures live in the session's event loop).


@pytest.fixture(scope="session")
def kept_postgresql() -> Iterator[str]:
    """One PostgreSQL database for many tests."""
    require_postgresql()
    with _postgresql_database(_postgresql_template()) as url:
        yield url


@pytest.fixture(scope="session")
def kept_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One SQLite file for many tests."""
    _sqlite_template()  # here, because it takes an event loop of its own
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('kept') / 'shop.db'}"


@pytest.fixture
def kept_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """The URL of the kept database of the test's engine."""
    return str(request.getfixturevalue(f"kept_{engine_name}"))


# In one statement, because each costs a round trip; TRUNCATE takes ten times as long for a few rows.
_EMPTYING = """
DO $$
DECLARE guarded text; numbers text;
BEGIN
    FOR guarded IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal LOOP
        EXECUTE 'ALTER TABLE ' || guarded || ' DISABLE TRIGGER USER';
    END LOOP;
    {deletions}
    FOR guarded IN SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal LOOP
        EXECUTE 'ALTER TABLE ' || guarded || ' ENABLE TRIGGER USER';
    END LOOP;
    FOR numbers IN SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = current_schema() LOOP
        PERFORM setval(numbers, 1, false);
    END LOOP;
END $$
"""


@dataclass
class KeptBooks:
    """Books and a second look at them. Call ``empty`` before a test."""

    db: Database
    second: Database

    async def empty(self, clock: FakeClock) -> None:
        """Delete every row, past the triggers that forbid it, and number anew."""
        for books in (self.db, self.second):
            books.clock = clock
            books.wakeups = Wakeups()
        if self.db.file is not None:
            await self.close()
            for suffix in ("-wal", "-shm"):
                self.db.file.with_name(self.db.file.name + suffix).unlink(missing_ok=True)
            new_books(self.db.file)
            return
        deletions = " ".join(f"{table.delete()};" for table in reversed(metadata.sorted_tables))
        async with self.db.engine.begin() as connection:
            await connection.execute(text(_EMPTYING.format(deletions=deletions)))

    async def close(self) -> None:
        """Close the connections; they are opened again when they are needed."""
        await self.db.close()
        await self.second.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_books() -> AsyncIterator[dict[str, KeptBooks]]:
    """The kept books by URL; filled by who needs them."""
    kept: dict[str, KeptBooks] = {}
    yield kept
    for books in kept.values():
        await books.close()


@pytest_asyncio.fixture(loop_scope="session")
async def emptied_books(kept_books: dict[str, KeptBooks], kept_url: str, clock: FakeClock) -> KeptBooks:
    """The kept books of the test's engine, emptied."""
    if kept_url not in kept_books:
        kept_books[kept_url] = KeptBooks(Database(kept_url, clock=clock), Database(kept_url, clock=clock))
    await kept_books[kept_url].empty(clock)
    return kept_books[kept_url]
