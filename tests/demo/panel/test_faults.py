"""Each way to fail, as a client sees it, and whether the order was taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from bot.demo.panel import DemoPanel, Fault, demo_offers
from tests.demo.panel.calling import Caller

Seen = type[Exception] | tuple[int, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A fault, what a client with a short read timeout sees of it, and whether it can be taken or not."""

    fault: Fault
    seen: Seen

    def __str__(self) -> str:
        return f"{self.fault.how}-{self.seen}-{self.fault.taken}"


BOTH = (True, False)
LOGIN = "https://example.com/login"
CASES = [
    Case(Fault.reset_on_accept(), httpx.ReadError),
    Case(Fault.silent_on_accept(), httpx.ReadTimeout),
    *(Case(Fault.reset(taken=taken), httpx.ReadError) for taken in BOTH),
    *(Case(Fault.close(taken=taken), httpx.RemoteProtocolError) for taken in BOTH),
    *(Case(Fault.silent(taken=taken), httpx.ReadTimeout) for taken in BOTH),
    *(Case(Fault.cut(taken=taken), httpx.RemoteProtocolError) for taken in BOTH),
    *(Case(Fault.html(taken=taken), (200, "Just a moment")) for taken in BOTH),
    *(Case(Fault.redirect(LOGIN, taken=taken), (302, "Moved")) for taken in BOTH),
    *(Case(Fault.http_error(500, taken=taken), (500, "<html>")) for taken in BOTH),
    *(Case(Fault.http_error(502, taken=taken, words="gone"), (502, '{"error": "gone"}')) for taken in BOTH),
    *(Case(Fault.http_error(403, taken=taken), (403, "<html>")) for taken in BOTH),
    *(Case(Fault.http_error(520, taken=taken), (520, "<html>")) for taken in BOTH),
    *(Case(Fault.empty(taken=taken), (200, "")) for taken in BOTH),
    *(Case(Fault.id_zero(taken=taken), (200, '{"order": 0}')) for taken in BOTH),
    *(Case(Fault.id_null(taken=taken), (200, '{"order": null}')) for taken in BOTH),
    *(Case(Fault.id_with_error("No", taken=taken), (200, '{"order": 23501, "error": "No"}')) for taken in BOTH),
    *(Case(Fault.says("[1", taken=taken, status=201), (201, "[1")) for taken in BOTH),
    Case(Fault.throttled(), (429, "Too many requests")),
    Case(Fault.throttled(7, words=None), (429, "slow down")),
    Case(Fault.noise(), (200, '\n{"order": 23501}')),
    Case(Fault.byte_order_mark(), (200, '\ufeff{"order": 23501}')),
    Case(Fault.refused("Invalid API key"), (200, '{"error": "Invalid API key"}')),
    Case(Fault.refused("Bad link", status=400), (400, '{"error": "Bad link"}')),
    Case(Fault.refused("¿Qué?", shape="msg"), (200, '{"status": "error", "msg": "\\u00bfQu\\u00e9?"}')),
]


@asynccontextmanager
async def fresh() -> AsyncIterator[Caller]:
    """A panel and a client that gives up soon."""
    panel = DemoPanel(offers=demo_offers("alpha"))
    async with panel.serve(), httpx.AsyncClient(timeout=httpx.Timeout(5, read=0.2)) as client:
        yield Caller(panel, client)


async def add(call: Caller) -> httpx.Response:
    return await call.raw("add", service="1", link="https://example.com/p/1", quantity="100")


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_each_fault(case: Case) -> None:
    """A fault shows on the wire as it is named, takes the order or not as it says, and happens once."""
    async with fresh() as call:
        call.panel.fail("add", case.fault)
        if isinstance(case.seen, tuple):
            answer = await add(call)
            assert answer.status_code == case.seen[0]
            assert case.seen[1] in answer.text
        else:
            with pytest.raises(case.seen):
                await add(call)
        assert len(call.panel.orders) == int(case.fault.taken)
        call.panel.heal()
        again = (await call.raw("balance")).json()
        assert set(again) == {"balance", "currency"}


@pytest.mark.parametrize("taken", BOTH)
@pytest.mark.parametrize("in_head", BOTH)
async def test_a_drip_never_ends(*, in_head: bool, taken: bool) -> None:
    """A dripped answer keeps coming within the read timeout, so only the caller's own deadline ends it."""
    async with fresh() as call:
        call.panel.fail("add", Fault.drip(taken=taken, seconds=0.01, in_head=in_head))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await add(call)
        assert len(call.panel.orders) == int(taken)


async def test_a_flood_has_no_end() -> None:
    """A body can go on for longer than anybody should read."""
    async with fresh() as call:
        call.panel.fail("services", Fault.flood(taken=True))
        form = {"key": call.panel.key, "action": "services"}
        read = 0
        async with call.client.stream("POST", call.panel.url, data=form) as answer:
            async for chunk in answer.aiter_raw():
                read += len(chunk)
                if read > 10_000_000:
                    break
        assert read > 10_000_000


async def test_retry_after_and_location() -> None:
    """The headers that go with 429 and 3xx are there."""
    async with fresh() as call:
        call.panel.fail("add", Fault.throttled("Wed, 21 Oct 2026 07:28:00 GMT"))
        call.panel.fail("add", Fault.throttled(2))
        call.panel.fail("add", Fault.throttled())
        call.panel.fail("add", Fault.redirect(LOGIN, taken=False, status=301))
        answers = [await add(call) for _ in range(4)]
    retry = [answer.headers.get("retry-after") for answer in answers[:3]]
    assert retry == ["Wed, 21 Oct 2026 07:28:00 GMT", "2", None]
    assert answers[3].headers["location"] == LOGIN


async def test_a_slow_answer_is_let_go_by_an_event() -> None:
    """A slow answer takes the order at once, waits, and goes out when released."""
    async with fresh() as call:
        call.panel.fail("add", Fault.slow(3600))
        async with asyncio.timeout(5), httpx.AsyncClient(timeout=5) as patient, asyncio.TaskGroup() as group:
            asking = group.create_task(add(Caller(call.panel, patient)))
            await call.panel.took(1)
            assert not asking.done()
            call.panel.release()
        assert asking.result().json() == {"order": int(next(iter(call.panel.orders)))}


@pytest.mark.parametrize(("fault", "orders"), [(Fault.slow(60, late=True), 1), (Fault.slow(60, taken=False), 0)])
async def test_a_client_that_leaves_does_not_stop_the_panel(fault: Fault, orders: int) -> None:
    """A late panel takes the order after its client has gone; one that does not take it never does."""
    async with fresh() as call:
        call.panel.fail("add", fault)
        with pytest.raises(httpx.ReadTimeout):
            await add(call)
        assert call.panel.counts["add"] == 1
        assert call.panel.orders == {}
        call.panel.release()
        await call.raw("balance")
        assert len(call.panel.orders) == orders


async def test_faults_are_counted_and_stand() -> None:
    """Counted faults come first and in order, the standing one until healed; other actions go on."""
    async with fresh() as call:
        call.panel.fail("add", Fault.refused("standing"), times=None)
        call.panel.fail("add", Fault.refused("first"), times=2)
        call.panel.fail("add", Fault.refused("second"))
        words = [(await add(call)).json()["error"] for _ in range(6)]
        assert words == ["first", "first", "second", "standing", "standing", "standing"]
        assert "balance" in (await call.raw("balance")).json()
        call.panel.heal("add")
        assert "order" in (await add(call)).json()


async def test_faults_for_one_link() -> None:
    """A fault can be for the calls about one link alone."""
    async with fresh() as call:
        call.panel.fail("add", Fault.refused("this one"), times=None, link="https://example.com/p/1")
        call.panel.fail("add", Fault.refused("that one"), link="https://example.com/p/2")
        assert "order" in (await call.raw("add", service="1", link="https://example.com/p/3", quantity="100")).json()
        assert (await add(call)).json() == {"error": "this one"}


async def test_a_fault_for_any_action() -> None:
    """A fault for any action meets whichever comes next."""
    async with fresh() as call:
        call.panel.fail("any", Fault.html(taken=False, status=503), times=2)
        answers = [await call.raw("balance"), await call.raw("services"), await call.raw("balance")]
        assert [answer.status_code for answer in answers] == [503, 503, 200]


async def test_refused_and_no_handshake() -> None:
    """A stopped panel refuses connections; https to a plain panel fails to connect, or waits for it."""
    async with fresh() as call:
        secure = call.panel.url.replace("http:", "https:")
        with pytest.raises(httpx.ConnectError):
            await call.client.post(secure)
        call.panel.fail("add", Fault.silent_on_accept())
        with pytest.raises(httpx.ConnectTimeout):
            await call.client.post(secure, timeout=0.1)
        await call.panel.stop()
        with pytest.raises(httpx.ConnectError):
            await add(call)
        assert call.panel.requests == []
