"""A panel client against a raw server, a trusted certificate, and a clock that moves when slept on."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from bot.panel import PanelClient
from tests.panel.server import Play, RawServer

KEY = "0f9d2c71a3b84e56"
START = datetime(2030, 5, 17, 12, 0, tzinfo=UTC)


@dataclass
class FakeTime:
    """Seconds that pass only in ``sleep``, which remembers what it was asked for."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Trust:
    """Both ends of TLS: a server's context, and a client's that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="session")
def trust() -> Trust:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return Trust(server, client)


@dataclass
class Bench:
    """Starts servers and clients and closes them after the test."""

    trust: Trust
    stack: AsyncExitStack
    time: FakeTime = field(default_factory=FakeTime)

    async def serve(self, *plays: Play, tls: bool = False) -> RawServer:
        return await self.stack.enter_async_context(RawServer(list(plays), tls=self.trust.server if tls else None))

    async def client(
        self,
        url: str,
        *,
        deadline: float = 5.0,
        calls_per_minute: int | None = None,
        verify: ssl.SSLContext | None = None,
    ) -> PanelClient:
        return await self.stack.enter_async_context(
            PanelClient(
                "main",
                url,
                KEY,
                timeout=deadline,
                calls_per_minute=calls_per_minute,
                verify=verify or self.trust.client,
                clock=self.time.clock,
                sleep=self.time.sleep,
                now=self.time.now,
            )
        )

    async def pair(self, *plays: Play) -> tuple[PanelClient, RawServer]:
        """A server with these plays and a client for it."""
        server = await self.serve(*plays)
        return await self.client(server.url), server


@pytest.fixture
async def bench(trust: Trust) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        yield Bench(trust, stack)
