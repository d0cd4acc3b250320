"""A customer of a mass order, who tries again when nothing comes."""

import json
from collections.abc import Sequence

from bot.demo.telegram import ChatMessage, Person
from tests.faults.mortal import MortalShop

# The most steps to a mass order: lines, Done, Confirm, each a few times.
STEPS = 30
# What its buttons begin with, and what is said once it is confirmed.
WANTED = ("Confirm", "Continue my list", "Done")
CONFIRMED = ("orders sent", "Mass order: report")


class MassShopper:
    """Buys all of these, each a link and a quantity, of the first service on sale, by one Confirm."""

    def __init__(self, shop: MortalShop, person: Person, lines: Sequence[tuple[str, int]]) -> None:
        self.shop = shop
        self.person = person
        self.lines = lines
        self._text = ""

    async def buy(self) -> dict[str, int]:
        """Go on until the shop says how far it is; the orders' numbers in the books, by link."""
        [service] = await self.shop.rows("SELECT id FROM services")
        self._text = "\n".join(["/mass", *(f"{service.id} | {link} | {quantity}" for link, quantity in self.lines)])
        for _ in range(STEPS):
            if self._told():
                break
            await self._step()
        else:
            raise AssertionError(f"no orders came of it:\n{self.person.transcript()}\n{self.shop.log()}")
        rows = await self.shop.rows("SELECT id, answers FROM orders WHERE user_id = :user", user=self.person.id)
        return {json.loads(row.answers)["link"]: row.id for row in rows}

    def _told(self) -> bool:
        return any(words in each.text for each in self.person.heard_messages for words in CONFIRMED)

    async def _step(self) -> None:
        screen, before = self._screen(), self._seen()
        if screen is None:
            await self.person.send(self._text)
        else:
            await self.person.tap(next(label for label in screen.labels if label.startswith(WANTED)), screen)
        await self.shop.sees(lambda: self._told() or self._seen() != before)

    def _screen(self) -> ChatMessage | None:
        """The newest message that leads further."""
        leading = (each for each in reversed(self.person.messages) if any(map(_leads, each.labels)))
        return next(leading, None)

    def _seen(self) -> tuple[object, ...]:
        screen = self._screen()
        return () if screen is None else (screen.id, screen.seq)


def _leads(label: str) -> bool:
    return label.startswith(WANTED)
