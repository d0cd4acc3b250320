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

from sqlalchemy import bindparam, create_engine, func, select, text

from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import (
    alerts,
    attempts,
    batches,
    drafts,
    orders,
    outbox,
    panels,
    payments,
    requests,
    wallets,
)
from tests.clock import FakeClock
from tests.model.auditing import Auditor

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

    wallets: dict[int, tuple[int, int]]
    payments: dict[int, tuple[int, str, int]]
    requests: list[tuple[Any, ...]]
    lists: dict[int, tuple[int, bool, bool]]
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
        self.reader = create_engine(f"sqlite:///{file}").connect()
        self.auditor = Auditor(self.reader)
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
        self.reader.close()
        self.reader.engine.dispose()
        self.runner.close()
        shutil.rmtree(self.folder)

    def seen(self, panel: str) -> Seen:
        """Everything a model can be held against, audited where it is a new state."""
        execute = self.reader.execute
        said = list(execute(_NEWS, {"read_to": self.read_to}))
        self.read_to = max([self.read_to, *(row.id for row in said)])
        found = Seen(
            wallets={row.user_id: (row.balance, row.owed) for row in execute(_WALLETS)},
            payments={row.id: (row.user_id, row.state, row.amount) for row in execute(_PAYMENTS)},
            requests=[
                (row.order_id, row.kind, row.state, row.tries, row.check_at, row.ended_at is None)
                for row in execute(_REQUESTS)
            ],
            lists={
                row.id: (row.user_id, row.confirmed_at is not None, row.reported_at is not None)
                for row in execute(_LISTS)
            },
            orders={row.id: row for row in execute(_ORDERS)},
            adds={row[0]: row[1] for row in execute(_ADDS)},
            gate=execute(_PANEL, {"panel": panel}).one(),
            alerts=set(self.reader.scalars(_ALERTS)),
            drafts=set(self.reader.scalars(_DRAFTS)),
            said=said,
            wrong=self._audited(),
        )
        self.reader.rollback()  # the next look is at what was committed by then
        return found

    def _audited(self) -> list[str]:
        """What the audit finds. What nobody wrote to since it found nothing is not searched again."""
        version = int(self.reader.scalar(text("PRAGMA data_version")) or 0)
        if version == self.proved_at:
            return []
        wrong = self.auditor.violations(self.clock())
        self.proved_at = -1 if wrong else version
        return wrong

    def whole_audit(self) -> list[str]:
        """What the audit itself finds, with nothing taken as known."""
        try:
            return self.auditor.whole(self.clock())
        finally:
            self.reader.rollback()


_NEWS = select(outbox).where(outbox.c.id > bindparam("read_to")).order_by(outbox.c.id)
_WALLETS, _ALERTS, _DRAFTS = select(wallets), select(alerts.c.key), select(drafts.c.id)
_PAYMENTS, _LISTS, _REQUESTS = select(payments), select(batches), select(requests).order_by(requests.c.id)
_ORDERS = select(orders).order_by(orders.c.id)
_ADDS = select(attempts.c.order_id, func.count()).group_by(attempts.c.order_id)
_PANEL = select(panels).where(panels.c.name == bindparam("panel"))
