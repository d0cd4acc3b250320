"""Links that open the bot at a service or a category, for posts, adverts and other chats."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlsplit

# What opens the search.
SEARCH = "search"
_PAYLOAD = re.compile(r"([sc])([1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to, by its number in the shop."""

    kind: Literal["service", "category"]
    id: int


def to_service(bot: str, number: int) -> str:
    """The link to a service; ``bot`` is the bot's username."""
    return _link(bot, f"s{number}")


def to_category(bot: str, number: int) -> str:
    """The link to a category."""
    return _link(bot, f"c{number}")


def _link(bot: str, payload: str) -> str:
    return f"https://t.me/{bot}?start={payload}"


def target_of(payload: str) -> Target | None:
    """What follows /start, as a target; None for anything else. Whether it is there has to be looked up."""
    match = _PAYLOAD.fullmatch(payload)
    return None if match is None else Target("service" if match[1] == "s" else "category", int(match[2]))


def payload_of(url: str) -> str:
    """What such a link sends after /start; empty for any other link."""
    return next(iter(parse_qs(urlsplit(url).query).get("start", [])), "")
