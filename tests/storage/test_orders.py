"""Orders move one step at a time, from the state they were read in, with a word about each step."""

from datetime import timedelta

import pytest

from bot.domain.orders import TRANSITIONS, ImpossibleTransition, OrderState, Question, Reason
from bot.storage import orders, queues
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.orders import Conflict
from tests.clock import FakeClock
from tests.storage import books

IMPOSSIBLE = [
    (before, after)
    for before in OrderState
    for after in OrderState
    if after is not before and after not in TRANSITIONS[before]
]


@pytest.fixture(autouse=True)
async def shop(db: Database) -> None:
    async with db.write() as tx:
        await books.open_shop(tx)


async def test_an_order_comes_back_as_it_was_written(db: Database, second: Database) -> None:
    """Snapshot, answers and money are read as they were written, and the order waits to be sent."""
    async with db.write() as tx:
        order = await books.buy(tx)
        sold = await books.snapshot(tx)
    async with second.read() as tx:
        found = await orders.find(tx, order.id)
        assert found == order
        [event] = await orders.events_of(tx, order.id)
        now = tx.now
    assert order.snapshot == sold
    assert order.snapshot.rate.as_tuple() == books.OFFER.rate.as_tuple()
    assert order.answers == {"link": "https://example.com/p/1", "quantity": 100}
    assert (order.state, order.held, order.price) == (OrderState.WAITING, books.PRICE, books.PRICE)
    assert order.created_at == order.next_try_at == order.waits_since == now
    assert (event.kind, event.state, event.at) == ("ordered", OrderState.WAITING, now)


async def test_somebody_elses_order_is_not_found(db: Database) -> None:
    """Looked for as one customer's, another's order is not there, by number or by draft."""
    async with db.write() as tx:
        order = await books.buy(tx)
        assert await orders.find(tx, order.id, user=books.ANNA) == order
        assert await orders.find(tx, order.id, user=books.BORIS) is None
        assert await orders.find_by_draft(tx, 1, user=books.ANNA) == order
        assert await orders.find_by_draft(tx, 1, user=books.BORIS) is None


async def test_of_two_who_move_an_order_one_wins(db: Database, second: Database) -> None:
    """Moved on by one, an order read before that is not moved by the other, and nothing is noted."""
    async with db.write() as tx:
        order = await books.buy(tx)
    async with db.write() as tx:
        await orders.change(tx, order, OrderState.CANCELED, "canceled", reason=Reason.CUSTOMER.value)
    with pytest.raises(Conflict):
        async with second.write() as tx:
            await orders.change(tx, order, OrderState.SUBMITTING, "claimed")
    async with second.read() as tx:
        assert (await books.read(tx, order.id)).state is OrderState.CANCELED
        assert [event.kind for event in await orders.events_of(tx, order.id)] == ["ordered", "canceled"]


@pytest.mark.parametrize(("before", "after"), IMPOSSIBLE, ids=str)
@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_an_impossible_step_is_not_written(db: Database, before: OrderState, after: OrderState) -> None:
    """A step that the table does not know is caught before the database is asked."""
    async with db.write() as tx:
        order = await books.buy(tx)
        await orders.touch(tx, order.id, state=before.value)
        order = await books.read(tx, order.id)
        with pytest.raises(ImpossibleTransition):
            await orders.change(tx, order, after, "x")
        assert (await books.read(tx, order.id)).state is before
        assert len(await orders.events_of(tx, order.id)) == 1


async def test_a_hold_is_taken_apart_once_and_whole(db: Database) -> None:
    """What is not exactly the hold is refused; after it was taken apart there is nothing to take."""
    async with db.write() as tx:
        order = await books.buy(tx)
    for wrong in (books.PRICE - 1, books.PRICE + 1):
        with pytest.raises(Conflict):
            async with db.write() as tx:
                await orders.release_hold(tx, order.id, captured=wrong, refunded=0)
    async with db.write() as tx:
        await orders.release_hold(tx, order.id, captured=books.PRICE - 5, refunded=5)
    with pytest.raises(Conflict):
        async with db.write() as tx:
            await orders.release_hold(tx, order.id, captured=books.PRICE - 5, refunded=5)
    async with db.read() as tx:
        found = await books.read(tx, order.id)
    assert (found.held, found.captured, found.refunded) == (0, books.PRICE - 5, 5)


async def test_an_attempt_is_finished_once(db: Database, second: Database, clock: FakeClock) -> None:
    """The first outcome of an attempt stands; attempts are numbered in their order."""
    async with db.write() as tx:
        order = await books.buy(tx)
        first = await orders.start_attempt(tx, order.id, tx.now)
        assert await orders.finish_attempt(tx, first, "not_sent", "refused connection")
    clock.advance(1)
    async with db.write() as tx:
        assert not await orders.finish_attempt(tx, first, "placed", "4711")
        await orders.start_attempt(tx, order.id, tx.now)
    async with second.read() as tx:
        one, other = await orders.attempts_of(tx, order.id)
    assert (one.number, one.outcome, one.words) == (1, "not_sent", "refused connection")
    assert one.started_at == one.finished_at
    assert (other.number, other.outcome, other.finished_at) == (2, None, None)
    assert other.started_at == clock.now


async def test_a_customers_orders_are_newest_first(db: Database) -> None:
    """One's orders come in pages, newest first, with nobody else's among them."""
    async with db.write() as tx:
        mine = [(await books.buy(tx)).id for _ in range(5)]
        await books.buy(tx, books.BORIS)
        pages = [await orders.of_user(tx, books.ANNA, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
        assert await orders.count_of_user(tx, books.ANNA) == 5
    assert [[order.id for order in page] for page in pages] == [mine[:2:-1], mine[2:0:-1], mine[:1], []]


async def test_the_oldest_due_order_is_next(db: Database, clock: FakeClock) -> None:
    """Of the orders that wait for a panel the oldest is next; none whose time has not come, none in question."""
    async with db.write() as tx:
        later, asked, oldest, _ = [await books.buy(tx) for _ in range(4)]
        await orders.touch(tx, later.id, next_try_at=tx.now + timedelta(seconds=10))
        await orders.touch(tx, asked.id, question=Question.COST.value, asked_at=tx.now)
        found = await queues.next_waiting(tx, books.PANEL)
        assert found is not None
        assert found.id == oldest.id
        assert await queues.next_waiting(tx, "BETA") is None
        assert await queues.next_try_at(tx, books.PANEL) == tx.now
    clock.advance(10)
    async with db.write() as tx:
        found = await queues.next_waiting(tx, books.PANEL)
        assert found is not None
        assert found.id == later.id


async def test_a_lease_expires(db: Database, clock: FakeClock) -> None:
    """A claimed order is found with its last attempt when its lease is over, not before."""
    async with db.write() as tx:
        order = await books.send(tx, await books.buy(tx), "not_sent")
        attempt = await books.claim(tx, order)
        assert await queues.submitting(tx, books.PANEL) == 1
        assert await queues.expired_leases(tx) == []
    clock.advance(60)
    async with db.write() as tx:
        [(found, last)] = await queues.expired_leases(tx)
    assert (found.id, last) == (order.id, attempt)


async def test_status_is_asked_oldest_due_first(db: Database, clock: FakeClock) -> None:
    """The orders that have been due longest come first, as many as one call takes."""
    async with db.write() as tx:
        placed = [await books.send(tx, await books.buy(tx), "placed", str(number)) for number in range(4)]
        for order, seconds in zip(placed, (3, 1, 2, 99), strict=True):
            await orders.touch(tx, order.id, check_at=tx.now + timedelta(seconds=seconds))
        assert await queues.due_for_status(tx, books.PANEL, limit=100) == []
        assert await queues.next_check_at(tx, books.PANEL) == tx.now + timedelta(seconds=1)
    clock.advance(10)
    async with db.write() as tx:
        due = await queues.due_for_status(tx, books.PANEL, limit=2)
    assert [order.id for order in due] == [placed[1].id, placed[2].id]


async def test_right_books_after_all(db: Database, second: Database) -> None:
    """What the functions of the store write together, the audit finds right."""
    async with db.write() as tx:
        order = await books.send(tx, await books.buy(tx), "placed", "1")
        await books.end(tx, order, OrderState.PARTIAL, refunded=7)
    async with second.read() as tx:
        assert await audit(tx) == []
