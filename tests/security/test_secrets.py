"""No secret gets out: not in a log at DEBUG, not on stderr, not in a chat, not in the books, whatever fails."""

import asyncio
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from bot.demo.panel import ALPHA, DemoPanel
from bot.demo.panel import Fault as PanelFault
from bot.demo.telegram import DemoTelegram, Fault, Person
from tests.conversations.customer import buy, fill, say
from tests.conversations.shop import ADMIN, CUSTOMER, offers

# What may be seen nowhere: any part of either would tell, so the middles are looked for.
TOKEN, TOKEN_PART = "4242424242:AAE-token_that_nobody_may_see-x", "token_that_nobody"
KEY, KEY_PART = "k3y/of+the=owner&nobody_may_see", "nobody_may_see"
FOREVER = 30.0
OFFERS = FOLLOWED, COMMENTED = offers("alpha", "Default", "Custom Comments")


@dataclass
class Verbose:
    """The shop in a process of its own, logging everything, before a Telegram and a panel that fail when told to."""

    telegram: DemoTelegram
    panel: DemoPanel
    folder: Path
    anna: Person
    owner: Person
    process: asyncio.subprocess.Process | None = None
    written: bytearray = field(default_factory=bytearray)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Start it, and read what it writes until it ends."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "BOT_TOKEN": TOKEN,
            "ADMIN_IDS": str(ADMIN),
            "DATABASE_URL": f"sqlite:///{self.folder / 'shop.db'}",
            "TELEGRAM_API_URL": self.telegram.url,
            "PANELS__ALPHA__URL": self.panel.url,
            "PANELS__ALPHA__KEY": KEY,
            "PANEL_TIMEOUT": "1",
            "STATUS_SECONDS": "1",
        }
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-m", "bot", "--verbose", "run"),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.written += line
            if b"services listed, writing" in line:
                self.opened.set()
        await self.process.wait()


@asynccontextmanager
async def verbose_shop(folder: Path) -> AsyncIterator[Verbose]:
    """The shop, open; stopped by SIGTERM at the end."""
    telegram = DemoTelegram(token=TOKEN, clock=time.time, patience=FOREVER)
    panel = DemoPanel("alpha", KEY, offers=OFFERS, dialect=ALPHA, balance=Decimal(99))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(telegram.serve())
        await stack.enter_async_context(panel.serve())
        owner, anna = telegram.person(ADMIN, "Owner"), telegram.person(CUSTOMER, "Anna")
        shop = Verbose(telegram, panel, folder, anna, owner)
        running = asyncio.create_task(shop.run())
        try:
            async with asyncio.timeout(FOREVER):
                await shop.opened.wait()
            yield shop
        finally:
            assert shop.process is not None
            if shop.process.returncode is None:
                shop.process.send_signal(signal.SIGTERM)
            await running
        assert shop.process.returncode == 0, shop.written.decode()[-3000:]


async def telegram_fails(shop: Verbose) -> None:
    """In every way, at every kind of call; each time the next /wallet is answered again."""
    telegram, anna = shop.telegram, shop.anna
    ways = (
        Fault.html(),
        Fault.reset_before(),
        Fault.cut(),
        Fault.error(500),
        Fault.error(400, f"Bad Request: {TOKEN}"),
    )
    for way in ways:
        failing = telegram.fail("sendMessage", way, chat=anna.id)
        await anna.send("/wallet")
        await anna.until(partial(getattr, failing, "fired"))
    for way in (Fault.html(), Fault.cut()):
        telegram.fail("getUpdates", way)
        await say(anna, "/wallet", "Available")
    telegram.world.updates.push("message", {"message_id": "five", "chat": "nobody"})
    await shop.owner.expect("set aside")


async def a_download_fails(shop: Verbose) -> None:
    """A file that Telegram names and does not hand out: its address has the token in it."""
    await fill(shop.anna, COMMENTED, "https://instagram.com/p/1")
    named = shop.telegram.fail("getFile", Fault.hang(after=True))
    await shop.anna.send_file("list.txt", b"one\ntwo")
    await shop.telegram.until(partial(getattr, named, "fired"))
    shop.telegram.world.files.clear()
    named.release()
    await shop.anna.expect("cannot be read")


async def the_panel_fails(shop: Verbose) -> None:
    """In ways that quote the key, and in those that break the connection, at reads and at orders."""
    panel, owner = shop.panel, shop.owner
    for fault in (
        PanelFault.http_error(500, taken=False, words=f"no such key: {KEY}"),
        PanelFault.redirect(f"http://127.0.0.1:1/?key={KEY}", taken=False),
        PanelFault.refused(f"Invalid API key {KEY}"),
        PanelFault.cut(taken=False),
    ):
        panel.fail("services", fault)
        await say(owner, "/sync", "alpha")
    panel.fail("balance", PanelFault.refused(f"{{'key': '{KEY}'}} is wrong"))
    await say(owner, "/balance", "alpha")
    await say(owner, f"/credit {shop.anna.id} 50", "50")
    # Each is waited for, because news that come between two questions would pass for the next one.
    for fault, words in (
        (PanelFault.reset(taken=True), "Being checked"),
        (PanelFault.refused(f"link refused for {KEY}"), "Refused"),
        (PanelFault.refused(f"Invalid API key {KEY}"), "Waiting"),
    ):
        panel.fail("add", fault)
        await buy(shop.anna, FOLLOWED, f"https://instagram.com/{words.split()[0]}", "1000")
        await shop.anna.expect(words)


async def test_no_secret_is_seen_anywhere(tmp_path: Path) -> None:
    """The log at DEBUG, stdout and stderr, every message and every row are searched after every fault there is."""
    async with verbose_shop(tmp_path) as shop:
        for person in (shop.owner, shop.anna):
            await person.send("/start")
            await person.heard()
        await a_download_fails(shop)
        await the_panel_fails(shop)
        await telegram_fails(shop)
        heard = [message.html for person in (shop.owner, shop.anna) for message in person.heard_messages]
    written = shop.written.decode()
    rows = "\n".join(sqlite3.connect(tmp_path / "shop.db").iterdump())
    # The search finds something to search: requests at DEBUG, tracebacks, hidden places, and what was told.
    for proof in (" DEBUG ", "Traceback", "[hidden]", "Telegram does not answer", "aiogram", "httpcore"):
        assert proof in written, proof
    assert len(heard) > 20
    for part in (TOKEN_PART, KEY_PART):
        assert [line for line in written.splitlines() if part in line] == []
        assert [text for text in heard if part in text] == []
        assert [line for line in rows.splitlines() if part in line] == []
