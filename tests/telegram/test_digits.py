"""Numbers typed in the digits of one's own keyboard."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.catalog import ServiceType
from bot.domain.forms import FORMS, field_named
from bot.i18n import Translations
from bot.telegram.views.questions import value_of

SPOKEN = Translations.load(Path(__file__).parents[2] / "locales", currency="USD", timezone=ZoneInfo("UTC"))
QUANTITY = field_named(FORMS[ServiceType.DEFAULT], "quantity")
LINK = field_named(FORMS[ServiceType.DEFAULT], "link")
TYPED = {"ar": "١٠٠٠", "fa": "۱۰۰۰", "hi": "१०००"}


@pytest.mark.parametrize("locale", TYPED)
def test_ones_own_digits_are_understood(locale: str) -> None:
    """By readers of that language, in numbers; others type them by mistake, and a link is sent as typed."""
    typed = TYPED[locale]
    assert value_of(SPOKEN.get(locale), QUANTITY, typed) == "1000"
    assert value_of(SPOKEN.get(locale), LINK, typed) == typed
    assert value_of(SPOKEN.get("en"), QUANTITY, typed) == typed
