"""Cells of a table that a spreadsheet will open: a text stays text there, and a number a number."""

import re

from bot.domain.money import to_decimal
from bot.domain.texts import BIDI_CONTROLS, INVISIBLE, printable

# What makes a spreadsheet compute a cell instead of showing it, in every form that it may take for the same sign.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
_UNSEEN = re.escape("".join(sorted(INVISIBLE)))
# A cell begins where the text does, but also behind each of these: which of them separates cells is a setting of
# whoever opens the file, and quotes protect only from the one that the file means.
_BEGINNING = re.compile(rf"(^|[,;|])([\s\"'{_UNSEEN}]*)(?=[{_SIGNS}])")


def text_cell(text: str) -> str:
    """A text on one line, in the order in which it is written, with an apostrophe before what would be computed."""
    visible = "".join(char for char in " ".join(text.split()) if char not in BIDI_CONTROLS)
    line = " ".join(printable(visible).split())
    return _BEGINNING.sub(r"\1\2'", line)


def money_cell(amount: int) -> str:
    """An amount as a plain number with a point: ``-2.50``, ``0.0001``. It is digits only, so its minus is harmless."""
    return f"{to_decimal(amount):f}".removesuffix("00")
