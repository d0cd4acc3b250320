"""What the shop's books say, held against what the panel and Telegram really received."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import text

from bot.storage.database import Database
from tests.faults.laws import Verdict, always
from tests.faults.plans import LOST, Purchase
from tests.faults.stories import DOLLAR, ENDED, REPORT, Story, told

# An order of ten costs 117 ten-thousandths: 0.90 a thousand and 30 %.
TEN = 117
WORDS = {"completed": "Completed", "partial": "Partial", "canceled": "Canceled", "refused": "Refused"}
QUERIES = {
    "orders": "SELECT id, user_id, state, panel_order, price, held, captured, refunded, answers, batch_id, created_at "
    "FROM orders",
    "attempts": "SELECT id, order_id, outcome FROM attempts",
    "credits": "SELECT t.user_id, p.amount FROM transfers t JOIN postings p ON p.transfer_id = t.id "
    "WHERE t.kind = 'credit' AND p.account = 'wallet'",
    "wallets": "SELECT user_id, balance FROM wallets",
    "batches": "SELECT id, user_id FROM batches WHERE confirmed_at IS NOT NULL",
}


async def judge(story: Story) -> Verdict:
    """Compare all there is to compare."""
    return await Judge(story).verdict()


class Judge:
    """One story and the books it left."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.shop = story.shop
        self.books: dict[str, Any] = {}
        self.found = Verdict()

    async def verdict(self) -> Verdict:
        """What came of it."""
        await self._read()
        self._orders()
        for purchase in self.story.plan.purchases:
            self._purchase(purchase)
        self._credits()
        self._uncertain()
        self._mass()
        await always(self.shop, self.found, broken=self.story.plan.broken)
        return self.found

    async def _read(self) -> None:
        db = Database(f"sqlite+aiosqlite:///{self.shop.folder / 'shop.db'}")
        try:
            async with db.read() as tx:
                self.books = {name: (await tx.conn.execute(text(query))).all() for name, query in QUERIES.items()}
        finally:
            await db.close()

    def _orders(self) -> None:
        """Every order that a chat names is in the books, with its link; every purchase is one order."""
        books = {row.id: (row.user_id, json.loads(row.answers)["link"]) for row in self.books["orders"]}
        bought = self.story.bought.items()
        lost = [number for link, number in bought if books.get(number) != (self.story.people[link].id, link)]
        self.found.counted["orders"] += len(self.story.bought)
        self.found.law("lost orders", len(lost), f"{lost}: not in the books")
        self.found.law("doubled orders", len(books) - len(self.story.bought))

    def _purchase(self, purchase: Purchase) -> None:
        """What the panel took, what the books say of it, what was paid and what the customer was told."""
        number = self.story.bought[purchase.link]
        received = sum(add["link"] == purchase.link for add in self.shop.panel.adds)
        attempts = sum(row.order_id == number for row in self.books["attempts"])
        taken = self.story.taken(purchase.link)
        self.found.counted["adds"] += received
        self.found.counted["sent again by an admin"] += self.story.owner.resent[number]
        self.found.law("adds without an attempt", max(received - attempts, 0), f"of order {number}")
        self.found.law("doubled adds", max(received - 1 - self.story.owner.resent[number], 0), f"of order {number}")
        [order] = [row for row in self.books["orders"] if row.id == number]
        price = purchase.quantity // 10 * TEN
        paid, state = (0, "") if not taken else _worth(purchase, price)
        ids: list[str | None] = [each.id for each in taken]
        self.found.law(
            "lost orders",
            order.panel_order not in (ids or [None]),
            f"{number}: {order.panel_order}, the panel has {ids}",
        )
        money = (order.price, order.held, order.captured, order.refunded)
        self.found.law("wrong sums", money != (price, 0, paid, price - paid), f"in order {number}: {money}, not {paid}")
        ends = {said for _, said in told(self.story.people[purchase.link], number)} & ENDED
        self.found.counted[f"ended {order.state}"] += 1
        self.found.law("wrong ends", bool(taken) and WORDS.get(order.state) != state, f"{number}: {order.state}")
        self.found.law("ends not told", ends != {WORDS.get(order.state)}, f"{number}: {order.state}, told {ends}")

    def _credits(self) -> None:
        """Every credit that was typed is in the books once, and a wallet holds what was not spent."""
        typed = Counter({(who, dollars * DOLLAR): times for (who, dollars), times in self.story.owner.credits.items()})
        given = Counter((row.user_id, row.amount) for row in self.books["credits"])
        self.found.counted["credits"] += typed.total()
        self.found.law("lost credits", (typed - given).total(), typed - given)
        self.found.law("doubled credits", (given - typed).total(), given - typed)
        should: Counter[int] = Counter()
        for (who, amount), times in typed.items():
            should[who] += amount * times
        for row in self.books["orders"]:
            should[row.user_id] -= row.captured
        wallets = {row.user_id: row.balance for row in self.books["wallets"] if row.balance}
        self.found.law("wrong wallets", wallets != +should, f"{wallets}, not {dict(should)}")

    def _mass(self) -> None:
        """A mass order is one decision: all of its orders, at one moment, or none; and its customer has the report."""
        plan, lines = self.story.plan, [row for row in self.books["orders"] if row.batch_id is not None]
        moments = {(row.batch_id, row.created_at) for row in lines}
        self.found.counted["mass orders"] += len(self.books["batches"])
        self.found.law("torn mass orders", len(lines) != len(plan.purchases) * plan.mass or len(moments) != plan.mass)
        self.found.law("doubled mass orders", len(self.books["batches"]) - plan.mass)
        reports = [each for each in self.story.heard if REPORT in each.text]
        few = plan.mass <= len(reports) <= plan.mass * (1 + self.shop.kills)
        self.found.law("reports untold, or told too often", not few, len(reports))

    def _uncertain(self) -> None:
        """An order is uncertain only where its call was in flight at a kill, or where the panel lost its answer."""
        links = {number: link for link, number in self.story.bought.items()}
        answers = {each.link: each.answer for each in self.story.plan.purchases}
        failed = Counter(
            each.fields["link"] for each in self.shop.panel.requests if each.action == "add" and each.fault is not None
        )
        lost = {link: failed[link] for link, answer in answers.items() if answer in LOST}
        unknown = [row for row in self.books["attempts"] if row.outcome == "unknown"]
        strange = Counter(links[row.order_id] for row in unknown if row.id not in self.shop.in_flight) - Counter(lost)
        self.found.counted["uncertain"] += len(unknown)
        self.found.counted["in flight at a kill"] += len(self.shop.in_flight)
        self.found.counted["answers lost by the panel"] += sum(lost.values())
        self.found.law("uncertain for no reason", strange.total(), strange)


def _worth(purchase: Purchase, price: int) -> tuple[int, str]:
    """What an order that the panel ended so costs its customer, and the end's name."""
    match purchase.end:
        case "Partial":
            return price - price * purchase.remains // purchase.quantity, "Partial"
        case "Canceled":
            return 0, "Canceled"
        case _:
            return price, "Completed"


def in_words(total: Counter[str]) -> str:
    """What stories came to, in a line."""
    laws = (
        "lost orders",
        "torn mass orders",
        "doubled adds",
        "lost credits",
        "doubled credits",
        "lost updates",
        "unbalanced transfers",
    )
    done = ", ".join(
        f"{total[each]} {each}" for each in ("orders", "mass orders", "adds", "credits", "updates", "transfers")
    )
    kept = ", ".join(f"{total[each]} {each}" for each in laws)
    killed, lost = total["in flight at a kill"], total["answers lost by the panel"]
    doubt = f"{total['uncertain']} uncertain of {killed} calls in flight at a kill and {lost} answered by nobody"
    return f"{done}: {kept}, {doubt}"
