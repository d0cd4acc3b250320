"""Fresh books for each run, and what is in them as everybody else would read it: through a second connection."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select, text

from bot.storage.audit import audit
from bot.storage.database import Database, Transaction
from bot.storage.migrate import migrate
from bot.storage.tables import alerts, attempts, drafts, orders, outbox, panels, wallets
from tests.clock import FakeClock

T = TypeVar("T")


@cache
def migrated() -> bytes:
    """A file of books with the newest schema and nothing in it."""

    async def run(books: "Books") -> None:
        await migrate(books.db)

    return _after(run, b"")


@cache
def prepared(first: Callable[["Books"], Coroutine[Any, Any, None]]) -> bytes:
    """A file of books after ``first``, to begin from again and again."""
    return _after(first, migrated())


def _after(step: Callable[["Books"], Coroutine[Any, Any, None]], content: bytes) -> bytes:
    books = Books(FakeClock(), content)
    try:
        books.run(step(books))
        books.run(books.db.close())
        return (books.folder / "shop.db").read_bytes()
    finally:
        books.close()


def memory() -> str | None:
    """A folder in memory, where the machine has one: the same promises cost less time there."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - only as a parent of a private folder


@dataclass
class Seen:
    """What the books say. ``said`` is only what was decided on since the last look."""

    wallets: dict[int, int]
    orders: dict[int, Any]
    adds: dict[int, int]
    gate: Any
    alerts: set[str]
    drafts: set[int]
    said: list[Any]
    wrong: list[str]


class Books:
    """One shop's file with an event loop of its own. ``db`` is the shop's, and made anew by ``reopen``."""

    def __init__(self, clock: FakeClock, content: bytes) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shop-model-", dir=memory()))
        file = self.folder / "shop.db"
        file.write_bytes(content)
        self.clock = clock
        self.url = f"sqlite+aiosqlite:///{file}"
        self.runner = asyncio.Runner()
        self.db = Database(self.url, clock=clock)
        self.second = Database(self.url, clock=clock)
        self.read_to = 0
        self.proved_at = -1

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it, and wait for it."""
        return self.runner.run(work)

    async def reopen(self) -> Database:
        """As after a restart: nothing is left but the file."""
        await self.db.close()
        self.db = Database(self.url, clock=self.clock)
        return self.db

    def close(self) -> None:
        """Leave nothing behind."""
        self.run(self.db.close())
        self.run(self.second.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    async def seen(self, panel: str) -> Seen:
        """Everything a model can be held against, on one consistent state, audited where it is a new one."""
        async with self.second.read() as tx:
            count = select(attempts.c.order_id, func.count()).group_by(attempts.c.order_id)
            news = select(outbox).where(outbox.c.id > self.read_to).order_by(outbox.c.id)
            said = list(await tx.conn.execute(news))
            self.read_to = max([self.read_to, *(row.id for row in said)])
            return Seen(
                wallets={row.user_id: row.balance for row in await tx.conn.execute(select(wallets))},
                orders={row.id: row for row in await tx.conn.execute(select(orders).order_by(orders.c.id))},
                adds={row[0]: row[1] for row in await tx.conn.execute(count)},
                gate=(await tx.conn.execute(select(panels).where(panels.c.name == panel))).one(),
                alerts=set(await tx.conn.scalars(select(alerts.c.key))),
                drafts=set(await tx.conn.scalars(select(drafts.c.id))),
                said=said,
                wrong=await self._audited(tx),
            )

    async def _audited(self, tx: Transaction) -> list[str]:
        """What the audit finds. What nobody wrote to since it found nothing is not searched again."""
        version = int(await tx.conn.scalar(text("PRAGMA data_version")) or 0)
        if version == self.proved_at:
            return []
        wrong = await audit(tx)
        self.proved_at = -1 if wrong else version
        return wrong
