"""Readers of what is shown."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Translations, Translator
from tests.clock import FakeClock

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module", params=["en", "ar", "ru"])
def t(request: pytest.FixtureRequest) -> Translator:
    return Translations.load(ROOT / "locales", currency="USD", timezone=ZoneInfo("UTC")).get(request.param)


@pytest.fixture(scope="module")
def en() -> Translator:
    return Translations.load(ROOT / "locales", currency="USD", timezone=ZoneInfo("UTC")).get("en")


@pytest.fixture
def clock() -> FakeClock:
    """The time of the books."""
    return FakeClock()
