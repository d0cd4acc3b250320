"""Inline mode: what an answer must be, who is shown it again, and what a chosen result becomes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot

from bot.demo.telegram import DemoTelegram, Person, Suggestions
from tests.demo.telegram.conftest import HandClock
from tests.demo.telegram.test_strictness import call

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ANNA, BEN = 1001, 1002


def article(**changes: Any) -> dict[str, Any]:
    """A result, with something else in it; None leaves a thing out."""
    values = {
        "type": "article",
        "id": "1",
        "title": "Likes",
        "input_message_content": {"message_text": "<b>Likes</b>", "parse_mode": "HTML"},
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"results": "x"}, "can't parse results JSON object"),
    ({"results": {}}, "can't parse inline query results: expected an Array"),
    ({"results": ["x"]}, "can't parse inline query result: expected an Object"),
    ({"results": [article(id=str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
    ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
    ({"results": [article(id="")]}, "RESULT_ID_INVALID"),
    ({"results": [article(id="я" * 33)]}, "RESULT_ID_INVALID"),
    ({"results": [article(id=1)]}, "RESULT_ID_INVALID"),
    ({"results": [article(type="photo")]}, "this stand-in knows articles only"),
    ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
    ({"results": [article(input_message_content=None)]}, "Can't find field"),
    ({"results": [article(input_message_content={"message_text": ""})]}, "message text is empty"),
    (
        {"results": [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})]},
        "can't parse entities",
    ),
    ({"results": [article(reply_markup={"inline_keyboard": [[{"text": "x"}]]})]}, "Text buttons are unallowed"),
    ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    ({"button": {"text": "", "start_parameter": "x"}}, "SWITCH_PM_TEXT_EMPTY"),
    ({"button": {"text": "x"}}, "START_PARAM_INVALID"),
    ({"button": {"text": "x", "start_parameter": "x" * 65}}, "START_PARAM_INVALID"),
    ({"button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
]


async def ask(tg: DemoTelegram, bot: Bot, person: Person, words: str, **answer: Any) -> Suggestions:
    """Somebody types, and the bot answers so."""
    asking = asyncio.create_task(person.inline(words))
    [update] = await bot.get_updates(offset=-1, timeout=2, allowed_updates=["message", "inline_query"])
    assert update.inline_query is not None
    assert update.inline_query.query == words
    given = {"inline_query_id": update.inline_query.id, "results": [article()]} | answer
    assert await call(tg, "answerInlineQuery", given) == (200, {"ok": True, "result": True})
    return await asking


@pytest.mark.parametrize(("given", "words"), WRONG, ids=[words for _, words in WRONG])
async def test_wrong_answers_are_refused(tg: DemoTelegram, given: dict[str, Any], words: str) -> None:
    """And the query can still be answered."""
    status, body = await call(tg, "answerInlineQuery", {"inline_query_id": "1", "results": []} | given)
    assert status == 400
    assert words in body["description"]


async def test_a_query_is_answered_once_and_soon(tg: DemoTelegram, bot: Bot, clock: HandClock) -> None:
    """Again, unknown, or after half a minute it is too old."""
    anna = tg.person(ANNA)
    assert (await ask(tg, bot, anna, "likes")).titles == ["Likes"]
    first = tg.calls[-1].params["inline_query_id"]
    asking = asyncio.create_task(anna.inline("late", timeout=5))
    updates = await bot.get_updates(offset=-1, timeout=2)
    assert updates[0].inline_query is not None
    clock.time += 31
    for query in (first, "nobody's", updates[0].inline_query.id):
        status, body = await call(tg, "answerInlineQuery", {"inline_query_id": query, "results": []})
        assert (status, body["description"]) == (400, f"Bad Request: {TOO_OLD}")
    asking.cancel()


async def test_answers_are_shown_again_for_a_while(tg: DemoTelegram, bot: Bot, clock: HandClock) -> None:
    """To everybody, or only to who asked."""
    anna, ben = tg.person(ANNA), tg.person(BEN, "Ben")
    shared = await ask(tg, bot, anna, "likes", cache_time=60)
    assert await ben.inline("likes") is shared
    own = await ask(tg, bot, anna, "views", cache_time=60, is_personal=True)
    assert await anna.inline("views") is own
    assert await ask(tg, bot, ben, "views", results=[]) is not own
    clock.time += 61
    assert await ask(tg, bot, anna, "likes", results=[]) is not shared


async def test_a_chosen_result_is_a_message_of_the_person_s(tg: DemoTelegram, bot: Bot) -> None:
    """With the bot's name on it, and its keyboard; the bot hears of it where it hears of messages."""
    anna, group = tg.person(ANNA), tg.group(-1001, "Friends")
    order = {"inline_keyboard": [[{"text": "Order", "url": "https://t.me/demo_shop_bot?start=s1"}]]}
    found = await ask(tg, bot, anna, "likes", results=[article(reply_markup=order)])
    sent = await anna.choose(found.results[0], group)
    assert (sent.html, sent.buttons, sent.from_bot) == ("<b>Likes</b>", [["Order"]], False)
    await anna.choose(found.results[0])
    heard = [update.message for update in await bot.get_updates(timeout=2) if update.message is not None]
    assert [message.via_bot is not None and message.via_bot.is_bot for message in heard] == [True, True]
    await anna.follow("https://t.me/demo_shop_bot?start=s1")
    assert anna.messages[-1].text == "/start s1"
    with pytest.raises(AssertionError, match="does not lead to the bot"):
        await anna.follow("https://t.me/other_bot?start=s1")


async def test_the_bot_hears_where_words_were_typed(tg: DemoTelegram, bot: Bot) -> None:
    """In its own chat, in a group, in a channel; a result that is sent to a channel is a post of the channel's."""
    anna, channel = tg.person(ANNA), tg.channel(-100500)
    for number, (chat, told) in enumerate([(None, "sender"), (tg.group(-1001), "supergroup"), (channel, "channel")]):
        asking = asyncio.create_task(anna.inline(f"likes {number}", chat=chat))
        [update] = await bot.get_updates(offset=-1, timeout=2, allowed_updates=["inline_query", "channel_post"])
        assert update.inline_query is not None
        assert update.inline_query.chat_type == told
        await call(tg, "answerInlineQuery", {"inline_query_id": update.inline_query.id, "results": [article()]})
        found = await asking
    await anna.choose(found.results[0], channel)
    post = (await bot.get_updates(offset=-1, timeout=2))[0].channel_post
    assert post is not None
    assert post.via_bot is not None
    assert (post.sender_chat and post.sender_chat.id, post.from_user, post.text) == (channel.id, None, "Likes")


async def test_it_has_to_be_on_and_wanted(tg: DemoTelegram, bot: Bot) -> None:
    """BotFather's setting shows in getMe; a bot that does not ask for queries hears of none."""
    anna = tg.person(ANNA)
    assert (await bot.get_me()).supports_inline_queries
    await bot.get_updates(allowed_updates=["message"])
    with pytest.raises(AssertionError, match="does not want inline queries"):
        await anna.inline("likes")
    tg.world.inline.on = False
    assert not (await bot.get_me()).supports_inline_queries
    with pytest.raises(AssertionError, match="is off"):
        await anna.inline("likes")
