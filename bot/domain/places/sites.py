"""How the sites of a network write their links: the form of the tables, and looking a link up in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.places.kinds import PlaceKind

# The likeliest kind first, then what the link may turn out to lead to as well.
Kinds = tuple[PlaceKind, ...]

_PARTS = {
    "<name>": r"(?P<name>[^/]+)",
    "<any>": r"[^/]+",
    "<id>": r"[0-9]+",
    "<bot>": r"(?P<name>[^/]*bot)",  # Telegram keeps such names for bots
    "<pair>": r"(?P<name>-?[0-9][\w-]*)",  # as in "wall-1_2": unlike in "wallpaper", which is a name
}


def words(text: str) -> frozenset[str]:
    """Return the words of a text, with white space between: a long set that can be read."""
    return frozenset(text.split())


# First parts of a path that are nobody's name, on every site.
_NO_NAMES = words(
    "about account accounts ads api app apps auth blog business careers contact developers discover download downloads "
    "explore faq feed help hashtag home index.html index.php intent jobs legal login logout messages notifications "
    "policies press privacy register search settings share signin signup sitemap support tag tags terms tos trending "
    "upload upgrade"
)
# Parts of a network's site where nobody's profile is.
_OFFICES = words(
    "about accounts ads artists blog business careers creators developer developers help investor investors legal "
    "newsroom podcasters policies press status studio support"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of link: ``path`` without slashes at its ends, with ``key`` among the query where it is not empty.

    ``free`` tells that the path begins with anything, so that it must not be a word of the site's own.
    """

    path: re.Pattern[str]
    key: str
    kinds: Kinds
    free: bool


@dataclass(frozen=True, slots=True)
class Site:
    """The forms that a network's links have on some hosts, in the order in which they are tried.

    ``own`` are first parts of a path that are nobody's name. With ``named`` the part of the host before the site's
    is a name too (name.tumblr.com). ``skipped`` matches a first part that only says the language or the app.
    ``inner`` are keys of the query that hold the path that is meant.
    """

    network: str
    forms: tuple[Form, ...]
    own: frozenset[str] = frozenset()
    named: bool = False
    skipped: re.Pattern[str] | None = None
    inner: tuple[str, ...] = ()


Sites = Mapping[str, Site]  # by host


def site(
    network: str,
    hosts: str,
    forms: Mapping[str, PlaceKind | Kinds],
    *,
    own: str = "",
    named: bool = False,
    skipped: str = "",
    inner: tuple[str, ...] = (),
) -> Iterator[tuple[str, Site]]:
    """Yield a row of the table for each of the ``hosts``: words with white space between, as ``own`` are.

    A form is a path such as "p/<name>". <name> is what the place is called, <any> and <id> stand for anything and for
    digits, <pair> for VK's numbers, "a|b" for either, "..." at the end for whatever follows, and "?key" for a key that
    the query must have. A host that ends in ".*" is meant with every country's ending.
    """
    found = Site(
        network,
        tuple(_form(text, kinds) for text, kinds in forms.items()),
        words(own) | _NO_NAMES,
        named,
        re.compile(skipped, re.IGNORECASE) if skipped else None,
        inner,
    )
    for host in hosts.split():
        yield host, found


def _form(text: str, kinds: PlaceKind | Kinds) -> Form:
    path, _, key = text.partition("?")
    named = path.removesuffix("...").removesuffix("/")
    pattern = "/".join(_part(part) for part in named.split("/"))
    if path.endswith("..."):
        pattern += "(?:/.*)?" if named else ".*"
    return Form(
        re.compile(pattern, re.IGNORECASE),
        key,
        (kinds,) if isinstance(kinds, PlaceKind) else kinds,
        path.startswith("<"),
    )


def _part(text: str) -> str:
    pieces = re.split(r"(<\w+>|\|)", text)
    found = "".join(_PARTS.get(piece, piece if piece == "|" else re.escape(piece)) for piece in pieces)
    return f"(?:{found})" if "|" in text else found


def site_of(sites: Sites, host: str) -> tuple[Site | None, list[str]]:
    """Return the site that a host belongs to and the labels before the site's; None and all labels for no network's.

    The longest known name decides: "vm.tiktok.com" before "tiktok.com".
    """
    labels = host.split(".")
    country = 2 if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else 1  # "co.uk" or "de"
    short = len(labels[-1]) <= 3  # as every country's ending is
    for at in range(len(labels) - 1):
        anywhere = sites.get(".".join([*labels[at:-country], "*"])) if short else None
        found = sites.get(".".join(labels[at:]), anywhere)
        if found is not None:
            return found, labels[:at]
    return None, labels


def in_office(before: Iterable[str]) -> bool:
    """Whether the labels before a site's host say that this is a part of it without profiles."""
    return not _OFFICES.isdisjoint(before)


def find_form(where: Site, parts: list[str], query: Mapping[str, str]) -> tuple[Kinds, str | None] | None:
    """Return the kinds of the first form that a path's parts have, and what it calls the place; None without one."""
    path = "/".join(parts)
    own = bool(parts) and parts[0].casefold() in where.own
    for form in where.forms:
        if (form.free and own) or (form.key and form.key not in query):
            continue
        match = form.path.fullmatch(path)
        if match is not None:
            name = match.groupdict().get("name") or (query[form.key] if form.key else None)
            return form.kinds, name or None
    return None
