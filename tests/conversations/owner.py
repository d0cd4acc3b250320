"""What tests of the owner's side share: a clock that can be moved on, orders without ceremony, raw buttons."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.demo.panel import DemoOffer
from bot.demo.telegram import ChatMessage, Person
from bot.services import rounds
from bot.storage.database import system_clock
from tests.conversations.shop import ADMIN, OpenShop, open_shop

HELPER = 9002
# The loops that sleep until something is due; when the clock was moved, they are woken to see it.
LOOPS = ("place", "track", "balance", "outbox")
# The card of an uncertain order waits so long for the panel's balance, in seconds, with some to spare.
CARD = 6.0


class MovedClock:
    """The machine's clock, as far ahead of it as a test went."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


@dataclass
class OwnersShop:
    """An open shop with one admin, or two, and a customer with money."""

    shop: OpenShop
    clock: MovedClock
    owner: Person
    helper: Person
    anna: Person
    bought: int = 0

    async def later(self, seconds: float) -> None:
        """Let so much time pass, and all that it brings about happen."""
        assert self.shop.app is not None
        self.clock.ahead += timedelta(seconds=seconds)
        await rounds.housekeeping(self.shop.app.shop)
        self.shop.app.shop.db.wakeups.ring(*LOOPS)

    async def buy(self, offer: DemoOffer, *answers: str) -> ChatMessage:
        """Anna orders: an answer in brackets is pressed. The screen with the new order."""
        await self._screen("/order")
        await self._screen(f"[{offer.category}]")
        await self._screen(f"[{offer.name}]")
        for answer in answers:
            await self._screen(answer)
        self.bought += 1
        return await self._screen("[Confirm]", f"#{self.bought} · ")

    async def _screen(self, wish: str, begins: str = "") -> ChatMessage:
        """Press a button, or type; the screen that it leads to, not the news that may come between."""
        before = self.shop.telegram.world.last_seq
        await (self.anna.press(wish.strip("[]")) if wish.startswith("[") else self.anna.send(wish))

        def look() -> ChatMessage | None:
            fresh = (message for message in self.anna.news if message.keyboard and message.seq > before)
            return next((m for m in fresh if m.text.startswith(begins or "#") is bool(begins)), None)

        return await self.anna.until(look)

    async def ask(self, command: str, answer: str, *, who: Person | None = None) -> ChatMessage:
        """Send a command as the owner and read the answer that has these words."""
        person = who or self.owner
        await person.send(command)
        return await person.expect(answer)

    async def hears(self, words: str, *, who: Person | None = None) -> ChatMessage:
        """Wait for news, which may have come at any time: the newest message with these words."""
        person = who or self.owner
        return await person.until(lambda: next((m for m in reversed(person.heard_messages) if words in m.text), None))

    async def sees(self, words: str, button: str) -> ChatMessage:
        """Wait for a screen that came of the owner's last press or message, with this button."""
        owner = self.owner
        return await owner.until(
            lambda: next((m for m in reversed(owner.news) if words in m.text and button in m.labels), None)
        )

    async def reaches(self, number: int, state: str) -> ChatMessage:
        """Look into an order's file, a second later each time, until it is in this state."""
        file = await self.ask(f"/order {number}", f"Order #{number}: ")
        while f"Order #{number}: {state}" not in file.text:
            await self.later(1)
            file = await self.ask(f"/order {number}", f"Order #{number}: ")
        return file

    async def money(self) -> tuple[int, int, int]:
        """What customers can spend, what is on hold, and what was earned, in ten-thousandths."""
        [(available,)] = await self.shop.rows("SELECT coalesce(sum(balance), 0) FROM wallets")
        [(held, captured)] = await self.shop.rows(
            "SELECT coalesce(sum(held), 0), coalesce(sum(captured), 0) FROM orders"
        )
        return int(available), int(held), int(captured)

    def told(self, words: str, *, who: Person | None = None) -> int:
        """How many messages the owner ever got that have these words."""
        return sum(words in message.text for message in (who or self.owner).heard_messages)


@asynccontextmanager
async def owners_shop(
    folder: Path,
    *,
    alpha: Sequence[DemoOffer] = (),
    beta: Sequence[DemoOffer] = (),
    helped: bool = False,
    wallet: str = "50",
    **extra: Any,
) -> AsyncIterator[OwnersShop]:
    """A shop for its owner, with a second admin where ``helped``; its books are proved at the end."""
    clock = MovedClock()
    admins = {ADMIN, HELPER} if helped else {ADMIN}
    async with open_shop(folder, alpha=alpha, beta=beta, clock=clock, admin_ids=frozenset(admins), **extra) as shop:
        helper = shop.telegram.person(HELPER, "Helper", username="helper")
        mine = OwnersShop(shop, clock, shop.admin, helper, shop.anna)
        if helped:
            await helper.send("/start")
            await helper.heard()
        if wallet:
            await shop.give(shop.anna, wallet)
        yield mine
