"""What a link leads to, what a service wants, and whether the two fit. The outside's names are importable from here."""

from bot.domain.places.examples import example_link, usual_kinds
from bot.domain.places.fitting import Fit, LinkIndex, Verdict, fits, wanted
from bot.domain.places.kinds import WEBSITE, PlaceKind
from bot.domain.places.reading import Place, link_in, recognise

__all__ = [
    "WEBSITE",
    "Fit",
    "LinkIndex",
    "Place",
    "PlaceKind",
    "Verdict",
    "example_link",
    "fits",
    "link_in",
    "recognise",
    "usual_kinds",
    "wanted",
]
