"""What several folders of tests need, and the figures of a proof at the end of the run."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.model.profile import FIGURES
from tests.once import make_once

make_once()

# A machine that has much else to do fails no test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's top folder."""
    return Path(__file__).parent.parent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once more what was proved."""
    if FIGURES:
        terminalreporter.section("what was proved")
        for line in FIGURES:
            terminalreporter.line(line)
