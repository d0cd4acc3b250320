"""Small helpers for statements that both engines take."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.database import Transaction


def insert(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, in the engine's own dialect."""
    if tx.conn.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def inserted_id(tx: Transaction, table: Table, values: dict[str, Any]) -> int:
    """Insert one row into a table that numbers its rows; the number."""
    result = await tx.conn.execute(table.insert().values(values))
    key = result.inserted_primary_key
    if key is None:
        raise LookupError(f"{table.name} gave no number")
    return int(key[0])
