"""Which links a service wants, read off its type, name and category, and which services fit a link.

Panels say it nowhere in a form a program could trust, so this only warns, and only where both sides are plain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.domain.catalog import Service, ServiceType
from bot.domain.networks import networks_in
from bot.domain.places.demands import ACCOUNTS, ANYTHING, COMMENTED, MEDIA, Demand, demand_of_name
from bot.domain.places.examples import usual_kinds
from bot.domain.places.kinds import WEBSITE, PlaceKind
from bot.domain.places.reading import Place
from bot.domain.places.words import Sign

__all__ = ["Fit", "LinkIndex", "Verdict", "fits", "wanted"]

_K = PlaceKind
_T = ServiceType

# What a type wants whatever the name says. A subscription asks for a username: an account's name fills it.
_BY_TYPE = {
    _T.SUBSCRIPTIONS: Demand(ACCOUNTS),
    _T.COMMENT_LIKES: Demand(COMMENTED),
    _T.COMMENT_REPLIES: Demand(COMMENTED),
    _T.INVITES_FROM_GROUPS: Demand(frozenset({_K.GROUP, _K.CHANNEL, _K.INVITE})),
    _T.WEB_TRAFFIC: Demand(frozenset({_K.SITE})),
    _T.MENTIONS_WITH_HASHTAGS: ANYTHING,
    _T.MENTIONS_CUSTOM_LIST: ANYTHING,
    _T.MENTIONS_HASHTAG: ANYTHING,
    _T.MENTIONS_USER_FOLLOWERS: ANYTHING,
    _T.MENTIONS_MEDIA_LIKERS: ANYTHING,
}
# What a type wants where neither the name nor the category says anything.
_OTHERWISE = {
    _T.CUSTOM_COMMENTS: Demand(MEDIA),
    _T.CUSTOM_COMMENTS_PACKAGE: Demand(MEDIA),
    _T.POLL: Demand(frozenset({_K.POST}), frozenset({_K.STORY, _K.PROFILE})),
}
# What a type says besides the name: a poll stands in a post.
_SAID_BY_TYPE = {_T.POLL: frozenset({Sign.POST})}
_ANY_SITE_NETWORKS = frozenset({WEBSITE, "Google"})


class Verdict(StrEnum):
    """Whether a link is what a service wants."""

    YES = "yes"
    MAYBE = "maybe"  # nothing is said, or it cannot be told
    NO = "no"
    WRONG_NETWORK = "wrong network"


@dataclass(frozen=True, slots=True)
class Fit:
    """A verdict, with what a warning says.

    ``wanted`` are the kinds that the service wants and its network has, the one to name first; none where anything
    goes. ``networks`` are the service's, in the order of the alphabet; none where it names none.
    """

    verdict: Verdict
    wanted: tuple[PlaceKind, ...] = ()
    networks: tuple[str, ...] = ()

    @property
    def warned(self) -> bool:
        """Whether the customer is to be warned before going on."""
        return self.verdict in {Verdict.NO, Verdict.WRONG_NETWORK}


def wanted(service: Service) -> frozenset[PlaceKind]:
    """Return the kinds of link that a service surely takes; none where that cannot be told, or anything goes."""
    return _demand(service.type, service.name, service.category).kinds


def fits(place: Place, service: Service) -> Fit:
    """Return whether a link is what a service wants."""
    named = tuple(sorted(_networks(service.name, service.category)))
    only = named[0] if len(named) == 1 else None
    return Fit(_verdict(place, service), usual_kinds(only, wanted(service)), named)


@dataclass(frozen=True, slots=True)
class _Kind:
    """All of a service that decides whether it fits a link."""

    sold_for: frozenset[str]  # networks
    demand: Demand
    networks: frozenset[str]
    by_name: bool  # a subscription asks for a username; all others for a link


class LinkIndex:
    """Services by the links they take; made once for what is on sale, and then only read."""

    def __init__(self, services: Iterable[Service] = ()) -> None:
        """Read the services, in the order in which equals are to be found. 10,000 take a fraction of a second."""
        self._ids: list[int] = []
        self._alike: dict[_Kind, list[int]] = {}
        categories: set[str] = set()
        for position, service in enumerate(services):
            self._ids.append(service.id)
            self._alike.setdefault(_kind_of(service), []).append(position)
            categories.add(service.category)
        self._networks_told = any(map(_networks_in_category, categories))

    def find(self, place: Place) -> list[int]:
        """The ids of the services that a link may be meant for: those it fits first, each part in the order given.

        They are the link's network's; where no category names a network, any. A name without a network fits the
        accounts of all, a shortened link none. A subscription asks for a username, which ``place.name`` is.
        """
        own = [kind for kind in self._alike if place.network is None or place.network in kind.sold_for]
        if not own and not self._networks_told:
            own = list(self._alike)
        sure: list[int] = []
        unsure: list[int] = []
        for kind in own:
            verdict = _judged(place, kind.demand, kind.networks)
            if verdict is Verdict.YES:
                sure += self._alike[kind]
            elif verdict is Verdict.MAYBE and place.network is not None and not kind.by_name:
                unsure += self._alike[kind]
        return [self._ids[position] for part in (sure, unsure) for position in sorted(part)]


def _kind_of(service: Service) -> _Kind:
    """What decides. Where its category names one network, it is sold for that: "kick start" is not about Kick."""
    networks = _networks(service.name, service.category)
    category = _networks_in_category(service.category)
    sold_for = category if len(category) == 1 else networks
    demand = _demand(service.type, service.name, service.category)
    return _Kind(sold_for, demand, networks, by_name=service.type is _T.SUBSCRIPTIONS)


def _verdict(place: Place, service: Service) -> Verdict:
    demand = _demand(service.type, service.name, service.category)
    return _judged(place, demand, _networks(service.name, service.category))


def _judged(place: Place, demand: Demand, networks: frozenset[str]) -> Verdict:
    for_sites = _K.SITE in demand.kinds
    if for_sites and place.network is not None and place.kind is not _K.SITE:
        return Verdict.MAYBE  # visitors can be sent to any address
    if place.kind in demand.kinds and (for_sites or _same_network(place, networks)):
        return Verdict.YES
    if place.kind is _K.SITE and (not networks or networks & _ANY_SITE_NETWORKS):
        return Verdict.MAYBE  # of a network that is not known here, or liked and reviewed like a page of one
    if not _same_network(place, networks):
        return Verdict.WRONG_NETWORK
    if not demand.kinds or place.kind is _K.PAGE or not demand.takes.isdisjoint({place.kind, *place.perhaps}):
        return Verdict.MAYBE
    return Verdict.NO


def _same_network(place: Place, networks: frozenset[str]) -> bool:
    return place.network is None or not networks or place.network in networks


@lru_cache(maxsize=32_768)  # the services of several large panels
def _networks(name: str, category: str) -> frozenset[str]:
    """The networks that a service is for: those that name and category agree on, or else all that either names."""
    ours, theirs = networks_in(name), _networks_in_category(category)
    return ours & theirs or ours | theirs


@lru_cache(maxsize=4_096)
def _networks_in_category(category: str) -> frozenset[str]:
    return networks_in(category)


@lru_cache(maxsize=32_768)
def _demand(service_type: ServiceType, name: str, category: str) -> Demand:
    networks = _networks(name, category)
    if service_type in _BY_TYPE:
        return _BY_TYPE[service_type]
    if networks == {WEBSITE}:
        return Demand(frozenset({_K.SITE}))
    for text in (name, category):
        demand = demand_of_name(text, networks, _SAID_BY_TYPE.get(service_type, frozenset()))
        if demand is not None:
            return demand
    return _OTHERWISE.get(service_type, ANYTHING)
