"""What the panels of the demo sell, and catalogues of any size."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from bot.demo.panel.catalogue_alpha import ALPHA_TEXT
from bot.demo.panel.catalogue_beta import BETA_TEXT
from bot.demo.panel.service_types import TYPE_RULES, DemoOffer

NETWORKS = ("Instagram", "TikTok", "YouTube", "Telegram", "X", "Facebook", "Spotify", "Website")
WARES = ("Followers", "Likes", "Views", "Comments", "Shares")
PER_CATEGORY = 25  # services; four hundred categories for ten thousand, as large panels have


def demo_offers(panel: Literal["alpha", "beta"]) -> tuple[DemoOffer, ...]:
    """The services of one of the demo's two panels; ids and category names overlap between the two."""
    return tuple(_read(ALPHA_TEXT if panel == "alpha" else BETA_TEXT))


def many_offers(count: int) -> tuple[DemoOffer, ...]:
    """``count`` services of all types over many categories, always the same; nine in ten are Default."""
    others = [word for word in TYPE_RULES if word != "Default"]
    return tuple(_nth_offer(number, others) for number in range(1, count + 1))


def offer_of_type(offers: Iterable[DemoOffer], type_word: str) -> DemoOffer:
    """The first service of a type. LookupError where there is none."""
    for offer in offers:
        if offer.type == type_word:
            return offer
    raise LookupError(f"no service of type {type_word!r}")


def _read(text: str) -> Iterator[DemoOffer]:
    """The offers of a text with ``[category]`` lines and one service a line below each.

    Its columns: id; type; name; rate; min; max; flags (r refill, c cancel, d drip-feed); description. A dash
    is nothing.
    """
    category = ""
    for line in filter(None, text.splitlines()):
        if line.startswith("["):
            category = line.strip("[]")
            continue
        service, kind, name, rate, least, most, flags, description = line.split("; ")
        yield DemoOffer(
            service,
            name,
            kind,
            category,
            Decimal(rate),
            int(least),
            int(most),
            refill="r" in flags,
            cancel="c" in flags,
            dripfeed="d" in flags,
            description="" if description == "-" else description,
        )


def _nth_offer(number: int, others: list[str]) -> DemoOffer:
    shelf = (number - 1) // PER_CATEGORY
    network, ware = NETWORKS[shelf % len(NETWORKS)], WARES[shelf // len(NETWORKS) % len(WARES)]
    kind = others[number // 10 % len(others)] if number % 10 == 0 else "Default"
    package = TYPE_RULES[kind].counted == "package"
    return DemoOffer(
        str(number),
        f"{network} {ware} {number} [{kind}]" if number % 7 else f"{network} {ware} & more <{number}> ⚡",
        kind,
        f"{network} {ware} {shelf + 1}",
        Decimal(50 + number * 37 % 4950) / 1000,
        1 if package else 10,
        1 if package else 10_000,
        number % 3 == 0,
        number % 2 == 0,
        number % 5 != 0,
        f"Starts within {number % 24} hours",
    )
