"""Errors inside answers: finding them and their words, in every shape panels wrap them in."""

from decimal import Decimal

from bot.panel.values import clean, flag, label, normal, text_id

_BAD_STATES = frozenset({"error", "fail", "failed", "failure"})
_MESSAGE_KEYS = (
    "message",
    "msg",
    "error_message",
    "error_description",
    "description",
    "reason",
    "detail",
    "text",
)
_DEPTH = 3  # {"errors": {"link": ["…"]}} is as deep as words were seen


def error_words(answer: object) -> str | None:
    """Return the words of an answer's error, cleaned and capped; None where the answer holds no error.

    An error is ``error`` or ``errors`` that says something, ``success`` false, or a ``status`` of
    error, fail, false or an HTTP code. Words can be missing: then the text is empty.
    """
    if not isinstance(answer, dict):
        return None
    given = [answer[key] for key in ("error", "errors") if _says_something(answer.get(key))]
    if not given and flag(answer.get("success")) is not False and not _bad_state(answer.get("status")):
        return None
    said = next(filter(None, map(words_of, given)), "") or message_of(answer)
    return said or next(filter(None, (label(code) for code in given)), "")


def message_of(answer: object) -> str:
    """Return what stands under ``message``, ``msg`` and the like, also inside ``data``; else empty text."""
    if not isinstance(answer, dict):
        return ""
    found = [words_of(answer.get(key)) for key in _MESSAGE_KEYS]
    inner = answer.get("data")
    found.append(message_of(inner) if isinstance(inner, dict) else words_of(inner))
    return next(filter(None, found), "")


def has_error(answer: dict[str, object]) -> bool:
    """Whether ``error`` or ``errors`` says something."""
    return _says_something(answer.get("error")) or _says_something(answer.get("errors"))


def words_of(value: object, depth: int = _DEPTH) -> str:
    """Return the text in a value that may wrap it: a message object, fields with their errors, a list."""
    if isinstance(value, str):
        return clean(value)
    if depth == 0 or not value:
        return ""
    if isinstance(value, dict):
        named = next(filter(None, (words_of(value.get(key), depth - 1) for key in _MESSAGE_KEYS)), "")
        return named or clean("; ".join(filter(None, (words_of(item, depth - 1) for item in value.values()))))
    if isinstance(value, list):
        return clean("; ".join(filter(None, (words_of(item, depth - 1) for item in value[:20]))))
    return ""


def _says_something(value: object) -> bool:
    if value is None or value in ([], {}) or flag(value) is False:
        return False
    return not (isinstance(value, str) and not value.strip())


def _bad_state(state: object) -> bool:
    if isinstance(state, bool):
        return not state
    if isinstance(state, str):
        return normal(state) in _BAD_STATES or normal(state) == "false"
    # {"status": 403, "message": "…"} repeats the HTTP code.
    return isinstance(state, int | Decimal) and 400 <= state < 600


def order_id(answer: dict[str, object]) -> tuple[bool, str | None]:
    """Return whether an ``add`` answer speaks of an order at all, and its id where it is one."""
    inner = answer.get("data")
    holder = inner if "order" not in answer and isinstance(inner, dict) else answer
    found = text_id(holder.get("order"))
    # A word without any digit is a message that landed in the wrong place.
    return "order" in holder, found if found and any(char.isdigit() for char in found) else None
