"""The table of broken guards fits the code as it stands."""

from pathlib import Path

import pytest

from tests.mutants.patches import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_patch_fits_and_its_test_exists(mutant: Mutant, repository: Path) -> None:
    """What is to be replaced stands in the file once, and the named test is there."""
    assert (repository / mutant.file).read_text().count(mutant.old) == 1
    file, _, name = mutant.test.partition("::")
    assert (repository / file).is_file()
    assert f"def {name}" in (repository / file).read_text()
