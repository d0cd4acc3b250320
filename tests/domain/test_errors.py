"""The codes that people's texts are made from."""

import ast
from pathlib import Path

import bot
from bot.domain.errors import BAD_INPUT, BadInput, ShopError

SOURCES = sorted(Path(next(iter(bot.__path__))).rglob("*.py"))


def raised(source: str) -> list[tuple[str, set[str]]]:
    """Every code given to BadInput in a module with the names of its params."""
    found: list[tuple[str, set[str]]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadInput":
            codes = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
            found += [(str(code), {str(word.arg) for word in node.keywords}) for code in codes]
    return found


def test_the_table_of_codes_is_what_the_rules_raise() -> None:
    """Every code that is raised is in the table with just its params, and nothing else is in the table."""
    calls = [call for path in SOURCES for call in raised(path.read_text(encoding="utf-8"))]
    assert {code for code, _ in calls} == set(BAD_INPUT)
    for code, params in calls:
        assert params == set(BAD_INPUT[code]), code


def test_an_error_keeps_the_log_apart_from_the_person() -> None:
    """The log reads its own text where one is given, otherwise the code and its params."""
    told = ShopError("panel.down", "panel a: connection reset", panel="a")
    assert (told.code, dict(told.params), told.log) == (
        "panel.down",
        {"panel": "a"},
        "panel a: connection reset",
    )
    assert str(BadInput("link.too_long", limit=512)) == "link.too_long limit=512"
