"""*Confirm*: exactly the price that was shown, once, from a wallet that covers it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain import money
from bot.domain.catalog import Offer
from bot.domain.forms import FORMS, field_named
from bot.domain.orders import Order, OrderState
from bot.domain.outcomes import Placed, Unknown
from bot.services import ordering, rounds, wallet
from bot.services.ordering import Doubt, DraftGone, Form, ServiceGone, Summary
from bot.storage import people
from tests.services.stage import (
    ALPHA,
    ANNA,
    BORIS,
    FOLLOWING,
    FUNDS,
    LIKES,
    LIKES_333,
    LINK,
    OWNER,
    PACKAGE,
    POSTS,
    PRICE,
    Stage,
)


async def debit(stage: Stage, amount: int) -> None:
    """An admin takes money out of Anna's wallet."""
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=ANNA, amount=-amount, reason="", key="debit")


async def relist(stage: Stage, *offers: Offer) -> None:
    """The panel lists this instead of its likes, beside what else it has."""
    fake = stage.panels[ALPHA]
    fake.offers = (*offers, *(offer for offer in fake.offers if offer.panel_service != LIKES.panel_service))
    await rounds.sync(stage.shop, ALPHA)


async def test_confirm_holds_the_price_and_writes_the_order(stage: Stage) -> None:
    """Everything the order needs is in it: no catalogue that moves on can change it."""
    draft = await stage.draft()
    order = await stage.confirm(draft)
    assert isinstance(order, Order)
    assert order == await stage.order(order.id)
    assert (order.state, order.price, order.held, order.quantity) == (OrderState.WAITING, PRICE, PRICE, 333)
    sold = order.snapshot
    assert (sold.panel_service, sold.name, sold.rate, sold.exchange) == ("7", LIKES.name, LIKES.rate, Decimal(1))
    assert (sold.refill, sold.cancel, sold.dripfeed) == (True, True, None)
    assert order.answers == LIKES_333
    assert (await stage.available(), await stage.on_hold()) == (FUNDS - PRICE, PRICE)
    assert [movement.amount for movement in await stage.movements()] == [-PRICE, FUNDS]
    assert await stage.states_told(order.id) == ["waiting"]
    assert await stage.channel_told(order.id) == []


async def test_ten_presses_at_once_are_one_order(stage: Stage) -> None:
    """Each of them finds the same order, paid once and sent once."""
    draft = await stage.draft()
    results = await asyncio.gather(*(stage.confirm(draft) for _ in range(10)))
    numbers = {result.id for result in results if isinstance(result, Order)}
    assert len(results) == 10
    assert len(numbers) == 1
    assert await stage.available() == FUNDS - PRICE
    while await stage.place():
        pass
    assert len(stage.panels[ALPHA].adds) == 1


async def test_a_press_after_the_end_finds_the_order(stage: Stage) -> None:
    """An old *Confirm* shows what became of it, and charges nothing."""
    draft = await stage.draft()
    first = await stage.confirm(draft)
    await stage.place(Placed("71"))
    stage.clock.advance(86_400)
    again = await stage.confirm(draft)
    assert isinstance(first, Order)
    assert isinstance(again, Order)
    assert (again.id, again.state) == (first.id, OrderState.PENDING)
    assert await stage.available() == FUNDS - PRICE


async def test_of_fifty_orders_a_wallet_for_one_buys_one(stage: Stage) -> None:
    """Fifty drafts confirmed at once on a wallet that covers one: one is sold, the others' drafts are kept."""
    drafts = [await stage.draft() for _ in range(50)]
    await debit(stage, FUNDS - 2 * PRICE + 1)
    results = await asyncio.gather(*(stage.confirm(draft) for draft in drafts))
    sold = [result for result in results if isinstance(result, Order)]
    short = [result.short for result in results if isinstance(result, Summary)]
    assert (len(sold), short) == (1, [1] * 49)
    assert (await stage.available(), await stage.on_hold()) == (PRICE - 1, PRICE)
    while await stage.place():
        pass
    assert len(stage.panels[ALPHA].adds) == 1


async def test_a_short_wallet_keeps_the_draft(stage: Stage) -> None:
    """The summary says by how much; with the wallet filled, the same *Confirm* places the order."""
    draft = await stage.draft()
    await debit(stage, FUNDS - PRICE + 1)
    summary = await stage.confirm(draft)
    assert isinstance(summary, Summary)
    assert (summary.short, summary.price, summary.available) == (1, PRICE, PRICE - 1)
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=ANNA, amount=1, reason="", key="one more")
    assert isinstance(await stage.confirm(draft), Order)
    assert await stage.available() == 0


CHANGES = {
    "a higher rate": replace(LIKES, rate=Decimal("0.78")),
    "a lower rate": replace(LIKES, rate=Decimal("0.76")),
    "another minimum": replace(LIKES, minimum=11),
    "another maximum": replace(LIKES, maximum=9_999),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_what_changed_since_it_was_shown_is_shown_again(stage: Stage, change: Offer) -> None:
    """Nothing is charged but what was shown; the second *Confirm*, of the new summary, charges that."""
    draft = await stage.draft()
    await relist(stage, change)
    summary = await stage.confirm(draft)
    assert isinstance(summary, Summary)
    assert summary.changed
    assert await stage.on_hold() == 0
    order = await stage.confirm(draft)
    assert isinstance(order, Order)
    assert order.price == summary.price == await stage.on_hold()


async def test_a_confirm_of_an_older_summary_charges_nothing(stage: Stage) -> None:
    """However often it is pressed: the new price may never have been seen. Its own *Confirm* charges it, once."""
    draft = await stage.draft()
    old = await stage.mark(draft)
    await relist(stage, replace(LIKES, rate=LIKES.rate * 2))
    for _ in range(2):
        assert isinstance(await stage.confirm(draft, mark=old), Summary)
        assert (await stage.on_hold(), await stage.available()) == (0, FUNDS)
    summary = await stage.confirm(draft, mark=old)
    assert isinstance(summary, Summary)
    assert summary.changed
    assert summary.price > PRICE
    order = await stage.confirm(draft, mark=summary.mark)
    assert isinstance(order, Order)
    assert order.price == summary.price == await stage.on_hold()
    for mark in (summary.mark, old):
        again = await stage.confirm(draft, mark=mark)
        assert isinstance(again, Order)
        assert again.id == order.id
    assert await stage.on_hold() == summary.price


async def test_a_confirm_belongs_to_the_answers_above_it(stage: Stage) -> None:
    """Another link for the same money is another order: its summary has to be seen first."""
    draft = await stage.draft()
    old = await stage.mark(draft)
    async with stage.db.write() as tx:
        form = await ordering.resume(tx, stage.shop, user=ANNA, draft=draft)
        await ordering.put_answer(tx, form, field_named(FORMS[form.service.type], "link"), f"{LINK}/other")
    summary = await stage.confirm(draft, mark=old)
    assert isinstance(summary, Summary)
    assert (summary.changed, await stage.on_hold()) == (True, 0)


async def test_a_price_stands_for_ten_minutes(stage: Stage) -> None:
    """An older summary is shown again, even if nothing changed."""
    fresh, old = await stage.draft(), await stage.draft()
    stage.clock.advance(600)
    assert isinstance(await stage.confirm(fresh), Order)
    stage.clock.advance(0.001)
    summary = await stage.confirm(old)
    assert isinstance(summary, Summary)
    assert summary.changed
    assert isinstance(await stage.confirm(old), Order)


async def test_the_markup_is_part_of_what_was_shown(stage: Stage) -> None:
    """Another MARKUP_PERCENT after a restart is a price that changed."""
    draft = await stage.draft()
    stage.change(markup_percent=Decimal(31))
    await rounds.sync(stage.shop, ALPHA)
    assert isinstance(await stage.confirm(draft), Summary)


async def test_an_answer_that_no_longer_stands_is_asked_for_again(stage: Stage) -> None:
    """Where the new limits leave no room for the quantity, it is named, and nothing else is lost."""
    draft = await stage.draft()
    await relist(stage, replace(LIKES, maximum=332))
    doubt = await stage.confirm(draft)
    assert isinstance(doubt, Doubt)
    assert (doubt.field.name, doubt.error.code) == ("quantity", "number.above")
    assert doubt.form.answers == LIKES_333


async def test_an_incomplete_form_is_no_order(stage: Stage) -> None:
    """A forged *Confirm* of a half-filled form leads back to its next question."""
    async with stage.db.write() as tx:
        form = await ordering.begin(tx, stage.shop, user=ANNA, service=stage.service().id)
    found = await stage.confirm(form.draft)
    assert isinstance(found, Form)
    assert found.next is not None
    assert found.next.name == "link"


async def test_another_s_draft_is_gone(stage: Stage) -> None:
    """Whose draft it is decides, whatever the button says; the same before and after it became an order."""
    draft = await stage.draft(user=BORIS)
    for _ in range(2):
        with pytest.raises(DraftGone):
            await stage.confirm(draft, user=ANNA)
        assert isinstance(await stage.confirm(draft, user=BORIS), Order)
    assert await stage.available(ANNA) == FUNDS


async def test_a_draft_thrown_away_is_gone(stage: Stage) -> None:
    """*Cancel* leaves nothing to confirm."""
    draft = await stage.draft()
    async with stage.db.write() as tx:
        await ordering.drop(tx, user=ANNA, draft=draft)
    with pytest.raises(DraftGone):
        await stage.confirm(draft)


async def test_a_retired_service_is_gone(stage: Stage) -> None:
    """What the panel no longer lists is not sold, and the draft is there when it returns."""
    draft = await stage.draft()
    await relist(stage)
    with pytest.raises(ServiceGone):
        await stage.confirm(draft)
    await relist(stage, LIKES)
    assert isinstance(await stage.confirm(draft), Order)


async def test_an_order_for_a_link_that_is_being_checked_is_warned_of(stage: Stage) -> None:
    """However the link is written; an order for another link, or of another customer, is not."""
    number = await stage.buy({"link": "https://www.instagram.com/p/1/", "quantity": 333})
    await stage.place(Unknown("reset"))
    same = await stage.summary(await stage.draft({"link": "instagram.com/p/1", "quantity": 50}))
    other = await stage.summary(await stage.draft({"link": "instagram.com/p/2", "quantity": 50}))
    theirs = await stage.summary(await stage.draft(user=BORIS), user=BORIS)
    assert (same.uncertain, other.uncertain, theirs.uncertain) == (number, None, None)


async def test_what_is_priced_follows_the_type(stage: Stage) -> None:
    """A package once, a drip-feed by its runs, a subscription by the posts it may serve."""
    sold = [
        await stage.summary(await stage.draft({"link": LINK}, offer=PACKAGE)),
        await stage.summary(await stage.draft({**LIKES_333, "runs": 3, "interval": 60})),
        await stage.summary(await stage.draft({**POSTS, "old_posts": 2}, offer=FOLLOWING)),
    ]
    assert [(each.quantity, each.price) for each in sold] == [(1, 10_010), (999, 10_000), (500, 5_005)]


async def test_a_date_is_one_in_the_shop_s_time_zone(stage: Stage) -> None:
    """The last day an expiry may have, counted from the shop's own today, is taken."""
    stage.change(timezone=ZoneInfo("Pacific/Auckland"))
    stage.clock.now = datetime(2026, 3, 14, 20, 0, tzinfo=UTC)  # the 15th in Auckland
    draft = await stage.draft({**POSTS, "expiry": "13/06/2026"}, offer=FOLLOWING)
    assert isinstance(await stage.confirm(draft), Order)


async def test_nothing_costs_more_than_the_books_hold(stage: Stage) -> None:
    """Of a panel with absurd numbers only what has a price within the books is sold, up to where it has."""
    offers = {
        "dear": replace(LIKES, panel_service="20", rate=Decimal(10**18 - 1)),
        "many": replace(LIKES, panel_service="21", maximum=2**63 - 1),
        "free": replace(FOLLOWING, panel_service="22", rate=Decimal(0), maximum=2**63 - 1),
        "dear pack": replace(PACKAGE, panel_service="23", rate=Decimal(10**17)),
        "tiny": replace(LIKES, panel_service="24", rate=Decimal("1E-24")),
    }
    await relist(stage, LIKES, *offers.values())
    shelf = stage.shop.shelf
    by_id = {service.panel_service: service for service in shelf.services.values() if service.panel == ALPHA}
    assert {"20", "23"} & by_id.keys() == set()
    assert {service.panel_service for service in shelf.beyond.values()} == {"20", "23"}
    most = by_id["21"].maximum
    assert 10**11 < most < 2**63 - 1
    drafts = [
        await stage.draft({**LIKES_333, "quantity": most}, offer=offers["many"]),
        await stage.draft({**LIKES_333, "quantity": 10_000}, offer=offers["tiny"]),
        await stage.draft(
            {**POSTS, "max": by_id["22"].maximum, "posts": 1000, "old_posts": 1000}, offer=offers["free"]
        ),
    ]
    dearest, *others = [await stage.confirm(draft) for draft in drafts]
    assert isinstance(dearest, Summary)
    assert money.HIGHEST_AMOUNT - 20 < dearest.price <= money.HIGHEST_AMOUNT
    assert [order.price for order in others if isinstance(order, Order)] == [1, 0]


async def test_a_price_that_rose_beyond_the_books_is_still_a_cost(stage: Stage) -> None:
    """An order sold before its service became absurdly dear is not sent below its cost."""
    await stage.buy()
    await relist(stage, replace(LIKES, rate=Decimal(10**17)))
    assert not await stage.place()


async def test_what_other_answers_no_longer_call_for_is_dropped(stage: Stage) -> None:
    """Not spread over time any more, neither runs nor interval are paid for or sent."""
    draft = await stage.draft({**LIKES_333, "runs": 3, "interval": 60})
    async with stage.db.write() as tx:
        form = await ordering.resume(tx, stage.shop, user=ANNA, draft=draft)
        await ordering.deliver_at_once(tx, form)
    async with stage.second.read() as reading:
        kept = await people.find_draft(reading, draft, user=ANNA)
    assert kept is not None
    assert kept.answers == LIKES_333
