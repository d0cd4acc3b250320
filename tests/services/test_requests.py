"""Refills and stops: asked for once, never repeated by the program, and no money moves but by the status."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.domain.catalog import Offer
from bot.domain.errors import ShopError
from bot.domain.orders import OrderState
from bot.domain.outcomes import PanelStatus, Placed, RefusalKind, Rejected, StatusReport
from bot.domain.requests import Hindrance, Request, RequestKind, RequestState, hindrance
from bot.panel import (
    CancelAsked,
    PanelAnswerLostError,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    RefillReport,
)
from bot.panel.transport import MAYBE_SENT, NOT_SENT
from bot.services import cards, deciding, requesting, requests, rounds
from bot.services.cards import By, Chosen
from bot.services.requests import Wish
from bot.storage import requests as stored
from bot.storage.database import Duplicate
from bot.storage.tables import order_events
from tests.services.fake_panel import FakePanel
from tests.services.stage import (
    ALPHA,
    ANNA,
    BORIS,
    COMMENTS,
    DRIP,
    FOLLOWING,
    FUNDS,
    HELPER,
    LIKES_333,
    OWNER,
    PACKAGE,
    POSTS,
    PRICE,
    Stage,
)

REFILL, CANCEL = RequestKind.REFILL, RequestKind.CANCEL
HOUR, DAY = 3600.0, 86_400.0
LEASE = 60.0  # PANEL_TIMEOUT and a margin
COMPLETED = StatusReport("Completed", PanelStatus.COMPLETED)
BEGUN = StatusReport("In progress", PanelStatus.IN_PROGRESS)
STOPPED = StatusReport("Canceled", PanelStatus.CANCELED)

Reply = Mapping[str, str | CancelAsked | Rejected] | PanelError | asyncio.CancelledError


class AskedPanel(FakePanel):
    """Answers refills and stops: by ``replies``, else it takes them all; ``refills`` is what their status says."""

    def __init__(self, name: str, offers: Sequence[Offer]) -> None:
        super().__init__(name, offers)
        self.replies: deque[Reply] = deque()
        self.calls: list[tuple[str, list[str]]] = []
        self.refills: dict[str, RefillReport | Rejected] = {}

    async def refill(self, ids: Sequence[str]) -> dict[str, str | Rejected]:
        """The next reply, or a refill of its own for each."""
        reply = self._reply("refill", ids) or {panel_order: f"9{panel_order}" for panel_order in ids}
        return {name: answer for name, answer in reply.items() if not isinstance(answer, CancelAsked)}

    async def cancel(self, ids: Sequence[str]) -> dict[str, CancelAsked | Rejected]:
        """The next reply, or yes to each."""
        reply = self._reply("cancel", ids) or {panel_order: CancelAsked() for panel_order in ids}
        return {name: answer for name, answer in reply.items() if not isinstance(answer, str)}

    async def refill_status(self, refill_ids: Sequence[str]) -> dict[str, RefillReport | Rejected]:
        """What ``refills`` says."""
        self.calls.append(("refill_status", list(refill_ids)))
        self._fail("refill_status")
        return {each: self.refills[each] for each in refill_ids if each in self.refills}

    def _reply(self, action: str, ids: Sequence[str]) -> Mapping[str, str | CancelAsked | Rejected] | None:
        self.calls.append((action, list(ids)))
        reply = self.replies.popleft() if self.replies else None
        if isinstance(reply, BaseException):
            raise reply
        return reply


class Desk:
    """A stage whose panel takes requests."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.panel = AskedPanel(ALPHA, stage.panels[ALPHA].offers)
        stage.panels = {**stage.panels, ALPHA: self.panel}
        stage.shop.panels = stage.panels

    async def placed(self, panel_order: str = "71", *, user: int = ANNA) -> int:
        """An order that the panel has."""
        number = await self.stage.buy(user=user)
        await self.stage.place(Placed(panel_order))
        return number

    async def says(self, report: StatusReport, *panel_orders: str) -> None:
        """Let the panel say this of these orders, when it is asked next."""
        self.panel.reports.update(dict.fromkeys(panel_orders, report))
        self.stage.clock.advance(60)
        await rounds.track_once(self.stage.shop, ALPHA)

    async def completed(self, *panel_orders: str, user: int = ANNA) -> list[int]:
        """Orders that have ended well."""
        numbers = [await self.placed(panel_order, user=user) for panel_order in panel_orders]
        await self.says(COMPLETED, *panel_orders)
        return numbers

    async def wants(self, kind: RequestKind, *numbers: int, user: int = ANNA, take_back: bool = False) -> list[Wish]:
        """A customer asks for something."""
        shop = self.stage.shop
        async with self.stage.db.write() as tx:
            return await requests.want(tx, shop, user=user, numbers=numbers, kind=kind, take_back=take_back)

    async def asks(self, kind: RequestKind, *replies: Reply) -> int:
        """The loop's turn; ``replies`` are what the panel says to this call and the next."""
        self.panel.replies.extend(replies)
        return await rounds.ask_once(self.stage.shop, ALPHA, kind)

    async def follows(self, word: str | None = None, status: PanelStatus | None = None, *, refill: str = "971") -> int:
        """The loop's other turn, a minute later, with this word for a refill."""
        if word is not None:
            self.panel.refills[refill] = RefillReport(word, status)
        self.stage.clock.advance(60)
        return await rounds.follow_once(self.stage.shop, ALPHA)

    async def claimed(self, kind: RequestKind) -> requesting.Claim:
        """Take what is wanted, as a process does that dies before the call."""
        async with self.stage.db.write() as tx:
            claim = await requesting.claim(tx, self.stage.shop, ALPHA, kind)
        assert claim is not None
        return claim

    async def request(self, number: int, kind: RequestKind = REFILL) -> Request:
        """The newest request of an order, which there is."""
        async with self.stage.second.read() as tx:
            found = (await stored.newest(tx, [number])).get(number, [])
        [request] = [each for each in found if each.kind is kind]
        return request

    async def told(self, chat: int = ANNA) -> list[tuple[str, str, list[int]]]:
        """What somebody heard of requests: of which kind, what it came to, which orders."""
        said = [*await self.stage.said(chat, "request"), *await self.stage.said(chat, "request_failed")]
        return [(each.facts["asked"], each.facts["came_to"], each.facts["numbers"]) for each in said]

    async def events(self, number: int) -> list[str]:
        """What happened to an order since it was placed, by name."""
        async with self.stage.second.read() as tx:
            statement = select(order_events.c.kind).where(order_events.c.order_id == number).order_by(order_events.c.id)
            kinds = list(await tx.conn.scalars(statement))
        return [kind for kind in kinds if kind.startswith(("refill", "stop"))]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    """An open shop whose panel takes requests; asking for something never moves money by itself."""
    opened = Desk(stage)
    yield opened
    assert await stage.audit() == []


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


# --- What a call can come to ---


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


# --- What else a customer sees ---


async def test_runs_and_posts_are_counted_as_status_says(desk: Desk) -> None:
    """Only what can be true is kept: no more than there are, and what is left out stays as it was."""
    drip = await desk.stage.buy(DRIP)
    await desk.stage.place(Placed("71"))
    posts = await desk.stage.buy(POSTS, offer=FOLLOWING)
    await desk.stage.place(Placed("72"))
    for runs, kept in ((0, 0), (2, 2), (4, 2), (-1, 2), (None, 2), (3, 3)):
        await desk.says(replace(BEGUN, runs=runs, posts=runs), "71", "72")
        assert [(await desk.stage.order(number)).parts_done for number in (drip, posts)] == [kept, kept]
    assert [(await desk.stage.order(number)).parts for number in (drip, posts)] == [3, 3]


async def test_a_second_order_for_the_same_is_warned_of(desk: Desk) -> None:
    """While one for the same service and link runs, however the link is written; not for another of either."""
    stage = desk.stage
    assert (await stage.summary(await stage.draft())).running is None
    number = await desk.placed()
    again = {**LIKES_333, "link": "http://www.instagram.com/p/1/?igsh=x"}
    assert (await stage.summary(await stage.draft(again))).running == number
    elsewhere = {**LIKES_333, "link": "https://instagram.com/p/2"}
    assert (await stage.summary(await stage.draft(elsewhere))).running is None
    assert (await stage.summary(await stage.draft({"link": LIKES_333["link"]}, offer=PACKAGE))).running is None
    assert (await stage.summary(await stage.draft(user=BORIS), user=BORIS)).running is None
    await desk.says(COMPLETED, "71")
    assert (await stage.summary(await stage.draft())).running is None


async def test_orders_are_listed_by_state_network_and_link(desk: Desk) -> None:
    """One's own alone, newest first; a name or a page that is none lists nothing, or what is nearest."""
    stage = desk.stage
    [first] = await desk.completed("71")
    second = await stage.buy({**LIKES_333, "link": "@other"})
    third = await stage.buy({"link": "instagram.com/p/1", "comments": ["a"]}, offer=COMMENTS)
    await stage.buy(user=BORIS)

    async def listed(by: By, page: int = 0, **chosen: object) -> list[int]:
        async with stage.second.read() as tx:
            which = Chosen(by, **chosen)  # type: ignore[arg-type]
            found = await cards.listing(tx, user=ANNA, page=page, size=8, chosen=which)
        return [order.id for order in found.orders]

    assert await listed(By.ALL) == [third, second, first]
    assert await listed(By.ACTIVE) == [third, second]
    assert await listed(By.ENDED, page=7) == [first]
    assert await listed(By.NETWORK, network="Instagram") == [third, second, first]
    assert await listed(By.NETWORK, network="TikTok") == []
    assert await listed(By.LINK, number=first) == [third, first]
    async with stage.second.read() as tx:
        assert await cards.networks(tx, user=ANNA) == ["Instagram"]
        assert [order.id for order in await cards.links(tx, user=ANNA)] == [third, second]
        assert await cards.for_link(tx, user=ANNA, link="www.instagram.com/p/1") == third
        assert await cards.for_link(tx, user=ANNA, link="@nobody") is None
