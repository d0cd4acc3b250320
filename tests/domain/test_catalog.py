"""Types, texts and networks of what panels offer."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import Service, ServiceType, clean_text, network_of, parse_type


@pytest.mark.parametrize("service_type", list(ServiceType))
def test_every_type_is_known_by_its_spellings(service_type: ServiceType) -> None:
    """Case, underscores, hyphens, brackets and extra spaces make no difference."""
    word = service_type.value
    first, _, rest = word.partition(" ")
    spellings = [
        word,
        word.lower(),
        word.upper(),
        word.replace(" ", "_"),
        word.replace(" ", "-"),
        f"  {word} ",
    ]
    for spelling in [*spellings, f"{first} ({rest})" if rest else word]:
        assert parse_type(spelling) is service_type


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (None, ServiceType.DEFAULT),
        ("", ServiceType.DEFAULT),
        (" ", ServiceType.DEFAULT),
        ("custom_comments", ServiceType.CUSTOM_COMMENTS),
        ("Mentions (custom list)", ServiceType.MENTIONS_CUSTOM_LIST),
        ("Livestream", None),
        ("Default 2", None),
    ],
)
def test_words_for_types(word: str | None, expected: ServiceType | None) -> None:
    """No word means Default; a word nobody knows means no type."""
    assert parse_type(word) is expected


@pytest.mark.parametrize(
    ("text", "limit", "cleaned"),
    [
        ("  Likes \t\r\n fast ", 50, "Likes fast"),
        ("Likes & <b>more</b> \"x\" 'y'", 50, "Likes & <b>more</b> \"x\" 'y'"),
        ("a\u202eb\u2066c\u2069d\u200be\x00f\x1bg\ud800h", 50, "abcdefgh"),
        ("👩\u200d👩\u200d👧 ok", 50, "👩\u200d👩\u200d👧 ok"),
        ("می\u200cخواهم", 50, "می\u200cخواهم"),
        ("e\u0301", 50, "é"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 13, "one two three"),
        ("Incomprehensible", 6, "Incom…"),
        ("ab👩\u200d👧x", 5, "ab…"),
        ("ab👍🏽x", 4, "ab…"),
        ("", 5, ""),
    ],
)
def test_texts_are_cleaned(text: str, limit: int, cleaned: str) -> None:
    """Controls and direction tricks go, white space folds, long texts end at a word; the rest stays."""
    assert clean_text(text, limit) == cleaned


def test_descriptions_keep_their_lines() -> None:
    """Line breaks stay where wanted, with at most one blank line in a row and none at the ends."""
    assert clean_text("\n a \r\n\r\n\n b\u2028c \n", 50, keep_lines=True) == "a\n\nb\nc"
    assert clean_text("a\nb", 50) == "a b"


@given(st.text(st.characters(codec=None)), st.integers(1, 60), st.booleans())
def test_cleaning_twice_changes_nothing(text: str, limit: int, keep_lines: bool) -> None:
    """A cleaned text fits, is clean, and stays as it is when cleaned again."""
    cleaned = clean_text(text, limit, keep_lines=keep_lines)
    assert len(cleaned) <= limit
    assert cleaned == cleaned.strip()
    controls = {char for char in cleaned if unicodedata.category(char) in {"Cc", "Cs"}}
    assert controls <= ({"\n"} if keep_lines else set())
    assert clean_text(cleaned, limit, keep_lines=keep_lines) == cleaned


@pytest.mark.parametrize(
    ("category", "network"),
    [
        ("🔥 Instagram Followers | Refill", "Instagram"),
        ("INSTAGRAM_LIKES", "Instagram"),
        ("IG - Views", "Instagram"),
        ("𝗜𝗻𝘀𝘁𝗮𝗴𝗿𝗮𝗺 𝗟𝗶𝗸𝗲𝘀", "Instagram"),
        ("متابعين انستقرام", "Instagram"),
        ("Tik Tok Live", "TikTok"),
        ("TT Followers", "TikTok"),
        ("YT Shorts", "YouTube"),
        ("Youtube's best", "YouTube"),
        ("TG Members", "Telegram"),
        ("Телеграм подписчики", "Telegram"),
        ("FB Page Likes", "Facebook"),
        ("X (Twitter) Followers", "X (Twitter)"),
        ("🐦 X | Likes", "X (Twitter)"),
        ("𝕏 Followers", "X (Twitter)"),
        ("Twitter / X", "X (Twitter)"),
        ("OK | Группы", "OK"),
        ("VK Group", "VK"),
        ("Website Traffic from Instagram", "Website"),
        ("Web Traffic", "Website"),
        ("YouTube Traffic", "YouTube"),
        ("Google Reviews", "Google"),
        ("Apple Music Plays", "Apple Music"),
        ("Threads Followers", "Threads"),
        ("First Category", None),
        ("BIG sale", None),
        ("ok, good quality", None),
        ("10 X faster", None),
        ("Xbox", None),
        ("Snapdragon", None),
        ("", None),
    ],
)
def test_networks_are_read_off_categories(category: str, network: str | None) -> None:
    """Whole words tell the network and the leftmost decides; short ones only where nothing else is meant."""
    assert network_of(category) == network


@given(st.text())
def test_any_category_may_be_asked(category: str) -> None:
    """No category name is an error, and its emphasis makes no difference."""
    assert network_of(f"⭐ {category}") == network_of(category)


@pytest.mark.parametrize("service_type", list(ServiceType))
def test_packages_are_charged_once(service_type: ServiceType) -> None:
    """The rate is per 1000 except for the two package types."""
    service = Service(
        id=1,
        panel="main",
        panel_service="77",
        name="Likes",
        type=service_type,
        category="Instagram",
        rate=Decimal("0.9"),
        minimum=10,
        maximum=1000,
        refill=None,
        cancel=None,
        dripfeed=None,
        description="",
    )
    assert service.package == ("Package" in service_type.value)
