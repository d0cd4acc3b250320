"""Texts from outside: panels' names and descriptions, and what people type."""

import unicodedata

# Marks that turn the reading direction of what follows, or isolate it: in a name from a panel they would
# turn our own words around. The joiners U+200C and U+200D stay, because Persian words and many emoji are
# made with them.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Characters that show nothing. Text copied from a chat brings them along; the bot itself puts some around
# links.
INVISIBLE = BIDI_CONTROLS | frozenset("\u200b\u200e\u200f\u061c\u2060\ufeff")

_DROPPED = BIDI_CONTROLS | frozenset("\u200b\u2060")


def bare(text: str) -> str:
    """Return the text without white space and invisible characters at its ends; the inside is as typed."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return text[start:end]


def printable(text: str) -> str:
    """Return the text without control characters (tabs stay), halves of surrogate pairs and byte order marks.

    The first two cannot be stored in every database or sent to Telegram; the marks come with text files.
    """
    return "".join(char for char in text if char == "\t" or not _unprintable(char))


def _unprintable(char: str) -> bool:
    return char == "\ufeff" or unicodedata.category(char) in {"Cc", "Cs"}


def clean_text(text: str, limit: int, *, keep_lines: bool = False) -> str:
    """Return a panel's text fit to be shown: NFC, on one line, at most ``limit`` characters.

    Control characters, direction overrides and isolates, and lone surrogates are dropped, white space is
    folded. With ``keep_lines`` line breaks stay, at most one blank line in a row. What is too long is cut at
    the end of a word where one is near, and ends in "…".
    """
    lines = [_clean_line(line) for line in text.splitlines()]
    if keep_lines:
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        folded = "\n".join(kept).strip("\n")
    else:
        folded = " ".join(line for line in lines if line)
    return cut(folded, limit)


def _clean_line(line: str) -> str:
    visible = "".join(char for char in line if char not in _DROPPED)
    folded = " ".join(printable(" ".join(visible.split())).split())
    return unicodedata.normalize("NFC", folded)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters: cut at a word where one is near, and never through one visible character."""
    return text if len(text) <= limit else _cut_at(text, limit - 1)


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16: most emoji are two."""
    return len(_utf16(text)) // 2


def cut_units(text: str, limit: int) -> str:
    """As ``cut``, at most ``limit`` as Telegram counts."""
    if units(text) <= limit:
        return text
    fits = _utf16(text)[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return _cut_at(text, len(fits))


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", errors="surrogatepass")


def _cut_at(text: str, end: int) -> str:
    """At most ``end`` characters, fewer than there are, and an ellipsis."""
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    # A word that fills half of the room is cut rather than dropped.
    if space >= end // 2:
        end = space
    while end > 0 and _joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _joined(left: str, right: str) -> bool:
    """Whether a cut between the two would tear one visible character apart (accents, emoji sequences)."""
    return "\u200d" in {left, right} or unicodedata.category(right).startswith("M") or "🏻" <= right <= "🏿"
