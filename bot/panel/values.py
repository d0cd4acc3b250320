"""Reading single values: ids, numbers, flags, words. What is unreadable is None, never a guess."""

import re
from decimal import Decimal
from unicodedata import is_normalized

from bot.domain.texts import clean_text

# A panel's own words in outcomes and errors: enough for a sentence, too little to flood a card.
WORDS_LIMIT = 300

# 24-digit hex and UUIDs occur. A comma or a space would tear a batch apart.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NO_ID = re.compile(r"0+|null|none|nil|false|true|undefined|nan", re.IGNORECASE)

# "10,000" groups thousands; "0,90" could be anything and is not read. ASCII digits only.
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{0,24})?(?:[eE][+-]?[0-9]{1,2})?")
_BIGGEST = 10**18  # whole numbers go into 64-bit columns

_BLANK_LINES = re.compile(r"\n{3,}")

_TRUE = frozenset({"1", "true", "yes", "on", "y", "enabled"})
_FALSE = frozenset({"0", "false", "no", "off", "n", "disabled"})


def clean(text: str, limit: int = WORDS_LIMIT, *, keep_lines: bool = False) -> str:
    """Return what ``clean_text`` does, ten times faster for the usual text, which has nothing to take out.

    A list of services has tens of thousands of texts, and while they are cleaned customers wait.
    """
    lines = text.splitlines() if keep_lines else [text]
    if len(text) > limit or not all(map(str.isprintable, lines)) or not is_normalized("NFC", text):
        return clean_text(text, limit, keep_lines=keep_lines)
    folded = "\n".join(" ".join(line.split()) for line in lines)
    return _BLANK_LINES.sub("\n\n", folded).strip("\n")


def label(value: object, limit: int = WORDS_LIMIT, *, keep_lines: bool = False) -> str:
    """Return a text or whole number as clean text, anything else as the empty text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # Digits beyond what Python prints are no label either.
    return clean(value, limit, keep_lines=keep_lines) if isinstance(value, str) else str(value)[:limit]


def normal(word: str) -> str:
    """Return a status or type word for comparing: lower case, ``_`` and ``-`` as space."""
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def text_id(value: object) -> str | None:
    """Return an id as text; None for what is no id: 0, negative, a bool, a fraction, a sentence."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if _ID.fullmatch(text) and not _NO_ID.fullmatch(text) else None


def decimal(value: object) -> Decimal | None:
    """Return a number or numeric text as a finite Decimal of sane size."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, int) and abs(value) >= _BIGGEST:
        return None
    text = str(value).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if abs(number) < _BIGGEST else None


def integer(value: object) -> int | None:
    """Return a whole number, also of the forms ``"10,000"`` and ``10.0``; a fraction is None."""
    number = decimal(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def flag(value: object) -> bool | None:
    """Return a boolean in any spelling: true, 1, "1", "true", "Yes"; None where it says nothing."""
    if isinstance(value, bool):
        return value
    word = label(value, 10).casefold()
    return True if word in _TRUE else False if word in _FALSE else None
