"""Payments on a provider's page: whatever the shop thinks of one, what is paid there is credited once."""

from datetime import timedelta

import pytest

from bot.domain.payments import Payment, PaymentState, Way, new_code
from bot.paying.seam import Fate
from bot.services import pages, paying
from bot.services.apart import AT_ONCE
from bot.storage import payments
from tests.services.fake_ways import FakePages, FakeReceipts
from tests.services.stage import ANNA, BORIS, FUNDS, OWNER, Stage
from tests.services.test_apart import refused

FIVE = 50_000
HOUR = 3600
DAY = 24 * HOUR


def taking(stage: Stage, *ways: Way) -> None:
    """The shop takes these."""
    stage.shop.ways = {way.name: way for way in ways}


async def begun(stage: Stage, way: FakePages, *, user: int = ANNA) -> Payment:
    """A payment of $5.00 on its page."""
    invoice = await paying.invoice_for(stage.shop, way, FIVE)
    async with stage.db.write() as tx:
        return await paying.begin(tx, stage.shop, user=user, way=way, amount=FIVE, draft=None, invoice=invoice)


async def many(stage: Stage, way: FakePages, number: int) -> None:
    """So many open payments of somebody who does not mean to pay."""
    async with stage.db.write() as tx:
        for _ in range(number):
            made = way.made(new_code(), way.quote(FIVE))
            until = tx.now + timedelta(hours=1)
            await payments.insert_payment(
                tx,
                user=BORIS,
                way=way.name,
                amount=FIVE,
                asked=made.asked,
                code=made.code,
                expires_at=until,
                charge=made.charge,
                url=made.url,
            )


async def forgotten(stage: Stage, payment: Payment) -> None:
    """*Cancel*."""
    async with stage.db.write() as tx:
        await paying.forget(tx, payment)


async def state(stage: Stage, payment: Payment) -> PaymentState:
    """Where it is, as others see it."""
    async with stage.second.read() as tx:
        return (await payments.get(tx, payment.id)).state


def charge(payment: Payment) -> str:
    """The provider's name for it."""
    assert payment.charge is not None
    return payment.charge


async def test_paid_after_cancel_is_credited_once(stage: Stage) -> None:
    """Leaving the screen closes no page of the provider's."""
    way = FakePages()
    taking(stage, way)
    payment = await begun(stage, way)
    await forgotten(stage, payment)
    await pages.look(stage.shop, way)
    assert await stage.available() == FUNDS
    way.ends(charge(payment))
    for _ in range(2):
        await pages.look(stage.shop, way)
    assert await stage.available() == FUNDS + FIVE
    assert len(await stage.said(ANNA, "topped_up")) == 1


async def test_paid_after_it_made_room_for_others_is_credited(stage: Stage) -> None:
    """Of too many open ones the oldest is let go of; it may be the one that is paid."""
    way = FakePages()
    taking(stage, way)
    oldest = await begun(stage, way)
    for _ in range(paying.MOST_OPEN):
        await begun(stage, way)
    assert await state(stage, oldest) is PaymentState.EXPIRED
    way.ends(charge(oldest))
    await pages.look(stage.shop, way)
    assert await stage.available() == FUNDS + FIVE


@pytest.mark.parametrize("off", [False, True], ids=["out of reach", "switched off"])
async def test_paid_while_the_provider_was_away_for_days(stage: Stage, off: bool) -> None:
    """The shop gives it up; the provider, once it is there again, is asked all the same."""
    way = FakePages(down=True)
    taking(stage, *([] if off else [way]))
    payment = await begun(stage, way)
    way.ends(charge(payment))
    for _ in range(3):
        await pages.look(stage.shop, way)
        await stage.pass_time(DAY)
    assert await state(stage, payment) is PaymentState.EXPIRED
    way.down = False
    taking(stage, way)
    await pages.look(stage.shop, way)
    assert await stage.available() == FUNDS + FIVE


async def test_one_is_asked_about_until_its_provider_says_that_it_is_over(stage: Stage) -> None:
    """Not that it is closed here, but that it is closed there, or that it is a month ago, ends the asking."""
    way = FakePages()
    taking(stage, way)
    closed, silent = await begun(stage, way), await begun(stage, way)
    for payment in (closed, silent):
        await forgotten(stage, payment)
    way.ends(charge(closed), Fate.EXPIRED)
    del way.invoices[charge(silent)]
    for _ in range(2):
        await pages.look(stage.shop, way)
    assert way.asked == [[charge(closed), charge(silent)], [charge(silent)]]
    stage.clock.advance(31 * DAY)
    await pages.look(stage.shop, way)
    assert len(way.asked) == 2


async def test_who_asks_is_told_of_what_the_shop_let_go_of(stage: Stage) -> None:
    """*I have paid*, pressed below a payment that is over."""
    way = FakePages()
    taking(stage, way)
    payment = await begun(stage, way)
    await forgotten(stage, payment)
    way.ends(charge(payment))
    asked: list[None] = []

    async def before() -> None:
        asked.append(None)

    async with stage.second.read() as tx:
        over = await payments.get(tx, payment.id)
    await pages.look_at(stage.shop, over, before=before)
    assert (await state(stage, payment), len(asked)) == (PaymentState.PAID, 1)


async def test_many_who_do_not_pay_hide_nobody(stage: Stage) -> None:
    """They are asked about in turn, also where the provider fails meanwhile."""
    way = FakePages()
    taking(stage, way)
    await many(stage, way, pages.BATCH)
    payment = await begun(stage, way)
    way.ends(charge(payment))
    way.down = True
    after = await pages.look(stage.shop, way)
    assert after > 0
    way.down = False
    assert await pages.look(stage.shop, way, after=after) == 0
    assert await stage.available() == FUNDS + FIVE


async def test_one_that_cannot_be_written_holds_up_no_other(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again at the next look."""
    way = FakePages()
    taking(stage, way)
    first, second = await begun(stage, way), await begun(stage, way)
    for payment in (first, second):
        way.ends(charge(payment))
    with refused(stage, lambda statement, told: "transfers" in statement and f"topup:{first.id}" in told):
        await pages.look(stage.shop, way)
    assert (await state(stage, first), await state(stage, second)) == (PaymentState.OPEN, PaymentState.PAID)
    assert f"of invoice {first.charge} failed" in caplog.text
    await pages.look(stage.shop, way)
    assert await stage.available() == FUNDS + 2 * FIVE


async def test_pages_that_may_still_be_paid_keep_nothing_else_open(stage: Stage) -> None:
    """What is over its time is let go of, however many others are older and wait for a provider's word."""
    way, by_hand = FakePages(), FakeReceipts(lifetime=timedelta(hours=2))
    taking(stage, way, by_hand)
    await many(stage, way, AT_ONCE)
    async with stage.db.write() as tx:
        late = await paying.begin(tx, stage.shop, user=ANNA, way=by_hand, amount=FIVE, draft=None)
    await stage.pass_time(3 * HOUR)
    assert await state(stage, late) is PaymentState.EXPIRED
    async with stage.second.read() as tx:
        assert await payments.count_in_state(tx, PaymentState.OPEN) == AT_ONCE
    await stage.pass_time(DAY)
    async with stage.second.read() as tx:
        assert await payments.count_in_state(tx, PaymentState.OPEN) == 0


async def test_an_invoice_of_another_payment_is_for_the_admins(stage: Stage) -> None:
    """The sum is right, and the name that the shop gave it is not: nothing is credited, and all are told once."""
    way = FakePages()
    taking(stage, way)
    payment, unnamed = await begun(stage, way), await begun(stage, way)
    way.ends(charge(payment), code="ABCD-EFGH-JKLM")
    way.ends(charge(unnamed), code="")
    for _ in range(2):
        await pages.look(stage.shop, way)
    assert (await state(stage, payment), await state(stage, unnamed)) == (PaymentState.REVIEW, PaymentState.PAID)
    assert await stage.available() == FUNDS + FIVE
    [card] = await stage.said(OWNER, "receipt")
    assert (card.facts["said"], card.facts["said_code"]) == (None, "ABCD-EFGH-JKLM")
    assert [said.facts["payment"] for said in await stage.said(ANNA, "top_up_review")] == [payment.id]


async def test_two_providers_do_not_know_each_other_s_payments(stage: Stage) -> None:
    """Another provider is another name: both may call a payment by the same number."""
    first, second = FakePages(), FakePages(name="stones", title="Stones on a page")
    taking(stage, first, second)
    open_, paid = await begun(stage, first), await begun(stage, second)
    assert open_.charge == paid.charge
    second.ends(charge(paid))
    for way in (first, second):
        await pages.look(stage.shop, way)
    assert (await state(stage, open_), await state(stage, paid)) == (PaymentState.OPEN, PaymentState.PAID)
    assert await stage.available() == FUNDS + FIVE
