"""A story: customers order, panels answer or do not, admins decide, and the process is killed in between."""

import asyncio
import re

from bot.demo.panel import DemoOrder, Fault
from bot.demo.telegram import ChatMessage, Person
from bot.demo.telegram import Fault as TelegramFault
from tests.conversations.shop import CHANNEL, CUSTOMER
from tests.faults.masses import MassShopper
from tests.faults.mortal import MortalShop
from tests.faults.owner import Owner
from tests.faults.plans import ANSWERS, Plan, Purchase
from tests.faults.shopper import Shopper

FOLLOWERS = "Followers | Mixed"
WELCOME, THANKS = 25, 5  # dollars
DOLLAR = 10_000
REPORT = "Mass order: report"
ENDED = {"Completed", "Partial", "Canceled", "Refused"}
NONSENSE = {"message_id": "five", "chat": 7, "date": None}


class Story:
    """Goes as planned. ``bought``: the order's number, by link; ``people``: who ordered for this link."""

    def __init__(self, shop: MortalShop, plan: Plan) -> None:
        self.shop = shop
        self.plan = plan
        self.owner = Owner(shop)
        self.bought: dict[str, int] = {}
        buyers = [0] * len(plan.purchases) if plan.mass else range(len(plan.purchases))
        self.people = {
            each.link: shop.telegram.person(CUSTOMER + buyer, f"Customer {buyer}")
            for buyer, each in zip(buyers, plan.purchases, strict=True)
        }

    @property
    def heard(self) -> list[ChatMessage]:
        """All that customers were told."""
        return [message for person in {*self.people.values()} for message in person.heard_messages]

    async def live(self) -> None:
        """From the opening of the shop until everybody was told how their order ended."""
        shop, plan = self.shop, self.plan
        shop.deaths_to_come = list(plan.deaths)
        self._weather()
        await shop.live()
        async with asyncio.TaskGroup() as group:
            if plan.mass:
                group.create_task(self._buy_together())
            for purchase in plan.purchases[: 0 if plan.mass else None]:
                group.create_task(self._buy(purchase))
        await shop.rest(plan.sure)

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

    async def _welcome(self, person: Person) -> None:
        await self.shop.insist(lambda: person.send("/start"), lambda: person.heard_messages)
        await self.owner.credit(person, WELCOME, "welcome")
        await self.shop.until(lambda: any("welcome" in message.text for message in person.heard_messages))

    async def _buy(self, purchase: Purchase) -> None:
        shop, person = self.shop, self.people[purchase.link]
        await self._welcome(person)
        wishes = {"link": purchase.link, "quantity": str(purchase.quantity)}
        self.bought[purchase.link] = await Shopper(shop, person, FOLLOWERS, wishes).buy()
        if purchase.thanks:
            await self.owner.credit(person, THANKS, "thanks")
        await self._follow(purchase)
        if purchase.thanks:
            await shop.until(lambda: any("thanks" in message.text for message in person.heard_messages))

    async def _buy_together(self) -> None:
        """All of it in one mass order, to its report and the end of each."""
        purchases = self.plan.purchases
        person = self.people[purchases[0].link]
        await self._welcome(person)
        lines = [(purchase.link, purchase.quantity) for purchase in purchases]
        self.bought = await MassShopper(self.shop, person, lines).buy()
        panel = asyncio.create_task(self._work())
        try:
            async with asyncio.TaskGroup() as group:
                for purchase in purchases:
                    group.create_task(self._follow(purchase))
            await self.shop.until(lambda: any(REPORT in message.text for message in person.heard_messages))
        finally:
            panel.cancel()

    async def _work(self) -> None:
        """The panel brings to its end what it takes, at once."""
        while True:
            await self.shop.panel.until(lambda: any(not order.closed for order in self.shop.panel.orders.values()))
            for purchase in self.plan.purchases:
                self._move(purchase)

    async def _follow(self, purchase: Purchase) -> None:
        """Until the customer knows how the order ended."""
        number, person = self.bought[purchase.link], self.people[purchase.link]
        seen, state = 0, ""
        while state not in ENDED:
            seen, state = await self._next(person, number, seen)
            if state == "Being checked":
                panel_order = next((each.id for each in self.taken(purchase.link)), None)
                await self.owner.decide(number, panel_order, resend=purchase.resend)
                await self.owner.reopen()
            elif state in {"Pending", "In progress"}:
                self._move(purchase)

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
