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


async def confirm_of(desk: Desk, draft: int) -> str:
    """What the Confirm below Bob's last summary says to the bot."""
    return f"f:{draft}:confirm:{await desk.stage.mark(draft, user=BORIS)}"


async def press(desk: Desk, *buttons: str) -> None:
    """Bob presses these, one behind the other, before the bot gets to any."""
    presses = [desk.bob.forge(data, desk.bob.heard_messages[-1]) for data in buttons]
    await desk.handled()
    assert all(each.answer is not None for each in presses)


def buttons_of(desk: Desk) -> dict[str, str]:
    """What the buttons below Bob's last message say to the bot, by their labels."""
    rows = desk.bob.heard_messages[-1].keyboard
    return {button.label: button.data for row in rows for button in row if button.data}


async def relist(desk: Desk, offer: Offer) -> None:
    """The panel lists this in the place of what has its id."""
    desk.stage.panels[ALPHA].offers = (offer, *desk.stage.panels[ALPHA].offers[1:])
    await rounds.sync(desk.stage.shop, ALPHA)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changed_is_shown_before_it_is_charged(tmp_path: Path, clock: FakeClock, change: str) -> None:
    """The old Confirm shows the new summary and charges nothing, pressed twice as well; the new one charges that."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        old = await confirm_of(desk, draft)
        await relist(desk, CHANGES[change])
        await press(desk, old, old)
        assert await desk.rows("SELECT 1 FROM orders") == []
        assert await desk.stage.available(BORIS) == FUNDS
        [(shown,)] = await desk.rows("SELECT shown_price FROM drafts")
        await press(desk, old)  # as if the new summary had been lost
        assert await desk.rows("SELECT 1 FROM orders") == []
        new = buttons_of(desk)["Confirm"]
        assert new == await confirm_of(desk, draft)
        await press(desk, new, new)
        assert await desk.rows("SELECT price FROM orders") == [(shown,)]
        assert await desk.stage.available(BORIS) == FUNDS - shown


async def test_an_old_summary_is_shown_again(tmp_path: Path, clock: FakeClock) -> None:
    """After ten minutes a price is none any more, even if nothing changed."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        old = await confirm_of(desk, draft)
        clock.advance(601)
        await press(desk, old, old)
        assert await desk.rows("SELECT 1 FROM orders") == []
        await press(desk, buttons_of(desk)["Confirm"])
        assert await desk.rows("SELECT price FROM orders") == [(PRICE,)]


async def test_a_button_names_no_price(tmp_path: Path, clock: FakeClock) -> None:
    """Whatever else is put behind Confirm places nothing, and what is charged comes from the books."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.bob.send("/start")
        await desk.handled()
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        menu = desk.bob.heard_messages[-1]
        for data in (f"f:{draft}:confirm:0", f"f:{draft}:confirm:price", f"a:{draft}:price:1", f"a:{draft}:quantity:1"):
            desk.bob.forge(data, menu)
        await desk.handled()
        assert await desk.rows("SELECT price FROM orders") == []
        assert str(PRICE) not in await confirm_of(desk, draft)
        await press(desk, await confirm_of(desk, draft))
        assert await desk.rows("SELECT price FROM orders") == [(PRICE,)]
        assert await desk.stage.available(BORIS) == FUNDS - PRICE
