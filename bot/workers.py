"""The loops: each one service call and a wait. A loop that fails says so and goes on.

Tasks are started here and nowhere else, so that stopping knows them all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from bot.services import copies, gates, mailroom, rounds
from bot.services.shop import Shop
from bot.services.tracking import BATCH
from bot.services.waiting import next_status, next_try, wants_balance
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
# After an error nobody expected: long enough not to fill the log.
ERROR_PAUSE = 5.0


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
        """Cancel these tasks (all of them, where none is named) and wait until they are over."""
        chosen = set(tasks) or set(self._tasks)
        for task in chosen:
            task.cancel()
        await asyncio.gather(*chosen, return_exceptions=True)


async def forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat ``step``; an error is logged, never the end of the loop."""
    while True:
        try:
            await step()
        except Exception:
            log.exception("%s failed, and goes on in %g s", name, ERROR_PAUSE)
            await asyncio.sleep(ERROR_PAUSE)


class Loops:
    """The steps of a running shop."""

    def __init__(self, shop: Shop, deliverer: Deliverer) -> None:
        self.shop = shop
        self.deliverer = deliverer
        self._closing = False
        self._sending = 0
        self._sent = asyncio.Event()
        self._sent.set()

    def start(self, tasks: Tasks) -> list[asyncio.Task[None]]:
        """Start every loop but the receiver."""
        steps: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("deliver", self.deliver),
            ("housekeeping", self.housekeeping),
            ("purge", self.purge),
            ("copy", self.copy),
        ]
        for panel in self.shop.panels:
            steps += [
                (f"sync {panel}", partial(self.sync, panel)),
                (f"balance {panel}", partial(self.balance, panel)),
                (f"track {panel}", partial(self.track, panel)),
            ]
            steps += [(f"place {panel} {n}", partial(self.place, panel)) for n in range(gates.IN_FLIGHT)]
        return [tasks.start(forever(name, step), name=name) for name, step in steps]

    async def finish_sending(self) -> None:
        """Begin no more orders, and wait for the answers to those under way: an ``add`` cut off is uncertain."""
        self._closing = True
        await self._sent.wait()

    async def deliver(self) -> None:
        """News out."""
        wait = await self.deliverer.round()
        if wait == 0:
            return
        async with self.shop.db.read() as tx:
            due = await mailroom.next_due(tx)
        waits = [seconds for seconds in (wait, due) if seconds is not None]
        await self._wait("outbox", min(waits, default=IDLE))

    async def place(self, panel: str) -> None:
        """Orders to a panel, one after the other; none is begun while the shop closes."""
        if self._closing:
            await asyncio.Future()  # until it is stopped
        self._sending += 1
        self._sent.clear()
        try:
            placed = await rounds.place_one(self.shop, panel)
        finally:
            self._sending -= 1
            if not self._sending:
                self._sent.set()
        if placed:
            return
        async with self.shop.db.read() as tx:
            due = await next_try(tx, panel)
        await self._wait("place", self._until(due))

    async def track(self, panel: str) -> None:
        """What became of a panel's orders."""
        if await rounds.track_once(self.shop, panel) >= BATCH:
            return
        async with self.shop.db.read() as tx:
            due = await next_status(tx, panel)
        await self._wait("track", self._until(due))

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
        await self._wait("balance", max(gap, 1.0))
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

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return IDLE
        seconds = (due - self.shop.db.clock()).total_seconds()
        return seconds if seconds > 0 else BLOCKED_WAIT

    async def _wait(self, name: str, seconds: float) -> None:
        longest = seconds if name.startswith(("sync", "balance")) else IDLE
        await self.shop.db.wakeups.wait(name, min(max(seconds, SHORTEST_WAIT), longest))
