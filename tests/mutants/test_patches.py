"""The table of broken guards fits the code as it stands, and is the one that people read."""

import re
from pathlib import Path

import pytest

from tests.mutants.patches import MUTANTS, Mutant

ROW = re.compile(r"^\| (?P<breaks>.+) \| `(?P<test>tests/.+)` \|$", re.MULTILINE)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_patch_fits_and_its_test_exists(mutant: Mutant, repository: Path) -> None:
    """What is to be replaced stands in the file once, what comes of it can be read, and the named test is there."""
    whole = (repository / mutant.file).read_text()
    assert whole.count(mutant.old) == 1
    compile(whole.replace(mutant.old, mutant.new), mutant.file, "exec")
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (repository / file).read_text()


def test_the_page_of_guarantees_shows_this_table(repository: Path) -> None:
    """Row by row, in the same order."""
    page = (repository / "docs" / "guarantees.md").read_text().partition("## The guards, broken one by one")[2]
    rows = [(found["breaks"], found["test"]) for found in ROW.finditer(page)]
    assert rows == [(mutant.breaks, mutant.test.partition("[")[0]) for mutant in MUTANTS]
