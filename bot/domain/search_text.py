"""Words as a search compares them: folded, so that spellings of one word are equal, and known by what they mean."""

import re
import unicodedata

from bot.domain.search_words import FILLERS, NEAR, WISHES, WORDS

# No word of a catalogue is longer; what is cut off makes no difference.
LONGEST_WORD = 32

# What Unicode does not decompose. Apostrophes and the Arabic stroke that stretches words are no part of a word.
_LETTERS = str.maketrans(
    "ıłøđґىیېےکةەہھٱ",
    "ilodгييييكهههها",
    "'’‘ʻʼʹ`\N{ARABIC TATWEEL}",
)
# Signs of these scripts are vowels, not accents: they stay.
_VOWEL_SIGNS = range(0x0900, 0x2000)
_MOST_FOLDINGS = 4096  # every letter in use, and no more than that, whatever people send


class _Foldings(dict[int, str]):
    """What each character of a decomposed, case-folded text becomes: a letter, a digit, nothing or a space."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MOST_FOLDINGS:
            self[code] = folded
        return folded


def _fold_character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] == "M":
        return char if ord(char) in _VOWEL_SIGNS and not unicodedata.combining(char) else ""
    if category == "Cf":  # joiners, direction marks
        return ""
    return char.translate(_LETTERS) if category[0] in "LN" or ord(char) in _LETTERS else " "


_FOLDINGS = _Foldings()
_ARTICLE = re.compile(r"(?<!\S)(?:[وبفك]?ال|لل)(?=\S{3})")  # Arabic "the", also after "and", "with", "for"
_UNIT = re.compile(r"(?<=[0-9])(?=[^\W\d_]{3})")  # "30days", but not "10k" or "365d"


def fold(text: str) -> list[str]:
    """The words of a text, in order, without case, accents, punctuation and emoji, with ASCII digits.

    Variants of Arabic letters are one letter, and the Arabic article is no part of a word. A number and its unit
    are two words; a word has at most ``LONGEST_WORD`` characters.
    """
    # NFKD would make letters of the numero sign.
    plain = unicodedata.normalize("NFKD", text.replace("№", " ")).casefold().translate(_FOLDINGS)
    if not plain.isascii():
        plain = _ARTICLE.sub("", plain)
    return [word[:LONGEST_WORD] for word in _UNIT.sub(" ", plain).split()]


def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for english, forms in WORDS.items():
        for form in (english, *forms.split()):
            heads = found.setdefault("".join(fold(form)), [])
            if english not in heads:
                heads.append(english)
    return {form: tuple(heads) for form, heads in found.items()}


# By every form that a search understands, expressions of two words written as one: the English words it stands for.
MEANINGS = _meanings()
FILLING = frozenset(fold(FILLERS))
WISHED = frozenset(form for form, heads in MEANINGS.items() if WISHES.issuperset(heads))


def nearly(english: str) -> tuple[str, ...]:
    """English words for what some call by the given one."""
    return tuple(other for group in NEAR if english in group for other in group if other != english)
