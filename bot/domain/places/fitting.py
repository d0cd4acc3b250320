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

__all__ = ["Fit", "Verdict", "fits", "offers", "wanted"]

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


def offers(place: Place, services: Iterable[Service]) -> list[Service]:
    """Return the services that a link may be meant for: those it fits first, each part in the order given.

    They are the link's network's; where no service names a network, any. A name without a network fits the accounts
    of all, a shortened link none. A subscription asks for a username, which ``place.name`` is; all others for a link.
    """
    given = list(services)
    own = [service for service in given if _is_of(place.network, service)]
    if not own and not any(_networks_in_category(category) for category in {each.category for each in given}):
        own = given
    sure: list[Service] = []
    unsure: list[Service] = []
    for service in own:
        verdict = _verdict(place, service)
        if verdict is Verdict.YES:
            sure.append(service)
        elif verdict is Verdict.MAYBE and place.network is not None and service.type is not _T.SUBSCRIPTIONS:
            unsure.append(service)
    return sure + unsure


def _verdict(place: Place, service: Service) -> Verdict:
    demand = _demand(service.type, service.name, service.category)
    networks = _networks(service.name, service.category)
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


def _is_of(network: str | None, service: Service) -> bool:
    """Whether a service is sold for a network; any is where only a name was typed.

    The category decides where it names one network: a name that has "kick start" in it is not about Kick.
    """
    if network is None:
        return True
    category = _networks_in_category(service.category)
    return network in (category if len(category) == 1 else _networks(service.name, service.category))


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
