"""Refills and stops: asked for once, followed to their end, and no money moves but by the status."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import ShopError
from bot.domain.orders import OrderState
from bot.domain.outcomes import PanelStatus, Rejected
from bot.domain.requests import Hindrance, RequestKind, RequestState, hindrance
from bot.panel import (
    PanelAnswerLostError,
)
from bot.services import cards, requesting, requests, rounds
from bot.services.cards import By, Chosen
from bot.services.requests import Wish
from bot.storage import requests as stored
from bot.storage.database import Duplicate
from tests.services.request_desk import (
    CANCEL,
    COMPLETED,
    DAY,
    HOUR,
    LEASE,
    REFILL,
    STOPPED,
    Desk,
)
from tests.services.stage import (
    ALPHA,
    ANNA,
    BORIS,
    FUNDS,
    PRICE,
)

# --- A refill ---


async def test_a_refill_is_asked_for_followed_and_told(desk: Desk) -> None:
    """Asked for once, with an id of its own; its status is asked for in its own time, and its end is news."""
    [number] = await desk.completed("71")
    money = (await desk.stage.available(), await desk.stage.on_hold())
    [wish] = await desk.wants(REFILL, number)
    assert (wish.why, wish.taken_back) == (None, False)
    assert (await desk.request(number)).state is RequestState.WANTED
    assert [await desk.asks(REFILL), await desk.asks(REFILL)] == [1, 0]
    request = await desk.request(number)
    assert (request.state, request.panel_refill) == (RequestState.ASKED, "971")
    assert await rounds.follow_once(desk.stage.shop, ALPHA) == 0
    assert await desk.follows("In progress", PanelStatus.IN_PROGRESS) == 1
    assert (await desk.request(number)).state is RequestState.RUNNING
    assert await desk.told() == []
    assert await desk.follows("Completed", PanelStatus.COMPLETED) == 1
    assert (await desk.request(number)).state is RequestState.DONE
    assert await desk.told() == [("refill", "done", [number])]
    assert await desk.follows() == 0
    assert desk.panel.calls == [("refill", ["71"]), ("refill_status", ["971"]), ("refill_status", ["971"])]
    assert await desk.events(number) == ["refill_wanted", "refill_asking", "refill_asked", "refill_done"]
    assert (await desk.stage.order(number)).state is OrderState.COMPLETED
    assert (await desk.stage.available(), await desk.stage.on_hold()) == money


@pytest.mark.parametrize("status", [PanelStatus.FAILED, PanelStatus.CANCELED])
async def test_a_refill_that_is_declined_is_told(desk: Desk, status: PanelStatus) -> None:
    """The customer hears of it; a day later they may ask again, and not before."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    await desk.asks(REFILL)
    await desk.follows("Rejected", status)
    assert await desk.told() == [("refill", "rejected", [number])]
    desk.stage.clock.advance(DAY - 1)
    assert (await desk.wants(REFILL, number))[0].why is Hindrance.TOO_SOON
    desk.stage.clock.advance(1)
    assert (await desk.wants(REFILL, number))[0].why is None
    await desk.asks(REFILL, {"71": "972"})
    assert (await desk.request(number)).panel_refill == "972"


async def test_refills_are_followed_in_batches_and_less_often_as_they_age(desk: Desk) -> None:
    """One call for all that are due; a panel's silence and a failed call change nothing but the next turn."""
    numbers = await desk.completed("71", "72", "73")
    await desk.wants(REFILL, *numbers)
    await desk.asks(REFILL)
    began = desk.stage.clock.now

    async def gap() -> float:
        async with desk.stage.second.read() as tx:
            due = await requesting.next_due(tx, ALPHA)
        assert due is not None
        return (due - desk.stage.clock.now).total_seconds()

    gaps = [await gap()]
    for age in (2 * HOUR, 30 * HOUR, 8 * DAY):
        desk.stage.clock.now = began + timedelta(seconds=age)
        assert await rounds.follow_once(desk.stage.shop, ALPHA) == 3
        gaps.append(await gap())
    assert gaps == [60, 120, 900, 3600]
    desk.panel.trouble["refill_status"] = PanelAnswerLostError("no answer in time")
    desk.stage.clock.advance(HOUR)
    assert await rounds.follow_once(desk.stage.shop, ALPHA) == 3
    assert await gap() == 3600
    assert desk.panel.calls[1:] == [("refill_status", ["971", "972", "973"])] * 4
    assert [(await desk.request(number)).state for number in numbers] == [RequestState.ASKED] * 3


async def test_a_refill_is_followed_for_thirty_days(desk: Desk) -> None:
    """After that the books and the customer are told that nobody knows how it ended, and the panel is left in peace."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    await desk.asks(REFILL)
    desk.panel.refills["971"] = Rejected("Refill not found")
    desk.stage.clock.advance(30 * DAY - 120)
    await desk.follows()
    assert (await desk.request(number)).state is RequestState.ASKED
    desk.stage.clock.advance(HOUR)
    await desk.follows()
    assert (await desk.request(number)).state is RequestState.SILENT
    desk.stage.clock.advance(DAY)
    assert await desk.follows() == 0
    assert await desk.told() == [("refill", "silent", [number])]


async def test_a_word_nobody_knows_is_told_once(desk: Desk) -> None:
    """The refill stays as it is."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    await desk.asks(REFILL)
    await desk.follows("Cooking", None)
    await desk.follows("Cooking", None)
    assert (await desk.request(number)).state is RequestState.ASKED
    assert await desk.stage.alerts() == ["word"]


# --- A stop ---


async def test_a_stop_is_a_wish_and_the_status_decides(desk: Desk) -> None:
    """That the panel took it moves neither state nor money; its status does."""
    number = await desk.placed()
    await desk.wants(CANCEL, number)
    asked_at = desk.stage.clock.now
    assert await desk.asks(CANCEL) == 1
    order = await desk.stage.order(number)
    assert (order.state, order.held, order.cancel_asked_at) == (OrderState.PENDING, PRICE, asked_at)
    assert (await desk.wants(CANCEL, number))[0].why is Hindrance.TOO_SOON
    assert await desk.told() == []
    await desk.says(STOPPED, "71")
    order = await desk.stage.order(number)
    assert (order.state, order.refunded) == (OrderState.CANCELED, PRICE)
    assert await desk.stage.available() == FUNDS
    assert desk.panel.calls == [("cancel", ["71"])]


async def test_what_ended_meanwhile_is_not_asked_to_stop(desk: Desk) -> None:
    """The wish is dropped without a word: the news of the end says all there is."""
    number = await desk.placed()
    await desk.wants(CANCEL, number)
    await desk.says(COMPLETED, "71")
    assert await desk.asks(CANCEL) == 0
    assert (await desk.request(number, CANCEL)).state is RequestState.DONE
    assert desk.panel.calls == []
    assert await desk.told() == []


async def test_an_order_that_waits_is_taken_back_where_that_is_meant(desk: Desk) -> None:
    """In full, against the claim; to stop it there is nothing."""
    first, second = await desk.stage.buy(), await desk.stage.buy()
    assert [wish.why for wish in await desk.wants(CANCEL, first)] == [Hindrance.NOT_PLACED]
    [wish] = await desk.wants(CANCEL, first, take_back=True)
    assert wish.taken_back
    assert (await desk.stage.order(first)).refunded == PRICE
    await desk.stage.claimed()
    [wish] = await desk.wants(CANCEL, second, take_back=True)
    assert (wish.taken_back, wish.why) == (False, Hindrance.NOT_PLACED)
    await desk.stage.pass_time(LEASE)
    assert (await desk.stage.order(second)).state is OrderState.UNCERTAIN


# --- Who may ask for what ---


async def test_two_presses_ask_once(desk: Desk) -> None:
    """While a request is open, there is no second of its kind; the database would not take it either."""
    [number] = await desk.completed("71")
    assert [(await desk.wants(REFILL, number, number))[0].why, (await desk.wants(REFILL, number))[0].why] == [
        None,
        Hindrance.OPEN,
    ]
    await desk.asks(REFILL)
    assert (await desk.wants(REFILL, number))[0].why is Hindrance.OPEN
    assert await desk.asks(REFILL) == 0
    assert desk.panel.calls == [("refill", ["71"])]
    with pytest.raises(Duplicate):
        async with desk.stage.db.write() as tx, tx.savepoint():
            await stored.insert_wanted(tx, [number], REFILL)


async def test_another_s_order_is_no_order(desk: Desk) -> None:
    """As one that does not exist; nothing is asked for."""
    [number] = await desk.completed("71", user=BORIS)
    wishes = await desk.wants(REFILL, number, 999, user=ANNA)
    assert [(wish.order, wish.why) for wish in wishes] == [(None, Hindrance.UNKNOWN)] * 2
    assert await desk.asks(REFILL) == 0
    async with desk.stage.second.read() as tx:
        looked = await requests.look_up(tx, user=ANNA, numbers=[number])
        assert looked == [Wish(number, why=Hindrance.UNKNOWN)]
        with pytest.raises(ShopError):
            await cards.listing(tx, user=ANNA, page=0, size=8, chosen=Chosen(By.LINK, number=number))


STATES: Sequence[tuple[RequestKind, Mapping[str, object], Hindrance | None]] = (
    (REFILL, {"state": OrderState.COMPLETED}, None),
    (REFILL, {"state": OrderState.PARTIAL, "refunded": 1}, None),
    (REFILL, {"state": OrderState.PARTIAL, "refunded": PRICE}, Hindrance.NOTHING),
    (REFILL, {"state": OrderState.CANCELED}, Hindrance.NOTHING),
    (REFILL, {"state": OrderState.REFUSED, "panel_order": None}, Hindrance.NOTHING),
    (REFILL, {"state": OrderState.IN_PROGRESS}, Hindrance.NOT_ENDED),
    (REFILL, {"state": OrderState.COMPLETED, "panel": "gone"}, Hindrance.NOT_OFFERED),
    (CANCEL, {"state": OrderState.IN_PROGRESS}, None),
    (CANCEL, {"state": OrderState.PAUSED}, None),
    (CANCEL, {"state": OrderState.UNCERTAIN}, Hindrance.NOT_PLACED),
    (CANCEL, {"state": OrderState.SUBMITTING, "panel_order": None}, Hindrance.NOT_PLACED),
    (CANCEL, {"state": OrderState.COMPLETED}, Hindrance.ENDED),
    (CANCEL, {"state": OrderState.IN_PROGRESS, "panel": "gone"}, Hindrance.NOT_OFFERED),
)


async def test_what_can_be_asked_for_depends_on_state_and_service(desk: Desk) -> None:
    """A flag that is false, or that the panel never gave, is no offer, whatever the state."""
    order = await desk.stage.order(await desk.placed())
    now = desk.stage.clock.now
    for kind, changes, why in STATES:
        changed = replace(order, **changes)  # type: ignore[arg-type]
        assert hindrance(changed, kind, [], panels={ALPHA}, now=now) is why, (kind, changes)
        for flag in (False, None):
            unoffered = replace(changed, snapshot=replace(order.snapshot, refill=flag, cancel=flag))
            assert hindrance(unoffered, kind, [], panels={ALPHA}, now=now) is Hindrance.NOT_OFFERED
