"""A shop on both engines; whatever a test did to it, the books are right at its end."""

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database
from tests.clock import FakeClock
from tests.engines import clock, db, engine_name, fresh_sqlite_url, kept_db_url, kept_postgresql, second
from tests.services.stage import Stage

__all__ = ["clock", "db", "engine_name", "fresh_sqlite_url", "kept_db_url", "kept_postgresql", "second"]


@pytest.fixture
def db_url(kept_db_url: str) -> str:
    """Books with the newest schema and nothing in them."""
    return kept_db_url


@pytest.fixture
async def stage(db: Database, second: Database, clock: FakeClock) -> AsyncIterator[Stage]:
    """An open shop. Its books are proved when the test is over."""
    opened = await Stage.opened(db, second, clock)
    yield opened
    assert await opened.audit() == []
