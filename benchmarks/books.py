"""What is written into the books: an order from Confirm to Placed, in a file of SQLite's that outlives a crash."""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.timing import Row, timed
from bot.domain.outcomes import Placed
from bot.storage.database import Database
from bot.storage.migrate import migrate
from tests.clock import FakeClock
from tests.services.stage import Stage


async def measure(times: int) -> list[Row]:
    """Confirm and placing, each beside a transaction with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        db = Database(f"sqlite+aiosqlite:///{Path(folder) / 'shop.db'}")
        try:
            await migrate(db)
            return await _orders(await Stage.opened(db, db, FakeClock()), times)
        finally:
            await db.close()


async def _orders(stage: Stage, times: int) -> list[Row]:
    confirms, places, nothings = list[float](), list[float](), list[float]()

    async def nothing() -> None:
        async with stage.db.write():
            pass

    for number in range(times):
        draft = await stage.draft()
        confirms.append(await timed(partial(stage.confirm, draft)))
        places.append(await timed(partial(stage.place, Placed(str(number + 1)))))
        nothings.append(await timed(nothing))
    empty = median(nothings) * 1000
    beside = "an empty transaction"
    return [
        Row("Confirm", median(confirms) * 1000, beside, empty),
        Row("claim, add, settle", median(places) * 1000, beside, empty),
    ]
