"""The people's side: sending, pressing and waiting for what the bot shows."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.telegram import DemoTelegram, Person
from tests.demo.telegram.conftest import HandClock, keyboard

OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


async def answer_all(bot: Bot, answers: list[str]) -> list[str]:
    """Answer that many presses in the order they came; the data they carried."""
    queries = [update.callback_query for update in await bot.get_updates() if update.callback_query]
    for query, text in zip(queries, answers, strict=True):
        await bot.answer_callback_query(query.id, text, show_alert=True)
    return [query.data or "" for query in queries]


async def test_a_person_hears_what_came_after_their_last_word(bot: Bot, anna: Person) -> None:
    """What was there before the last interaction does not count as an answer to it."""
    await bot.send_message(anna.id, "Welcome")
    await anna.expect("Welcome")
    await anna.send("again")
    with pytest.raises(AssertionError, match="a message with 'Welcome'"):
        await anna.expect("Welcome", timeout=0.01)
    later = asyncio.create_task(anna.expect("back"))
    await bot.send_message(anna.id, "Welcome back")
    assert (await later).text == "Welcome back"


async def test_each_change_is_heard_once_and_in_order(bot: Bot, anna: Person) -> None:
    first = await bot.send_message(anna.id, "one")
    await bot.send_message(anna.id, "two")
    await bot.edit_message_text("three", chat_id=anna.id, message_id=first.message_id)
    assert [(await anna.heard()).text for _ in range(2)] == ["two", "three"]


async def test_a_timeout_shows_the_chat(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Hello", reply_markup=keyboard(("Confirm", "c"), ("Cancel", "x")))
    with pytest.raises(AssertionError, match=r"#2 Bot: Hello \[Confirm\] \[Cancel\]"):
        await anna.press("Nowhere", timeout=0.01)


async def test_a_press_returns_the_bots_answer(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("✅ Confirm", "c:1")))
    press = asyncio.create_task(anna.press("confirm"))
    await asyncio.sleep(0)
    assert await answer_all(bot, ["Done"]) == ["c:1"]
    answer = await press
    assert (answer.text, answer.show_alert) == ("Done", True)


async def test_the_newest_message_is_pressed_and_exact_labels_come_first(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "old", reply_markup=keyboard(("Back", "old")))
    await bot.send_message(anna.id, "new", reply_markup=keyboard(("Back to start", "long"), ("Back", "new")))
    await anna.tap("Back")
    await anna.tap("Back", anna.messages[1])
    assert await answer_all(bot, ["", ""]) == ["new", "old"]


async def test_a_button_can_be_pressed_after_it_is_gone(bot: Bot, anna: Person) -> None:
    """A client that did not hear of the edit yet still sends the old button."""
    sent = await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("Confirm", "c:1")))
    seen = await anna.expect_button("Confirm")
    await bot.edit_message_text("Placed", chat_id=anna.id, message_id=sent.message_id)
    await anna.tap("Confirm", seen)
    assert await answer_all(bot, ["too late"]) == ["c:1"]


async def test_many_presses_arrive_at_once(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """All ten are there before the bot is asked for the first answer, with ids in a row."""
    await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("Confirm", "c:1")))
    presses = asyncio.create_task(anna.press_many("Confirm", 10))
    await asyncio.sleep(0)
    ids = tg.world.updates.waiting[-10:]
    assert ids == list(range(ids[0], ids[0] + 10))
    await answer_all(bot, [str(number) for number in range(10)])
    assert [answer.text for answer in await presses] == [str(number) for number in range(10)]


async def test_a_link_button_opens_its_link(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Buttons that do not concern the bot send it nothing."""
    link = InlineKeyboardButton(text="Open", url="https://example.com/")
    await bot.send_message(anna.id, "Look", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[link]]))
    before = tg.world.updates.waiting
    assert (await anna.press("Open")).url == "https://example.com/"
    assert tg.world.updates.waiting == before


async def test_a_press_is_answered_once(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("Confirm", "c:1")))
    press = await anna.tap("Confirm")
    await bot.answer_callback_query(press.id)
    with pytest.raises(TelegramBadRequest, match=OLD_QUERY):
        await bot.answer_callback_query(press.id)


async def test_a_press_cannot_be_answered_late(bot: Bot, anna: Person, clock: HandClock) -> None:
    await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("Confirm", "c:1")))
    press = await anna.tap("Confirm")
    clock.time += 901
    with pytest.raises(TelegramBadRequest, match=OLD_QUERY):
        await bot.answer_callback_query(press.id)


async def test_an_answer_has_two_hundred_characters_at_most(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Sure?", reply_markup=keyboard(("Confirm", "c:1")))
    press = await anna.tap("Confirm")
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(press.id, "x" * 201)
    await bot.answer_callback_query(press.id, "x" * 200)


async def test_who_blocked_the_bot_is_not_reached_until_they_come_back(bot: Bot, anna: Person) -> None:
    """Both changes are updates; in between the bot is told why it is not heard."""
    await anna.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "Are you there?")
    await anna.unblock()
    await bot.send_message(anna.id, "Welcome back")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
    assert [message.text for message in anna.heard_messages] == ["Welcome back"]


async def test_a_reply_carries_what_it_answers(bot: Bot, anna: Person) -> None:
    """As the message stands now, with its buttons, and without what that one answers."""
    await anna.send("Hello")
    sent = await bot.send_message(anna.id, "Hello?", reply_to_message_id=1, reply_markup=keyboard(("Answer", "a:1")))
    seen = await anna.expect_button("Answer")
    await bot.edit_message_text(
        "Hello!", chat_id=anna.id, message_id=sent.message_id, reply_markup=keyboard(("Go", "g"))
    )
    await anna.send("Bye", reply_to=seen)
    await anna.send_sticker(reply_to=seen)
    for update in (await bot.get_updates())[-2:]:
        assert update.message is not None
        original = update.message.reply_to_message
        assert original is not None
        assert (original.message_id, original.text) == (sent.message_id, "Hello!")
        assert original.reply_markup is not None
        assert original.reply_markup.inline_keyboard[0][0].callback_data == "g"
        assert original.reply_to_message is None


async def test_posts_stand_in_the_channel(tg: DemoTelegram, bot: Bot) -> None:
    channel = tg.channel(-100500, title="News", username="shop_news")
    await bot.send_message(channel.id, "one")
    await bot.send_message("@shop_news", "two")
    assert [post.text for post in channel.posts] == ["one", "two"]
    assert [post.id for post in channel.posts] == [1, 2]
    membership = await bot.get_chat_member(channel.id, 42)
    assert membership.status == "administrator"


async def test_a_condition_is_looked_at_after_each_call(bot: Bot, anna: Person) -> None:
    enough = asyncio.create_task(anna.until(lambda: len(anna.heard_messages) == 3))
    for number in range(3):
        await bot.send_message(anna.id, str(number))
    assert await enough


async def test_a_message_after_two_days_stays(bot: Bot, anna: Person, clock: HandClock) -> None:
    """Bots delete for 48 hours, not longer."""
    fresh, old = [await bot.send_message(anna.id, text) for text in ("fresh", "old")]
    await bot.delete_message(anna.id, fresh.message_id)
    clock.time += 48 * 3600 + 1
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(anna.id, old.message_id)
    assert [message.text for message in anna.heard_messages] == ["old"]
