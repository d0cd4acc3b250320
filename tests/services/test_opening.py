"""What has to be right before the shop opens: the panels are the same, and so is the currency."""

import pytest
from pydantic import SecretStr

from bot.domain.outcomes import PanelStatus, Placed, RefusalKind, Refused, StatusReport
from bot.services import opening, rounds
from bot.services.opening import PanelChanged
from bot.services.shop import Shop
from bot.settings import PanelSettings
from bot.storage import ledger
from bot.storage.database import Database
from bot.storage.facts import CurrencyChanged
from tests.services.stage import ALPHA, BETA, Stage, settings


def panels(**urls: str) -> dict[str, PanelSettings]:
    """Panels of these names and URLs."""
    return {name: PanelSettings(url=url, key=SecretStr("key")) for name, url in urls.items()}


async def reopen(stage: Stage, **values: object) -> Shop:
    """Open the shop again with other settings."""
    shop = Shop(settings(**values), stage.db, stage.panels)
    async with stage.db.write() as tx:
        await opening.open_books(tx, shop)
    return shop


OURS, THEIRS = "https://alpha.example/api/v2", "https://beta.example/api/v2"


async def test_a_panel_with_open_orders_cannot_be_dropped(stage: Stage) -> None:
    """The error says which variables to put back, and how many orders are open."""
    await stage.buy()
    await stage.buy()
    with pytest.raises(PanelChanged) as caught:
        await reopen(stage, panels=panels(beta=THEIRS))
    assert "PANELS__ALPHA__URL" in caught.value.log
    assert "2 of its orders" in caught.value.log


@pytest.mark.parametrize("url", ["https://other.example/api/v2", "https://alpha.example:8443/api/v2"])
async def test_a_panel_with_open_orders_cannot_move(stage: Stage, url: str) -> None:
    """Another host's order 71 is another order; the error names both hosts."""
    await stage.buy()
    with pytest.raises(PanelChanged) as caught:
        await reopen(stage, panels=panels(alpha=url, beta=THEIRS))
    assert "open at alpha.example" in caught.value.log
    shop = await reopen(stage, panels=panels(alpha=OURS, beta=THEIRS, gamma=url))
    assert shop.shelf.services.keys() == stage.shop.shelf.services.keys()


@pytest.mark.parametrize(
    "url",
    ["https://alpha.example/other/path", "https://ALPHA.example/api/v2", "https://alpha.example:443/api/v2"],
)
async def test_the_same_host_is_the_same_panel(stage: Stage, url: str) -> None:
    """Path, letters and the usual port make no difference."""
    await stage.buy()
    await reopen(stage, panels=panels(alpha=url, beta=THEIRS))


async def test_a_panel_without_open_orders_may_go_and_come_back(stage: Stage) -> None:
    """Its services leave the shelf with it. Its name stays with its host, where the ids of its orders mean something:
    elsewhere they are other orders, which would be looked at, refilled, and taken for those that have them here."""
    await stage.buy()
    await stage.place(Placed("71"))
    stage.panels[ALPHA].reports["71"] = StatusReport("Completed", PanelStatus.COMPLETED)
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    shop = await reopen(stage, panels=panels(beta=THEIRS))
    assert {service.panel for service in shop.shelf.services.values()} == {BETA}
    for years in (0, 3):
        stage.clock.advance(years * 365 * 86_400)
        with pytest.raises(PanelChanged) as caught:
            await reopen(stage, panels=panels(alpha="https://new.example/api/v2", beta=THEIRS))
        assert "alpha.example has taken orders under this name" in caught.value.log
    shop = await reopen(stage, panels=panels(alpha=OURS, beta=THEIRS))
    assert {service.panel for service in shop.shelf.services.values()} == {ALPHA, BETA}


async def test_a_panel_that_never_took_an_order_may_move(stage: Stage) -> None:
    """At its new host it is the panel of that name: nothing there can be taken for something else."""
    number = await stage.buy()
    await stage.place(Refused(RefusalKind.LINK, "bad link"))
    assert (await stage.order(number)).panel_order is None
    shop = await reopen(stage, panels=panels(alpha="https://new.example/api/v2", beta=THEIRS))
    assert {service.panel for service in shop.shelf.services.values()} == {ALPHA, BETA}
    assert (await stage.panel()).host == "new.example"


async def test_the_currency_is_fixed_once_the_books_have_entries(stage: Stage) -> None:
    """Every amount in the books is in it; the error names both."""
    with pytest.raises(CurrencyChanged) as caught:
        await reopen(stage, currency="EUR")
    assert (caught.value.stored, caught.value.wanted) == ("USD", "EUR")


async def test_before_the_first_entry_the_currency_is_free(db: Database, second: Database) -> None:
    """A shop that nobody paid into may still choose."""
    for currency in ("USD", "EUR"):
        shop = Shop(settings(currency=currency), db, {})
        async with db.write() as tx:
            await opening.open_books(tx, shop)
    async with second.read() as reading:
        assert await ledger.has_entries(reading) is False


async def test_what_was_on_sale_is_on_sale_after_a_restart(stage: Stage) -> None:
    """The shelf is stocked from the books, before any panel was asked."""
    shop = await reopen(stage)
    assert shop.shelf == stage.shop.shelf
