"""What admins decide about orders whose money stays held: each decision, once, and the first one wins."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.domain.errors import ShopError
from bot.domain.orders import Order, OrderState, Question, Reason
from bot.domain.outcomes import PanelStatus, Placed, Rejected, StatusReport, Unknown
from bot.services import deciding, tracking
from bot.services.deciding import AlreadyDecided, WrongPanelOrder
from bot.storage.database import Transaction
from tests.services.stage import ANNA, BORIS, FUNDS, HELPER, OWNER, PRICE, Stage

PENDING = StatusReport("Pending", PanelStatus.PENDING)
DONE = StatusReport("Completed", PanelStatus.COMPLETED)


async def uncertain(stage: Stage) -> int:
    """An order whose answer was lost."""
    number = await stage.buy()
    await stage.place(Unknown("reset"))
    return number


async def failed(stage: Stage) -> int:
    """An order the panel failed at."""
    number = await stage.buy()
    await stage.place(Placed("71"))
    await told(stage, number, StatusReport("Failed", PanelStatus.FAILED))
    return number


async def told(stage: Stage, number: int, report: StatusReport) -> None:
    """What the panel says of an order."""
    async with stage.db.write() as tx:
        await tracking.apply_one(tx, stage.shop, number, report)


async def was_placed(
    stage: Stage, number: int, panel_order: str, report: StatusReport | Rejected | None = PENDING
) -> Order:
    """*It was placed*, under this id."""
    async with stage.db.write() as tx:
        return await deciding.was_placed(
            tx, stage.shop, admin=OWNER, number=number, panel_order=panel_order, report=report
        )


async def refund(
    stage: Stage,
    number: int,
    amount: int | None = None,
    *,
    admin: int = OWNER,
    question: Question | None = None,
) -> Order:
    """*Refund*, or *Refund part*."""
    async with stage.db.write() as tx:
        return await deciding.refund(tx, stage.shop, admin=admin, number=number, amount=amount, question=question)


async def close(stage: Stage, number: int) -> Order:
    """*Close*."""
    async with stage.db.write() as tx:
        return await deciding.close(tx, stage.shop, admin=OWNER, number=number)


async def test_it_was_placed(stage: Stage) -> None:
    """Under the id an admin names and the panel knows, the order is followed as if it had been placed just now."""
    number = await uncertain(stage)
    await was_placed(stage, number, "71")
    order = await stage.order(number)
    assert (order.state, order.panel_order, order.question) == (OrderState.PENDING, "71", None)
    assert (order.placed_at, order.held) == (stage.clock.now, PRICE)
    assert (await stage.states_told(number))[-1] == "pending"


async def test_it_was_placed_and_is_done(stage: Stage) -> None:
    """What the panel says when the id is checked counts at once."""
    number = await uncertain(stage)
    await was_placed(stage, number, "71", DONE)
    order = await stage.order(number)
    assert (order.state, order.captured) == (OrderState.COMPLETED, PRICE)


@pytest.mark.parametrize("report", [None, Rejected("Incorrect order ID")])
async def test_an_id_the_panel_does_not_know_is_not_taken(stage: Stage, report: Rejected | None) -> None:
    """The order stays uncertain, and can still be decided."""
    number = await uncertain(stage)
    with pytest.raises(WrongPanelOrder) as caught:
        await was_placed(stage, number, "71", report)
    assert caught.value.code == "panel_order.unknown"
    assert (await stage.order(number)).state is OrderState.UNCERTAIN
    await was_placed(stage, number, "72")


async def test_an_id_that_another_order_has_is_not_taken(stage: Stage) -> None:
    """One id on a panel is one order; on another panel it is another's."""
    await stage.buy()
    await stage.place(Placed("71"))
    number = await uncertain(stage)
    with pytest.raises(WrongPanelOrder) as caught:
        await was_placed(stage, number, "71")
    assert caught.value.code == "panel_order.taken"
    other = await stage.buy(panel="beta")
    await stage.place(Unknown("reset"), panel="beta")
    await was_placed(stage, other, "71")
    assert (await stage.order(other)).panel_order == "71"


async def test_send_again(stage: Stage) -> None:
    """The order is sent once more, and never a third time by the program."""
    number = await uncertain(stage)
    await stage.send_again(number)
    await stage.place(Unknown("reset"))
    assert not await stage.place()
    assert (await stage.order(number)).state is OrderState.UNCERTAIN
    assert len(stage.panels["alpha"].adds) == 2
    assert (await stage.states_told(number)).count("uncertain") == 2


async def test_refund(stage: Stage) -> None:
    """The whole hold comes back, the order is canceled, and the customer is told."""
    number = await uncertain(stage)
    await refund(stage, number)
    order = await stage.order(number)
    assert (order.state, order.reason, order.question) == (OrderState.CANCELED, Reason.ADMIN, None)
    assert (order.held, order.captured, order.refunded) == (0, 0, PRICE)
    assert await stage.available() == FUNDS
    assert (await stage.states_told(number))[-1] == "canceled"


async def test_refund_in_part(stage: Stage) -> None:
    """So much comes back, the rest is earned, and the order is partial."""
    number = await failed(stage)
    await refund(stage, number, 1_000)
    order = await stage.order(number)
    assert (order.state, order.captured, order.refunded) == (OrderState.PARTIAL, PRICE - 1_000, 1_000)
    assert await stage.available() == FUNDS - PRICE + 1_000


@pytest.mark.parametrize("amount", [-1, PRICE + 1, 2**63])
async def test_no_more_is_refunded_than_is_held(stage: Stage, amount: int) -> None:
    """Nor less than nothing."""
    number = await failed(stage)
    with pytest.raises(ShopError) as caught:
        await refund(stage, number, amount)
    assert caught.value.code == "refund.too_much"
    assert (await stage.order(number)).held == PRICE


async def test_close(stage: Stage) -> None:
    """The order counts as delivered: the hold is earned."""
    number = await failed(stage)
    await close(stage, number)
    order = await stage.order(number)
    assert (order.state, order.captured, order.question) == (OrderState.COMPLETED, PRICE, None)


async def test_the_open_sum_of_a_partial_is_decided(stage: Stage) -> None:
    """A sum decided after the end moves the money, not the state, and the customer hears it."""
    number = await stage.buy()
    await stage.place(Placed("71"))
    await told(stage, number, StatusReport("Partial", PanelStatus.PARTIAL))
    assert (await stage.order(number)).question is Question.SUM
    await refund(stage, number, 1_111)
    order = await stage.order(number)
    assert (order.state, order.captured, order.refunded) == (OrderState.PARTIAL, PRICE - 1_111, 1_111)
    heard = [said.facts["refunded"] for said in await stage.said(ANNA, "order", order=number)]
    assert heard[-2:] == [0, 1_111]


async def test_what_was_not_placed_cannot_be_closed(stage: Stage) -> None:
    """An order that waits or is uncertain was not delivered."""
    for number in (await uncertain(stage), await stage.buy()):
        with pytest.raises(ShopError) as caught:
            await close(stage, number)
        assert caught.value.code == "order.not_placed"


async def test_nothing_is_decided_while_an_add_is_in_flight(stage: Stage) -> None:
    """Its answer decides first."""
    number = await stage.buy()
    claim = await stage.claimed()
    with pytest.raises(ShopError) as caught:
        await refund(stage, number)
    assert caught.value.code == "order.in_flight"
    await stage.settle(claim, Placed("71"))
    assert (await stage.order(number)).state is OrderState.PENDING


async def test_the_second_decision_is_told_that_there_was_a_first(stage: Stage) -> None:
    """Whatever the first was, none of the others can follow it as an answer to the same question."""
    first, second = await uncertain(stage), await uncertain(stage)
    await refund(stage, first)
    await stage.send_again(second)
    for number in (first, second):
        with pytest.raises(AlreadyDecided):
            await refund(stage, number, question=Question.UNCERTAIN)
        with pytest.raises(AlreadyDecided):
            await stage.send_again(number)
        with pytest.raises(AlreadyDecided):
            await was_placed(stage, number, "99")
    with pytest.raises(AlreadyDecided):
        await refund(stage, first)


async def test_of_two_admins_at_once_one_wins(stage: Stage) -> None:
    """*Refund* and *Send again* and *It was placed*, pressed at once: one happens, the others read that it did."""
    number = await uncertain(stage)
    decisions: list[Awaitable[Order]] = [
        refund(stage, number, admin=HELPER, question=Question.UNCERTAIN),
        stage.send_again(number, admin=OWNER),
        was_placed(stage, number, "71"),
        refund(stage, number, admin=OWNER, question=Question.UNCERTAIN),
    ]
    results = await asyncio.gather(*decisions, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided"] * 3 + ["Order"]
    order = await stage.order(number)
    assert await stage.available() + order.held == FUNDS


async def test_a_refund_is_paid_once(stage: Stage) -> None:
    """Ten presses at once give the money back once."""
    number = await uncertain(stage)
    results = await asyncio.gather(*(refund(stage, number) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Order) for result in results) == 1
    assert await stage.available() == FUNDS


async def test_a_customer_takes_back_only_what_is_theirs(stage: Stage) -> None:
    """Another's order is no order at all."""

    async def cancel(tx: Transaction) -> None:
        await deciding.cancel_waiting(tx, stage.shop, user=BORIS, number=number)

    number = await stage.buy()
    with pytest.raises(ShopError) as caught:
        async with stage.db.write() as tx:
            await cancel(tx)
    assert caught.value.code == "order.unknown"
    assert await stage.available() == FUNDS - PRICE


async def test_taken_back_against_the_claim(stage: Stage) -> None:
    """Cancelled and claimed at the same moment, an order is either taken back whole or sent, never both."""

    async def cancel(number: int) -> Order:
        async with stage.db.write() as tx:
            return await deciding.cancel_waiting(tx, stage.shop, user=ANNA, number=number)

    numbers = [await stage.buy() for _ in range(4)]
    races = [work for number in numbers for work in (stage.place(), cancel(number))]
    await asyncio.gather(*races, return_exceptions=True)
    orders = [await stage.order(number) for number in numbers]
    taken_back = [order for order in orders if order.state is OrderState.CANCELED]
    assert len(taken_back) + len(stage.panels["alpha"].adds) == len(numbers)
    assert {order.state for order in orders} <= {OrderState.CANCELED, OrderState.PENDING}
    assert await stage.available() == FUNDS - PRICE * (len(numbers) - len(taken_back))


async def test_admins_are_reminded_twice(stage: Stage) -> None:
    """Of an uncertain order after a quarter of an hour and after a day, and then no more."""
    number = await uncertain(stage)

    async def heard() -> list[int]:
        said = await stage.said(HELPER, "uncertain", order=number)
        return [each.facts.get("reminder", 0) for each in said]

    await stage.pass_time(15 * 60 - 1)
    assert await heard() == [0]
    await stage.pass_time(1)
    assert await heard() == [0, 1]
    await stage.pass_time(86_400 - 15 * 60 - 1)
    assert await heard() == [0, 1]
    await stage.pass_time(1)
    assert await heard() == [0, 1, 2]
    await stage.pass_time(30 * 86_400)
    assert await heard() == [0, 1, 2]


async def test_after_a_night_without_the_shop_one_reminder_is_enough(stage: Stage) -> None:
    """Reminders that fell due while nobody ran the shop are one."""
    number = await uncertain(stage)
    for _ in range(3):
        await stage.pass_time(2 * 86_400)
    assert len(await stage.said(OWNER, "uncertain", order=number)) == 2


async def test_of_what_is_decided_nobody_is_reminded(stage: Stage) -> None:
    """Nor of an order that was sent again and placed."""
    decided, again = await uncertain(stage), await uncertain(stage)
    await refund(stage, decided)
    await stage.send_again(again)
    await stage.place(Placed("71"))
    before = len(await stage.said(OWNER))
    await stage.pass_time(86_400)
    assert len(await stage.said(OWNER)) == before
