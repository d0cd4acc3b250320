"""Orders that wait: how often they are tried, what holds them back, and when they are given up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.orders import OrderState, Question, Reason
from bot.domain.outcomes import NotSent, Placed, RefusalKind, Refused, Throttled, Unknown
from bot.domain.panels import Gate
from bot.services import deciding, gates, rounds
from bot.services.deciding import AlreadyDecided
from tests.services.stage import ALPHA, ANNA, BETA, FUNDS, LIKES_333, OWNER, PRICE, Stage

NO_FUNDS = Refused(RefusalKind.FUNDS, "Not enough funds on balance")
OUT_OF_REACH = NotSent("could not connect")
COST = 0.256_41  # of 333 likes, in dollars


async def gap(stage: Stage, number: int) -> float:
    """In how many seconds an order is tried again."""
    order = await stage.order(number)
    assert order.next_try_at is not None
    return (order.next_try_at - stage.clock.now).total_seconds()


async def fail_to_connect(stage: Stage, number: int) -> list[float]:
    """Try whenever it is time until the order is given up; the gaps between the tries, in seconds."""
    gaps: list[float] = []
    while (await stage.order(number)).state is OrderState.WAITING and len(gaps) < 60:
        assert await stage.place(OUT_OF_REACH)
        gaps.append(await gap(stage, number))
        await stage.pass_time(gaps[-1])
    return gaps


async def test_a_panel_out_of_reach_is_tried_at_growing_gaps(stage: Stage) -> None:
    """After 1, 2, 4, … seconds, at most a minute apart; after RETRY_MINUTES the money is back and the customer told."""
    number = await stage.buy()
    began = stage.clock.now
    gaps = await fail_to_connect(stage, number)
    assert gaps[:6] == [1, 2, 4, 8, 16, 32]
    assert set(gaps[6:]) == {60}
    assert timedelta(minutes=15) <= stage.clock.now - began < timedelta(minutes=16)
    order = await stage.order(number)
    assert (order.state, order.reason, order.next_try_at) == (OrderState.REFUSED, Reason.WAITED, None)
    assert await stage.available() == FUNDS
    assert (await stage.states_told(number))[-1] == "refused"
    assert await stage.channel_told(number) == []


async def test_it_is_not_tried_before_its_time(stage: Stage) -> None:
    """Between two tries nothing is sent."""
    await stage.buy()
    await stage.place(OUT_OF_REACH)
    stage.clock.advance(0.9)
    assert not await stage.place()
    stage.clock.advance(0.1)
    assert await stage.place()


async def test_retry_minutes_count_from_the_first_failure_of_the_row(stage: Stage) -> None:
    """An order that waited for hours for something else is still tried for RETRY_MINUTES when its panel goes away."""
    number = await stage.buy()
    await stage.place(Throttled(900))
    await stage.pass_time(5 * 3600)
    await stage.place(OUT_OF_REACH)
    await stage.pass_time(14 * 60)
    assert (await stage.order(number)).state is OrderState.WAITING
    await stage.pass_time(60)
    assert (await stage.order(number)).state is OrderState.REFUSED


async def test_wait_hours_are_not_begun_anew_by_a_failure_to_connect(stage: Stage) -> None:
    """However the reasons alternate, an order waits for WAIT_HOURS from when it was given, no longer."""
    number = await stage.buy()
    await stage.place(NO_FUNDS)
    await stage.pass_time(23 * 3600)
    async with stage.db.write() as tx:
        await gates.resume(tx, stage.shop, ALPHA)
    await stage.place(OUT_OF_REACH)
    stage.clock.advance(1)
    await stage.place(NO_FUNDS)
    await stage.pass_time(3600 - 2)
    assert (await stage.order(number)).state is OrderState.WAITING
    await stage.pass_time(1)
    order = await stage.order(number)
    assert (order.state, order.reason) == (OrderState.REFUSED, Reason.WAITED)


async def test_a_429_rests_the_whole_panel_and_no_other(stage: Stage) -> None:
    """While a panel rests no order goes to it; the other panel takes its own."""
    await stage.buy()
    await stage.buy()
    await stage.buy(panel=BETA)
    await stage.place(Throttled(20))
    assert not await stage.place()
    assert await stage.place(panel=BETA)
    stage.clock.advance(19.9)
    assert not await stage.place()
    stage.clock.advance(0.1)
    assert await stage.place()
    assert await stage.place()


async def test_without_funds_nothing_is_sent_until_the_balance_covers_the_smallest(stage: Stage) -> None:
    """The panel is closed by a refusal for funds, and opened by a balance that covers the smallest waiting order."""
    await stage.buy()
    await stage.place(NO_FUNDS)
    stage.clock.advance(60)
    await stage.balance(f"{COST - 0.0001:.4f}")
    assert (await stage.panel()).gate is Gate.FUNDS
    assert not await stage.place()
    await stage.balance(f"{COST + 0.0001:.4f}")
    assert (await stage.panel()).gate is None
    assert await stage.place(Placed("71"))


async def test_a_small_order_does_not_wait_behind_one_that_is_too_dear(stage: Stage) -> None:
    """When the balance covers the smallest order only, that is the one which is sent."""
    dear = await stage.buy({**LIKES_333, "quantity": 10_000})
    small = await stage.buy()
    await stage.place(NO_FUNDS)
    stage.clock.advance(60)
    await stage.balance("1.00")
    assert await stage.place(Placed("71"))
    assert not await stage.place()
    states = [(await stage.order(number)).state for number in (dear, small)]
    assert states == [OrderState.WAITING, OrderState.PENDING]
    stage.clock.advance(60)
    await stage.balance("10.00")
    assert await stage.place(Placed("72"))
    assert (await stage.order(dear)).state is OrderState.PENDING


@pytest.mark.parametrize("kind", [RefusalKind.FUNDS, RefusalKind.KEY, RefusalKind.ACCOUNT])
async def test_an_admin_resumes_a_closed_panel(stage: Stage, kind: RefusalKind) -> None:
    """/resume opens the panel whatever closed it, and sends even what the last balance did not cover."""
    number = await stage.buy()
    await stage.balance("0.10")
    await stage.place(Refused(kind, "no"))
    async with stage.db.write() as tx:
        await gates.resume(tx, stage.shop, ALPHA)
    assert await stage.place(Placed("71"))
    assert (await stage.order(number)).state is OrderState.PENDING


async def test_what_waits_too_long_for_the_shop_s_account_is_refunded(stage: Stage) -> None:
    """After WAIT_HOURS of a closed panel, and not before, the customer has the money back."""
    number = await stage.buy()
    await stage.place(NO_FUNDS)
    await stage.pass_time(24 * 3600 - 1)
    assert await stage.available() == FUNDS - PRICE
    await stage.pass_time(1)
    assert await stage.available() == FUNDS
    assert (await stage.order(number)).state is OrderState.REFUSED


async def test_sent_again_an_order_may_wait_as_long_as_a_new_one(stage: Stage) -> None:
    """WAIT_HOURS of an uncertain order count from the admin's *Send again*."""
    number = await stage.buy()
    await stage.place(Unknown("reset"))
    await stage.pass_time(30 * 3600)
    await stage.send_again(number)
    await stage.place(NO_FUNDS)
    await stage.pass_time(24 * 3600 - 1)
    assert (await stage.order(number)).state is OrderState.WAITING
    await stage.pass_time(1)
    assert (await stage.order(number)).state is OrderState.REFUSED


async def test_an_uncertain_order_is_never_given_up(stage: Stage) -> None:
    """Neither sent again nor refunded by the program, however long nobody decides."""
    number = await stage.buy()
    await stage.place(Unknown("reset"))
    await stage.pass_time(90 * 86_400)
    assert not await stage.place()
    order = await stage.order(number)
    assert (order.state, order.held) == (OrderState.UNCERTAIN, PRICE)
    assert len(stage.panels[ALPHA].adds) == 1


async def test_a_customer_takes_back_an_order_that_waits(stage: Stage) -> None:
    """The whole hold comes back, the customer is told, and the order is never sent."""
    number = await stage.buy()
    async with stage.db.write() as tx:
        await deciding.cancel_waiting(tx, stage.shop, user=ANNA, number=number)
    order = await stage.order(number)
    assert (order.state, order.reason) == (OrderState.CANCELED, Reason.CUSTOMER)
    assert await stage.available() == FUNDS
    assert not await stage.place()
    assert (await stage.states_told(number))[-1] == "canceled"


async def test_an_order_that_is_being_sent_cannot_be_taken_back(stage: Stage) -> None:
    """From the claim on, the panel may have it."""
    number = await stage.buy()
    await stage.claimed()
    with pytest.raises(AlreadyDecided):
        async with stage.db.write() as tx:
            await deciding.cancel_waiting(tx, stage.shop, user=ANNA, number=number)
    assert await stage.available() == FUNDS - PRICE


async def rise(stage: Stage, percent: int) -> None:
    """The panel's price rises, and the catalogue hears of it."""
    fake = stage.panels[ALPHA]
    fake.offers = tuple(replace(offer, rate=offer.rate * (100 + percent) / 100) for offer in fake.offers)
    await rounds.sync(stage.shop, ALPHA)


async def test_what_would_be_sold_below_cost_waits_for_an_admin(stage: Stage) -> None:
    """A rate that rose above the price stops the order at the claim; an admin is asked, others go on."""
    number = await stage.buy()
    await rise(stage, 31)
    later = await stage.buy()
    assert await stage.place()
    order = await stage.order(number)
    assert (order.state, order.question, order.held) == (OrderState.WAITING, Question.COST, PRICE)
    assert (await stage.order(later)).state is OrderState.PENDING
    [said] = await stage.said(OWNER, "question")
    assert (said.facts["question"], said.facts["price"], said.facts["cost"]) == ("cost", PRICE, 3_359)
    assert not await stage.place()


async def test_a_rate_that_rose_less_than_the_markup_stops_nothing(stage: Stage) -> None:
    """Up to the price itself, the order is sent."""
    await stage.buy()
    await rise(stage, 30)
    assert await stage.place()


async def test_an_admin_sends_an_order_at_a_loss(stage: Stage) -> None:
    """*Send again* answers the question, for every try that follows."""
    number = await stage.buy()
    await rise(stage, 100)
    assert not await stage.place()
    await stage.send_again(number)
    await stage.place(OUT_OF_REACH)
    stage.clock.advance(1)
    await stage.place(Placed("71"))
    order = await stage.order(number)
    assert (order.state, order.question, order.price) == (OrderState.PENDING, None, PRICE)


async def test_an_order_nobody_decided_on_is_refunded_like_any_that_waits(stage: Stage) -> None:
    """The question about the cost does not outlive WAIT_HOURS."""
    number = await stage.buy()
    await rise(stage, 100)
    await stage.place()
    await stage.pass_time(24 * 3600)
    order = await stage.order(number)
    assert (order.state, order.question) == (OrderState.REFUSED, None)
    assert await stage.available() == FUNDS
