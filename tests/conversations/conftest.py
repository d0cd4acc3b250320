"""What holds for every conversation."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_raises(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever people send and press, no handler fails on it."""
    yield
    failed = [record for record in caplog.get_records("call") if record.name == "bot.telegram.handling"]
    assert [record.getMessage() for record in failed if record.levelno >= logging.ERROR] == []
