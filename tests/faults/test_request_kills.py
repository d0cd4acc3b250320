"""The shop killed between any two steps of a refill and of a stop, and at any moment: asked for once, and told.

``SHOP_STORY="refill.after:7" make test ARGS=tests/faults/test_request_kills.py`` tells a story again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.demo.panel import DemoOrder, DemoRefill, Fault
from bot.points import OF_REQUESTS
from tests.faults.laws import Verdict, always
from tests.faults.mortal import Death, MortalShop
from tests.faults.nursery import Nursery
from tests.faults.owner import Owner
from tests.faults.requester import Requester
from tests.faults.shopper import Shopper
from tests.faults.stories import ENDED, FOLLOWERS, WELCOME, told
from tests.faults.telling import RANDOM, Stage, names
from tests.model.profile import chosen, proved

# What becomes of the first call that asks for something.
ANSWERS: Mapping[str, Fault | None] = {
    "taken": None,
    "slow": Fault.slow(0.3),
    "throttled": Fault.throttled(1),
    "refused": Fault.refused("Incorrect order ID"),
    "reset, taken": Fault.reset(taken=True),
    "reset, not taken": Fault.reset(taken=False),
    "a gateway's page, not taken": Fault.http_error(502, taken=False),
}
TAKEN = ("taken", "slow")
LOST = tuple(list(ANSWERS)[4:])
KINDS = ("refill", "cancel")
# Of the points of orders, those that requests pass too.
SHARED = ("overdue.commit.before", "overdue.commit.after", "postponed.commit.before", "postponed.commit.after")
FEW = ("wanted.commit.before", "refill.before", "refill.after", "asked.commit.before", "overdue.commit.before")
OF_REFILLS = ("refill", "refill_status", "followed", "postponed")
SEEN = ("handled.commit.after", "screen.before", "news.after", "delivered.commit.before", "shown.commit.before")
# From the beginning to the end, which takes about three seconds.
LONGEST = 3.0


@dataclass(frozen=True)
class Plan:
    """What becomes of a wish, by its ``kinds``; the process is killed there, for certain ``sure`` times.

    ``unasked``: so many questions about the refill fail.
    """

    name: str
    answers: Mapping[str, str]
    deaths: tuple[Death, ...]
    sure: int
    unasked: int

    def __str__(self) -> str:
        again = f'again: SHOP_STORY="{self.name}" make test ARGS=tests/faults/test_request_kills.py'
        return f"{self.name}: {dict(self.answers)}, killed {', '.join(map(str, self.deaths))}\n  {again}"


def planned(name: str) -> Plan:
    """The story of this name: "POINT:SEED", or "random:SEED"."""
    luck, point = Random(name), name.rpartition(":")[0]
    what = point.partition(".")[0]
    first = "refill" if what in OF_REFILLS else "cancel" if what == "cancel" else luck.choice(KINDS)
    answers = {first: luck.choice(TAKEN)}
    if luck.random() < 0.5:
        answers[KINDS[first == "refill"]] = luck.choice(list(ANSWERS))
    deaths = [Death(seconds=luck.uniform(0.5, LONGEST)) if point == RANDOM else Death(point)]
    if what == "overdue":
        own = (f"{first}.before", f"{first}.after", "asking.commit.after", "asked.commit.before")
        deaths.insert(0, Death(luck.choice(own)))
    sure = len(deaths)
    if luck.random() < 0.4:
        somewhere = Death(luck.choice(SEEN), luck.randint(1, 6))
        deaths.append(somewhere if luck.random() < 0.5 else Death(seconds=luck.uniform(0.01, LONGEST)))
    return Plan(name, answers, tuple(deaths), sure, unasked=luck.randint(1, 2) if what == "postponed" else 0)


@dataclass
class Story:
    """Goes as planned. ``made``: the wishes, by kind; ``panel_orders``: the panel's ids of their orders."""

    shop: MortalShop
    plan: Plan
    made: dict[str, Requester] = field(default_factory=dict)
    panel_orders: dict[str, str] = field(default_factory=dict)

    async def live(self) -> None:
        """From the opening of the shop until everybody was told what came of it."""
        shop, anna = self.shop, self.shop.anna
        for kind, answer in self.plan.answers.items():
            fault = ANSWERS[answer]
            if fault is not None:
                shop.panel.fail(kind, fault)
        shop.panel.fail("refill_status", Fault.refused("Invalid API key"), times=self.plan.unasked)
        shop.deaths_to_come = list(self.plan.deaths)
        await shop.live()
        await shop.insist(lambda: anna.send("/start"), lambda: anna.heard_messages)
        await Owner(shop).credit(anna, WELCOME, "welcome")
        await shop.until(lambda: any("welcome" in message.text for message in anna.heard_messages))
        for kind in self.plan.answers:
            await self._buy(kind)
        for wish in self.made.values():
            await wish.ask()
        async with asyncio.TaskGroup() as group:
            for kind, wish in self.made.items():
                group.create_task(self._refilled(wish) if kind == "refill" else self._stopped(wish))
        await self._known()
        await shop.rest(self.plan.sure)

    async def _known(self) -> None:
        """Until no request is open, and what came of each was told: an order may have ended before that."""
        shop = self.shop
        while await self._unknown():
            calls = len(shop.telegram.calls)
            await shop.sees(lambda: len(shop.telegram.calls) > calls, seconds=1.0)  # noqa: B023  (awaited here)

    async def _unknown(self) -> bool:
        rows = await self.shop.rows("SELECT kind, state FROM requests")
        ends = [row for row in rows if row.state in {"refused", "lost"}]
        still_open = any(row.state in {"wanted", "asking"} for row in rows)
        return still_open or not all(self.made[row.kind].told(row.state) for row in ends)

    async def _buy(self, kind: str) -> None:
        """An order of the customer's that the panel has, and has done where it is to be refilled."""
        shop, link = self.shop, f"https://instagram.com/{kind}"
        number = await Shopper(shop, shop.anna, FOLLOWERS, {"link": link, "quantity": "100"}).buy()
        self.made[kind] = Requester(shop, shop.anna, number, kind)
        await self._settled(number)
        order = next(each for each in shop.panel.orders.values() if each.fields["link"] == link)
        self.panel_orders[kind] = order.id
        if kind == "refill":
            shop.panel.set_status(order.id, "Completed")
            await shop.until(lambda: "Completed" in self._said(number))

    async def _settled(self, number: int) -> None:
        """Until the panel has an order for certain: one whose answer was lost at a kill is decided by the admin."""
        shop = self.shop
        while await shop.until(lambda: self._said(number) & {"Pending", "Being checked"}) == {"Being checked"}:
            taken = [order for order in shop.panel.orders.values() if not await self._is_known(order)]
            await Owner(shop).decide(number, taken[0].id if taken else None, resend=True)

    async def _is_known(self, order: DemoOrder) -> bool:
        return bool(await self.shop.rows("SELECT id FROM orders WHERE panel_order = :id", id=order.id))

    def _said(self, number: int) -> set[str]:
        return {state for _, state in told(self.shop.anna, number)} & {"Pending", "Being checked", *ENDED}

    async def _refilled(self, wish: Requester) -> None:
        """The panel refills what it took; until the customer knows."""
        shop = self.shop
        panel = asyncio.create_task(self._refill(self.panel_orders["refill"]))
        try:
            await shop.until(wish.outcome)
        finally:
            panel.cancel()

    async def _refill(self, panel_order: str) -> None:
        """The panel does what it took, and what it should never have been asked again."""

        def begun() -> list[DemoRefill]:
            refills = self.shop.panel.refills.values()
            return [each for each in refills if each.order == panel_order and each.status != "Completed"]

        while True:
            await self.shop.panel.until(lambda: bool(begun()))
            for each in begun():
                each.status = "Completed"

    async def _stopped(self, wish: Requester) -> None:
        """The panel stops what it took, and does the rest of what it did not; until the customer knows the end."""
        shop, panel_order = self.shop, self.panel_orders["cancel"]
        order = shop.panel.orders[panel_order]
        panel = asyncio.create_task(self._stop(order))
        try:
            await shop.until(lambda: wish.outcome() or self._said(wish.number) & ENDED)
            if order.cancel_asked_at is None and not order.closed:
                shop.panel.set_status(panel_order, "Completed")
            await shop.until(lambda: self._said(wish.number) & ENDED)
        finally:
            panel.cancel()

    async def _stop(self, order: DemoOrder) -> None:
        await self.shop.panel.until(lambda: order.cancel_asked_at is not None)
        self.shop.panel.set_status(order.id, "Canceled")


async def tell(shop: MortalShop, plan: Plan) -> Verdict:
    """A story of requests, and what is wrong after it."""
    story = Story(shop, plan)
    await story.live()
    return await judge(story)


async def judge(story: Story) -> Verdict:
    """No call too many, lost only for a reason, and the customer knows what came of each."""
    shop, found = story.shop, Verdict()
    rows = await shop.rows("SELECT id, order_id, kind, state FROM requests")
    mine = {(each.number, kind): each for kind, each in story.made.items()}
    found.law("requests lost or doubled", sorted((row.order_id, row.kind) for row in rows) != sorted(mine))
    for row in rows:
        answer, wish = story.plan.answers[row.kind], mine[row.order_id, row.kind]
        calls = _calls(shop, row.kind, story.panel_orders[row.kind])
        proof = answer == "throttled"
        lost = row.state == "lost"
        found.counted["requests"] += 1
        found.counted["calls"] += calls
        found.counted["lost"] += lost
        found.counted["in flight at a kill"] += lost and row.id in shop.asking
        found.law("asked twice", max(calls - 1 - proof, 0), f"{row.kind} of order {row.order_id}")
        found.law("lost for no reason", lost and row.id not in shop.asking and answer not in LOST, answer)
        found.law("never asked", not calls and not lost, row.state)
        ends = {"refused", "lost"} | ({"done"} if row.kind == "refill" else {"asked"})
        found.law("without an end", row.state not in ends, row.state)
        if row.state != "asked":
            times = wish.told(row.state)
            found.law("ends untold, or told too often", not 1 <= times <= 1 + shop.kills, f"{row.state}: {times}")
    await always(shop, found)
    return found


def _calls(shop: MortalShop, kind: str, panel_order: str) -> int:
    """How often the panel was asked for this about an order."""
    asked = [each.fields for each in shop.panel.requests if each.action == kind]
    return sum(panel_order in (each.get("orders") or each["order"]).split(",") for each in asked)


async def test_kills_between_the_steps_of_a_request(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the process is killed: a panel is asked once, and what nobody can know is called lost."""
    points = (*OF_REQUESTS, *SHARED) if chosen().proving else FEW
    plans = [planned(name) for name in names(points, part=2)]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    reached = {plan.name.partition(":")[0] for plan in plans}
    proved(f"{total['kills']} kills at {len(reached)} points of requests, {in_words(total)}")


async def test_kills_at_random_while_something_is_asked_for(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lives that end at any moment: the same."""
    plans = [planned(name) for name in names([RANDOM], part=2)]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    proved(f"{total['kills']} kills at random while something is asked for, {in_words(total)}")


def in_words(total: Counter[str]) -> str:
    """What stories came to, in a line."""
    done = f"{total['requests']} requests, {total['calls']} calls, {total['updates']} updates"
    laws = ("requests lost or doubled", "asked twice", "ends untold, or told too often", "lost updates")
    kept = ", ".join(f"{total[each]} {each}" for each in laws)
    return f"{done}: {kept}; {total['lost']} lost, {total['in flight at a kill']} of them in flight at a kill"
