"""What tests of the owner's side share: a clock that can be moved on, orders without ceremony, raw buttons."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
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
    bought: list[str] = field(default_factory=list)

    async def later(self, seconds: float) -> None:
        """Let so much time pass, and all that it brings about happen."""
        assert self.shop.app is not None
        self.clock.ahead += timedelta(seconds=seconds)
        await rounds.housekeeping(self.shop.app.shop)
        self.shop.app.shop.db.wakeups.ring(*LOOPS)

    async def buy(self, offer: DemoOffer, *answers: str) -> ChatMessage:
        """Anna orders: an answer in brackets is pressed. The screen with the new order."""
        await self.anna.send("/order")
        await self.anna.press(offer.category)
        await self.anna.press(offer.name)
        for answer in answers:
            if answer.startswith("["):
                await self.anna.press(answer.strip("[]"))
            else:
                await self.anna.send(answer)
                await self.anna.heard()
        await self.anna.press("Confirm")
        self.bought.append(offer.service)
        return await self.anna.expect(f"#{len(self.bought)} · ")

    async def ask(self, command: str, answer: str, *, who: Person | None = None) -> ChatMessage:
        """Send a command as the owner and read the answer that has these words."""
        person = who or self.owner
        await person.send(command)
        return await person.expect(answer)

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
