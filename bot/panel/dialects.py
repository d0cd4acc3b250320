"""The answers to status, refill, refill_status, cancel and balance, in every form panels give them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.outcomes import PanelStatus, Rejected, StatusReport
from bot.panel.answers import Balance, CancelAsked, RefillReport
from bot.panel.errors import PanelRefusedError, PanelUnreadableError
from bot.panel.faults import error_words, has_error, message_of, words_of
from bot.panel.refusals import classify
from bot.panel.values import clean, decimal, flag, integer, label, normal, text_id

T = TypeVar("T")

_WORDS = {
    PanelStatus.PENDING: "pending awaiting queued new waiting",
    PanelStatus.IN_PROGRESS: "in-progress inprogress processing active running",
    PanelStatus.COMPLETED: "completed complete success done finished",
    PanelStatus.PARTIAL: "partial partially-completed",
    PanelStatus.CANCELED: "canceled cancelled cancel refunded refund",
    PanelStatus.FAILED: "fail failed error rejected",
    PanelStatus.PAUSED: "paused",
    PanelStatus.EXPIRED: "expired",
}
_STATUSES = {normal(word): status for status, words in _WORDS.items() for word in words.split()}

# What only an order has: where one of these stands, {"status": "error", "message": …} is the order's state.
_FACTS = ("charge", "start_count", "remains", "runs", "posts", "expiry")
_ENVELOPES = frozenset({"success", "ok", "true"})
_WRAPPERS = ("orders", "refills", "data")


def parse_status(word: str) -> PanelStatus | None:
    """Return what a panel's status word means; None for a word nobody knows."""
    return _STATUSES.get(normal(word))


def status_reports(answer: object, asked: Sequence[str]) -> dict[str, StatusReport | Rejected]:
    """Read a ``status`` answer; ids it says nothing about are missing."""
    return _by_id(answer, asked, "order", _status_entry)


def refill_ids(answer: object, asked: Sequence[str]) -> dict[str, str | Rejected]:
    """Read a ``refill`` answer: the refills' own ids by the orders' ids."""
    return _by_id(answer, asked, "order", _refill_entry)


def refill_reports(answer: object, asked: Sequence[str]) -> dict[str, RefillReport | Rejected]:
    """Read a ``refill_status`` answer by the refills' ids."""
    return _by_id(answer, asked, "refill", _refill_status_entry)


def cancels(answer: object, asked: Sequence[str]) -> dict[str, CancelAsked | Rejected]:
    """Read a ``cancel`` answer by the orders' ids."""
    return _by_id(answer, asked, "order", _cancel_entry)


def balance_of(answer: object) -> Balance:
    """Read a ``balance`` answer."""
    words = error_words(answer)
    if words is not None:
        raise PanelRefusedError(classify(words), words)
    holder = answer if isinstance(answer, dict) else {}
    inner = holder.get("data")
    if "balance" not in holder and isinstance(inner, dict):
        holder = inner
    amount = decimal(holder.get("balance"))
    if amount is None:
        raise PanelUnreadableError("the answer holds no balance")
    return Balance(amount, _currency(holder.get("currency")))


def _by_id(
    answer: object, asked: Sequence[str], id_field: str, read: Callable[[object], T | Rejected | None]
) -> dict[str, T | Rejected]:
    """Find each asked id's entry and read it; an error about the whole question raises PanelRefusedError."""
    if not isinstance(answer, dict | list):
        raise PanelUnreadableError("the answer is neither an object nor a list")
    found = _located(answer, frozenset(asked), id_field)
    if not found:
        words = error_words(answer)
        if words is not None and (len(asked) > 1 or classify(words).about_shop):
            raise PanelRefusedError(classify(words), words)
        found = {asked[0]: _only(answer, asked[0], id_field)} if len(asked) == 1 else {}
    results = {key: read(entry) for key, entry in found.items()}
    return {key: result for key, result in results.items() if result is not None}


def _located(answer: object, asked: frozenset[str], id_field: str) -> dict[str, object]:
    if isinstance(answer, list):
        entries = [(text_id(entry.get(id_field)), entry) for entry in answer if isinstance(entry, dict)]
        return {key: entry for key, entry in entries if key in asked}
    if not isinstance(answer, dict):
        return {}
    for wrapper in () if _is_entry(answer) else _WRAPPERS:
        entries_inside = _located(answer.get(wrapper), asked, id_field)
        if entries_inside:
            return entries_inside
    return {key.strip(): entry for key, entry in answer.items() if key.strip() in asked}


def _is_entry(answer: dict[str, object]) -> bool:
    """Whether an object is one order's state, whose ``orders`` are its children, and not a wrapping."""
    word = answer.get("status")
    return isinstance(word, str) and (normal(word) not in _ENVELOPES or any(fact in answer for fact in _FACTS))


def _only(answer: dict[str, object] | list[object], asked: str, id_field: str) -> object:
    """The entry in an answer about one id that does not name it; one that names another id is another's."""
    entry: object = answer
    if isinstance(answer, list):
        entry = answer[0] if len(answer) == 1 else None
    elif isinstance(answer.get("data"), dict) and not any(fact in answer for fact in _FACTS):
        inner = answer["data"]
        entry = inner if isinstance(inner, dict) and "status" in inner else answer
    if isinstance(entry, dict) and text_id(entry.get(id_field)) not in {None, asked}:
        return None
    return entry


def _status_entry(entry: object) -> StatusReport | Rejected | None:
    if not isinstance(entry, dict):
        return _plain(entry)
    word = entry.get("status")
    if isinstance(word, dict):
        return Rejected(error_words(word) or words_of(word))
    if isinstance(word, str) and word.strip() and not _is_error(entry, word):
        return _report(entry, clean(word))
    words = error_words(entry)
    return None if words is None else Rejected(words)


def _is_error(entry: dict[str, object], word: str) -> bool:
    """Whether an entry with a status word is an error, or an envelope, rather than an order's state."""
    if any(fact in entry for fact in _FACTS):
        return False
    if has_error(entry) or flag(entry.get("success")) is False:
        return True
    # {"status": "success", "data": "Empty Data"} must not complete an order.
    enveloped = message_of(entry) != "" or "data" in entry
    return enveloped and normal(word) in {"error", "fail", "failed", "success"}


def _report(entry: dict[str, object], word: str) -> StatusReport:
    return StatusReport(
        word=word,
        status=parse_status(word),
        charge=decimal(entry.get("charge")),
        start_count=integer(entry.get("start_count")),
        remains=integer(entry.get("remains")),
        currency=_currency(entry.get("currency")),
        runs=integer(entry.get("runs")),
        posts=integer(entry.get("posts")),
        orders=_children(entry.get("orders")),
    )


def _children(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return ()
    ids = (text_id(child.get("order") if isinstance(child, dict) else child) for child in value)
    return tuple(child for child in ids if child is not None)


def _refill_entry(entry: object) -> str | Rejected | None:
    value = entry.get("refill") if isinstance(entry, dict) else entry
    if isinstance(value, dict):
        return Rejected(error_words(value) or words_of(value))
    refill = text_id(value)
    if refill is not None and any(char.isdigit() for char in refill):
        return refill
    return _plain(value) or _error_in(entry)


def _refill_status_entry(entry: object) -> RefillReport | Rejected | None:
    value = entry.get("status") if isinstance(entry, dict) else entry
    if isinstance(value, dict):
        return Rejected(error_words(value) or words_of(value))
    if isinstance(entry, dict) and isinstance(value, str) and value.strip() and not _is_error(entry, value):
        return RefillReport(clean(value), parse_status(value))
    return _error_in(entry) if isinstance(entry, dict) else _plain(entry)


def _cancel_entry(entry: object) -> CancelAsked | Rejected | None:
    value = entry.get("cancel") if isinstance(entry, dict) else entry
    if isinstance(value, dict):
        return Rejected(error_words(value) or words_of(value))
    # Some answer with the id of the wish instead of 1.
    if flag(value) or label(text_id(value)).isdecimal():
        return CancelAsked()
    if flag(value) is False:
        return _error_in(entry) or Rejected(str(value))
    return _plain(value) or _error_in(entry)


def _error_in(entry: object) -> Rejected | None:
    words = error_words(entry)
    return None if words is None else Rejected(words)


def _plain(value: object) -> Rejected | None:
    """A plain text in place of an entry is what is wrong with the id."""
    return Rejected(clean(value)) if isinstance(value, str) and value.strip() else None


def _currency(value: object) -> str | None:
    return label(value, 10).upper() or None
