"""``make demo``: the real bot against a made-up Telegram and two made-up panels, with a page to chat in."""

import asyncio
import logging
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot import logs
from bot.app import App, opened
from bot.demo.cryptopay import DemoCryptoPay
from bot.demo.panel import ALPHA, BETA, DemoPanel, demo_offers
from bot.demo.telegram import DemoTelegram, Stage
from bot.services import rounds
from bot.settings import PanelSettings, Settings

TOKEN = "42:DEMO-TOKEN-OF-A-MADE-UP-TELEGRAM"  # noqa: S105  (it opens nothing)
CUSTOMER, ADMIN, CHANNEL = 1001, 2002, -1001234567890
# An order goes from Pending to Completed in about half a minute: long enough to watch, short enough to wait for.
PACE = 6.0
# Where a page like this is looked for first, and how many after it are tried before any will do.
USUAL_PORT, PORTS_TRIED = 8000, 10


@dataclass(frozen=True)
class StandIns:
    """What the demo's shop speaks to."""

    telegram: DemoTelegram
    panels: dict[str, PanelSettings]
    crypto: DemoCryptoPay


@asynccontextmanager
async def stand_ins(port: int, *, pace: float = PACE) -> AsyncIterator[StandIns]:
    """A Telegram with its page on ``port``, two panels that speak differently, and a provider of crypto payments.

    ``pace`` is how many seconds an order takes for a step.
    """
    telegram = DemoTelegram(token=TOKEN, clock=time.time)
    telegram.stage = Stage(
        telegram.person(CUSTOMER, "Anna", username="anna"),
        telegram.person(ADMIN, "The owner", username="owner"),
        telegram.channel(CHANNEL, title="Shop news"),
    )
    panels = {
        "alpha": DemoPanel("Alpha", "demo-key-a", offers=demo_offers("alpha"), dialect=ALPHA, pace=pace),
        "beta": DemoPanel("Beta", "demo-key-b", offers=demo_offers("beta"), dialect=BETA, pace=pace),
    }
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(telegram.serve(port=port))
        settings = {
            name: PanelSettings(url=await stack.enter_async_context(panel.serve()), key=SecretStr(panel.key))
            for name, panel in panels.items()
        }
        crypto = DemoCryptoPay()
        await stack.enter_async_context(crypto.serve())
        yield StandIns(telegram, settings, crypto)


TRANSFER = "Bank of Demo, account 12 345 678, in the name of The owner. Any photo will do as a receipt."


def demo_settings(around: StandIns, data: Path) -> Settings:
    """The settings of an owner who filled in the three lines, takes every kind of payment, and is in a hurry."""
    return Settings(
        bot_token=SecretStr(TOKEN),
        admin_ids=frozenset({ADMIN}),
        panels=around.panels,
        channel_id=CHANNEL,
        database_url=f"sqlite+aiosqlite:///{data / 'shop.db'}",
        telegram_api_url=around.telegram.url,
        status_seconds=2,
        crypto_pay_token=SecretStr(around.crypto.token),
        crypto_pay_url=around.crypto.url,
        transfer_instructions={"": TRANSFER},
    )


async def greet(app: App, telegram: DemoTelegram) -> None:
    """Both people say hello, and the owner makes the customer a gift, as one would by hand."""
    await app.ready.wait()
    for panel in app.shop.panels:
        await rounds.sync(app.shop, panel)  # a greeting with a full shelf
    stage = telegram.stage
    if stage is None or stage.customer.messages:
        return
    await stage.customer.send("/start")
    await stage.customer.heard()
    await stage.admin.send("/start")
    await stage.admin.heard()
    await stage.admin.send(f"/credit {CUSTOMER} 25 A gift to try the shop")


def free_port(first: int = USUAL_PORT) -> int:
    """This port, or the next one on which nobody listens; 0, which takes any, where several are taken."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just closed is free
            probe.bind(("127.0.0.1", port))
            return port
    return 0


async def _demo(port: int, data: Path) -> int:
    async with stand_ins(port) as around, opened(demo_settings(around, data)) as app:
        telegram = around.telegram
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _close, app)
        greeting = app.tasks.start(greet(app, telegram), name="greeting")
        sys.stdout.write(
            f"\nThe shop is open: {telegram.url}\n\n"
            "Open that address in a browser: the page says what to try. Ctrl-C ends it.\n\n"
        )
        sys.stdout.flush()
        await app.serve()
        await app.tasks.stop(greeting)
    return 0


def _close(app: App) -> None:
    sys.stdout.write("\nThe shop is closing.\n")
    sys.stdout.flush()
    app.stop()


def demo(*, port: int | None, data: Path | None, verbose: bool) -> int:
    """Run the demo on a port, or a free one; its books are in ``data``, or in a folder that goes with it."""
    logs.setup(logging.DEBUG if verbose else logging.WARNING, (TOKEN,))
    on = free_port() if port is None else port
    try:
        if data is not None:
            return asyncio.run(_demo(on, data))
        with tempfile.TemporaryDirectory(prefix="shop-demo-") as folder:
            return asyncio.run(_demo(on, Path(folder)))
    except OSError as error:
        sys.stderr.write(
            f"{error}\nIs something else on port {on}? Choose another with: make demo ARGS='--port 8123'\n"
        )
        return 1
