"""Every way to pay that the shop knows, on or off: its payments are told of, and go on, also while it is off."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

import bot.paying
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
        except NotOffered as trouble:
            troubles.append(str(trouble))
        else:
            if way is not None:
                ways[provider.name] = way
    return ways, tuple(troubles)
