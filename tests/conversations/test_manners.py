"""How the bot behaves: in groups, beside news, on old buttons, towards the nosy, and with whoever blocked it."""

import logging
from pathlib import Path

import pytest

from bot.demo.telegram import Fault
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill, press, read, say
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")


async def test_a_press_edits_its_screen_and_news_push_the_next_one_down(tmp_path: Path) -> None:
    """A press changes its message in place, unless news came below it: then a new one comes and the old has no keys."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        home = await say(anna, "/start", "Demo Shop")
        screen = await press(anna, "New order", "Choose a category")
        assert screen.id == home.id
        await shop.admin.send(f"/credit {anna.id} 50 gift")
        news = await anna.expect("gift")
        below = await press(anna, FOLLOWERS.category, "Choose a service", screen)
        assert below.id > news.id > screen.id
        await anna.until(lambda: not anna.history[screen.id].keyboard)
        question = await press(anna, FOLLOWERS.name, "Send the link.")
        assert question.id == below.id
        typed = await say(anna, LINK, "Send the quantity")
        await anna.until(lambda: not anna.history[question.id].keyboard)
        assert typed.keyboard


async def test_a_question_that_was_lost_is_asked_again(tmp_path: Path) -> None:
    """What is typed before a question reached the chat is no answer to it."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await fill(anna, FOLLOWERS)
        lost = shop.telegram.fail("sendMessage", Fault.error(500), chat=anna.id)
        await anna.send(LINK)
        await anna.until(lambda: lost.fired)
        asked = await say(anna, "777", "Send the quantity")
        assert "⚠️" not in asked.text
        assert await shop.rows("SELECT answers FROM drafts") == [(f'{{"link": "{LINK}"}}',)]
        await say(anna, "1000", "Quantity: 1,000")


async def test_old_and_forged_buttons_explain_themselves(tmp_path: Path) -> None:
    """A button means what it meant, or says why it means nothing any more; nothing happens twice."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        summary = await fill(anna, FOLLOWERS, LINK, "1000")
        await press(anna, "Confirm", "#1 · ")
        card = await press(anna, "Confirm", "#1 · ", summary)
        for label in ("Cancel", "✎ link", "Back", "Spread over time"):
            told = await anna.press(label, summary)
            assert told.text == "This form is closed. Begin a new order with /order."
        assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
        for data in (
            "",
            "nonsense",
            "f:1",
            "o:x:show",
            f"o:{10**30}:show",
            "go:nowhere",
            "l:tlh",
            "q:1:link",
            "s:99999",
        ):
            told = await anna.forge(data, card).answered()
            assert told.text
            assert told.show_alert
        draft = await fill(anna, FOLLOWERS, LINK)
        other = shop.telegram.person(1002, "Bob")
        home = await say(other, "/start", "Demo Shop")
        for button in (button for row in draft.keyboard for button in row if button.data):
            refused = await other.forge(button.data or "", home).answered()
            assert refused.text == "This form is closed. Begin a new order with /order."


async def test_an_old_button_leads_on(tmp_path: Path) -> None:
    """Words alone lead nowhere: the main screen comes with them, unless a question waits in another message."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        old = await fill(anna, FOLLOWERS, LINK, "1000")
        await press(anna, "Confirm", "#1 · ")
        await read(anna, "#1 · Pending")
        for data, words in ((old.keyboard[1][0].data or "", "This form is closed."), ("nonsense", "out of date")):
            card = await say(anna, "/order 1", "#1 · ")
            answer = await anna.forge(data, card).answered()
            assert (words in answer.text, answer.show_alert) == (True, True)
            home = await anna.expect_button("New order")
            assert (home.id, home.text.splitlines()[0]) == (card.id, "Demo Shop")
        asked = await fill(anna, FOLLOWERS)
        assert (await anna.forge("nonsense", card).answered()).show_alert
        assert anna.screen == asked
        await say(anna, LINK, "Send the quantity")


async def test_a_message_that_is_gone_is_replaced(tmp_path: Path) -> None:
    """Who deleted a screen on one device and presses it on another gets it anew."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        home = await say(shop.anna, "/start", "Demo Shop")
        gone = Fault.error(400, "Bad Request: message to edit not found")
        shop.telegram.fail("editMessageText", gone, chat=shop.anna.id)
        await shop.anna.press("Wallet", home)
        wallet = await shop.anna.expect("Available: $0.00")
        assert wallet.id > home.id


async def test_groups_are_none_of_its_business(tmp_path: Path) -> None:
    """Whatever is said or pressed in a group, the bot says nothing there and does nothing."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, group = shop.anna, shop.telegram.group(-1009100, "Friends")
        for text in ("/start", "/balance", "/wallet@demo_shop_bot", "hello"):
            update = await anna.send(text, chat=group)
        await shop.admin.send("/pause alpha", chat=group)
        await shop.telegram.confirmed(update)
        await say(anna, "/start", "Demo Shop")
        await shop.close()  # which ends what is in hand
        assert shop.telegram.sent(chat=group.id) == []
        assert await shop.rows("SELECT gate FROM panels") == [(None,)]
        assert await shop.rows("SELECT count(*) FROM inbox WHERE done_at IS NULL") == [(0,)]
        assert await shop.rows("SELECT id FROM users") == [(anna.id,)]


async def test_an_admin_s_commands_do_not_exist_for_customers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They are answered as any unknown command is, and logged; an admin's buttons mean nothing either."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        await buy(anna, FOLLOWERS, LINK, "1000")
        unknown = await say(anna, "/nonsense", "I do not know this command.")
        caplog.clear()
        caplog.set_level(logging.WARNING)
        tried = (
            "credit 1001 5",
            "debit 9001 5",
            "user 1001",
            "uncertain",
            "sync",
            "pause alpha",
            "resume",
            "CREDIT 1 1",
        )
        for command in tried:
            told = await say(anna, f"/{command}", "I do not know")
            assert (told.text, told.buttons) == (unknown.text, unknown.buttons)
        noted = [record.getMessage() for record in caplog.records if record.name == "bot.telegram.routers.fallback"]
        assert len(noted) == len(tried)
        assert noted[0] == "user 1001, who is no admin, tried /credit"
        await say(anna, "/balance", "Available: $48.83")
        home = await say(anna, "/start", "Demo Shop")
        for data in (
            cb.Decide(id=1, do="refund", sure=True),
            cb.Decide(id=0, do="list"),
            cb.Panel(name="alpha", do="pause"),
        ):
            pressed = await anna.forge(data.pack(), home).answered()
            assert "out of date" in pressed.text
        card = await say(anna, "/order 1", "#1 · ")
        assert "Attempts" not in card.text
        assert "alpha" not in card.text
        assert await shop.rows("SELECT held FROM orders") == [(11_700,)]
        assert await shop.rows("SELECT gate FROM panels") == [(None,)]


async def test_who_blocked_the_bot_hears_everything_on_return(tmp_path: Path) -> None:
    """News wait for whoever blocked the bot, in order, and hold up nobody else's."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, bob = shop.anna, shop.telegram.person(1002, "Bob")
        await say(anna, "/start", "Demo Shop")
        await say(bob, "/start", "Demo Shop")
        await shop.telegram.confirmed(await anna.block())
        for reason in ("first", "second"):
            await say(shop.admin, f"/credit {anna.id} 1 {reason}", "put into the wallet")
        await say(shop.admin, f"/credit {bob.id} 1 other", "put into the wallet")
        await read(bob, "other")
        assert "first" not in anna.transcript()
        await anna.unblock()
        await say(anna, "/start", "Wallet: $2.00")
        await read(anna, "second")
        told = [each.text for each in anna.heard_messages if "Reason" in each.text]
        assert ["first" in told[0], "second" in told[1], len(told)] == [True, True, 2]
