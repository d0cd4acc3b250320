"""A panel's life on its socket: restarts, connections, and what is no request."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from bot.demo.panel import DemoPanel, Fault, demo_offers, many_offers
from tests.demo.panel.calling import Caller


async def test_dead_and_alive_again(call: Caller) -> None:
    """A panel that died comes back at the same address with its orders."""
    name = await call.place()
    url = call.panel.url
    await call.panel.stop()
    with pytest.raises(httpx.TransportError):
        await call("balance")
    assert await call.panel.start() == url
    said = await call("status", order=name)
    assert isinstance(said, dict)
    assert said["status"] == "Pending"


async def test_stopping_resets_those_who_wait(call: Caller) -> None:
    """A call in flight when the panel dies ends in an error, and what was taken stays taken."""
    call.panel.fail("add", Fault.slow(3600))
    call.panel.fail("status", Fault.silent(taken=False))
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        adding = group.create_task(_error(call, "add", service="1", link="https://example.com/1", quantity="100"))
        asking = group.create_task(_error(call, "status", order="1"))
        await call.panel.took(1)
        await call.panel.arrived("status")
        await call.panel.stop()
    assert isinstance(adding.result(), httpx.TransportError)
    assert isinstance(asking.result(), httpx.TransportError)
    assert len(call.panel.orders) == 1


async def _error(call: Caller, action: str, **fields: str) -> Exception | None:
    try:
        await call.raw(action, **fields)
    except httpx.TransportError as error:
        return error
    return None


async def test_running_twice_is_an_error(call: Caller) -> None:
    """A panel that runs cannot be started again."""
    with pytest.raises(RuntimeError):
        await call.panel.start()


async def test_many_calls_side_by_side(call: Caller) -> None:
    """Adds that come at once are all taken, each under an id of its own."""
    said = await asyncio.gather(
        *(call("add", service="1", link=f"https://example.com/{n}", quantity="100") for n in range(100))
    )
    ids = {str(answer["order"]) for answer in said if isinstance(answer, dict)}
    assert ids == set(call.panel.orders)
    assert len(call.panel.adds) == len(ids) == 100


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00", b"HTTP/1.1 400"),
        (b"POST /api/v2\r\n\r\n", b"HTTP/1.1 400"),
        (b"POST /api/v2 HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 400"),
        (b"POST /api/v2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 400"),
        (b"POST /api/v2 HTTP/1.1\r\nContent-Length: 3\r\n\r\na=\xff", b"HTTP/1.1 400"),
        (b"GET /api/v2 HTTP/1.1\r\nConnection: close\r\n\r\n", b"HTTP/1.1 404"),
        (b"POST /elsewhere HTTP/1.1\r\nConnection: close\r\n\r\n", b"HTTP/1.1 404"),
        (b"POST /api/v2 HTTP/1.1\r\nContent-Length: 30\r\n\r\nkey", b""),
    ],
)
async def test_what_is_no_call(call: Caller, sent: bytes, status: bytes) -> None:
    """What is not a form posted to the API gets an error, or nothing if it breaks off; no call is noted."""
    address = urlsplit(call.panel.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(sent)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(status)
    assert bool(answer) == bool(status)
    assert call.panel.requests == []


async def test_ten_thousand_services() -> None:
    """A large catalogue is one answer with every service in it, all types among them."""
    offers = many_offers(10_000)
    panel = DemoPanel(offers=offers)
    async with panel.serve(), httpx.AsyncClient() as client:
        said = await Caller(panel, client)("services")
    assert isinstance(said, list)
    assert len({entry["service"] for entry in said}) == 10_000
    assert len({entry["type"] for entry in said}) == 16


def test_the_demo_catalogues() -> None:
    """The demo's two panels cover all types, share ids and categories, and have names that need escaping."""
    alpha, beta = demo_offers("alpha"), demo_offers("beta")
    assert len({offer.type for offer in (*alpha, *beta)}) == 16
    assert {offer.type for offer in beta} >= {"Poll", "Subscriptions", "Default"}
    for offers in (alpha, beta):
        assert len({offer.service for offer in offers}) == len(offers)
        assert all(offer.rate > 0 and 0 < offer.min <= offer.max for offer in offers)
    assert {offer.service for offer in alpha} & {offer.service for offer in beta}
    assert {offer.category for offer in alpha} & {offer.category for offer in beta}
    names = "".join(offer.name for offer in alpha)
    assert all(part in names for part in ("&", "<b>", '"', "⚡", "متابعون"))
