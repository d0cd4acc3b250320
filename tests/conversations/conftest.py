"""What holds for every conversation."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def unhurried_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up Telegram takes messages as fast as they come, so that nobody waits a second for the next news."""
    for gap in ("OVERALL_GAP", "CHAT_GAP", "CHANNEL_GAP"):
        monkeypatch.setattr(f"bot.telegram.delivery.{gap}", 0.0)


@pytest.fixture(autouse=True)
def no_menus(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The menus of every language, some fifty calls, are told to Telegram only where ``menus`` are asked for."""

    async def nothing(*_args: object) -> None:
        pass

    if "menus" not in request.fixturenames:
        monkeypatch.setattr("bot.app.set_commands", nothing)


@pytest.fixture
def menus() -> None:
    """The shop tells Telegram its menus when it opens."""


@pytest.fixture(autouse=True)
def nothing_raises(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever people send and press, no handler fails on it."""
    yield
    failed = [record for record in caplog.get_records("call") if record.name == "bot.telegram.handling"]
    assert [record.getMessage() for record in failed if record.levelno >= logging.ERROR] == []
