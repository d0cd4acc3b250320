"""When a panel takes orders: paused after lost answers, probed, closed by its account; and who hears of it."""

from datetime import timedelta
from decimal import Decimal

from bot.domain.orders import OrderState, Reason
from bot.domain.outcomes import NotSent, Placed, RefusalKind, Refused, StatusReport, Throttled, Unknown
from bot.domain.panels import Gate
from bot.panel import PanelAnswerLostError, PanelUnreachableError
from bot.services import gates, rounds
from tests.services.stage import ALPHA, BETA, HELPER, OWNER, Stage

LOST = Unknown("no whole answer")
NO_FUNDS = Refused(RefusalKind.FUNDS, "Not enough funds on balance")


async def lose(stage: Stage, times: int, panel: str = ALPHA) -> None:
    """So many orders, whose answers get lost."""
    for _ in range(times):
        await stage.buy(panel=panel)
        assert await stage.place(LOST, panel=panel)


async def until_probed(stage: Stage) -> float:
    """How many seconds the paused panel is left alone from now on."""
    probe_at = (await stage.panel()).probe_at
    assert probe_at is not None
    return (probe_at - stage.clock.now).total_seconds()


async def test_three_lost_answers_in_a_row_pause_the_panel(stage: Stage) -> None:
    """After the third no order is sent, the admins are told once, and the other panel goes on."""
    await lose(stage, 3)
    await stage.buy()
    await stage.buy(panel=BETA)
    assert (await stage.panel()).gate is Gate.UNKNOWNS
    assert not await stage.place()
    assert await stage.place(panel=BETA)
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["gate"]


async def test_a_placed_between_lost_answers_begins_the_count_anew(stage: Stage) -> None:
    """Three in a row means without a Placed; a refusal in between is none."""
    await lose(stage, 2)
    await stage.buy()
    await stage.place(Placed("71"))
    await lose(stage, 2)
    assert (await stage.panel()).gate is None
    await stage.buy()
    await stage.place(Refused(RefusalKind.LINK, "bad link"))
    await lose(stage, 1)
    assert (await stage.panel()).gate is Gate.UNKNOWNS


async def test_a_paused_panel_is_probed_by_one_order_at_growing_gaps(stage: Stage) -> None:
    """A minute after the pause one order is sent, then one after each gap, twice as long, up to an hour."""
    await lose(stage, 3)
    for _ in range(9):
        await stage.buy()
    gaps = []
    for _ in range(8):
        gaps.append(await until_probed(stage))
        stage.clock.advance(gaps[-1] - 1)
        assert not await stage.place()
        stage.clock.advance(1)
        assert await stage.place(LOST)
    assert gaps == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert await stage.alerts() == ["gate"]


async def test_while_a_probe_is_under_way_no_other_is_sent(stage: Stage) -> None:
    """One order at a time, even if the probe takes longer than the gap."""
    await lose(stage, 3)
    await stage.buy()
    await stage.buy()
    stage.clock.advance(60)
    probe = await stage.claimed()
    stage.clock.advance(3600)
    assert await stage.claim() is None
    await stage.settle(probe, Placed("71"))
    assert await stage.claim() is not None


async def test_a_probe_that_is_placed_opens_the_panel(stage: Stage) -> None:
    """From the first Placed on orders go side by side again, and the admins hear that it is over."""
    await lose(stage, 3)
    for _ in range(3):
        await stage.buy()
    stage.clock.advance(60)
    await stage.place(Placed("71"))
    panel = await stage.panel()
    assert (panel.gate, panel.unknowns, panel.probe_at, panel.probe_gap) == (None, 0, None, 0)
    assert await stage.claim() is not None
    assert await stage.claim() is not None
    assert await stage.alerts() == ["gate", "over:gate"]


async def test_a_probe_that_proves_nothing_keeps_the_panel_paused(stage: Stage) -> None:
    """Not sent or refused, the panel stays paused, and the next probe waits for its gap."""
    await lose(stage, 3)
    for outcome in (NotSent("could not connect"), Refused(RefusalKind.LINK, "bad link")):
        await stage.buy()
        stage.clock.advance(await until_probed(stage))
        assert await stage.place(outcome)
        assert (await stage.panel()).gate is Gate.UNKNOWNS
        assert not await stage.place()
    assert await until_probed(stage) == 240


async def test_an_admin_resumes_a_paused_panel_at_once(stage: Stage) -> None:
    """/resume sends orders side by side without waiting for a probe."""
    await lose(stage, 3)
    await stage.buy()
    await stage.buy()
    async with stage.db.write() as tx:
        await gates.resume(tx, stage.shop, ALPHA)
    assert await stage.place()
    assert await stage.place()


async def test_lost_answers_are_not_forgotten_over_a_lack_of_funds(stage: Stage) -> None:
    """A probe refused for funds closes the panel for them; a balance leads back to probing, not to trust."""
    await lose(stage, 3)
    await stage.buy()
    stage.clock.advance(60)
    await stage.place(NO_FUNDS)
    assert (await stage.panel()).gate is Gate.FUNDS
    stage.clock.advance(60)
    await stage.balance("1000")
    assert (await stage.panel()).gate is Gate.UNKNOWNS
    assert not await stage.place()
    stage.clock.advance(60)
    assert await stage.place(Placed("71"))
    assert (await stage.panel()).gate is None
    assert await stage.alerts() == ["gate", "gate", "over:gate"]


async def test_our_own_limit_says_nothing_about_the_panel(stage: Stage) -> None:
    """An order that got no turn waits for the next one, as after a 429. That tells nobody that the panel is silent, or
    that it answers again."""
    number = await stage.buy()
    await stage.place(Throttled(20, ours=True))
    order = await stage.order(number)
    assert (order.state, order.reason, order.tries) == (OrderState.WAITING, Reason.BUSY, 0)
    assert await stage.alerts() == []
    assert (await stage.panel()).rest_until == stage.clock.now + timedelta(seconds=20)
    stage.clock.advance(20)
    await stage.place(NotSent("could not connect"))
    stage.clock.advance(1)
    await stage.place(Throttled(20, ours=True))
    assert (await stage.panel()).answers is False
    assert await stage.alerts() == ["silent"]
    stage.clock.advance(20)
    assert await stage.place(Placed("71"))
    assert await stage.alerts() == ["silent", "over:silent"]


async def test_an_admin_s_pause_outlasts_what_the_panel_says(stage: Stage) -> None:
    """Paused by hand, a panel takes nothing until /resume, whatever its balance or an answer still under way."""
    await stage.buy()
    await stage.buy()
    under_way = await stage.claimed()
    async with stage.db.write() as tx:
        await gates.pause(tx, stage.shop, ALPHA)
    await stage.settle(under_way, NO_FUNDS)
    stage.clock.advance(3600)
    await stage.balance("1000")
    assert (await stage.panel()).gate is Gate.ADMIN
    assert not await stage.place()
    async with stage.db.write() as tx:
        await gates.resume(tx, stage.shop, ALPHA)
    assert await stage.place()


async def test_a_panel_has_only_so_many_orders_in_flight(stage: Stage) -> None:
    """Four at once; the next when one is answered."""
    for _ in range(gates.IN_FLIGHT + 1):
        await stage.buy()
    claims = [await stage.claimed() for _ in range(gates.IN_FLIGHT)]
    assert await stage.claim() is None
    await stage.settle(claims[0], Placed("71"))
    assert await stage.claim() is not None


async def test_a_low_balance_is_told_once_and_once_more_when_over(stage: Stage) -> None:
    """While the purse does not cover what waits the admins hear it once; then that it does."""
    await stage.buy()
    await stage.place(NO_FUNDS)
    for amount in ("0.20", "0.10"):
        stage.clock.advance(60)
        await stage.balance(amount)
    assert await stage.alerts() == ["gate", "low"]
    [low] = [said for said in await stage.said(OWNER, "alert") if said.facts["alert"] == "low"]
    assert (low.facts["panel"], low.facts["balance"], low.facts["needed"]) == (ALPHA, "0.20", 2_565)
    for _ in range(2):
        stage.clock.advance(60)
        await stage.balance("50")
    assert await stage.alerts() == ["gate", "low", "over:low"]
    await stage.place(Placed("71"))
    assert await stage.alerts() == ["gate", "low", "over:low", "over:gate"]


async def test_a_low_balance_nothing_waits_for_is_no_news(stage: Stage) -> None:
    """An empty purse matters when an order waits for it."""
    await stage.balance("0")
    assert await stage.alerts() == []


async def test_a_panel_that_refuses_for_funds_it_says_it_has_is_told_of_once(stage: Stage) -> None:
    """However often its balance opens the panel and its answer closes it, the admins hear of it once."""
    await stage.buy()
    for _ in range(4):
        assert await stage.place(NO_FUNDS)
        stage.clock.advance(60)
        await stage.balance("1000")
    assert await stage.alerts() == ["gate"]
    await stage.place(Placed("71"))
    assert await stage.alerts() == ["gate", "over:gate"]


async def test_a_balance_right_after_a_refusal_opens_nothing(stage: Stage) -> None:
    """A balance can be ahead of what ``add`` believes: the panel is left alone for a moment."""
    await stage.buy()
    await stage.place(NO_FUNDS)
    await stage.balance("1000")
    assert (await stage.panel()).gate is Gate.FUNDS
    stage.clock.advance(gates.GATE_REST)
    await stage.balance("1000")
    assert (await stage.panel()).gate is None


async def test_when_nothing_waits_any_more_the_closed_panel_is_over(stage: Stage) -> None:
    """Its orders refunded, a panel whose balance answers is open, and the admins hear that too."""
    number = await stage.buy()
    await stage.place(NO_FUNDS)
    await stage.pass_time(24 * 3600)
    assert (await stage.order(number)).state is OrderState.REFUSED
    await stage.balance("0")
    assert (await stage.panel()).gate is None
    assert await stage.alerts() == ["gate", "over:gate"]


async def test_the_purse_is_counted_in_the_shop_s_currency(stage: Stage) -> None:
    """A balance in another currency is worth its exchange rate."""
    await stage.balance("1000", currency="EUR")
    stage.set_rate(ALPHA, Decimal(2))
    await stage.balance("1000", currency="EUR")
    await stage.buy()
    await stage.place(NO_FUNDS)
    stage.clock.advance(60)
    await stage.balance("0.25", currency="EUR")
    assert (await stage.panel()).gate is Gate.FUNDS
    await stage.balance("0.26", currency="EUR")
    assert (await stage.panel()).gate is None


async def test_a_panel_out_of_reach_is_told_once_and_once_more_when_over(stage: Stage) -> None:
    """Whatever it is asked; the first answer to anything ends it."""
    fake = stage.panels[ALPHA]
    placed = await stage.buy()
    await stage.place(Placed("71"))
    fake.trouble = dict.fromkeys(("status", "balance", "services"), PanelUnreachableError("could not connect"))
    await stage.buy()
    for _ in range(2):
        stage.clock.advance(60)
        await stage.place(NotSent("could not connect"))
        await rounds.track_once(stage.shop, ALPHA)
        await rounds.ask_balance(stage.shop, ALPHA)
        assert await rounds.sync(stage.shop, ALPHA) is None
    assert not (await stage.panel()).answers
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["silent"]
    fake.trouble = {}
    fake.reports["71"] = StatusReport("Completed", None)
    stage.clock.advance(3600)
    await rounds.track_once(stage.shop, ALPHA)
    assert (await stage.panel()).answers
    assert (await stage.order(placed)).answered_at == stage.clock.now
    assert [alert for alert in await stage.alerts() if "silent" in alert] == ["silent", "over:silent"]


async def test_an_order_that_is_answered_ends_a_silence(stage: Stage) -> None:
    """An ``add`` that got through, whatever it says, shows that the panel can be reached; a lost one does not."""
    await stage.buy()
    await stage.place(NotSent("could not connect"))
    await stage.buy()
    await stage.place(LOST)
    assert not (await stage.panel()).answers
    await stage.buy()
    await stage.place(Refused(RefusalKind.LINK, "bad link"))
    assert (await stage.panel()).answers
    assert await stage.alerts() == ["silent", "over:silent"]


async def test_a_panel_that_fails_at_one_thing_is_told_of_once(stage: Stage) -> None:
    """Answering every status with a web page and every balance well, it is not silent and over it every minute."""
    await stage.buy()
    await stage.place(Placed("71"))
    fake = stage.panels[ALPHA]
    fake.trouble["status"] = PanelAnswerLostError("a page in HTML")
    for _ in range(3):
        stage.clock.advance(60)
        await rounds.track_once(stage.shop, ALPHA)
        await rounds.ask_balance(stage.shop, ALPHA)
    assert await stage.alerts() == ["silent"]
    fake.trouble = {}
    stage.clock.advance(3600)
    await rounds.track_once(stage.shop, ALPHA)
    assert await stage.alerts() == ["silent", "over:silent"]


async def test_a_silent_panel_s_orders_are_asked_about_in_their_own_time(stage: Stage) -> None:
    """A call that failed costs an order its turn, not its place: it is asked about again after its usual gap."""
    number = await stage.buy()
    await stage.place(Placed("71"))
    fake = stage.panels[ALPHA]
    fake.trouble["status"] = PanelAnswerLostError("a page in HTML")
    stage.clock.advance(60)
    assert await rounds.track_once(stage.shop, ALPHA) == 1
    assert await rounds.track_once(stage.shop, ALPHA) == 0
    stage.clock.advance(60)
    assert await rounds.track_once(stage.shop, ALPHA) == 1
    assert (await stage.order(number)).placed_at == stage.clock.now - timedelta(seconds=120)
