"""Everything that can go wrong around ``add``, over real sockets: what it means, how often it was sent."""

import asyncio
import gzip
import logging
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from contextlib import closing

import pytest
import trustme

from bot.domain.outcomes import NotSent, Placed, Throttled, Unknown
from bot.panel import PanelClient, PanelThrottledError
from tests.panel.conftest import KEY, Bench
from tests.panel.server import Behaviour, RawServer, cut, dripped, hang_up, http, reset, silent, stalled

FIELDS = {"service": "17", "link": "https://example.com", "quantity": "100"}
PLACED = http({"order": 5})
SHORT = 0.5  # the deadline where one is to be hit; every other test ends by itself


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is ours and does not listen."""
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_a_refused_connection_is_not_sent(bench: Bench, closed_port: int) -> None:
    panel = await bench.client(f"http://127.0.0.1:{closed_port}/api/v2")
    assert isinstance(await panel.add(FIELDS), NotSent)


@pytest.mark.parametrize(
    "url",
    [
        "https://panel.invalid/api/v2",
        "ftp://localhost/api/v2",
        "localhost/api/v2",
        "http://[::1/api",
        "http://a..b/",
        "",
    ],
)
async def test_a_url_that_leads_nowhere_is_not_sent(bench: Bench, url: str) -> None:
    panel = await bench.client(url)
    assert isinstance(await panel.add(FIELDS), NotSent)


async def test_what_cannot_be_encoded_is_not_sent(bench: Bench) -> None:
    panel, server = await bench.pair(PLACED)
    assert isinstance(await panel.add({**FIELDS, "comments": "half a pair \ud83d"}), NotSent)
    assert server.connections == 0


async def test_a_trusted_certificate_is_placed(bench: Bench) -> None:
    """The TLS of these tests works, so that the failures below are the certificate's."""
    server = await bench.serve(PLACED, tls=True)
    assert await (await bench.client(server.url)).add(FIELDS) == Placed("5")
    assert len(server.requests) == 1


async def test_an_untrusted_certificate_is_not_sent(bench: Bench) -> None:
    """The key must not reach a server that cannot show who it is."""
    server = await bench.serve(PLACED, tls=True)
    stranger = ssl.create_default_context()
    trustme.CA().configure_trust(stranger)
    assert isinstance(await (await bench.client(server.url, verify=stranger)).add(FIELDS), NotSent)
    assert server.requests == []


async def test_trust_is_the_systems_unless_told(bench: Bench) -> None:
    """Without ``verify`` a certificate is checked: one from nowhere is not sent to."""
    server = await bench.serve(PLACED, tls=True)
    async with PanelClient("main", server.url, KEY) as panel:
        assert isinstance(await panel.add(FIELDS), NotSent)
    assert server.requests == []


async def test_a_certificate_for_another_name_is_not_sent(bench: Bench) -> None:
    server = await bench.serve(PLACED, tls=True)
    panel = await bench.client(f"https://127.0.0.1:{server.port}/api/v2")
    assert isinstance(await panel.add(FIELDS), NotSent)
    assert server.requests == []


async def faulty(bench: Bench, on_connect: Behaviour) -> RawServer:
    """A server that misbehaves as soon as a connection is there."""
    return await bench.stack.enter_async_context(RawServer([], on_connect=on_connect))


async def test_a_handshake_that_never_ends_is_not_sent(bench: Bench) -> None:
    """Our own deadline inside the handshake proves that no request was written; the socket is closed."""
    server = await faulty(bench, silent)
    panel = await bench.client(f"https://localhost:{server.port}/api/v2", deadline=SHORT)
    assert isinstance(await panel.add(FIELDS), NotSent)
    assert server.connections == 1
    async with asyncio.timeout(5):
        await server.gone.wait()


async def test_a_reset_before_the_request_was_read_is_unknown(bench: Bench) -> None:
    """The panel's kernel may have had the request although its program never read it."""
    server = await faulty(bench, reset)
    panel = await bench.client(f"http://localhost:{server.port}/api/v2")
    assert isinstance(await panel.add(FIELDS), Unknown)
    assert server.connections == 1


LOST: list[tuple[str, Behaviour]] = [
    ("reset after the request", reset),
    ("closed without a word", hang_up),
    ("no answer", silent),
    ("dripped", dripped(PLACED + b" " * 100, SHORT / 10)),
    ("cut in the status line", cut(PLACED[:7])),
    ("cut in the headers", cut(PLACED[:20])),
    ("cut before the body", cut(http({"order": 5})[: -len('{"order": 5}')])),
    ("cut in the body", cut(http({"order": 5}, length=500))),
    ("cut where the body is whole JSON", cut(http('{"order": 5}' + " " * 10, length=500))),
    (
        "cut chunked",
        cut(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{"order": 5}\r\n'),
    ),
    ("not HTTP", cut(b"SSH-2.0-OpenSSH_9.6\r\n")),
    ("cut gzip", cut(http(gzip.compress(b'{"order": 5}')[:-4], headers=("Content-Encoding: gzip",)))),
    ("a length that is none", cut(b'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{"order": 5}')),
    ("switching protocols", cut(b"HTTP/1.1 101 X\r\nUpgrade: y\r\nConnection: upgrade\r\n\r\n")),
    ("endless headers", cut(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000)),
]


@pytest.mark.parametrize("fault", [row[1] for row in LOST], ids=[row[0] for row in LOST])
async def test_a_lost_answer_is_unknown_and_not_asked_for_again(bench: Bench, fault: Behaviour) -> None:
    server = await bench.serve(fault)
    panel = await bench.client(server.url, deadline=SHORT)
    assert isinstance(await panel.add(FIELDS), Unknown)
    assert len(server.requests) == 1
    assert server.connections == 1


async def test_429_is_throttled_although_its_body_never_ends(bench: Bench) -> None:
    server = await bench.serve(stalled(http(b"", 429, length=100)))
    panel = await bench.client(server.url)
    assert await panel.add(FIELDS) == Throttled(None)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_unknown_and_its_target_never_called(bench: Bench, status: int) -> None:
    """The key is in the body, so it is shown to nobody else."""
    target = await bench.serve(PLACED)
    panel, server = await bench.pair(http(b"", status, headers=(f"Location: {target.url}",)))
    assert isinstance(await panel.add(FIELDS), Unknown)
    assert len(server.requests) == 1
    assert target.connections == 0


async def test_a_redirect_to_nonsense_is_unknown(bench: Bench) -> None:
    panel, server = await bench.pair(http(b"", 302, headers=("Location: http://[::1/\x01",)))
    assert isinstance(await panel.add(FIELDS), Unknown)
    assert len(server.requests) == 1


async def test_an_answer_with_compression_is_read(bench: Bench) -> None:
    panel, _ = await bench.pair(http(gzip.compress(b'{"order": 5}'), headers=("Content-Encoding: gzip",)))
    assert await panel.add(FIELDS) == Placed("5")


async def test_a_gzip_bomb_is_unknown(bench: Bench) -> None:
    """The cap counts what comes out of the compression, and no more than that is ever held."""
    bomb = gzip.compress(b'{"order": 5}' + b" " * 100_000_000, compresslevel=1)
    panel, server = await bench.pair(http(bomb, headers=("Content-Encoding: gzip",)))
    tracemalloc.start()
    try:
        outcome = await panel.add(FIELDS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, Unknown)
    assert "larger" in outcome.reason
    assert peak < 8 * 1024 * 1024
    assert len(server.requests) == 1


async def test_proxy_variables_are_not_followed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = await bench.serve(PLACED)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    panel, server = await bench.pair(PLACED)
    assert await panel.add(FIELDS) == Placed("5")
    assert (proxy.connections, len(server.requests)) == (0, 1)


async def test_a_connection_kept_by_a_read_is_not_used(bench: Bench) -> None:
    """A kept connection can die with the request in it, and nobody could tell."""
    panel, server = await bench.pair(http({"balance": "1"}), http({"balance": "1"}), PLACED)
    await panel.balance()
    await panel.balance()
    assert server.connections == 1
    assert await panel.add(FIELDS) == Placed("5")
    assert server.connections == 2


async def test_cancelling_hangs_up_at_once_and_says_what_is_known(bench: Bench) -> None:
    """A cancelled ``add`` raises CancelledError, closes its socket and notes that it may have been sent."""
    panel, server = await bench.pair(silent)
    call = asyncio.create_task(panel.add(FIELDS))
    await server.received.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await call
    assert caught.value.__notes__ == ["the request may have been sent"]
    async with asyncio.timeout(5):
        await server.gone.wait()
    assert len(server.requests) == 1


async def test_cancelling_inside_the_handshake_hangs_up_and_knows_that_nothing_was_sent(bench: Bench) -> None:
    server = await faulty(bench, silent)
    panel = await bench.client(f"https://localhost:{server.port}/api/v2")
    call = asyncio.create_task(panel.add(FIELDS))
    await server.received.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await call
    assert caught.value.__notes__ == ["the request was not sent"]
    async with asyncio.timeout(5):
        await server.gone.wait()


async def test_no_turn_before_the_deadline_is_throttled_by_ourselves(bench: Bench) -> None:
    """The wait for a turn counts: an ``add`` is never sent after its caller has given it up. The panel is not to blame,
    and may be asked again when the next turn comes."""
    server = await bench.serve(PLACED)
    async with PanelClient("main", server.url, KEY, timeout=2 * SHORT, calls_per_minute=1) as panel:
        assert await panel.add(FIELDS) == Placed("5")
        held_back = await panel.add(FIELDS)
        assert isinstance(held_back, Throttled)
        assert held_back.ours
        assert held_back.retry_after is not None
        assert 0 < held_back.retry_after < 60
        with pytest.raises(PanelThrottledError) as caught:
            await panel.cancel(["5"])
        assert caught.value.retry_after is not None
        assert 0 < caught.value.retry_after < 60
    assert len(server.requests) == 1


async def test_a_closed_client_is_not_sent(bench: Bench) -> None:
    panel, server = await bench.pair(PLACED)
    await panel.aclose()
    assert isinstance(await panel.add(FIELDS), NotSent)
    assert server.connections == 0


async def test_adds_at_once_are_one_request_each(bench: Bench) -> None:
    panel, server = await bench.pair(PLACED)
    outcomes = await asyncio.gather(*(panel.add({**FIELDS, "quantity": str(n)}) for n in range(30)))
    assert outcomes == [Placed("5")] * 30
    assert sorted(int(request.fields["quantity"]) for request in server.requests) == list(range(30))


@pytest.mark.parametrize("answer", [PLACED, http({"error": f"Invalid API key {KEY}"}), hang_up, http(KEY)])
async def test_the_key_is_in_no_log_and_no_outcome(
    bench: Bench, answer: bytes | Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    panel, _ = await bench.pair(answer)
    outcome = await panel.add(FIELDS)
    assert KEY not in repr(outcome)
    assert KEY not in repr(panel)
    assert KEY not in f"{vars(panel)}"
    assert caplog.records
    assert KEY not in caplog.text
    assert all(KEY not in repr(vars(record)) for record in caplog.records)
