"""The currency of the books."""

import pytest

from bot.storage.database import Database
from bot.storage.facts import CurrencyChanged, books_currency, fix_currency


async def test_the_first_entry_fixes_the_currency(db: Database, second: Database) -> None:
    """Before the first entry there is no currency; from then on it is the same for good."""
    async with second.read() as tx:
        assert await books_currency(tx) is None
    async with db.write() as tx:
        await fix_currency(tx, "EUR")
    async with db.write() as tx:
        await fix_currency(tx, "EUR")
    async with second.read() as tx:
        assert await books_currency(tx) == "EUR"


async def test_another_currency_is_refused(db: Database, second: Database) -> None:
    """Amounts in the books would mean something else: it says which currency is kept and which was wanted."""
    async with db.write() as tx:
        await fix_currency(tx, "EUR")
    with pytest.raises(CurrencyChanged) as refused:
        async with db.write() as tx:
            await fix_currency(tx, "USD")
    assert (refused.value.stored, refused.value.wanted) == ("EUR", "USD")
    async with second.read() as tx:
        assert await books_currency(tx) == "EUR"


async def test_an_undone_entry_fixes_nothing(db: Database, second: Database) -> None:
    """The currency is written with the entry, and is undone with it."""

    async def fail() -> None:
        async with db.write() as tx:
            await fix_currency(tx, "EUR")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with second.read() as tx:
        assert await books_currency(tx) is None
