"""What the tests of this folder share."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import FakeClock
from tests.model.books import memory


@pytest.fixture
def clock() -> FakeClock:
    """The time of the books."""
    return FakeClock()


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of the test's own, in memory where the machine has some: these books are written to a lot."""
    folder = Path(tempfile.mkdtemp(prefix="shop-security-", dir=memory()))
    yield folder
    shutil.rmtree(folder)
