"""A hundred updates while the process is killed again and again: none lost, none done twice, each chat in its order."""

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.demo.telegram import Person
from tests.conversations.shop import offers
from tests.faults.mortal import Death, MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.together import together
from tests.model.profile import chosen, proved, say

# Every point that an update passes: fetched, stored, handled, answered, and the answer noted.
ON_ITS_WAY = ("updates", "received.commit", "handled.commit", "screen", "shown.commit")
POINTS = [f"{point}.{side}" for point in ON_ITS_WAY for side in ("before", "after")]
# At which pass the process dies, first and last: at one that is sure to come in every life.
FEW = (1, 4)
PASSES = {"updates.before": (3, 3)} | dict.fromkeys(POINTS[1:4], (1, 1))

UPDATES, CUSTOMERS = 100, 4
# How many are sent in each life that is killed; the rest is for the last life.
IN_A_LIFE = 9
# How often a proof does all of it.
ROUNDS = 20


@dataclass(frozen=True)
class Said:
    """What somebody writes: the admin gives a credit with ``number`` for its reason, others ask for such an order."""

    person: Person
    number: int
    text: str


async def test_a_hundred_updates(tmp_path: Path, nursery: Nursery, empty_books: bytes) -> None:
    """Killed at each of the ten points an update passes: all are handled, each once, and in the order of their chat."""
    profile = chosen()
    seeds = [profile.seed + place for place in range(ROUNDS if profile.proving else 1)]

    async def survive(seed: int) -> None:
        say(f"updates: seed {seed}")
        luck = random.Random(seed)
        deaths = [Death(point, luck.randint(*PASSES.get(point, FEW))) for point in POINTS]
        luck.shuffle(deaths)
        async with mortal_shop(tmp_path / str(seed), nursery, *offers("alpha", "Default"), books=empty_books) as shop:
            said = await _said_to_a_mortal(shop, deaths, luck)
            await _all_is_done(shop, said, len(deaths))

    await together(survive, seeds, at_once=4)
    total = UPDATES * len(seeds)
    proved(f"{total} updates and {len(seeds) * len(POINTS)} kills at {len(POINTS)} points: 0 lost, 0 done twice")


async def _said_to_a_mortal(shop: MortalShop, deaths: Sequence[Death], luck: random.Random) -> dict[int, Said]:
    """Say a hundred things to a shop that dies of all these deaths meanwhile; each by the id of its update."""
    first, *shop.deaths_to_come = deaths
    await shop.open(first.point, first.count)
    people = [shop.telegram.person(5001 + place, f"Customer {place}") for place in range(CUSTOMERS)]
    for person in people:
        await person.send("/start")
    await shop.until(lambda: all(person.heard_messages for person in people))
    await shop.arm()
    said: dict[int, Said] = {}
    left = _hundred(shop.admin, people, luck)
    for kills in range(1, len(deaths) + 1):
        now, left = left[:IN_A_LIFE], left[IN_A_LIFE:]
        said |= {await each.person.send(each.text): each for each in now}
        await shop.until(_killed(shop, kills))
    said |= {await each.person.send(each.text): each for each in left}
    last = {each.person.id: each for each in left}.values()
    await shop.until(lambda: all(_answers(shop, each.person)[-1:] == [each.number] for each in last))
    await shop.close()
    return said


def _killed(shop: MortalShop, kills: int) -> Callable[[], bool]:
    return lambda: shop.kills >= kills


def _hundred(admin: Person, people: Sequence[Person], luck: random.Random) -> list[Said]:
    """What is going to be said: a good half by the admin, and at the end everybody says something."""
    everybody = [admin, *people]
    speakers = everybody * (UPDATES // 2 // len(everybody)) + [admin] * (UPDATES // 2)
    luck.shuffle(speakers)
    speakers[-len(everybody) :] = everybody
    return [
        Said(who, number, f"/credit {luck.choice(people).id} 0.01 no. {number}" if who is admin else f"/order {number}")
        for number, who in enumerate(speakers, start=1001)
    ]


def _answers(shop: MortalShop, person: Person) -> list[int]:
    """The numbers of what this person was answered, in the order of the answers."""
    words = r"Reason: no\. (\d+)" if person is shop.admin else r"There is no order #(\d+)"
    found = (re.search(words, message.text) for message in person.heard_messages)
    return [int(match[1]) for match in found if match is not None]


async def _all_is_done(shop: MortalShop, said: dict[int, Said], deaths: int) -> None:
    assert len(said) == UPDATES
    rows = await shop.rows("SELECT update_id, done_at, failures, set_aside FROM inbox")
    done = {row.update_id: row.done_at for row in rows if row.done_at and not row.failures and not row.set_aside}
    assert said.keys() <= done.keys()
    assert len(rows) == UPDATES + CUSTOMERS
    ordered = [f"no. {each.number}" for each in said.values() if each.person is shop.admin]
    given = await shop.rows("SELECT reason FROM transfers WHERE kind = 'credit' ORDER BY id")
    assert [row.reason for row in given] == ordered
    assert len(await shop.rows("SELECT id FROM outbox WHERE kind = 'credit'")) == len(ordered)
    for person in {each.person for each in said.values()}:
        mine = {update: each.number for update, each in said.items() if each.person is person}
        handled = [done[update] for update in mine]
        assert handled == sorted(handled)
        # A screen is lost with the process; what was answered was answered once, and in its turn.
        answers = _answers(shop, person)
        assert answers == [number for number in mine.values() if number in answers]
        assert len(mine) - len(answers) <= deaths
    assert await shop.command("audit") == (0, "The books balance.\n")


# The books refuse the poison every time, whatever the shop does: nothing else in it fails so reliably.
POISON = """
CREATE TRIGGER poison BEFORE INSERT ON transfers WHEN NEW.reason = 'poison'
BEGIN SELECT json('poison'); END
"""


async def test_poison_and_kills(tmp_path: Path, nursery: Nursery, empty_books: bytes) -> None:
    """What always fails is set aside the third time, kills or not; it has no effect, and its chat goes on."""
    async with mortal_shop(tmp_path, nursery, *offers("alpha", "Default"), books=empty_books) as shop:
        anna, admin = shop.anna, shop.admin
        shop.deaths_to_come = [Death("failed.commit.after")]
        await shop.open("failed.commit.before")
        await anna.send("/start")
        await shop.until(lambda: anna.heard_messages)
        with closing(sqlite3.connect(tmp_path / "shop.db")) as books:
            books.execute(POISON)
        await shop.arm()
        poison = await admin.send(f"/credit {anna.id} 1 poison")
        await admin.send(f"/credit {anna.id} 1 no. 1001")
        await anna.send("/order 1002")
        await shop.until(lambda: _answers(shop, anna) == [1002])
        await shop.until(lambda: _answers(shop, admin) == [1001])
        assert shop.kills == 2
        assert [tuple(row) for row in await shop.rows("SELECT reason FROM transfers")] == [("no. 1001",)]
        aside = await shop.rows("SELECT update_id, failures, done_at FROM inbox WHERE set_aside")
        assert [tuple(row) for row in aside] == [(poison, 3, None)]
        assert len(await shop.rows("SELECT id FROM outbox WHERE kind = 'alert'")) == 1
        await shop.close()
