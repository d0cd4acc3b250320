"""A customer who wants an order refilled or stopped, in a shop that is killed meanwhile."""

import re

from bot.demo.telegram import ChatMessage, Person
from tests.faults.mortal import MortalShop
from tests.faults.payer import heard, settled

# The most steps to a wish: the card and the buttons a few times each.
STEPS = 30
# By kind: the buttons that lead to it, what the card says once it is asked for, and the news of what came of it.
BUTTONS = {"refill": ("Refill",), "cancel": ("Yes, stop it", "Stop order")}
ASKED = {"refill": re.compile("asked for a refill|refill you asked for"), "cancel": re.compile("asked to stop it")}
NEWS = {
    ("refill", "done"): "The refill of order #{number} is done.",
    ("refill", "refused"): "The refill of order #{number} was not accepted.",
    ("refill", "lost"): "We asked for the refill of order #{number}, and the answer was lost",
    ("cancel", "refused"): "Your wish to stop order #{number} was not accepted.",
    ("cancel", "lost"): "We asked to stop order #{number}, and the answer was lost",
}


class Requester:
    """Presses what leads to a wish, again and again until the order's card says that it was asked for."""

    def __init__(self, shop: MortalShop, person: Person, number: int, kind: str) -> None:
        self.shop = shop
        self.person = person
        self.number = number
        self.kind = kind

    async def ask(self) -> None:
        """Go on until it shows."""
        for _ in range(STEPS):
            card = self._card()
            if card is not None and ASKED[self.kind].search(card.text):
                return
            labels = [] if card is None else card.labels
            label = next((each for each in BUTTONS[self.kind] if each in labels), None)
            before = heard(self.person)
            await (self.person.send(f"/order {self.number}") if label is None else self.person.tap(label, card))
            await settled(self.shop, self.person, before)
        raise AssertionError(f"nothing was asked for:\n{self.person.transcript()}\n{self.shop.log()}")

    def _card(self) -> ChatMessage | None:
        """What was last shown of the order: its card, or the question whether to stop it."""
        begins = (f"#{self.number} · ", f"Stop order #{self.number}?")
        shown = (each for each in self.person.heard_messages if each.keyboard)
        about = (each for each in shown if any(words in each.text for words in begins))
        return max(about, key=lambda each: each.seq, default=None)

    def told(self, came_to: str) -> int:
        """How often the customer was told that it came to this."""
        words = NEWS[self.kind, came_to].format(number=self.number)
        return sum(words in each.text for each in self.person.heard_messages)

    def outcome(self) -> str | None:
        """What the customer was told that it came to, last."""
        return next((state for kind, state in NEWS if kind == self.kind and self.told(state)), None)
