"""Spread over time: a drip-feed, offered on the summary, so that nobody pays a tap for it."""

from dataclasses import replace
from pathlib import Path

from tests.conversations.customer import LINK, fill, press, read, say
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
LIKES = replace(FOLLOWERS, service="2", name="Likes", dripfeed=False)


async def test_an_order_is_spread_over_time(tmp_path: Path) -> None:
    """Runs and an interval are asked for together, priced together, sent together, and taken back together."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, LIKES]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        assert "Spread over time" not in (await fill(anna, LIKES, LINK, "1000")).labels
        assert "Spread over time" in (await fill(anna, FOLLOWERS, LINK, "1000")).labels
        runs = await press(anna, "Spread over time", "runs")
        assert "From 2 to 10." in runs.text  # the panel's maximum may be meant for all runs together
        await press(anna, "Back", "Price: $1.17")
        await press(anna, "Spread over time", "runs")
        await say(anna, "11", "the maximum is 10")
        assert "From 1 to 10,080." in (await say(anna, "3", "interval")).text
        half = await press(anna, "Back", "Price: $1.17")  # runs alone are as good as nothing
        assert "Runs" not in half.text
        await press(anna, "Spread over time", "runs")
        await say(anna, "3", "interval")
        await say(anna, "0", "the minimum is 1")
        spread = await say(anna, "60", "Price: $3.51")
        assert "Runs: 3\nInterval: 60" in spread.text
        assert "✎ runs" in spread.labels
        await press(anna, "Deliver at once", "Price: $1.17")
        await press(anna, "Spread over time", "runs")
        await say(anna, "4", "interval")
        await say(anna, "30", "Price: $4.68")

        await press(anna, "✎ quantity", "quantity")
        await say(anna, "5000", "the maximum is 2")  # 4 × 5,000 is more than the service takes
        await say(anna, "2", "Price: $11.70")
        card = await press(anna, "Confirm", "#1 · ")
        assert "Runs: 2\nInterval: 30\nIn all: 10,000" in card.text
        await panel.took(1)
        assert panel.adds == [
            {"service": "1", "link": LINK, "quantity": "5000", "runs": "2", "interval": "30"},
        ]
        assert await shop.rows("SELECT price, held, quantity FROM orders") == [(117_000, 117_000, 10_000)]


async def test_what_is_not_spread_any_more_is_not_ordered_spread(tmp_path: Path) -> None:
    """Once the service takes no drip-feed, a summary with runs is shown again without, and so is an order repeated."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")

        async def spread() -> None:
            await fill(anna, FOLLOWERS, LINK, "1000")
            await press(anna, "Spread over time", "runs")
            await say(anna, "3", "interval")
            await say(anna, "60", "Price: $3.51")

        await spread()
        await press(anna, "Confirm", "#1 · ")
        await panel.took(1)
        panel.set_status(next(iter(panel.orders)), "Completed")
        done = await read(anna, "#1 · Completed")
        await spread()
        runs = await press(anna, "✎ runs", "runs")
        panel.set_offers([replace(FOLLOWERS, dripfeed=False)])
        await shop.stocked()
        await press(anna, "Back", "Price: $1.17", runs)
        await say(anna, "/start", "Demo Shop")
        again = await press(anna, "Order again", "Price: $1.17", done)
        assert not {"Runs", "Interval"} & set(again.text.replace(":", " ").split())
        assert not {"Spread over time", "Deliver at once"} & set(again.labels)


async def test_a_summary_with_runs_is_not_confirmed_without_a_look(tmp_path: Path) -> None:
    """Confirm charges what was shown: where the runs are gone, the summary comes again, and then one run is bought."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await fill(anna, FOLLOWERS, LINK, "1000")
        await press(anna, "Spread over time", "runs")
        await say(anna, "3", "interval")
        await say(anna, "60", "Price: $3.51")
        panel.set_offers([replace(FOLLOWERS, dripfeed=False)])
        await shop.stocked()
        changed = await press(anna, "Confirm", "Price: $1.17")
        assert "Please look again" in changed.text
        await press(anna, "Confirm", "#1 · ")
        await panel.took(1)
        assert panel.adds == [{"service": "1", "link": LINK, "quantity": "1000"}]
        assert await shop.rows("SELECT price, quantity FROM orders") == [(11_700, 1_000)]
