"""Times and rates come back from the books as they went in, on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.storage.database import Database, Transaction
from bot.storage.tables import alerts, panels
from bot.storage.types import EPOCH, Exact, Instant

DIALECT = sqlite.dialect()
MOMENTS = [
    EPOCH,
    datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
    datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
]
RATES = ["0", "0.00000001", "0.10", "1E-9", "123456789012345678901234567890.12345678", "-0.5"]


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_kept_to_the_millisecond(moment: datetime) -> None:
    """Any moment in any time zone comes back in UTC, and less than a millisecond of it is lost."""
    column = Instant()
    back = column.process_result_value(column.process_bind_param(moment, DIALECT), DIALECT)
    assert back is not None
    assert back.tzinfo is UTC
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stored_moments_compare_as_they_are(one: datetime, other: datetime) -> None:
    """The earlier of two moments is not stored as the later."""
    column = Instant()
    stored = [column.process_bind_param(moment, DIALECT) or 0 for moment in sorted((one, other))]
    assert stored == sorted(stored)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_rate_is_kept_exactly(rate: Decimal) -> None:
    """Any rate comes back with every digit, its trailing zeros and its sign."""
    column = Exact()
    back = column.process_result_value(column.process_bind_param(rate, DIALECT), DIALECT)
    assert back is not None
    assert back.as_tuple() == rate.as_tuple()


async def test_nothing_stays_nothing(db: Database, second: Database) -> None:
    """What is not known is neither 1970 nor zero."""
    async with db.write() as tx:
        await tx.conn.execute(panels.insert().values(name="A", host="a"))
    async with second.read() as tx:
        row = (await tx.conn.execute(select(panels))).one()
        assert (row.balance, row.balance_at) == (None, None)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
async def test_moments_in_the_database(db: Database, second: Database, moment: datetime) -> None:
    """A moment that was written is the same when it is read, and is found by comparing."""
    async with db.write() as tx:
        await tx.conn.execute(alerts.insert().values(key="a", raised_at=moment))
    async with second.read() as tx:
        assert await tx.conn.scalar(select(alerts.c.raised_at)) == moment
        assert await _found(tx, moment) == 1
        assert await _found(tx, moment - timedelta(milliseconds=1)) == 0


async def _found(tx: Transaction, until: datetime) -> int:
    return len((await tx.conn.execute(select(alerts).where(alerts.c.raised_at <= until))).all())


@pytest.mark.parametrize("rate", RATES)
async def test_rates_in_the_database(db: Database, second: Database, rate: str) -> None:
    """A rate that was written is the same when it is read, digit for digit."""
    async with db.write() as tx:
        await tx.conn.execute(panels.insert().values(name="A", host="a", balance=Decimal(rate)))
    async with second.read() as tx:
        found = await tx.conn.scalar(select(panels.c.balance))
    assert found is not None
    assert found.as_tuple() == Decimal(rate).as_tuple()
