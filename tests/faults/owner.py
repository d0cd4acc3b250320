"""An admin of a shop that is killed again and again: gives credit, decides what became of lost orders."""

import asyncio
from collections import Counter

from bot.demo.telegram import ChatMessage, Person
from tests.faults.mortal import MortalShop

# The most steps to a decision: every screen asked for again a few times.
STEPS = 30
# So long a chat has to be still before the admin believes that nothing more is coming, in seconds.
STILL = 0.15
SURE = ("Yes, send again", "Yes, refund")


class Owner:
    """Does one thing at a time. ``credits``: how often each sum was given to each customer; ``resent``: how often an
    order was sent again.

    A credit is typed once: that it is not lost is the shop's business.
    """

    def __init__(self, shop: MortalShop) -> None:
        self.shop = shop
        self.person = shop.admin
        self.credits: Counter[tuple[int, int]] = Counter()
        self.resent: Counter[int] = Counter()
        self._busy = asyncio.Lock()

    async def credit(self, person: Person, dollars: int, reason: str) -> None:
        """Put so much into a customer's wallet."""
        async with self._busy:
            self.credits[person.id, dollars] += 1
            await self.person.send(f"/credit {person.id} {dollars} {reason}")

    async def decide(self, number: int, panel_order: str | None, *, resend: bool) -> None:
        """Say what became of an uncertain order, unless that was said before."""
        wish = "It was placed" if panel_order else "Send again" if resend else "Refund"
        screen: ChatMessage | None = None
        async with self._busy:
            for _ in range(STEPS):
                await self._answer(screen, number, wish, panel_order or "")
                screen = await self._look(number)
                if screen is not None and f"Order #{number}: " in screen.text and wish not in screen.labels:
                    return
        raise AssertionError(f"order {number} was not decided:\n{self.person.transcript()}\n{self.shop.log()}")

    async def _answer(self, screen: ChatMessage | None, number: int, wish: str, panel_order: str) -> None:
        label = None if screen is None else next((each for each in (*SURE, wish) if each in screen.labels), None)
        if screen is not None and "Send the id" in screen.text:
            await self.person.send(panel_order)
        elif label is not None:
            self.resent[number] += label == "Yes, send again"
            await self.person.tap(label, screen)
        else:
            await self.person.send(f"/order {number}")

    async def _look(self, number: int) -> ChatMessage | None:
        """What the shop shows last, when it has answered everything: acting on less is one step behind for ever."""
        shown = await self.shop.sees(lambda: self._screen(number))
        while shown is not None:
            since = shown.seq
            newer = await self.shop.sees(lambda: self._screen(number, since), seconds=STILL)  # noqa: B023  (awaited here)
            if newer is None:
                break
            shown = newer
        return shown

    def _screen(self, number: int, since: int = 0) -> ChatMessage | None:
        """What the shop showed of an order after the admin's last word: its file, or a question about it."""
        begins = (
            *(f"Order #{number}: ", f"Send the id that order #{number} "),
            *(f"order #{number} again?", f"back for order #{number}?"),
        )
        shown = (each for each in reversed(self.person.news) if each.keyboard and each.seq > since)
        return next((each for each in shown if any(words in each.text for words in begins)), None)

    async def reopen(self) -> None:
        """Resume the panel where it was paused because too many answers got lost."""
        if await self.shop.rows("SELECT name FROM panels WHERE gate IS NOT NULL"):
            async with self._busy:
                await self.person.send("/resume alpha")
