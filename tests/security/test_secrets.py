"""No secret gets out: not in a log at DEBUG, not on stderr, not in a chat, not in the books, whatever fails."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.demo.cryptopay import DemoCryptoPay
from bot.demo.panel import ALPHA, DemoPanel
from bot.demo.panel import Fault as PanelFault
from bot.demo.telegram import DemoTelegram, Fault, Person
from tests.conversations.customer import buy, fill, press, read, say
from tests.conversations.shop import ADMIN, CUSTOMER, offers
from tests.model.profile import chosen, proved
from tests.security.desk import empty_books

# What may be seen nowhere: any part of one would tell, so the middles are looked for.
TOKEN, TOKEN_PART = "4242424242:AAE-token_that_nobody_may_see-x", "token_that_nobody"
KEY, KEY_PART = "k3y/of+the=owner&nobody_may_see", "nobody_may_see"
CRYPTO, CRYPTO_PART = "424242:AA-crypto_token_nobody_may_see", "crypto_token_nobody"
# A shop that does not open, or a person who is not answered: no measure of speed, other programs may run as well.
FOREVER = 90.0
OFFERS = FOLLOWED, COMMENTED = offers("alpha", "Default", "Custom Comments")
T = TypeVar("T")


def some(*ways: T) -> Sequence[T]:
    """Every way to fail in a proof; in every run of the tests the first two, which quote the secret."""
    return ways if chosen().proving else ways[:2]


@dataclass
class Verbose:
    """The shop in a process of its own, logging everything, before a Telegram, a panel and a Crypto Pay that fail."""

    telegram: DemoTelegram
    panel: DemoPanel
    pay: DemoCryptoPay
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
            "CRYPTO_PAY_TOKEN": CRYPTO,
            "CRYPTO_PAY_URL": self.pay.url,
            "PANEL_TIMEOUT": "10",
            "STATUS_SECONDS": "1",
        }
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, *(["-X", "dev"] if chosen().proving else []), "-m", "bot", "--verbose", "run"),
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
    pay = DemoCryptoPay(CRYPTO)
    async with AsyncExitStack() as stack:
        for server in (telegram, panel, pay):
            await stack.enter_async_context(server.serve())
        owner, anna = telegram.person(ADMIN, "Owner"), telegram.person(CUSTOMER, "Anna")
        shop = Verbose(telegram, panel, pay, folder, anna, owner)
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
        Fault.error(400, f"Bad Request: {TOKEN}"),
        Fault.reset_before(),
        Fault.html(),
        Fault.cut(),
        Fault.error(500),
    )
    for way in some(*ways):
        failing = telegram.fail("sendMessage", way, chat=anna.id)
        await anna.send("/wallet")
        await anna.until(partial(getattr, failing, "fired"))
    for way in some(Fault.cut(), Fault.html()):
        telegram.fail("getUpdates", way)
        await say(anna, "/wallet", "Available")
    telegram.world.updates.push("message", {"message_id": "five", "chat": "nobody"})
    await read(shop.owner, "set aside")


async def a_download_fails(shop: Verbose) -> None:
    """A file that Telegram names and does not hand out: its address has the token in it."""
    await fill(shop.anna, COMMENTED, "https://instagram.com/p/1")
    named = shop.telegram.fail("getFile", Fault.hang(after=True))
    await shop.anna.send_file("list.txt", b"one\ntwo")
    await shop.telegram.until(partial(getattr, named, "fired"))
    shop.telegram.world.files.clear()
    named.release()
    await read(shop.anna, "cannot be read")


async def the_panel_fails(shop: Verbose) -> None:
    """In ways that quote the key, and in those that break the connection, at reads and at orders."""
    panel, owner = shop.panel, shop.owner
    for fault in some(
        PanelFault.refused(f"Invalid API key {KEY}"),
        PanelFault.redirect(f"http://127.0.0.1:1/?key={KEY}", taken=False),
        PanelFault.http_error(500, taken=False, words=f"no such key: {KEY}"),
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


async def requests_fail(shop: Verbose) -> None:
    """A stop and a refill, refused and lost by a panel that repeats its key, and by one that says it of a refill."""
    panel, anna = shop.panel, shop.anna
    await say(shop.owner, "/resume", "alpha")
    await read(anna, "#3 · Pending")
    panel.fail("cancel", PanelFault.refused(f"{KEY} may not cancel"))
    await press(anna, "Stop order", "Stop order #3?", await say(anna, "/order 3", "#3 · "))
    await anna.press("Yes, stop it")
    await read(anna, "order #3 was not accepted")
    [name] = [name for name, order in panel.orders.items() if order.fields["link"].endswith("Waiting")]
    panel.set_status(name, "Completed")
    await read(anna, "#3 · Completed")
    for word in ("status", "refill_status"):
        panel.fail(word, PanelFault.refused(f"Invalid API key {KEY}"))
    panel.fail("refill", PanelFault.refused(f"{KEY} has no refill"))
    await press(anna, "Order #3", "#3 · Completed")
    await anna.press("Refill")
    await read(anna, "The refill of order #3 was not accepted.")


async def payments_fail(shop: Verbose) -> None:
    """Crypto Pay, at making invoices and at telling of them, in ways that quote its token and in others."""
    anna, pay = shop.anna, shop.pay
    wrong = json.dumps({"ok": False, "error": {"code": 401, "name": f"UNAUTHORIZED {CRYPTO}"}})
    faults = some(
        PanelFault.says(wrong, taken=False, status=401),
        PanelFault.redirect(f"http://127.0.0.1:1/?token={CRYPTO}", taken=False),
        PanelFault.html(taken=False, status=502),
        PanelFault.reset(taken=False),
        PanelFault.cut(taken=False),
    )
    await say(anna, "/wallet", "Available")
    await press(anna, "Top up", "How would you like to pay?")
    screen = await press(anna, "Crypto", "Choose an amount")
    label = "$5.00"
    for fault in faults:
        pay.fail("createInvoice", fault)
        await anna.press(label, screen)
        screen = await read(anna, "does not answer right now")
        label = "Try again"
    shown = await press(anna, label, "To pay: $5.00", screen)
    for fault in faults:
        pay.fail("getInvoices", fault)
        await anna.press("I have paid", shown)
    pay.settle(next(iter(pay.invoices)))
    await read(anna, "$5.00 is in your wallet")


async def a_refund_fails(shop: Verbose) -> None:
    """Telegram repeats the token when it is asked to give Stars back."""
    anna, owner = shop.anna, shop.owner
    await say(anna, "/wallet", "Available")
    await press(anna, "Top up", "How would you like to pay?")
    await press(anna, "Stars", "Choose an amount")
    failing = shop.telegram.fail("sendInvoice", Fault.error(500, f"Internal: {TOKEN}"), times=1)
    await anna.send("6")
    await anna.until(partial(getattr, failing, "fired"))
    await say(anna, "/wallet", "Available")
    await press(anna, "Top up", "How would you like to pay?")
    await press(anna, "Stars", "Choose an amount")
    await anna.send("6")
    await anna.pay(await anna.expect_invoice())
    await read(anna, "$6.00 is in your wallet")
    refused = shop.telegram.fail("refundStarPayment", Fault.error(400, f"Bad Request: {TOKEN} NOT_NOW"))
    await press(owner, "Refund", "leaves the wallet", await say(owner, "/payment 3", "Payment 3: Paid"))
    await owner.press("Refund")
    await shop.telegram.until(partial(getattr, refused, "fired"))


async def test_no_secret_is_seen_anywhere(tmp_path: Path) -> None:
    """The log at DEBUG, stdout and stderr, every message and every row are searched after every fault there is."""
    (tmp_path / "shop.db").write_bytes(await empty_books(tmp_path))
    async with verbose_shop(tmp_path) as shop:
        for person in (shop.owner, shop.anna):
            await person.send("/start")
            await person.heard()
        for trouble in (
            a_download_fails,
            the_panel_fails,
            requests_fail,
            payments_fail,
            a_refund_fails,
            telegram_fails,
        ):
            await trouble(shop)
        heard = [message.html for person in (shop.owner, shop.anna) for message in person.heard_messages]
    written = shop.written.decode()
    rows = "\n".join(sqlite3.connect(tmp_path / "shop.db").iterdump())
    # The search finds something to search: requests at DEBUG, tracebacks, hidden places, and what was told.
    for proof in (
        " DEBUG ",
        "Traceback",
        "[hidden]",
        "Telegram does not answer",
        "aiogram",
        "httpcore",
        "createInvoice",
    ):
        assert proof in written, proof
    assert len(heard) > 20
    for part in (TOKEN_PART, KEY_PART, CRYPTO_PART):
        assert [line for line in written.splitlines() if part in line] == []
        assert [text for text in heard if part in text] == []
        assert [line for line in rows.splitlines() if part in line] == []
    lines = written.count("\n") + len(heard) + rows.count("\n")
    proved(f"{lines} lines of log, chats and books after every fault: none has a token or a key in it")
