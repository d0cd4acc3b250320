"""What a panel said is known to the shop alone: books that have a bad moment do not make it a lost answer."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.domain.orders import OrderState
from bot.domain.outcomes import AddOutcome, PanelStatus, Placed, Rejected, StatusReport
from bot.domain.requests import RequestKind
from bot.panel.transport import MAYBE_SENT
from bot.services import requests, rounds
from bot.storage.database import Database
from tests.services.fake_panel import FakePanel
from tests.services.stage import ALPHA, ANNA, LIKES, PRICE, Stage

LEASE = 60.0  # PANEL_TIMEOUT and a margin


def full() -> Exception:
    """What a full disk raises."""
    return OperationalError("COMMIT", {}, Exception("database or disk is full"))


class Books:
    """Books whose next commits fail, one for each of ``errors``; every commit that fails calls ``meanwhile``."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.failed = 0
        self.meanwhile: Callable[[], object] = bool

    def commit(self, _: object) -> None:
        """Fail, if there is an error left."""
        if self.errors:
            self.failed += 1
            self.meanwhile()
            raise self.errors.pop()


@contextmanager
def failing(db: Database) -> Iterator[Books]:
    """The books of ``db`` in the hands of a test."""
    books = Books()
    event.listen(db.engine.sync_engine, "commit", books.commit)
    try:
        yield books
    finally:
        event.remove(db.engine.sync_engine, "commit", books.commit)


class Answering(FakePanel):
    """Answers every call once the books are about to fail; ``stopped``: the shop is stopped during the call."""

    def __init__(self, books: Books, *errors: Exception, stopped: bool = False) -> None:
        super().__init__(ALPHA, [LIKES])
        self.books, self.errors, self.stopped = books, errors, stopped

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """Placed under 71."""
        self.adds.append(dict(fields))
        self._ready()
        return Placed("71")

    async def refill(self, ids: Sequence[str]) -> dict[str, str | Rejected]:
        """A refill for each."""
        self._ready()
        return {panel_order: f"9{panel_order}" for panel_order in ids}

    def _ready(self) -> None:
        self.books.errors.extend(self.errors)
        if self.stopped:
            cancelled = asyncio.CancelledError()
            cancelled.add_note(MAYBE_SENT)
            raise cancelled


async def test_an_answer_outlives_books_that_fail(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Two commits fail: the order is placed all the same, under the id the panel gave, which the log had first."""
    caplog.set_level(logging.INFO)
    number = await stage.buy()
    with failing(stage.db) as books:
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, full(), LookupError("a row"))}
        books.meanwhile = lambda: caplog.text.index(f"order {number}: Placed 71 (panel alpha, attempt 1)")
        assert await rounds.place_one(stage.shop, ALPHA)
    order = await stage.order(number)
    assert (order.state, order.panel_order, order.held) == (OrderState.PENDING, "71", PRICE)
    assert books.failed == 2
    assert (await stage.states_told(number)).count("pending") == 1


async def test_books_that_are_away_beyond_the_lease_take_the_answer_late(stage: Stage) -> None:
    """The lease expires meanwhile: the customer reads that the order is checked, and then that it is placed."""
    number = await stage.buy()
    with failing(stage.db) as books:
        books.meanwhile = lambda: stage.clock.advance(LEASE)
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, full(), OSError("connection refused"))}
        assert await rounds.place_one(stage.shop, ALPHA)
    order = await stage.order(number)
    assert (order.state, order.panel_order) == (OrderState.PENDING, "71")


async def test_an_answer_that_the_books_refuse_is_given_up_with_its_lease(stage: Stage) -> None:
    """A fault of ours must not keep the next orders waiting for ever: the lease ends, and an admin is asked."""
    number = await stage.buy()
    with failing(stage.db) as books:
        books.meanwhile = lambda: stage.clock.advance(LEASE / 2)
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, *[LookupError("a fault of ours")] * 9)}
        with pytest.raises(LookupError):
            await rounds.place_one(stage.shop, ALPHA)
        assert books.failed == 2
        books.errors.clear()
    await stage.pass_time(0)
    assert (await stage.order(number)).state is OrderState.UNCERTAIN


async def test_books_that_fail_do_not_keep_the_shop_open(stage: Stage) -> None:
    """Stopped during the call, with books that take nothing, the task ends as cancelled: its loop would go on else."""
    await stage.buy()
    with failing(stage.db) as books:
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, full(), stopped=True)}
        with pytest.raises(asyncio.CancelledError):
            await rounds.place_one(stage.shop, ALPHA)
    assert books.failed == 1


async def test_stopped_between_two_tries_it_is_tried_once_more(stage: Stage) -> None:
    """Whoever stops the shop loses no answer that the books take now."""
    number = await stage.buy()
    with failing(stage.db) as books:
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, full())}
        failed = asyncio.Event()
        books.meanwhile = failed.set
        placing = asyncio.create_task(rounds.place_one(stage.shop, ALPHA))
        await failed.wait()
        placing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await placing
    assert (await stage.order(number)).panel_order == "71"


async def test_what_was_said_to_requests_outlives_books_that_fail(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """A refill the panel gave is not a lost one because a commit failed."""
    caplog.set_level(logging.INFO)
    number = await stage.buy()
    await stage.place(Placed("71"))
    stage.panels[ALPHA].reports["71"] = StatusReport("Completed", PanelStatus.COMPLETED)
    stage.clock.advance(LEASE)
    await rounds.track_once(stage.shop, ALPHA)
    async with stage.db.write() as tx:
        await requests.want(tx, stage.shop, user=ANNA, numbers=[number], kind=RequestKind.REFILL)
    with failing(stage.db) as books:
        stage.shop.panels = {**stage.panels, ALPHA: Answering(books, full())}
        assert await rounds.ask_once(stage.shop, ALPHA, RequestKind.REFILL) == 1
    assert books.failed == 1
    assert f"order {number}: 971" in caplog.text
