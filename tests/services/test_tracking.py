"""Which orders are asked about, how often and how many at once; and what is made of silence and of second thoughts."""

from datetime import timedelta

from bot.domain.orders import OrderState, Question
from bot.domain.outcomes import PanelStatus, Placed, Rejected, StatusReport
from bot.panel import MOST_IDS, PanelAnswerLostError
from bot.services import deciding, placing, rounds, wallet
from bot.services.news import WORDS_A_DAY
from bot.services.waiting import next_status
from bot.storage import orders
from tests.services.stage import ALPHA, ANNA, BETA, FUNDS, HELPER, OWNER, PRICE, Stage

HOUR, DAY = 3600, 86_400
PENDING = StatusReport("Pending", PanelStatus.PENDING)
BEGUN = StatusReport("In progress", PanelStatus.IN_PROGRESS, start_count=12, remains=300)
DONE = StatusReport("Completed", PanelStatus.COMPLETED)
PART = StatusReport("Partial", PanelStatus.PARTIAL, remains=333)


async def placed(stage: Stage, panel_order: str = "71", *, panel: str = ALPHA) -> int:
    """An order that a panel has."""
    number = await stage.buy(panel=panel)
    await stage.place(Placed(panel_order), panel=panel)
    return number


async def placed_at_once(stage: Stage, panel_orders: list[str]) -> None:
    """An order for each of these ids; all but the first in one transaction, like the first."""
    first = await stage.order(await placed(stage, panel_orders[0]))
    async with stage.db.write() as tx:
        for draft, panel_order in enumerate(panel_orders[1:], start=1000):
            number = await orders.insert_order(
                tx,
                user=ANNA,
                draft=draft,
                panel=ALPHA,
                snapshot=first.snapshot,
                answers=first.answers,
                link_key=None,
                quantity=first.quantity,
                price=first.price,
            )
            assert await wallet.hold(tx, number, user=ANNA, price=first.price)
            claim = await placing.claim(tx, stage.shop, ALPHA)
            assert claim is not None
            await placing.settle(tx, stage.shop, claim, Placed(panel_order))


async def says(stage: Stage, report: StatusReport | Rejected | None, *, after: float = 60) -> int:
    """Ask the panel when it is time, and let it say this of order 71; how many orders were asked about."""
    reports = stage.panels[ALPHA].reports
    reports.pop("71", None)
    if report is not None:
        reports["71"] = report
    stage.clock.advance(after)
    return await rounds.track_once(stage.shop, ALPHA)


async def asked_about(stage: Stage, admin: int = OWNER) -> list[str]:
    """The questions an admin was asked."""
    return [said.facts["question"] for said in await stage.said(admin, "question")]


async def next_look(stage: Stage) -> float | None:
    """In how many seconds the panel is asked again."""
    async with stage.second.read() as tx:
        due = await next_status(tx, ALPHA)
    return None if due is None else (due - stage.clock.now).total_seconds()


async def test_an_order_is_asked_about_less_often_as_it_ages(stage: Stage) -> None:
    """Every STATUS_SECONDS in its first hour, then at longer and longer gaps; a panel's silence makes no difference."""
    await placed(stage)
    began = stage.clock.now
    gaps = [await next_look(stage)]
    for age, answer in ((1, PENDING), (2, None), (7, PENDING), (25, None), (8 * 24, PENDING), (60 * 24, None)):
        stage.clock.now = began + timedelta(hours=age)
        await says(stage, answer, after=0)
        gaps.append(await next_look(stage))
    assert gaps == [60, 60, 120, 300, 900, 3600, 3600]


async def test_a_call_asks_about_a_hundred_orders(stage: Stage) -> None:
    """The oldest due go first, at most a hundred a call; the rest is asked about in the next."""
    await placed_at_once(stage, [f"{1000 + n}" for n in range(MOST_IDS + 1)])
    stage.clock.advance(60)
    assert [await rounds.track_once(stage.shop, ALPHA) for _ in range(3)] == [MOST_IDS, 1, 0]
    first, rest = stage.panels[ALPHA].asked
    assert first == [f"{1000 + n}" for n in range(MOST_IDS)]
    assert rest == [f"{1000 + MOST_IDS}"]


async def test_two_panels_may_use_the_same_ids(stage: Stage) -> None:
    """What one panel says of its order 71 is nothing to the order 71 of the other."""
    ours, theirs = await placed(stage), await placed(stage, panel=BETA)
    stage.panels[BETA].reports["71"] = PENDING
    await says(stage, DONE)
    await rounds.track_once(stage.shop, BETA)
    states = [(await stage.order(number)).state for number in (ours, theirs)]
    assert states == [OrderState.COMPLETED, OrderState.PENDING]
    assert stage.panels[ALPHA].asked == stage.panels[BETA].asked == [["71"]]


async def test_what_an_answer_leaves_out_stays(stage: Stage) -> None:
    """Start count and remains are kept from the last answer that had them."""
    number = await placed(stage)
    await says(stage, BEGUN)
    await says(stage, StatusReport("In progress", PanelStatus.IN_PROGRESS, remains=200))
    order = await stage.order(number)
    assert (order.start_count, order.remains) == (12, 200)


async def test_numbers_of_any_size_are_kept(stage: Stage) -> None:
    """A panel's largest numbers fit the books."""
    number = await placed(stage)
    await says(stage, StatusReport("x", PanelStatus.IN_PROGRESS, start_count=10**18 - 1, remains=-(10**18) + 1))
    order = await stage.order(number)
    assert (order.start_count, order.remains) == (10**18 - 1, 1 - 10**18)


async def test_a_word_nobody_knows_is_told_once(stage: Stage) -> None:
    """Once a word and panel, whatever the number of orders and answers."""
    await placed(stage)
    await placed(stage, "72")
    stage.panels[ALPHA].reports["72"] = StatusReport("Zzz", None)
    for word in ("Zzz", "Zzz", "Yyy"):
        await says(stage, StatusReport(word, None))
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["word", "word"]


async def test_a_panel_cannot_bury_the_admins_in_words(stage: Stage) -> None:
    """So many words a day are told, then only that there are others; the next day has words of its own."""
    await placed(stage)
    for n in range(WORDS_A_DAY + 5):
        await says(stage, StatusReport(f"Word {n}", None))
    told = [said.facts for said in await stage.said(OWNER, "alert")]
    assert [facts.get("word") for facts in told] == [*(f"Word {n}" for n in range(WORDS_A_DAY)), None]
    assert (told[-1]["alert"], told[-1]["panel"]) == ("words", ALPHA)
    stage.clock.advance(DAY)
    await says(stage, StatusReport("A new day", None))
    assert (await stage.said(OWNER, "alert"))[-1].facts["word"] == "A new day"


async def test_three_days_of_silence_are_asked_about_once(stage: Stage) -> None:
    """Of an order the panel says nothing about, or only errors, an admin is asked after three days; nothing moves."""
    number = await placed(stage)
    await says(stage, Rejected("Incorrect order ID"))
    await stage.pass_time(3 * DAY - 61)
    assert await asked_about(stage) == []
    await stage.pass_time(1)
    await says(stage, None)
    order = await stage.order(number)
    assert (order.state, order.question, order.held) == (OrderState.PENDING, Question.MISSING, PRICE)
    assert await asked_about(stage) == ["missing"]
    await stage.pass_time(0)
    assert await asked_about(stage) == ["missing"]


async def test_what_was_silent_and_answers_again_asks_nobody(stage: Stage) -> None:
    """The question is closed by any answer, and three more days of silence open it again."""
    number = await placed(stage)
    await stage.pass_time(3 * DAY)
    await says(stage, PENDING, after=0)
    order = await stage.order(number)
    assert (order.state, order.question) == (OrderState.PENDING, None)
    await stage.pass_time(3 * DAY - 1)
    assert (await stage.order(number)).question is None
    await stage.pass_time(1)
    assert (await stage.order(number)).question is Question.MISSING


async def test_what_was_silent_may_answer_with_its_end(stage: Stage) -> None:
    """The end counts as if there had been no silence."""
    number = await placed(stage)
    await stage.pass_time(3 * DAY)
    await says(stage, DONE, after=0)
    order = await stage.order(number)
    assert (order.state, order.question, order.captured) == (OrderState.COMPLETED, None, PRICE)


async def test_a_change_after_the_end_is_told_and_moves_nothing(stage: Stage) -> None:
    """Looked at daily, an ended order that the panel now calls something else stays; each new word is told once."""
    number = await placed(stage)
    await says(stage, DONE)
    for report in (DONE, PART, PART, Rejected("Incorrect order ID"), None, BEGUN):
        assert await says(stage, report, after=DAY) == 1
        assert await rounds.track_once(stage.shop, ALPHA) == 0
    order = await stage.order(number)
    assert (order.state, order.captured, order.refunded) == (OrderState.COMPLETED, PRICE, 0)
    assert await stage.available() == FUNDS - PRICE
    changed = [said.facts for said in await stage.said(OWNER, "alert")]
    assert [(facts["alert"], facts["number"], facts["word"]) for facts in changed] == [
        ("changed", number, "Partial"),
        ("changed", number, "In progress"),
    ]
    assert (await stage.states_told(number))[-1] == "completed"


async def test_a_week_after_the_end_nobody_looks_any_more(stage: Stage) -> None:
    """Seven daily looks, and then never again."""
    await placed(stage)
    await says(stage, DONE)
    looks = [await says(stage, DONE, after=DAY) for _ in range(10)]
    assert looks == [1] * 7 + [0] * 3
    assert await next_look(stage) is None


async def test_an_ended_order_is_looked_for_though_its_panel_fails(stage: Stage) -> None:
    """A call that failed puts the look off by a day."""
    await placed(stage)
    await says(stage, DONE)
    stage.panels[ALPHA].trouble["status"] = PanelAnswerLostError("a page in HTML")
    await says(stage, DONE, after=DAY)
    assert await next_look(stage) == DAY


async def test_a_refunded_order_that_the_panel_still_delivers_is_told(stage: Stage) -> None:
    """An admin who ended an order hears what the panel makes of it."""
    number = await placed(stage)
    async with stage.db.write() as tx:
        await deciding.refund(tx, stage.shop, admin=OWNER, number=number)
    assert await says(stage, DONE, after=DAY) == 1
    assert await stage.alerts() == ["changed"]
    assert await stage.available(ANNA) == FUNDS


async def test_orders_of_a_panel_that_left_the_settings_hurt_nobody(stage: Stage) -> None:
    """What is kept of a panel that is gone does not stop the loops of the others."""
    await placed(stage, panel=BETA)
    stage.panels[BETA].reports["71"] = DONE
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, BETA)
    stage.shop.panels = {ALPHA: stage.panels[ALPHA]}
    stage.change(panels={ALPHA: stage.shop.settings.panels[ALPHA]})
    await rounds.sync(stage.shop, ALPHA)
    number = await placed(stage)
    await stage.pass_time(60)
    await says(stage, DONE, after=0)
    assert (await stage.order(number)).state is OrderState.COMPLETED
