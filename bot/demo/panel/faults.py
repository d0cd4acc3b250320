"""The ways in which a panel fails, and whether it took the order before it did."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from bot.demo.panel.wire import HTML_TYPE, Answer

HTML_PAGE = "<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
PHP_NOTICE = "<br />\n<b>Notice</b>:  Undefined index: runs in <b>/var/www/api.php</b> on line <b>112</b><br />\n"
BYTE_ORDER_MARK = "\ufeff"


class How(StrEnum):
    """What happens on the connection."""

    RESET_ON_ACCEPT = "reset_on_accept"
    SILENT_ON_ACCEPT = "silent_on_accept"
    RESET = "reset"
    CLOSE = "close"
    SILENT = "silent"
    ANSWER = "answer"
    ALTER = "alter"
    CUT = "cut"
    DRIP = "drip"
    FLOOD = "flood"
    SLOW = "slow"


ON_ACCEPT = frozenset({How.RESET_ON_ACCEPT, How.SILENT_ON_ACCEPT})


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. ``taken`` says whether the panel does what it is asked before it fails.

    Use the constructors below. ``answer`` replaces the panel's own, ``prefix`` stands before it, ``merge`` is
    laid over its JSON object; ``seconds`` is how long a slow answer takes, or the gap between dripped bytes.
    """

    how: How
    taken: bool
    answer: Answer | None = None
    prefix: str = ""
    merge: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0
    late: bool = False
    in_head: bool = False

    @classmethod
    def reset_on_accept(cls) -> Self:
        """The next new connection is reset before anything is read, whatever it was for."""
        return cls(How.RESET_ON_ACCEPT, taken=False)

    @classmethod
    def silent_on_accept(cls) -> Self:
        """The next new connection is never read from, whatever it was for."""
        return cls(How.SILENT_ON_ACCEPT, taken=False)

    @classmethod
    def reset(cls, *, taken: bool) -> Self:
        """A TCP reset after the request was read, before any answer."""
        return cls(How.RESET, taken)

    @classmethod
    def close(cls, *, taken: bool) -> Self:
        """An orderly close after the request was read, with no answer."""
        return cls(How.CLOSE, taken)

    @classmethod
    def silent(cls, *, taken: bool) -> Self:
        """No answer for as long as the client waits."""
        return cls(How.SILENT, taken)

    @classmethod
    def drip(cls, *, taken: bool, seconds: float = 0.02, in_head: bool = False) -> Self:
        """One byte every ``seconds`` without an end: of the body, or of endless headers where ``in_head``."""
        return cls(How.DRIP, taken, seconds=seconds, in_head=in_head)

    @classmethod
    def flood(cls, *, taken: bool) -> Self:
        """A body that never ends, as fast as the client reads."""
        return cls(How.FLOOD, taken)

    @classmethod
    def cut(cls, *, taken: bool) -> Self:
        """Half of the body, then an orderly close, against the length that was announced."""
        return cls(How.CUT, taken)

    @classmethod
    def slow(cls, seconds: float, *, taken: bool = True, late: bool = False) -> Self:
        """The right answer after ``seconds``, or sooner by ``release()``.

        The order is taken at once; after the wait where ``late``, even if the client has gone; never where
        ``taken`` is False, and then the connection closes without an answer.
        """
        return cls(How.SLOW, taken, seconds=seconds, late=late)

    @classmethod
    def html(cls, *, taken: bool, status: int = 200) -> Self:
        """A page in HTML, as proxies and login walls send."""
        page = HTML_PAGE.format(title="Just a moment...")
        return cls(How.ANSWER, taken, Answer(status, page.encode(), HTML_TYPE))

    @classmethod
    def redirect(cls, location: str, *, taken: bool, status: int = 302) -> Self:
        """A 3xx with Location."""
        page = HTML_PAGE.format(title="Moved")
        return cls(How.ANSWER, taken, Answer(status, page.encode(), HTML_TYPE, {"Location": location}))

    @classmethod
    def http_error(cls, status: int, *, taken: bool, words: str | None = None) -> Self:
        """A 4xx or 5xx: with ``{"error": words}``, or with a page in HTML where there are no words."""
        if words is None:
            return cls.html(taken=taken, status=status)
        return cls(How.ANSWER, taken, Answer.of_json({"error": words}, status))

    @classmethod
    def throttled(cls, retry_after: float | str | None = None, *, words: str | None = "Too many requests") -> Self:
        """A 429, with Retry-After (seconds or an HTTP date) where given; nothing is taken."""
        answer = Answer(429, b"slow down", "text/plain")
        if words is not None:
            answer = Answer.of_json({"error": words}, 429)
        if retry_after is not None:
            answer.headers["Retry-After"] = str(retry_after)
        return cls(How.ANSWER, taken=False, answer=answer)

    @classmethod
    def empty(cls, *, taken: bool, status: int = 200) -> Self:
        """An answer without a body."""
        return cls(How.ANSWER, taken, Answer(status))

    @classmethod
    def refused(cls, words: str, *, status: int = 200, shape: str = "error") -> Self:
        """The panel says no in these words; ``shape`` is "error", or the key beside ``"status": "error"``."""
        said: dict[str, object] = {"error": words} if shape == "error" else {"status": "error", shape: words}
        return cls(How.ANSWER, taken=False, answer=Answer.of_json(said, status))

    @classmethod
    def says(cls, body: str, *, taken: bool, status: int = 200, content_type: str = "application/json") -> Self:
        """Whatever body and status one likes."""
        return cls(How.ANSWER, taken, Answer(status, body.encode(), content_type))

    @classmethod
    def noise(cls, prefix: str = PHP_NOTICE) -> Self:
        """The right answer with a PHP notice, a byte order mark or other noise before it."""
        return cls(How.ALTER, taken=True, prefix=prefix)

    @classmethod
    def byte_order_mark(cls) -> Self:
        """The right answer behind a byte order mark."""
        return cls.noise(BYTE_ORDER_MARK)

    @classmethod
    def id_zero(cls, *, taken: bool) -> Self:
        """``{"order": 0}``."""
        return cls(How.ALTER, taken, merge={"order": 0})

    @classmethod
    def id_null(cls, *, taken: bool) -> Self:
        """``{"order": null}``."""
        return cls(How.ALTER, taken, merge={"order": None})

    @classmethod
    def id_with_error(cls, words: str = "Not enough funds on balance", *, taken: bool) -> Self:
        """An order id and an error in one answer."""
        return cls(How.ALTER, taken, merge={"error": words})

    def altered(self, own: Answer) -> Answer:
        """The panel's own answer with the fault's prefix before it and its keys laid over it."""
        body = own.body
        if self.merge:
            said = json.loads(body)
            body = json.dumps({**(said if isinstance(said, dict) else {}), **self.merge}).encode()
        return Answer(own.status, self.prefix.encode() + body, own.content_type, own.headers)


_BY_NAME: dict[str, Callable[..., Fault]] = {
    constructor.__name__: constructor
    for constructor in (
        Fault.reset_on_accept,
        Fault.silent_on_accept,
        Fault.reset,
        Fault.close,
        Fault.silent,
        Fault.drip,
        Fault.flood,
        Fault.cut,
        Fault.slow,
        Fault.html,
        Fault.redirect,
        Fault.http_error,
        Fault.throttled,
        Fault.empty,
        Fault.refused,
        Fault.says,
        Fault.noise,
        Fault.byte_order_mark,
        Fault.id_zero,
        Fault.id_null,
        Fault.id_with_error,
    )
}
FAULT_NAMES = tuple(_BY_NAME)


def fault_named(name: str, arguments: Mapping[str, object]) -> Fault:
    """The fault of this constructor's name and arguments, for callers in another process.

    Raises ValueError where there is no such fault, TypeError or ValueError where the arguments do not fit it.
    """
    constructor = _BY_NAME.get(name)
    if constructor is None:
        raise ValueError(f"no fault is called {name!r}; there are {', '.join(FAULT_NAMES)}")
    if not isinstance(arguments.get("taken", False), bool):
        raise TypeError("taken is true or false")
    if not isinstance(arguments.get("seconds", 0), int | float):
        raise TypeError("seconds is a number")
    try:
        return constructor(**arguments)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
