"""What goes on in a shop while it is killed, and where it is killed: all of it drawn from a name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from bot.demo.panel import Fault
from bot.points import OF_ORDERS
from tests.faults.mortal import Death
from tests.faults.telling import RANDOM

# What becomes of an order's first ``add``.
ANSWERS: Mapping[str, Fault | None] = {
    "placed": None,
    "slow": Fault.slow(0.3),
    "refused": Fault.refused("Incorrect link"),
    "reset, taken": Fault.reset(taken=True),
    "reset, not taken": Fault.reset(taken=False),
    "cut, taken": Fault.cut(taken=True),
    "closed, taken": Fault.close(taken=True),
    "a gateway's page, not taken": Fault.http_error(502, taken=False),
}
TAKEN = ("placed", "slow")
LOST = tuple(list(ANSWERS)[3:])
# How the panel ends an order.
ENDS = ("Completed", "Completed", "Partial", "Canceled")
# What one order has at least of each of these, counted from the beginning of the first life: its customer's /start, the
# admin's /credit and /order, a category, a service, a link, a quantity; and the news of credit, placing and end.
STEPS, NEWS = 7, 3
# The same of a mass order: /start, /credit, the lines, Done, Confirm; and the news of credit, an end and the report.
MASS_STEPS = 5
STEPPING = ("updates", "screen", "received", "handled", "shown")
TELLING = ("news", "delivered")
PLACING = ("confirmed", "claimed", "add", "settled")
FOLLOWING = ("status", "tracked")
# The points that an order passes where nothing goes wrong.
USUAL = [point for point in OF_ORDERS if point.partition(".")[0] in {*STEPPING, *TELLING, *PLACING, *FOLLOWING}]
# Where a process ends with its orders' fate unknown, so that the next finds their leases expired.
IN_FLIGHT = ("claimed.commit.after", "add.before", "add.after", "settled.commit.before")
# The third time a broken update is set aside.
FAILURES = 3
MOST_DEATHS = 3
# Of a mass order.
LEAST_LINES, MOST_LINES = 2, 4


@dataclass(frozen=True)
class Purchase:
    """What one customer orders, and what becomes of it.

    ``answer`` is of ANSWERS, ``end`` of ENDS with so many ``remains``, after In progress where ``moves``. An admin who
    has to decide sends again what the panel does not have, or refunds it. ``thanks``: a second credit meanwhile.
    """

    link: str
    quantity: int
    answer: str
    end: str
    remains: int
    moves: bool
    resend: bool
    thanks: bool


@dataclass(frozen=True)
class Plan:
    """A story to come. ``sure``: so many of its deaths come for certain, the others where there is time.

    ``unasked``: so many ``status`` calls fail, ``untold``: so many posts to the channel. ``broken``: an update comes
    that nobody can read. ``mass``: one customer orders all of it at once.
    """

    name: str
    deaths: tuple[Death, ...]
    sure: int
    purchases: tuple[Purchase, ...]
    unasked: int
    untold: int
    broken: bool
    mass: bool

    def __str__(self) -> str:
        bought = "a mass order, " if self.mass else ""
        killed = f"{self.name}: {bought}killed {', '.join(map(str, self.deaths))}"
        again = f'again: SHOP_STORY="{self.name}" make test ARGS=tests/faults/test_kills.py'
        return "\n  ".join([killed, *map(str, self.purchases), again])


def planned(name: str) -> Plan:
    """The story of this name: "POINT:SEED", in which the process is killed there, or "random:SEED"."""
    point, _, _seed = name.rpartition(":")
    return _at_random(name, Random(name)) if point == RANDOM else _at_point(name, point, Random(name))


def _at_point(name: str, point: str, luck: Random) -> Plan:
    """The process is killed at a pass of this point, and perhaps once more."""
    what, _, _side = point.partition(".")
    first = _purchase(luck, 1, answers=LOST if what in {"balance", "evidence"} else TAKEN)
    lines = _lines(name, first)
    purchases = lines or (first, *_others(luck))
    if what == "postponed":  # an admin who looks for a lost order asks for its status, and gets the failures
        purchases = tuple(replace(each, answer="placed") for each in purchases)
    failing = luck.randint(1, 2)
    passes = {
        **dict.fromkeys(STEPPING, MASS_STEPS if lines else STEPS),
        **dict.fromkeys(TELLING, NEWS),
        **dict.fromkeys(PLACING, len(purchases)),
        **dict.fromkeys(FOLLOWING, 1 if lines else 1 + first.moves),
        **({"confirmed": 1} if lines else {}),
        **dict.fromkeys(("postponed", "undelivered"), failing),
        "failed": FAILURES,
    }
    deaths = [Death(point, luck.randint(1, passes.get(what, 1)))]
    if what == "overdue":
        deaths.insert(0, Death(luck.choice(IN_FLIGHT), luck.randint(1, len(purchases))))
    sure = len(deaths)
    if luck.random() < 0.3:
        deaths.append(_somewhere(luck))
    return Plan(
        name,
        tuple(deaths),
        sure,
        purchases,
        unasked=failing + len(purchases) if what == "postponed" else 0,
        untold=failing if what == "undelivered" else 0,
        broken=what == "failed",
        mass=bool(lines),
    )


def _at_random(name: str, luck: Random) -> Plan:
    """The process is killed at any moment, and up to twice more, at moments or points."""
    deaths = [_sometime(luck), *(_somewhere(luck) for _ in range(luck.randrange(MOST_DEATHS)))]
    first = _purchase(luck, 1, answers=TAKEN)
    lines = _lines(name, first)
    return Plan(
        name,
        tuple(deaths),
        1,
        lines or (first, *_others(luck)),
        unasked=luck.randrange(2),
        untold=luck.randrange(2),
        broken=luck.random() < 0.2,
        mass=bool(lines),
    )


def _lines(name: str, first: Purchase) -> tuple[Purchase, ...]:
    """What is ordered with the first in one mass order, in a third of the stories; else nothing.

    That such an order begins is no news, so the panel goes on to its end at once.
    """
    luck = Random(f"{name} by the list")
    if luck.random() >= 1 / 3:
        return ()
    others = range(2, 1 + luck.randint(LEAST_LINES, MOST_LINES))
    bought = (first, *(_purchase(luck, place, answers=tuple(ANSWERS)) for place in others))
    return tuple(replace(each, moves=False, thanks=False) for each in bought)


def _others(luck: Random) -> tuple[Purchase, ...]:
    return tuple(_purchase(luck, 2 + place, answers=tuple(ANSWERS)) for place in range(luck.choice((0, 0, 1, 1, 2))))


def _purchase(luck: Random, place: int, *, answers: tuple[str, ...]) -> Purchase:
    quantity = 10 * luck.randint(10, 200)
    return Purchase(
        link=f"https://instagram.com/customer{place}",
        quantity=quantity,
        answer=luck.choice(answers),
        end=luck.choice(ENDS),
        remains=luck.randint(1, quantity - 1),
        moves=luck.random() < 0.3,
        resend=luck.random() < 0.6,
        thanks=luck.random() < 0.4,
    )


def _somewhere(luck: Random) -> Death:
    return _sometime(luck) if luck.random() < 0.4 else Death(luck.choice(USUAL), luck.randint(1, 4))


def _sometime(luck: Random) -> Death:
    """While customers order, which takes about two seconds."""
    return Death(seconds=luck.uniform(0.01, 2.0))
