"""A story: customers order, panels answer or do not, admins decide, and the process is killed in between."""

import asyncio
import re

from bot.demo.panel import DemoOrder, Fault
from bot.demo.telegram import Fault as TelegramFault
from bot.demo.telegram import Person
from tests.conversations.shop import CHANNEL, CUSTOMER
from tests.faults.mortal import MortalShop
from tests.faults.owner import Owner
from tests.faults.plans import ANSWERS, Plan, Purchase
from tests.faults.shopper import Shopper

FOLLOWERS = "Followers | Mixed"
WELCOME, THANKS = 25, 5  # dollars
DOLLAR = 10_000
ENDED = {"Completed", "Partial", "Canceled", "Refused"}
NONSENSE = {"message_id": "five", "chat": 7, "date": None}


class Story:
    """Goes as planned. ``bought``: the order's number, by link; ``people``: who ordered for this link."""

    def __init__(self, shop: MortalShop, plan: Plan) -> None:
        self.shop = shop
        self.plan = plan
        self.owner = Owner(shop)
        self.bought: dict[str, int] = {}
        self.people = {
            each.link: shop.telegram.person(CUSTOMER + place, f"Customer {place}")
            for place, each in enumerate(plan.purchases)
        }

    async def live(self) -> None:
        """From the opening of the shop until everybody was told how their order ended."""
        shop, plan = self.shop, self.plan
        shop.deaths_to_come = list(plan.deaths)
        self._weather()
        await shop.live()
        async with asyncio.TaskGroup() as group:
            for purchase in plan.purchases:
                group.create_task(self._buy(purchase))
        await shop.until(lambda: shop.kills >= plan.sure)
        await shop.until(lambda: not shop.telegram.world.updates.waiting)
        await shop.close()
        while shop.running.code:  # it was killed before it had closed
            await shop.again(shop.running)
            await shop.close()

    def _weather(self) -> None:
        """What goes wrong outside of the shop."""
        panel, telegram = self.shop.panel, self.shop.telegram
        panel.fail("status", Fault.refused("Invalid API key"), times=self.plan.unasked)
        if self.plan.untold:
            telegram.fail("sendMessage", TelegramFault.too_many(1), times=self.plan.untold, chat=CHANNEL)
        if self.plan.broken:
            telegram.world.updates.push("message", NONSENSE)
        for purchase in self.plan.purchases:
            fault = ANSWERS[purchase.answer]
            if fault is not None:
                panel.fail("add", fault, link=purchase.link)

    async def _buy(self, purchase: Purchase) -> None:
        shop, person = self.shop, self.people[purchase.link]
        await shop.insist(lambda: person.send("/start"), lambda: person.heard_messages)
        await self.owner.credit(person, WELCOME, "welcome")
        await shop.until(lambda: any("welcome" in message.text for message in person.heard_messages))
        wishes = {"link": purchase.link, "quantity": str(purchase.quantity)}
        number = await Shopper(shop, person, FOLLOWERS, wishes).buy()
        self.bought[purchase.link] = number
        if purchase.thanks:
            await self.owner.credit(person, THANKS, "thanks")
        seen, state = 0, ""
        while state not in ENDED:
            seen, state = await self._next(person, number, seen)
            if state == "Being checked":
                panel_order = next((each.id for each in self.taken(purchase.link)), None)
                await self.owner.decide(number, panel_order, resend=purchase.resend)
                await self.owner.reopen()
            elif state in {"Pending", "In progress"}:
                self._move(purchase)
        if purchase.thanks:
            await shop.until(lambda: any("thanks" in message.text for message in person.heard_messages))

    async def _next(self, person: Person, number: int, since: int) -> tuple[int, str]:
        """The first that the customer was told of an order after ``since``."""
        return await self.shop.until(lambda: next(iter(told(person, number, since)), None))

    def taken(self, link: str) -> list[DemoOrder]:
        """What the panel took for this link."""
        return [order for order in self.shop.panel.orders.values() if order.fields["link"] == link]

    def _move(self, purchase: Purchase) -> None:
        """The panel works."""
        for order in self.taken(purchase.link):
            if purchase.moves and order.status == "Pending":
                self.shop.panel.set_status(order.id, "In progress")
            elif not order.closed:
                remains = purchase.remains if purchase.end == "Partial" else None
                self.shop.panel.set_status(order.id, purchase.end, remains=remains)


def told(person: Person, number: int, since: int = 0) -> list[tuple[int, str]]:
    """What a customer's chat says of an order, in the order in which it was said or changed, after ``since``."""
    said = [(each.seq, re.search(rf"#{number} · ([A-Z][a-z ]+)", each.text)) for each in person.heard_messages]
    return sorted((seq, found[1].strip()) for seq, found in said if found is not None and seq > since)
