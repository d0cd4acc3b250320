"""Transactions: whole or not at all, one writer at a time, readers on one moment; files for their owner alone."""

import asyncio
import stat
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from bot.storage.audit import audit
from bot.storage.database import Database, Duplicate, Transaction, Wakeups, unbroken
from bot.storage.ledger import available
from bot.storage.tables import facts, postings, users
from tests.clock import FakeClock
from tests.storage import books


async def put_fact(tx: Transaction, key: str) -> None:
    await tx.conn.execute(facts.insert().values(key=key, value="x"))


async def put_and_fail(db: Database, key: str) -> None:
    async with db.write() as tx:
        await put_fact(tx, key)
        tx.wake("place")
        raise LookupError


async def put_both(tx: Transaction, one: str, other: str) -> None:
    async with tx.savepoint():
        await put_fact(tx, one)
        await put_fact(tx, other)


async def keys(db: Database) -> set[str]:
    async with db.read() as tx:
        return set(await tx.conn.scalars(select(facts.c.key)))


async def test_a_transaction_is_committed_at_its_end(db: Database, second: Database) -> None:
    """What a transaction wrote is seen by others after it, not before."""
    async with db.write() as tx:
        await put_fact(tx, "a")
        assert await keys(second) == set()
    assert await keys(second) == {"a"}


async def test_an_error_undoes_the_transaction(db: Database, second: Database) -> None:
    """What raises leaves nothing behind, and the next writer writes."""
    with pytest.raises(LookupError):
        await put_and_fail(db, "a")
    async with db.write() as tx:
        await put_fact(tx, "b")
    assert await keys(second) == {"b"}


async def test_a_savepoint_is_undone_alone(db: Database, second: Database) -> None:
    """A part that a constraint refuses is undone without the rest of its transaction."""
    async with db.write() as tx:
        await put_fact(tx, "a")
        with pytest.raises(Duplicate):
            await put_both(tx, "b", "a")
        await put_fact(tx, "c")
    assert await keys(second) == {"a", "c"}


async def test_a_cancelled_commit_is_finished(db: Database, second: Database) -> None:
    """Cancelled while it commits, a transaction is committed, its cancellation raised, and the next writer writes."""

    async def work() -> None:
        async with db.write() as tx:
            await books.open_shop(tx)

    task = asyncio.create_task(work())
    event.listen(db.engine.sync_engine, "commit", lambda _: task.cancel(), once=True)
    with pytest.raises(asyncio.CancelledError):
        await task
    async with second.read() as tx:
        assert await available(tx, books.ANNA) == books.FUNDS
    async with db.write() as tx:
        await books.buy(tx)


async def test_a_commit_that_fails_leaves_nothing_open(db: Database, second: Database) -> None:
    """Its transaction is undone, and neither its connection nor its lock is in the way of the next writers."""

    def refuse(_: object) -> None:
        raise LookupError

    event.listen(db.engine.sync_engine, "commit", refuse, once=True)
    with pytest.raises(LookupError):
        async with db.write() as tx:
            await put_fact(tx, "a")
    for writer, key in ((second, "b"), (db, "c")):
        async with writer.write() as tx:
            await put_fact(tx, key)
    assert await keys(second) == {"b", "c"}


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_a_cancelled_transaction_is_whole_or_nothing(db: Database, second: Database, steps: int) -> None:
    """Cancelled at any step, a sale is either in the books with all its lines or not at all."""
    async with db.write() as tx:
        await books.open_shop(tx)

    async def sell() -> None:
        async with db.write() as tx:
            await books.buy(tx)

    task = asyncio.create_task(sell())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    async with second.read() as tx:
        assert await audit(tx) == []
        balance = await available(tx, books.ANNA)
    assert balance in {books.FUNDS, books.FUNDS - books.PRICE}
    async with second.write() as tx:
        await books.buy(tx)
    async with db.read() as tx:
        assert await audit(tx) == []
        assert await available(tx, books.ANNA) == balance - books.PRICE


async def test_unbroken_work_ends_before_its_cancellation() -> None:
    """Work that must not be torn goes on when its caller is cancelled, and the caller hears of it afterwards."""
    begun, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def work() -> str:
        begun.set()
        await go_on.wait()
        done.append("all of it")
        return "result"

    task = asyncio.create_task(unbroken(work()))
    await begun.wait()
    task.cancel()
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["all of it"]


async def test_unbroken_work_gives_its_result_and_its_error() -> None:
    """Left alone, unbroken work is like any other."""

    async def fails() -> None:
        raise LookupError("what it says")

    async def works() -> str:
        return "result"

    assert await unbroken(works()) == "result"
    with pytest.raises(LookupError, match="what it says"):
        await unbroken(fails())


async def test_a_reader_stays_at_its_moment(db: Database, second: Database) -> None:
    """A reader sees one state of the books, whatever is committed while it reads."""
    async with db.write() as tx:
        await books.open_shop(tx)
    count = select(func.count()).select_from(postings)
    async with db.read() as reader:
        before = await reader.conn.scalar(count)
        async with second.write() as tx:
            await books.buy(tx)
        assert await reader.conn.scalar(count) == before
        assert await available(reader, books.ANNA) == books.FUNDS
    async with db.read() as reader:
        assert await available(reader, books.ANNA) == books.FUNDS - books.PRICE


async def test_writers_take_turns(db: Database, second: Database) -> None:
    """Read, think, write it back: with one writer at a time, no count is lost."""
    async with db.write() as tx:
        await tx.conn.execute(facts.insert().values(key="count", value="0"))

    async def count_one_more(database: Database) -> None:
        async with database.write() as tx:
            value = await tx.conn.scalar(select(facts.c.value).where(facts.c.key == "count"))
            await asyncio.sleep(0)
            await tx.conn.execute(facts.update().values(value=str(int(value or 0) + 1)))

    await asyncio.gather(*(count_one_more(each) for each in (db, second) * 10))
    async with db.read() as tx:
        assert await tx.conn.scalar(select(facts.c.value)) == "20"


async def test_the_time_is_the_clocks(db: Database, clock: FakeClock) -> None:
    """A transaction's time is the clock's at its beginning."""
    clock.advance(90)
    async with db.write() as tx:
        assert tx.now == clock.now
        clock.advance(1)
        assert tx.now == clock.now - timedelta(seconds=1)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_every_connection_is_safe(db: Database) -> None:
    """Each SQLite connection writes ahead, waits for the disk, holds references and has patience with others."""
    async with db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
            assert await connection.scalar(text("PRAGMA synchronous")) == 2
            assert await connection.scalar(text("PRAGMA foreign_keys")) == 1
            assert await connection.scalar(text("PRAGMA busy_timeout")) >= 10_000


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_the_files_are_their_owners_alone(empty_url: str) -> None:
    """The file, what stands beside it and the folder made for it cannot be read by others on the machine."""
    database = Database(empty_url)
    try:
        async with database.write() as tx:
            await tx.conn.execute(text("CREATE TABLE something (id INTEGER)"))
        file = database.file
        assert file is not None
        files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
        assert files == {"shop.db": 0o600, "shop.db-wal": 0o600, "shop.db-shm": 0o600}
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    finally:
        await database.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_readable_file_is_closed_to_others(db: Database, db_url: str) -> None:
    """A file that others could read is theirs no more once the shop has opened it."""
    assert db.file is not None
    db.file.chmod(0o644)
    again = Database(db_url)
    await again.close()
    assert stat.S_IMODE(db.file.stat().st_mode) == 0o600


async def test_who_waits_is_woken_after_the_commit(db: Database, second: Database) -> None:
    """A loop that waits for a name wakes when a transaction that named it is committed, and finds its rows."""

    async def wait() -> set[str]:
        await db.wakeups.wait("place", seconds=3600)
        return await keys(second)

    waiting = asyncio.create_task(wait())
    async with db.write() as tx:
        tx.wake("place", "track")
        await put_fact(tx, "a")
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting == {"a"}


async def test_nobody_is_woken_for_what_was_undone(db: Database) -> None:
    """A transaction that was rolled back wakes nobody."""
    with pytest.raises(LookupError):
        await put_and_fail(db, "b")
    waiting = asyncio.create_task(db.wakeups.wait("place", seconds=3600))
    async with db.write() as tx:
        await put_fact(tx, "a")
    assert not waiting.done()
    db.wakeups.ring("place")
    await waiting


async def test_a_ring_is_kept_for_the_next_wait() -> None:
    """Rung while nobody waits, the next wait returns at once, and the one after it waits again."""
    wakeups = Wakeups()
    wakeups.ring("a", "b")
    await wakeups.wait("a", seconds=3600)
    again = asyncio.create_task(wakeups.wait("a", seconds=3600))
    await asyncio.sleep(0)
    assert not again.done()
    wakeups.ring("a")
    await again
    await wakeups.wait("b", seconds=3600)


async def test_a_wait_ends_by_itself() -> None:
    """Not rung, a wait ends when its seconds are over."""
    await Wakeups().wait("a", seconds=0)


async def test_people_with_large_ids(db: Database, second: Database) -> None:
    """Ids have 64 bits: Telegram's people have up to 52, its channels are far below zero."""
    wanted = {2**52 - 1, 2**62, -1_001_234_567_890}
    async with db.write() as tx:
        for user in wanted:
            values = {"id": user, "name": "x", "created_at": tx.now, "seen_at": tx.now}
            await tx.conn.execute(users.insert().values(values))
    async with second.read() as tx:
        assert set(await tx.conn.scalars(select(users.c.id))) == wanted
