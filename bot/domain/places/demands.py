"""From the signs in a service's name to the kinds of link that it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.places.examples import EXAMPLES
from bot.domain.places.kinds import WEBSITE, PlaceKind
from bot.domain.places.words import WARES, Sign, signs_of

_K = PlaceKind
Kinds = frozenset[PlaceKind]

ACCOUNTS: Kinds = frozenset({_K.PROFILE, _K.CHANNEL, _K.ARTIST})
MEDIA: Kinds = frozenset({_K.POST, _K.VIDEO, _K.SHORT})
COMMENTED: Kinds = MEDIA | {_K.COMMENT}
_GROUPS: Kinds = frozenset({_K.GROUP, _K.CHANNEL, _K.INVITE})
_MUSIC: Kinds = frozenset({_K.TRACK, _K.ALBUM, _K.PLAYLIST, _K.SHOW, _K.EPISODE})
_STORIES: Kinds = frozenset({_K.STORY, _K.PROFILE, _K.CHANNEL})
_STREAMS: Kinds = frozenset({_K.LIVE, _K.VIDEO})

_MUSIC_NETWORKS = frozenset(
    {"Spotify", "SoundCloud", "Apple Music", "Audiomack", "Deezer", "Shazam", "Tidal", "Mixcloud"}
)
# Where who follows is a member: of a channel, a group or a community.
_COMMUNITY_NETWORKS = frozenset({"Telegram", "WhatsApp", "VK", "OK", "Reddit", "Quora", "Steam", "LINE"})
# Where a live stream is found by its account's name.
_STREAMING_NETWORKS = frozenset({"Twitch", "Kick", "Trovo"})
_LIVE_BY_ACCOUNT = _STREAMING_NETWORKS | {"Instagram", "TikTok"}

# What a link may be besides: the same thing under another address, or something that holds it.
_TAKEN_TOO: Mapping[PlaceKind, Kinds] = {
    **dict.fromkeys(MEDIA, MEDIA | {_K.LIVE, _K.COMMENT}),
    _K.LIVE: MEDIA | ACCOUNTS,
    _K.COMMENT: MEDIA | {_K.LIVE},
    **dict.fromkeys((_K.PROFILE, _K.ARTIST), ACCOUNTS | {_K.BOT}),
    _K.BOT: frozenset({_K.CHANNEL}),
    _K.GROUP: frozenset({_K.INVITE, _K.EVENT}),
    _K.EVENT: frozenset({_K.GROUP}),
    _K.ALBUM: frozenset({_K.PLAYLIST}),
    _K.SHOW: frozenset({_K.EPISODE}),
    _K.EPISODE: frozenset({_K.SHOW}),
    _K.BUSINESS: frozenset({_K.SITE, _K.PROFILE}),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """``kinds`` are what a service wants, ``besides`` what some panels take for it; no kinds: anything goes."""

    kinds: Kinds = frozenset()
    besides: Kinds = frozenset()

    @property
    def takes(self) -> Kinds:
        """All that may be meant: the kinds, what some panels take, and what may be the same thing."""
        return self.kinds.union(self.besides, *(_TAKEN_TOO.get(kind, frozenset()) for kind in self.kinds))


ANYTHING = Demand()


def demand_of_name(name: str, networks: frozenset[str], known: frozenset[Sign] = frozenset()) -> Demand | None:
    """Return what a service or category of this name wants, sold for these networks; None where it does not say.

    ``known`` are signs that the name need not give.
    """
    head, rest = signs_of(name)
    if not head & WARES:
        return None
    if Sign.STORY not in head:  # a poll in a story is in no post
        head |= known
    demands = [_demand_for(ware, head, networks) for ware in _ruling(head)]
    if any(not demand.kinds for demand in demands):
        return ANYTHING
    kinds = frozenset(kind for demand in demands for kind in demand.kinds)
    besides = frozenset(kind for demand in demands for kind in demand.besides)
    return Demand(kinds, besides | _by_the_way(rest))


def _ruling(head: frozenset[Sign]) -> frozenset[Sign]:
    """The wares that decide: one of these alone, whatever else is counted, otherwise all together."""
    for sign in (Sign.UNTOLD, Sign.STARTS, Sign.COMMENT_LIKES, Sign.REVIEWS, Sign.AUTOMATIC):
        if sign in head:
            return frozenset({sign})
    wares = head & WARES
    return wares - {Sign.PLAYS} if Sign.LIVE in head and len(wares) > 1 else wares  # "live streams" are no plays


_SIMPLY: Mapping[Sign, Demand] = {
    Sign.UNTOLD: ANYTHING,
    Sign.STARTS: Demand(frozenset({_K.BOT})),
    Sign.COMMENT_LIKES: Demand(COMMENTED),
    Sign.AUTOMATIC: Demand(ACCOUNTS, MEDIA | _GROUPS | {_K.STORY}),
    Sign.ATTENDEES: Demand(frozenset({_K.EVENT})),
}


def _demand_for(ware: Sign, head: frozenset[Sign], networks: frozenset[str]) -> Demand:
    match ware:
        case Sign.FOLLOWERS | Sign.MEMBERS:
            return _for_followers(ware, head, networks)
        case Sign.PLAYS | Sign.LISTENERS if not networks or networks & _MUSIC_NETWORKS:
            return _for_plays(ware, networks)
        case Sign.REACTIONS | Sign.PLAYS | Sign.LISTENERS | Sign.VIEWERS:
            return _for_reactions(ware, head, networks)
        case Sign.REVIEWS:
            return _for_reviews(networks)
        case Sign.VISITS:
            return _for_visits(head, networks)
        case _:
            return _SIMPLY[ware]


def _for_followers(ware: Sign, head: frozenset[Sign], networks: frozenset[str]) -> Demand:
    for sign, kind in ((Sign.PLAYLIST, _K.PLAYLIST), (Sign.SHOW, _K.SHOW)):
        if sign in head:
            return Demand(frozenset({kind}))
    if networks & _MUSIC_NETWORKS:
        if Sign.ARTIST in head:
            return Demand(frozenset({_K.ARTIST, _K.PROFILE}))
        return Demand(ACCOUNTS | {_K.PLAYLIST, _K.SHOW})
    if networks & _COMMUNITY_NETWORKS or not networks:
        return Demand(ACCOUNTS | _GROUPS)
    if ware is Sign.MEMBERS or Sign.GROUP in head:
        return Demand(_GROUPS)
    return Demand(ACCOUNTS, frozenset({_K.INVITE}))


def _for_reactions(ware: Sign, head: frozenset[Sign], networks: frozenset[str]) -> Demand:
    streaming = bool(networks & _STREAMING_NETWORKS)
    if Sign.STORY in head:
        # Some sell views for posts and stories alike.
        return Demand(_STORIES | _pieces(head, networks) if head & {Sign.POST, Sign.SHORT, Sign.VIDEO} else _STORIES)
    if Sign.LIVE in head or ware in {Sign.VIEWERS, Sign.LISTENERS}:
        by_account = ACCOUNTS if networks & _LIVE_BY_ACCOUNT else frozenset()
        return Demand(_STREAMS | by_account, ACCOUNTS | MEDIA | {_K.GROUP})
    if networks & _MUSIC_NETWORKS:
        return Demand(_MUSIC, ACCOUNTS)
    if Sign.PLAYLIST in head:
        return Demand(frozenset({_K.PLAYLIST}), MEDIA)
    about_posts = head & {Sign.POST, Sign.VIDEO, Sign.SHORT}
    if Sign.ACCOUNT in head and not about_posts:
        # A page is liked as such on Facebook; "channel views" elsewhere may be those of its posts.
        return Demand(ACCOUNTS) if networks == {"Facebook"} else Demand(ACCOUNTS | MEDIA)
    besides = ACCOUNTS if "Facebook" in networks and not about_posts else frozenset()
    return Demand(_pieces(head, networks) | ({_K.CHANNEL} if streaming and not about_posts else frozenset()), besides)


def _pieces(head: frozenset[Sign], networks: frozenset[str]) -> Kinds:
    """What is liked and seen: as the name says, where the network tells such things apart by their links."""
    said = {_K(sign.value) for sign in (Sign.POST, Sign.VIDEO, Sign.SHORT) if sign in head}
    if _K.VIDEO in said:
        said.add(_K.SHORT)
    known = {kind for network in networks for kind in EXAMPLES.get(network, ())}
    return frozenset(said & known) or MEDIA


def _for_plays(ware: Sign, networks: frozenset[str]) -> Demand:
    if not networks:
        return Demand(_MUSIC | MEDIA, ACCOUNTS | _STREAMS)
    if ware is Sign.LISTENERS:  # a month's, of an artist
        return Demand(frozenset({_K.ARTIST}), _MUSIC | ACCOUNTS)
    return Demand(_MUSIC, frozenset({_K.ARTIST, _K.PROFILE}))


def _for_visits(head: frozenset[Sign], networks: frozenset[str]) -> Demand:
    if not networks or networks & {WEBSITE, "Google"}:
        return Demand(frozenset({_K.SITE}))
    return Demand(ACCOUNTS, MEDIA) if head & {Sign.ACCOUNT, Sign.REACTIONS} else ANYTHING


def _for_reviews(networks: frozenset[str]) -> Demand:
    if networks and networks <= {"Google", "Trustpilot"}:
        return Demand(frozenset({_K.BUSINESS}))
    return Demand(ACCOUNTS, frozenset({_K.BUSINESS})) if networks == {"Facebook"} else ANYTHING


def _by_the_way(rest: frozenset[Sign]) -> Kinds:
    """What the rest of a name makes possible: it can add to what is sold, never take away."""
    added: set[PlaceKind] = set()
    if rest & {Sign.ACCOUNT, Sign.AUTOMATIC, Sign.FOLLOWERS, Sign.LISTENERS}:
        added |= ACCOUNTS
    if rest & {Sign.GROUP, Sign.AUTOMATIC, Sign.MEMBERS}:
        added |= _GROUPS
    if rest & {Sign.REACTIONS, Sign.PLAYS}:
        added |= MEDIA
    if Sign.STORY in rest:
        added |= _STORIES
    if Sign.LIVE in rest or Sign.VIEWERS in rest:
        added |= _STREAMS | ACCOUNTS
    if Sign.COMMENT_LIKES in rest:
        added |= COMMENTED
    for sign in (Sign.PLAYLIST, Sign.ALBUM, Sign.ARTIST, Sign.SHOW):
        if sign in rest:
            added.add(_K(sign.value))
    return frozenset(added)
