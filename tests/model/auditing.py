"""The whole audit, after every step: what it asks the books is put into SQL once and asked again as it stands.

To build its statements takes a hundred times as long as to answer them. An invariant's sentences are made from the rows
that its queries find. So where they all find nothing, and it was seen to say nothing then, it says nothing now; where
any finds something it is asked itself. A query that is not the same each time is never known, and asked each time.
"""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, ScalarResult, event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.audit import INVARIANTS
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction

Query = tuple[str, Any]
# By invariant, what it asks where all is well; the same for all books, for the schema is one.
_known: dict[str, list[Query]] = {}


class Direct:
    """A connection that reads at once where the shop's would wait for a thread: nobody else is at work meanwhile."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.dialect = conn.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        """Every row."""
        return self._conn.execute(statement, parameters)

    async def scalars(self, statement: Any) -> ScalarResult[Any]:
        """The first column."""
        return self._conn.scalars(statement)

    async def scalar(self, statement: Any) -> Any:
        """The first value."""
        return self._conn.scalar(statement)


class Auditor:
    """Audits through one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._asked: list[Query] = []
        event.listen(conn, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        self._asked.append((statement, parameters))

    def violations(self, now: datetime) -> list[str]:
        """Every violation there is."""
        return [violation for invariant in INVARIANTS for violation in self._of(invariant, now)]

    def whole(self, now: datetime) -> list[str]:
        """The same by the audit itself, with nothing taken as known."""
        return [violation for invariant in INVARIANTS for violation in self._by_itself(invariant, now)]

    def _of(self, invariant: Invariant, now: datetime) -> list[str]:
        queries = _known.get(invariant.law)
        if queries is not None and self._find_nothing(queries):
            return []
        self._asked.clear()
        found = self._by_itself(invariant, now)
        queries = list(self._asked)
        if not found and self._find_nothing(queries):
            same = _known.setdefault(invariant.law, queries) == queries
            assert same, f"{invariant.law}: it does not ask the same each time"
        return found

    def _find_nothing(self, queries: list[Query]) -> bool:
        raw = self._conn.connection.cursor()
        try:
            return not any(raw.execute(*query).fetchone() for query in queries)
        finally:
            raw.close()

    def _by_itself(self, invariant: Invariant, now: datetime) -> list[str]:
        tx = Transaction(cast("AsyncConnection", Direct(self._conn)), now)
        return list(_at_once(invariant.violations(tx)))


def _at_once(work: Awaitable[list[str]]) -> list[str]:
    """What it comes to: with a direct connection it never waits."""
    try:
        next(work.__await__())
    except StopIteration as done:
        return cast("list[str]", done.value)
    raise AssertionError("the audit waited for something")
