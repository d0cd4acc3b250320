"""An update that cannot be handled is set aside, and nothing else waits for it longer than three tries take."""

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.mail import Received
from bot.services import mailroom, wallet
from bot.services.mailroom import AlreadyHandledError
from bot.services.wallet import WalletTooLow
from bot.telegram.handling import Handler
from bot.telegram.turn import Turn
from tests.clock import FakeClock
from tests.security.desk import open_desk
from tests.services.stage import BORIS, FUNDS, OWNER

POISON, ONCE = "poison", "hiccup"


class Brittle(Handler):
    """Fails on every update with the word, in the middle of its transaction; and once on those with the other."""

    stumbled = False

    async def handle(self, received: Received, *args: Any, **kwargs: Any) -> None:
        """Handle what is no poison."""
        stumbles = ONCE in received.payload and not self.stumbled
        if POISON in received.payload or stumbles:
            self.stumbled = self.stumbled or stumbles
            async with self.shop.db.write() as tx:
                await wallet.adjust(tx, self.shop, admin=OWNER, user=BORIS, amount=1, reason="", key="half done")
                raise RuntimeError("this update cannot be handled")
        await super().handle(received, *args, **kwargs)


async def test_a_poisonous_update_is_set_aside(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The third failure is the last: nothing of it stays, the admins hear it once, what came after it is handled."""
    async with open_desk(tmp_path, clock, handler=Brittle) as desk:
        poisonous = await desk.bob.send(POISON)
        await desk.bob.send("/wallet")
        await desk.bob.send("/help")
        await desk.anna.send("/start")
        await desk.handled()
        assert await desk.rows("SELECT update_id, failures, done_at FROM inbox WHERE set_aside") == [
            (poisonous, 3, None)
        ]
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL AND NOT set_aside") == []
        first, *_, last = desk.bob.heard_messages
        assert "Available" in first.text
        assert "/cancel" in last.text
        assert await desk.stage.available(BORIS) == FUNDS
        assert [said.facts["update"] for said in await desk.stage.said(OWNER, "alert")] == [poisonous]
        # Nobody waited for the poison but its own chat: Anna was served while it was tried again.
        assert desk.session.sent[0].chat == desk.anna.id
        assert await desk.receiver.recover() == 0
    failures = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.args for record in failures] == [(poisonous,)] * 3


async def test_a_hiccup_loses_nothing(tmp_path: Path, clock: FakeClock) -> None:
    """An update that failed once is handled, once, before what its chat sent after it."""
    async with open_desk(tmp_path, clock, handler=Brittle) as desk:
        await desk.bob.send(f"/start {ONCE}")
        await desk.bob.send("/wallet")
        await desk.handled()
        assert ["Hello" in message.text for message in desk.bob.heard_messages] == [True, False]
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL OR set_aside") == []
        assert await desk.stage.alerts(OWNER) == []


async def test_what_no_version_can_read_is_set_aside_too(tmp_path: Path, clock: FakeClock) -> None:
    """A stored update that is not even one does not keep the shop from handling the others after a restart."""
    async with open_desk(tmp_path, clock) as desk:
        broken = Received(5, BORIS, '{"update_id": 5, "message": "nonsense"}')
        async with desk.stage.db.write() as tx:
            await mailroom.receive(tx, [broken])
        assert await desk.receiver.recover() == 1
        await desk.bob.send("/wallet")
        await desk.handled()
        assert await desk.rows("SELECT update_id FROM inbox WHERE set_aside") == [(5,)]
        assert "Available" in desk.bob.heard_messages[-1].text
        assert await desk.stage.alerts(OWNER) == ["update"]


async def test_an_update_the_library_cannot_read_stops_no_other(tmp_path: Path, clock: FakeClock) -> None:
    """In a batch with others it is set aside alone; they are handled, and Telegram is asked for what comes next."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.anna.send("/wallet")
        nonsense = desk.telegram.world.updates.push("message", {"message_id": "five", "chat": 7, "date": None})
        await desk.bob.send("/wallet")
        await desk.handled()
        assert await desk.rows("SELECT update_id FROM inbox WHERE set_aside") == [(nonsense,)]
        for person in (desk.anna, desk.bob):
            assert ["Available" in message.text for message in person.heard_messages] == [True]
        assert await desk.stage.alerts(OWNER) == ["update"]
        assert desk.telegram.world.updates.waiting == []


async def test_an_update_is_done_with_its_effect_or_not_at_all(tmp_path: Path, clock: FakeClock) -> None:
    """What fails inside its transaction leaves neither; what commits leaves both, and cannot be done again."""
    async with open_desk(tmp_path, clock) as desk:
        shop = desk.stage.shop
        async with desk.stage.db.write() as tx:
            await mailroom.receive(tx, [Received(5, BORIS, "{}")])
            bob, conversation = await mailroom.open_chat(tx, BORIS)
        assert bob is not None

        async def take(amount: int) -> None:
            turn = Turn(shop, desk.words.get("en"), update_id=5, user=bob, known=bob, conversation=conversation)
            async with turn.transaction() as tx:
                await wallet.adjust(tx, shop, admin=OWNER, user=BORIS, amount=amount, reason="", key=turn.key)

        with pytest.raises(WalletTooLow):
            await take(-FUNDS - 1)
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == [(1,)]
        await take(-FUNDS)
        assert await desk.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == []
        with pytest.raises(AlreadyHandledError):
            await take(FUNDS)
        assert await desk.stage.available(BORIS) == 0


async def test_what_cannot_be_stored_is_not_confirmed(tmp_path: Path, clock: FakeClock) -> None:
    """Telegram keeps what the books did not take, and hands it out again when they do."""
    async with open_desk(tmp_path, clock) as desk:
        full = "CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        async with desk.stage.db.write() as tx:
            await tx.conn.exec_driver_sql(full)
        await desk.bob.send("/start")
        for _ in range(2):
            with pytest.raises(IntegrityError, match="the disk is full"):
                await desk.receiver.fetch()
        async with desk.stage.db.write() as tx:
            await tx.conn.exec_driver_sql("DROP TRIGGER full")
        await desk.handled()
        assert ["Hello" in message.text for message in desk.bob.heard_messages] == [True]
