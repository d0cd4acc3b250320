"""The log: one line an event on stderr, with no secret in it and nothing that only looks like a line.

``setup`` puts the one handler on the root logger, so that what libraries log, at DEBUG too, and what
tracebacks quote, goes through the same hands. A line reads ``2026-01-31 12:00:00Z INFO bot.app: text
name=value``; what is passed as ``extra`` becomes the names and values.
"""

import logging
import re
import sys
import threading
import time
from collections.abc import Iterable
from typing import TextIO
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
SHORTEST_SECRET = 4  # anything shorter would be cut out of ordinary words

# A bot token anywhere; what a URL or a form calls a key, token or password; the password in a URL.
SECRET_SHAPES = re.compile(
    r"(?P<token>\d{5,20}(?::|%3A)[\w-]{20,})"
    r"|(?P<named>(?<![a-z])(?:api[_-]?)?(?:key|token|secret|password)['\"]?(?:=|:\s*)['\"]?)(?P<value>[^&\s'\",)}]+)"
    r"|(?P<user>://[^/\s:@]*:)(?P<password>[^/\s@]+)(?=@)",
    re.IGNORECASE,
)

# Libraries that tell of every request at INFO: wanted when looking for a fault, noise otherwise.
TALKATIVE = ("httpx", "httpcore", "aiogram.event", "aiohttp.access", "alembic")

# Tells every statement with what people wrote in it, and each fetch, at DEBUG: hundreds of lines a second.
SILENT = "aiosqlite"

STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class SafeFormatter(logging.Formatter):
    """Writes a record as one line and, indented below it, its traceback; ``secrets`` never get through."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        known = {
            form
            for secret in secrets
            if len(secret) >= SHORTEST_SECRET
            for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
        }
        # The longest first, lest one that begins like another leave its tail.
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it."""
        fields = {name: value for name, value in vars(record).items() if name not in STANDARD_FIELDS}
        text = " ".join([_message(record), *(f"{name}={value!s}" for name, value in fields.items())])
        when = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(record.created))
        head = f"{when} {record.levelname} {record.name}: "
        lines = [head + _one_line(self.redacted(text))]
        if record.exc_info and record.exc_info[1]:
            lines += _indented(self.redacted(self.formatException(record.exc_info)))
        if record.stack_info:
            lines += _indented(self.redacted(record.stack_info))
        return "\n".join(lines)

    def redacted(self, text: str) -> str:
        """Return ``text`` without the secrets this formatter knows, and without what has a secret's shape."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return SECRET_SHAPES.sub(_hide, text)


def setup(level: str | int = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Log from ``level`` up to ``stream`` (stderr), hiding ``secrets``; may be called again with others.

    Exceptions that nobody caught and warnings are logged as well, for Python would print them as they are.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(SafeFormatter(secrets))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each.formatter, SafeFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING if root.level > logging.DEBUG else logging.NOTSET)
    logging.getLogger(SILENT).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # else a line that cannot be logged is printed as it is, secrets and all
    sys.excepthook = lambda kind, error, trace: _uncaught(kind, error)  # noqa: ARG005  (the hook's signature)
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value)


def _uncaught(kind: type[BaseException], error: BaseException | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("Stopped by an error that nobody expected", exc_info=error)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg!s} (its arguments do not fit)"


def _hide(found: re.Match[str]) -> str:
    return (found["named"] or found["user"] or "") + HIDDEN


def _one_line(text: str) -> str:
    """Return ``text`` with line ends, escapes, direction marks and the like spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _indented(text: str) -> list[str]:
    return ["    " + _one_line(line) for line in text.split("\n")]
