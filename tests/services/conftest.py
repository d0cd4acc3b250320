"""A shop on both engines; whatever a test did to it, the books are right at its end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage.database import Database
from tests.clock import FakeClock
from tests.engines import (
    KeptBooks,
    clock,
    emptied_books,
    engine_name,
    kept_books,
    kept_postgresql,
    kept_sqlite,
    kept_url,
    on_one_engine,
)
from tests.services.request_desk import Desk
from tests.services.stage import Stage

__all__ = ["clock", "emptied_books", "engine_name", "kept_books", "kept_postgresql", "kept_sqlite", "kept_url"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run this folder's tests in the event loop that its books live in, each on one engine where there is no time."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    left_out = set(on_one_engine(ours))
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def db(emptied_books: KeptBooks) -> Database:
    """The books, empty."""
    return emptied_books.db


@pytest.fixture
def second(emptied_books: KeptBooks) -> Database:
    """Another connection to the books: it sees what was committed, and nothing else."""
    return emptied_books.second


@pytest_asyncio.fixture(loop_scope="session")
async def stage(db: Database, second: Database, clock: FakeClock) -> AsyncIterator[Stage]:
    """An open shop. Its books are proved when the test is over."""
    opened = await Stage.opened(db, second, clock)
    yield opened
    assert await opened.audit() == []


@pytest_asyncio.fixture(loop_scope="session")
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    """An open shop whose panel takes requests; asking for something never moves money by itself."""
    opened = Desk(stage)
    yield opened
    assert await stage.audit() == []
