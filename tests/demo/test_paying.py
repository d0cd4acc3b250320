"""The demo's own shop, paid as somebody would who tries it: on the page of its provider, and by a transfer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.app import opened
from bot.demo.shop import TRANSFER, demo_settings, greet, stand_ins
from bot.demo.telegram import Stage
from tests.conversations.customer import press, read, say

PACE = 0.3


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Stage]:
    """The people of a demo that just began."""
    async with stand_ins(0, pace=PACE) as around, opened(demo_settings(around, folder)) as app:
        serving = asyncio.create_task(app.serve())
        await greet(app, around.telegram)
        assert around.telegram.stage is not None
        await read(around.telegram.stage.customer, "A gift to try the shop")
        yield around.telegram.stage
        app.stop()
        await serving


async def test_the_demo_is_paid_on_the_page_of_its_provider(tmp_path: Path) -> None:
    """The button leads to a page that is served, and whose own button pays."""
    async with demo(tmp_path) as people:
        anna = people.customer
        await say(anna, "/wallet", "Available: $25.00")
        await press(anna, "Top up", "How would you like to pay?")
        await press(anna, "Crypto", "Choose an amount")
        shown = await say(anna, "5", "To pay: $5.00")
        [address] = [button.raw["url"] for row in shown.keyboard for button in row if "url" in button.raw]
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            assert "Pay (demo)" in (await browser.get(address)).text
            assert (await browser.post(address)).status_code == 200
        await read(anna, "$5.00 is in your wallet")
        await say(anna, "/wallet", "Available: $30.00")


async def test_the_demo_is_paid_by_a_transfer(tmp_path: Path) -> None:
    """Any photo will do, as its instructions say; the owner beside it approves."""
    async with demo(tmp_path) as people:
        anna, owner = people.customer, people.admin
        await say(anna, "/wallet", "Available: $25.00")
        await press(anna, "Top up", "How would you like to pay?")
        await press(anna, "Transfer", "Choose an amount")
        await say(anna, "7", TRANSFER)
        await anna.send_photo()
        await anna.expect("the shop has your receipt for $7.00")
        await owner.press("Approve", await owner.expect_button("Approve"))
        await read(anna, "$7.00 is in your wallet")
        await say(anna, "/wallet", "Available: $32.00")
