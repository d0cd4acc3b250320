"""The Crypto Pay stand-in: on a real socket it makes invoices, lets them be paid and fails when told to."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hmac import compare_digest

from bot.demo.cryptopay.invoices import Book, Clock, DemoInvoice
from bot.demo.cryptopay.methods import CryptoPayError, Params, params_of, perform
from bot.demo.cryptopay.page import back_to, page_of
from bot.demo.panel.delivery import Line, deliver
from bot.demo.panel.faults import Fault, How
from bot.demo.panel.serving import FaultyServer
from bot.demo.panel.wire import HTML_TYPE, Answer, Request
from bot.demo.telegram.signals import Signal

API = "/api"
PAGES = "/pay/"
MADE_UP_TOKEN = "1:DEMO-TOKEN-OF-A-MADE-UP-APP"  # noqa: S105  (it opens nothing)
TOKEN_HEADER = "crypto-pay-api-token"  # noqa: S105  (the header's name)


def utc_now() -> datetime:
    """The machine's clock, for when no other is passed in."""
    return datetime.now(UTC)


def refused(code: int, name: str) -> Fault:
    """Crypto Pay says no: an HTTP status and the error's name, such as 403 and METHOD_DISABLED."""
    return Fault.says(json.dumps(_error(code, name)), taken=False, status=code)


@dataclass(slots=True)
class Call:
    """One call that arrived: its method and parameters, whether its token was right, and how it was made to fail."""

    method: str
    params: Params
    known: bool
    fault: How | None = None


class DemoCryptoPay(FaultyServer):
    """A Crypto Pay with one app, whose token this is. ``clock`` answers aware datetimes in UTC.

    ``changed`` pulses when a call arrives, when it was acted on, and when an invoice is paid or told to expire.
    """

    def __init__(self, token: str = MADE_UP_TOKEN, *, clock: Clock = utc_now) -> None:
        super().__init__()
        self.token = token
        self.calls: list[Call] = []
        self.changed = Signal()
        self._book = Book(clock)

    # -- what a test or the demo looks at ------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The API's address, without a method; also while it is stopped. RuntimeError before the first start."""
        return self._origin + API

    @property
    def invoices(self) -> Mapping[int, DemoInvoice]:
        """Every invoice made and not deleted, by id; also those whose answer was lost."""
        self._book.refresh()
        return self._book.invoices

    def count(self, method: str) -> int:
        """How many calls of this method arrived."""
        return sum(call.method == method for call in self.calls)

    # -- what a test or the demo tells it ------------------------------------------------------------------

    def settle(self, invoice_id: int, amount: Decimal | str | None = None, fiat: str | None = None) -> DemoInvoice:
        """Pay an invoice, expired or not; it then tells this amount and this currency, where they are given.

        KeyError for an id it has not.
        """
        invoice = self._book.invoices[invoice_id]
        if amount is not None:
            invoice.amount = Decimal(amount)
        if fiat is not None:
            invoice.currency_type, invoice.currency = "fiat", fiat
        self._book.pay(invoice)
        self.changed.pulse()
        return invoice

    def expire(self, invoice_id: int) -> DemoInvoice:
        """Let an invoice expire now. KeyError for an id it has not."""
        invoice = self._book.invoices[invoice_id]
        invoice.status = "expired"
        self.changed.pulse()
        return invoice

    def fail(self, method: str, fault: Fault, times: int | None = 1) -> None:
        """Let the next ``times`` calls of ``method`` ("any" for all) fail; all until ``heal`` where None.

        Faults "on accept" are for the next connections, whatever they are for.
        """
        self._plan.add(method, fault, times, None)

    def heal(self) -> None:
        """Forget every fault that is planned; let the answers that wait go out."""
        self._plan.clear(None)
        self._line.release()

    # -- a connection --------------------------------------------------------------------------------------

    async def _reply(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line
    ) -> bool:
        """Answer one request; gives whether the connection may go on."""
        folder, _, method = request.path.rpartition("/")
        if folder != API:
            return await line.send(self._page(request), writer, keep_alive=request.keeps_alive)
        known = compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self.token.encode())
        fault = self._plan.next(method, {})
        call = Call(method, params_of(request), known, None if fault is None else fault.how)
        self.calls.append(call)
        self.changed.pulse()

        def act() -> Answer:
            answer = self._act(call)
            self.changed.pulse()
            return answer

        if fault is None:
            return await line.send(act(), writer, keep_alive=request.keeps_alive)
        await deliver(fault, act if fault.taken else _pretend, reader, writer, line)
        return False

    def _tell(self) -> None:
        self.changed.pulse()

    def _act(self, call: Call) -> Answer:
        """Do what a call asks and say so."""
        if not call.known:
            return Answer.of_json(_error(401, "UNAUTHORIZED"), 401)
        try:
            result = perform(self._book, call.method, call.params, self._origin)
        except CryptoPayError as error:
            return Answer.of_json(_error(error.code, error.name), error.code)
        return Answer.of_json({"ok": True, "result": result})

    def _page(self, request: Request) -> Answer:
        """The page of an invoice; pay it where its button was pressed."""
        if not request.path.startswith(PAGES) or request.method not in {"GET", "POST"}:
            return Answer(404, b"<h1>404 Not Found</h1>", HTML_TYPE)
        invoice = self._book.named(request.path.removeprefix(PAGES))
        if invoice is None or request.method == "GET":
            return page_of(invoice)
        if invoice.status == "active":
            self.settle(invoice.id)
        return back_to(invoice)


def _error(code: int, name: str) -> dict[str, object]:
    return {"ok": False, "error": {"code": code, "name": name}}


def _pretend() -> Answer:
    """An answer for faults that send one although nothing was done."""
    return Answer.of_json({"ok": True, "result": {}})
