"""Small helpers for statements that both engines take."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, bindparam, update
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


async def update_all(tx: Transaction, table: Table, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Set columns of many rows by their numbers; no columns change nothing.

    Rows with the same columns share a statement.
    """
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for number, columns in changes.items():
        if columns:
            alike.setdefault(frozenset(columns), []).append({"number": number, **columns})
    statement = update(table).where(table.c.id == bindparam("number"))
    for rows in alike.values():
        await tx.conn.execute(statement, rows)
