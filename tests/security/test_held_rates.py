"""A panel that more than doubles a rate sells nothing at it until an admin agrees."""

from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pytest

from bot.app import LOCALES
from bot.demo.telegram import Person
from bot.domain.catalog import Offer
from bot.domain.orders import OrderState, Question
from bot.i18n import Translations
from bot.services import opening, rounds
from bot.telegram.views.news import render
from tests.clock import FakeClock
from tests.security.desk import Desk, open_desk
from tests.services.stage import ALPHA, BORIS, COMMENTS, FOLLOWING, LIKES, LIKES_333, OWNER, PACKAGE

SELL = "Sell at the new rates"
JUMPED = replace(LIKES, rate=LIKES.rate * 2 + Decimal("0.01"))


async def relist(desk: Desk, *offers: Offer) -> None:
    """The panel lists these services in place of those with their ids."""
    fake = desk.stage.panels[ALPHA]
    changed = {offer.panel_service: offer for offer in offers}
    fake.offers = tuple(changed.get(offer.panel_service, offer) for offer in fake.offers)
    assert await rounds.sync(desk.stage.shop, ALPHA) is not None


def on_sale(desk: Desk) -> dict[str, Decimal]:
    """The rates of what the panel's part of the shelf has, by the panel's ids."""
    services = desk.stage.shop.shelf.services.values()
    return {each.panel_service: each.rate for each in services if each.panel == ALPHA}


async def told(desk: Desk) -> list[int]:
    """How many services each word to the owner about rates named."""
    return [said.facts["count"] for said in await desk.stage.said(OWNER, "rates")]


async def look(desk: Desk, who: Person) -> str:
    """Ask for what is held, by the button below /sync; the screen."""
    await who.send("/sync")
    await desk.handled()
    who.forge(f"r:{ALPHA}:", who.heard_messages[-1])
    await desk.handled()
    return who.heard_messages[-1].text


@pytest.mark.parametrize(
    ("rate", "held"),
    [
        (LIKES.rate * 2, False),
        (LIKES.rate * 2 + Decimal("0.00000001"), True),
        (LIKES.rate / 100, False),
        (Decimal(0), False),
        (Decimal(10**17), True),
    ],
)
async def test_more_than_double_is_held(tmp_path: Path, clock: FakeClock, rate: Decimal, held: bool) -> None:
    """More than double is not sold; double, less, or nothing at all is believed at once."""
    async with open_desk(tmp_path, clock) as desk:
        await relist(desk, replace(LIKES, rate=rate))
        assert (LIKES.panel_service not in on_sale(desk)) == held
        assert await told(desk) == ([1] if held else [])
        if not held:
            assert on_sale(desk)[LIKES.panel_service] == rate


async def test_the_admin_is_told_once_and_sells_with_one_press(tmp_path: Path, clock: FakeClock) -> None:
    """However often the panel lists it; after the press it is sold at exactly the rate that was shown."""
    async with open_desk(tmp_path, clock) as desk:
        for _ in range(3):
            await relist(desk, JUMPED)
        assert await told(desk) == [1]
        await desk.owner.send("/start")
        assert "0.77 → 1.55" in await look(desk, desk.owner)
        press = await desk.owner.tap(SELL)
        await desk.handled()
        assert press.answer is not None
        assert press.answer.text == "1 service is sold at its new rate."
        assert on_sale(desk)[LIKES.panel_service] == JUMPED.rate
        await relist(desk, JUMPED)
        assert on_sale(desk)[LIKES.panel_service] == JUMPED.rate
        assert await told(desk) == [1]


async def test_an_old_button_agrees_to_nothing_that_was_not_shown(tmp_path: Path, clock: FakeClock) -> None:
    """Another rate since, or another service: what is held now is shown instead, and nothing is sold."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.owner.send("/start")
        await relist(desk, JUMPED)
        await look(desk, desk.owner)
        for change in (replace(JUMPED, rate=Decimal(900)), replace(COMMENTS, rate=Decimal(700))):
            press = await desk.owner.tap(SELL)
            await relist(desk, change)
            await desk.handled()
            assert press.answer is not None
            assert press.answer.text == "The panel lists other rates by now. Look again."
            assert str(change.rate) in desk.owner.heard_messages[-1].text
            assert LIKES.panel_service not in on_sale(desk)
        await desk.owner.tap(SELL)
        await desk.handled()
        assert on_sale(desk)[LIKES.panel_service] == 900


async def test_only_admins_agree(tmp_path: Path, clock: FakeClock) -> None:
    """A customer who forges the button gets the answer of any button that means nothing."""
    async with open_desk(tmp_path, clock) as desk:
        await relist(desk, JUMPED)
        [said] = await desk.stage.said(OWNER, "rates")
        await desk.bob.send("/start")
        await desk.handled()
        press = desk.bob.forge(f"r:{ALPHA}:{said.facts['mark']}", desk.bob.heard_messages[-1])
        await desk.handled()
        assert press.answer is not None
        assert "out of date" in press.answer.text
        assert LIKES.panel_service not in on_sale(desk)


async def test_a_panel_that_takes_it_back_is_believed(tmp_path: Path, clock: FakeClock) -> None:
    """The service is sold again without anybody's press, and a later jump is told again."""
    async with open_desk(tmp_path, clock) as desk:
        await relist(desk, JUMPED)
        await relist(desk, replace(LIKES, rate=Decimal("0.80")))
        assert on_sale(desk)[LIKES.panel_service] == Decimal("0.80")
        await relist(desk, replace(LIKES, rate=Decimal("1.61")))
        assert LIKES.panel_service not in on_sale(desk)
        assert await told(desk) == [1, 1]


async def test_a_hold_outlives_retirement_and_restart(tmp_path: Path, clock: FakeClock) -> None:
    """Neither leaving the list and coming back nor a new process brings the jump through."""
    async with open_desk(tmp_path, clock) as desk:
        offers = desk.stage.panels[ALPHA].offers
        await relist(desk, JUMPED)
        desk.stage.panels[ALPHA].offers = (PACKAGE, COMMENTS, FOLLOWING)
        await rounds.sync(desk.stage.shop, ALPHA)
        desk.stage.panels[ALPHA].offers = offers
        await relist(desk, JUMPED)
        assert LIKES.panel_service not in on_sale(desk)
        async with desk.stage.db.write() as tx:
            await opening.open_books(tx, desk.stage.shop)
        assert LIKES.panel_service not in on_sale(desk)


async def test_the_longest_rate_a_panel_can_list_is_put_into_words(tmp_path: Path, clock: FakeClock) -> None:
    """All its digits, in the message and on the screen: an error there would keep the admins from hearing of it."""
    async with open_desk(tmp_path, clock) as desk:
        rate = Decimal("9" * 17 + "." + "123456789" * 2 + "12345")
        await relist(desk, replace(LIKES, rate=rate))
        [said] = await desk.stage.said(OWNER, "rates")
        words = Translations.load(LOCALES, currency="USD", timezone=UTC)
        for locale in ("en", "ar", "ru"):
            assert "12345678912345" in render(words.get(locale), said.kind, said.facts).text
        await desk.owner.send("/start")
        assert "1234567891234567891" in await look(desk, desk.owner)


async def test_an_open_draft_says_that_it_is_not_on_sale(tmp_path: Path, clock: FakeClock) -> None:
    """Confirm on a summary from before the jump places nothing and moves no money."""
    async with open_desk(tmp_path, clock) as desk:
        draft = await desk.stage.draft(LIKES_333, user=BORIS)
        await desk.bob.send("/start")
        await desk.handled()
        before = await desk.money()
        await relist(desk, JUMPED)
        press = desk.bob.forge(f"f:{draft}:confirm:", desk.bob.heard_messages[-1])
        await desk.handled()
        assert press.answer is not None
        assert "not on sale any more" in press.answer.text
        after = await desk.money()
        assert {**after, "panels": ()} == {**before, "panels": ()}


async def test_an_order_that_waits_is_not_sent_below_the_new_cost(tmp_path: Path, clock: FakeClock) -> None:
    """What was sold before the jump waits for an admin: the held rate is what it would cost."""
    async with open_desk(tmp_path, clock) as desk:
        number = await desk.stage.buy()
        await relist(desk, JUMPED)
        assert not await desk.stage.place()
        order = await desk.stage.order(number)
        assert (order.state, order.question) == (OrderState.WAITING, Question.COST)
        assert desk.stage.panels[ALPHA].adds == []


async def test_a_whole_catalogue_that_jumps_is_one_message(tmp_path: Path, clock: FakeClock) -> None:
    """A panel that changes its currency unasked holds everything, and the admins read of it once."""
    async with open_desk(tmp_path, clock) as desk:
        offers = [replace(LIKES, panel_service=f"{1000 + n}", name=f"<b>Likes {n}") for n in range(500)]
        desk.stage.panels[ALPHA].offers = tuple(offers)
        await rounds.sync(desk.stage.shop, ALPHA)
        await relist(desk, *(replace(offer, rate=offer.rate * 80) for offer in offers))
        assert on_sale(desk) == {}
        assert await told(desk) == [500]
        await desk.owner.send("/start")
        screen = await look(desk, desk.owner)
        assert "500 services" in screen
        assert "and 490 more" in screen
        await desk.owner.tap(SELL)
        await desk.handled()
        assert len(on_sale(desk)) == 500
