"""People who pay."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.stars import XTR, Checkout, Fate, Invoice, Outcome, Payment
from bot.demo.telegram.users import User


class Payer(User):
    """Somebody with Stars.

    What is paid is an invoice in the chat, another's invoice (a forwarded copy of it), or an invoice link.
    *deliver* is how often the bot is told of a payment: 0 loses the word, 2 repeats it under another update id.
    """

    @property
    def stars(self) -> int:
        """What they can spend."""
        return self.world.stars.balances[self.id]

    @stars.setter
    def stars(self, count: int) -> None:
        self.world.stars.balances[self.id] = count
        self.world.announce("stars", self, count)

    async def checkout(self, what: ChatMessage | str, deliver: int = 1) -> Checkout:
        """Press Pay without waiting for what comes of it."""
        invoice, message = self._invoice(what)
        world, book = self.world, self.world.stars
        complete = partial(self._complete, invoice, message, deliver)
        checkout = Checkout(world.unique(f"{self.id}"), self, world.clock(), book.seconds_to_answer, complete)
        if (at_once := self._without_asking(invoice, message)) is not None:
            checkout.settle(at_once)
            return checkout
        self.mark = world.announce("checkout", self, {"amount": invoice.amount})
        book.ask(checkout)
        query = {
            "id": checkout.id,
            "from": self.user,
            "currency": invoice.currency,
            "total_amount": invoice.amount,
            "invoice_payload": invoice.payload,
        }
        checkout.update_id = self.push("pre_checkout_query", query)
        if not checkout.update_id:
            checkout.expire()  # nobody heard of it, so nobody can answer
        return checkout

    def pay(
        self, what: ChatMessage | str, deliver: int = 1, timeout: float | None = None
    ) -> Coroutine[Any, Any, Outcome]:
        """Press Pay and wait for what comes of it, at most for the time that the bot has to answer."""
        return self._pay(what, deliver, timeout)

    async def _pay(self, what: ChatMessage | str, deliver: int, seconds: float | None) -> Outcome:
        return await (await self.checkout(what, deliver)).settled(seconds)

    async def pay_unasked(self, payload: str, amount: int, currency: str = XTR, deliver: int = 1) -> Outcome:
        """A payment that the bot was not asked about, of any amount, for any payload."""
        return self._charge(Invoice("", "", payload, currency, amount), None, deliver)

    def invoice(self, what: ChatMessage | str) -> Invoice:
        """What the app shows before one pays."""
        return self._invoice(what)[0]

    def expect_invoice(self, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """Wait for an invoice of the bot, new or edited since the last interaction."""
        return self.wait_for(
            lambda: next((message for message in reversed(self.news) if "invoice" in message.content), None),
            timeout,
            "an invoice",
        )

    def _invoice(self, what: ChatMessage | str) -> tuple[Invoice, ChatMessage | None]:
        """The invoice, and the message if it is one that can be paid only once."""
        book = self.world.stars
        if isinstance(what, str):
            invoice, own = book.links.get(what), False
        else:
            invoice = book.sent.get((what.chat["id"], what.id))
            own = what.chat["id"] == self.id and "forward_origin" not in what.extra
        if invoice is None:
            raise AssertionError(f"there is nothing to pay in {what!r}")
        if isinstance(what, ChatMessage) and not own and invoice.start_parameter:
            raise AssertionError(f"a forwarded copy of the invoice {invoice.title!r} leads to the bot instead")
        return invoice, what if isinstance(what, ChatMessage) and own else None

    def _without_asking(self, invoice: Invoice, message: ChatMessage | None) -> Outcome | None:
        if self.blocked:
            raise AssertionError(f"{self.name} has blocked the bot and must unblock() before paying")
        if message is not None and message.id not in self.history:
            return Outcome(Fate.REFUSED, "MESSAGE_ID_INVALID")
        return self._hindrance(invoice, message)

    def _hindrance(self, invoice: Invoice, message: ChatMessage | None) -> Outcome | None:
        current = self.history.get(message.id) if message is not None else None
        if current is not None and current.receipt:
            return Outcome(Fate.RECEIPT, charge=current.receipt)
        if self.stars < invoice.amount:
            return Outcome(Fate.SHORT, "BALANCE_TOO_LOW")
        return None

    def _complete(self, invoice: Invoice, message: ChatMessage | None, deliver: int) -> Outcome:
        """The bot agreed; the same invoice may have been paid on another device meanwhile."""
        return self._hindrance(invoice, message) or self._charge(invoice, message, deliver)

    def _charge(self, invoice: Invoice, message: ChatMessage | None, deliver: int) -> Outcome:
        world = self.world
        charge = world.unique("stx-")
        payment = Payment(charge, f"{self.id}_{len(world.stars.payments)}", self, self.user, invoice)
        world.stars.enter(payment, world.now)
        world.announce("stars", self, self.stars)
        if message is not None and (current := self.history.get(message.id)) is not None:
            world.put(self, replace(current, receipt=charge))
        update_id = self.say(FormattedText(""), {"successful_payment": payment.report}, deliver=deliver)
        return Outcome(Fate.PAID, charge=charge, update_id=update_id)
