"""One's orders: the list, a card and how it moves, taking back, asking the shop, and the news of every change."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.demo.panel import DemoPanel, Fault
from bot.demo.telegram import Person
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill, press, read, say
from tests.conversations.owner import MovedClock
from tests.conversations.shop import CHANNEL, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[STARTER] = offers("alpha", "Package")
# Below a list: what else can be listed.
CHOICES = ("✓ All orders", "Open orders", "Past orders", "By network", "By link", "By number")


async def test_one_s_orders_are_listed_and_can_be_taken_back_while_they_wait(tmp_path: Path) -> None:
    """Newest first, page by page; nobody sees or takes back another's; the panel never hears of what was taken back."""
    async with open_shop(tmp_path, alpha=[STARTER]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await say(shop.admin, "/pause alpha", "alpha")
        for number in range(1, 10):
            await buy(anna, STARTER, f"@anna{number}")
        first = await say(anna, "/orders", "My orders")
        assert [label.partition(" ")[0] for label in first.labels[:8]] == [f"#{number}" for number in range(9, 1, -1)]
        assert first.labels[8:] == ["Next ›", *CHOICES, "New order", "Main menu"]
        assert first.labels[0].endswith("· Waiting")
        second = await press(anna, "Next ›", "My orders")
        assert second.labels[0].startswith("#1 ")
        assert second.labels[1:] == ["‹ Previous", *CHOICES, "New order", "Main menu"]
        await press(anna, "‹ Previous", "My orders")
        card = await press(anna, "#9", "#9 · Waiting")
        assert "Link: @anna9" in card.text
        assert "Your money is set aside" in card.text
        assert "Price: $1.95\nOn hold: $1.95" in card.text

        bob = shop.telegram.person(1002, "Bob")
        for command in ("/order 9", "/order #99", "/order 0", f"/order {10**19}", "/order <b>"):
            asked = command.partition(" ")[2].removeprefix("#")
            await say(bob, command, f"There is no order #{asked}.")
        home = await say(bob, "/start", "Demo Shop")
        for do in ("show", "look", "cancel", "cancel_sure", "ask"):
            refused = await bob.forge(cb.OrderDo(id=9, do=do).pack(), home).answered()
            assert refused.text == "There is no order #9."

        await press(anna, "Take it back", "Take order #9 back?")
        await press(anna, "Back", "#9 · Waiting")
        sure = await press(anna, "Take it back", "$1.95 comes back to your wallet")
        canceled = await press(anna, "Yes, take it back", "#9 · Canceled")
        assert "You took it back before it was sent." in canceled.text
        assert "Came back: $1.95" in canceled.text
        again = await anna.press("Yes, take it back", sure)
        assert "does not wait any more" in again.text
        assert "Available: $34.40\nOn hold: $15.60" in (await say(anna, "/wallet", "Wallet")).text
        await say(anna, "/order #8", "#8 · Waiting")
        await shop.admin.send("/resume alpha")
        await panel.took(8)
        assert {each["link"] for each in panel.adds} == {f"@anna{number}" for number in range(1, 9)}


async def test_a_card_shows_how_far_an_order_is(tmp_path: Path) -> None:
    """Look again asks the panel, not more often than it likes to be asked; the bar fills; the end ends the asking."""
    clock = MovedClock()
    async with open_shop(tmp_path, alpha=[FOLLOWERS], clock=clock, status_seconds=3600) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await buy(anna, FOLLOWERS, LINK, "1000")
        await anna.expect("#1 · Pending")
        await panel.took(1)
        [order] = panel.orders
        panel.set_status(order, "In progress", remains=400, start_count=12_345)
        await press(anna, "Order #1", "It is placed and starts soon.")
        card = await press(anna, "Look again", "#1 · In progress")
        assert "Start count: 12,345\nRemains: 400\n▰▰▰▰▰▰▱▱▱▱ 60%" in card.text
        asked = panel.counts["status"]
        panel.set_status(order, "Completed")
        soon = await anna.press("Look again")
        assert soon.text == "This is how it stands now."
        assert panel.counts["status"] == asked
        clock.ahead += timedelta(seconds=16)
        done = await press(anna, "Look again", "#1 · Completed")
        assert "▰▰▰▰▰▰▰▰▰▰ 100%" in done.text
        assert "Ended: " in done.text
        assert done.labels == ["Refill", "Order again", "Ask the shop", "My orders", "Main menu"]
        assert await shop.rows("SELECT held, captured FROM orders") == [(0, 11_700)]


async def test_news_of_every_change_and_what_the_channel_may_know(tmp_path: Path) -> None:
    """Customers read what happened and what came back, never a panel's words; the channel reads no more than it may."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        panel, admin = shop.panels["alpha"], shop.admin
        await say(admin, "/start", "Demo Shop")
        panel.fail("add", Fault.refused("Incorrect link (reseller 4711)"), link="@refused")
        panel.fail("add", Fault.close(taken=True), link="@lost")
        people = {
            link: shop.telegram.person(number, f"Buyer of {link}") for number, link in enumerate(LINKS, start=2001)
        }
        for link, person in people.items():
            await shop.give(person, "10")
            await buy(person, FOLLOWERS, link, "1000")
        await panel.took(4)

        news = await read(people["@refused"], "#4 · Refused")
        assert "The link was not accepted." in news.text
        assert "$1.17 is back in your wallet." in news.text
        await read(admin, "reseller 4711")
        checked = await read(people["@lost"], "#5 · Being checked")
        assert "please do not order the same again" in checked.text
        elsewhere = await fill(people["@lost"], FOLLOWERS, "@lost.too", "1000")
        assert "being checked" not in elsewhere.text
        warned = await fill(people["@lost"], FOLLOWERS, "@Lost", "1000")
        assert "Your order #5 for the same link is being checked." in warned.text

        await end(panel, people)
        partial = await read(people["@part"], "#2 · Partial")
        assert "$0.351 is back in your wallet; what was delivered cost $0.819." in partial.text
        assert "$1.17 is back in your wallet." in (await read(people["@none"], "#3 · Canceled")).text
        completed = await read(people["@done"], "#1 · Completed")
        assert "Everything is delivered." in completed.text
        await press(people["@done"], "Order #1", "Price: $1.17", completed)
        for person in people.values():
            assert "4711" not in person.transcript()
            assert "alpha" not in person.transcript()

        lines = [json.loads(facts) for (facts,) in await shop.rows("SELECT facts FROM outbox WHERE chat_id = 0")]
        assert {line["number"] for line in lines} == {1, 2, 3}
        assert all(line.keys() == {"number", "service", "quantity", "state"} for line in lines)
        posts = shop.telegram.world.rooms[CHANNEL].messages
        assert posts[0].text.splitlines()[0] == f"#1 · {FOLLOWERS.name} · 1,000 · Pending"
        assert await shop.rows("SELECT state, held, captured, refunded FROM orders ORDER BY id") == [
            ("completed", 0, 11_700, 0),
            ("partial", 0, 8_190, 3_510),
            ("canceled", 0, 0, 11_700),
            ("refused", 0, 0, 11_700),
            ("uncertain", 11_700, 0, 0),
        ]


LINKS = ("@done", "@part", "@none", "@refused", "@lost")


async def end(panel: DemoPanel, people: Mapping[str, Person]) -> None:
    """Bring the placed orders to their ends, each once its customer heard that it was placed."""
    order = {each.fields["link"]: name for name, each in panel.orders.items()}
    for link in ("@done", "@part", "@none"):
        await read(people[link], " · Pending")
    panel.set_status(order["@part"], "Partial", remains=300)
    panel.set_status(order["@none"], "Canceled")
    panel.set_status(order["@done"], "In progress")
    await read(people["@done"], "#1 · In progress")
    panel.set_status(order["@done"], "Completed")
