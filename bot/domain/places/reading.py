"""What a link leads to, as far as the link itself tells: nothing is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.domain.errors import BadInput
from bot.domain.links import LONGEST_LINK, Address, parse_link, split_link
from bot.domain.places.kinds import WEBSITE, PlaceKind
from bot.domain.places.sites import Site, Sites, find_form, in_office, site_of, words
from bot.domain.places.table_chats import CHAT_SITES
from bot.domain.places.table_media import MEDIA_SITES
from bot.domain.places.table_social import SOCIAL_SITES
from bot.domain.texts import INVISIBLE, bare

SITES: Sites = {**SOCIAL_SITES, **CHAT_SITES, **MEDIA_SITES}

# Behind these may be any place of any network.
_SHORTENERS = words(
    "bit.ly tinyurl.com t.ly cutt.ly is.gd v.gd ow.ly rb.gy shorturl.at rebrand.ly tiny.cc buff.ly s.id linktr.ee "
    "beacons.ai taplink.cc lnk.to ffm.to fanlink.to song.link album.link distrokid.com linkfire.com clck.ru"
)
_NO_NAMES = frozenset({"www", "m", "mobile", "web"})  # labels of a host

# A text this long is a message as Telegram sends it; more than that is not looked through.
_LONGEST_TEXT = 4096
_SLASH = re.compile(r"/|%2f", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_OPENING = "([{<\"'«“‘„`*|>—–:,;،"
_CLOSING = ")]}>\"'»”’“`*|,.;:!?…،؛؟。、"
# A bare "word.word" in a sentence is a link with these endings; with others it may be a full stop without a space.
_ENDINGS = words(
    "com net org info biz io app dev tv shop store site online xyz club ru su ua kz ir tr br es fr de pl uk eu ae sa "
    "eg рф укр"
)
# Alone, it is one with these too, or with any country's two letters.
_ENDINGS_ALONE = words("agency blog page pro space studio top website онлайн рус сайт")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link leads.

    ``network`` is its name in the shop, "Website" for every other site, and None where only a name was typed or
    a shortener hides it. ``kind`` is what the link looks like, ``perhaps`` what it may turn out to be as well.
    ``name`` is for showing: a handle without "@" where the link has one, otherwise an id or a website's host; None
    where the link names nothing.
    """

    network: str | None
    kind: PlaceKind
    name: str | None = None
    perhaps: frozenset[PlaceKind] = frozenset()


def recognise(text: str) -> Place | None:
    """Return what a link leads to; None for what is not taken as a link. Never raises."""
    try:
        link = parse_link(text)
    except BadInput:
        return None
    address = split_link(link)
    if address is None:
        accounts = {PlaceKind.CHANNEL, PlaceKind.GROUP, PlaceKind.BOT, PlaceKind.ARTIST}
        return Place(None, PlaceKind.PROFILE, link.removeprefix("@"), frozenset(accounts))
    where, before = site_of(SITES, address.host)
    if where is None:
        host = address.host.removeprefix("www.")
        if host in _SHORTENERS or ".".join(before[-2:]) in _SHORTENERS:
            return Place(None, PlaceKind.PAGE)
        return Place(WEBSITE, PlaceKind.SITE, host)
    return _place(where, before, address)


def link_in(text: str) -> str | None:
    """Return the first link in a text, as ``parse_link`` takes it; None without one. Never raises.

    "@name" counts only when there is nothing else. A bare domain that could be the end of one sentence and the start
    of the next does not count; alone, it counts with more endings. Brackets, quotes and stops around a link in a
    sentence are not part of it.
    """
    whole = _taken(text)
    if whole is not None and (whole.startswith("@") or _meant(whole, alone=True)):
        return whole
    return next(filter(None, map(_link_in_word, text[:_LONGEST_TEXT].split())), None)


def _place(where: Site, before: list[str], address: Address) -> Place:
    query = dict(_pairs(address.query))
    parts = [_plain(part) for part in address.path.split("/") if part]
    inner = next((query[key] for key in where.inner if query.get(key)), None)
    if inner is not None:
        parts = _SLASH.split(inner)[:1]
    if where.named and before and before[-1] not in _NO_NAMES:
        parts.insert(0, before[-1])
    elif in_office(before):
        return Place(where.network, PlaceKind.PAGE)
    if where.skipped is not None and parts and where.skipped.fullmatch(parts[0]):
        del parts[0]
    found = find_form(where, parts, query)
    if found is None:
        return Place(where.network, PlaceKind.PAGE)
    kinds, name = found
    return Place(where.network, kinds[0], name, frozenset(kinds[1:]))


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        yield key.casefold(), _plain(value)


def _plain(part: str) -> str:
    """A part of an address without its percent signs, unless that brings out what nobody should see or split."""
    plain = unquote(part)
    odd = any(char in "/?#\ufffd" or char in INVISIBLE or not char.isprintable() for char in plain)
    return part if odd else plain


def _taken(text: str) -> str | None:
    try:
        return parse_link(text)
    except BadInput:
        return None


def _link_in_word(word: str) -> str | None:
    """The link that a word is, or that begins within it ("link:https://…")."""
    starts = [0, *(match.start() for match in _SCHEME.finditer(word) if match.start())][:2]
    for start in starts:
        link = _taken(_trimmed(word[start:]))
        if link is not None and not link.startswith("@") and _meant(link):
            return link
    return None


def _trimmed(word: str) -> str:
    trimmed = bare(word).lstrip(_OPENING)
    while trimmed and trimmed[-1] in _CLOSING:
        # A bracket that was opened inside belongs to the link: en.wikipedia.org/wiki/Stop_(punctuation).
        if trimmed[-1] == ")" and "(" in trimmed[-LONGEST_LINK:]:
            break
        trimmed = trimmed[:-1]
    return trimmed


def _meant(link: str, *, alone: bool = False) -> bool:
    """Whether a link was meant as one: "likes.Thanks" has the form of a domain too."""
    address = split_link(link)
    if address is None or _SCHEME.match(link) or address.path or address.host.startswith("www."):
        return address is not None
    ending = address.host.rpartition(".")[2]
    if alone and (ending in _ENDINGS_ALONE or (len(ending) == 2 and ending.isascii())):
        return True
    return ending in _ENDINGS or site_of(SITES, address.host)[0] is not None
