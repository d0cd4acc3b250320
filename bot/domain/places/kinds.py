"""The kinds of places that links lead to."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What is found where a link leads."""

    PROFILE = "profile"  # a person's or a company's
    CHANNEL = "channel"
    GROUP = "group"
    INVITE = "invite"  # into a group or channel that has no public name
    BOT = "bot"
    POST = "post"
    VIDEO = "video"
    SHORT = "short"  # reels, shorts, clips
    STORY = "story"
    LIVE = "live"
    COMMENT = "comment"
    EVENT = "event"
    TRACK = "track"
    ALBUM = "album"
    PLAYLIST = "playlist"
    ARTIST = "artist"
    SHOW = "show"  # a podcast
    EPISODE = "episode"
    BUSINESS = "business"  # what people write reviews of
    SITE = "site"  # of no network that is known here
    PAGE = "page"  # somewhere on a network; what it is cannot be told


WEBSITE = "Website"  # the network of traffic and search services, and of every site that is no network's
