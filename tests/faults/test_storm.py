"""News through bad weather at Telegram's: everybody is told, in order, and hardly anybody twice."""

import re
from collections.abc import Iterator
from random import Random

import pytest

from bot.demo.telegram import Fault
from bot.demo.telegram.faults import CARRIED_OUT
from bot.demo.telegram.rooms import Room
from bot.domain.mail import CHANNEL
from bot.storage import mail
from bot.storage.database import Database
from tests.engines import db, db_url, second
from tests.faults.leaping import LeapingClock
from tests.faults.storm import BadWeather, PostOffice, post_office
from tests.model.profile import chosen, proved, say

__all__ = ["db", "db_url", "second"]

MINUTE = 60.0
# Of a thousand messages, at most so many may be said twice.
DOUBLES = 10
STATES = {"Waiting": "waiting", "Pending": "pending", "In progress": "in_progress", "Completed": "completed"}
# How a customer's news begins, and a line of the channel; on its way it is HTML.
HEADING = re.compile(rf"^(?:<b>)?#(\d+) · (?:.+ · )?({'|'.join(STATES)})", re.MULTILINE)

# An order's number and its state.
Line = tuple[int, str]


@pytest.fixture
def engine_name() -> str:
    """News are the same on both engines."""
    return "sqlite"


@pytest.fixture
def clock() -> LeapingClock:
    """The time of the books, of the bot and of Telegram."""
    return LeapingClock()


async def test_orders_end_in_a_storm(db: Database, second: Database, clock: LeapingClock) -> None:
    """While orders end, a fifth of all calls fail: all are told in order, twice only after an ambiguous send."""
    profile = chosen()
    count = 1000 if profile.proving else 60
    say(f"storm: {count} orders, seed {profile.seed}")
    luck = Random(profile.seed)
    async with post_office(db, second, clock, customers=count // 4) as post:
        weather = post.telegram.world.faults = BadWeather(luck)
        await post.sell(count)
        while await post.move(luck):
            await post.tell(MINUTE)
        weather.over = True
        await post.tell(2 * MINUTE)
        assert await post.untold() == []
        doubles = sum([await _doubles(post, room) for room in (*post.customers, post.channel)])
        calls = post.telegram.sent("sendMessage")
        messages = sum(call.outcome in {"ok", *CARRIED_OUT} for call in calls)
        assert messages > 3 * count
        assert any(weather.met[kind] for kind in CARRIED_OUT)
        assert doubles * 1000 < messages * DOUBLES
        # Telegram itself found nothing to refuse: what it said no to was ordered.
        refused = [call for call in calls if not call.ok]
        assert len(refused) == sum(weather.met.values())
        assert len(refused) > len(calls) / 6
    proved(
        f"{count} orders ended in a storm, {len(refused)} of {len(calls)} calls failed: {messages} messages in order, "
        f"{doubles} said twice after an answer was lost, 0 lost (seed {profile.seed})"
    )


async def _doubles(post: PostOffice, room: Room) -> int:
    """How many messages in a chat said something again, each right after one that Telegram took and did not confirm.

    Apart from that the chat was told what the shop decided on, in that order.
    """
    doubles, lost = 0, set[Line]()
    told: list[Line] = []
    for call in post.telegram.sent("sendMessage", chat=room.id):
        if call.outcome not in {"ok", *CARRIED_OUT}:
            continue
        lines = list(_lines(str(call.params["text"])))
        again = [line for line in lines if line in told]
        assert set(again) <= lost
        doubles += bool(again)
        told += [line for line in lines if line not in again]
        lost = set() if call.ok else set(lines)
    heard = [line for message in room.heard_messages for line in _lines(message.text)]
    assert list(dict.fromkeys(heard)) == told == await post.decided(CHANNEL if room is post.channel else room.id)
    return doubles


def _lines(text: str) -> Iterator[Line]:
    return ((int(number), STATES[word]) for number, word in HEADING.findall(text))


async def test_a_busy_channel(db: Database, second: Database, clock: LeapingClock) -> None:
    """What waits for a busy channel is put together, its order is kept, and customers are told meanwhile."""
    lines = 400
    async with post_office(db, second, clock, customers=20) as post:
        await post.tell(MINUTE)
        async with db.write() as tx:
            for number in range(lines):
                line = {"number": number, "service": "Likes", "quantity": 100, "state": "pending"}
                await mail.post(tx, CHANNEL, "channel", line)
            for person in post.customers:
                await mail.post(tx, person.id, "credit", {"amount": 1, "reason": "late", "available": 1})
        post.telegram.fail("sendMessage", Fault.html(502), chat=post.channel.id)
        await post.tell(5)
        waiting = await post.untold()
        assert set(waiting) == {CHANNEL}
        assert len(waiting) > lines / 2
        await post.tell(MINUTE)
        assert await post.untold() == []
        assert await _doubles(post, post.channel) == 0
        assert len(post.channel.posts) <= lines / 20
