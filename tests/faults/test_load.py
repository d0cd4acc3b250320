"""Ten thousand active orders: a round asks about each once, and neither a bad id nor a lost call is in the way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from math import ceil
from random import Random

from sqlalchemy import select

from bot.demo.panel import ALPHA as DIALECT
from bot.demo.panel import DemoPanel, Dialect, Fault
from bot.domain.outcomes import PanelStatus, Placed, StatusReport
from bot.panel import MOST_IDS, PanelClient
from bot.services import rounds
from bot.storage.database import Database
from bot.storage.tables import orders
from tests.clock import FakeClock
from tests.conversations.shop import offers
from tests.engines import clock, db, db_url, engine_name, second
from tests.faults.crowd import multiply
from tests.model.profile import chosen, proved, say
from tests.services.stage import ALPHA, Stage

__all__ = ["clock", "db", "db_url", "engine_name", "second"]

FOLLOWERS = offers("alpha", "Default")[0]
KEY = "key-alpha"
MINUTE = 60.0
# One id in twenty is bad, and one order in fifty has ended since it was last asked about.
BAD, ENDED = 20, 50
# A read is tried so often before it counts as failed.
TRIES = 3


async def at_once(seconds: float) -> None:
    """The pause before the client tries again."""


async def test_a_round(db: Database, second: Database, clock: FakeClock) -> None:
    """A call for every hundred orders tells of all but the bad ids; of those in a lost call, the next round does."""
    profile = chosen()
    calls = 100 if profile.proving else 20
    say(f"load: {calls * MOST_IDS} orders, seed {profile.seed}")
    panel, luck = _panel(calls * MOST_IDS), Random(profile.seed)
    ids = list(panel.orders)
    stage = await Stage.opened(db, second, clock)
    await _in_progress(stage, ids)
    bad = _spoil(panel, luck.sample(ids, len(ids) // BAD))
    ended = {panel.set_status(each, "Completed").id for each in luck.sample(ids, len(ids) // ENDED)} - bad
    good = set(ids) - bad
    async with panel.serve() as url, PanelClient(ALPHA, url, KEY, sleep=at_once) as client:
        stage.shop.panels = {ALPHA: client}
        clock.advance(MINUTE)
        asked = await _round(stage, panel, lost=calls // 2)
        lost = asked[calls // 2]
        assert Counter(asked) == {batch: TRIES if batch == lost else 1 for batch in asked}
        assert sorted(each for batch in set(asked) for each in batch) == sorted(ids)
        assert await _told(second) == (good - set(lost), ended - set(lost))
        clock.advance(MINUTE)
        again = await _round(stage, panel)
        still = set(ids) - (ended - set(lost))
        assert {each for batch in again for each in batch} == still
        assert len(again) == ceil(len(still) / MOST_IDS)
        assert await _told(second) == (good, ended)
    assert await stage.audit() == []
    proved(f"{len(ids)} orders, {len(bad)} of bad ids, {calls} calls a round, one lost: nobody waited for another")


async def test_a_panel_that_refuses_whole_batches(db: Database, second: Database, clock: FakeClock) -> None:
    """The others are heard of in the same round, and the next one asks about no more than a hundred at once again."""
    panel = _panel(3 * MOST_IDS, replace(DIALECT, strict_batches=True))
    ids = list(panel.orders)
    stage = await Stage.opened(db, second, clock)
    await _in_progress(stage, ids)
    bad = set(Random(chosen().seed).sample(ids, len(ids) // BAD))
    for each in bad:
        panel.forget(each)

    def seconds() -> float:
        return clock().timestamp()

    async with panel.serve() as url, PanelClient(ALPHA, url, KEY, sleep=at_once, clock=seconds) as client:
        stage.shop.panels = {ALPHA: client}
        clock.advance(MINUTE)
        search = await _round(stage, panel)
        assert await _told(second) == (set(ids) - bad, set())
        clock.advance(MINUTE)
        again = await _round(stage, panel)
        assert {each for batch in again for each in batch} == set(ids) - bad
        assert len(again) == 3 < len(search)
    assert await stage.audit() == []


def _panel(count: int, dialect: Dialect = DIALECT) -> DemoPanel:
    """A panel that has so many orders, all in progress."""
    panel = DemoPanel(ALPHA, KEY, offers=[FOLLOWERS], dialect=dialect, balance=Decimal(10**6), one_per_link=False)
    for _ in range(count):
        panel.book.take({"service": FOLLOWERS.service, "link": "https://instagram.com/p/1", "quantity": "333"})
    panel.advance()
    return panel


async def _in_progress(stage: Stage, ids: Sequence[str]) -> None:
    """The shop knows that the panel works on these orders, and no numbers yet."""
    number = await stage.buy()
    await stage.place(Placed(ids[0]))
    stage.panels[ALPHA].reports[ids[0]] = StatusReport("In progress", PanelStatus.IN_PROGRESS)
    stage.clock.advance(MINUTE)
    await rounds.track_once(stage.shop, ALPHA)
    await multiply(stage, number, ids[1:])


def _spoil(panel: DemoPanel, ids: Sequence[str]) -> set[str]:
    """The panel refuses the first of three ids, leaves out the second and says nonsense of the third."""
    for place, each in enumerate(ids):
        if place % 3 < 2:
            panel.forget(each, silently=place % 3 == 1)
        else:
            panel.orders[each].answer = {"status": ["?"]}
    return set(ids)


async def _round(stage: Stage, panel: DemoPanel, *, lost: int | None = None) -> list[tuple[str, ...]]:
    """Ask about all that is due; the ids of each call. Call number ``lost`` is answered by a gateway, however often."""
    before = len(panel.requests)
    for call in count():
        if call == lost:
            panel.fail("status", Fault.http_error(502, taken=False), times=TRIES)
        if not await rounds.track_once(stage.shop, ALPHA):
            break
    asked = [received.fields for received in panel.requests[before:]]
    return [tuple((fields.get("orders") or fields["order"]).split(",")) for fields in asked]


async def _told(second: Database) -> tuple[set[str], set[str]]:
    """The ids of which the shop knows the numbers, and those that it knows have ended."""
    known, ended = orders.c.remains.is_not(None), orders.c.ended_at.is_not(None)
    async with second.read() as tx:
        found = [set(await tx.conn.scalars(select(orders.c.panel_order).where(which))) for which in (known, ended)]
    return found[0], found[1]
