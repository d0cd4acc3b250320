"""How a life goes: a busy time, an end to it, and as long as it takes until everything has ended."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from bot.storage.tables import order_events, orders
from tests.clock import FakeClock
from tests.model import verdict
from tests.model.admins import Admins
from tests.model.askers import Askers
from tests.model.between import Between
from tests.model.books import Books
from tests.model.customers import Customers
from tests.model.life import Life
from tests.model.lists import Lists
from tests.model.verdict import Complaint, Verdict

# Seconds between two turns while the shop is busy, on average; and when it is only waited for.
BUSY, WAITING = 45.0, 3_600.0
# An hour each; what has not ended after two months never will.
LONGEST_WAIT = 24 * 60
DAY = 86_400.0
# As long as the shop looks after what has ended, in days, and one more.
AFTERMATH = 8
PROGRESS = 250


@dataclass
class Crowd:
    """Everybody who does something with the shop."""

    customers: Customers
    lists: Lists
    askers: Askers
    admins: Admins

    @classmethod
    def of(cls, life: Life) -> "Crowd":
        """All of them, with nothing done yet."""
        customers = Customers(life)
        return cls(customers, Lists(life, customers), Askers(life, customers), Admins(life))

    async def act(self, *, come: bool) -> None:
        """Each does what comes next; somebody new may ``come``. The admins have more time when nobody does."""
        await self.customers.act(come=come)
        await self.lists.act(come=come)
        await self.askers.act()
        await self.customers.life.loops()
        await self.admins.act(eager=not come)

    @property
    def going(self) -> bool:
        """Whether somebody is in the middle of something."""
        return bool(self.customers.going) or self.lists.going


@dataclass
class Lived:
    """A life that is over."""

    life: Life
    customers: Customers
    admins: Admins
    verdict: Verdict

    def story(self, complaint: Complaint) -> str:
        """What is wrong, and everything that happened to the order it concerns."""
        lines = [complaint.what, *([self.life.history.of(complaint.about)] if complaint.about else [])]
        for order in self.verdict.books.orders:
            if complaint.about in (order.answers.get("link"), order.answers.get("username")):
                events = self.verdict.books.events[order.id]
                lines += [f"  {row.at:%d %b %H:%M:%S}  {row.kind} -> {row.state} {row.details}" for row in events]
        return "\n".join(lines)


async def live(books: Books, clock: FakeClock, *, seed: int, wanted: int, say: Callable[[str], None]) -> Lived:
    """Live from ``seed`` until ``wanted`` orders were confirmed, and everything has ended."""
    life = Life.begun(books, clock, seed)
    crowd = Crowd.of(life)
    customers, admins = crowd.customers, crowd.admins
    try:
        await life.open_shop()
        for panel in life.panels.values():
            panel.meanwhile = Between(life, customers, admins).meanwhile
        await _busy(life, crowd, wanted, say)
        await _ending(life, crowd, say)
    except BaseException as error:
        error.add_note(f"seed {seed}, turn {life.turns}; what happened last:\n{life.history.end()}")
        raise
    judged = Verdict(life, customers, admins, crowd.lists, crowd.askers, await verdict.read(life))
    return Lived(life, customers, admins, judged)


async def _busy(life: Life, crowd: Crowd, wanted: int, say: Callable[[str], None]) -> None:
    told, customers = 0, crowd.customers
    while customers.ordered < wanted:
        life.clock.advance(BUSY * life.chance.expovariate(1) + 0.001)
        await crowd.act(come=True)
        if customers.ordered // PROGRESS > told:
            told = customers.ordered // PROGRESS
            say(f"  {customers.ordered} orders, {life.turns} turns, {clock_says(life)}")


def clock_says(life: Life) -> str:
    """The shop's day and hour."""
    return f"{life.clock():%d %b %H:%M}"


async def _ending(life: Life, crowd: Crowd, say: Callable[[str], None]) -> None:
    """Nobody comes any more, nothing goes wrong any more, and admins have time."""
    life.calm = True
    for panel in life.panels.values():
        panel.clear_up()
    for _ in range(LONGEST_WAIT):
        life.clock.advance(WAITING)
        await crowd.act(come=False)
        if not crowd.going and not await _open(life):
            break
    say(f"  everything has ended, {life.turns} turns, {clock_says(life)}")
    for _ in range(AFTERMATH):
        life.clock.advance(DAY)
        await life.loops()
    while await life.deliver():
        life.clock.advance(60)


async def _open(life: Life) -> bool:
    statement = select(orders.c.id).where(or_(orders.c.held > 0, orders.c.question.is_not(None)))
    async with life.books.second.read() as tx:
        return await tx.conn.scalar(statement.limit(1)) is not None


async def figures(lived: Lived) -> dict[str, int]:
    """What a proof reports."""
    life, books = lived.life, lived.verdict.books
    async with life.books.second.read() as tx:
        kinds = select(order_events.c.kind, func.count()).group_by(order_events.c.kind)
        events = {row[0]: int(row[1]) for row in await tx.conn.execute(kinds)}
    ended = {f"ended {state}": 0 for state in sorted(verdict.ENDED)}
    for order in books.orders:
        ended[f"ended {order.state}"] += 1
    return {
        "orders": len(books.orders),
        "adds": sum(panel.adds for panel in life.panels.values()),
        "parcels": sum(len(panel.parcels) for panel in life.panels.values()),
        "uncertain": events.get("uncertain", 0),
        "late answers": events.get("late_answer", 0),
        "refunds": sum(order.refunded > 0 for order in books.orders),
        "taken back": events.get("canceled_by_customer", 0),
        "mistakes of admins": sum(lived.admins.mistakes.values()),
        **ended,
        **dict(sorted(life.history.figures.items())),
    }
