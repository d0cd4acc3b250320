"""Ordering again: the same order in two presses, answers given before as buttons, favourites."""

from pathlib import Path

from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill, press, read, say
from tests.conversations.shop import OpenShop, offers, open_shop

FOLLOWERS, COMMENTS = offers("alpha", "Default", "Custom Comments")
OTHER_LINK = "https://www.instagram.com/a-rather-long-name-of-somebody-else/"


async def complete(shop: OpenShop, number: int) -> None:
    """The panel delivers an order, and its customer hears of it."""
    await read(shop.anna, f"#{number} · Pending")
    panel = shop.panels["alpha"]
    panel.set_status(list(panel.orders)[number - 1], "Completed")
    await read(shop.anna, f"#{number} · Completed")


async def test_the_same_again_in_two_presses(tmp_path: Path) -> None:
    """From the news of an ended order: one press shows the summary at today's price, the next confirms it."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, COMMENTS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        await buy(anna, FOLLOWERS, LINK, "1000")
        await complete(shop, 1)
        news = await read(anna, "#1 · Completed")
        summary = await press(anna, "Order again", "Price: $1.17", news)
        assert LINK in summary.text
        await press(anna, "Confirm", "#2 · ")
        assert await shop.rows("SELECT count(*) AS n FROM orders WHERE price = 11700") == [(2,)]
        await complete(shop, 2)
        card = await say(anna, "/order 1", "#1 · Completed")
        await press(anna, "Order again", "Your order", card)
        await press(anna, "Cancel", "Nothing was ordered")


async def test_a_list_is_repeated_too(tmp_path: Path) -> None:
    """Comments come along; a service that is not on sale any more says so."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, COMMENTS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        lines = "\n".join(f"comment {number}" for number in range(COMMENTS.min))
        await buy(anna, COMMENTS, LINK, lines, "[Done]")
        await complete(shop, 1)
        await press(anna, "Order again", "Your order", await read(anna, "#1 · Completed"))
        await press(anna, "Confirm", "#2 · ")
        assert next(add["comments"] for add in shop.panels["alpha"].adds).split() == lines.split()
        shop.panels["alpha"].book.set_offers([FOLLOWERS])
        await shop.stocked()
        await shop.stocked()
        gone = anna.forge(cb.Again(id=1).pack(), anna.messages[-1])
        assert "not on sale any more" in (await gone.answered()).text


async def test_answers_given_before_are_buttons(tmp_path: Path) -> None:
    """The last links, newest first, each once; another's order is no answer."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        for link in (LINK, OTHER_LINK, LINK):
            await buy(anna, FOLLOWERS, link, "100")
        question = await fill(anna, FOLLOWERS)
        assert question.labels[:2] == ["instagram.com/anna", "…om/a-rather-long-name-of-somebody-else/"]
        await press(anna, "instagram.com/anna", "Send the quantity", question)
        await say(anna, "200", "Your order")
        await press(anna, "Confirm", "#4 · ")
        assert (await shop.rows("SELECT answers FROM orders WHERE id = 4"))[0].answers.count(LINK) == 1
        ben = shop.telegram.person(1002, "Ben")
        theirs = await fill(ben, FOLLOWERS)
        assert "instagram.com/anna" not in theirs.labels
        draft = (await shop.rows("SELECT max(id) AS id FROM drafts WHERE user_id = 1002"))[0].id
        stolen = ben.forge(cb.Recent(draft=draft, field="link", order=1).pack(), theirs)
        assert "There is no order #1" in (await stolen.answered()).text


async def test_favourites(tmp_path: Path) -> None:
    """A star on the card marks a service; /favourites and the first screen lead to it; another press takes it away."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, COMMENTS]) as shop:
        anna = shop.anna
        await say(anna, "/favourites", "Nothing is marked yet")
        card = await fill(anna, COMMENTS)
        await press(anna, "☆ Favourite", "Send the link", card)
        listed = await say(anna, "/favourites", "Choose a service")
        assert listed.labels[0].startswith(COMMENTS.name)
        assert "★ Favourites" in (await say(anna, "/order", "Choose a category")).labels
        await press(anna, "★ Favourites", "Choose a service")
        await press(anna, COMMENTS.name, "Send the link")
        await press(anna, "★ Favourite", "Send the link")
        await say(anna, "/favourites", "Nothing is marked yet")
        assert await shop.rows("SELECT * FROM favourites") == []
        await press(anna, "☆ Favourite", "Send the link", await fill(anna, COMMENTS))
        draft, service = (await shop.rows("SELECT max(id), max(service_id) FROM drafts"))[0]
        shop.panels["alpha"].book.set_offers([FOLLOWERS])
        await shop.stocked()
        unmark = cb.Favourite(draft=draft, service=service, on=False).pack()
        assert "not on sale" not in (await anna.forge(unmark, anna.messages[-1]).answered()).text
        assert await shop.rows("SELECT * FROM favourites") == []


async def test_the_last_services_stand_where_browsing_begins(tmp_path: Path) -> None:
    """What was ordered is one press away."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, COMMENTS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        before = await say(anna, "/order", "Choose")
        assert not any(FOLLOWERS.name in label for label in before.labels)
        await buy(anna, FOLLOWERS, LINK, "1000")
        begin = await say(anna, "/order", "Choose")
        [first] = [label for label in begin.labels if FOLLOWERS.name in label]
        await press(anna, first, "Send the link", begin)
