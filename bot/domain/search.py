"""Finding services by what people type: words in any order, unfinished, misspelled, or of another language.

An ``Index`` is made once for a catalogue and then only read. It keeps sets of services as the bits of an int, where bit
n is the n-th service: to join and to meet such sets takes no time, and their order is the panels' own.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice, pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.catalog import Service, ServiceType
from bot.domain.networks import network_of
from bot.domain.search_text import FILLING, MEANINGS, WISHED, fold, nearly

# More than the longest name; what people paste beyond it is not read.
LONGEST_QUERY = 256
MOST_WORDS = 8
# With fewer services than fit one page, typing mistakes are looked for in words that are right in themselves, too.
FEW = 8

# What it costs a service that a word of the query stands elsewhere than in its name, is meant by another word, only
# begins one, or has to be guessed, a slip each. Many of a kind cost less than one of the next.
_ELSEWHERE, _MEANT, _BEGUN, _GUESSED = 1, 32, 32**2, 32**3
# From this many letters on, one slip and two are forgiven. A slip is a letter too many, too few, wrong, or two swapped.
_ONE_SLIP, _TWO_SLIPS = 4, 8
_LONGEST_ENDING = 3

# The services that have a word in their names, and those that have it elsewhere.
_Places = tuple[int, int]
# Sets of services by what they cost.
_Tier = tuple[int, int]

_NOWHERE: _Places = (0, 0)
_DIGITS = re.compile("[0-9]")


class Index:
    """The words of a catalogue's names, categories, networks and types, and the services that have them."""

    def __init__(self, services: Iterable[Service] = ()) -> None:
        """Read the services, in the order in which equals are to be found. 10,000 take a fraction of a second."""
        self._ids: list[int] = []
        self._names: list[str] = []  # folded, with a space before each word
        names: dict[str, list[int]] = {}
        elsewhere: dict[str, list[int]] = {}
        headings: dict[tuple[str, ServiceType], list[str]] = {}
        for position, service in enumerate(services):
            words = fold(service.name)
            self._ids.append(service.id)
            self._names.append(_spaced(words))
            for word in _with_pairs(words):
                names.setdefault(word, []).append(position)
            heading = headings.get((service.category, service.type))
            if heading is None:
                heading = headings[service.category, service.type] = _heading(service)
            for word in heading:
                elsewhere.setdefault(word, []).append(position)
        self._numbers = {str(number): position for position, number in enumerate(self._ids)}
        # By word: the services that have just this word; and those that have one of the same meaning as well.
        self._literal = {
            word: (_bits(names.get(word, ())), _bits(elsewhere.get(word, ()))) for word in names.keys() | elsewhere
        }
        self._meant = _by_meaning(self._literal)
        self._words = sorted(self._literal.keys() | self._meant)
        self._spelled = [word for word in self._words if len(word) >= _ONE_SLIP - 1 and not _DIGITS.search(word)]

    def find(self, query: str, limit: int = 50) -> list[int]:
        """The ids of the services that fit all words of ``query``, the best first, ``limit`` at most.

        A word fits where a name, a category, a network or a type has it, one that it begins, or one of the same
        meaning in another language; where few services do, one that is nearly spelled like it. Words in names come
        before words elsewhere, then come names in which the query stands as it was typed, then the catalogue's order.
        A service's number, ``#123`` or ``123``, finds that service first. Any text may be asked for.
        """
        typed = fold(query[:LONGEST_QUERY])
        words = _telling(typed)
        enough = max(limit, FEW)
        positions = self._fitting(words, typed, enough)
        # In "1000 instagram followers" the number is how many are wanted, as a rule, and seldom a part of the name.
        others = [word for word in words if not word.isdecimal()]
        if len(positions) < FEW and 0 < len(others) < len(words):
            positions += self._fitting(others, [word for word in typed if not word.isdecimal()], enough)
        number = self._numbers.get(typed[0]) if len(typed) == 1 else None
        if number is not None:
            positions.insert(0, number)
        return [self._ids[position] for position in islice(dict.fromkeys(positions), limit)]

    def _fitting(self, words: Sequence[str], typed: Sequence[str], limit: int) -> list[int]:
        """The positions of services that fit all words, the best first; where none does, of those without wishes."""
        beside = set(typed)
        levels = self._levels(words, beside)
        if not levels and not WISHED.isdisjoint(words):
            levels = self._levels([word for word in words if word not in WISHED], beside)
        return list(islice(self._ranked(levels, typed), limit))

    def _levels(self, words: Sequence[str], beside: Set[str]) -> dict[int, int]:
        """By cost, the services that fit all words; none without words. ``beside``: all that was typed."""
        if not words:
            return {}
        sure = [self._sure(word, beside) for word in words]
        levels = _all_of([tiers or self._guessed(word) for word, tiers in zip(words, sure, strict=True)])
        if sum(found.bit_count() for found in levels.values()) < FEW:
            levels = _all_of([[*tiers, *self._guessed(word)] for word, tiers in zip(words, sure, strict=True)])
        return levels

    def _sure(self, word: str, beside: Set[str]) -> list[_Tier]:
        """The services that have the word, one of its meaning, one that it begins, or that it makes with another."""
        tiers = [*_tiers(0, self._literal.get(word)), *_tiers(_MEANT, self._meant.get(word))]
        if word in self._numbers:
            tiers.append((_ELSEWHERE, 1 << self._numbers[word]))
        for other in beside:
            tiers += _tiers(_MEANT, self._meant.get(word + other))
            tiers += _tiers(_MEANT, self._meant.get(other + word))
        return tiers + self._any_of(self._begun(word), _BEGUN)

    def _begun(self, word: str) -> Iterator[str]:
        """The words that begin with this one. A number begins no other number: who types 100 does not mean 1000."""
        number = word[-1].isdigit()
        for at in range(bisect_left(self._words, word), len(self._words)):
            longer = self._words[at]
            if not longer.startswith(word):
                return
            if not (number and longer[len(word) : len(word) + 1].isdigit()):
                yield longer

    def _guessed(self, word: str) -> list[_Tier]:
        """The services with a word that this one may stand for: misspelled, with an ending, or a close relative."""
        relatives = {other for english in MEANINGS.get(word, ()) for other in nearly(english)}
        stems = (word[:-cut] for cut in range(1, _LONGEST_ENDING + 1) if len(word) - cut >= _ONE_SLIP)
        stem = next((stem for stem in stems if stem in self._meant or stem in self._literal), None)
        by_slips = {1: [*relatives] if stem is None else [*relatives, stem]}
        slips = 0 if len(word) < _ONE_SLIP or _DIGITS.search(word) else 1 if len(word) < _TWO_SLIPS else 2
        if slips:
            for close, distance, _ in process.extract(
                word, self._spelled, scorer=OSA.distance, score_cutoff=slips, limit=None
            ):
                by_slips.setdefault(int(distance), []).append(close)
        return [tier for distance, words in by_slips.items() for tier in self._any_of(words, _GUESSED * distance)]

    def _any_of(self, words: Iterable[str], cost: int) -> list[_Tier]:
        """The services that have any of the words, or one of the same meaning."""
        literal = meant = _NOWHERE
        for word in words:
            literal = _joined(literal, self._literal.get(word, _NOWHERE))
            meant = _joined(meant, self._meant.get(word, _NOWHERE))
        return [*_tiers(cost, literal), *_tiers(cost + _MEANT, meant)]

    def _ranked(self, levels: dict[int, int], typed: Sequence[str]) -> Iterator[int]:
        """The positions of services: by cost, then by how close their names come to what was typed."""
        phrase = _spaced(typed)
        english = _spaced([MEANINGS.get(word, (word,))[0] for word in typed])
        names = self._names

        def distance(position: int) -> int:
            name = names[position]
            return 2 if phrase not in name and english not in name else name != phrase

        for _, found in sorted(levels.items()):
            yield from sorted(_positions(found), key=distance)


def _heading(service: Service) -> list[str]:
    """The words around a service's name."""
    network = network_of(service.category) or ""
    return [word for text in (service.category, service.type.value, network) for word in _with_pairs(fold(text))]


def _with_pairs(words: list[str]) -> list[str]:
    """The words, and neighbours that together are one known word: tik tok."""
    return words + [left + right for left, right in pairwise(words) if left + right in MEANINGS]


def _spaced(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)


def _by_meaning(literal: dict[str, _Places]) -> dict[str, _Places]:
    """By every form of every word with a known meaning, the services that have a word of that meaning."""
    english: dict[str, _Places] = {}
    for word, places in literal.items():
        for meaning in MEANINGS.get(word, ()):
            english[meaning] = _joined(english.get(meaning, _NOWHERE), places)
    meant: dict[str, _Places] = {}
    for form, meanings in MEANINGS.items():
        for meaning in meanings:
            if meaning in english:
                meant[form] = _joined(meant[form], english[meaning]) if form in meant else english[meaning]
    return meant


def _joined(one: _Places, other: _Places) -> _Places:
    return one[0] | other[0], one[1] | other[1]


def _telling(typed: Iterable[str]) -> list[str]:
    """The words that say most about what is wanted: without fillers unless there is nothing else, the longest first."""
    words = set(typed)
    return sorted(words - FILLING or words, key=lambda word: (-len(word), word))[:MOST_WORDS]


def _tiers(cost: int, places: _Places | None) -> Iterator[_Tier]:
    named, elsewhere = places or _NOWHERE
    if named:
        yield cost, named
    if elsewhere:
        yield cost + _ELSEWHERE, elsewhere


def _all_of(tiers_of_words: Iterable[Sequence[_Tier]]) -> dict[int, int]:
    """By what they cost in all, the services that are in a tier of every word, each at its cheapest."""
    levels = {0: -1}
    for tiers in tiers_of_words:
        met: dict[int, int] = {}
        taken = 0
        for cost, places in sorted(tiers):
            fresh = places & ~taken
            taken |= places
            for before, found in levels.items():
                if both := found & fresh:
                    met[before + cost] = met.get(before + cost, 0) | both
        levels = met
    return levels


def _bits(positions: Sequence[int]) -> int:
    """A set of ascending positions."""
    if not positions:
        return 0
    octets = bytearray(positions[-1] // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


def _positions(found: int) -> Iterator[int]:
    """The positions in a set, ascending."""
    digits = bin(found)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)
