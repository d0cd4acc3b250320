"""The chat page in a real browser: what somebody sees who runs ``make demo``."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.app import opened
from bot.demo.shop import demo_settings, greet, stand_ins

# Nothing of the browser's own talks to the network: there is none in CI.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A step of an order on the panel: the test waits for each in the page.
PACE = 0.3


@pytest.fixture
def chromium() -> str:
    """The browser of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no chromium here, and in CI there has to be one")
        pytest.skip("there is no chromium here")
    return found


@pytest.fixture
async def page(chromium: str, tmp_path: Path) -> AsyncIterator[Page]:
    """The page of a demo that just began."""
    async with stand_ins(0, pace=PACE) as (telegram, panels), opened(demo_settings(telegram, panels, tmp_path)) as app:
        serving = asyncio.create_task(app.serve())
        await greet(app, telegram)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
            shown = await browser.new_page()
            await shown.goto(telegram.url, wait_until="domcontentloaded")
            yield shown
            await browser.close()
        app.stop()
        await serving


async def test_one_orders_in_the_browser_and_sees_it_complete(page: Page) -> None:
    """A customer chooses, types a link and a quantity, confirms, and watches the order to its end."""
    chat = page.locator("#pane-customer")
    await expect(chat).to_contain_text("A gift to try the shop")

    async def say(text: str) -> None:
        box = chat.get_by_placeholder("Message")
        await box.fill(text)
        await box.press("Enter")

    await say("/order")
    for label in ("Instagram", "Instagram Followers", "Followers | Mixed | Instant"):
        await chat.get_by_role("button", name=label).last.click()
    await expect(chat).to_contain_text("Send the link")
    await say("https://instagram.com/anna")
    await expect(chat).to_contain_text("Send the quantity")
    await say("1000")
    await chat.get_by_role("button", name="Confirm").click()
    for status in ("#1 · Pending", "#1 · Completed"):
        await expect(chat).to_contain_text(status, timeout=20_000)
    await expect(page.locator("#pane-channel")).to_contain_text("Completed")
