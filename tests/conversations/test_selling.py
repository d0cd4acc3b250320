"""The main job: from /start to Completed."""

from pathlib import Path

from tests.conversations.shop import CHANNEL, offers, open_shop


async def test_from_start_to_completed(tmp_path: Path) -> None:
    """A customer orders by three choices, a link and a quantity, and hears of every change."""
    async with open_shop(tmp_path, alpha=offers("alpha", "Default")) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "25")
        await anna.send("/order")
        await anna.press("Instagram Followers")
        await anna.press("Followers | Mixed | Instant")
        await anna.expect("link")
        await anna.send("https://instagram.com/anna")
        await anna.expect("quantity")
        await anna.send("1000")
        await anna.expect("Wallet after it")
        await anna.press("Confirm")
        await anna.expect("#1 · ")
        await panel.took(1)
        assert panel.adds == [{"service": "1", "link": "https://instagram.com/anna", "quantity": "1000"}]
        await anna.expect("Pending")
        panel.advance()
        await anna.expect("In progress")
        panel.advance()
        await anna.expect("Completed")
        news = shop.telegram.world.rooms[CHANNEL]
        await news.until(lambda: any("#1" in each.text for each in news.messages))
        [(held, captured)] = await shop.rows("SELECT held, captured FROM orders")
        assert (held, captured) == (0, 11_700)
