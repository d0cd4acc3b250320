"""Every action of API v2, from form fields to the object that is sent back as JSON."""

from collections.abc import Callable, Mapping
from typing import Literal

from bot.demo.panel.book import Book
from bot.demo.panel.dialect import Json
from bot.demo.panel.orders import DemoOrder
from bot.demo.panel.rules import PanelRefusalError

MOST_IDS = 100  # ids a batch may name, as both panels' documents say

Fields = dict[str, str]


def perform(book: Book, action: str, fields: Fields) -> object:
    """Do what is asked and say what the panel answers. Raises PanelRefusalError."""
    handler = _HANDLERS.get(action)
    if handler is None:
        raise PanelRefusalError("Incorrect request")
    return handler(book, fields)


def _services(book: Book, _fields: Fields) -> object:
    return book.dialect.services(book.offers.values())


def _add(book: Book, fields: Fields) -> object:
    return {"order": book.dialect.id(book.take(fields).id)}


def _balance(book: Book, _fields: Fields) -> object:
    book.refresh_all()
    return {"balance": book.dialect.number(book.balance), "currency": book.currency}


def _status(book: Book, fields: Fields) -> object:
    if "orders" not in fields:
        return _one_status(book, _order(book, fields.get("order", "")))
    answers: dict[str, Json] = {}
    for name in _ids(book, fields["orders"]):
        if name in book.silent:
            continue
        order = _order(book, name) if book.dialect.strict_batches else book.find(name)
        answers[name] = {"error": "Incorrect order ID"} if order is None else _one_status(book, order)
    return book.dialect.many_statuses(answers)


def _one_status(book: Book, order: DemoOrder) -> Json:
    dialect = book.dialect
    said: Json = {"status": dialect.words.get(order.status, order.status), "currency": book.currency}
    if order.posts:
        said["expiry"] = order.fields.get("expiry", "")
        said["posts"] = dialect.number(order.posts_done)
    elif order.is_drip:
        said["runs"] = dialect.number(order.runs_done)
    else:
        said["charge"] = dialect.number(order.charge)
        said["start_count"] = dialect.number(order.start_count)
        said["remains"] = dialect.number(order.goal if order.remains is None else order.remains)
    if order.posts or order.is_drip:
        said["orders"] = [dialect.id(child) for child in order.children]
    said.update(order.answer)
    return {key: value for key, value in said.items() if key not in order.omit}


def _refill(book: Book, fields: Fields) -> object:
    if "orders" not in fields:
        refill = book.ask_refill(_order(book, fields.get("order", "")))
        return {"refill": refill.id}

    def ask(name: str) -> object:
        return book.dialect.id(book.ask_refill(_order(book, name)).id)

    return [{"order": book.dialect.id(name), "refill": _or_error(ask, name)} for name in _ids(book, fields["orders"])]


def _refill_status(book: Book, fields: Fields) -> object:
    def look(name: str) -> object:
        refill = book.refills.get(name)
        if refill is None:
            raise PanelRefusalError("Refill not found")
        return book.refill_status(refill)

    if "refills" not in fields:
        return {"status": look(fields.get("refill", ""))}
    return [
        {"refill": book.dialect.id(name), "status": _or_error(look, name)} for name in _ids(book, fields["refills"])
    ]


def _cancel(book: Book, fields: Fields) -> object:
    def ask(name: str) -> object:
        book.ask_cancel(_order(book, name))
        return 1  # asked, not done: only a later status says that the order is canceled

    names = _ids(book, fields.get("orders", fields.get("order", "")))
    answers = [(name, _or_error(ask, name)) for name in names]
    if book.dialect.cancel_shape == "by_id":
        return {name: {"cancel": answer} for name, answer in answers}
    return [{"order": book.dialect.id(name), "cancel": answer} for name, answer in answers]


def _order(book: Book, name: str) -> DemoOrder:
    order = None if name in book.silent else book.find(name)
    if order is None:
        raise PanelRefusalError("Incorrect order ID")
    return order


def _ids(book: Book, text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MOST_IDS and book.dialect.over_100 == "refuse":
        raise PanelRefusalError(f"Maximum {MOST_IDS} IDs")
    return names[:MOST_IDS]


def _or_error(ask: Callable[[str], object], name: str) -> object:
    try:
        return ask(name)
    except PanelRefusalError as refusal:
        return {"error": refusal.words}


Action = Literal["services", "add", "status", "refill", "refill_status", "cancel", "balance"]

_HANDLERS: Mapping[str, Callable[[Book, Fields], object]] = {
    "services": _services,
    "add": _add,
    "status": _status,
    "refill": _refill,
    "refill_status": _refill_status,
    "cancel": _cancel,
    "balance": _balance,
}
