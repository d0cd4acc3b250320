"""The guards that no constraint can express are still there: a step that makes a table anew could lose them."""

from collections.abc import Mapping

from sqlalchemy import TextClause, text

from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction

_KEPT = ("transfers", "postings", "order_events")
# Each trigger with its table, by the engine.
GUARDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        **{f"{table}_kept_{verb}": table for table in _KEPT for verb in ("update", "delete")},
        "orders_ended": "orders",
    },
    "postgresql": {
        **{f"{table}_{name}": table for table in _KEPT for name in ("kept", "kept_all")},
        "orders_ended": "orders",
    },
}
# A trigger of PostgreSQL may be there and switched off.
_THERE: Mapping[str, TextClause] = {
    "sqlite": text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"
    ),
}


async def _guards(tx: Transaction) -> list[str]:
    engine = tx.conn.dialect.name
    there = {(row[0], row[1]) for row in await tx.conn.execute(_THERE[engine])}
    return [
        f"The guard {name} of the table {table} is gone: nothing keeps its rows from being changed."
        for name, table in GUARDS[engine].items()
        if (name, table) not in there
    ]


INVARIANTS = (Invariant("the database itself refuses to change what never changes", _guards),)
