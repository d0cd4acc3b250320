"""Fixtures for tests that need the books: each such test runs on SQLite and on PostgreSQL.

A folder's ``conftest.py`` imports ``engine_name``, ``clock``, ``db_url``, ``db`` and ``second`` from here and
names them in its ``__all__``. The schema is migrated once a session; every test gets a fresh copy of it.

PostgreSQL is looked for at ``TEST_DATABASE_URL`` (a role that may create databases). Where there is none, its
half of the tests is skipped, but not in CI.
"""

import asyncio
import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import metadata
from tests.clock import FakeClock

POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgresql+asyncpg://postgres@127.0.0.1:5432/test"
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
        shutil.copy(_sqlite_template(), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    require_postgresql()
    with _postgresql_database(_postgresql_template()) as url:
        yield url


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


def require_postgresql() -> None:
    """Skip the test where no PostgreSQL can be reached; fail it in CI."""
    trouble = _postgresql_trouble()
    if trouble is None:
        return
    reason = f"no PostgreSQL at {make_url(POSTGRESQL).render_as_string()} (TEST_DATABASE_URL): {trouble}"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
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


@pytest.fixture(scope="session")
def kept_postgresql() -> Iterator[str]:
    """One PostgreSQL database for many tests: to make one for each takes longer than most of them."""
    require_postgresql()
    with _postgresql_database(_postgresql_template()) as url:
        yield url


@pytest.fixture
def kept_db_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """As ``db_url``, but on PostgreSQL the same database each time, emptied before the test."""
    if engine_name == "sqlite":
        return str(request.getfixturevalue("fresh_sqlite_url"))
    url = str(request.getfixturevalue("kept_postgresql"))
    _empty(url)
    return url


@pytest.fixture
def fresh_sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file with the newest schema and nothing in it."""
    file = tmp_path / "data" / "shop.db"
    file.parent.mkdir(mode=0o700)
    shutil.copy(_sqlite_template(), file)
    return f"sqlite+aiosqlite:///{file}"


def _empty(url: str) -> None:
    """Delete every row, past the triggers that forbid it, and number anew."""
    names = [table.name for table in metadata.sorted_tables]

    async def run() -> None:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            for name in names:
                await connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            await connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
            for name in names:
                await connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        await engine.dispose()

    with asyncio.Runner() as runner:
        runner.run(run())
