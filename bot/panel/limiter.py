"""Calls per minute on one panel, with `add` before everything else."""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

_WINDOW = 60.0  # seconds; panels count calls a minute


class Turn(IntEnum):
    """What a call waits as; the lower goes first, and among equals the one that came first."""

    ADD = 0
    READ = 1


@dataclass(order=True, slots=True)
class _Waiting:
    turn: Turn
    number: int
    first: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Limiter:
    """Lets at most ``calls_per_minute`` calls begin in any 60 seconds; None lets all pass at once.

    ``clock`` gives seconds that only grow, ``sleep`` waits for seconds of the same clock.
    """

    def __init__(
        self,
        calls_per_minute: int | None,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        if calls_per_minute is not None and calls_per_minute < 1:
            raise ValueError("calls per minute must be at least 1")
        self._most = calls_per_minute
        self._clock = clock
        self._sleep = sleep
        self._begun: deque[float] = deque(maxlen=calls_per_minute)
        self._queue: list[_Waiting] = []
        self._numbers = count()

    async def turn(self, turn: Turn) -> None:
        """Return when a call may begin; it is then counted. Cancelling gives the place up."""
        if self._most is None:
            return
        waiting = _Waiting(turn, next(self._numbers))
        insort(self._queue, waiting)
        try:
            while not await self._may_begin(waiting):
                pass
            self._begun.append(self._clock())
        finally:
            self._queue.remove(waiting)
            if self._queue:
                self._queue[0].first.set()

    def next_turn(self) -> float:
        """In how many seconds a call may begin, if none is waiting."""
        return max(self._until_free(), 0.0)

    def _until_free(self) -> float:
        full = self._most is not None and len(self._begun) == self._most
        return self._begun[0] + _WINDOW - self._clock() if full else 0.0

    async def _may_begin(self, waiting: _Waiting) -> bool:
        """Wait for what stands in the way; True only if nothing did, so that no one slips in between."""
        if self._queue[0] is not waiting:
            waiting.first.clear()
            await waiting.first.wait()
            return False
        wait = self._until_free()
        if wait > 0:
            # An `add` that comes meanwhile becomes the first and waits for the same moment.
            await self._sleep(wait)
            return False
        return True
