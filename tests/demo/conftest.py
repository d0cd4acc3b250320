"""A browser on the chat page: of a whole demo, or of a stand-in whose bot is moved by the test's own hands."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.types import Update
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.app import opened
from bot.demo.shop import demo_settings, greet, stand_ins
from bot.demo.telegram import DemoTelegram, Stage
from tests.demo.telegram.conftest import client

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
# Milliseconds: a browser on a busy machine takes its time, and what is awaited comes sooner where it can.
expect.set_options(timeout=20_000)
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
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A browser that is closed again."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    """The page of a demo that just began."""
    async with stand_ins(0, pace=PACE) as around, opened(demo_settings(around, tmp_path)) as app:
        serving = asyncio.create_task(app.serve())
        await greet(app, around.telegram)
        shown = await browser.new_page()
        await shown.goto(around.telegram.url, wait_until="domcontentloaded")
        yield shown
        await shown.close()
        app.stop()
        await serving


@pytest.fixture
async def telegram() -> AsyncIterator[DemoTelegram]:
    """A stand-in with its page and no shop behind it; the customer has written."""
    demo = DemoTelegram()
    demo.stage = Stage(demo.person(1001, "Anna"), demo.person(2001, "Boss"), demo.channel(-100500))
    await demo.stage.customer.send("/start")
    async with demo.serve():
        yield demo


@pytest.fixture
async def bot(telegram: DemoTelegram) -> AsyncIterator[Bot]:
    """The bot that the page talks to, moved by the test's own hands."""
    made = client(telegram.url, telegram.token)
    yield made
    await made.session.close()


async def heard(bot: Bot, after: int) -> Update:
    """The update that comes after one, waited for."""
    return (await bot.get_updates(offset=after + 1, timeout=20))[0]


async def write(chat: Locator, text: str) -> None:
    """Type into a chat's box and send it."""
    box = chat.get_by_placeholder("Message")
    await box.fill(text)
    await box.press("Enter")
