"""From the text of a setting to its value; ``ValueError`` where the text is no such thing.

What is not text is passed on as it is, for settings that are built in code rather than read.
"""

import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

SQLITE = "sqlite+aiosqlite:///"
POSTGRES = "postgresql+asyncpg://"


def _text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Let ``read`` see text only."""
    return lambda value: read(value) if isinstance(value, str) else value


def _matching(pattern: str, value: str) -> str:
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError("not of the form that is wanted")
    return value


@_text
def whole(value: str) -> int:
    """Digits and nothing else."""
    return int(_matching(r"[0-9]{1,12}", value))


@_text
def decimal(value: str) -> Decimal:
    """Digits, perhaps with a point and more digits."""
    return Decimal(_matching(r"[0-9]{1,12}(\.[0-9]{1,12})?", value))


@_text
def token(value: str) -> str:
    """The bot's number, a colon and a key."""
    return _matching(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,}", value)


@_text
def ids(value: str) -> frozenset[int]:
    """Telegram ids, which fit 52 bits, separated by commas."""
    parts = re.split(r"[,\s]+", value.strip(", "))
    numbers = frozenset(int(_matching(r"[0-9]{1,16}", part)) for part in parts)
    if not all(0 < number < 2**52 for number in numbers):
        raise ValueError("not ids")
    return numbers


@_text
def channel(value: str) -> int | str:
    """``@name``, or the number that Telegram gives channels."""
    if value.startswith("@"):
        return _matching(r"@[A-Za-z][A-Za-z0-9_]{3,31}", value)
    return int(_matching(r"-100[0-9]{1,13}", value))


@_text
def currency(value: str) -> str:
    """An ISO 4217 code that Babel knows how to write."""
    if value.upper() not in list_currencies():
        raise ValueError("not a currency")
    return value.upper()


@_text
def locale(value: str) -> str:
    """A language that Babel knows, perhaps with a country: ``pt`` or ``pt_BR``."""
    try:
        return str(Locale.parse(value.replace("-", "_")))
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError("not a language") from error


@_text
def timezone(value: str) -> ZoneInfo:
    """A name of the IANA database."""
    try:
        return ZoneInfo(value)
    except (LookupError, OSError, ValueError) as error:
        raise ValueError("not a time zone") from error


@_text
def contact(value: str) -> str:
    """``@name``, a link or an e-mail address."""
    if value.startswith("@"):
        return _matching(r"@[A-Za-z][A-Za-z0-9_]{3,31}", value)
    if value.startswith("https://"):
        return _matching(r"https://[^\s/]+\.[^\s]+", value)
    return _matching(r"[^\s@<>:/]+@[^\s@<>:/]+\.[^\s@<>:/]+", value)


@_text
def crypto_token(value: str) -> str:
    """The app's number, a colon and a key, as @CryptoBot writes it."""
    return _matching(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,}", value)


# What leaves room for the rest of a message of 4096 characters.
LONGEST_TEXT = 2000


@_text
def own_text(value: str) -> str:
    """Words of the owner's; ``\\n`` begins a new line, as nothing else can in some tools."""
    if not 0 < len(value) <= LONGEST_TEXT:
        raise ValueError("too long a text")
    return value.replace("\\n", "\n")


@_text
def language(value: str) -> str:
    """A locale, or nothing where the text is for everybody else."""
    return str(locale(value)) if value else ""


@_text
def service_url(value: str) -> str:
    """https, or http where it cannot leave the machine; the path is kept, without a closing slash."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    if any(c.isspace() or not c.isprintable() for c in value) or not host or parts.port == 0:
        raise ValueError("not an address")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("holds more than an address")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise ValueError("not encrypted")
    return value.rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@_text
def database_url(value: str) -> str:
    """Name the driver the shop uses, whatever of the common spellings was given.

    ``sslmode``, as hosts of PostgreSQL write it, is called ``ssl`` by asyncpg. SQLite in memory is refused:
    it would forget orders that were paid for.
    """
    scheme, _, rest = value.partition("://")
    if scheme in {"sqlite", "sqlite+aiosqlite"} and rest.startswith("/") and rest.strip("/"):
        path = rest[1:]
        if ":memory:" in path or path.endswith("/"):
            raise ValueError("not a file")
        return SQLITE + path
    if scheme in {"postgres", "postgresql", "postgresql+asyncpg"}:
        parts = urlsplit(f"postgresql://{rest}")
        if parts.port != 0 and len(parts.path) > 1:
            return POSTGRES + re.sub(r"([?&])sslmode=", r"\1ssl=", rest)
    raise ValueError("not a database the shop knows")


def database_password(url: str) -> str | None:
    """Return the password in a database's URL, if there is one."""
    password = urlsplit(url).password
    return unquote(password) if password else None
