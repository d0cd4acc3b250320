"""Long texts are cut at a word, by characters or as Telegram counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.texts import cut, cut_units, units


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("no longer than that", 19, "no longer than that"),
        ("the last word goes", 17, "the last word…"),
        ("onewordthatfillsit all", 16, "onewordthatfill…"),
        ("😀😀😀", 6, "😀😀😀"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
        ("ab👍🏽cd", 6, "ab…"),
        ("ab😀", 3, "ab…"),
    ],
)
def test_a_long_text_ends_at_a_word_and_within_what_telegram_takes(text: str, limit: int, shown: str) -> None:
    assert cut_units(text, limit) == shown


@given(st.text(st.sampled_from("ab \n😀🏽e\u0301"), max_size=30), st.integers(1, 40))
def test_what_is_cut_is_never_longer_than_it_may_be(text: str, limit: int) -> None:
    assert units(cut_units(text, limit)) <= limit
    assert len(cut(text, limit)) <= limit
    assert cut_units(text, limit).removesuffix("…").rstrip() in text
