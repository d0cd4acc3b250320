"""The inline mode: services with their prices in any chat, and the way from there to an order."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from bot.checks import check
from bot.demo.panel import many_offers
from bot.demo.telegram import Fault
from bot.telegram import inline
from bot.telegram.pacing import Pacing
from tests.conversations.customer import press, say
from tests.conversations.shop import offers, open_shop
from tests.conversations.test_finding import FOLLOWERS, TIKTOK_LIKES, TIKTOK_VIEWS, called

[PACK] = called("Starter pack: 500 followers + 50 likes")


async def test_a_service_is_sent_to_friends_and_ordered_from_there(tmp_path: Path) -> None:
    """Whoever presses Order below it is in the bot, at that service's first question."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS, PACK]) as shop:
        anna, bob, group = shop.anna, shop.telegram.person(1002, "Bob"), shop.telegram.group(-1009100, "Friends")
        await shop.give(anna, "50")
        found = await anna.inline("tiktok views")
        assert found.titles == ["TikTok views | Instant ⚡"]
        assert found.results[0].description == "$0.0059 per 1000 · TikTok"
        assert (found.next_offset, found.cache_time, found.button) == ("", 60, None)
        [pack] = (await anna.inline("starter")).results
        assert pack.description == "$1.95 for the package · Instagram Followers"
        sent = await anna.choose(found.results[0], group)
        assert sent.text == "TikTok views | Instant ⚡\nPrice: $0.0059 per 1000\nTikTok"
        assert sent.buttons == [["Order it"]]
        opened = await bob.press("Order it", sent)
        await bob.follow(opened.url)
        assert "Send the link." in (await bob.expect("TikTok views")).text
        assert shop.telegram.sent(chat=group.id) == []


async def test_chosen_in_the_bot_s_own_chat_it_opens_at_once(tmp_path: Path) -> None:
    """A result that is sent to the bot itself is an order begun, and no answer to what was asked before."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS]) as shop:
        anna = shop.anna
        await say(anna, "/start", "Demo Shop")
        [result] = (await anna.inline("tiktok views")).results
        await anna.choose(result)
        await anna.expect("Send the link.")
        await say(anna, "https://www.tiktok.com/@anna/video/123", "Send the quantity")
        [other] = (await anna.inline("followers")).results
        await anna.choose(other)
        assert "Followers | Mixed" in (await anna.expect("Send the link.")).text
        shop.panels["alpha"].set_offers([FOLLOWERS])
        await shop.stocked()
        await anna.choose(result)
        await anna.expect("not on sale any more")


async def test_everybody_reads_their_own_language(tmp_path: Path) -> None:
    """Telegram shows an answer again only to who asked, because the next one may speak another language."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS]) as shop:
        anna, omar = shop.anna, shop.telegram.person(1003, "Omar", language="ar")
        english, arabic = await anna.inline("tiktok"), await omar.inline("tiktok")
        assert english.personal
        assert english.results[0].formatted.text != arabic.results[0].formatted.text
        assert await anna.inline("tiktok") is english
        assert len(shop.telegram.sent("answerInlineQuery")) == 2


async def test_a_language_that_was_chosen_is_spoken_in_other_chats_too(tmp_path: Path) -> None:
    """As in the bot itself: what /language says goes before what the app says."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS]) as shop:
        omar = shop.telegram.person(1003, "Omar", language="ar")
        await omar.send("/language")
        await omar.expect_button("English")
        await omar.press("English")
        await omar.expect("Which language shall I speak?")
        [result] = (await omar.inline("tiktok")).results
        assert result.description == "$0.0059 per 1000 · TikTok"


async def test_long_lists_come_in_pages(tmp_path: Path) -> None:
    """Each once; without words there is something of every category."""
    many = many_offers(500)
    async with open_shop(tmp_path, alpha=many) as shop:
        anna, seen, offset = shop.anna, list[str](), ""
        while True:
            page = await anna.inline("instagram", offset)
            seen += [result.id for result in page.results]
            offset = page.next_offset
            if not offset:
                break
        known = await shop.rows("SELECT id FROM services WHERE name LIKE 'Instagram%'")
        assert sorted(map(int, seen)) == sorted(number for (number,) in known)
        assert len(seen) > inline.PAGE
        nothing = await anna.inline("instagram", "9999")
        assert (nothing.results, nothing.next_offset) == ((), "")
        for odd in ("-5", "x", "1" * 60, "²"):
            assert len((await anna.inline("instagram", odd)).results) == inline.PAGE
        assert len((await anna.inline("")).results) == len({each.category for each in many})
        assert (await anna.inline("https://instagram.com/p/abc/")).results


async def test_nothing_found_leads_to_the_search(tmp_path: Path) -> None:
    """Above an empty list stands the way into the bot, to somebody new as well."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        nothing = await shop.anna.inline("qwertyuiop")
        assert nothing.results == ()
        assert nothing.button is not None
        await shop.anna.follow(f"https://t.me/demo_shop_bot?start={nothing.button['start_parameter']}")
        await shop.anna.expect("What are you looking for?")


async def test_queries_are_answered_from_memory_beside_everything_else(tmp_path: Path) -> None:
    """They wait for no writer, leave nothing in the books, and a lost answer harms nobody."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_LIKES]) as shop:
        anna = shop.anna
        assert shop.app is not None
        before = await shop.rows("SELECT count(*) FROM inbox")
        async with shop.app.shop.db.write() as tx:
            await tx.conn.execute(text("UPDATE users SET name = name"))
            assert (await anna.inline("tiktok")).titles == [TIKTOK_LIKES.name]
        lost = shop.telegram.fail("answerInlineQuery", Fault.error(400, "query is too old"))
        waiting = asyncio.create_task(anna.inline("followers"))
        await shop.telegram.until(lambda: lost.fired)
        waiting.cancel()
        assert (await anna.inline("follower")).titles == [FOLLOWERS.name]
        assert await shop.rows("SELECT count(*) FROM inbox") == before
        assert await shop.rows("SELECT count(*) FROM users") == [(0,)]
        await press(anna, "Main menu", "Demo Shop", await say(anna, "/order", "Choose a category"))


async def test_who_types_too_fast_reads_nothing_for_a_moment(tmp_path: Path) -> None:
    """The answer is empty, and is not shown again; others and the owner are not slowed down."""
    seconds = [1000.0]
    pacing = Pacing(lambda: seconds[0], burst=2, a_second=1)
    async with open_shop(tmp_path, alpha=[FOLLOWERS], pacing=pacing) as shop:
        bob = shop.telegram.person(1002, "Bob")
        answers = [await shop.anna.inline(words) for words in ("f", "fo", "fol")]
        assert [len(each.results) for each in answers] == [1, 1, 0]
        assert answers[-1].cache_time <= 1
        assert answers[-1].personal
        assert answers[-1].button is None
        assert (await bob.inline("fol")).results
        assert all([(await shop.admin.inline("followers"[:length])).results for length in range(1, 5)])
        seconds[0] += 1
        assert (await shop.anna.inline("foll")).results


async def test_the_check_says_whether_it_is_on(tmp_path: Path) -> None:
    """It has to be turned on at BotFather; that it is off is a hint, not a problem."""
    async with open_shop(tmp_path, alpha=offers("alpha", "Default")) as shop:
        for on in (True, False):
            said: list[str] = []
            shop.telegram.world.inline.on = on
            assert await check(shop.settings(), said.append) == 0
            assert any("/setinline" in line for line in said) is not on
