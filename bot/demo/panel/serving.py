"""A server on a real socket that can be made to fail at any step of a conversation, and can die and come back.

Both the panel and the provider of payments stand on it: they differ in what they answer, not in how they listen.
"""

import asyncio
import ssl as tls
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.demo.panel.delivery import Line, deliver
from bot.demo.panel.plan import CONNECT, FaultPlan
from bot.demo.panel.wire import Answer, BadRequestError, Request, read_request, reset

BACKLOG = 1024  # connections waiting to be accepted: a burst of orders opens one each


class FaultyServer(ABC):
    """Listens, and hands each request to ``_reply``. With ``ssl`` it serves https."""

    def __init__(self, *, ssl: tls.SSLContext | None = None) -> None:
        self._ssl = ssl
        self._plan = FaultPlan()
        self._line = Line()
        self._server: asyncio.Server | None = None
        self._address: tuple[str, int] | None = None
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it answers, also while it is stopped. RuntimeError before the first start."""

    @property
    def _origin(self) -> str:
        if self._address is None:
            raise RuntimeError("it has not been started yet")
        host, port = self._address
        return f"{'https' if self._ssl else 'http'}://{host}:{port}"

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Run for as long as the block; gives its URL."""
        url = await self.start(host, port)
        try:
            yield url
        finally:
            await self.stop()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen and give the URL; started again without a port, it listens where it did before."""
        if self._server is not None:
            raise RuntimeError("it runs already")
        if port == 0 and self._address is not None:
            host, port = self._address
        self._line = Line()
        self._server = await asyncio.start_server(
            self._connected, host, port, ssl=self._ssl, backlog=BACKLOG, limit=1 << 20
        )
        self._address = (host, self._server.sockets[0].getsockname()[1])
        return self.url

    async def stop(self) -> None:
        """Die: refuse connections, reset those that are open, and keep what was taken."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        self._line.stop()
        self._tell()
        for writer in self._open:
            reset(writer)
        running = [task for task in self._open.values() if task is not None]
        if running:
            await asyncio.wait(running)
        await server.wait_closed()

    @abstractmethod
    def _tell(self) -> None:
        """Wake who waits for something to change here."""

    @abstractmethod
    async def _reply(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line
    ) -> bool:
        """Answer one request; gives whether the connection may go on."""

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = asyncio.current_task()
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away, which is its right
        finally:
            del self._open[writer]
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = self._line
        if line.stopped:
            return
        fault = self._plan.next(CONNECT, {})
        if fault is not None:
            await deliver(fault, Answer, reader, writer, line)
            return
        keep_alive = True
        while keep_alive:
            try:
                request = await read_request(reader)
                if request is None:
                    return
                keep_alive = await self._reply(request, reader, writer, line)
            except BadRequestError as error:
                await line.send(Answer(400, str(error).encode(), "text/plain"), writer, keep_alive=False)
                return
