"""When a question is asked again, when not, and how long it takes at most."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from bot.domain.outcomes import StatusReport
from bot.panel import (
    Balance,
    PanelAnswerLostError,
    PanelClient,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    PanelUnreadableError,
)
from tests.panel.conftest import KEY, Bench
from tests.panel.server import Play, cut, hang_up, http, reset, silent

GOOD = http({"balance": "5", "status": "Pending"})
FIVE = Balance(Decimal(5), None)

PASSING: list[Play] = [
    http(b"", 500),
    http("<html>Bad gateway</html>", 502),
    http({"error": "Try later"}, 503),
    http(b"", 429),
    http("<html>Just a moment</html>"),
    http(b""),
    http('{"balance": "5'),
    http("[" * 200_000),
    hang_up,
    reset,
    cut(http(b"{", length=9)),
]
LASTING: list[tuple[Play, type[PanelError]]] = [
    (http({"error": "Invalid API key"}), PanelRefusedError),
    (http({"error": "Invalid API key"}, 401), PanelRefusedError),
    (http({"a": 1}), PanelUnreadableError),
    (http('["x"]', 200), PanelUnreadableError),
    (http("<html>", 404), PanelUnreadableError),
    (http({"a": 1}, 404), PanelUnreadableError),
    (http(b"", 302, headers=("Location: http://localhost/",)), PanelUnreadableError),
    (http(b" " * 1024 * 1024 + b"{}"), PanelUnreadableError),
    (http({"balance": "5"}, headers=("Content-Encoding: gzip",)), PanelUnreadableError),
]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_read_is_asked_again_after_what_may_pass(bench: Bench, fault: Play) -> None:
    panel, server = await bench.pair(fault, fault, GOOD)
    assert await panel.balance() == FIVE
    assert len(server.requests) == 3
    assert bench.time.slept == sorted(bench.time.slept)
    assert bench.time.slept[0] > 0


@pytest.mark.parametrize(("answer", "error"), LASTING)
async def test_a_read_is_not_asked_again_after_what_stays(bench: Bench, answer: Play, error: type[PanelError]) -> None:
    panel, server = await bench.pair(answer)
    with pytest.raises(error):
        await panel.balance()
    assert len(server.requests) == 1
    assert bench.time.slept == []


async def test_the_third_failure_is_the_last(bench: Bench) -> None:
    panel, server = await bench.pair(http(b"", 500))
    with pytest.raises(PanelAnswerLostError, match="HTTP 500"):
        await panel.balance()
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_waited_for(bench: Bench, status: int) -> None:
    panel, server = await bench.pair(http(b"", status, headers=("Retry-After: 17",)), GOOD)
    assert await panel.balance() == FIVE
    assert bench.time.slept == [17.0]
    assert len(server.requests) == 2


async def test_a_wait_longer_than_a_minute_is_the_callers(bench: Bench) -> None:
    """A read does not sleep past its time; who asked learns how long the panel wants rest."""
    panel, server = await bench.pair(http(b"", 429, headers=("Retry-After: 61",)))
    with pytest.raises(PanelThrottledError) as caught:
        await panel.balance()
    assert caught.value.retry_after == 61
    assert len(server.requests) == 1
    assert bench.time.slept == []


async def test_waits_add_up_to_a_minute(bench: Bench) -> None:
    """The bound is on the whole read, not on each wait."""
    panel, server = await bench.pair(http(b"", 429, headers=("Retry-After: 40",)))
    with pytest.raises(PanelThrottledError):
        await panel.balance()
    assert bench.time.slept == [40.0]
    assert len(server.requests) == 2


async def test_an_unreachable_panel_is_asked_again_and_then_named_so(bench: Bench) -> None:
    panel = await bench.client("https://panel.invalid/api/v2")
    with pytest.raises(PanelUnreachableError):
        await panel.balance()
    assert len(bench.time.slept) == 2


async def test_a_silent_panel_is_a_lost_answer(bench: Bench) -> None:
    server = await bench.serve(silent)
    panel = await bench.client(server.url, deadline=0.5)
    with pytest.raises(PanelAnswerLostError):
        await panel.balance()
    assert len(server.requests) == 3


READS: list[Callable[[PanelClient], Awaitable[object]]] = [
    PanelClient.services,
    PanelClient.balance,
    lambda panel: panel.status(["1"]),
    lambda panel: panel.refill_status(["1"]),
]
WISHES: list[Callable[[PanelClient], Awaitable[object]]] = [
    lambda panel: panel.refill(["1"]),
    lambda panel: panel.cancel(["1", "2"]),
]


@pytest.mark.parametrize("read", READS)
async def test_every_read_is_asked_again(bench: Bench, read: Callable[[PanelClient], Awaitable[object]]) -> None:
    panel, server = await bench.pair(hang_up)
    with pytest.raises(PanelAnswerLostError):
        await read(panel)
    assert len(server.requests) == 3


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (hang_up, PanelAnswerLostError),
        (reset, PanelAnswerLostError),
        (http(b"", 502), PanelAnswerLostError),
        (http("<html>"), PanelAnswerLostError),
        (http(b"", 302), PanelAnswerLostError),
        (http(b"", 429, headers=("Retry-After: 3",)), PanelThrottledError),
        (http({"error": "Invalid API key"}), PanelRefusedError),
    ],
)
async def test_a_wish_is_sent_once(
    bench: Bench, wish: Callable[[PanelClient], Awaitable[object]], fault: Play, error: type[PanelError]
) -> None:
    """Refill and cancel are not repeated, whatever went wrong."""
    panel, server = await bench.pair(fault)
    with pytest.raises(error):
        await wish(panel)
    assert len(server.requests) == 1
    assert bench.time.slept == []


async def test_a_kept_connection_that_died_is_replaced(bench: Bench) -> None:
    """Reads keep their connection, and asking again gets a new one."""
    panel, server = await bench.pair(GOOD, hang_up, GOOD)
    assert await panel.balance() == FIVE
    assert await panel.balance() == FIVE
    assert (server.connections, len(server.requests)) == (2, 3)


async def test_cancelling_a_read_hangs_up(bench: Bench) -> None:
    panel, server = await bench.pair(silent)
    call = asyncio.create_task(panel.balance())
    await server.received.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(5):
        await server.gone.wait()


async def test_panels_limit_counts_every_request(bench: Bench) -> None:
    """Asking again takes a turn as well: never more than the limit in any minute."""
    server = await bench.serve(http(b"", 500), GOOD)
    panel = await bench.client(server.url, calls_per_minute=2)
    report = await panel.status(["1"])
    assert isinstance(report["1"], StatusReport)
    assert await panel.balance() == FIVE
    assert len(server.requests) == 3
    assert bench.time.seconds >= 60


@pytest.mark.parametrize(
    "answer",
    [
        http({"error": f"Invalid API key {KEY}"}),
        http({"message": KEY}, 403),
        http(KEY),
        http({"status": KEY}),
        hang_up,
    ],
)
async def test_the_key_is_in_no_log_and_no_error(bench: Bench, answer: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    panel, _ = await bench.pair(answer)
    with pytest.raises(PanelError) as caught:
        await panel.balance()
    chain: BaseException | None = caught.value
    while chain is not None:
        assert KEY not in f"{chain!r} {vars(chain)!r}"
        chain = chain.__cause__ or chain.__context__
    assert caplog.records
    assert all(KEY not in repr(vars(record)) for record in caplog.records)
