"""A wallet's statement: every change of it, with the balance after each; page by page, or all of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.ledger import StatementLine
from bot.services.shop import Shop
from bot.storage import ledger
from bot.storage.database import Transaction

PAGE = 10
# A file of this many lines has some megabytes; a customer who has more lines gets the newest.
MOST_LINES = 50_000
# So many are put into the file at a time, and others are served in between.
BATCH = 500


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One page, newest line first; ``page`` is the one that is really there. ``available``: what is there now."""

    lines: Sequence[StatementLine]
    page: int
    pages: int
    available: int


async def page_of(tx: Transaction, *, user: int, page: int) -> StatementPage:
    """A page of the customer's statement; the nearest there is where ``page`` is none."""
    pages = max(-(-await ledger.count_movements(tx, user) // PAGE), 1)
    page = min(max(page, 0), pages - 1)
    lines = await ledger.statement_lines(tx, user, limit=PAGE, offset=page * PAGE)
    return StatementPage(lines, page, pages, await ledger.available(tx, user))


async def read_all(
    shop: Shop, *, user: int, take: Callable[[Sequence[StatementLine]], None], most: int = MOST_LINES
) -> int:
    """Hand all lines on, or the newest ``most``, newest first and some at a time; how many they were.

    It reads one state of the books, and in a transaction of its own: one that may write would keep everybody waiting.
    """
    count = 0
    async with shop.db.read() as tx:
        async for lines in ledger.stream_statement(tx, user, limit=most, batch=BATCH):
            take(lines)
            count += len(lines)
    return count
