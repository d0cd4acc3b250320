"""Links that customers type: checked for their form, kept as typed, never fetched."""

import re
import unicodedata

from bot.domain.errors import BadInput
from bot.domain.texts import INVISIBLE, bare

LONGEST_LINK = 512  # panels store links in columns of this order

# With or without http(s)://. What a host may hold is checked apart: no "@", so no password and no e-mail.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^/?#:]+)(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^?#]*)?(?P<rest>[?#].*)?",
    re.IGNORECASE,
)
_NAME = re.compile(r"@(?=.*\w)[\w.\-]{1,100}")


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


def same_link(link: str) -> str:
    """Return a key that is equal for links which lead to the same place.

    Scheme, "www.", the case of the host, the scheme's own port and slashes at the end make no difference;
    path and query do. For comparing only, never for sending.
    """
    typed = bare(link)
    match = _ADDRESS.fullmatch(typed)
    if typed.startswith("@") or match is None:
        return typed.casefold()
    host = unicodedata.normalize("NFC", match["host"].casefold())
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    usual = {"http": "80", "https": "443"}.get((match["scheme"] or "").lower())
    port = "" if match["port"] in {None, usual} else f":{match['port']}"
    return host + port + (match["path"] or "").rstrip("/") + (match["rest"] or "")


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
