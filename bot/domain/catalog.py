"""Services, their types, and how the shop groups them for browsing."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ServiceType(StrEnum):
    """The 16 service types of API v2, by their usual spelling."""

    DEFAULT = "Default"
    PACKAGE = "Package"
    SEO = "SEO"
    CUSTOM_COMMENTS = "Custom Comments"
    CUSTOM_COMMENTS_PACKAGE = "Custom Comments Package"
    MENTIONS_WITH_HASHTAGS = "Mentions with Hashtags"
    MENTIONS_CUSTOM_LIST = "Mentions Custom List"
    MENTIONS_HASHTAG = "Mentions Hashtag"
    MENTIONS_USER_FOLLOWERS = "Mentions User Followers"
    MENTIONS_MEDIA_LIKERS = "Mentions Media Likers"
    COMMENT_LIKES = "Comment Likes"
    POLL = "Poll"
    COMMENT_REPLIES = "Comment Replies"
    INVITES_FROM_GROUPS = "Invites from Groups"
    SUBSCRIPTIONS = "Subscriptions"
    WEB_TRAFFIC = "Web Traffic"


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of a panel's service list. ``rate`` is the panel's price per 1000 (once, for packages).

    ``refill``, ``cancel`` and ``dripfeed`` are None where the panel does not say.
    """

    panel_service: str
    name: str
    type_word: str
    category: str
    rate: Decimal
    minimum: int
    maximum: int
    refill: bool | None = None
    cancel: bool | None = None
    dripfeed: bool | None = None
    description: str = ""
