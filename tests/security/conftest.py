"""What the tests of this folder share."""

import pytest

from tests.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The time of the books."""
    return FakeClock()
