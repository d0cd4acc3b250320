"""What a database really looks like, to be compared."""

import re

from sqlalchemy import Connection, inspect, text

_PG_COLUMNS = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public'"
)
_PG_CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace"
)
_PG_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


def look(conn: Connection) -> set[tuple[str, ...]]:
    """Every column, constraint and index in the engine's own words; not Alembic's own table."""
    found = _sqlite(conn) if conn.dialect.name == "sqlite" else _postgresql(conn)
    return {row for row in found if row[0] != "alembic_version"}


def _sqlite(conn: Connection) -> set[tuple[str, ...]]:
    rows = conn.execute(text("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"))
    # A line of the statement is a column or a constraint; which constraint comes first means nothing. A column that
    # was added later stands in the line of the one before it.
    lines = (
        (row.tbl_name, line.strip(" \t,)")) for row in rows for line in re.split(r"\n|, (?=\w+ [A-Z]+\b)", row.sql)
    )
    return {(table, re.sub(r"\s+", " ", line)) for table, line in lines if line}


def _postgresql(conn: Connection) -> set[tuple[str, ...]]:
    return {
        tuple(str(value) for value in row)
        for statement in (_PG_COLUMNS, _PG_CONSTRAINTS, _PG_INDEXES)
        for row in conn.execute(text(statement))
    }


def rows(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, as plain values."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in inspect(conn).get_table_names():
        columns = ", ".join(f'CAST("{column["name"]}" AS TEXT)' for column in inspect(conn).get_columns(table))
        statement = text(f"SELECT {columns} FROM {table}")  # noqa: S608  (the database's own names)
        found[table] = sorted((tuple(row) for row in conn.execute(statement)), key=repr)
    return found
