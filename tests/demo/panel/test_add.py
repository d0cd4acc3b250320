"""What an ``add`` must bring for each of the 16 types, and in which words the panel says no."""

from decimal import Decimal

import httpx
import pytest

from bot.demo.panel import TYPE_RULES, DemoPanel, offer_of_type
from tests.demo.panel.calling import EVERY_OFFER, Caller, HandClock, good_fields

REQUIRED = [(kind, name) for kind, rule in TYPE_RULES.items() for name in rule.required]


async def offer_panel(kind: str, clock: HandClock) -> DemoPanel:
    return DemoPanel(offers=[offer_of_type(EVERY_OFFER, kind)], balance=Decimal(1000), clock=clock)


@pytest.mark.parametrize("kind", TYPE_RULES)
async def test_each_type_is_taken_with_its_own_fields(kind: str, clock: HandClock) -> None:
    """An add with the fields of its type is taken, and they are kept exactly as they were sent."""
    panel = await offer_panel(kind, clock)
    async with panel.serve(), httpx.AsyncClient() as client:
        name = await Caller(panel, client).place(kind)
    [offer] = panel.book.offers.values()
    sent = {"service": offer.service, **good_fields(offer)}
    assert panel.orders[name].fields == sent
    assert panel.adds == [sent]
    assert panel.requests[0].order == name


@pytest.mark.parametrize(("kind", "missing"), REQUIRED)
async def test_each_required_field_is_required(kind: str, missing: str, clock: HandClock) -> None:
    """An add without a field of its type is refused, and nothing is taken or paid."""
    panel = await offer_panel(kind, clock)
    [offer] = panel.book.offers.values()
    fields = {name: value for name, value in good_fields(offer).items() if name != missing}
    async with panel.serve(), httpx.AsyncClient() as client:
        said = await Caller(panel, client)("add", service=offer.service, **fields)
    assert said == {"error": f"Incorrect {missing.replace('_', ' ')}"}
    assert (panel.orders, panel.balance) == ({}, Decimal(1000))


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("Default", {"service": "999"}, "Incorrect service ID"),
        ("Default", {"quantity": "49"}, "Quantity less than minimal 50"),
        ("Default", {"quantity": "10001"}, "Quantity more than maximum 10000"),
        ("Default", {"quantity": "1.5"}, "Incorrect quantity"),
        ("Default", {"quantity": "５０"}, "Incorrect quantity"),
        ("Default", {"quantity": "-50"}, "Incorrect quantity"),
        ("Default", {"link": "two words"}, "Incorrect link"),
        ("Default", {"runs": "3"}, "Incorrect interval"),
        ("Default", {"interval": "3"}, "Incorrect runs"),
        ("Comment Likes", {"runs": "2", "interval": "5"}, "Drip-feed is not available for this service"),
        ("Custom Comments", {"comments": "one\n\n\ntwo"}, "Quantity less than minimal 10"),
        ("Subscriptions", {"delay": "7"}, "Incorrect delay"),
        ("Subscriptions", {"min": "30", "max": "20"}, "Incorrect max"),
        ("Subscriptions", {"max": "5001"}, "Max more than maximum 5000"),
        ("Subscriptions", {"posts": "many"}, "Incorrect posts"),
        ("Subscriptions", {"expiry": "31/02/2031"}, "Incorrect expiry"),
        ("Subscriptions", {"expiry": "2031-02-01"}, "Incorrect expiry"),
        ("Subscriptions", {"expiry": "31/12/2029"}, "Incorrect expiry"),
    ],
)
async def test_wrong_values_are_refused_in_words(call: Caller, kind: str, changed: dict[str, str], words: str) -> None:
    """A value that does not fit is refused in the words panels use."""
    offer = offer_of_type(call.panel.book.offers.values(), kind)
    said = await call("add", **{"service": offer.service, **good_fields(offer), **changed})
    assert said == {"error": words}
    assert call.panel.orders == {}


async def test_the_poll_wants_a_number(call_beta: Caller) -> None:
    """A poll's answer is a number."""
    offer = offer_of_type(call_beta.panel.book.offers.values(), "Poll")
    fields = {**good_fields(offer), "answer_number": "blue"}
    assert await call_beta("add", service=offer.service, **fields) == {
        "status": "error",
        "msg": "Incorrect answer number",
    }


async def test_the_charge_leaves_the_balance(call: Caller) -> None:
    """An order's charge is its rate for its units, taken from the balance at once."""
    plain = await call.place(quantity=200)
    drip = await call.place(link="https://example.com/p/9", quantity=100, runs=5, interval=10)
    package = await call.place("Package")
    charges = [call.panel.orders[name].charge for name in (plain, drip, package)]
    assert charges == [Decimal("0.18"), Decimal("0.45"), Decimal("1.50")]
    assert call.panel.balance == 1000 - sum(charges)


async def test_a_short_balance_takes_nothing(call: Caller) -> None:
    """An order that costs more than the balance is refused for funds."""
    call.panel.balance = Decimal("0.10")
    offer = offer_of_type(call.panel.book.offers.values(), "Default")
    fields = {**good_fields(offer), "quantity": "200"}
    assert await call("add", service=offer.service, **fields) == {"error": "Not enough funds on balance"}
    assert call.panel.balance == Decimal("0.10")


async def test_one_open_order_for_a_link(call: Caller) -> None:
    """A second order for the same link and service is refused until the first one has ended."""
    first = await call.place()
    offer = offer_of_type(call.panel.book.offers.values(), "Default")
    said = await call("add", service=offer.service, **good_fields(offer))
    assert said == {"error": "You have active order with this link. Please wait until order being completed."}
    call.panel.set_status(first, "Completed")
    assert await call.place() != first


async def test_limits_of_the_total(call: Caller, call_beta: Caller) -> None:
    """Panels differ: one holds the maximum to a run, the other to all runs together."""
    offers = {name: one.panel.book.offers[name] for one, name in ((call, "7"), (call_beta, "5"))}
    spread = {"link": "https://example.com/x", "runs": 3, "interval": 5}
    per_run = await call("add", service="7", quantity=offers["7"].max, **spread)
    in_total = await call_beta("add", service="5", quantity=offers["5"].max, **spread)
    assert per_run == {"order": int(next(iter(call.panel.orders)))}
    assert in_total == {"status": "error", "msg": f"Quantity more than maximum {offers['5'].max}"}
