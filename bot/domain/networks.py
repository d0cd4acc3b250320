"""Reading the network (Instagram, TikTok, …) off a panel's names for categories and services."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# A network's name in the shop, and the words that stand for it in categories, as regular expressions. Case
# makes no difference except in (?-i:…), around short words that mean something else in lower case.
_NETWORKS: tuple[tuple[str, str], ...] = (
    ("Instagram", r"instagram|insta|ig|igtv|инстаграмм?|ان[سص]ت[قغكج]?رام|انستا"),
    ("TikTok", r"tik ?tok|(?-i:TT)|тик ?ток|تيك ?توك"),
    ("YouTube", r"you ?tube|yt|ютуб|يوتيوب"),
    ("Telegram", r"telegram|tg|телеграмм?|тг|تي?لي?[جغق]رام"),
    ("Facebook", r"face ?book|fb|фейсбук|في?س ?بوك"),
    ("X (Twitter)", r"twitter|x\.com|(?-i:X) ?[(/|] ?twitter|твиттер|تويتر"),
    ("Threads", r"threads?|ثريدز"),
    ("Snapchat", r"snap ?chat|snap|سناب(?: ?شات)?"),
    ("WhatsApp", r"whats ?app|واتس ?[اآ]ب"),
    ("LINE", r"line (?:official|friends?|voom)|line\.me"),
    ("Spotify", r"spotify|سبوتيفاي"),
    ("SoundCloud", r"sound ?cloud|ساوند ?كلاود"),
    ("Apple Music", r"apple music|itunes"),
    ("Audiomack", r"audiomack"),
    ("Deezer", r"deezer"),
    ("Shazam", r"shazam"),
    ("Tidal", r"tidal"),
    ("Mixcloud", r"mixcloud"),
    ("Twitch", r"twitch"),
    ("Kick", r"kick(?:\.com)?"),
    ("Trovo", r"trovo"),
    ("Discord", r"discord"),
    ("LinkedIn", r"linked ?in|لينكد ?[اإ]ن"),
    ("Pinterest", r"pinterest"),
    ("Reddit", r"reddit"),
    ("Quora", r"quora"),
    ("Tumblr", r"tumblr"),
    ("Bluesky", r"blue ?sky"),
    ("Clubhouse", r"club ?house"),
    ("Rumble", r"rumble"),
    ("Likee", r"likee"),
    ("Kwai", r"kwai"),
    ("Dailymotion", r"daily ?motion"),
    ("Vimeo", r"vimeo"),
    ("VK", r"vk|vk\.com|vkontakte|вк|вконтакте"),
    ("OK", r"ok\.ru|odnoklassniki|одноклассники"),
    ("Rutube", r"ru ?tube|рутуб"),
    ("Steam", r"steam"),
    ("OnlyFans", r"only ?fans"),
    ("Trustpilot", r"trust ?pilot"),
    ("Google", r"google"),
    ("Website", r"web ?sites?|web traffic|traffic|زيارات|трафик"),
)

# "IG | Followers", but not the "ig" of "big": whole words only. The leftmost word decides, so that website
# traffic "from Instagram" stays with the websites.
_WORDS = re.compile(
    r"(?<![^\W_])(?:" + "|".join(f"({words})" for _, words in _NETWORKS) + r")(?![^\W_])", re.IGNORECASE
)

# Words that mean a network only where a category begins with them: "X Followers", "OK | Likes".
_FIRST = re.compile(r"[\W_]*(X|OK|LINE)(?![^\W_])")
_FIRST_NAMES = {"X": "X (Twitter)", "OK": "OK", "LINE": "LINE"}

# No network's words reach over these, nor do numbers matter to them.
_BREAKS = re.compile(r"[\[\]{}|•–—:;,)]")
_NUMBERS = re.compile(r"[0-9]+")

NETWORKS: tuple[str, ...] = tuple(name for name, _ in _NETWORKS)


def network_of(category: str) -> str | None:
    """Return the network that a category is about, by its name in the shop; None where none can be told."""
    return next(_named(category), None)


def networks_in(text: str) -> frozenset[str]:
    """Return every network that a name mentions: two in "Spotify & SoundCloud", none in "Followers"."""
    return frozenset(_named(text))


def _named(text: str) -> Iterator[str]:
    # Panels like letters in mathematical bold (𝗜𝗻𝘀𝘁𝗮𝗴𝗿𝗮𝗺); NFKC makes plain ones of them.
    plain = unicodedata.normalize("NFKC", text)
    first = _FIRST.match(plain)
    if first is not None:
        yield _FIRST_NAMES[first[1]]
    for part in _BREAKS.split(plain):
        yield from _named_in(_NUMBERS.sub("0", part))


@lru_cache(maxsize=16_384)  # thousands of names are put together from a few hundred parts
def _named_in(part: str) -> tuple[str, ...]:
    return tuple(NETWORKS[match.lastindex - 1] for match in _WORDS.finditer(part) if match.lastindex is not None)
