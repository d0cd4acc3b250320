"""Numbers typed in the digits of one's own keyboard, and as one's own language writes them."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.catalog import ServiceType
from bot.domain.errors import BadInput
from bot.domain.fields import Limits
from bot.domain.forms import FORMS, field_named, parse_answer
from bot.i18n import Translations
from bot.telegram.views.questions import plain_number, value_of

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


def quantity(locale: str, typed: str) -> object:
    """What a reader of this language orders."""
    typed = value_of(SPOKEN.get(locale), QUANTITY, typed)
    limits = Limits(1, 10**9)
    return parse_answer(QUANTITY, typed, limits=limits, answers={}, today=date(2026, 3, 14))


@pytest.mark.parametrize("locale", SPOKEN.locales)
@pytest.mark.parametrize("number", [7, 999, 1000, 10_000, 100_000, 1_234_567, 100_000_000])
def test_a_number_is_understood_as_the_bot_writes_it(locale: str, number: int) -> None:
    """What a question shows can be typed back, also in one's own digits, as it stands or with plain spaces."""
    shown = SPOKEN.get(locale).plain("{n}", n=number)
    assert quantity(locale, shown) == number
    assert quantity(locale, shown.replace("\u202f", " ").replace("\u00a0", " ")) == number
    assert quantity(locale, f"{number:,}") == number
    if locale in TYPED:
        own = str.maketrans("0123456789,", "".join(chr(ord(TYPED[locale][1]) + digit) for digit in range(10)) + "٬")
        assert quantity(locale, f"{number:,}".translate(own)) == number


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        *(("es", typed) for typed in ["1.00", "10.00", "10.0000", "1000.000", "0.500", ".500", "1.000,5", "1.000 000"]),
        *(("hi", typed) for typed in ["1,0,000", "1,00,00", "10,0000", "0,10,000"]),
        *(("en", typed) for typed in ["10.000", "1,00,000", "1.5", "1 00"]),
    ],
)
def test_what_only_looks_like_groups_is_refused(locale: str, typed: str) -> None:
    """A slip is not made a thousand of."""
    with pytest.raises(BadInput, match=r"number\.not_a_number"):
        quantity(locale, typed)


def test_a_line_of_a_mass_order_is_read_so_too() -> None:
    """And what is no number is left as it is."""
    spanish = SPOKEN.get("es")
    assert plain_number(spanish, " 10.000 ") == "10000"
    assert plain_number(spanish, "10.000 likes") == "10.000 likes"
