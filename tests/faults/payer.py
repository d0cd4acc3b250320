"""A customer who puts money in, and an admin who decides about it, in a shop that is killed meanwhile."""

from collections.abc import Mapping

from bot.demo.cryptopay import DemoCryptoPay
from bot.demo.telegram import ChatMessage, Person
from tests.faults.mortal import PATIENCE, MortalShop
from tests.faults.owner import STILL

# The most steps to a payment or a decision: every screen asked for again a few times.
STEPS = 40
FIVE = "$5.00"
NOTHING: Mapping[str, str] = {}


class Payer:
    """Pays five dollars, in one of the shop's ways, and tries again until the shop says it has them."""

    def __init__(
        self, shop: MortalShop, person: Person, crypto: DemoCryptoPay, *, decision: str, amount: str, unheard: bool
    ) -> None:
        """``decision``: what an admin says to a receipt first; ``amount``: what is in the wallet in the end.

        ``unheard``: Telegram takes their Stars and does not tell the shop.
        """
        self.shop = shop
        self.person = person
        self.crypto = crypto
        self._decision = decision
        self._amount = amount
        self._unheard = unheard

    @property
    def told(self) -> int:
        """How often the shop said that the money is there."""
        return sum(f"{self._amount} is in your wallet" in each.text for each in self.person.heard_messages)

    @property
    def told_rejected(self) -> int:
        """How often the shop said that it did not find the money."""
        return sum("did not find your payment" in each.text for each in self.person.heard_messages)

    @property
    def told_back(self) -> int:
        """How often the shop said that the money was given back."""
        return sum("was given back to you, so" in each.text for each in self.person.heard_messages)

    async def pay(self, title: str) -> None:
        """Go on until it is paid: ``title`` is what the way's button begins with."""
        await self._send("/wallet")
        for _ in range(STEPS):
            if self.told or await self._step(title):
                break
        else:
            raise AssertionError(f"nothing was paid:\n{self.person.transcript()}\n{self.shop.log()}")
        await self.shop.until(lambda: self.told)

    async def _step(self, title: str) -> bool:
        """One step further; whether it was paid."""
        screen = next((each for each in reversed(self.person.messages) if each.keyboard), None)
        if screen is None:
            await self._send("/wallet")
        elif "invoice" in screen.content:
            return await self._stars(screen)
        elif "I have paid" in screen.labels:
            for number, invoice in self.crypto.invoices.items():
                if any(invoice.hash in str(button.raw.get("url")) for row in screen.keyboard for button in row):
                    self.crypto.settle(number)
            return True
        elif "Copy the reference" in screen.labels:
            await self._receipt()
            return True
        else:
            label = next((each for each in screen.labels if each.startswith((FIVE, title, "Top up"))), None)
            await (self._send("/wallet") if label is None else self._tap(label, screen))
        return False

    async def _stars(self, invoice: ChatMessage) -> bool:
        checkout = await self.person.checkout(invoice, deliver=0 if self._unheard else 1)
        await self.shop.sees(lambda: checkout.outcome)
        outcome = checkout.expire()
        if not outcome.paid:
            await self._send("/wallet")
        elif self._unheard:
            await self.shop.open_later()
        return outcome.paid

    async def _receipt(self) -> None:
        """Have it looked at; where it is rejected, once more."""
        admin = Decider(self.shop)
        await self._hand_in()
        if self._decision == "Reject":
            await admin.reject()
            await self.shop.until(lambda: self.told_rejected)
            await self._hand_in()
        await (admin.approve_other() if self._decision == "Other amount" else admin.approve())

    async def _hand_in(self) -> None:
        """Send the photo until the shop has it."""
        before = self._thanked
        await self.shop.insist(self.person.send_photo, lambda: self._thanked > before)

    @property
    def _thanked(self) -> int:
        return sum("has your receipt" in each.text for each in self.person.heard_messages)

    async def _send(self, text: str) -> None:
        before = heard(self.person)
        await self.person.send(text)
        await settled(self.shop, self.person, before)

    async def _tap(self, label: str, screen: ChatMessage) -> None:
        before = heard(self.person)
        await self.person.tap(label, screen)
        await settled(self.shop, self.person, before)


class Decider:
    """The admin, with receipts and refunds."""

    def __init__(self, shop: MortalShop) -> None:
        self.shop = shop
        self.person = shop.admin

    async def approve(self) -> None:
        """Approve what waits, again and again until it is paid."""
        await self._until("Approve", "state = 'paid'", "/payments")

    async def approve_other(self) -> None:
        """Say that four dollars came, again and again until they are in the wallet."""
        await self._until("Other amount", "state = 'paid'", "/payments", answers={"How much came?": "4"})

    async def reject(self) -> None:
        """Say why no money was seen, again and again until it is rejected."""
        answers = {"Why is it rejected?": "nothing came"}
        await self._until("Reject", "state = 'rejected'", "/payments", answers=answers)

    async def refund(self, payment: int) -> None:
        """Have it given back, again and again until Telegram did."""
        await self._until("Refund", "state IN ('refunding', 'refunded')", f"/payment {payment}")

    async def _until(self, wish: str, there: str, command: str, answers: Mapping[str, str] = NOTHING) -> None:
        """Go on until ``there`` holds in the books: ``answers`` by the words of their questions."""
        for _ in range(STEPS):
            if await self.shop.rows(f"SELECT id FROM payments WHERE {there}"):  # noqa: S608  (the test's own words)
                return
            before = heard(self.person)
            screen = next((each for each in reversed(self.person.messages) if each.keyboard), None)
            labels = [] if screen is None else screen.labels
            typed = next((each for words, each in answers.items() if screen is not None and words in screen.text), None)
            label = next((each for each in labels if each.startswith((f"Yes, {wish.lower()}", wish))), None)
            if label is None:
                label = next((each for each in labels if FIVE in each), None)
            if label is None:
                await self.person.send(typed or command)
            else:
                await self.person.tap(label, screen)
            await settled(self.shop, self.person, before)
        raise AssertionError(f"{wish} did not work:\n{self.person.transcript()}\n{self.shop.log()}")


async def settled(shop: MortalShop, person: Person, before: int) -> None:
    """Wait for an answer, and until no more comes: acting on less is one step behind for ever."""
    seconds = PATIENCE
    while await shop.sees(lambda: heard(person) > before, seconds=seconds):  # noqa: B023  (awaited here)
        before, seconds = heard(person), STILL


def heard(person: Person) -> int:
    """A number that grows with all that the bot says to them, or changes."""
    return max((each.seq for each in person.heard_messages), default=0)
