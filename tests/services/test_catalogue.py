"""Bringing the catalogue up to date: numbers stay, what vanishes is retired, a panel's mistake empties nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.catalog import Offer, Service, ServiceType
from bot.domain.marks import mark_of
from bot.domain.orders import OrderState
from bot.domain.outcomes import Placed
from bot.panel import PanelEmptyDataError
from bot.services import currencies, rounds, syncing
from bot.services.syncing import CATEGORY_LENGTH, DESCRIPTION_LENGTH, NAME_LENGTH, TYPES_SHOWN, Synced
from tests.services.stage import ALPHA, BETA, FOLLOWING, HELPER, LIKES, OWNER, Stage


async def sync(stage: Stage, *offers: Offer, panel: str = ALPHA) -> Synced:
    """The panel lists this."""
    stage.panels[panel].offers = offers
    done = await rounds.sync(stage.shop, panel)
    assert done is not None
    return done


def many(count: int) -> list[Offer]:
    """Services of one category each dozen."""
    return [
        replace(LIKES, panel_service=f"{1000 + n}", name=f"Likes {n}", category=f"Instagram {n // 12}")
        for n in range(count)
    ]


def on_sale(stage: Stage, panel: str = ALPHA) -> dict[str, Service]:
    """What a panel's part of the shelf has, by the panel's ids."""
    return {service.panel_service: service for service in stage.shop.shelf.services.values() if service.panel == panel}


async def test_what_vanishes_is_retired_and_returns_under_its_number(stage: Stage) -> None:
    """The shop's own number is a service's for good."""
    before = on_sale(stage)
    done = await sync(stage, FOLLOWING)
    assert (done.listed, done.retired) == (1, 3)
    assert on_sale(stage).keys() == {FOLLOWING.panel_service}
    done = await sync(stage, FOLLOWING, LIKES)
    assert (done.listed, done.new, done.changed, done.retired) == (2, 0, 1, 0)
    assert on_sale(stage)["7"] == before["7"]


async def test_a_list_like_the_last_writes_nothing(stage: Stage) -> None:
    """Only what differs is written."""
    offers = stage.panels[ALPHA].offers
    assert await sync(stage, *offers) == Synced(listed=len(offers))
    done = await sync(stage, replace(offers[0], rate=Decimal("0.78")), *offers[1:])
    assert (done.new, done.changed, done.retired) == (0, 1, 0)
    assert on_sale(stage)["7"].rate == Decimal("0.78")


async def test_new_services_get_new_numbers(stage: Stage) -> None:
    """Short ones, one after the other."""
    before = {service.id for service in stage.shop.shelf.services.values()}
    done = await sync(stage, *stage.panels[ALPHA].offers, replace(LIKES, panel_service="65f0c0ffee" * 2))
    assert done.new == 1
    [new] = stage.shop.shelf.services.keys() - before
    assert new == max(before) + 1


async def test_the_panel_s_order_is_kept(stage: Stage) -> None:
    """Categories and services stand as the panel lists them."""
    offers = many(24)
    await sync(stage, *reversed(offers))
    assert [service.panel_service for service in on_sale(stage).values()] == [
        offer.panel_service for offer in reversed(offers)
    ]
    names = [category.name for category in stage.shop.shelf.categories.values()]
    assert names[:2] == ["Instagram 1", "Instagram 0"]


@pytest.mark.parametrize("left", [0, 9])
async def test_a_list_that_lost_most_is_believed_the_second_time(stage: Stage, left: int) -> None:
    """Empty or short of more than half, it changes nothing until the next list is like it; the admins are told once."""
    offers = many(20)
    await sync(stage, *offers)
    assert (await sync(stage, *offers[:left])).doubtful
    assert len(on_sale(stage)) == 20
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["doubtful"]
    assert not (await sync(stage, *offers[:left])).doubtful
    assert len(on_sale(stage)) == left
    assert await stage.alerts() == ["doubtful", "over:doubtful"]


async def test_two_lists_that_lost_different_things_are_both_doubtful(stage: Stage) -> None:
    """The second has to be like the first; the admins are told once."""
    offers = many(20)
    await sync(stage, *offers)
    for lost in (offers[:9], offers[1:9], []):
        assert (await sync(stage, *lost)).doubtful
    assert len(on_sale(stage)) == 20
    assert await stage.alerts() == ["doubtful"]


async def test_a_good_list_ends_the_doubt(stage: Stage) -> None:
    """A list that is well again in between makes the next bad one the first."""
    offers = many(20)
    await sync(stage, *offers)
    for _ in range(2):
        assert (await sync(stage)).doubtful
        assert not (await sync(stage, *offers)).doubtful
    assert await stage.alerts() == ["doubtful", "over:doubtful"] * 2


async def test_losing_half_is_no_doubt(stage: Stage) -> None:
    """Up to half of the services may go at once, and of a few any but the last."""
    offers = many(20)
    await sync(stage, *offers)
    assert (await sync(stage, *offers[:10])).retired == 10
    assert (await sync(stage, *offers[:5])).retired == 5
    assert (await sync(stage, offers[0])).retired == 4
    assert (await sync(stage)).doubtful


async def test_an_answer_that_is_no_list_changes_nothing(stage: Stage) -> None:
    """The catalogue stays as it is, however often it comes, and the admins are told once."""
    before = on_sale(stage)
    stage.panels[ALPHA].trouble["services"] = PanelEmptyDataError("Empty Data")
    for _ in range(3):
        assert await rounds.sync(stage.shop, ALPHA) is None
    assert on_sale(stage) == before
    assert await stage.alerts() == ["silent"]
    stage.panels[ALPHA].trouble.clear()
    await rounds.sync(stage.shop, ALPHA)
    assert await stage.alerts() == ["silent", "over:silent"]


async def test_a_type_nobody_knows_is_hidden_and_told_once(stage: Stage) -> None:
    """It keeps its number, and is on sale as soon as its type is one the shop knows."""
    strange = replace(LIKES, type_word="Teleport <b>")
    for _ in range(2):
        done = await sync(stage, strange, FOLLOWING)
        assert done.unknown_types == ("Teleport <b>",)
    assert "7" not in on_sale(stage)
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["type"]
    await sync(stage, LIKES, FOLLOWING)
    assert "7" in on_sale(stage)


async def test_many_types_nobody_knows_are_one_message(stage: Stage) -> None:
    """Some are named, the others counted; a list like it is no news, one with another word among the first is."""
    strange = [replace(LIKES, panel_service=f"{1000 + n}", type_word=f"Type {n:03}") for n in range(200)]
    for _ in range(2):
        await sync(stage, *strange, FOLLOWING)
    [told] = [said.facts for said in await stage.said(OWNER, "alert")]
    assert (told["alert"], told["panel"], told["more"]) == ("types", ALPHA, 200 - TYPES_SHOWN)
    assert told["types"] == ", ".join(f"Type {n:03}" for n in range(TYPES_SHOWN))
    assert len(await stage.open_alerts()) == TYPES_SHOWN
    await sync(stage, replace(LIKES, type_word="Another"), *strange, FOLLOWING)
    assert [said.facts["types"] for said in await stage.said(OWNER, "alert")][1:] == ["Another"]


async def test_texts_are_cleaned_and_capped(stage: Stage) -> None:
    """No control characters, no direction overrides, no essays; markup stays as it was typed."""
    messy = replace(
        LIKES,
        name="\u202eLikes\x00 \x1b[1m<b>\n fast " + "x" * 500,
        category=" \u2066Insta\x07gram " + "y" * 500,
        description="One\r\n\r\n\r\n\r\nTwo\u202d" + " z" * 2000,
    )
    await sync(stage, messy)
    service = on_sale(stage)["7"]
    assert service.name.startswith("Likes [1m<b> fast xx")
    assert service.category.startswith("Instagram yy")
    assert service.description.startswith("One\n\nTwo z z")
    assert len(service.name) <= NAME_LENGTH
    assert len(service.category) <= CATEGORY_LENGTH
    assert len(service.description) <= DESCRIPTION_LENGTH
    assert service.name.endswith("…")


async def test_texts_of_nothing_have_a_name(stage: Stage) -> None:
    """A service without a name or category can still be found and told from others."""
    await sync(stage, replace(LIKES, name="\u202e \x00", category="\u200b"))
    service = on_sale(stage)["7"]
    assert (service.name, service.category) == ("#7", "…")


async def test_two_panels_may_use_the_same_ids_and_categories(stage: Stage) -> None:
    """The ids are two services, the name one category with both."""
    await sync(stage, LIKES)
    await sync(stage, replace(LIKES, name="Theirs", rate=Decimal("1.5")), panel=BETA)
    ours, theirs = on_sale(stage)["7"], on_sale(stage, BETA)["7"]
    assert ours.id != theirs.id
    assert (ours.rate, theirs.rate, theirs.name) == (LIKES.rate, Decimal("1.5"), "Theirs")
    [category] = [each for each in stage.shop.shelf.categories.values() if each.name == LIKES.category]
    assert set(category.services) == {ours, theirs}
    await sync(stage, FOLLOWING)
    assert "7" in on_sale(stage, BETA)


async def test_impossible_numbers_are_passed_over(stage: Stage) -> None:
    """Limits and rates that no column holds are as if they were not listed; the rest is taken."""
    impossible = [
        replace(LIKES, panel_service="20", maximum=2**63),
        replace(LIKES, panel_service="21", minimum=20, maximum=10),
        replace(LIKES, panel_service="22", minimum=-1),
        replace(LIKES, panel_service="23", rate=Decimal("NaN")),
        replace(LIKES, panel_service="24", rate=Decimal(-1)),
        replace(LIKES, panel_service="25", rate=Decimal("1E+400")),
        replace(LIKES, panel_service="26", rate=Decimal("1E-400")),
        replace(LIKES, panel_service="27", rate=Decimal("0." + "1" * 60)),
    ]
    fine = replace(LIKES, panel_service="30", maximum=2**63 - 1)
    await sync(stage, *impossible, LIKES, fine)
    assert on_sale(stage).keys() == {"7", "30"}


async def test_ten_thousand_services_are_synced(stage: Stage) -> None:
    """A large panel's list is written, read and listed again like a small one's."""
    offers = many(10_000)
    assert (await sync(stage, *offers)).new == 10_000
    assert len(on_sale(stage)) == 10_000
    assert len(stage.shop.shelf.categories) == 834 + 1  # and that of the other panel
    changed = [replace(offer, rate=offer.rate + Decimal("0.5")) for offer in offers[:1_000]]
    done = await sync(stage, *changed, *offers[1_000:9_000])
    assert (done.new, done.changed, done.retired) == (0, 1_000, 1_000)
    assert on_sale(stage)["1000"].rate == LIKES.rate + Decimal("0.5")


# Exchange rates.


async def test_a_panel_in_another_currency_is_not_sold_without_a_rate(stage: Stage) -> None:
    """Its services leave the shelf, and the admins are told once, and once more when a rate is set."""
    for _ in range(2):
        await stage.balance("50", currency="EUR")
    assert on_sale(stage) == {}
    assert len(on_sale(stage, BETA)) > 0
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["currency"]
    stage.set_rate(ALPHA, Decimal("1.1"))
    await rounds.sync(stage.shop, ALPHA)
    assert len(on_sale(stage)) > 0
    assert await stage.alerts() == ["currency", "over:currency"]


async def test_a_rate_is_part_of_the_price(stage: Stage) -> None:
    """A panel's rate × what its currency is worth × the markup."""
    await in_euros(stage)
    service = on_sale(stage)["7"]
    assert stage.shop.shelf.price(service, 1000) == 11_011  # 0.77 × 1.1 × 1.3
    order = await stage.order(await stage.buy())
    assert order.snapshot.exchange == Decimal("1.1")


async def test_the_shop_s_own_currency_needs_no_rate(stage: Stage) -> None:
    """Where a panel's balance is in it, a rate that was set by mistake changes no price."""
    stage.set_rate(ALPHA, Decimal(100))
    await stage.balance("50", currency="USD")
    assert stage.shop.shelf.price(on_sale(stage)["7"], 1000) == 10_010


async def test_a_panel_back_in_the_shop_s_currency_is_sold_again(stage: Stage) -> None:
    """The next balance says so, without waiting for a sync."""
    await stage.balance("50", currency="EUR")
    await stage.balance("50", currency="USD")
    assert len(on_sale(stage)) > 0


async def test_orders_of_a_panel_whose_currency_nobody_knows_are_put_off(stage: Stage) -> None:
    """Nobody can say what they cost now, so they are not sent; with the rate in the settings they are, unasked."""
    number = await stage.buy()
    await stage.balance("50", currency="EUR")
    assert not await stage.place()
    assert await stage.said(OWNER, "question") == []
    stage.set_rate(ALPHA, Decimal("1.1"))
    await stage.balance("50", currency="EUR")
    stage.clock.advance(60)
    assert await stage.place(Placed("71"))
    assert (await stage.order(number)).state is OrderState.PENDING


async def in_euros(stage: Stage) -> None:
    """The panel has always reckoned in euros, which are worth 1.1 dollars."""
    await stage.balance("50", currency="EUR")
    stage.set_rate(ALPHA, Decimal("1.1"))
    await stage.balance("50", currency="EUR")


async def test_a_balance_without_a_currency_changes_nothing(stage: Stage) -> None:
    """The panel is sold as before, and its order is sent: one answer that leaves something out says nothing new."""
    await in_euros(stage)
    stage.set_rate(ALPHA, Decimal("1.1"))
    number = await stage.buy()
    before = on_sale(stage)
    await stage.balance("50", currency=None)
    assert on_sale(stage) == before
    assert (await stage.panel()).currency == "EUR"
    assert await stage.place(Placed("71"))
    assert (await stage.order(number)).state is OrderState.PENDING
    assert await stage.said(OWNER, "question") == []


@pytest.mark.parametrize("named", ["USD", "GBP"])
async def test_a_currency_that_changes_is_held_until_an_admin_agrees(stage: Stage, named: str) -> None:
    """Prices must not jump by one answer: nothing of the panel is sold or sent meanwhile; the admins read it once."""
    await in_euros(stage)
    number = await stage.buy()
    for _ in range(2):
        await stage.balance("50", currency=named)
    assert on_sale(stage) == {}
    assert not await stage.place()
    assert await stage.said(OWNER, "question") == []
    assert (await stage.panel()).currency == "EUR"
    [told] = [said.facts for said in await stage.said(OWNER, "alert") if said.facts["alert"] == "recoined"]
    assert (told["panel"], told["currency"], told["named"]) == (ALPHA, "EUR", named)
    assert await agree(stage, "CHF") is None
    assert on_sale(stage) == {}
    assert await agree(stage, named) == named
    worth = Decimal(1) if named == "USD" else Decimal("1.1")
    assert stage.shop.shelf.exchange[ALPHA] == worth
    assert await agree(stage, named) is None
    assert (await stage.alerts())[-2:] == ["recoined", "over:recoined"]
    await stage.balance("50", currency=named)
    stage.clock.advance(60)
    assert await stage.place(Placed("71"))
    assert (await stage.order(number)).state is OrderState.PENDING


async def test_a_currency_that_comes_back_is_sold_as_before(stage: Stage) -> None:
    """What was a mistake is over by itself, and nobody can agree to it any more."""
    await in_euros(stage)
    before = on_sale(stage)
    await stage.balance("50", currency="USD")
    await stage.balance("50", currency=None)
    assert on_sale(stage) == {}
    await stage.balance("50", currency="EUR")
    assert on_sale(stage) == before
    assert await agree(stage, "USD") is None
    assert await stage.open_alerts() == set()


async def agree(stage: Stage, named: str) -> str | None:
    """An admin agrees to a currency."""
    async with stage.db.write() as tx:
        agreed = await currencies.agree(tx, stage.shop, ALPHA, mark_of(named))
        stage.shop.shelf = await syncing.restock(tx, stage.shop)
    return agreed


async def test_the_shelf_knows_where_a_service_stands_and_which_shows_how(stage: Stage) -> None:
    """Without looking through all of them: a service's category, and one that a line of a mass order has room for."""
    await sync(stage, FOLLOWING, LIKES, *many(30))
    shelf = stage.shop.shelf
    for service in shelf.services.values():
        assert service in shelf.categories[shelf.homes[service.id]].services
    assert shelf.homes.keys() == shelf.services.keys()
    plain = [each for each in shelf.services.values() if each.type is ServiceType.DEFAULT]
    assert shelf.plain == min(plain, key=lambda each: each.id)
