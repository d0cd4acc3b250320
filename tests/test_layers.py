"""The layout: who may import whom, how long things may be, and what no file may name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
FILES = sorted(BOT.rglob("*.py"))

# What each part of the shop may import of the others. Settings, logs, texts and locks are leaves.
SETTINGS = {"settings", "settings_values", "settings_errors"}
LEAVES = SETTINGS | {"logs", "i18n", "locks"}
MAY_IMPORT: dict[str, set[str]] = {
    "settings": SETTINGS,
    "settings_values": set(),
    "settings_errors": set(),
    "logs": set(),
    "i18n": set(),
    "locks": set(),
    "points": set(),
    "domain": set(),
    "panel": {"domain"},
    "paying": {"domain", "i18n", "settings"},  # texts are marked where they stand
    "storage": {"domain", "points"},
    "services": {"domain", "panel", "paying", "storage", "settings", "points"},
    "telegram": {"domain", "services", "settings", "i18n", "points"},
    "workers": {"domain", "services", "telegram", *LEAVES},
    "app": {"domain", "panel", "paying", "storage", "services", "telegram", "workers", *LEAVES},
    "checks": {"app", "domain", "panel", "paying", "settings"},
    "commands": {"app", "checks", "domain", "storage", *LEAVES},
    "demo": {"domain"},  # what stands in for others must not share code with what it tries
}
# The command line, and the one file of the demo that starts the real bot beside its stand-ins.
STARTERS = {"__main__.py", "demo/shop.py"}

# Libraries that one part knows, so that it can be understood and replaced alone.
KNOWN_TO: dict[str, set[str]] = {
    "httpx": {"panel", "paying"},
    "rapidfuzz": {"domain"},
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "aiosqlite": {"storage"},
    "asyncpg": {"storage"},
    "aiogram": {"telegram", "workers", "app", "checks", "commands"},
    "babel": {"i18n", "settings_values"},
    "pydantic_settings": {"settings"},
}


def name(path: Path) -> str:
    return path.relative_to(BOT).as_posix()


def part(path: Path) -> str:
    """Return the folder or module right under ``bot`` that ``path`` belongs to."""
    return path.relative_to(BOT).parts[0].removesuffix(".py")


def imports(path: Path, source: str | None = None) -> Iterator[str]:
    """Yield the full dotted name of everything imported anywhere in the file, functions included."""
    package = ["bot", *path.relative_to(BOT).parent.parts]
    for node in ast.walk(ast.parse(source if source is not None else path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def forbidden(path: Path, source: str | None = None) -> list[str]:
    """Return the imports of one file that point the wrong way."""
    if name(path) in STARTERS:
        return []
    here, wrong = part(path), []
    for imported in imports(path, source):
        top, _, rest = imported.partition(".")
        other = rest.partition(".")[0]
        ours = top == "bot" and other != here and other not in MAY_IMPORT.get(here, set())
        theirs = top in KNOWN_TO and here not in KNOWN_TO[top]
        if ours or theirs:
            wrong.append(imported)
    return wrong


def test_imports_point_one_way() -> None:
    assert {name(path): wrong for path in FILES if (wrong := forbidden(path))} == {}


def test_every_module_is_of_a_known_part() -> None:
    assert {name(path) for path in FILES if part(path) not in MAY_IMPORT} - STARTERS == {"__init__.py"}


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("domain/money.py", "from bot.storage import ledger"),
        ("domain/money.py", "def f():\n    import bot.panel.client"),
        ("panel/client.py", "from ..storage.tables import orders"),
        ("telegram/views.py", "from bot import panel"),
        ("telegram/views.py", "import sqlalchemy as sa"),
        ("services/ordering.py", "import httpx"),
        ("services/ordering.py", "from aiogram.types import Message"),
        ("storage/orders.py", "from bot.services.wallet import credit"),
        ("i18n.py", "from bot.domain import money"),
        ("demo/panel/server.py", "from bot.panel.wire import parse"),
        ("demo/telegram/server.py", "from aiogram import Bot"),
    ],
)
def test_an_import_that_points_the_other_way_is_found(file: str, source: str) -> None:
    assert len(forbidden(BOT / file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("services/ordering.py", "from ..storage.orders import Orders\nfrom . import wallet"),
        ("telegram/views.py", "from aiogram import Router\nfrom bot.i18n import Html"),
        ("demo/shop.py", "from bot.app import run"),
    ],
)
def test_an_import_that_points_the_right_way_is_left_alone(file: str, source: str) -> None:
    assert forbidden(BOT / file, source) == []


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {file: length for file, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    lengths = {
        f"{name(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: length for function, length in lengths.items() if length > 40} == {}


# An index's address would send others' installs there; a path of one machine works on that machine only. The
# brackets keep these patterns, and the braces below the examples, from being found themselves.
UNWANTED = re.compile(
    r"[p]ypi\.(org|python)|[p]ythonhosted\.|https?://[^\s/]+/(\S*/)?[s]imple(/|\b)|[i]ndex-url[ =]+\S*http"
    r"|[f]ile:///?(?!data)|(?<![\w.~$}/-])/(root|work|mnt|Users|opt|home/\w+)/"
)
NOT_OURS = {".git", ".venv", ".venv-audit", "build", "data", "dist", "__pycache__", ".env"}


def test_no_file_names_a_package_index_or_a_path_of_one_machine(repository: Path) -> None:
    found = []
    for path in sorted(repository.rglob("*")):
        inside = path.relative_to(repository).parts
        hidden = {each for each in inside if each.startswith(".") and each.endswith("_cache")} | {".hypothesis"}
        if not path.is_file() or (NOT_OURS | hidden) & set(inside):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if UNWANTED.search(line):
                found.append(f"{'/'.join(inside)}:{number}: {line.strip()[:120]}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        f"--index-{'url'} https://packages.example/",
        f"https://packages.example/{'simple'}/",
        f"https://files.{'python'}hosted.org/packages/",
        f"find-links = {'file'}:///srv/wheels",
        f"cd /{'root'}/shop && make",
    ],
)
def test_what_no_file_may_name_is_found(line: str) -> None:
    assert UNWANTED.search(line)
