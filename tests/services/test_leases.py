"""Answers that come late, or never: a lease that expires, a call that is stopped, an answer after a decision."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.domain.orders import Attempt, OrderState, Question
from bot.domain.outcomes import AddOutcome, NotSent, Placed, RefusalKind, Refused, Unknown
from bot.domain.panels import Gate
from bot.panel.transport import MAYBE_SENT, NOT_SENT
from bot.services import deciding, rounds
from bot.services.placing import Claim
from tests.services.fake_panel import FakePanel
from tests.services.stage import ALPHA, FUNDS, LIKES, OWNER, PRICE, Stage

LEASE = 60.0  # PANEL_TIMEOUT and a margin


async def expired(stage: Stage) -> Claim:
    """A claimed order whose answer did not come in time."""
    await stage.buy()
    claim = await stage.claimed()
    await stage.pass_time(LEASE)
    return claim


async def late_alerts(stage: Stage) -> list[Mapping[str, object]]:
    """What an admin was told of late answers."""
    return [said.facts for said in await stage.said(OWNER, "alert") if said.facts["alert"] == "late"]


async def test_a_lease_that_expires_means_uncertain(stage: Stage) -> None:
    """Not before its time; then customer and admins are asked and told as for any lost answer, and nothing is sent."""
    number = await stage.buy()
    await stage.claimed()
    await stage.pass_time(LEASE - 0.1)
    assert (await stage.order(number)).state is OrderState.SUBMITTING
    await stage.pass_time(0.1)
    order = await stage.order(number)
    assert (order.state, order.question, order.held) == (OrderState.UNCERTAIN, Question.UNCERTAIN, PRICE)
    assert (await stage.states_told(number))[-1] == "uncertain"
    assert len(await stage.said(OWNER, "uncertain", order=number)) == 1
    assert not await stage.place()


async def test_leases_that_expire_count_as_lost_answers(stage: Stage) -> None:
    """A panel that answers three orders not at all is paused."""
    for _ in range(3):
        await stage.buy()
        await stage.claimed()
    await stage.pass_time(LEASE)
    assert (await stage.panel()).gate is Gate.UNKNOWNS


async def test_a_late_id_settles_an_order_nobody_decided(stage: Stage) -> None:
    """The order is pending under the late id, the question is closed, and the panel is no longer suspected."""
    claim = await expired(stage)
    await stage.settle(claim, Placed("71"))
    order = await stage.order(claim.order.id)
    assert (order.state, order.panel_order, order.question) == (OrderState.PENDING, "71", None)
    assert (await stage.panel()).unknowns == 0
    assert (await stage.states_told(order.id))[-2:] == ["uncertain", "pending"]
    assert await late_alerts(stage) == []


@pytest.mark.parametrize("outcome", [Refused(RefusalKind.LINK, "bad link"), NotSent("could not connect")])
async def test_a_late_answer_without_an_id_moves_nothing(stage: Stage, outcome: AddOutcome) -> None:
    """An admin hears of it and decides."""
    claim = await expired(stage)
    await stage.settle(claim, outcome)
    order = await stage.order(claim.order.id)
    assert (order.state, order.held) == (OrderState.UNCERTAIN, PRICE)
    assert [facts["number"] for facts in await late_alerts(stage)] == [order.id]


async def test_a_late_nothing_is_no_news(stage: Stage) -> None:
    """That the answer is lost was known when the lease expired."""
    claim = await expired(stage)
    await stage.settle(claim, Unknown("reset"))
    assert await late_alerts(stage) == []
    assert len(await stage.said(OWNER, "uncertain")) == 1


async def test_a_late_id_after_a_refund_moves_nothing(stage: Stage) -> None:
    """The money is the customer's; the admins are told that the panel has the order."""
    claim = await expired(stage)
    async with stage.db.write() as tx:
        await deciding.refund(tx, stage.shop, admin=OWNER, number=claim.order.id)
    await stage.settle(claim, Placed("71"))
    order = await stage.order(claim.order.id)
    assert (order.state, order.panel_order) == (OrderState.CANCELED, None)
    assert await stage.available() == FUNDS
    [facts] = await late_alerts(stage)
    assert (facts["number"], facts["outcome"], facts["words"]) == (order.id, "placed", "71")


async def test_a_late_id_after_a_resend_moves_nothing(stage: Stage) -> None:
    """Sent again, the order is what its second attempt makes of it, whenever the first one's answer comes."""
    claim = await expired(stage)
    number = claim.order.id
    await stage.send_again(number)
    await stage.settle(claim, Placed("71"))
    assert (await stage.order(number)).state is OrderState.WAITING
    second = await stage.claimed()
    await stage.settle(claim, Placed("71"))
    assert (await stage.order(number)).state is OrderState.SUBMITTING
    await stage.settle(second, Placed("72"))
    order = await stage.order(number)
    assert (order.state, order.panel_order) == (OrderState.PENDING, "72")
    assert len(await late_alerts(stage)) == 1


async def test_a_late_id_of_an_attempt_before_the_last_moves_nothing(stage: Stage) -> None:
    """With the second attempt's answer lost too, the first one's late id is for an admin: the panel may have two."""
    claim = await expired(stage)
    number = claim.order.id
    await stage.send_again(number)
    await stage.place(Unknown("reset"))
    await stage.settle(claim, Placed("71"))
    order = await stage.order(number)
    assert (order.state, order.panel_order) == (OrderState.UNCERTAIN, None)
    assert [facts["words"] for facts in await late_alerts(stage)] == ["71"]


async def test_a_late_id_that_another_order_has_settles_nothing(stage: Stage) -> None:
    """An id given twice is no proof, late or not."""
    claim = await expired(stage)
    await stage.buy()
    await stage.place(Placed("71"))
    await stage.settle(claim, Placed("71"))
    assert (await stage.order(claim.order.id)).state is OrderState.UNCERTAIN


async def test_an_answer_is_settled_once(stage: Stage) -> None:
    """The same answer handed in twice places the order once and says so once."""
    number = await stage.buy()
    claim = await stage.claimed()
    await stage.settle(claim, Placed("71"))
    await stage.settle(claim, Placed("71"))
    assert (await stage.states_told(number)).count("pending") == 1
    assert await late_alerts(stage) == []


class StoppedPanel(FakePanel):
    """Whose ``add`` is under way when the shop is stopped."""

    note = MAYBE_SENT

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """What the client does when its task is cancelled."""
        cancelled = asyncio.CancelledError()
        cancelled.add_note(self.note)
        raise cancelled


async def stopped(stage: Stage, note: str) -> int:
    """An order whose call was stopped."""
    number = await stage.buy()
    panel = StoppedPanel(ALPHA, [LIKES])
    panel.note = note
    stage.shop.panels = {**stage.panels, ALPHA: panel}
    with pytest.raises(asyncio.CancelledError):
        await rounds.place_one(stage.shop, ALPHA)
    return number


async def test_a_call_that_is_stopped_may_have_placed_the_order(stage: Stage) -> None:
    """Stopped with the request on its way, the order is uncertain before the shop is closed."""
    number = await stopped(stage, MAYBE_SENT)
    assert (await stage.order(number)).state is OrderState.UNCERTAIN


async def test_a_call_that_is_stopped_before_it_is_sent_placed_nothing(stage: Stage) -> None:
    """The order waits for the next start; the panel is not blamed."""
    number = await stopped(stage, NOT_SENT)
    order = await stage.order(number)
    assert (order.state, order.held) == (OrderState.WAITING, PRICE)
    assert (await stage.panel()).answers
    assert await stage.alerts() == []


async def test_a_lost_answer_comes_with_what_the_purse_lost(stage: Stage) -> None:
    """The card says what the panel's balance lost beyond the charges that are known."""
    await stage.balance("1000")
    stage.clock.advance(1)
    await stage.buy()
    await stage.place(Placed("71"))
    number = await stage.buy()
    fake = stage.panels[ALPHA]
    fake.purse = type(fake.purse)(fake.purse.amount - 2 * stage.cost, "USD")
    await stage.place(Unknown("reset"))
    [said] = await stage.said(OWNER, "uncertain", order=number)
    assert (said.facts["lost"], said.facts["cost"]) == (2_563, 2_565)


class LookingPanel(FakePanel):
    """Looks into the shop's books, through their other connection, while it is asked to place an order."""

    stage: Stage
    seen: list[Sequence[Attempt]]  # at each call

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """Take it, and remember what was written down of it by then."""
        self.seen.append(await self.stage.attempts(1))
        return await super().add(fields)


async def test_an_attempt_is_written_down_before_its_call(stage: Stage) -> None:
    """Whoever dies in the call leaves a trace of it that everybody can see."""
    panel = LookingPanel(ALPHA, stage.panels[ALPHA].offers)
    panel.stage, panel.seen = stage, []
    stage.shop.panels = {**stage.panels, ALPHA: panel}
    assert await stage.buy() == 1
    assert await rounds.place_one(stage.shop, ALPHA)
    assert [[(attempt.number, attempt.outcome) for attempt in seen] for seen in panel.seen] == [[(1, None)]]
