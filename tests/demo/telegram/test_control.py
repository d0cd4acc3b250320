"""The stand-in in another process, and the chat page."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramServerError
from aiogram.types import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LabeledPrice,
)

from bot.demo.telegram import DemoTelegram, Fate, Fault, Outcome, Stage
from bot.demo.telegram.page import FILES
from bot.demo.telegram.remote import RemoteTelegram
from tests.demo.telegram.conftest import client, keyboard


@pytest.fixture
async def away() -> AsyncIterator[RemoteTelegram]:
    """A stand-in in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.demo.telegram", "--token", "42:AWAY", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = json.loads(await process.stdout.readline())
    async with RemoteTelegram(ready["url"]) as remote:
        yield remote
    process.terminate()
    assert await process.wait() == 0


async def test_a_conversation_across_processes(away: RemoteTelegram) -> None:
    """Send, read, press, files, faults and the log work over HTTP as they do in one process."""
    bot = client(away.url, "42:AWAY")
    anna = await away.person(1001, "Anna & <b>", username="anna")
    update_id = await anna.send("/start")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.first_name == "Anna & <b>"
    await update.message.as_(bot).answer("<b>Sure?</b>", reply_markup=keyboard(("Confirm", "c:1")))
    shown = await anna.expect("Sure?")
    assert (shown.html, shown.buttons) == ("<b>Sure?</b>", [["Confirm"]])
    press = await anna.tap("Confirm", await anna.expect_button("Confirm"))
    query = (await bot.get_updates(offset=update_id + 1))[0].callback_query
    assert query is not None
    await bot.answer_callback_query(query.id, "Done")
    assert (await anna.answered(press)).text == "Done"
    await away.confirmed(update_id)
    await anna.send_file("a.txt", b"one")
    await away.fail("sendMessage", Fault.error(500))
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "lost")
    await away.heal()
    assert [message.from_bot for message in await anna.messages()] == [False, True, False]
    assert [call.ok for call in await away.calls() if call.method == "sendMessage"] == [True, False]
    assert len(await away.waiting()) == 2
    await bot.session.close()


async def test_money_and_pictures_across_processes(away: RemoteTelegram) -> None:
    """Paying, refunding and sending photos work over HTTP too, and files come back."""
    bot = client(away.url, "42:AWAY")
    anna, ben = await away.person(1001), await away.person(1002, "Ben")
    await anna.send("/start")
    await bot.send_invoice(anna.id, "Top up", "For you", "p-1", "XTR", [LabeledPrice(label="x", amount=30)])
    (message,) = [each for each in await anna.messages() if each.from_bot]
    refused = await anna.checkout(message)
    await bot.answer_pre_checkout_query(refused["checkout"], ok=False, error_message="No")
    assert await anna.settled(refused) == Outcome(Fate.REFUSED, "No")
    assert (await anna.expire(await anna.checkout(message))).expired
    assert (await anna.pay_unasked("p-1", 5, deliver=0)).update_id == 0
    checkout = await ben.checkout(message)
    await bot.answer_pre_checkout_query(checkout["checkout"], ok=True)
    outcome = await ben.settled(checkout)
    assert outcome.paid
    assert await ben.stars() == 99_970
    assert await away.repeat_payment(outcome.charge) == outcome.update_id + 1
    assert await away.reverse(outcome.charge) == outcome.update_id + 2
    assert [each["amount"] for each in await away.transactions()] == [5, 30, 30]
    with pytest.raises(AssertionError, match="CHARGE_ALREADY_REFUNDED"):
        await away.reverse(outcome.charge)
    link = await bot.create_invoice_link("Top up", "For you", "p-1", "XTR", [LabeledPrice(label="x", amount=2)])
    assert await anna.stars(1) == 1
    assert (await anna.pay(link)).fate is Fate.SHORT
    await anna.send_photo("a receipt", data=b"\xff\xd8\xff x")
    assert await anna.read_file((await anna.messages())[-1]) == b"\xff\xd8\xff x"
    await bot.session.close()


async def test_replies_across_processes(away: RemoteTelegram) -> None:
    """Words, photos and files carry what they answer; what was deleted meanwhile is not answered, as in the apps."""
    bot = client(away.url, "42:AWAY")
    anna = await away.person(1001)
    await anna.send("/start")
    asked = await bot.send_message(anna.id, "Where is it?")
    [shown] = [each for each in await anna.messages() if each.from_bot]
    await anna.send("On its way", reply_to=shown)
    await anna.act("photo", caption="see", reply_to=shown.id)
    await anna.act("file", name="a.txt", data="", reply_to=shown.id)
    heard = [update.message for update in (await bot.get_updates())[1:]]
    assert [each and each.reply_to_message and each.reply_to_message.text for each in heard] == ["Where is it?"] * 3
    carried = [message.extra["reply_to_message"]["message_id"] for message in (await anna.messages())[2:]]
    assert carried == [shown.id] * 3
    await bot.delete_message(anna.id, asked.message_id)
    last = await anna.send("Never mind", reply_to=shown)
    [update] = await bot.get_updates(offset=last)
    assert update.message is not None
    assert update.message.reply_to_message is None
    await bot.session.close()


async def test_the_inline_mode_across_processes(away: RemoteTelegram) -> None:
    """Results are asked for, chosen by what was asked, and sent where they were asked for; links lead to the bot."""
    bot = client(away.url, "42:AWAY")
    anna, news = await away.person(1001), await away.channel(-100500)
    asking = asyncio.create_task(anna.act("inline", words="likes", into=news.id))
    [update] = await bot.get_updates(timeout=5, allowed_updates=["inline_query", "message"])
    assert update.inline_query is not None
    said = InputTextMessageContent(message_text="Likes are sold here")
    likes = InlineQueryResultArticle(id="s1", title="Likes", description="$1", input_message_content=said)
    more = InlineQueryResultsButton(text="Search", start_parameter="search")
    await bot.answer_inline_query(update.inline_query.id, [likes], next_offset="20", button=more)
    assert await asking == {
        "results": [{"id": "s1", "title": "Likes", "description": "$1"}],
        "next_offset": "20",
        "button": more.model_dump(exclude_none=True),
    }
    await anna.act("choose", words="likes", result="s1", into=news.id)
    assert [message.text for message in await news.messages()] == ["Likes are sold here"]
    for wrong in ({"words": "likes", "result": "s2"}, {"words": "views", "result": "s1"}):
        with pytest.raises(AssertionError, match="no result"):
            await anna.act("choose", **wrong)
    with pytest.raises(AssertionError, match="is not a group or channel"):
        await anna.act("choose", words="likes", result="s1", into=anna.id)
    followed = await anna.act("follow", link="https://t.me/demo_shop_bot?start=s1")
    [update] = await bot.get_updates(offset=followed)
    assert update.message is not None
    assert update.message.text == "/start s1"
    await bot.session.close()


async def test_what_does_not_come_is_told_with_the_chat(away: RemoteTelegram) -> None:
    anna = await away.person(1001)
    await anna.send("hello?")
    with pytest.raises(AssertionError, match=r"a message with 'Hi'(.|\n)*#1 Anna: hello\?"):
        await anna.expect("Hi", timeout=0.01)


@pytest.fixture
async def staged() -> AsyncIterator[DemoTelegram]:
    """A stand-in with its chat page."""
    demo = DemoTelegram()
    customer, admin = demo.person(1001, "Anna"), demo.person(2001, "Boss")
    demo.stage = Stage(customer, admin, demo.channel(-100500))
    async with demo.serve():
        yield demo


async def test_the_page_brings_all_it_needs(staged: DemoTelegram) -> None:
    """Every file of the page is served, from here, under a policy that lets nothing else in."""
    async with aiohttp.ClientSession(staged.url) as session:
        async with session.get("/") as response:
            page = await response.text()
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "//" not in page.replace("http://www.w3.org", "")
        for name in (file.name for file in FILES.iterdir() if file.suffix != ".html"):
            async with session.get(f"/{name}") as response:
                assert response.status == 200
                assert "innerHTML" not in await response.text()
        async with session.get("/../app.py") as response:
            assert response.status == 404


async def test_the_stream_tells_what_changed(staged: DemoTelegram) -> None:
    """What a page missed comes first, what happens next follows; too long ago means: load anew."""
    bot = client(staged.url, staged.token)
    customer = staged.person(1001)
    async with aiohttp.ClientSession(staged.url) as session:
        await customer.send("/start")
        async with session.get("/control/stream?since=0") as stream:
            await bot.send_message(customer.id, "Hello")
            texts = [(await _event(stream))["body"]["text"] for _ in range(2)]
        assert texts == ["/start", "Hello"]
        async with session.get("/control/stage") as response:
            panes = (await response.json())["panes"]
        assert [message["text"] for message in panes["customer"]["messages"]] == texts
        async with session.get("/control/stream?since=99999") as stream:
            assert await stream.content.readline() == b"event: reset\n"
    await bot.session.close()


async def _event(stream: aiohttp.ClientResponse) -> dict[str, dict[str, str]]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            event: dict[str, dict[str, str]] = json.loads(line[6:])
            return event
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 200),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "application/json", "Host": "evil.example"}, 403),
    ],
)
async def test_other_sites_cannot_act_here(staged: DemoTelegram, headers: dict[str, str], status: int) -> None:
    """A page from elsewhere, or one that made its name point here, is turned away."""
    async with (
        aiohttp.ClientSession(staged.url) as session,
        session.post("/control/heal", data="{}", headers=headers) as response,
    ):
        assert response.status == status


async def test_an_unknown_power_or_chat_is_named(staged: DemoTelegram, bot: Bot) -> None:
    async with RemoteTelegram(staged.url) as remote:
        with pytest.raises(AssertionError, match="no such power: fly"):
            await remote.act("fly")
        with pytest.raises(AssertionError, match="KeyError"):
            await remote.act("send", chat=5, text="x")
