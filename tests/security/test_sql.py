"""What people write reaches the database as values, never as a part of a statement."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.clock import FakeClock
from tests.security.desk import open_desk
from tests.services.stage import ANNA, FUNDS

BOT = Path(__file__).parents[2] / "bot"
FILES = [path for path in sorted(BOT.rglob("*.py")) if "demo" not in path.relative_to(BOT).parts]

# What takes a statement as text.
TAKES_SQL = frozenset(
    {
        "text",
        "execute",
        "exec_driver_sql",
        "executemany",
        "executescript",
        "scalar",
        "scalars",
        "literal_column",
        "column",
    }
)
# Statements that are put together, each from the program's own constants. Nothing a person wrote is near them.
OWN_CONSTANTS = {
    "storage/database.py": {
        "f'SELECT pg_advisory_xact_lock({WRITER_LOCK})'",
        "f'PRAGMA {pragma}'",
        "'BEGIN IMMEDIATE' if immediate else 'BEGIN'",
    },
    "storage/migrate.py": {
        "f'SELECT pg_advisory_xact_lock({WRITER_LOCK})'",
        "f\"PRAGMA foreign_keys={('ON' if on else 'OFF')}\"",
    },
}


def statements(source: str) -> Iterator[ast.expr]:
    """What is passed where a statement as text is taken, unless it is one whole literal or built by SQLAlchemy."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in TAKES_SQL and _put_together(node.args[0]):
            yield node.args[0]


def _put_together(given: ast.expr) -> bool:
    """Whether text was made into a statement here: formatted, added, joined or chosen."""
    match given:
        case ast.JoinedStr() | ast.IfExp():
            return True
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace" | "format_map")):
            return True
    return False


def test_no_statement_is_put_together_from_text() -> None:
    """In the whole shop; migrations are written once and see nobody's words."""
    found = {
        path.relative_to(BOT).as_posix(): {ast.unparse(each) for each in statements(path.read_text("utf-8"))}
        for path in FILES
        if "versions" not in path.parts
    }
    assert {path: texts for path, texts in found.items() if texts} == OWN_CONSTANTS


def test_statements_put_together_are_found() -> None:
    """The test above sees each way there is."""
    ways = (
        'tx.conn.execute(text(f"SELECT {x}"))',
        'tx.conn.exec_driver_sql("SELECT " + x)',
        'conn.execute(text("SELECT %s" % x))',
        'conn.scalar("SELECT {}".format(x))',
        'conn.scalars(" ".join(x))',
    )
    for way in ways:
        assert list(statements(way)), way
    assert not list(statements('conn.execute(text("SELECT 1"), {"x": x})'))


async def test_words_that_look_like_sql_are_words(tmp_path: Path, clock: FakeClock) -> None:
    """In names, usernames, commands, reasons and answers: they are stored and shown as they were written."""
    words = "'); DROP TABLE wallets; --"
    async with open_desk(tmp_path, clock) as desk:
        desk.anna.title, desk.anna.username = words, "x' OR '1'='1"
        await desk.anna.send(f"/start {words}")
        await desk.anna.send(f"/order {words}")
        await desk.anna.send(words)
        for command in (
            f"/credit {ANNA} 1 {words}",
            f"/user {words}",
            "/user @x'--",
            f"/pause {words}",
            f"/order {words}",
        ):
            await desk.owner.send(command)
        await desk.handled()
        assert await desk.rows("SELECT name, username FROM users WHERE id = :anna", anna=ANNA) == [
            (words, desk.anna.username)
        ]
        assert await desk.rows("SELECT reason FROM transfers WHERE admin_id IS NOT NULL ORDER BY id DESC LIMIT 1") == [
            (words,)
        ]
        assert await desk.stage.available(ANNA) == FUNDS + 10_000
        assert await desk.rows("SELECT 1 FROM inbox WHERE failures > 0") == []
