"""Links that customers type: checked for their form, kept as typed, never fetched."""

import re
import unicodedata
from dataclasses import dataclass

from bot.domain.errors import BadInput
from bot.domain.texts import INVISIBLE, bare

LONGEST_LINK = 512  # panels store links in columns of this order

# With or without http(s)://. What a host may hold is checked apart: no "@", so no password and no e-mail.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^/?#:]+)(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^?#]*)?(?P<rest>[?#].*)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"@(?=.*\w)[\w.\-]{1,100}")

# What apps and advertisers hang on a link to see who passed it on; where it leads stays the same.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|yclid|msclkid|ttclid|twclid|igsh|igshid|mibextid|mc_cid|mc_eid"
)
_OWN_TRACKING = {
    "facebook.com": re.compile(r"rdid|share_url|__tn__|paipv|eav"),
    "music.youtube.com": re.compile(r"si|feature"),
    "open.spotify.com": re.compile(r"si|nd|dlsi"),
    "soundcloud.com": re.compile(r"si"),
    "threads.com": re.compile(r"xmt|slof"),
    "tiktok.com": re.compile(
        r"_t|_r|is_from_webapp|sender_device|sender_web_id|web_id|u_code|share_app_id|share_link_id"
    ),
    "x.com": re.compile(r"s|ref_src|ref_url"),
    "youtube.com": re.compile(r"si|feature|ab_channel|pp|app"),
}

# Other names of the same site, without "www.".
_ALIASES = {
    "fb.com": "facebook.com",
    "m.facebook.com": "facebook.com",
    "mobile.facebook.com": "facebook.com",
    "web.facebook.com": "facebook.com",
    "m.instagram.com": "instagram.com",
    "m.soundcloud.com": "soundcloud.com",
    "m.tiktok.com": "tiktok.com",
    "m.twitch.tv": "twitch.tv",
    "m.vk.com": "vk.com",
    "m.youtube.com": "youtube.com",
    "mobile.twitter.com": "x.com",
    "mobile.x.com": "x.com",
    "telegram.dog": "t.me",
    "telegram.me": "t.me",
    "threads.net": "threads.com",
    "twitter.com": "x.com",
    "vk.ru": "vk.com",
}
# youtu.be/ID, youtube.com/shorts/ID and youtube.com/live/ID are the video youtube.com/watch?v=ID.
_VIDEO = re.compile(r"youtu\.be/([\w-]{6,20})|youtube\.com/(?:shorts|live)/([\w-]{6,20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts: ``host`` in lower case, ``path`` and ``query`` as typed (without "?"), no fragment."""

    host: str
    path: str
    query: str


def parse_link(text: str) -> str:
    """Return the link without the white space around it, otherwise exactly as typed.

    Taken are http(s) addresses with a dotted host, bare domains ("example.com/path") and "@name", up to 512
    characters. Raises BadInput ``link.bad`` or ``link.too_long``.
    """
    link = bare(text)
    if len(link) > LONGEST_LINK:
        raise BadInput("link.too_long", limit=LONGEST_LINK)
    if any(_hidden(char) for char in link):
        raise BadInput("link.bad")
    if _NAME.fullmatch(link):
        return link
    match = _ADDRESS.fullmatch(link)
    if match is None or not _is_host(match["host"]) or not 0 < int(match["port"] or 80) < 65536:
        raise BadInput("link.bad")
    return link


def split_link(link: str) -> Address | None:
    """Return the parts of a link that ``parse_link`` took; None for "@name", which has none."""
    match = None if link.startswith("@") else _ADDRESS.fullmatch(link)
    if match is None:
        return None
    query = (match["rest"] or "").partition("#")[0].removeprefix("?")
    return Address(unicodedata.normalize("NFC", match["host"].casefold()), match["path"] or "", query)


def same_link(link: str) -> str:
    """Return a key that is equal for links which lead to the same place.

    Scheme, "www.", the case of the host, the scheme's own port, slashes at the end, the names that some sites have
    besides their own, and what only tells who passed the link on make no difference; path and query do. For
    comparing only, never for sending.
    """
    typed = bare(link)
    match = _ADDRESS.fullmatch(typed)
    if typed.startswith("@") or match is None:
        return typed.casefold()
    host = unicodedata.normalize("NFC", match["host"].casefold())
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    host = _ALIASES.get(host, host)
    usual = {"http": "80", "https": "443"}.get((match["scheme"] or "").lower())
    port = "" if match["port"] in {None, usual} else f":{match['port']}"
    path = (match["path"] or "").rstrip("/")
    query, mark, fragment = (match["rest"] or "").partition("#")
    pairs = [pair for pair in query.removeprefix("?").split("&") if pair and not _tracks(host, pair)]
    video = _VIDEO.fullmatch(host + path)
    if video is not None:
        host, path, pairs = "youtube.com", "/watch", [f"v={video[1] or video[2]}", *pairs]
        pairs = [pair for pair in pairs if not _tracks(host, pair)]
    return host + port + path + ("?" + "&".join(pairs) if pairs else "") + mark + fragment


def _tracks(host: str, pair: str) -> bool:
    name = pair.partition("=")[0]
    own = _OWN_TRACKING.get(host)
    return _TRACKING.fullmatch(name) is not None or (own is not None and own.fullmatch(name) is not None)


def _hidden(char: str) -> bool:
    return char.isspace() or char in INVISIBLE or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _is_host(host: str) -> bool:
    """Whether this is a dotted name as DNS knows it, in any script; an IP address is not."""
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(map(_is_label, labels)):
        return False
    return len(labels[-1]) > 1 and labels[-1][0].isalpha()


def _is_label(label: str) -> bool:
    inside = all(char == "-" or unicodedata.category(char)[0] in "LMN" for char in label)
    return 0 < len(label) <= 63 and inside and not label.startswith("-") and not label.endswith("-")
