"""Each action of API v2, for one and for many, in the shapes of the panels' documents."""

from decimal import Decimal

import httpx
import pytest

from bot.demo.panel import DemoPanel, Dialect, demo_offers
from tests.demo.panel.calling import Caller


async def test_services_as_documented(call: Caller) -> None:
    """The list has every service, in the document's own form."""
    said = await call("services")
    assert isinstance(said, list)
    assert len(said) == len(call.panel.book.offers)
    assert said[0] == {
        "service": 1,
        "name": "Followers | Mixed | Instant",
        "type": "Default",
        "category": "Instagram Followers",
        "rate": "0.9",
        "min": "50",
        "max": "10000",
        "refill": True,
        "cancel": True,
        "dripfeed": True,
        "desc": "Starts at once. 30 days refill.",
    }


async def test_services_follow_set_offers(call: Caller) -> None:
    """New services are in the next answer, also after the list was asked for before."""
    await call("services")
    call.panel.set_offers(demo_offers("alpha")[:3])
    said = await call("services")
    assert isinstance(said, list)
    assert [entry["service"] for entry in said] == [1, 2, 3]


async def test_balance(call: Caller) -> None:
    """The balance is a decimal text and has a currency."""
    call.panel.balance = Decimal("100.84292")
    assert await call("balance") == {"balance": "100.84292", "currency": "USD"}


async def test_one_status(call: Caller) -> None:
    """One order's status has the five keys of the document."""
    name = await call.place(quantity=200)
    call.panel.set_status(name, "Partial", remains=150, start_count=3572)
    assert await call("status", order=name) == {
        "charge": "0.045",
        "start_count": "3572",
        "status": "Partial",
        "remains": "150",
        "currency": "USD",
    }


async def test_many_statuses(call: Caller) -> None:
    """Several are answered by id, a bad id by an error in its place, a lost one not at all."""
    first = await call.place()
    second = await call.place("Custom Comments")
    third = await call.place("Package")
    call.panel.forget(second)
    call.panel.forget(third, silently=True)
    said = await call("status", orders=f"{first},{second},{third},77")
    assert isinstance(said, dict)
    assert list(said) == [first, second, "77"]
    assert said[first]["status"] == "Pending"
    assert said[second] == said["77"] == {"error": "Incorrect order ID"}
    call.panel.remember(second)
    assert await call("status", order=second) != {"error": "Incorrect order ID"}


async def test_more_than_a_hundred(call: Caller, call_beta: Caller) -> None:
    """More than 100 ids are refused by the one panel and cut by the other."""
    ids = ",".join(str(number) for number in range(101))
    assert await call("status", orders=ids) == {"error": "Maximum 100 IDs"}
    cut = await call_beta("status", orders=ids)
    assert isinstance(cut, list)
    assert len(cut) == 100


async def test_refill_one_and_many(call: Caller) -> None:
    """A refill has an id of its own, is refused where there is none, and goes through its statuses."""
    done, open_ = await call.place(), await call.place("Package")
    call.panel.set_status(done, "Completed")
    one = await call("refill", order=done)
    assert isinstance(one, dict)
    refill = one["refill"]
    assert refill in call.panel.refills
    assert refill not in call.panel.orders
    many = await call("refill", orders=f"{done},{open_},5")
    assert many == [
        {"order": int(done), "refill": {"error": "Refill already requested"}},
        {"order": int(open_), "refill": {"error": "Refill is not available for this order"}},
        {"order": 5, "refill": {"error": "Incorrect order ID"}},
    ]
    seen = []
    for _ in range(3):
        seen.append(await call("refill_status", refill=refill))
        call.panel.advance()
    assert seen == [{"status": "Pending"}, {"status": "In progress"}, {"status": "Completed"}]
    assert await call("refill_status", refills=f"{refill},3") == [
        {"refill": int(refill), "status": "Completed"},
        {"refill": 3, "status": {"error": "Refill not found"}},
    ]
    assert await call("refill_status", refill="3") == {"error": "Refill not found"}


async def test_cancel_is_asked_not_done(call: Caller) -> None:
    """A cancel answers 1 and changes nothing until the order's next step."""
    name = await call.place()
    before = call.panel.balance
    said = await call("cancel", orders=f"{name},9")
    assert said == [
        {"order": int(name), "cancel": 1},
        {"order": 9, "cancel": {"error": "Incorrect order ID"}},
    ]
    assert call.panel.orders[name].status == "Pending"
    call.panel.advance()
    assert call.panel.orders[name].status == "Canceled"
    assert call.panel.balance == before + call.panel.orders[name].price


async def test_cancel_of_a_running_order_is_partial(call: Caller) -> None:
    """What came before the cancelling is paid, the rest comes back."""
    name = await call.place(quantity=200)
    call.panel.advance()
    await call("cancel", orders=name)
    call.panel.advance()
    order = call.panel.orders[name]
    assert (order.status, order.remains) == ("Partial", 100)
    assert order.charge == order.price / 2


async def test_wrong_key_and_action(call: Caller) -> None:
    """A wrong key and an unknown action are errors, in HTTP 200."""
    wrong = await call.client.post(call.panel.url, data={"key": "x", "action": "balance"})
    assert (wrong.status_code, wrong.json()) == (200, {"error": "Invalid API key"})
    assert await call("dance") == {"error": "Incorrect request"}


async def test_the_second_panel_speaks_differently(call_beta: Caller) -> None:
    """Hex ids, numbers as numbers, lists in place of dicts, wrapped services, and errors as 400."""
    name = await call_beta.place()
    assert len(name) == 24
    assert int(name, 16)
    services = await call_beta("services")
    assert isinstance(services, dict)
    assert services["data"][0]["rate"] == 0.62
    assert {entry["type"] for entry in services["data"]} >= {"default", "web_traffic", "poll"}
    call_beta.panel.set_status(name, "Canceled")
    [status] = (await call_beta.raw("status", orders=name)).json()
    assert status["order"] == name
    assert (status["status"], status["charge"], status["remains"]) == ("Cancelled", 0, 100)
    refused = await call_beta.raw("status", order="1")
    assert (refused.status_code, refused.json()) == (400, {"status": "error", "msg": "Incorrect order ID"})
    assert await call_beta("cancel", orders="1") == {"1": {"cancel": {"error": "Incorrect order ID"}}}
    call_beta.panel.set_offers([])
    assert await call_beta("services") == {"status": "success", "data": "Empty Data"}


@pytest.mark.parametrize(
    ("dialect", "services", "statuses"),
    [
        (Dialect(services_shape="services"), lambda said: said["services"][0], lambda said: said["23501"]),
        (Dialect(services_shape="by_id"), lambda said: said["1"], lambda said: said["23501"]),
        (Dialect(status_shape="wrapped"), lambda said: said[0], lambda said: said["orders"]["23501"]),
    ],
)
async def test_other_shapes(dialect: Dialect, services: object, statuses: object) -> None:
    """The other wrappings hold the same entries."""
    assert callable(services)
    assert callable(statuses)
    panel = DemoPanel(offers=demo_offers("alpha"), dialect=dialect)
    async with panel.serve(), httpx.AsyncClient() as client:
        call = Caller(panel, client)
        name = await call.place()
        assert services(await call("services"))["service"] == 1
        assert statuses(await call("status", orders=name))["status"] == "Pending"


async def test_answers_no_sound_panel_gives(call: Caller) -> None:
    """Values and gaps can be laid over an order's status, for readers that must survive them."""
    name = await call.place()
    call.panel.set_status(name, "Partial", remains=-5, answer={"start_count": "", "charge": None}, omit=["currency"])
    assert await call("status", order=name) == {
        "status": "Partial",
        "charge": None,
        "start_count": "",
        "remains": "-5",
    }
