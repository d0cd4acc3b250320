"""What cannot be done for one order, or in one duty, holds up nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot import points
from bot.domain.orders import OrderState, Question
from bot.domain.outcomes import PanelStatus, Placed, StatusReport
from bot.services import rounds
from bot.services.apart import AT_ONCE
from bot.services.tracking import SILENCE
from tests.services.stage import ALPHA, FUNDS, PRICE, Stage
from tests.services.test_tracking import placed_at_once

LEASE = 60.0  # PANEL_TIMEOUT and a margin
DONE = StatusReport("Completed", PanelStatus.COMPLETED)
STOPPED = StatusReport("Canceled", PanelStatus.CANCELED)


@contextmanager
def refused(stage: Stage, which: Callable[[str, str], bool]) -> Iterator[None]:
    """Statements, with what they are told, that meet a fault of ours."""

    def refuse(_conn: object, _cursor: object, statement: str, told: object, *_: Any) -> None:
        if which(statement, str(told)):
            raise LookupError(statement)

    engine = stage.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


async def test_an_order_that_cannot_be_moved_does_not_hold_up_its_batch(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The others move, it stays as it was and is asked about in its own time, not at once and for ever."""
    first, second = await stage.buy(), await stage.buy()
    for panel_order, report in (("71", DONE), ("72", STOPPED)):
        await stage.place(Placed(panel_order))
        stage.panels[ALPHA].reports[panel_order] = report
    stage.clock.advance(60)
    with refused(stage, lambda statement, told: statement.startswith("UPDATE orders") and "'completed'" in told):
        assert await rounds.track_once(stage.shop, ALPHA) == 2
        assert await rounds.track_once(stage.shop, ALPHA) == 0
    assert [(await stage.order(number)).state for number in (first, second)] == [
        OrderState.PENDING,
        OrderState.CANCELED,
    ]
    assert await stage.available() == FUNDS - PRICE
    assert f"order {first} could not be done" in caplog.text
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    assert (await stage.order(first)).state is OrderState.COMPLETED


async def test_a_duty_that_fails_undoes_no_other(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Leases expire whatever is wrong with tickets; and one of them that cannot expire leaves the others alone."""
    numbers = [await stage.buy(), await stage.buy()]
    claims = [await stage.claimed(), await stage.claimed()]
    first = claims[0].attempt

    def which(statement: str, told: str) -> bool:
        return "tickets" in statement or (statement.startswith("UPDATE attempts") and f" {first})" in told)

    with refused(stage, which):
        await stage.pass_time(LEASE)
    states = [(await stage.order(number)).state for number in numbers]
    assert states == [OrderState.SUBMITTING, OrderState.UNCERTAIN]
    assert f"the expired lease of order {numbers[0]} failed" in caplog.text
    assert "look_after failed" in caplog.text
    await stage.pass_time(0)
    assert (await stage.order(numbers[0])).state is OrderState.UNCERTAIN


async def test_much_to_do_is_done_in_parts(stage: Stage) -> None:
    """As long as one transaction lasts nobody else writes, so none has to do with all of a large shop's orders."""
    await placed_at_once(stage, [f"{number}" for number in range(71, 71 + AT_ONCE + 1)])
    parts: list[str] = []
    points.listen(lambda name: parts.append(name) if name == "overdue.commit.after" else None)
    try:
        await stage.pass_time(SILENCE.total_seconds())
    finally:
        points.listen(None)
    assert len(parts) == 2
    assert (await stage.order(AT_ONCE + 1)).question is Question.MISSING
