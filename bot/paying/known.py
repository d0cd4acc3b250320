"""Every way to pay that the shop knows, on or off: its payments are told of, and go on, also while it is off."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

import bot.paying
from bot.domain.errors import BadInput
from bot.domain.money import to_amount, to_decimal
from bot.domain.payments import Way
from bot.paying.seam import NotOffered, Provider
from bot.settings import Settings


def find() -> Mapping[str, Provider]:
    """The ``PROVIDER`` of each file of this package that has one, by name, in the order in which they are offered."""
    files = (import_module(f"bot.paying.{file.name}") for file in pkgutil.iter_modules(bot.paying.__path__))
    providers = [each for file in files if isinstance(each := getattr(file, "PROVIDER", None), Provider)]
    return {each.name: each for each in sorted(providers, key=lambda each: (each.rank, each.name))}


KNOWN = find()


def make(settings: Settings) -> tuple[Mapping[str, Way], tuple[str, ...]]:
    """The ways to pay that are on, by name, and what keeps others from it that are asked for."""
    ways: dict[str, Way] = {}
    troubles = []
    for provider in KNOWN.values():
        try:
            way = provider.make(settings)
            if way is not None:
                _check_bounds(way, settings)
                ways[provider.name] = way
        except NotOffered as trouble:
            troubles.append(str(trouble))
    return ways, tuple(troubles)


def _check_bounds(way: Way, settings: Settings) -> None:
    """Raise ``NotOffered`` where what it takes at once lies beyond the shop's own bounds."""
    for name, bound, beyond, words in (
        ("TOP_UP_MINIMUM", settings.top_up_minimum, "highest", "at most"),
        ("TOP_UP_MAXIMUM", settings.top_up_maximum, "lowest", "at least"),
    ):
        try:
            way.quote(to_amount(bound))
        except BadInput as error:
            own = error.params.get(beyond)
            if isinstance(own, int):
                sum_ = f"{to_decimal(own).normalize():f} {settings.currency}"
                raise NotOffered(
                    f"{name} is {bound}, but {way.title} takes {words} {sum_} at once, so it is not offered."
                ) from None
