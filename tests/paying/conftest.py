"""A Crypto Pay on a real socket and ways to pay through it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from bot.demo.cryptopay import DemoCryptoPay
from bot.paying.cryptopay import CryptoPay
from tests.clock import FakeClock

TOKEN = "123456789:AAzQcZWQqQAbsfgPnOLr4FHC8Doa4L7KryC"
# Made once: reading the machine's authorities takes longer than a test.
TRUST = ssl.create_default_context()


@dataclass(frozen=True)
class Desk:
    """The provider, its time, and ways to it that are closed after the test."""

    pay: DemoCryptoPay
    clock: FakeClock
    stack: AsyncExitStack

    def way(
        self, *, currency: str = "USD", token: str = TOKEN, url: str | None = None, deadline: float = 5.0
    ) -> CryptoPay:
        way = CryptoPay(SecretStr(token), url=url or self.pay.url, currency=currency, timeout=deadline, verify=TRUST)
        self.stack.push_async_callback(way.aclose)
        return way


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = FakeClock()
    pay = DemoCryptoPay(TOKEN, clock=clock)
    async with pay.serve(), AsyncExitStack() as stack:
        yield Desk(pay, clock, stack)
