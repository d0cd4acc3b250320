"""The catalogue in memory: what can be ordered now, at which price, grouped for browsing.

A ``Shelf`` is never changed: a sync puts a new one in its place. Serving pages from it costs no statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from bot.domain import money
from bot.domain.catalog import Service
from bot.domain.forms import FORMS
from bot.domain.mass import orderable
from bot.domain.networks import network_of
from bot.domain.places import LinkIndex
from bot.domain.search import Index

# A list longer than this is easier to find one's way in by network first.
MANY_CATEGORIES = 12
OTHER = "…"  # the network of categories that name none
# No panel delivers a trillion of anything. With the old posts of a subscription it is multiplied by 2,000 at most,
# and stays far inside 64 bits.
MOST_UNITS = 10**12


@dataclass(frozen=True, slots=True)
class Category:
    """Services under one heading; two panels that use the same name share it."""

    id: int
    name: str
    network: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on sale. ``exchange``: by panel, the shop's currency for one of the panel's.

    ``beyond`` is listed and not on sale, because its price is beyond what the books hold, or beyond what is believed
    without an admin. ``index`` finds services by words, ``links`` by a link; they may know some that are not here any
    more. ``usual``: how long a service takes, where that is known. ``homes``: by service, the category it stands in.
    ``plain`` is one that a line of a mass order has room for, to show how; None where nothing of the kind is on sale.
    """

    categories: Mapping[int, Category] = field(default_factory=dict)
    services: Mapping[int, Service] = field(default_factory=dict)
    exchange: Mapping[str, Decimal] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    markup_percent: Decimal = Decimal(0)
    beyond: Mapping[int, Service] = field(default_factory=dict)
    usual: Mapping[int, timedelta] = field(default_factory=dict)
    homes: Mapping[int, int] = field(default_factory=dict)
    plain: Service | None = None
    index: Index = field(default_factory=Index, compare=False, repr=False)
    links: LinkIndex = field(default_factory=LinkIndex, compare=False, repr=False)

    def listed(self, number: int) -> Service | None:
        """The service of this number if its panel lists it, on sale or not."""
        return self.services.get(number) or self.beyond.get(number)

    def price(self, service: Service, quantity: int) -> int:
        """What a customer pays for ``quantity`` units, in ten-thousandths of the shop's currency."""
        return money.price(
            service.rate,
            exchange=self.exchange[service.panel],
            markup_percent=self.markup_percent,
            quantity=quantity,
            package=service.package,
        )

    def listed_price(self, service: Service) -> int:
        """The price on the card: of 1000 units, or of the package."""
        return self.price(service, 1 if service.package else 1000)

    def of_network(self, network: str) -> tuple[Category, ...]:
        """The categories of a network, in order."""
        return tuple(category for category in self.categories.values() if category.network == network)

    @property
    def by_network(self) -> bool:
        """Whether browsing begins with networks."""
        return len(self.categories) > MANY_CATEGORIES and len(self.networks) > 1


def stock(
    offers: Sequence[tuple[Service, int]],
    exchange: Mapping[str, Decimal],
    markup_percent: Decimal,
    held: Sequence[Service] = (),
) -> Shelf:
    """Put services on the shelf; those of a panel without an exchange rate, and the ``held``, are not sold.

    Nor is one whose smallest order costs more than ``money.HIGHEST_AMOUNT``; where only large ones do, its maximum is
    lowered to what does not.
    """
    grouped: dict[int, list[Service]] = {}
    beyond = {service.id: service for service in held}
    for service, category in offers:
        if service.panel not in exchange:
            continue
        fitting = _fitting(service, exchange[service.panel], markup_percent)
        if fitting is None:
            beyond[service.id] = service
        else:
            grouped.setdefault(category, []).append(fitting)
    categories = {
        number: Category(number, found[0].category, network_of(found[0].category) or OTHER, tuple(found))
        for number, found in grouped.items()
    }
    seen = dict.fromkeys(category.network for category in categories.values())
    networks = sorted(seen, key=lambda network: network == OTHER)  # stable: the panels' own order, others last
    services = {service.id: service for found in grouped.values() for service in found}
    fillable = (service for service in services.values() if orderable(FORMS[service.type]))
    return Shelf(
        categories,
        services,
        dict(exchange),
        tuple(networks),
        markup_percent,
        beyond,
        homes={service.id: number for number, found in grouped.items() for service in found},
        plain=min(fillable, key=lambda service: (service.package, service.id), default=None),
    )


def _fitting(service: Service, exchange: Decimal, markup_percent: Decimal) -> Service | None:
    """The service with a maximum whose price the books hold; None where not even its minimum has such a price."""
    most = min(service.maximum, MOST_UNITS)
    dearest = money.price(
        service.rate,
        exchange=exchange,
        markup_percent=markup_percent,
        quantity=most,
        package=service.package,
    )
    if service.package:
        return service if dearest <= money.HIGHEST_AMOUNT else None
    if dearest > money.HIGHEST_AMOUNT:
        most = money.HIGHEST_AMOUNT * most // dearest
    if most < max(service.minimum, 1):
        return None
    return service if most == service.maximum else replace(service, maximum=most)
