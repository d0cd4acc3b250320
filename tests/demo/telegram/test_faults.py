"""Limits and faults: what the bot is told, and what really happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.demo.telegram import DemoTelegram, Fault, Limits, Person
from tests.demo.telegram.conftest import HandClock, client

NOT_DONE = [
    (Fault.error(500), TelegramServerError),
    (Fault.html(502), ClientDecodeError),
    (Fault.reset_before(), TelegramNetworkError),
    (Fault.too_many(7), TelegramRetryAfter),
]
DONE = [(Fault.reset_after(), TelegramNetworkError), (Fault.cut(), TelegramNetworkError)]


@pytest.mark.parametrize(
    ("fault", "error", "delivered"),
    [*[(*row, []) for row in NOT_DONE], *[(*row, ["Hello"]) for row in DONE]],
    ids=lambda value: getattr(getattr(value, "kind", None), "value", None),
)
async def test_a_fault_meets_one_call(
    tg: DemoTelegram, anna: Person, fault: Fault, error: type[Exception], delivered: list[str]
) -> None:
    """The bot sees the failure, the chat shows whether the message was delivered all the same."""
    bot = client(tg.url, tg.token)
    ordered = tg.fail("sendMessage", fault)
    with pytest.raises(error):
        await bot.send_message(anna.id, "Hello")
    assert [message.text for message in anna.heard_messages] == delivered
    assert ordered.fired == 1
    assert not tg.sent("sendMessage")[0].ok
    await bot.send_message(anna.id, "Again")
    assert [message.text for message in anna.heard_messages] == [*delivered, "Again"]
    await bot.session.close()


async def test_too_many_says_how_long_to_wait(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    tg.fail("sendMessage", Fault.too_many(7))
    with pytest.raises(TelegramRetryAfter, match="Too Many Requests: retry after 7") as caught:
        await bot.send_message(anna.id, "Hello")
    assert caught.value.retry_after == 7


async def test_a_fault_can_concern_one_chat(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Other chats are served while one is refused, until all is healed."""
    ben = tg.person(1002, "Ben")
    await ben.send("/start")
    tg.fail("*", Fault.error(), times=None, chat=anna.id)
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await bot.send_message(anna.id, "no")
    await bot.send_message(ben.id, "yes")
    tg.heal()
    await bot.send_message(anna.id, "healed")
    assert [message.text for message in anna.heard_messages] == ["healed"]


@pytest.mark.parametrize(("after", "shown"), [(False, 0), (True, 1)])
async def test_a_call_hangs_until_it_is_released(
    tg: DemoTelegram, bot: Bot, anna: Person, *, after: bool, shown: int
) -> None:
    """Hung before: nothing is delivered yet. Hung after: it is, only the answer waits."""
    held = tg.fail("sendMessage", Fault.hang(after=after))
    sending = asyncio.create_task(bot.send_message(anna.id, "slow"))
    await tg.until(lambda: held.fired)
    if after:
        await anna.expect("slow")
    assert len(anna.heard_messages) == shown
    assert not sending.done()
    held.release()
    assert (await sending).text == "slow"


async def test_polls_can_fail_too(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """A poll whose answer was lost leaves the updates where they were."""
    tg.fail("getUpdates", Fault.reset_after())
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_a_server_that_was_away_keeps_what_it_had(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Stopped and started again: the same port, the same updates, the same chats."""
    url = tg.url
    await tg.stop()
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    await anna.send("while you were away")
    assert await tg.start() == url
    assert len(await bot.get_updates()) == 2


@pytest.fixture
async def limited(clock: HandClock) -> AsyncIterator[DemoTelegram]:
    """A stand-in that counts."""
    demo = DemoTelegram(clock=clock, limits=Limits.like_telegram())
    async with demo.serve():
        yield demo


async def _flood(bot: Bot, chats: list[int]) -> int | None:
    """How many of the messages were taken before the first refusal, None if all were."""
    for number, chat in enumerate(chats):
        try:
            await bot.send_message(chat, str(number))
        except TelegramRetryAfter:
            return number
    return None


async def test_limits_refuse_what_is_too_fast(limited: DemoTelegram, clock: HandClock) -> None:
    """One a second in a chat, 30 a second in all, 20 a minute in a channel, each by the stand-in's clock."""
    bot = client(limited.url, limited.token)
    people = [limited.person(1000 + number) for number in range(40)]
    for person in people:
        await person.send("/start")
    channel = limited.channel(-100500)
    assert await _flood(bot, [people[0].id] * 2) == 1
    clock.time += 1
    assert await _flood(bot, [person.id for person in people]) == 30
    clock.time += 1
    assert await _flood(bot, [channel.id] * 21) == 20
    for passed, left in ((0, 60), (59, 1)):
        clock.time += passed
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(channel.id, "too soon")
        assert caught.value.retry_after == left
    clock.time += 1
    assert await _flood(bot, [channel.id] * 20) is None
    await bot.session.close()
