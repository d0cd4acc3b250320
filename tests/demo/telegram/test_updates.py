"""Updates: kept until confirmed, one receiver, in Telegram's shapes."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Update

from bot.demo.telegram import DemoTelegram, Person
from tests.demo.telegram.conftest import client, keyboard


async def test_updates_stay_until_a_higher_offset_confirms_them(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Asked again without a higher offset, the same updates come; confirmed ones never again."""
    first = tg.world.updates.waiting[0]
    second = await anna.send("two")
    assert second == first + 1
    for _ in range(2):
        assert [update.update_id for update in await bot.get_updates()] == [first, second]
    assert [update.update_id for update in await bot.get_updates(offset=second)] == [second]
    await tg.confirmed(first)
    assert tg.world.updates.waiting == [second]
    assert await bot.get_updates(offset=second + 1, timeout=0) == []
    await tg.confirmed(second)


async def test_waiting_for_a_confirmation_that_does_not_come_fails(tg: DemoTelegram, anna: Person) -> None:
    (waiting,) = tg.world.updates.waiting
    with pytest.raises(AssertionError, match="was not confirmed"):
        await tg.confirmed(waiting, timeout=0.01)


async def test_a_limit_is_kept_and_a_negative_offset_counts_from_the_end(bot: Bot, anna: Person) -> None:
    last = [await anna.send(str(number)) for number in range(5)][-1]
    assert len(await bot.get_updates(limit=2)) == 2
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == [last]


async def test_a_long_poll_ends_when_something_comes(bot: Bot, anna: Person) -> None:
    await bot.get_updates(offset=-1)
    last = (await bot.get_updates())[0].update_id
    poll = asyncio.create_task(bot.get_updates(offset=last + 1, timeout=30))
    await anna.send("hello")
    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "hello"


async def test_a_second_poller_ends_the_first(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The earlier getUpdates is told that there is another bot; the later one goes on."""
    (known,) = tg.world.updates.waiting
    first = asyncio.create_task(bot.get_updates(offset=known + 1, timeout=30))
    await tg.confirmed(known)
    other = client(tg.url, tg.token)
    second = asyncio.create_task(other.get_updates(offset=known + 1, timeout=30))
    with pytest.raises(TelegramConflictError, match="make sure that only one bot instance is running"):
        await first
    await anna.send("hello")
    assert len(await second) == 1
    await other.session.close()


async def test_a_webhook_and_polling_exclude_each_other(bot: Bot) -> None:
    await bot.set_webhook("https://example.com/hook")
    assert (await bot.get_webhook_info()).url == "https://example.com/hook"
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_kinds_that_are_not_allowed_do_not_come(bot: Bot, anna: Person) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    assert await anna.send("not for you") == 0
    await bot.get_updates(allowed_updates=["message"])
    assert await anna.send("for you") > 0


async def test_a_command_has_its_entity_and_its_sender(bot: Bot, anna: Person) -> None:
    """A message arrives as Telegram shapes it, with what the client would find in it."""
    await anna.send("/order 12 https://example.com/a?b=1 @friend")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.from_user is not None
    assert message.from_user.full_name == "Anna <b>"
    assert message.from_user.language_code == "en"
    assert message.chat.type == "private"
    found = [(entity.type, entity.extract_from(message.text or "")) for entity in message.entities or []]
    assert found == [
        ("bot_command", "/order"),
        ("url", "https://example.com/a?b=1"),
        ("mention", "@friend"),
    ]


async def _only(bot: Bot) -> Update:
    return (await bot.get_updates(offset=-1))[0]


async def test_every_kind_of_message_has_its_shape(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Photos, stickers, contacts, edits and groups arrive as updates a client library can read."""
    await anna.send_photo("look")
    photo = (await _only(bot)).message
    assert photo is not None
    assert photo.photo is not None
    assert photo.caption == "look"
    await anna.send_sticker("🎉")
    sticker = (await _only(bot)).message
    assert sticker is not None
    assert sticker.sticker is not None
    await anna.send_contact()
    contact = (await _only(bot)).message
    assert contact is not None
    assert contact.contact is not None
    assert contact.contact.user_id == anna.id
    await anna.edit(anna.messages[0], "/help")
    edited = (await _only(bot)).edited_message
    assert edited is not None
    assert edited.text == "/help"
    group = tg.group(-100900)
    await anna.send("hi all", chat=group)
    said = (await _only(bot)).message
    assert said is not None
    assert said.chat.type == "supergroup"
    assert len(group.messages) == 1


async def test_a_press_carries_the_message_and_the_data(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Choose", reply_markup=keyboard(("Go", "go:1")))
    await anna.tap("Go")
    query = (await _only(bot)).callback_query
    assert query is not None
    assert query.data == "go:1"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    assert query.from_user.id == anna.id
