"""Time that costs nothing: whoever waits finds that it has passed, and the bot's calls take none."""

import asyncio
from datetime import timedelta

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.storage.database import Wakeups
from bot.telegram.session import TelegramSession
from tests.clock import BEGINNING, FakeClock


class LeapingClock(FakeClock):
    """The clock of the books, of Telegram and of those who wait: it stands still until somebody does.

    A wait is over at once, its time has passed then, and until what was waited for is done (``done``) all others
    wait. So everything happens in the order and at the moments that the waits say.
    """

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()

    def seconds(self) -> float:
        """How long ago it all began."""
        return (self.now - BEGINNING).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed and nobody else is at it."""
        until = self.now + timedelta(seconds=seconds)
        await self._turn.acquire()
        self.now = max(self.now, until)

    def done(self) -> None:
        """What was waited for is done: the next may come."""
        self._turn.release()


class LeapingWakeups(Wakeups):
    """Nobody rings while a loop waits, for all happens in one task: the time it would have waited passes."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    async def wait(self, name: str, seconds: float) -> None:
        """Return at once: rung before, or so much later."""
        rung = self._event(name)
        if not rung.is_set():
            self._clock.advance(seconds)
        rung.clear()


class LeapingSession(TelegramSession):
    """Carries out what somebody waited for their turn to ask."""

    def __init__(self, clock: LeapingClock, api: TelegramAPIServer) -> None:
        super().__init__(api=api)
        self._clock = clock

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  (the library's signature)
    ) -> TelegramType:
        """Ask Telegram, over the socket."""
        try:
            return await super().make_request(bot, method, timeout)
        finally:
            self._clock.done()
