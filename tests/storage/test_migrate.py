from sqlalchemy import text
from bot.storage.database import Database
from bot.storage.migrate import migrate


async def test_it(empty_url, clock):
    db = Database(empty_url, clock=clock)
    assert await migrate(db) == ["0001"]
    assert await migrate(db) == []
    await db.close()


async def test_db(db, second):
    async with db.write() as tx:
        await tx.conn.execute(text("insert into facts values ('a','b')"))
    async with second.read() as tx:
        assert await tx.conn.scalar(text("select value from facts")) == "b"
