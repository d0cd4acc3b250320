"""Bad weather: one of two panels gone or mad, and a Telegram that answers every way but the right one."""

from functools import partial
from pathlib import Path

import pytest

from bot.demo.panel import DemoPanel
from bot.demo.panel import Fault as PanelFault
from bot.demo.telegram import Fault, Person
from bot.demo.telegram.faults import Injection
from bot.services import rounds
from tests.conversations.customer import buy, read
from tests.conversations.owner import OwnersShop, owners_shop
from tests.conversations.shop import OpenShop, offers
from tests.faults.together import together
from tests.model.books import migrated

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


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A panel is asked once: how long is waited is proved elsewhere."""
    monkeypatch.setattr("bot.panel.client._PAUSES", ())


@pytest.fixture(scope="module")
def books() -> bytes:
    """A file of books with nothing in it."""
    return migrated()


def _begun(folder: Path, books: bytes) -> Path:
    """A folder for a shop, with its books: to migrate them takes as long as a story."""
    folder.mkdir()
    (folder / "shop.db").write_bytes(books)
    return folder


async def test_one_of_two_panels(tmp_path: Path, books: bytes) -> None:
    """While one panel fails, the other's orders go on; the admin is told once, and once when it is over."""

    async def story(weather: str) -> None:
        folder = _begun(tmp_path / weather, books)
        async with owners_shop(folder, alpha=[ALPHA], beta=[BETA], panel_timeout=1.0) as mine:
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
STATES = ("Pending", "In progress", "Completed")


async def test_news_through_bad_weather(tmp_path: Path, books: bytes) -> None:
    """Whatever Telegram answers, every news arrives, in order, and twice only where it took one and did not say so."""
    async with owners_shop(_begun(tmp_path / "shop", books), alpha=[ALPHA], wallet="") as mine:

        async def story(weather: str) -> None:
            number = list(TELEGRAM).index(weather)
            reader = mine.shop.telegram.person(2000 + number, f"Reader {number}")
            told = await _told_of_an_order(mine.shop, reader, TELEGRAM[weather])
            assert list(dict.fromkeys(told)) == list(STATES)
            assert len(told) <= len(STATES) + (len(TELEGRAM[weather]) if weather == "lost answer" else 0)

        await together(story, list(TELEGRAM))


async def _told_of_an_order(shop: OpenShop, reader: Person, faults: list[Fault]) -> list[str]:
    """What somebody reads of their order's states, each but the first through a fault."""
    panel = shop.panels["alpha"]
    await shop.give(reader, "25")
    await buy(reader, ALPHA, f"https://instagram.com/{reader.id}", "1000")
    await read(reader, "Pending")
    [(panel_order,)] = await shop.rows("SELECT panel_order FROM orders WHERE user_id = :id", id=reader.id)
    for fault in faults:
        planned = shop.telegram.fail("sendMessage", fault, chat=reader.id)
        panel.advance(panel_order)
        await shop.telegram.until(partial(_fired, planned))
    await read(reader, "Completed")
    news = [message.text for message in reader.heard_messages if message.text.startswith("#")]
    return [state for text in news for state in STATES if f" · {state}" in text.splitlines()[0]]


def _fired(planned: Injection) -> int:
    return planned.fired
