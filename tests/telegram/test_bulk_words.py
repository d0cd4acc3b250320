"""What is wanted of several orders, in the words of the reader."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from bot.i18n import Translations
from bot.telegram.views.bulk import WORDS, Do, meant

SPOKEN = Translations.load(Path(__file__).parents[2] / "locales", currency="USD", timezone=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("locale", "said", "do"),
    [
        ("en", "REFILL", Do.REFILL),
        ("en", "Status:", Do.STATUS),
        ("en", "stop order", Do.CANCEL),
        ("en", "take it back", Do.CANCEL),
        ("ru", "refill", Do.REFILL),
        ("tr", "İptal", Do.CANCEL),
        ("tr", "IPTAL", Do.CANCEL),
        ("ar", "الغاء", Do.CANCEL),
        ("fa", "وضعيت", Do.STATUS),
        ("fr", "arreter", Do.CANCEL),
        ("fr", "Remise a niveau", Do.REFILL),
        ("uz", "buyurtmani to'xtatish", Do.CANCEL),
        ("en", "", None),
        ("en", "!", None),
        ("en", "refill please", None),
        ("en", "order", None),
    ],
)
def test_a_word_is_known_however_it_is_typed(locale: str, said: str, do: Do | None) -> None:
    """Without its accents, in capitals, with the letters of a neighbour's keyboard; and as the buttons say it."""
    assert meant(SPOKEN.get(locale), said) is do


@pytest.mark.parametrize("locale", SPOKEN.locales)
def test_every_language_has_its_words(locale: str) -> None:
    """What stands on a button or in a catalogue is understood, and in English."""
    t = SPOKEN.get(locale)
    for words, do in WORDS.items():
        assert meant(t, words) is do
        for word in t.plain(words).replace("،", ",").split(","):
            assert meant(t, word.upper()) is do


def test_a_catalogue_may_list_several() -> None:
    """With commas between, of either script."""
    catalog = Catalog(locale="ar")
    catalog.add("cancel", "إلغاء، الغي, وقف الطلب")
    t = Translations.from_catalogs([catalog], currency="USD", timezone=ZoneInfo("UTC")).get("ar")
    assert [meant(t, said) for said in ("الغاء", "الغي", "وقف الطلب", "وقف")] == [Do.CANCEL, Do.CANCEL, Do.CANCEL, None]
