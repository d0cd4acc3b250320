"""The methods of Crypto Pay that a shop needs, from parameters to results.

The documents list hardly any error. UNAUTHORIZED, METHOD_NOT_FOUND, METHOD_DISABLED and EXPIRES_IN_INVALID are known
from those who met them; the others here are made in their manner.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal

from bot.demo.cryptopay.invoices import COINS, Book, DemoInvoice, Json
from bot.demo.panel.wire import BadRequestError, Request

Params = dict[str, object]

FIATS = frozenset((
    "USD", "EUR", "RUB", "BYN", "UAH", "GBP", "CNY", "KZT", "UZS", "GEL",
    "TRY", "AMD", "THB", "INR", "BRL", "IDR", "AZN", "AED", "PLN", "ILS",
))  # fmt: skip
LONGEST_EXPIRY = 2_678_400  # seconds: 31 days
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.([0-9]{1,8}))?")


class CryptoPayError(Exception):
    """What is answered instead of a result."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(name)
        self.code = code
        self.name = name


def params_of(request: Request) -> Params:
    """The parameters, from the URL and from a body that is JSON or a form. Raises BadRequestError."""
    params: Params = dict(request.query)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        params |= request.form()
    elif kind == "application/json" and request.body:
        try:
            told = json.loads(request.body, parse_float=Decimal)
        except ValueError as error:
            raise BadRequestError("the body is not JSON") from error
        if not isinstance(told, dict):
            raise BadRequestError("the body is no JSON object")
        params |= told
    return params


def perform(book: Book, method: str, params: Params, origin: str) -> object:
    """Do what is asked and give the result. Raises CryptoPayError."""
    handler = _METHODS.get(method)
    if handler is None:
        raise CryptoPayError(405, "METHOD_NOT_FOUND")
    book.refresh()
    return handler(book, params, origin)


def _get_me(_book: Book, _params: Params, _origin: str) -> object:
    return {"app_id": 1, "name": "Demo shop", "payment_processing_bot_username": "DemoCryptoBot"}


def _create_invoice(book: Book, params: Params, origin: str) -> object:
    kind = _text(params, "currency_type", 8) or "crypto"
    if kind not in {"crypto", "fiat"}:
        raise CryptoPayError(400, "CURRENCY_TYPE_INVALID")
    where = "fiat" if kind == "fiat" else "asset"
    currency = _text(params, where, 8)
    if currency is None or currency not in (FIATS if kind == "fiat" else COINS):
        raise CryptoPayError(400, f"{where.upper()}_INVALID")
    return book.add(
        kind,
        currency,
        _amount(params.get("amount"), decimals=2 if kind == "fiat" else 8),
        expires_in=_number(params, "expires_in", 1, LONGEST_EXPIRY),
        description=_text(params, "description", 1024),
        payload=_text(params, "payload", 4096),
        allow_comments=_flag(params, "allow_comments"),
        allow_anonymous=_flag(params, "allow_anonymous"),
    ).told(origin)


def _get_invoices(book: Book, params: Params, origin: str) -> object:
    status = _text(params, "status", 16)
    if status not in {None, "active", "paid"}:
        raise CryptoPayError(400, "STATUS_INVALID")
    ids = _ids(params)
    offset = _number(params, "offset", 0, 10**9) or 0
    count = _number(params, "count", 1, 1000) or 100
    wanted: dict[str, object] = {
        "status": status,
        "fiat": _text(params, "fiat", 8),
        "asset": _text(params, "asset", 8),
    }

    def fits(told: Json) -> bool:
        return all(value is None or told.get(name) == value for name, value in wanted.items())

    newest_first = sorted(book.invoices.values(), key=lambda invoice: -invoice.id)
    told = [invoice.told(origin) for invoice in newest_first if ids is None or invoice.id in ids]
    return {"items": [each for each in told if fits(each)][offset : offset + count]}


def _delete_invoice(book: Book, params: Params, _origin: str) -> object:
    number = _number(params, "invoice_id", 1, 2**63 - 1)
    invoice: DemoInvoice | None = book.invoices.get(number or 0)
    if invoice is None or invoice.status == "paid":
        raise CryptoPayError(400, "INVOICE_NOT_FOUND")
    del book.invoices[invoice.id]
    return True


_METHODS: dict[str, Callable[[Book, Params, str], object]] = {
    "getMe": _get_me,
    "createInvoice": _create_invoice,
    "getInvoices": _get_invoices,
    "deleteInvoice": _delete_invoice,
}


def _invalid(name: str) -> CryptoPayError:
    return CryptoPayError(400, f"{name.upper()}_INVALID")


def _text(params: Params, name: str, longest: int) -> str | None:
    value = params.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value.encode(errors="replace")) > longest:
        raise _invalid(name)
    return value


def _number(params: Params, name: str, lowest: int, highest: int) -> int | None:
    value = params.get(name)
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise _invalid(name)
    return value


def _flag(params: Params, name: str) -> bool:
    value = params.get(name, True)
    if value not in (True, False, "true", "false"):
        raise _invalid(name)
    return value in (True, "true")


def _ids(params: Params) -> set[int] | None:
    text = _text(params, "invoice_ids", 65_536)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,19}(,[0-9]{1,19})*", text):
        raise _invalid("invoice_ids")
    return set(map(int, text.split(",")))


def _amount(value: object, *, decimals: int) -> Decimal:
    """Read an amount above zero, given as a text or as a number."""
    text = str(value) if isinstance(value, str | int | Decimal) else ""
    match = _AMOUNT.fullmatch(text)
    if match is None or len(match[1] or "") > decimals or not Decimal(text):
        raise _invalid("amount")
    return Decimal(text)
