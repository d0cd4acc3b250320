"""Every form of the service list, canned, over a real socket."""

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.catalog import Offer
from bot.panel import PanelEmptyDataError, PanelRefusedError, PanelUnreadableError, ServiceList
from tests.panel.conftest import KEY, Bench
from tests.panel.server import http

FOLLOWERS: dict[str, object] = {
    "service": 1,
    "name": "Followers",
    "type": "Default",
    "category": "First Category",
    "rate": "0.90",
    "min": "50",
    "max": "10000",
    "refill": True,
    "cancel": True,
}
OFFER = Offer(
    panel_service="1",
    name="Followers",
    type_word="Default",
    category="First Category",
    rate=Decimal("0.90"),
    minimum=50,
    maximum=10000,
    refill=True,
    cancel=True,
)
UNNUMBERED = {name: value for name, value in FOLLOWERS.items() if name != "service"}


async def listed(bench: Bench, answer: object) -> ServiceList:
    panel, server = await bench.pair(answer if isinstance(answer, bytes) else http(answer))
    result = await panel.services()
    assert [request.fields for request in server.requests] == [{"key": KEY, "action": "services"}]
    return result


@pytest.mark.parametrize(
    "answer",
    [
        [FOLLOWERS],
        {"services": [FOLLOWERS]},
        {"data": [FOLLOWERS]},
        {"status": "success", "data": [FOLLOWERS]},
        {"data": {"services": [FOLLOWERS]}},
        {"1": FOLLOWERS},
        {"1": UNNUMBERED},
        {"services": {"1": UNNUMBERED}},
        "\ufeff" + json.dumps([FOLLOWERS]),
        "Notice: x in /a.php on line 3\n" + json.dumps([FOLLOWERS]),
    ],
)
async def test_a_list_is_found_in_each_wrapping(bench: Bench, answer: object) -> None:
    assert await listed(bench, answer) == ServiceList((OFFER,))


@pytest.mark.parametrize("answer", [[], "{}", {"services": []}, {"data": []}, {"services": {}}])
async def test_an_empty_list_is_an_empty_catalogue(bench: Bench, answer: object) -> None:
    assert await listed(bench, answer) == ServiceList(())


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "success"},
        {"status": "success", "data": None},
        {"services": None},
        {"data": "x"},
        {"data": {"data": {"data": {"data": []}}}},
        FOLLOWERS,
        ["Invalid"],
        [None],
        [{"error": "Invalid"}],
        [{**FOLLOWERS, "rate": "free"}],
        {"1": "Followers"},
    ],
)
async def test_what_is_no_list_is_an_error_and_not_an_empty_catalogue(bench: Bench, answer: object) -> None:
    with pytest.raises(PanelUnreadableError):
        await listed(bench, answer)


async def test_empty_data_is_an_error_of_its_own(bench: Bench) -> None:
    with pytest.raises(PanelEmptyDataError):
        await listed(bench, {"status": "success", "data": "Empty Data"})


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "Invalid API key"},
        {"error": "Invalid API key", "data": []},
        {"status": "fail", "msg": "Invalid API key"},
    ],
)
async def test_an_error_is_the_panels_refusal(bench: Bench, answer: object) -> None:
    with pytest.raises(PanelRefusedError, match="Invalid API key"):
        await listed(bench, answer)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"service": "65f0c1d2e3a4b5c6d7e8f901"}, {"panel_service": "65f0c1d2e3a4b5c6d7e8f901"}),
        ({"service": "0012"}, {"panel_service": "0012"}),
        ({"rate": 0.1}, {"rate": Decimal("0.1")}),
        ({"rate": 1}, {"rate": Decimal(1)}),
        ({"rate": "0.00012345"}, {"rate": Decimal("0.00012345")}),
        ({"rate": "1,000.50"}, {"rate": Decimal("1000.50")}),
        ({"rate": 8e-05}, {"rate": Decimal("0.00008")}),
        ({"rate": 0}, {"rate": Decimal(0)}),
        ({"max": "10,000"}, {"maximum": 10000}),
        ({"max": "1,000,000"}, {"maximum": 1000000}),
        ({"min": 50, "max": 10000.0}, {"minimum": 50, "maximum": 10000}),
        ({"refill": "true", "cancel": "0"}, {"refill": True, "cancel": False}),
        ({"refill": 1, "cancel": 0}, {"refill": True, "cancel": False}),
        ({"refill": "Yes", "cancel": "No"}, {"refill": True, "cancel": False}),
        ({"refill": None, "cancel": ""}, {"refill": None, "cancel": None}),
        ({"refill": "maybe", "cancel": 2}, {"refill": None, "cancel": None}),
        ({"dripfeed": True}, {"dripfeed": True}),
        ({"drip_feed": "false"}, {"dripfeed": False}),
        ({"desc": "Fast.\r\nGood."}, {"description": "Fast.\nGood."}),
        ({"description": "Slow", "desc": None}, {"description": "Slow"}),
        ({"type": "custom_comments"}, {"type_word": "custom_comments"}),
        ({"type": None}, {"type_word": "Default"}),
        ({"type": ""}, {"type_word": "Default"}),
        ({"name": " <b>A&B</b>\u0000\u202e\nمتابعون "}, {"name": "<b>A&B</b> متابعون"}),
        ({"name": "half \ud83d"}, {"name": "half"}),
        ({"name": ""}, {"name": "1"}),
        ({"category": None}, {"category": ""}),
    ],
)
async def test_an_entry_is_read_in_every_spelling(bench: Bench, given: dict[str, object], read: dict[str, Any]) -> None:
    expected = {**{name: getattr(OFFER, name) for name in OFFER.__slots__}, **read}
    assert await listed(bench, [{**FOLLOWERS, **given}]) == ServiceList((Offer(**expected),))


@pytest.mark.parametrize("name", ["type", "refill", "cancel"])
async def test_what_may_be_missing_may_be_missing(bench: Bench, name: str) -> None:
    """No type means Default, no flag means that the panel does not say."""
    entry = {key: value for key, value in FOLLOWERS.items() if key != name}
    offer = (await listed(bench, [entry])).offers[0]
    assert (offer.type_word, offer.refill, offer.cancel) == (
        "Default",
        None if name == "refill" else True,
        None if name == "cancel" else True,
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"service": None},
        {"service": 0},
        {"service": True},
        {"service": 1.5},
        {"service": "a,b"},
        {"rate": None},
        {"rate": "NaN"},
        {"rate": "Infinity"},
        {"rate": "-1"},
        {"rate": "0,90"},
        {"rate": "0,900"},
        {"rate": "１２"},
        {"rate": "1e99"},
        {"rate": True},
        {"rate": "$1"},
        {"min": None},
        {"min": "-1"},
        {"min": "20000"},
        {"min": "ten"},
        {"min": "10.5"},
        {"max": "9" * 30},
        {"max": "1e400"},
    ],
)
async def test_an_unusable_entry_is_skipped_with_a_reason_and_the_rest_kept(
    bench: Bench, bad: dict[str, object]
) -> None:
    result = await listed(bench, [{**FOLLOWERS, "service": 2, **bad}, FOLLOWERS])
    assert result.offers == (OFFER,)
    assert len(result.skipped) == 1
    assert result.skipped[0]


async def test_a_service_listed_twice_is_taken_once(bench: Bench) -> None:
    result = await listed(bench, [FOLLOWERS, {**FOLLOWERS, "rate": "9"}])
    assert result == ServiceList((OFFER,), ("service 1: listed twice",))


async def test_ten_thousand_services_are_read_in_order(bench: Bench) -> None:
    """An answer of several megabytes is read whole and keeps the panel's order."""
    entries = [{**FOLLOWERS, "service": n, "desc": "d" * 300} for n in range(1, 10_001)]
    result = await listed(bench, entries)
    assert [offer.panel_service for offer in result.offers] == [str(n) for n in range(1, 10_001)]


async def test_a_list_beyond_the_cap_is_unreadable(bench: Bench) -> None:
    with pytest.raises(PanelUnreadableError, match="larger"):
        await listed(bench, http(b"[" + b" " * 32 * 1024 * 1024 + b"]"))
