"""What the books were begun with and what cannot be changed since; how far some work on them came; what panels say
that nobody agreed to yet."""

from sqlalchemy import delete, select

from bot.storage.database import Transaction
from bot.storage.rows import insert
from bot.storage.tables import facts

_CURRENCY = "currency"


class CurrencyChanged(Exception):
    """The settings name another currency than the one every amount in the books is in."""

    def __init__(self, stored: str, wanted: str) -> None:
        self.stored = stored
        self.wanted = wanted
        super().__init__(f"the books are kept in {stored}; CURRENCY says {wanted}")


async def fix_currency(tx: Transaction, currency: str) -> None:
    """Keep the books in this currency from now on; ``CurrencyChanged`` where they are in another.

    Called in the transaction that moves money, so that the first entry and its currency are written together.
    """
    stored = await books_currency(tx)
    if stored is None:
        statement = insert(tx, facts).values(key=_CURRENCY, value=currency)
        await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        stored = await books_currency(tx)
    if stored != currency:
        raise CurrencyChanged(stored or "", currency)


async def books_currency(tx: Transaction) -> str | None:
    """The currency the books are kept in; None while they have no entries."""
    return await find(tx, _CURRENCY)


async def find(tx: Transaction, key: str) -> str | None:
    """The fact of this name; None where there is none."""
    found: str | None = await tx.conn.scalar(select(facts.c.value).where(facts.c.key == key))
    return found


async def put(tx: Transaction, key: str, value: str) -> None:
    """Write a fact, over what it was before."""
    statement = insert(tx, facts).values(key=key, value=value)
    await tx.conn.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


# The currency that a panel's balance names, where that is not the one it is sold in and no admin agreed to it.
def _said_by(panel: str) -> str:
    return f"said:{panel}"


async def panel_currency_said(tx: Transaction, panel: str) -> str | None:
    """The currency that a panel names and is not sold in; None where there is none."""
    return await find(tx, _said_by(panel))


async def keep_currency_said(tx: Transaction, panel: str, currency: str) -> None:
    """Note the currency that a panel names and is not sold in."""
    await put(tx, _said_by(panel), currency)


async def forget_currency_said(tx: Transaction, panel: str) -> None:
    """A panel is sold in what it names, or not at all."""
    await tx.conn.execute(delete(facts).where(facts.c.key == _said_by(panel)))
