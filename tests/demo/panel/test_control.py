"""Telling a panel what to do from another process."""

import asyncio
import json
import signal
import sys
from urllib.parse import urljoin

import httpx
import pytest

from bot.demo.panel import DemoPanel, Fault, demo_offers
from bot.demo.panel.faults import FAULT_NAMES, fault_named
from tests.demo.panel.calling import Caller


async def tell(call: Caller, what: str, **told: object) -> httpx.Response:
    return await call.client.post(urljoin(call.panel.url, f"/control/{what}"), json=told)


async def test_fail_and_heal(call: Caller) -> None:
    """Faults are planned by name with their arguments, and healed."""
    planned = await tell(call, "fail", action="balance", fault="http_error", status=503, taken=False, times=None)
    assert planned.json() == {"planned": "http_error"}
    answers = [await call.raw("balance") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    await tell(call, "heal")
    assert (await call.raw("balance")).status_code == 200


async def test_a_lost_order_is_in_the_state(call: Caller) -> None:
    """The state has every order taken and every add that arrived, also where the answer was lost."""
    await tell(call, "fail", fault="reset", taken=True)
    with pytest.raises(httpx.ReadError):
        await call.place()
    state = (await call.client.get(urljoin(call.panel.url, "/control/state"))).json()
    [order] = state["orders"]
    assert order["id"] in call.panel.orders
    assert state["adds"] == [order["fields"]]
    assert state["balance"] == "999.955"


async def test_moving_orders(call: Caller) -> None:
    """Orders are advanced, set to a status, and the balance is set."""
    name = await call.place()
    assert (await tell(call, "advance")).json() == {"moved": 1}
    assert call.panel.orders[name].status == "In progress"
    said = await tell(call, "set-status", order=name, status="Partial", remains=20, start_count=7)
    assert (said.json()["remains"], said.json()["start_count"]) == (20, 7)
    assert (await tell(call, "balance", balance="0.5")).json() == {"balance": "0.5"}


async def test_waiting_for_a_call(call: Caller) -> None:
    """One can wait for calls and orders to arrive."""
    waiting = asyncio.create_task(
        call.client.get(urljoin(call.panel.url, "/control/wait"), params={"action": "add", "count": 2})
    )
    await call.place()
    assert not waiting.done()
    await call.place("Package")
    assert (await waiting).json()["counts"]["add"] == 2
    took = await call.client.get(urljoin(call.panel.url, "/control/wait"), params={"count": 2})
    assert took.json()["orders"] == 2


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("fail", {"fault": "nonsense"}),
        ("fail", {"fault": "reset", "taken": "yes"}),
        ("fail", {"fault": "reset"}),
        ("fail", {"fault": "reset", "taken": True, "times": "many"}),
        ("fail", {"fault": "slow", "seconds": "long"}),
        ("fail", {}),
        ("set-status", {"order": "1", "status": "Completed"}),
        ("balance", {"balance": "NaN"}),
        ("balance", {"balance": "lots"}),
    ],
)
async def test_nonsense_is_told_so(call: Caller, what: str, told: dict[str, object]) -> None:
    """What makes no sense is answered 400 with words, and changes nothing."""
    before = call.panel.balance
    said = await tell(call, what, **told)
    assert said.status_code == 400
    assert said.json()["error"]
    assert "order" in (await call.raw("add", service="1", link="https://example.com/1", quantity="100")).json()
    assert before - call.panel.balance == sum(order.charge for order in call.panel.orders.values())


async def test_strangers_are_kept_out(call: Caller) -> None:
    """A page from elsewhere can neither name the host as its own nor send a form."""
    url = urljoin(call.panel.url, "/control/heal")
    rebound = await call.client.post(url, json={}, headers={"Host": "evil.example:80"})
    form = await call.client.post(url, data={"a": "b"})
    unknown = await call.client.get(urljoin(call.panel.url, "/control/else"))
    assert (rebound.status_code, form.status_code, unknown.status_code) == (403, 415, 404)


def test_every_fault_has_a_name() -> None:
    """Each constructor of a fault can be named from another process."""
    constructors = {name for name, value in vars(Fault).items() if isinstance(value, classmethod)}
    assert set(FAULT_NAMES) == constructors
    assert fault_named("cut", {"taken": True}) == Fault.cut(taken=True)
    assert fault_named("slow", {"seconds": 2, "late": True}) == Fault.slow(2, late=True)


async def test_in_a_process_of_its_own() -> None:
    """The panel runs alone, says where it is on one line, and ends on SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.demo.panel", "--port", "0", "--key", "k", "--name", "Other", "--speaks", "beta"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        async with httpx.AsyncClient() as client:
            balance = await client.post(url, data={"key": "k", "action": "balance"})
            state = await client.get(urljoin(url, "/control/state"))
        assert balance.json() == {"balance": 100, "currency": "USD"}
        assert state.json()["name"] == "Other"
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_another_port_is_another_panel() -> None:
    """Two panels run side by side and know nothing of each other."""
    one, two = (DemoPanel(name, offers=demo_offers("alpha")) for name in ("One", "Two"))
    async with one.serve(), two.serve(), httpx.AsyncClient() as client:
        await Caller(one, client).place()
    assert (len(one.orders), len(two.orders)) == (1, 0)
