"""The answer to ``services``: a list of offers, however it is wrapped."""

from collections.abc import Iterable
from decimal import Decimal

from bot.domain.catalog import Offer
from bot.panel.answers import ServiceList
from bot.panel.errors import PanelEmptyDataError, PanelRefusedError, PanelUnreadableError
from bot.panel.faults import error_words
from bot.panel.refusals import classify
from bot.panel.values import decimal, flag, integer, label, normal, text_id

_WRAPPERS = ("services", "data")
_WRAPPED_AT_MOST = 2  # {"data": {"services": [...]}}
_NAME_LIMIT = 300
_CATEGORY_LIMIT = 200
_DESCRIPTION_LIMIT = 3000  # a Telegram message holds 4096 characters


class _UnusableError(Exception):
    """Why one entry cannot be sold."""


def service_list(answer: object) -> ServiceList:
    """Read a ``services`` answer.

    Only a list, an empty one too, is a catalogue: an answer that is anything else, or a list of which not one
    entry can be used, raises PanelUnreadableError, an error of the panel's PanelRefusedError.
    """
    entries = _entries(answer, _WRAPPED_AT_MOST)
    if entries is None:
        _raise_for(answer)
        raise PanelUnreadableError("the answer is no list of services")
    offers: dict[str, Offer] = {}
    skipped: list[str] = []
    for key, entry in entries:
        try:
            offer = _offer(key, entry)
            if offer.panel_service in offers:
                raise _UnusableError(f"service {offer.panel_service}: listed twice")  # noqa: TRY301 - one place adds to skipped
        except _UnusableError as unusable:
            skipped.append(str(unusable))
        else:
            offers[offer.panel_service] = offer
    if skipped and not offers:
        raise PanelUnreadableError(f"no entry of the list of services can be used; the first: {skipped[0]}")
    return ServiceList(tuple(offers.values()), tuple(skipped))


def _entries(answer: object, depth: int) -> list[tuple[str | None, object]] | None:
    """Return the entries with the keys they stood under; None where the answer is no list of services."""
    if isinstance(answer, list):
        return [(None, entry) for entry in answer]
    if not isinstance(answer, dict) or error_words(answer) is not None:
        return None
    for wrapper in _WRAPPERS:
        if wrapper in answer:
            return _entries(answer[wrapper], depth - 1) if depth else None
    if all(isinstance(entry, dict) and text_id(key) for key, entry in answer.items()):
        return list(answer.items())
    return None


def _raise_for(answer: object) -> None:
    words = error_words(answer)
    if words is not None:
        raise PanelRefusedError(classify(words), words)
    if isinstance(answer, dict) and normal(label(answer.get("data"))) == "empty data":
        raise PanelEmptyDataError('the answer says "Empty Data" instead of a list of services')


def _offer(key: str | None, entry: object) -> Offer:
    if not isinstance(entry, dict):
        raise _UnusableError(f"an entry is no service: {label(entry, 60)}")
    service = text_id(entry.get("service", key))
    if service is None:
        raise _UnusableError(f"a service without a usable id: {label(entry.get('name'), 60)}")
    minimum, maximum = _limits(service, entry)
    return Offer(
        panel_service=service,
        name=label(entry.get("name"), _NAME_LIMIT) or service,
        type_word=label(entry.get("type")) or "Default",
        category=label(entry.get("category"), _CATEGORY_LIMIT),
        rate=_rate(service, entry),
        minimum=minimum,
        maximum=maximum,
        refill=flag(entry.get("refill")),
        cancel=flag(entry.get("cancel")),
        dripfeed=flag(_first(entry, ("dripfeed", "drip_feed"))),
        description=label(_first(entry, ("description", "desc")), _DESCRIPTION_LIMIT, keep_lines=True),
    )


def _rate(service: str, entry: dict[str, object]) -> Decimal:
    rate = decimal(entry.get("rate"))
    if rate is None or rate < 0:
        raise _UnusableError(f"service {service}: rate {_shown(entry.get('rate'))}")
    return rate


def _limits(service: str, entry: dict[str, object]) -> tuple[int, int]:
    minimum, maximum = integer(entry.get("min")), integer(entry.get("max"))
    if minimum is None or maximum is None or not 0 <= minimum <= maximum:
        shown = f"min {_shown(entry.get('min'))}, max {_shown(entry.get('max'))}"
        raise _UnusableError(f"service {service}: {shown}")
    return minimum, maximum


def _shown(value: object) -> str:
    return "missing" if value is None else label(str(value)[:60], 40)


def _first(entry: dict[str, object], keys: Iterable[str]) -> object:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)
