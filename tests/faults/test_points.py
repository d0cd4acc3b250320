"""The list of named points is the list of those that the code passes, so that a proof forgets none."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot import points
from bot.domain.requests import RequestKind
from bot.points import POINTS
from bot.storage.database import Database

# What stands in a point's name for one of several words.
WORDS = {"kind": tuple(RequestKind)}
GENERIC = ("commit.before", "commit.after")


def test_the_list_is_complete(repository: Path) -> None:
    """Every point of the code is on the list, once, and the other way round."""
    trees = [ast.parse(file.read_text()) for file in sorted((repository / "bot").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    works = {work for node in nodes for work in _works(node)}
    commits = {f"{work}.{point}" for work in works for point in GENERIC}
    assert {*(point for node in nodes for point in _reached(node)), *commits} - {*GENERIC} == {*POINTS}
    assert len({*POINTS}) == len(POINTS)


def _reached(node: ast.AST) -> Iterator[str]:
    """The points of a call of ``reach``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reach":
        yield from _texts(node.args[0])


def _texts(name: ast.expr) -> Iterator[str]:
    match name:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=word)), ast.Constant(value=str(rest))]):
            yield from (f"{each}{rest}" for each in WORDS[word])
        case _:
            raise AssertionError(f"nobody can read which point this is: {ast.unparse(name)}")


def _works(node: ast.AST) -> Iterator[str]:
    """What a transaction says of itself: ``tx.work = "claimed"``."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute) and node.targets[0].attr == "work":
        words = (each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant))
        yield from (word for word in words if isinstance(word, str))


async def test_a_commit_is_known_by_its_work(tmp_path: Path) -> None:
    """A commit passes one point before it and one after it, named for what was written down; none if undone."""
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    passed: list[str] = []
    points.listen(passed.append)
    try:
        async with db.write() as tx:
            tx.work = "claimed"
        async with db.write():
            pass
        with suppress(LookupError):
            async with db.write() as tx:
                tx.work = "settled"
                raise LookupError
    finally:
        points.listen(None)
        await db.close()
    assert passed == ["claimed.commit.before", "claimed.commit.after", *GENERIC]
