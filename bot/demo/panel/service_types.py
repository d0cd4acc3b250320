"""The 16 service types as a panel knows them: which fields an order needs and what is counted in it.

Written from the panels' own documents, apart from the shop's table on purpose: a stand-in that shared it
could not show that the shop's is wrong.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Counted = Literal["quantity", "package", "comments", "usernames", "posts"]

SUBSCRIPTION_DELAYS = frozenset(
    # minutes; the list both panels' documents print
    [0, 5, 10, 15, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600]
)


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What ``add`` must bring for a service type; ``counted`` is what is priced and held to min and max."""

    required: tuple[str, ...]
    counted: Counted = "quantity"
    drips: bool = False


TYPE_RULES: dict[str, TypeRule] = {
    "Default": TypeRule(("link", "quantity"), drips=True),
    "Package": TypeRule(("link",), "package"),
    "SEO": TypeRule(("link", "quantity", "keywords")),
    "Custom Comments": TypeRule(("link", "comments"), "comments"),
    "Custom Comments Package": TypeRule(("link", "comments"), "package"),
    "Mentions with Hashtags": TypeRule(("link", "quantity", "usernames", "hashtags")),
    "Mentions Custom List": TypeRule(("link", "usernames"), "usernames"),
    "Mentions Hashtag": TypeRule(("link", "quantity", "hashtag")),
    "Mentions User Followers": TypeRule(("link", "quantity", "username")),
    "Mentions Media Likers": TypeRule(("link", "quantity", "media")),
    "Comment Likes": TypeRule(("link", "quantity", "username")),
    "Poll": TypeRule(("link", "quantity", "answer_number")),
    "Comment Replies": TypeRule(("link", "username", "comments"), "comments"),
    "Invites from Groups": TypeRule(("link", "quantity", "groups")),
    "Subscriptions": TypeRule(("username", "min", "max", "delay"), "posts"),
    "Web Traffic": TypeRule(("link", "quantity", "country", "device", "type_of_traffic"), drips=True),
}


@dataclass(frozen=True, slots=True)
class DemoOffer:
    """One service of the stand-in. ``rate`` is per 1000 (once, for packages), in the panel's currency."""

    service: str
    name: str
    type: str
    category: str
    rate: Decimal
    min: int
    max: int
    refill: bool = False
    cancel: bool = False
    dripfeed: bool = False
    description: str = ""
