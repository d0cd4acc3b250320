"""One process that forks shops, for all tests of a session."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    # Nothing is killed by SIGKILL there.
    collect_ignore_glob = ["test_*kill*.py", "test_updates.py"]
else:
    from tests.faults.nursery import Nursery
    from tests.model.books import migrated

    @pytest.fixture(scope="session")
    def nursery(repository: Path) -> Iterator[Nursery]:
        """Where shops are born that are going to be killed."""
        nursery = Nursery(repository)
        yield nursery
        nursery.close()

    @pytest.fixture(scope="session")
    def empty_books() -> bytes:
        """A file of books with nothing in it: to migrate it takes longer than most stories."""
        return migrated()
