"""Services, their types, and how the shop groups them for browsing."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.networks import network_of
from bot.domain.texts import clean_text

__all__ = ["Offer", "Service", "ServiceType", "clean_text", "is_package", "network_of", "parse_type"]


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


def is_package(service_type: ServiceType) -> bool:
    """Whether the rate of this type is charged once, not per 1000."""
    return service_type in {ServiceType.PACKAGE, ServiceType.CUSTOM_COMMENTS_PACKAGE}


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


@dataclass(frozen=True, slots=True)
class Service:
    """One thing the shop sells: a panel's offer of a known type, under the shop's own short number.

    ``panel`` is the panel's name and ``panel_service`` its own id. ``rate`` and the flags are as in an offer.
    """

    id: int
    panel: str
    panel_service: str
    name: str
    type: ServiceType
    category: str
    rate: Decimal
    minimum: int
    maximum: int
    refill: bool | None
    cancel: bool | None
    dripfeed: bool | None
    description: str

    @property
    def package(self) -> bool:
        """Whether the rate is charged once, not per 1000."""
        return is_package(self.type)


_AS_SPACE = str.maketrans("_-", "  ", "()[]{}")
_TYPES = {service_type.value.casefold(): service_type for service_type in ServiceType}


def parse_type(word: str | None) -> ServiceType | None:
    """Return the type that a panel's word means; None for a word nobody knows, which cannot be ordered.

    Spellings vary ("custom_comments", "Mentions (custom list)"); no word at all means Default.
    """
    normal = " ".join((word or "").casefold().translate(_AS_SPACE).split())
    return _TYPES.get(normal) if normal else ServiceType.DEFAULT
