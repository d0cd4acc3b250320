"""What a call for a refill or a stop can come to: nothing is repeated without proof that the panel took nothing."""

import asyncio

import pytest

from bot.domain.orders import OrderState
from bot.domain.outcomes import PanelStatus, RefusalKind, Rejected
from bot.domain.requests import Hindrance, RequestKind, RequestState
from bot.panel import (
    PanelAnswerLostError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
)
from bot.panel.transport import MAYBE_SENT, NOT_SENT
from bot.services import deciding, requesting
from tests.services.request_desk import (
    CANCEL,
    DAY,
    HOUR,
    LEASE,
    REFILL,
    Desk,
)
from tests.services.stage import (
    ANNA,
    BORIS,
    HELPER,
    OWNER,
)


async def test_a_lost_answer_is_never_repeated(desk: Desk) -> None:
    """Customer and admins are told once; the customer may ask again a day later."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    assert await desk.asks(REFILL, PanelAnswerLostError("no answer in time")) == 1
    request = await desk.request(number)
    assert (request.state, request.words) == (RequestState.LOST, "no answer in time")
    desk.stage.clock.advance(HOUR)
    assert await desk.asks(REFILL) == 0
    for chat in (ANNA, OWNER, HELPER):
        assert await desk.told(chat) == [("refill", "lost", [number])]
    assert (await desk.wants(REFILL, number))[0].why is Hindrance.TOO_SOON
    desk.stage.clock.advance(DAY)
    assert (await desk.wants(REFILL, number))[0].why is None
    assert desk.panel.calls == [("refill", ["71"])]


@pytest.mark.parametrize("kind", RequestKind)
async def test_a_process_that_dies_in_the_call_leaves_it_lost(desk: Desk, kind: RequestKind) -> None:
    """Killed between the claim and the answer, nothing is asked a second time: once the lease is over it is lost."""
    number = (await desk.completed("71"))[0] if kind is REFILL else await desk.placed()
    await desk.wants(kind, number)
    await desk.claimed(kind)
    assert await desk.asks(kind) == 0
    await desk.stage.pass_time(LEASE - 0.1)
    assert (await desk.request(number, kind)).state is RequestState.ASKING
    await desk.stage.pass_time(0.1)
    assert (await desk.request(number, kind)).state is RequestState.LOST
    await desk.stage.pass_time(HOUR)
    assert await desk.asks(kind) == 0
    assert desk.panel.calls == []
    assert [await desk.told(chat) for chat in (ANNA, OWNER)] == [[(kind.value, "lost", [number])]] * 2


async def test_an_answer_after_its_lease_counts(desk: Desk) -> None:
    """The refill's id is followed all the same; told twice, it is noted once."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    claim = await desk.claimed(REFILL)
    await desk.stage.pass_time(LEASE)
    for _ in range(2):
        async with desk.stage.db.write() as tx:
            await requesting.settle(tx, desk.stage.shop, claim, {"71": "971"})
    assert (await desk.request(number)).state is RequestState.ASKED
    assert await desk.events(number) == ["refill_wanted", "refill_asking", "refill_lost", "refill_asked"]
    await desk.follows("Completed", PanelStatus.COMPLETED)
    assert (await desk.told())[-1] == ("refill", "done", [number])


async def test_what_was_not_sent_is_asked_again_for_a_while(desk: Desk) -> None:
    """At growing gaps and RETRY_MINUTES in all; then it is refused, and everybody hears so."""
    number = await desk.placed()
    await desk.wants(CANCEL, number)
    began, calls = desk.stage.clock.now, []
    while (await desk.request(number, CANCEL)).state is RequestState.WANTED:
        if await desk.asks(CANCEL, PanelUnreachableError("could not connect")):
            calls.append((desk.stage.clock.now - began).total_seconds())
        else:
            desk.panel.replies.clear()
        desk.stage.clock.advance(1 if len(calls) < 8 else 10)
    assert calls[:8] == [0, 1, 3, 7, 15, 31, 63, 123]
    assert 840 <= calls[-1] <= 960
    assert (await desk.request(number, CANCEL)).state is RequestState.REFUSED
    assert await desk.told() == [("cancel", "refused", [number])]
    assert (await desk.stage.order(number)).state is OrderState.PENDING


async def test_a_panel_that_is_back_is_asked(desk: Desk) -> None:
    """What was not sent, not taken for a 429, or refused for the shop's key, is still wanted."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    await desk.asks(REFILL, PanelUnreachableError("could not connect"))
    desk.stage.clock.advance(1)
    await desk.asks(REFILL, PanelThrottledError("HTTP 429", retry_after=100))
    desk.stage.clock.advance(99)
    assert await desk.asks(REFILL) == 0
    desk.stage.clock.advance(1)
    await desk.asks(REFILL, PanelRefusedError(RefusalKind.KEY, "Invalid API key"))
    desk.stage.clock.advance(10)
    await desk.asks(REFILL)
    assert (await desk.request(number)).state is RequestState.ASKED
    assert await desk.told() == []
    assert "over:silent" in await desk.stage.alerts()


async def test_a_batch_is_one_call_with_an_answer_for_each(desk: Desk) -> None:
    """Taken, refused in the panel's words, or not named at all: each has its own end, and each reader one message."""
    numbers = await desk.completed("71", "72", "73", "74")
    [theirs] = await desk.completed("75", user=BORIS)
    await desk.wants(REFILL, *numbers)
    await desk.wants(REFILL, theirs, user=BORIS)
    no = Rejected("Refill is not available (reseller 4711)")
    assert await desk.asks(REFILL, {"71": "971", "72": no, "73": no, "75": no}) == 5
    assert [(await desk.request(number)).state.value for number in numbers] == ["asked", "refused", "refused", "lost"]
    assert await desk.told() == [("refill", "refused", numbers[1:3]), ("refill", "lost", numbers[3:])]
    assert await desk.told(BORIS) == [("refill", "refused", [theirs])]
    assert await desk.told(OWNER) == [("refill", "refused", [*numbers[1:3], theirs]), ("refill", "lost", numbers[3:])]
    [refused, _] = await desk.stage.said(OWNER, "request_failed")
    assert refused.facts["words"] == no.words
    assert not [said for said in await desk.stage.said(ANNA) if "4711" in str(said.facts)]


async def test_a_panel_that_knows_no_batches_is_asked_for_each(desk: Desk) -> None:
    """A batch refused as a whole was not taken: each order is asked for alone, and alone a refusal is one."""
    numbers = await desk.completed("71", "72", "73")
    await desk.wants(REFILL, *numbers)
    whole = PanelRefusedError(RefusalKind.UNKNOWN, "Incorrect request")
    assert [await desk.asks(REFILL, whole, {"71": "971"}, whole, {"73": "973"}) for _ in range(4)] == [3, 1, 1, 1]
    assert [(await desk.request(number)).state.value for number in numbers] == ["asked", "refused", "asked"]
    assert await desk.told() == [("refill", "refused", numbers[1:2])]


@pytest.mark.parametrize(("note", "state"), [(MAYBE_SENT, RequestState.LOST), (NOT_SENT, RequestState.WANTED)])
async def test_a_call_that_is_stopped_is_settled_first(desk: Desk, note: str, state: RequestState) -> None:
    """Stopped with the request on its way, it is lost before the shop is closed; else it waits for the next start."""
    [number] = await desk.completed("71")
    await desk.wants(REFILL, number)
    cancelled = asyncio.CancelledError()
    cancelled.add_note(note)
    with pytest.raises(asyncio.CancelledError):
        await desk.asks(REFILL, cancelled)
    assert (await desk.request(number)).state is state
    assert await desk.stage.alerts() == []


async def test_an_admin_s_refund_ends_what_was_to_be_stopped(desk: Desk) -> None:
    """The wish is dropped when its turn comes."""
    number = await desk.placed()
    await desk.wants(CANCEL, number)
    async with desk.stage.db.write() as tx:
        await deciding.refund(tx, desk.stage.shop, admin=OWNER, number=number)
    assert await desk.asks(CANCEL) == 0
    assert desk.panel.calls == []
