"""Orders' numbers as people write them: "123", "#123", several of them in a row, in the digits of any script."""

import re

# Ids have 64 bits, of which 18 digits are enough for ever.
_NUMBER = re.compile(r"[#№]?(\d{1,18})")
_BETWEEN = re.compile(r"[\s,;،]+")


def number_in(text: str) -> int | None:
    """Return the number that is all of a text; None for any other text."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else int(found[1])


def numbers_in(text: str) -> tuple[tuple[int, ...], str]:
    """Return the numbers among a text's words, each once and in their order, and the other words."""
    words = [word for word in _BETWEEN.split(text) if word]
    found = {word: number_in(word) for word in words}
    numbers = (number for number in found.values() if number is not None)
    return tuple(dict.fromkeys(numbers)), " ".join(word for word in words if found[word] is None)
