"""A raw HTTP server: it answers with exactly the bytes, and misbehaves exactly in the way, it was told."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import parse_qs

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: str

    @property
    def fields(self) -> dict[str, str]:
        """The form's fields; a field that came twice would lose its meaning and fails."""
        parsed = parse_qs(self.body, keep_blank_values=True, strict_parsing=True)
        assert all(len(values) == 1 for values in parsed.values())
        return {name: values[0] for name, values in parsed.items()}


Behaviour = Callable[["RawServer", Reader, Writer], Awaitable[None]]
Play = bytes | Behaviour


def http(
    body: bytes | str | object = b"",
    status: int = 200,
    *,
    headers: tuple[str, ...] = (),
    length: int | None = None,
) -> bytes:
    """Return a response; what is neither bytes nor text becomes JSON. ``length`` may lie."""
    content = body if isinstance(body, bytes) else _text(body).encode()
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Length: {len(content) if length is None else length}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@dataclass
class RawServer:
    """Plays its plays one after the other, a request each; the last is repeated.

    Each play is the bytes to answer with, or a behaviour that is called after the request was read. One that
    is set as ``on_connect`` is called instead of reading any. ``received`` is set when a request was read (or
    anything, by ``silent``), ``gone`` when a client hung up.
    """

    plays: list[Play]
    tls: ssl.SSLContext | None = None
    on_connect: Behaviour | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    received: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0, ssl=self.tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}/api/v2"

    async def _connection(self, reader: Reader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._converse(reader, writer)
        except asyncio.CancelledError:
            pass  # the server is closing; asyncio would log it
        finally:
            self.gone.set()
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _converse(self, reader: Reader, writer: Writer) -> None:
        if self.on_connect is not None:
            await self.on_connect(self, reader, writer)
            return
        while not writer.is_closing():
            self.requests.append(await read_request(reader))
            self.received.set()
            play = self.plays[min(len(self.requests), len(self.plays)) - 1]
            if not isinstance(play, bytes):
                await play(self, reader, writer)
                return
            writer.write(play)
            await writer.drain()


async def read_request(reader: Reader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in head[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(head[0], headers, body.decode())


async def reset(server: RawServer, reader: Reader, writer: Writer) -> None:
    """Drop the connection with a RST, not a FIN."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silent(server: RawServer, reader: Reader, writer: Writer) -> None:
    """Say nothing until the client hangs up."""
    while await reader.read(1024):
        server.received.set()


def stalled(answer: bytes) -> Behaviour:
    """Send the bytes and no more until the client hangs up."""

    async def play(server: RawServer, reader: Reader, writer: Writer) -> None:
        writer.write(answer)
        await silent(server, reader, writer)

    return play


async def hang_up(server: RawServer, reader: Reader, writer: Writer) -> None:
    """Close the connection without a word."""


def cut(answer: bytes) -> Behaviour:
    """Send the bytes and close, whatever length they announced."""

    async def play(server: RawServer, reader: Reader, writer: Writer) -> None:
        writer.write(answer)
        await writer.drain()

    return play


def dripped(answer: bytes, every: float) -> Behaviour:
    """Send the bytes one by one, so far apart in seconds, until the client hangs up."""

    async def play(server: RawServer, reader: Reader, writer: Writer) -> None:
        hung_up = asyncio.ensure_future(reader.read())
        for byte in answer:
            writer.write(bytes([byte]))
            done, _ = await asyncio.wait({hung_up}, timeout=every)
            if done:
                return
        await hung_up

    return play
