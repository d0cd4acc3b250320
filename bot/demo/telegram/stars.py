"""What Telegram itself knows of payments: invoices, payments that wait for the bot's word, and Stars that moved.

See https://core.telegram.org/bots/payments-stars; transactions are kept in the Bot API's own shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.demo.telegram.errors import JsonObject, bad_request, old_query
from bot.demo.telegram.rooms import Room

XTR = "XTR"
FIRST_STARS = 100_000  # what everybody has to begin with
SECONDS_TO_ANSWER = 10.0  # the time a bot has for a pre-checkout query


@dataclass(frozen=True)
class Invoice:
    """What a bot asks to be paid, in whole Stars. *payload* is for the bot alone: people never see it."""

    title: str
    description: str
    payload: str
    currency: str
    amount: int
    start_parameter: str = ""

    @property
    def shown(self) -> JsonObject:
        """The Invoice object of the Bot API."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": self.currency,
            "total_amount": self.amount,
        }


class Fate(StrEnum):
    """How a press on Pay can end."""

    PAID = "paid"
    REFUSED = "refused"  # the bot, or Telegram, said no
    EXPIRED = "expired"  # the bot did not answer in time
    RECEIPT = "receipt"  # it was paid before; the button shows the receipt
    SHORT = "short"  # too few Stars; the bot was not asked


@dataclass(frozen=True)
class Outcome:
    """What came of a press on Pay.

    *words* is the refusal, *charge* the payment's id at Telegram, *update_id* that of the successful_payment that the
    bot was sent last, 0 for none.
    """

    fate: Fate
    words: str = ""
    charge: str = ""
    update_id: int = 0

    @property
    def paid(self) -> bool:
        """Whether Stars were taken."""
        return self.fate is Fate.PAID

    @property
    def refused(self) -> bool:
        """Whether it was said no to."""
        return self.fate is Fate.REFUSED

    @property
    def expired(self) -> bool:
        """Whether the bot's time ran out."""
        return self.fate is Fate.EXPIRED


class Checkout:
    """One press on Pay, on its way to the bot and back. *complete* takes the money when the bot agrees."""

    def __init__(self, query_id: str, room: Room, asked_at: float, seconds: float, complete: Callable[[], Outcome]):
        self.id = query_id
        self.room = room
        self.update_id = 0
        self.outcome: Outcome | None = None
        self._late_at = asked_at + seconds
        self._seconds = seconds
        self._complete = complete

    def settled(self, timeout: float | None = None) -> Coroutine[Any, Any, Outcome]:
        """Wait for what comes of it. It expires by itself; AssertionError if a shorter *timeout* passes before."""
        return self._settled(self._seconds if timeout is None else timeout)

    async def _settled(self, seconds: float) -> Outcome:
        if seconds < self._seconds:
            return await self.room.wait_for(lambda: self.outcome, seconds, "a payment to be settled")
        found = await self.room.changed.until(lambda: self.outcome, self._seconds)
        return found or self.expire()

    def expire(self) -> Outcome:
        """Let the bot's time be over at once; what came of it, if that was settled before."""
        outcome = self.outcome or Outcome(Fate.EXPIRED, "BOT_PRECHECKOUT_TIMEOUT")
        self.settle(outcome)
        return outcome

    def settle(self, outcome: Outcome) -> None:
        """Write down what came of it."""
        self.outcome = outcome
        self.room.changed.pulse()

    def answer(self, refusal: str, now: float) -> None:
        """Take the bot's answer, an empty *refusal* for yes. ApiError 400 when it comes too late."""
        if now >= self._late_at:
            self.expire()
        if self.outcome is not None:
            raise old_query()
        self.settle(Outcome(Fate.REFUSED, refusal) if refusal else self._complete())


@dataclass(frozen=True)
class Payment:
    """An invoice that somebody paid."""

    charge: str
    provider_charge: str
    room: Room
    user: JsonObject
    invoice: Invoice

    @property
    def report(self) -> JsonObject:
        """The SuccessfulPayment object of the Bot API."""
        return self.refund_report | {"provider_payment_charge_id": self.provider_charge}

    @property
    def refund_report(self) -> JsonObject:
        """The RefundedPayment object of the Bot API."""
        return {
            "currency": self.invoice.currency,
            "total_amount": self.invoice.amount,
            "invoice_payload": self.invoice.payload,
            "telegram_payment_charge_id": self.charge,
        }

    def transaction(self, side: str, date: int) -> JsonObject:
        """The StarTransaction of it, *side* being "source" for money that came in or "receiver" for a refund."""
        partner = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": self.user,
            "invoice_payload": self.invoice.payload,
        }
        return {"id": self.charge, "amount": self.invoice.amount, "date": date, side: partner}


class StarBook:
    """Invoices by their link or their place (chat and message), payments by their charge, and everybody's Stars."""

    def __init__(self) -> None:
        self.seconds_to_answer = SECONDS_TO_ANSWER
        self.links: dict[str, Invoice] = {}
        self.sent: dict[tuple[int, int], Invoice] = {}
        self.payments: dict[str, Payment] = {}
        self.transactions: list[JsonObject] = []
        self.balances: defaultdict[int, int] = defaultdict(lambda: FIRST_STARS)
        self._asked: dict[str, Checkout] = {}

    @property
    def balance(self) -> int:
        """The bot's Stars."""
        return sum(each["amount"] if "source" in each else -each["amount"] for each in self.transactions)

    def ask(self, checkout: Checkout) -> None:
        """Expect the bot's answer to a pre-checkout query."""
        self._asked[checkout.id] = checkout

    def asked(self, query_id: str) -> Checkout | None:
        """A press on Pay by its query."""
        return self._asked.get(query_id)

    def answer(self, query_id: str, refusal: str, now: float) -> None:
        """Hand the bot's answer over. ApiError 400 for an unknown, answered or old query."""
        checkout = self._asked.pop(query_id, None)
        if checkout is None:
            raise old_query()
        checkout.answer(refusal, now)

    def enter(self, payment: Payment, date: int) -> None:
        """Take the money of a payment; other currencies than Stars are not counted here."""
        self.payments[payment.charge] = payment
        if payment.invoice.currency == XTR:
            self.balances[payment.room.id] -= payment.invoice.amount
            self.transactions.append(payment.transaction("source", date))

    def give_back(self, charge: str, date: int, user_id: int | None = None) -> Payment:
        """Undo a payment, of this user if one is named. ApiError 400 for an unknown or refunded one."""
        payment = self.payments.get(charge)
        if payment is None or payment.invoice.currency != XTR or user_id not in (None, payment.room.id):
            raise bad_request("CHARGE_NOT_FOUND")
        if any(each["id"] == charge and "receiver" in each for each in self.transactions):
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        self.balances[payment.room.id] += payment.invoice.amount
        self.transactions.append(payment.transaction("receiver", date))
        return payment
