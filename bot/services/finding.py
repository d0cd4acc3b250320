"""What a customer looks for, in words or by a link, and the services that answer it: all from memory."""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.catalog import Service
from bot.domain.errors import BadInput
from bot.domain.forms import FORMS, Kind, Limits, parse_answer
from bot.domain.orders import Answer
from bot.domain.places import WEBSITE, LinkIndex, Place, link_in, recognise
from bot.domain.search import LONGEST_QUERY, Index
from bot.domain.texts import printable
from bot.services.shelf import OTHER, Shelf

# More than anybody leafs through.
MOST = 400


@dataclass(frozen=True, slots=True)
class Quest:
    """What is looked for: words, or a link (``linked``), as typed. JSON-able by its fields.

    ``network`` was chosen for a link that tells none.
    """

    text: str
    linked: bool = False
    network: str | None = None

    @property
    def mark(self) -> int:
        """A number below 2**32 that names this quest in a button."""
        return zlib.crc32(f"{self.linked:d} {self.network or ''} {self.text}".encode())

    @property
    def place(self) -> Place | None:
        """Where the link leads; None for words."""
        place = recognise(self.text) if self.linked else None
        return place if place is None or self.network is None else replace(place, network=self.network)


def quest_in(text: str) -> Quest:
    """What a message asks for: its first link where it has one, else its words."""
    link = link_in(text)
    if link is not None:
        return Quest(link, linked=True)
    return Quest(printable(" ".join(text.split()))[:LONGEST_QUERY])


def indexes_of(services: Sequence[Service]) -> tuple[Index, LinkIndex]:
    """The services by their words, and by the links they take. To be called off the loop."""
    return Index(services), LinkIndex(services)


def answering(shelf: Shelf, quest: Quest, limit: int = MOST) -> list[Service]:
    """The services on sale that have the words, or that fit the link, the best first; ``limit`` at most."""
    place = quest.place
    found = shelf.index.find(quest.text, limit) if place is None else shelf.links.find(place)
    return [shelf.services[number] for number in found if number in shelf.services][:limit]


def networks_for(shelf: Shelf, quest: Quest) -> tuple[str, ...]:
    """The networks that a link may be of which tells none by itself; none for any other quest."""
    place = quest.place
    if place is None or place.network is not None:
        return ()
    return tuple(network for network in shelf.networks if network not in {OTHER, WEBSITE})


def filled_in(service: Service, quest: Quest) -> dict[str, Answer]:
    """The answers that a link gives to the form of a service, by field: the link, or the username in it."""
    place = quest.place
    first = FORMS[service.type].fields[0]
    typed = quest.text if first.kind is Kind.LINK else place.name if place is not None else None
    if place is None or typed is None:
        return {}
    limits = Limits(service.minimum, service.maximum)
    with suppress(BadInput):  # then it is asked for
        return {first.name: parse_answer(first, typed, limits=limits, answers={}, today=date.min)}
    return {}
