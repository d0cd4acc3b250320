"""Updates in and news out: each update handled once, none blocks its chat, news in order, and old mail forgotten."""

from datetime import timedelta

import pytest

from bot.domain.mail import CHANNEL, News, Received
from bot.domain.outcomes import PanelStatus, Placed, StatusReport
from bot.domain.people import User
from bot.services import mailroom, rounds
from bot.services.mailroom import AlreadyHandledError
from bot.storage import mail, people
from tests.services.stage import ALPHA, ANNA, BORIS, OWNER, Stage

HOUR, DAY = 3600, 86_400


def update(number: int, chat: int = ANNA) -> Received:
    return Received(number, chat, "{}")


async def receive(stage: Stage, *updates: Received) -> list[int]:
    async with stage.db.write() as tx:
        return [new.update_id for new in await mailroom.receive(tx, updates)]


async def unhandled(stage: Stage) -> list[int]:
    async with stage.second.read() as tx:
        return [left.update_id for left in await mailroom.unhandled(tx)]


async def handle(stage: Stage, number: int) -> None:
    async with stage.db.write() as tx:
        user = await people.find_user(tx, ANNA)
        assert user is not None
        await mailroom.begin(tx, number, known=user, user=user)


async def due(stage: Stage) -> list[News]:
    async with stage.db.read() as tx:
        return [news for news, _ in await mailroom.next_news(tx, limit=200)]


async def deliver(stage: Stage) -> list[News]:
    """Send whatever is due until nothing is; all of it, in the order in which it went out."""
    sent: list[News] = []
    while batch := await due(stage):
        async with stage.db.write() as tx:
            for news in batch:
                await mailroom.delivered(tx, [news], len(sent) + 1)
                sent.append(news)
    return sent


async def test_an_update_is_new_once(stage: Stage) -> None:
    """Delivered again, alone or in a batch, it is no news."""
    assert await receive(stage, update(7), update(8)) == [7, 8]
    assert await receive(stage, update(8), update(9), update(7)) == [9]
    assert await unhandled(stage) == [7, 8, 9]


async def test_an_update_is_handled_once(stage: Stage) -> None:
    """The second time nothing of its effect is kept."""
    await receive(stage, update(7))
    await handle(stage, 7)
    assert await unhandled(stage) == []
    with pytest.raises(AlreadyHandledError):
        await handle(stage, 7)


async def test_the_third_failure_sets_an_update_aside(stage: Stage) -> None:
    """It blocks its chat no longer, and the admins are told."""
    await receive(stage, update(7))
    aside = []
    for _ in range(3):
        async with stage.db.read() as reading:
            [left] = await mailroom.unhandled(reading)
        async with stage.db.write() as tx:
            aside.append(await mailroom.note_failure(tx, stage.shop, left, "ValueError"))
    assert aside == [False, False, True]
    assert await unhandled(stage) == []
    assert await stage.alerts() == ["update"]


async def test_news_of_a_chat_come_in_order(stage: Stage) -> None:
    """However late the first of them is due, what happened later is told later; chats do not wait for each other."""
    number = await stage.buy()  # told in ten seconds, because the card says it first
    await stage.place(Placed("71"))
    assert ANNA not in {news.chat_id for news in await deliver(stage) if news.order_id == number}
    stage.clock.advance(10)
    told = [news.facts["state"] for news in await deliver(stage) if news.chat_id == ANNA and news.order_id == number]
    assert told == ["waiting", "pending"]


async def test_news_wait_for_who_blocked_the_bot(stage: Stage) -> None:
    """They are passed over, and told when the person comes back."""
    await deliver(stage)
    async with stage.db.write() as tx:
        await mail.post(tx, ANNA, "order", {"n": 1})
        await mail.post(tx, BORIS, "order", {"n": 2})
        await mailroom.blocked(tx, ANNA)
    assert [news.chat_id for news in await deliver(stage)] == [BORIS]
    async with stage.db.write() as tx:
        anna = User(ANNA, "Anna", "anna", "en", None, blocked=False, created_at=tx.now)
        await mailroom.receive(tx, [update(7)])
        await mailroom.begin(tx, 7, known=None, user=anna)
    assert [news.facts["n"] for news in await deliver(stage)] == [1]


async def test_what_changes_while_it_is_being_said_is_corrected(stage: Stage) -> None:
    """Facts that were added between reading the news and noting that it went out are told over that message."""
    await deliver(stage)
    async with stage.db.write() as tx:
        await mail.post(tx, OWNER, "receipt", {"payment": 1}, key="card")
    [card] = await due(stage)
    async with stage.db.write() as tx:
        await mail.amend(tx, "card", {"decided": "yes"})
    async with stage.db.write() as tx:
        await mailroom.delivered(tx, [card], 77)
    [correction] = await deliver(stage)
    assert (correction.chat_id, correction.kind) == (OWNER, "receipt")
    assert correction.facts == {"payment": 1, "decided": "yes", "over": 77}
    assert await deliver(stage) == []


async def test_who_never_wrote_can_have_blocked_the_bot(stage: Stage) -> None:
    """An admin who was never there hears nothing, and stops nobody."""
    async with stage.db.write() as tx:
        await mail.post(tx, OWNER, "alert", {"alert": "low"})
        await mailroom.blocked(tx, OWNER)
    assert OWNER not in {news.chat_id for news in await deliver(stage)}


async def test_news_nobody_can_take_are_told_of_once_a_kind(stage: Stage) -> None:
    """What Telegram refuses for good is dropped, so that what comes after it is delivered."""
    await deliver(stage)
    async with stage.db.write() as tx:
        for n in range(2):
            await mail.post(tx, ANNA, "order", {"n": n})
    for _ in range(2):
        dropped = [news for news in await due(stage) if news.chat_id == ANNA]
        async with stage.db.write() as tx:
            await mailroom.dropped(tx, stage.shop, dropped, "Bad Request")
    assert ANNA not in {news.chat_id for news in await deliver(stage)}
    assert await stage.alerts() == ["news"]


async def test_the_channel_s_lines_come_together(stage: Stage) -> None:
    """What waits for the channel is all there at once, and says neither name, link nor price."""
    for panel_order in ("71", "72"):
        await stage.buy()
        await stage.place(Placed(panel_order))
        stage.panels[ALPHA].reports[panel_order] = StatusReport("Completed", PanelStatus.COMPLETED)
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    lines = [news.facts for news in await due(stage) if news.chat_id == CHANNEL]
    assert [(line["number"], line["state"]) for line in lines] == [
        (1, "pending"),
        (2, "pending"),
        (1, "completed"),
        (2, "completed"),
    ]
    assert {name for line in lines for name in line} == {"number", "service", "quantity", "state"}


async def test_old_mail_is_forgotten(stage: Stage) -> None:
    """Updates that are done after two days, news that went out and forms nobody touched after a month."""
    await receive(stage, update(7), update(8))
    await handle(stage, 7)
    draft = await stage.draft()
    async with stage.db.write() as tx:
        await mail.post(tx, ANNA, "credit", {"amount": 1})
    await deliver(stage)

    async def left_after(seconds: float) -> tuple[list[int], bool, bool]:
        """After so long: the updates that would be new again, and whether the form and the news are there."""
        stage.clock.advance(seconds)
        async with stage.db.write() as tx:
            await mailroom.purge(tx)
        async with stage.second.read() as reading:
            form = await people.find_draft(reading, draft, user=ANNA)
        return await receive(stage, update(7), update(8)), form is not None, len(await stage.said(ANNA, "credit")) > 0

    assert await left_after(48 * HOUR) == ([], True, True)
    assert await left_after(1) == ([7], True, True)
    assert await left_after(28 * DAY) == ([], False, False)
    assert set(await unhandled(stage)) == {7, 8}


async def test_it_is_known_when_the_next_news_is_due(stage: Stage) -> None:
    """In seconds; nothing where nothing is put off."""
    await deliver(stage)
    async with stage.second.read() as tx:
        assert await mailroom.next_due(tx) is None
    await stage.buy()
    async with stage.second.read() as tx:
        assert await mailroom.next_due(tx) == timedelta(seconds=10).total_seconds()
