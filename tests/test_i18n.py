"""What a language does to texts, numbers and money, and that the catalogues hold together."""

import io
import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from gettext import c2py
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po
from babel.numbers import get_currency_precision, parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import FSI, PDI, Html, Money, Translations, Translator, escape, join, mark, nmark

BERLIN = ZoneInfo("Europe/Berlin")
NASTY = """<b>Tom & "Jerry"</b>'s"""


def catalog(locale: str, **texts: str | tuple[str, ...]) -> Catalog:
    """A catalogue with these greetings; the keyword is the English text's first word."""
    made = Catalog(locale=locale)
    for name, text in texts.items():
        made.add(ENGLISH[name], text)
    return made


ENGLISH: dict[str, str | tuple[str, str]] = {
    "hello": "Hello <b>{name}</b>",
    "orders": ("{n} order", "{n} orders"),
    "sum": "Sum: {value}",
}
ARABIC = catalog("ar", hello="مرحبا <b>{name}</b>", sum="المجموع: {value}")
RUSSIAN = catalog("ru", orders=("{n} заказ", "{n} заказа", "{n} заказов"))
SPOKEN = Translations.from_catalogs([ARABIC, RUSSIAN], currency="USD", timezone=BERLIN)
SHOWN = {"en": SPOKEN.get("en"), "ar": SPOKEN.get("ar"), "ru": SPOKEN.get("ru")}


def test_what_others_wrote_is_escaped_in_messages_and_left_alone_on_buttons() -> None:
    english = SHOWN["en"]
    assert english.html("Hello <b>{name}</b>", name=NASTY) == (
        "Hello <b>&lt;b&gt;Tom &amp; &quot;Jerry&quot;&lt;/b&gt;'s</b>"
    )
    assert english.plain("{name}", name=NASTY) == NASTY
    assert english.html("{name}", name="{name} {0} %s") == "{name} {0} %s"


def test_html_is_escaped_once_and_no_more() -> None:
    english = SHOWN["en"]
    inner = english.html("{a}", a="<")
    assert english.html("{b} and {c}", b=inner, c=escape("&")) == "&lt; and &amp;"
    assert join("\n", [inner, Html("<i>x</i>")]) == "&lt;\n<i>x</i>"
    assert isinstance(join("", []), Html)


def test_html_never_shows_its_tags_on_a_button() -> None:
    with pytest.raises(TypeError):
        SHOWN["en"].plain("{name}", name=Html("<b>x</b>"))


@pytest.mark.parametrize("value", [True, 1.5, None, b"x", datetime(2026, 1, 2, 3, 4)])  # noqa: DTZ001  (its lack is tested)
def test_what_has_no_one_way_to_be_written_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        SHOWN["en"].html("{value}", value=value)  # type: ignore[arg-type]  # that it is refused is the test


def test_a_right_to_left_sentence_isolates_what_it_quotes() -> None:
    arabic = SHOWN["ar"]
    assert arabic.rtl
    assert not SHOWN["en"].rtl
    assert arabic.html("Hello <b>{name}</b>", name="@tom") == f"مرحبا <b>{FSI}@tom{PDI}</b>"
    assert arabic.plain("Sum: {value}", value="https://a.example/x") == f"المجموع: {FSI}https://a.example/x{PDI}"
    for value in (Money(12345), -5, datetime(2026, 1, 2, tzinfo=UTC), date(2026, 1, 2)):
        written = arabic.plain("Sum: {value}", value=value)
        assert written.startswith(f"المجموع: {FSI}")
        assert written.endswith(PDI)
    assert arabic.plain("Sum: {value}", value=12) == "المجموع: 12"


@given(st.text(st.sampled_from("a \u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"), max_size=12))
def test_no_name_reaches_out_of_its_place(name: str) -> None:
    """Whatever directions a name begins or ends, none is open after it and none of ours is closed."""
    written = SHOWN["ar"].plain("Sum: {value}", value=name).removeprefix("المجموع: ")
    depth = []
    for position, character in enumerate(written):
        if character in "\u2066\u2067\u2068\u202a\u202b\u202d\u202e":
            depth.append("\u2069" if character < "\u2070" and character >= "\u2066" else "\u202c")
        elif character in "\u2069\u202c":
            assert depth.pop() == character
        assert depth or position == len(written) - 1
    assert depth == []
    assert written.count("a") == name.count("a")


@pytest.mark.parametrize("name", ["متابعون", "עוקבים", "Followers متابعون"])
def test_a_name_from_the_right_stays_in_its_place_in_any_language(name: str) -> None:
    """In English too: or the words and numbers around it would change places."""
    assert SHOWN["en"].html("#2 · {name} · {n}", name=name, n=100) == f"#2 · {FSI}{name}{PDI} · 100"
    assert SHOWN["en"].plain("{name}", name="Anna") == "Anna"


def test_no_date_is_a_command_to_telegram() -> None:
    """A slash after a digit begins none; Arabic has a mark between them."""
    for translator in SHOWN.values():
        for moment in (datetime(2026, 11, 30, 12, tzinfo=UTC), date(2026, 11, 30)):
            assert not re.search(r"[^0-9]/[0-9]", translator.plain("{moment}", moment=moment))


def test_each_language_has_its_plural_forms() -> None:
    counts = (1, 2, 5, 11, 21, 22, 1000)
    assert [SHOWN["en"].nplain("{n} order", "{n} orders", n) for n in (0, 1, 2)] == [
        "0 orders",
        "1 order",
        "2 orders",
    ]
    assert [SHOWN["ru"].nplain("{n} order", "{n} orders", n).split(" ")[-1].split("\xa0")[-1] for n in counts] == [
        "заказ",
        "заказа",
        "заказов",
        "заказов",
        "заказ",
        "заказа",
        "заказов",
    ]
    assert SHOWN["ru"].nhtml("{n} order", "{n} orders", 2) == "2 заказа"


def test_what_a_catalogue_lacks_is_shown_in_english() -> None:
    assert SHOWN["ru"].html("Hello <b>{name}</b>", name="Tom") == "Hello <b>Tom</b>"
    assert SHOWN["ar"].nplain("{n} order", "{n} orders", 3) == "3 orders"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (12_345_600, "USD", "$1,234.56"),
        (12_345_678, "USD", "$1,234.5678"),
        (5, "USD", "$0.0005"),
        (0, "USD", "$0.00"),
        (-15_000, "USD", "-$1.50"),
        (10_000_000_000, "USD", "$1,000,000.00"),
        (120_000, "JPY", "¥12"),
        (125_000, "JPY", "¥12.5"),
        (12_345, "KWD", "KWD\xa01.2345"),
        (12_300, "KWD", "KWD\xa01.230"),
    ],
)
def test_money_has_its_currency_s_digits_and_more_where_they_are_not_zero(
    amount: int, currency: str, text: str
) -> None:
    assert SHOWN["en"].money(amount, currency) == text
    assert SHOWN["en"].html("{sum}", sum=Money(amount, currency)) == text


@given(
    st.integers(-(10**15), 10**15),
    st.sampled_from(["USD", "JPY", "KWD", "RUB"]),
    st.sampled_from(sorted(SHOWN)),
)
def test_money_is_shown_to_its_last_digit(amount: int, currency: str, locale: str) -> None:
    written = SHOWN[locale].money(amount, currency)
    digits = re.search(r"\d[\d.,\s]*", written.replace("\u200f", ""))
    assert digits is not None
    shown = parse_decimal(digits[0].strip(), locale=locale)
    assert shown == Decimal(abs(amount)) / 10_000
    assert -shown.as_tuple().exponent >= get_currency_precision(currency)  # type: ignore[operator]  # it is finite
    assert ("-" in written) == (amount < 0)


def test_money_without_a_currency_is_in_the_shop_s() -> None:
    in_rubles = Translations.from_catalogs([], currency="RUB", timezone=BERLIN).get("en")
    assert in_rubles.plain("{sum}", sum=Money(10_000)) == in_rubles.money(10_000, "RUB")


def test_numbers_keep_all_their_decimals() -> None:
    assert SHOWN["en"].number(Decimal("1234.56789")) == "1,234.56789"
    assert SHOWN["ru"].plain("{n}", n=Decimal("0.50")) == "0,5"
    assert SHOWN["en"].plain("{n}", n=1234567) == "1,234,567"


def test_times_are_shown_in_the_shop_s_time_zone() -> None:
    noon = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert SHOWN["ru"].plain("{at}", at=noon) == "02.07.2026, 00:30"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("ru", "ru"), ("RU", "ru"), ("ru-RU", "ru"), ("ar_EG", "ar"), ("pt-br", "ru"), ("", "ru"), (None, "ru")],
)
def test_who_speaks_another_language_gets_the_nearest(asked: str | None, spoken: str) -> None:
    in_russian = Translations.from_catalogs([ARABIC, RUSSIAN], currency="USD", timezone=BERLIN, default="ru")
    assert in_russian.get(asked).locale == spoken


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("pt", "pt_BR"), ("pt-PT", "pt_BR"), ("pt-br", "pt_BR"), ("es-419", "es"), ("p", "en"), ("de", "en")],
)
def test_who_speaks_it_in_another_country_is_understood(repository: Path, asked: str, spoken: str) -> None:
    """Portuguese of Brazil is nearer to somebody from Lisbon than English is."""
    loaded = Translations.load(repository / "locales", currency="USD", timezone=BERLIN)
    assert loaded.get(asked).locale == spoken


def test_a_default_that_nobody_speaks_is_named() -> None:
    with pytest.raises(LookupError, match=r"DEFAULT_LOCALE.*'de'.*en, ar"):
        Translations.from_catalogs([ARABIC], currency="USD", timezone=BERLIN, default="de")


# Written by hand: what their speakers call them, as it stands in a list.
NAMES = {
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "pt_BR": "Português (Brasil)",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
    "uz": "O‘zbek",
}


def test_languages_name_themselves(repository: Path) -> None:
    loaded = Translations.load(repository / "locales", currency="USD", timezone=BERLIN)
    assert {code: loaded.get(code).language for code in loaded.locales} == NAMES
    assert SPOKEN.locales == ("en", "ar", "ru")


def test_marking_a_text_changes_nothing() -> None:
    assert mark("Hello") == "Hello"
    assert nmark("{n} order", "{n} orders") == ("{n} order", "{n} orders")


# --- The catalogues in locales/ ---

Text = str | tuple[str, ...] | list[str]


@pytest.fixture(scope="module")
def texts_in_code(repository: Path) -> set[str | tuple[str, ...]]:
    """Return what ``make messages`` finds in the code."""
    words = re.findall(r"-k (\S+)", (repository / "Makefile").read_text("utf-8"))
    keywords = parse_keywords(words)  # type: ignore[no-untyped-call]  # the library has no types for it
    found = extract_from_dir(repository / "bot", [("**.py", "python")], keywords=keywords)
    return {text for _, _, text, _, _ in found}


def catalogs() -> list[Catalog]:
    paths = sorted((Path(__file__).parent.parent / "locales").glob("*/LC_MESSAGES/bot.po"))
    return [read_po(io.BytesIO(path.read_bytes()), locale=path.parts[-3]) for path in paths]


def messages(of: Catalog) -> list[Message]:
    return [message for message in of if message.id]


def forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?[a-z]+", text))


every_catalog = pytest.mark.parametrize("spoken", catalogs(), ids=lambda each: str(each.locale))


def test_the_shop_speaks_what_it_promises(repository: Path) -> None:
    """All of them that CHANGELOG.md lists: a catalogue that is lost is a language that is lost."""
    loaded = Translations.load(repository / "locales", currency="USD", timezone=BERLIN)
    assert set(loaded.locales) == set(NAMES)
    assert all(isinstance(loaded.get(code), Translator) for code in loaded.locales)


# Languages whose nouns stay as they are after a number: one form is enough, though CLDR counts two.
UNCHANGED_AFTER_NUMBERS = {"fa", "tr"}
# In the order in which catalogues have them.
CLDR_FORMS = ("zero", "one", "two", "few", "many", "other")
# Beyond a million some languages have a form of their own ("un million de …"); nothing of that size is counted here.
COUNTED = [*range(203), 1000, 100_000, 999_999]


@every_catalog
def test_every_catalogue_has_the_texts_of_the_code(spoken: Catalog, texts_in_code: set[str | tuple[str, ...]]) -> None:
    ids = {id_ if isinstance(id_ := message.id, str) else tuple(id_) for message in messages(spoken)}
    assert ids == texts_in_code, "run make messages"


@every_catalog
def test_every_text_is_translated_in_every_form(spoken: Catalog) -> None:
    for message in messages(spoken):
        assert not message.fuzzy, message.id
        expected = spoken.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == expected, message.id
        assert all(form.strip() for form in forms(message.string)), message.id


@every_catalog
def test_every_number_has_the_form_that_its_language_gives_it(spoken: Catalog) -> None:
    """CLDR says which numbers go together; what a catalogue's own header says may be wrong."""
    assert spoken.locale is not None
    form_of = c2py(spoken.plural_expr)
    together = {(spoken.locale.plural_form(number), form_of(number)) for number in COUNTED}
    if spoken.locale.language in UNCHANGED_AFTER_NUMBERS:
        assert spoken.num_plurals == 1
        return
    names = [name for name in CLDR_FORMS if name in dict(together)]
    assert together == {(name, place) for place, name in enumerate(names)}
    assert len(names) == spoken.num_plurals


@every_catalog
def test_translations_have_the_placeholders_of_the_original(spoken: Catalog) -> None:
    """A plural form may leave out the number ("one order"); nothing else may be left out or added."""
    for message in messages(spoken):
        original = set().union(*map(placeholders, forms(message.id)))
        for form in filter(None, forms(message.string)):
            optional = {"n"} if message.pluralizable else set()
            assert original - optional <= placeholders(form) <= original, message.id


@every_catalog
def test_translations_have_the_tags_of_the_original(spoken: Catalog) -> None:
    for message in messages(spoken):
        allowed = [tags(form) for form in forms(message.id)]
        assert all(tags(form) in allowed for form in forms(message.string) if form), message.id


def test_texts_in_the_code_name_their_placeholders(texts_in_code: set[str | tuple[str, ...]]) -> None:
    for text in texts_in_code:
        for form in forms(text):
            assert all(name.isidentifier() for name in placeholders(form)), text
            assert form == form.strip(), text
        assert isinstance(text, str) or "n" in placeholders(text[-1]), text


@pytest.mark.parametrize(
    ("texts", "reader", "told"),
    [
        ({"ru": "по-русски", "ar": "عربي", "": "for all"}, "ru", "по-русски"),
        ({"ru": "по-русски", "ar": "عربي", "": "for all"}, "en", "for all"),
        ({"ar": "عربي", "ru": "по-русски"}, "en", "по-русски"),
        ({"ar": "عربي"}, "en", "عربي"),
        ({}, "en", ""),
    ],
)
def test_what_nobody_can_do_without_is_there_in_any_language(texts: dict[str, str], reader: str, told: str) -> None:
    """The reader's, the one for everybody, the shop's own, or any other."""
    spoken = Translations.from_catalogs([ARABIC, RUSSIAN], currency="USD", timezone=BERLIN, default="ru")
    assert spoken.get(reader).any_of(texts) == told
