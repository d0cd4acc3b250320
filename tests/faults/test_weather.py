"""Bad weather: one of two panels gone or mad, and a Telegram that answers every way but the right one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from bot.demo.panel import DemoPanel
from bot.demo.panel import Fault as PanelFault
from bot.demo.telegram import Fault
from bot.demo.telegram.faults import Injection
from bot.services import rounds
from tests.conversations.customer import buy, read
from tests.conversations.owner import OwnersShop, owners_shop
from tests.conversations.shop import CUSTOMER, OpenShop, offers
from tests.faults.together import together

ALPHA, BETA = offers("alpha", "Default")[0], offers("beta", "Default")[0]
SILENT, AGAIN = "Panel beta does not answer", "Panel beta answers again"


async def _worse(panel: DemoPanel, weather: str) -> None:
    """The panel fails in this way, until ``_clear``."""
    match weather:
        case "dead":
            await panel.stop()
        case "html":
            panel.fail("any", PanelFault.html(taken=False), times=None)
        case _:
            panel.fail("any", PanelFault.silent(taken=False), times=None)


async def _clear(panel: DemoPanel, weather: str) -> None:
    if weather == "dead":
        await panel.start()
    panel.heal()


@asynccontextmanager
async def _one_at_a_time(
    shop: AbstractAsyncContextManager[OwnersShop], opening: asyncio.Lock
) -> AsyncIterator[OwnersShop]:
    """Open shops one after the other: Alembic migrates one database at a time in a process."""
    async with AsyncExitStack() as stack:
        async with opening:
            mine = await stack.enter_async_context(shop)
        yield mine


async def test_one_of_two_panels(tmp_path: Path) -> None:
    """While one panel fails, the other's orders go on; the admin is told once, and once when it is over."""
    opening = asyncio.Lock()

    async def story(weather: str) -> None:
        shop = owners_shop(tmp_path / weather, alpha=[ALPHA], beta=[BETA], panel_timeout=1.0)
        async with _one_at_a_time(shop, opening) as mine:
            await _one_fails(mine, weather)

    await together(story, ["dead", "html", "hanging"])


async def _one_fails(mine: OwnersShop, weather: str) -> None:
    shop, anna = mine.shop, mine.anna
    alpha, beta = shop.panels["alpha"], shop.panels["beta"]
    await buy(anna, BETA, "https://instagram.com/b1", "1000")
    await read(anna, "#1 · Pending")
    await _worse(beta, weather)
    beta.set_status(next(iter(beta.orders)), "Completed")
    await buy(anna, ALPHA, "https://instagram.com/a2", "1000")
    await read(anna, "#2 · Pending")
    alpha.set_status(next(iter(alpha.orders)), "Completed")
    await read(anna, "#2 · Completed")
    await mine.owner.until(lambda: mine.told(SILENT), timeout=20)
    await _asks_again(shop)
    assert (mine.told(SILENT), mine.told(AGAIN)) == (1, 0)
    await _clear(beta, weather)
    await mine.later(60)
    await anna.until(lambda: mine.told("#1 · Completed", who=anna), timeout=20)
    await mine.owner.until(lambda: mine.told(AGAIN), timeout=20)
    await _asks_again(shop)
    assert (mine.told(SILENT), mine.told(AGAIN)) == (1, 1)


async def test_orders_wait_for_a_dead_panel(tmp_path: Path) -> None:
    """Orders for a panel that cannot be reached wait, each is sent once when it is back, and none is uncertain."""
    async with owners_shop(tmp_path, alpha=[ALPHA], beta=[BETA]) as mine:
        anna, beta = mine.anna, mine.shop.panels["beta"]
        await beta.stop()
        for number in (1, 2):
            card = await buy(anna, BETA, f"https://instagram.com/b{number}", "1000")
            assert "Waiting" in card.text
        await buy(anna, ALPHA, "https://instagram.com/a3", "1000")
        await read(anna, "#3 · Pending")
        assert beta.adds == []
        await beta.start()
        await mine.later(60)
        await read(anna, "#1 · Pending")
        await read(anna, "#2 · Pending")
        assert sorted(add["link"] for add in beta.adds) == ["https://instagram.com/b1", "https://instagram.com/b2"]
        assert await mine.shop.rows("SELECT id FROM attempts WHERE outcome = 'unknown'") == []


async def _asks_again(shop: OpenShop) -> None:
    """The shop looks at both panels once more, whatever it knows."""
    assert shop.app is not None
    for panel in shop.panels:
        await rounds.ask_balance(shop.app.shop, panel)


TELEGRAM = {
    "429": [Fault.too_many(1), Fault.too_many(1)],
    "5xx": [Fault.error(500), Fault.html(502)],
    "reset": [Fault.reset_before(), Fault.reset_before()],
    "lost answer": [Fault.reset_after(), Fault.cut()],
}


async def test_news_through_bad_weather(tmp_path: Path) -> None:
    """Whatever Telegram answers, every news arrives, in order, and twice only where it took one and did not say so."""
    opening = asyncio.Lock()

    async def story(weather: str) -> None:
        async with _one_at_a_time(owners_shop(tmp_path / weather, alpha=[ALPHA]), opening) as mine:
            told = await _told_of_an_order(mine, TELEGRAM[weather])
            assert list(dict.fromkeys(told)) == ["Pending", "In progress", "Completed"]
            assert len(told) <= 3 + (len(TELEGRAM[weather]) if weather == "lost answer" else 0)

    await together(story, list(TELEGRAM))


async def _told_of_an_order(mine: OwnersShop, faults: list[Fault]) -> list[str]:
    shop, anna, panel = mine.shop, mine.anna, mine.shop.panels["alpha"]
    await buy(anna, ALPHA, "https://instagram.com/a1", "1000")
    await read(anna, "#1 · Pending")
    planned = [shop.telegram.fail("sendMessage", fault, chat=CUSTOMER) for fault in faults]
    for each in planned:
        panel.advance()
        await shop.telegram.until(partial(_fired, each), timeout=20)
    await anna.until(lambda: mine.told("#1 · Completed", who=anna), timeout=20)
    return _states(shop)


def _fired(planned: Injection) -> int:
    return planned.fired


def _states(shop: OpenShop) -> list[str]:
    """What Anna read of her order's states, oldest message first."""
    texts = [message.text for message in shop.anna.heard_messages if message.text.startswith("#1 · ")]
    return [state for text in texts for state in ("Pending", "In progress", "Completed") if f"#1 · {state}" in text]
