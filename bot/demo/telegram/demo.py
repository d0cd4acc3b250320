"""The stand-in as one object: people, faults, and the server that the bot talks to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.demo.telegram.control import Control
from bot.demo.telegram.guard import guard
from bot.demo.telegram.page import Page, Stage
from bot.demo.telegram.powers import Powers
from bot.demo.telegram.server import LARGEST_BODY, BotApi

SECONDS_TO_CLOSE = 0.1  # for answers under way when the server stops


class DemoTelegram(Powers):
    """Telegram for one bot, in this process.

    Times come from *clock* (Unix seconds). Limits on sending are off unless given. With a *stage*, the chat
    page is at the base URL.
    """

    stage: Stage | None = None
    port = 0
    _host = "127.0.0.1"
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The server's address, for TELEGRAM_API_URL."""
        return f"http://{self._host}:{self.port}"

    def _app(self, host: str) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[guard(host)])
        app.add_routes(BotApi(self.world).routes())
        if self.stage is not None:
            app.add_routes(Page(self.world, self.stage).routes())
        app.add_routes(Control(self).routes())
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve, on the port of the last time if there was one; the base URL."""
        self.world.updates.open()
        self._runner = web.AppRunner(self._app(host), access_log=None, shutdown_timeout=SECONDS_TO_CLOSE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port or self.port)
        await site.start()
        self._host = host
        self.port = self._runner.addresses[0][1]
        return self.url

    async def stop(self) -> None:
        """Stop serving; chats and updates stay."""
        self.world.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve while the block runs."""
        try:
            yield await self.start(host, port)
        finally:
            await self.stop()
