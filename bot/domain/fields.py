"""The fields an order can ask for: their names, the kinds of answers they take, and how far those may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# JSON-able, because a draft is stored: text, a whole number, or the lines of a list.
Value = str | int | list[str]
# By field name. None: an optional field that was skipped; no key: not asked yet.
Answers = Mapping[str, Value | None]

# The longest list: a .txt file of comments is taken whole, and the request stays below the 8 MB that PHP
# servers accept even where every character becomes nine in the form encoding.
MAX_LINES = 5_000
MAX_LIST_CHARACTERS = 100_000
EXPIRY_DAYS = 90  # a subscription's hold is not kept for longer


class Kind(StrEnum):
    """How a field is asked for and read."""

    LINK = "link"
    NUMBER = "number"
    TEXT = "text"  # one line
    LINES = "lines"  # a list, one item a line
    CHOICE = "choice"
    DATE = "date"


class Shape(StrEnum):
    """What a text, a list's line or a choice typed by hand must look like."""

    FREE = "free"
    USERNAME = "username"
    HASHTAG = "hashtag"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: ``value`` is sent to the panel, ``word`` is its English label."""

    value: str
    word: str


@dataclass(frozen=True, slots=True)
class Limits:
    """A service's ``min`` and ``max`` for one order."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``name`` is what `add` calls it, ``word`` its English word. ``lowest`` and ``highest`` bound a number or a
    list's count; with ``limited`` the service's own limits do. ``longest`` is in characters, of a text or of
    each line. ``unit`` is the English word for what a number counts, where that is not plain. ``when`` is
    (field, value) of the choice that this field depends on: otherwise it is not asked.
    """

    name: str
    word: str
    kind: Kind
    example: str
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    lowest: int = 1
    highest: int = 1_000_000
    limited: bool = False
    longest: int = 255
    unit: str = ""
    shape: Shape = Shape.FREE
    when: tuple[str, str] | None = None


LINK = Field("link", "link", Kind.LINK, "https://instagram.com/username/")
QUANTITY = Field("quantity", "quantity", Kind.NUMBER, "1000", limited=True)
KEYWORDS = Field("keywords", "keywords", Kind.LINES, "buy shoes\nrunning shoes", highest=MAX_LINES)
COMMENTS = Field("comments", "comments", Kind.LINES, "Great photo!\nLove it", highest=MAX_LINES, longest=2_000)
USERNAMES = Field(
    "usernames",
    "usernames",
    Kind.LINES,
    "username1\nusername2",
    highest=MAX_LINES,
    longest=64,
    shape=Shape.USERNAME,
)
HASHTAGS = Field(
    "hashtags", "hashtags", Kind.LINES, "#travel\n#food", highest=MAX_LINES, longest=100, shape=Shape.HASHTAG
)
HASHTAG = Field("hashtag", "hashtag", Kind.TEXT, "#travel", longest=100, shape=Shape.HASHTAG)
USERNAME = Field("username", "username", Kind.TEXT, "username", longest=64, shape=Shape.USERNAME)
MEDIA = Field("media", "media", Kind.LINK, "https://instagram.com/p/Cabc123/")
ANSWER_NUMBER = Field("answer_number", "answer number", Kind.NUMBER, "2", highest=100)
GROUPS = Field(
    "groups", "groups", Kind.LINES, "https://t.me/group1\nhttps://t.me/group2", highest=MAX_LINES, longest=512
)

MIN = Field("min", "minimum", Kind.NUMBER, "100", limited=True)
MAX = Field("max", "maximum", Kind.NUMBER, "150", limited=True)
# Panels take more; a thousand posts ahead is already a hold nobody places by intent.
POSTS = Field("posts", "posts", Kind.NUMBER, "10", highest=1_000)
OLD_POSTS = Field("old_posts", "old posts", Kind.NUMBER, "5", optional=True, lowest=0, highest=1_000)
# The minutes that the panels' document lists.
_DELAYS = (0, 5, 10, 15, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600)
DELAY = Field(
    "delay",
    "delay",
    Kind.CHOICE,
    "30",
    choices=tuple(Choice(str(minutes), str(minutes)) for minutes in _DELAYS),
    unit="minutes",
)
EXPIRY = Field("expiry", "expiry", Kind.DATE, "31/12/2026", optional=True)

COUNTRY = Field(
    "country",
    "country",
    Kind.CHOICE,
    "US",
    shape=Shape.COUNTRY,
    choices=(
        Choice("WW", "Worldwide"),
        Choice("US", "United States"),
        Choice("GB", "United Kingdom"),
        Choice("CA", "Canada"),
        Choice("DE", "Germany"),
        Choice("FR", "France"),
        Choice("BR", "Brazil"),
        Choice("IN", "India"),
        Choice("ID", "Indonesia"),
        Choice("RU", "Russia"),
        Choice("TR", "Turkey"),
        Choice("SA", "Saudi Arabia"),
        Choice("AE", "United Arab Emirates"),
        Choice("EG", "Egypt"),
    ),
)
DEVICE = Field(
    "device",
    "device",
    Kind.CHOICE,
    "Desktop",
    choices=(
        Choice("1", "Desktop"),
        Choice("2", "Mobile (Android)"),
        Choice("3", "Mobile (iOS)"),
        Choice("4", "Mixed mobile"),
        Choice("5", "Mixed (mobile & desktop)"),
    ),
)
TRAFFIC = Field(
    "type_of_traffic",
    "traffic",
    Kind.CHOICE,
    "Google keyword",
    choices=(
        Choice("1", "Google keyword"),
        Choice("2", "Custom referrer"),
        Choice("3", "Blank referrer"),
    ),
)
GOOGLE_KEYWORD = Field("google_keyword", "google keyword", Kind.TEXT, "running shoes", when=("type_of_traffic", "1"))
REFERRING_URL = Field(
    "referring_url", "referring link", Kind.LINK, "https://example.com/", when=("type_of_traffic", "2")
)

# A drip-feed: the quantity again and again, `runs` times, `interval` minutes apart.
RUNS = Field("runs", "runs", Kind.NUMBER, "10", lowest=2, highest=1_000)
INTERVAL = Field("interval", "interval", Kind.NUMBER, "60", highest=10_080, unit="minutes")  # a week at most


def choice_of(field: Field, value: Value | None) -> Choice | None:
    """Return the choice that an answer stands for; None where it is not one of the listed."""
    return next((choice for choice in field.choices if choice.value == value), None)
