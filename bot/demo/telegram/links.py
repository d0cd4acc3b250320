"""Which links Telegram accepts in buttons and texts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.demo.telegram.errors import bad_request

SCHEMES = ("http", "https", "tg", "ton", "tonsite")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://?")
_HOST = re.compile(r"[^\s.@:/?#\[\]]+(\.[^\s.@:/?#\[\]]+)+\.?")


def link_fault(link: str) -> str | None:
    """What is wrong with a link in Telegram's words; None for a good one. No scheme means http."""
    found = _SCHEME.match(link)
    scheme = found[1].lower() if found else "http"
    if scheme not in SCHEMES:
        return "Unsupported URL protocol"
    if scheme in ("tg", "ton"):
        return None if link.partition("://")[2] or link.startswith(f"{scheme}:") else "Wrong HTTP URL"
    try:
        parts = urlsplit(link if found else f"http://{link}")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "Wrong HTTP URL"
    if not host:
        return "URL host is empty"
    # A name without a dot, localhost for one, is not an address Telegram's users could open.
    return None if _HOST.fullmatch(host) else "Wrong HTTP URL"


def check_button_link(link: str) -> str:
    """The link of a URL button, or ApiError 400."""
    if fault := link_fault(link):
        raise bad_request(f"inline keyboard button URL '{link}' is invalid: {fault}")
    return link


def normalized_link(link: str) -> str | None:
    """A link of a text as Telegram sends it back: with its scheme and a path; None if it is none."""
    link = link.strip()
    if link_fault(link):
        return None
    if not _SCHEME.match(link):
        link = f"http://{link}"
    parts = urlsplit(link)
    if parts.scheme in ("http", "https") and not parts.path:
        return parts._replace(path="/").geturl()
    return link
