"""A running panel for each test."""

from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from bot.demo.panel import BETA, DemoPanel, demo_offers
from tests.demo.panel.calling import Caller, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def call(clock: HandClock) -> AsyncIterator[Caller]:
    """The first panel of the demo, with money enough."""
    panel = DemoPanel(offers=demo_offers("alpha"), balance=Decimal(1000), clock=clock)
    async with panel.serve(), httpx.AsyncClient(timeout=5) as client:
        yield Caller(panel, client)


@pytest.fixture
async def call_beta(clock: HandClock) -> AsyncIterator[Caller]:
    """The second panel of the demo, which speaks differently."""
    panel = DemoPanel("Beta", "demo-key-b", offers=demo_offers("beta"), dialect=BETA, clock=clock)
    async with panel.serve(), httpx.AsyncClient(timeout=5) as client:
        yield Caller(panel, client)
