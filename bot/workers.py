"""The loops: each one service call and a wait. A loop that fails says so and goes on.

Tasks are started here and nowhere else, so that stopping knows them all.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.domain.payments import Manner, Way
from bot.domain.requests import RequestKind
from bot.services import copies, gates, mailroom, pages, requesting, rounds
from bot.services.shop import Shop
from bot.services.tracking import BATCH
from bot.services.waiting import next_status, next_try, wants_balance
from bot.telegram import stars
from bot.telegram.delivery import Deliverer

log = logging.getLogger(__name__)

# The longest a loop waits without being rung: a ring can be lost with the process that rang, never for longer.
IDLE = 5.0
SHORTEST_WAIT = 0.05
# Something is due that cannot be done yet, because the panel has its hands full.
BLOCKED_WAIT = 1.0
# How often a panel's purse is looked at while nothing depends on it, in seconds.
BALANCE_GAP = 300.0
# A panel that did not list its services, or listed suspiciously few, is asked again sooner.
RESYNC_GAP = 60.0
HOUSEKEEPING_GAP = 5.0
PURGE_GAP = 3600.0
COPY_GAP = 600.0
# Telegram's list of payments against the books; sooner where it could not be asked or was too young to tell.
COMPARE_GAP, COMPARE_AGAIN = 86_400.0, 300.0
# How soon a payment on a provider's page is noticed.
PAGES_GAP = 4.0
# After an error nobody expected: long enough not to fill the log.
ERROR_PAUSE = 5.0
# How long a task may take to end before it is told again, in seconds.
TOLD_AGAIN = 1.0


class Tasks:
    """Every task of the shop. ``start`` them here; ``stop`` ends them and waits for that."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.failure: BaseException | None = None
        self.failed = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, None], *, name: str | None = None) -> asyncio.Task[None]:
        """Start a task and keep it until it is over."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("%s ended", task.get_name(), exc_info=error)
            self.failure = self.failure or error
            self.failed.set()

    async def stop(self, *tasks: asyncio.Task[None]) -> None:
        """Cancel these tasks (all of them, where none is named) and wait until they are over.

        A task that goes on, because an error came in the place of its cancellation, is told again.
        """
        running = {task for task in tasks or self._tasks if not task.done()}
        while running:
            for task in running:
                task.cancel()
            _, running = await asyncio.wait(running, timeout=TOLD_AGAIN)


async def forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat ``step``; an error is logged, never the end of the loop."""
    while True:
        try:
            await step()
        except Exception as error:
            log.exception("%s failed, and goes on in %g s", name, ERROR_PAUSE)
            if _told_to_stop():
                raise asyncio.CancelledError from error
            await asyncio.sleep(ERROR_PAUSE)


def _told_to_stop() -> bool:
    """Whether this task was cancelled: undoing a transaction may fail, and its error then comes instead."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Loops:
    """The steps of a running shop."""

    def __init__(self, shop: Shop, deliverer: Deliverer, bot: Bot) -> None:
        self.shop = shop
        self.deliverer = deliverer
        self.bot = bot
        self._looking = {panel: asyncio.Lock() for panel in shop.panels}
        for panel in shop.panels:
            shop.db.wakeups.expect(*(f"{loop} {panel}" for loop in ("place", "track", "balance")))
        self._asked_until = {way.name: 0 for way in shop.ways.values() if way.manner is Manner.PAGE}
        shop.db.wakeups.expect(*(f"pages {way}" for way in self._asked_until))
        self._closing = False
        self._compared = False
        self._under_way = 0
        self._done = asyncio.Event()
        self._done.set()

    def start(self, tasks: Tasks) -> list[asyncio.Task[None]]:
        """Start every loop but the receiver."""
        steps: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("deliver", self.deliver),
            ("housekeeping", self.housekeeping),
            ("purge", self.purge),
            ("copy", self.copy),
            ("refunds", self.refunds),
            ("compare stars", self.compare_stars),
        ]
        steps += [
            (f"pages {way.name}", partial(self.pages, way))
            for way in self.shop.ways.values()
            if way.manner is Manner.PAGE
        ]
        for panel in self.shop.panels:
            steps += [
                (f"sync {panel}", partial(self.sync, panel)),
                (f"balance {panel}", partial(self.balance, panel)),
                (f"track {panel}", partial(self.track, panel)),
                (f"requests {panel}", partial(self.requests, panel)),
            ]
            steps += [(f"place {panel} {n}", partial(self.place, panel)) for n in range(gates.IN_FLIGHT)]
        return [tasks.start(forever(name, step), name=name) for name, step in steps]

    async def finish_sending(self) -> None:
        """Begin no more orders and requests, send no more news, and wait for the answers to what is under way.

        An ``add`` that is cut off is uncertain, a request is lost, and a message is sent twice.
        """
        self._closing = True
        await self._done.wait()

    @asynccontextmanager
    async def _unless_closing(self) -> AsyncIterator[None]:
        """Something that should not be cut off; none is begun while the shop closes."""
        if self._closing:
            await asyncio.Future()  # until it is stopped
        self._under_way += 1
        self._done.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._done.set()

    async def deliver(self) -> None:
        """News out."""
        async with self._unless_closing():
            wait = await self.deliverer.round()
        if wait == 0:
            return
        async with self.shop.db.read() as tx:
            due = await mailroom.next_due(tx)
        waits = [seconds for seconds in (wait, due) if seconds is not None]
        await self._wait("outbox", min(waits, default=IDLE))

    async def place(self, panel: str) -> None:
        """Orders to a panel, several at once: one at a time looks for the next, and waits while there is none."""
        async with AsyncExitStack() as under_way:
            async with self._looking[panel]:
                await under_way.enter_async_context(self._unless_closing())
                claim = await rounds.claim_one(self.shop, panel)
                if claim is None:
                    await under_way.aclose()
                    async with self.shop.db.read() as tx:
                        due = await next_try(tx, panel)
                    await self._wait(f"place {panel}", self._until(due))
                    return
            await rounds.send(self.shop, claim)

    async def track(self, panel: str) -> None:
        """What became of a panel's orders."""
        if await rounds.track_once(self.shop, panel) >= BATCH:
            return
        async with self.shop.db.read() as tx:
            due = await next_status(tx, panel)
        await self._wait(f"track {panel}", self._until(due))

    async def requests(self, panel: str) -> None:
        """Refills and stops that customers want of a panel, and what became of refills."""
        async with self.shop.db.read() as tx:
            due = await requesting.next_due(tx, panel)
        if due is None or due > self.shop.db.clock():
            await self._wait(f"requests {panel}", self._until(due))
            return
        async with self._unless_closing():
            asked = [await rounds.ask_once(self.shop, panel, kind) for kind in RequestKind]
        if not any(asked) and not await rounds.follow_once(self.shop, panel):
            await self._wait(f"requests {panel}", BLOCKED_WAIT)

    async def sync(self, panel: str) -> None:
        """A panel's part of the catalogue."""
        synced = await rounds.sync(self.shop, panel)
        gap = float(self.shop.settings.sync_seconds)
        if synced is None or synced.doubtful:
            gap = min(gap, RESYNC_GAP)
        await self._wait(f"sync {panel}", gap)

    async def balance(self, panel: str) -> None:
        """A panel's purse, sooner where orders wait for it. The sync asks first, so this begins with a wait."""
        async with self.shop.db.read() as tx:
            wanted = await wants_balance(tx, panel)
        gap = min(self.shop.settings.status_seconds, BALANCE_GAP) if wanted else BALANCE_GAP
        await self._wait(f"balance {panel}", max(gap, 1.0))
        await rounds.ask_balance(self.shop, panel)

    async def housekeeping(self) -> None:
        """What time alone brings about."""
        await rounds.housekeeping(self.shop)
        await asyncio.sleep(HOUSEKEEPING_GAP)

    async def purge(self) -> None:
        """Forget what is too old to matter."""
        async with self.shop.db.write() as tx:
            await mailroom.purge(tx)
        await asyncio.sleep(PURGE_GAP)

    async def copy(self) -> None:
        """A copy of the books a day. The machine may sleep over midnight, so it is looked at often."""
        await copies.daily(self.shop)
        await asyncio.sleep(COPY_GAP)

    async def refunds(self) -> None:
        """Payments back to who paid them, each until it is confirmed."""
        await stars.refund_due(self.bot, self.shop)
        await self._wait("refunds", IDLE)

    async def compare_stars(self) -> None:
        """Telegram's list of payments against the books: all of it at the start, daily what is new."""
        try:
            afresh, self._compared = not self._compared, True
            settled = await stars.compare(self.bot, self.shop, afresh=afresh)
        except TelegramAPIError as error:
            log.warning("Telegram does not list its transactions, asking again later: %s", error)
            settled = False
        await asyncio.sleep(COMPARE_GAP if settled else COMPARE_AGAIN)

    async def pages(self, way: Way) -> None:
        """What was paid on a provider's page, of so many payments at a time."""
        self._asked_until[way.name] = await pages.look(self.shop, way, after=self._asked_until[way.name])
        await self._wait(f"pages {way.name}", PAGES_GAP)

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return IDLE
        seconds = (due - self.shop.db.clock()).total_seconds()
        return seconds if seconds > 0 else BLOCKED_WAIT

    async def _wait(self, name: str, seconds: float) -> None:
        longest = seconds if name.startswith(("sync", "balance")) else IDLE
        await self.shop.db.wakeups.wait(name, min(max(seconds, SHORTEST_WAIT), longest))
