"""A price is what the summary showed, or the summary is shown again."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.catalog import Offer
from bot.services import rounds
from tests.clock import FakeClock
from tests.security.desk import Desk, open_desk
from tests.services.stage import ALPHA, BORIS, FUNDS, LIKES, LIKES_333, PRICE

CHANGES = {
    "dearer": replace(LIKES, rate=Decimal("0.78")),
    "cheaper": replace(LIKES, rate=Decimal("0.01")),
    "a higher minimum": replace(LIKES, minimum=20),
    "a lower maximum": replace(LIKES, maximum=999),
}


async def press_confirm(desk: Desk, draft: int) -> str:
    """Bob presses Confirm; the notice."""
    press = desk.bob.forge(f"f:{draft}:confirm:", desk.bob.heard_messages[-1])
    await desk.handled()
    assert press.answer is not None
    return press.answer.text


async def relist(desk: Desk, offer: Offer) -> None:
    """The panel lists this in the place of what has its id."""
    desk.stage.panels[ALPHA].offers = (offer, *desk.stage.panels[ALPHA].offers[1:])
    await rounds.sync(desk.stage.shop, ALPHA)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changed_is_shown_before_it_is_charged(tmp_path: Path, clock: FakeClock, change: str) -> None:
    """The first Confirm shows the new summary and charges nothing, the second charges exactly that."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        await relist(desk, CHANGES[change])
        await press_confirm(desk, draft)
        assert await desk.rows("SELECT 1 FROM orders") == []
        assert await desk.stage.available(BORIS) == FUNDS
        [(shown,)] = await desk.rows("SELECT shown_price FROM drafts")
        assert "Confirm" in desk.bob.heard_messages[-1].labels
        await press_confirm(desk, draft)
        assert await desk.rows("SELECT price FROM orders") == [(shown,)]
        assert await desk.stage.available(BORIS) == FUNDS - shown


async def test_an_old_summary_is_shown_again(tmp_path: Path, clock: FakeClock) -> None:
    """After ten minutes a price is none any more, even if nothing changed."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        clock.advance(601)
        await press_confirm(desk, draft)
        assert await desk.rows("SELECT 1 FROM orders") == []
        await press_confirm(desk, draft)
        assert await desk.rows("SELECT price FROM orders") == [(PRICE,)]


async def test_a_button_names_no_price(tmp_path: Path, clock: FakeClock) -> None:
    """Whatever is put behind Confirm, what is charged comes from the books."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        menu = desk.bob.heard_messages[-1]
        for data in (f"f:{draft}:confirm:0", f"f:{draft}:confirm:price", f"a:{draft}:price:1", f"a:{draft}:quantity:1"):
            desk.bob.forge(data, menu)
        await desk.handled()
        prices = [price for (price,) in await desk.rows("SELECT price FROM orders")]
        assert prices in ([PRICE], [])
        assert await desk.stage.available(BORIS) == FUNDS - sum(prices)
