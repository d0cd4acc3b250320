"""A stage whose panel takes refills and stops, and what tests of them share."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain.catalog import Offer
from bot.domain.outcomes import PanelStatus, Placed, Rejected, StatusReport
from bot.domain.requests import Request, RequestKind
from bot.panel import (
    CancelAsked,
    PanelError,
    RefillReport,
)
from bot.services import requesting, requests, rounds
from bot.services.requests import Wish
from bot.storage import requests as stored
from bot.storage.tables import order_events
from tests.services.fake_panel import FakePanel
from tests.services.stage import (
    ALPHA,
    ANNA,
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
