"""Updates in: a start that is over however much comes, and a question before a payment that waits for nobody."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from bot.demo.telegram import ChatMessage, Person
from bot.domain.mail import Received
from bot.paying.stars import Stars
from bot.services import mailroom
from bot.telegram import checkout, receiving
from tests.clock import FakeClock
from tests.security.desk import Desk, DirectSession, open_desk
from tests.services.stage import ANNA, BORIS, FUNDS, OWNER

# More calls than a start needs that has one full batch to fetch.
ENOUGH = 5


class Trickle(DirectSession):
    """A Telegram to whom somebody writes during each call for updates."""

    calls = 0

    async def _result(self, name: str, values: dict[str, Any]) -> Any:
        if name == "getupdates":
            self.calls += 1
            assert self.calls < ENOUGH, "the shop never opens"
            await cast("Person", self.world.rooms[BORIS]).send("/help")
        return await super()._result(name, values)


async def invoice(desk: Desk) -> ChatMessage:
    """Anna's invoice over $5.00."""
    desk.stage.shop.ways = {"stars": Stars(Decimal("0.013"))}
    for text in ("/wallet", "[Top up]", "5"):
        await (desk.anna.tap("Top up") if text == "[Top up]" else desk.anna.send(text))
        await desk.handled()
    return desk.anna.heard_messages[-1]


async def test_a_start_is_over_when_a_batch_is_not_full(tmp_path: Path, clock: FakeClock) -> None:
    """All that had piled up is stored before; what comes meanwhile, one by one, does not keep the shop shut."""
    async with open_desk(tmp_path, clock, session=Trickle) as desk:
        for number in range(receiving.BATCH):
            await desk.anna.send(f"/order {number}")
        assert await desk.receiver.recover() == receiving.BATCH + 2
        await desk.chats.idle.wait()


async def test_the_question_before_a_payment_waits_for_no_writer(tmp_path: Path, clock: FakeClock) -> None:
    """It is answered while somebody else has the books, at the start too, and is written down nowhere."""
    async with open_desk(tmp_path, clock) as desk:
        bill = await invoice(desk)
        await desk.anna.send("/help")
        asked = await desk.anna.checkout(bill)
        async with desk.stage.db.write():
            fetching = asyncio.ensure_future(desk.receiver.fetch())
            assert (await asked.settled()).paid
        await fetching
        await desk.handled()
        again = await desk.anna.checkout(await invoice(desk))
        recovering = asyncio.ensure_future(desk.receiver.recover())
        assert (await again.settled()).paid
        await recovering
        kept = await desk.rows("SELECT update_id FROM inbox WHERE payload LIKE '%pre_checkout%'")
        assert kept == []


async def test_a_question_that_an_older_version_stored_is_over(tmp_path: Path, clock: FakeClock) -> None:
    """It is not asked about at every start for ever."""
    async with open_desk(tmp_path, clock) as desk:
        async with desk.stage.db.write() as tx:
            await mailroom.receive(tx, [Received(5, receiving.NO_CHAT, '{"update_id": 5, "pre_checkout_query": {}}')])
        assert await desk.receiver.recover() == 0
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == []


async def test_an_update_whose_number_was_used_long_ago(tmp_path: Path, clock: FakeClock) -> None:
    """Telegram's numbers begin anew somewhere after a quiet week: what had one before is forgotten first."""
    async with open_desk(tmp_path, clock) as desk:
        number = await desk.anna.send("/wallet")
        async with desk.stage.db.write() as tx:
            await mailroom.receive(tx, [Received(number, ANNA, "{}")])
            await mailroom.pass_over(tx, number)
        clock.advance(mailroom.INBOX_KEPT.total_seconds() + 1)
        assert await desk.receiver.recover() == 1
        await desk.chats.idle.wait()
        assert "Available" in desk.anna.heard_messages[-1].text


async def test_a_command_whose_update_has_a_number_from_long_ago(tmp_path: Path, clock: FakeClock) -> None:
    """The owner's credit of today is not the one of last week, though Telegram's numbers say so."""
    async with open_desk(tmp_path, clock) as desk:
        number = await desk.owner.send(f"/credit {ANNA} 5")
        await desk.handled()
        [(payload,)] = await desk.rows("SELECT payload FROM inbox WHERE update_id = :number", number=number)
        clock.advance(mailroom.INBOX_KEPT.total_seconds() + 1)
        again = json.loads(payload)
        again["message"]["message_id"] += 10
        async with desk.stage.db.write() as tx:
            await mailroom.purge(tx)
            await mailroom.receive(tx, [Received(number, OWNER, json.dumps(again))])
        assert await desk.receiver.recover() == 1
        await desk.chats.idle.wait()
        assert await desk.stage.available() == FUNDS + 100_000
        assert await desk.rows("SELECT set_aside FROM inbox WHERE update_id = :number", number=number) == [(0,)]


def test_an_outage_leaves_time_for_a_payment() -> None:
    """After the longest pause there is still some of what Telegram waits for an answer."""
    assert receiving.LONGEST_PAUSE < checkout.DEADLINE
