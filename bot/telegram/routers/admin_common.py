"""What the admins' routers share."""

import re

from bot.domain.errors import ShopError

# Telegram's ids have at most 52 bits, orders' numbers 64: both fit into so many digits.
_ID = re.compile(r"[0-9]{1,16}")
_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{1,31})")
_NUMBER = re.compile(r"#?([0-9]{1,18})")


def person(text: str) -> int | str:
    """The id or the username that an admin wrote. Raises ``ShopError``."""
    if _ID.fullmatch(text):
        return int(text)
    name = _USERNAME.fullmatch(text)
    if name is None:
        raise ShopError("person.bad")
    return name[1]


def order_number(text: str) -> int | None:
    """The number of an order that somebody wrote; None for what is none."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else int(found[1])
