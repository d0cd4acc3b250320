"""The connection to the books: one writer at a time, commits that a cancellation cannot tear.

Every use case gets a ``Transaction``. Writers are serialised on both engines (``BEGIN IMMEDIATE`` on SQLite, an
advisory lock on PostgreSQL), so a rule proved on one holds on the other; the constraints in the database hold
even without that.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.points import reach

Clock = Callable[[], datetime]
T = TypeVar("T")
# Whatever the database itself refuses, for those who have to say so and know no SQLAlchemy.
DatabaseTrouble = SQLAlchemyError

# Any number that no other program on the same PostgreSQL is likely to lock.
WRITER_LOCK = 7_262_019_551
# PostgreSQL's classes of errors that are none of the statement's: connection, transaction state (read-only), rollback,
# resources, locks, an operator, the system, the server itself.
_PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58", "XX"})
# A reader (backup, audit) may hold the file for a moment; a writer waits this long before it gives up, in ms.
BUSY_TIMEOUT = 30_000


def system_clock() -> datetime:
    """The time, aware and in UTC. The one place that reads the machine's clock."""
    return datetime.now(UTC)


def may_pass(error: Exception) -> bool:
    """Whether the database was out of reach, locked or full, rather than against what it was told to write."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state is not None:
        return str(state)[:2] in _PASSING
    against = isinstance(error, IntegrityError | DataError | ProgrammingError)
    return isinstance(error, OSError | DBAPIError) and not against


class Duplicate(Exception):
    """The database refused a row: what it stands for is there already, or is not allowed."""


@dataclass(slots=True)
class Transaction:
    """One transaction: its connection, its time, and which loops to wake once it is committed.

    ``work`` is what it writes down, where the points of its commit have a name (``bot.points``).
    """

    conn: AsyncConnection
    now: datetime
    wakes: set[str] = field(default_factory=set)
    work: str = ""

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that is undone alone when it raises; ``Duplicate`` where a constraint refused it."""
        try:
            async with self.conn.begin_nested():
                yield
        except IntegrityError as error:
            raise Duplicate(str(error.orig)) from error

    def wake(self, *loops: str) -> None:
        """Wake these loops after the commit, so that nobody waits out a polling interval."""
        self.wakes.update(loops)


class Wakeups:
    """Named events that loops wait on, each of them one: a ring that another has heard is heard no more.

    Loops of one kind for several panels wait on ``kind panel`` and are rung together, by their kind.
    """

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = {}

    def _event(self, name: str) -> asyncio.Event:
        return self._events.setdefault(name, asyncio.Event())

    def expect(self, *names: str) -> None:
        """Somebody will wait for these, and has to hear what rings before they do."""
        for name in names:
            self._event(name)

    def ring(self, *names: str) -> None:
        """Wake who waits for these names, or whoever waits for them next."""
        for name in names:
            for each in {name, *(known for known in self._events if known.startswith(f"{name} "))}:
                self._event(each).set()

    async def wait(self, name: str, seconds: float) -> None:
        """Return when ``name`` is rung or ``seconds`` have passed, whichever comes first."""
        event_ = self._event(name)
        try:
            async with asyncio.timeout(seconds):
                await event_.wait()
        except TimeoutError:
            pass
        event_.clear()


class Database:
    """An engine and its rules for transactions.

    ``url`` names a driver: ``sqlite+aiosqlite`` or ``postgresql+asyncpg``.
    """

    def __init__(self, url: str, *, clock: Clock = system_clock) -> None:
        self.url = make_url(url)
        self.clock = clock
        self.wakeups = Wakeups()
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.file is not None:
            prepare_file(self.file)
        self.engine: AsyncEngine = create_async_engine(self.url, pool_pre_ping=not self.sqlite)
        self._writing = asyncio.Lock()
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            event.listen(self.engine.sync_engine, "invalidate", _undo_sqlite)

    @property
    def file(self) -> Path | None:
        """The SQLite file, None on PostgreSQL."""
        if not self.sqlite or not self.url.database or self.url.database == ":memory:":
            return None
        return Path(self.url.database)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that may write: committed at the end, rolled back on an error, never half done."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._writing)
            conn = await stack.enter_async_context(self.engine.connect())
            conn = await conn.execution_options(immediate=True)
            await conn.begin()
            if not self.sqlite:
                await conn.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))
            tx = Transaction(conn, self.clock())
            try:
                yield tx
            except BaseException:
                await unbroken(conn.rollback())
                raise
            reach("commit.before", of=tx.work)
            await unbroken(_commit(conn))
            reach("commit.after", of=tx.work)
        self.wakeups.ring(*tx.wakes)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads, on one consistent state of the books."""
        async with self.engine.connect() as conn:
            if not self.sqlite:
                await conn.execution_options(isolation_level="REPEATABLE READ")
            async with conn.begin():
                yield Transaction(conn, self.clock())

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _commit(conn: AsyncConnection) -> None:
    """Commit. A connection whose commit failed is not used again: SQLite may still have the transaction open on it,
    with the lock that every other writer needs, and the library takes it for over.
    """
    try:
        await conn.commit()
    except BaseException:
        await conn.invalidate()
        raise


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` to its end even when cancelled meanwhile; the cancellation is raised afterwards.

    A cancelled commit may still commit, and then nobody would know.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except BaseException:
            if not task.done():
                raise
    if cancelled is not None:
        if not task.cancelled():
            task.exception()
        raise cancelled
    return task.result()


def prepare_file(file: Path) -> None:
    """Make the folder and the file, readable by their owner alone."""
    if not file.parent.exists():
        file.parent.mkdir(mode=0o700, parents=True)
    if not file.exists():
        file.touch(mode=0o600)
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        if path.exists():
            path.chmod(0o600)


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a sale survives a power cut, not only a crash
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    immediate = conn.get_execution_options().get("immediate", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _undo_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry, _error: BaseException | None) -> None:
    # A cancelled statement has its connection closed, but SQLite keeps that open, with its lock, while a cursor
    # with rows to give lives on, as it may in a traceback: so the transaction is undone first. Whatever goes wrong
    # with that (or cancels it again, when it is under way), the first error is the one to be told.
    with suppress(asyncio.CancelledError, SQLAlchemyError, sqlite3.Error):
        connection.rollback()
