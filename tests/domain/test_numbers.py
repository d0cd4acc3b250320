"""Orders' numbers in what people type."""

import pytest

from bot.domain.numbers import number_in, numbers_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123", 123),
        (" #123\n", 123),
        ("№7", 7),
        ("٣٤", 34),
        ("۱۲۳", 123),
        ("007", 7),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, None),
        ("# 7", None),
        ("##7", None),
        ("-7", None),
        ("7.0", None),
        ("²", None),
        ("", None),
        ("seven", None),
    ],
)
def test_one_number(text: str, number: int | None) -> None:
    """With or without its sign, in any digits, and no more of them than an id has."""
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "numbers", "words"),
    [
        ("123 456 refill", (123, 456), "refill"),
        ("#3,#1;2\n3\tcancel", (3, 1, 2), "cancel"),
        ("Status: 5", (5,), "Status:"),
        ("cancel 5", (5,), "cancel"),
        ("5", (5,), ""),
        ("re fill 5", (5,), "re fill"),
        ("١، ٢ إلغاء", (1, 2), "إلغاء"),
        (",,;", (), ""),
    ],
)
def test_numbers_among_words(text: str, numbers: tuple[int, ...], words: str) -> None:
    """Each once, in the order in which they stand, whatever stands between them; the rest is what is wanted."""
    assert numbers_in(text) == (numbers, words)
