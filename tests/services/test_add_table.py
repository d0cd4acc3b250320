"""The table of DESIGN.md: what each answer to ``add`` does to the order, its money, its panel, and who hears of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.orders import OrderState, Question, Reason
from bot.domain.outcomes import AddOutcome, NotSent, Placed, RefusalKind, Refused, Throttled, Unknown
from bot.domain.panels import Gate
from tests.services.stage import ANNA, FUNDS, HELPER, OWNER, PRICE, Stage

WORDS = "the panel's own words: $3.20 left"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``next_try`` and ``rest`` are in seconds from the answer, ``admin`` is the kind of news."""

    outcome: AddOutcome
    state: OrderState
    reason: Reason | None = None
    refunded: bool = False
    next_try: float | None = None
    rest: float | None = None
    gate: Gate | None = None
    unknowns: int = 0
    customer: bool = False
    channel: bool = False
    admin: str | None = None
    answers: bool = True


def about_order(kind: RefusalKind) -> Row:
    return Row(
        Refused(kind, WORDS),
        OrderState.REFUSED,
        Reason(kind.value),
        refunded=True,
        customer=True,
        admin="refused",
    )


def about_shop(kind: RefusalKind) -> Row:
    gate = Gate(kind.value)
    return Row(Refused(kind, WORDS), OrderState.WAITING, Reason(kind.value), next_try=0, gate=gate, admin="alert:gate")


def busy(retry_after: float | None, rest: float) -> Row:
    return Row(Throttled(retry_after), OrderState.WAITING, Reason.BUSY, next_try=rest, rest=rest)


TABLE = {
    "an id": Row(Placed("71"), OrderState.PENDING, customer=True, channel=True),
    "refused: link": about_order(RefusalKind.LINK),
    "refused: quantity": about_order(RefusalKind.QUANTITY),
    "refused: service": about_order(RefusalKind.SERVICE),
    "refused: active link": about_order(RefusalKind.ACTIVE_LINK),
    "refused: order": about_order(RefusalKind.ORDER),
    "refused: who knows": about_order(RefusalKind.UNKNOWN),
    "refused: funds": about_shop(RefusalKind.FUNDS),
    "refused: key": about_shop(RefusalKind.KEY),
    "refused: account": about_shop(RefusalKind.ACCOUNT),
    "429": busy(None, 30),
    "429, in 7 s": busy(7.0, 7),
    "429, at once": busy(0.0, 1),
    "429, in a year": busy(31e6, 900),
    "not sent": Row(
        NotSent("could not connect"),
        OrderState.WAITING,
        Reason.UNREACHABLE,
        next_try=1,
        admin="alert:silent",
        answers=False,
    ),
    "unknown": Row(Unknown("no whole answer"), OrderState.UNCERTAIN, unknowns=1, customer=True, admin="uncertain"),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_an_answer_to_add_does_what_the_table_says(stage: Stage, row: Row) -> None:
    """Order, money, panel, next try and news are those of the answer's row, and the panel was called once."""
    number = await stage.buy()
    before = len(await stage.said())
    assert await stage.place(row.outcome)

    order, panel, now = await stage.order(number), await stage.panel(), stage.clock.now
    assert (order.state, order.reason) == (row.state, row.reason)
    held = 0 if row.refunded else PRICE
    assert (order.held, order.captured, order.refunded) == (held, 0, PRICE - held)
    assert (await stage.available(), await stage.on_hold()) == (FUNDS - held, held)
    assert order.next_try_at == (None if row.next_try is None else now + timedelta(seconds=row.next_try))
    assert order.question is (Question.UNCERTAIN if row.state is OrderState.UNCERTAIN else None)
    assert order.ended_at == (now if row.refunded else None)

    assert (panel.gate, panel.unknowns, panel.answers) == (row.gate, row.unknowns, row.answers)
    assert panel.rest_until == (None if row.rest is None else now + timedelta(seconds=row.rest))
    assert len(stage.panels["alpha"].adds) == 1

    news = (await stage.said())[before:]
    told = [said.facts["state"] for said in news if said.chat == ANNA]
    assert told == ([row.state.value] if row.customer else [])
    assert await stage.channel_told(number) == ([row.state.value] if row.channel else [])
    for admin in (OWNER, HELPER):
        heard = [
            said.kind + (f":{said.facts['alert']}" if "alert" in said.facts else "")
            for said in news
            if said.chat == admin
        ]
        assert heard == ([] if row.admin is None else [row.admin])


async def test_a_panel_s_own_words_are_for_admins_only(stage: Stage) -> None:
    """What a panel says of a refusal is told to the admins, and is in nothing the customer or the channel reads."""
    await stage.buy()
    await stage.place(Refused(RefusalKind.LINK, WORDS))
    by_words = {said.chat for said in await stage.said() if WORDS in str(said.facts)}
    assert by_words == {OWNER, HELPER}


async def test_what_is_sent_is_what_was_asked_for(stage: Stage) -> None:
    """``add`` gets the panel's id of the service and every answer, and nothing else."""
    await stage.buy({"link": "https://instagram.com/p/1?a=<b>&c", "quantity": 100, "runs": 3, "interval": 60})
    await stage.place()
    assert stage.panels["alpha"].adds == [
        {
            "service": "7",
            "link": "https://instagram.com/p/1?a=<b>&c",
            "quantity": "100",
            "runs": "3",
            "interval": "60",
        }
    ]


async def test_an_active_link_after_an_unknown_is_evidence(stage: Stage) -> None:
    """Refused for its active link after an Unknown of its own, an order is uncertain again, its money held."""
    number = await stage.buy()
    await stage.place(Unknown("reset"))
    await stage.send_again(number)
    await stage.place(Refused(RefusalKind.ACTIVE_LINK, WORDS))
    order = await stage.order(number)
    assert (order.state, order.question, order.held) == (OrderState.UNCERTAIN, Question.UNCERTAIN, PRICE)
    assert [attempt.outcome for attempt in await stage.attempts(number)] == ["unknown", "refused"]
    assert len(await stage.said(OWNER, "uncertain")) == 2


async def test_any_other_refusal_after_an_unknown_is_a_refusal(stage: Stage) -> None:
    """Only the active link is evidence: refused for something else, the order sent again is refunded."""
    number = await stage.buy()
    await stage.place(Unknown("reset"))
    await stage.send_again(number)
    await stage.place(Refused(RefusalKind.QUANTITY, WORDS))
    assert (await stage.order(number)).state is OrderState.REFUSED
    assert await stage.available() == FUNDS


async def test_an_id_that_another_order_has_is_no_proof(stage: Stage) -> None:
    """A panel that gives one id twice leaves the second order uncertain, and counts as having lost an answer."""
    first, second = await stage.buy(), await stage.buy()
    await stage.place(Placed("71"), Placed("71"))
    await stage.place()
    assert (await stage.order(first)).state is OrderState.PENDING
    order = await stage.order(second)
    assert (order.state, order.panel_order, order.held) == (OrderState.UNCERTAIN, None, PRICE)
    assert (await stage.panel()).unknowns == 1
    [said] = await stage.said(OWNER, "uncertain")
    assert said.facts["number"] == second
    await stage.send_again(second)
    await stage.place(Placed("72"))
    assert (await stage.order(second)).panel_order == "72"


async def test_two_panels_may_give_the_same_id(stage: Stage) -> None:
    """An id is a panel's own: the same from another panel is another order."""
    numbers = [await stage.buy(panel=panel) for panel in ("alpha", "beta")]
    for panel in ("alpha", "beta"):
        await stage.place(Placed("71"), panel=panel)
    assert [(await stage.order(number)).state for number in numbers] == [OrderState.PENDING] * 2
