"""One process that forks shops, for all tests of a session."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    collect_ignore_glob = ["test_kills.py", "test_typing_at_the_kill.py"]  # nothing is killed by SIGKILL there
else:
    from tests.faults.nursery import Nursery

    @pytest.fixture(scope="session")
    def nursery(repository: Path) -> Iterator[Nursery]:
        """Where shops are born that are going to be killed."""
        nursery = Nursery(repository)
        yield nursery
        nursery.close()
