"""``make mutants``: see the named tests green in a copy of the checkout, then break each guard and see its test red."""

import importlib
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.patches import MUTANTS, Mutant

TOP = Path(__file__).parent.parent.parent
# Longer than any of the named tests takes; a hang is no red.
PATIENCE = 600
GREEN, RED = 0, 1
# pytest's words for a test that failed, or broke before it could: a file that cannot even be read has no "::".
FAILED = re.compile(r"^(?:FAILED|ERROR) (?P<test>\S+?::.+?)(?: - (?P<why>.*))?$", re.MULTILINE)
SHOWN = 90
# What takes longest to begin with is imported once, and each run of tests is a fork that has it.
LIBRARIES = ("aiogram", "aiosqlite", "alembic", "babel", "httpx", "hypothesis", "pydantic_settings", "rapidfuzz")
FORKED = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Ran:
    """What pytest came to: its exit code, and all that it wrote."""

    code: int
    said: str

    @property
    def failed(self) -> list[tuple[str, str]]:
        """Each test that failed, and why."""
        return [(found["test"], found["why"] or "") for found in FAILED.finditer(self.said)]


def run(copy: Path, tests: Iterable[str]) -> Ran:
    """Run these tests in the copy until one fails, in a process of their own that has the libraries already."""
    said = copy.parent / "said"
    process = FORKED.Process(target=_tested, args=(copy, list(tests), said))
    process.start()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
    return Ran(-1 if process.exitcode is None else process.exitcode, said.read_text())


def _tested(copy: Path, tests: Sequence[str], said: Path) -> None:
    """In the forked process: everything of ours is forgotten, and found again in the copy."""
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.chdir(copy)
    os.environ["COLUMNS"] = "300"
    os.environ.pop("SHOP_PROFILE", None)
    os.environ["SHOP_ENGINES"] = "both"
    for name in [name for name in sys.modules if name.partition(".")[0] in {"bot", "tests"}]:
        del sys.modules[name]
    sys.path[:] = [str(copy), *(place for place in sys.path if place and Path(place).resolve() != TOP)]
    # The libraries are there before pytest could have looked into their asserts, which it would warn of.
    known = "ignore::pytest.PytestAssertRewriteWarning"
    options = ["-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "-W", known]
    code = pytest.main([*options, *tests])
    sys.stdout.flush()
    os._exit(code)


def tell(line: str) -> None:
    """Say at once how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def prove_green(mutants: Sequence[Mutant], copy: Path) -> None:
    """Without any patch every named test passes here: what is red afterwards is red because of its patch."""
    ran = run(copy, dict.fromkeys(mutant.test for mutant in mutants))
    if ran.code != GREEN:
        tell(ran.said)
        raise SystemExit("not every named test passes before anything is broken")
    tell(f"unbroken: {ran.said.strip().splitlines()[-1]}")


def noticed(mutant: Mutant, copy: Path) -> str | None:
    """Why the named test failed with the guard broken; None where it did not."""
    file = copy / mutant.file
    whole = file.read_text()
    broken = whole.replace(mutant.old, mutant.new)
    compile(broken, mutant.file, "exec")  # a patch that Python cannot read would prove nothing
    file.write_text(broken)
    try:
        ran = run(copy, [mutant.test])
    finally:
        file.write_text(whole)
    if ran.code == GREEN:
        return None
    if ran.code != RED or not ran.failed or not ran.failed[0][0].startswith(mutant.test):
        tell(ran.said)
        raise SystemExit(f"{mutant.test} could not be run")
    return ran.failed[0][1]


def main(words: Sequence[str]) -> int:
    """Break one guard after the other; the number of those nobody noticed. ``words`` choose some by their names."""
    mutants = [mutant for mutant in MUTANTS if not words or any(word in mutant.breaks for word in words)]
    begun, alive = time.monotonic(), 0
    for library in LIBRARIES:
        importlib.import_module(library)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "checkout"
        ignored = shutil.ignore_patterns(".venv*", ".git", "data", "build", ".*_cache", ".hypothesis", ".env")
        shutil.copytree(TOP, copy, ignore=ignored)
        prove_green(mutants, copy)
        for number, mutant in enumerate(mutants, 1):
            why = noticed(mutant, copy)
            alive += why is None
            verdict = "NOT NOTICED by" if why is None else "noticed by"
            tell(f"{number:2}/{len(mutants)} {mutant.breaks}: {verdict} {mutant.test}")
            tell(f"      {(why or '')[:SHOWN]}")
    seconds = time.monotonic() - begun
    tell(f"{len(mutants) - alive} of {len(mutants)} broken guards were noticed, in {seconds:.0f} seconds")
    return alive


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
