"""Waiting for a change instead of sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Signal:
    """Wakes everyone who waits, each time something changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def pulse(self) -> None:
        """Say that something changed."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        """Return at the next change."""
        await self._event.wait()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """Call *look* now and after each change until it returns something true; None when time is up."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := look()):
                    await self.wait()
        except TimeoutError:
            return look() or None
        return found
