"""The shop is told to stop while it has something in hand."""

import asyncio
from pathlib import Path

from bot.demo.panel import Fault
from tests.conversations.customer import LINK, buy
from tests.conversations.shop import offers, open_shop


async def test_an_order_under_way_is_waited_for(tmp_path: Path) -> None:
    """Stopping lets an `add` in flight come to its answer, so that a restart makes nothing uncertain."""
    [offer] = offers("alpha", "Default")
    async with open_shop(tmp_path, alpha=[offer]) as shop:
        panel = shop.panels["alpha"]
        await shop.give(shop.anna, "25")
        panel.fail("add", Fault.slow(60))
        await buy(shop.anna, offer, LINK, "1000")
        await panel.arrived("add", 1)
        closing = asyncio.create_task(shop.close())
        assert shop.app is not None
        await shop.app.closing.wait()
        panel.release()
        await closing
        assert await shop.rows("SELECT state, held FROM orders") == [("pending", 11_700)]


async def test_an_answer_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    """A panel that hangs does not keep the shop open; its order is uncertain then."""
    [offer] = offers("alpha", "Default")
    async with open_shop(tmp_path, alpha=[offer], panel_timeout=60.0) as shop:
        panel = shop.panels["alpha"]
        await shop.give(shop.anna, "25")
        panel.fail("add", Fault.silent(taken=True))
        await buy(shop.anna, offer, LINK, "1000")
        await panel.arrived("add", 1)
        await shop.close()
        assert await shop.rows("SELECT state, held FROM orders") == [("uncertain", 11_700)]
