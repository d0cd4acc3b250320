"""Turns under a panel's calls-per-minute limit, on a clock that moves only when slept on."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.panel.limiter import Limiter, Turn
from tests.panel.conftest import FakeTime


class Gate:
    """A clock whose sleeps last until the test opens them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sleeping: list[tuple[float, asyncio.Event]] = []
        self.someone_sleeps = asyncio.Event()

    def clock(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        opened = asyncio.Event()
        self.sleeping.append((self.seconds + seconds, opened))
        self.someone_sleeps.set()
        await opened.wait()

    def open(self) -> None:
        """Move to the end of the longest sleep and wake all."""
        self.seconds = max(until for until, _ in self.sleeping)
        for _, opened in self.sleeping:
            opened.set()
        self.sleeping.clear()


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


@settings(deadline=None)
@given(
    per_minute=st.integers(1, 5),
    turns=st.lists(st.tuples(st.sampled_from(Turn), st.floats(0, 30)), max_size=30),
)
def test_never_more_than_the_limit_begin_in_any_minute(per_minute: int, turns: list[tuple[Turn, float]]) -> None:
    async def run() -> list[float]:
        time = FakeTime()
        limiter = Limiter(per_minute, clock=time.clock, sleep=time.sleep)
        begun: list[float] = []
        for turn, idle in turns:
            time.seconds += idle
            await limiter.turn(turn)
            begun.append(time.seconds)
        return begun

    begun = asyncio.run(run())
    for first, over in zip(begun, begun[per_minute:], strict=False):
        assert over - first >= 60 - 1e-6


async def test_add_goes_first_and_equals_in_the_order_they_came() -> None:
    gate = Gate()
    limiter = Limiter(1, clock=gate.clock, sleep=gate.sleep)
    await limiter.turn(Turn.READ)
    order: list[str] = []

    async def call(name: str, turn: Turn) -> None:
        await limiter.turn(turn)
        order.append(name)

    async with asyncio.TaskGroup() as tasks:
        for name, turn in [("r1", Turn.READ), ("r2", Turn.READ), ("a1", Turn.ADD), ("a2", Turn.ADD)]:
            tasks.create_task(call(name, turn))
            await settle()
        while len(order) < 4:
            await gate.someone_sleeps.wait()
            gate.someone_sleeps.clear()
            gate.open()
            await settle()
    assert order == ["a1", "a2", "r1", "r2"]


async def test_who_gives_up_leaves_the_turn_to_the_next() -> None:
    """A cancelled wait neither uses a turn nor blocks those behind it."""
    gate = Gate()
    limiter = Limiter(1, clock=gate.clock, sleep=gate.sleep)
    await limiter.turn(Turn.ADD)
    first = asyncio.create_task(limiter.turn(Turn.ADD))
    second = asyncio.create_task(limiter.turn(Turn.READ))
    await settle()
    first.cancel()
    await settle()
    assert first.cancelled()
    gate.open()
    async with asyncio.timeout(5):
        await second


async def test_who_gives_up_behind_others_changes_nothing_for_them() -> None:
    gate = Gate()
    limiter = Limiter(1, clock=gate.clock, sleep=gate.sleep)
    await limiter.turn(Turn.ADD)
    first = asyncio.create_task(limiter.turn(Turn.ADD))
    second = asyncio.create_task(limiter.turn(Turn.READ))
    await settle()
    second.cancel()
    await settle()
    gate.open()
    async with asyncio.timeout(5):
        await first
    assert second.cancelled()


async def test_the_next_turn_is_known() -> None:
    """A minute after the oldest call that still counts; at once where one is free."""
    time = FakeTime()
    limiter = Limiter(2, clock=time.clock, sleep=time.sleep)
    await limiter.turn(Turn.ADD)
    time.seconds += 10
    assert limiter.next_turn() == 0
    await limiter.turn(Turn.ADD)
    assert limiter.next_turn() == 50
    time.seconds += 55
    assert limiter.next_turn() == 0


async def test_without_a_limit_nobody_waits() -> None:
    time = FakeTime()
    limiter = Limiter(None, clock=time.clock, sleep=time.sleep)
    for _ in range(1000):
        await limiter.turn(Turn.READ)
    assert time.slept == []


@pytest.mark.parametrize("per_minute", [0, -1])
def test_a_limit_below_one_is_refused(per_minute: int) -> None:
    time = FakeTime()
    with pytest.raises(ValueError, match="at least 1"):
        Limiter(per_minute, clock=time.clock, sleep=time.sleep)
