"""Every form of the answers about orders, refills and the balance, canned, over a real socket."""

from decimal import Decimal

import pytest

from bot.domain.outcomes import PanelStatus, RefusalKind, Rejected, StatusReport
from bot.panel import (
    Balance,
    CancelAsked,
    PanelAnswerLostError,
    PanelClient,
    PanelRefusedError,
    PanelUnreadableError,
    RefillReport,
)
from tests.panel.conftest import KEY, Bench
from tests.panel.server import http

PARTIAL: dict[str, object] = {
    "charge": "0.27819",
    "start_count": "3572",
    "status": "Partial",
    "remains": "157",
    "currency": "USD",
}
REPORT = StatusReport("Partial", PanelStatus.PARTIAL, Decimal("0.27819"), 3572, 157, "USD")
BAD_ID = Rejected("Incorrect order ID")
ERROR = {"error": "Incorrect order ID"}
HEX = "65f0c1d2e3a4b5c6d7e8f901"

STATUS_OF_ONE: list[tuple[object, StatusReport | Rejected | None]] = [
    (PARTIAL, REPORT),
    ([PARTIAL], REPORT),
    ({"1": PARTIAL}, REPORT),
    ({"order": 1, **PARTIAL}, REPORT),
    ([{"order": "1", **PARTIAL}], REPORT),
    ({"orders": {"1": PARTIAL}}, REPORT),
    ({"status": "success", "data": PARTIAL}, REPORT),
    ({"status": "success", "orders": {"1": PARTIAL}}, REPORT),
    ({"status": "Fail"}, StatusReport("Fail", PanelStatus.FAILED)),
    ({"status": "error"}, StatusReport("error", PanelStatus.FAILED)),
    ({"status": "Success"}, StatusReport("Success", PanelStatus.COMPLETED)),
    (
        {"status": "Error", "charge": "0", "message": "x"},
        StatusReport("Error", PanelStatus.FAILED, Decimal(0)),
    ),
    ({"status": "Sleeping"}, StatusReport("Sleeping", None)),
    ({"status": "Canceled", "error": None}, StatusReport("Canceled", PanelStatus.CANCELED)),
    (ERROR, BAD_ID),
    ({"1": "Incorrect order ID"}, BAD_ID),
    ({"1": ERROR}, BAD_ID),
    ({"status": ERROR}, BAD_ID),
    ({"status": "error", "message": "Incorrect order ID"}, BAD_ID),
    ({"success": False, "message": "Incorrect order ID"}, BAD_ID),
    (http(ERROR, 404), BAD_ID),
    (http({"message": "Incorrect order ID"}, 422), BAD_ID),
    ({"status": "success", "data": "Empty Data"}, None),
    ({"status": "success", "message": "ok"}, None),
    ({"order": 2, **PARTIAL}, None),
    ({"charge": "1"}, None),
    ({"status": None}, None),
    ({"status": ""}, None),
    ({"1": None}, None),
    ("{}", None),
    ([], None),
]

STATUS_OF_MANY: list[object] = [
    {"1": PARTIAL, HEX: ERROR, "9": PARTIAL},
    {"1": PARTIAL, HEX: "Incorrect order ID"},
    [{"order": 1, **PARTIAL}, {"order": HEX, **ERROR}, {"order": 9, **PARTIAL}, "x", None],
    {"orders": {"1": PARTIAL, HEX: ERROR}},
    {"orders": [{"order": "1", **PARTIAL}, {"order": HEX, "status": ERROR}]},
    {"status": "success", "data": {"1": PARTIAL, HEX: ERROR}},
    {"1": PARTIAL, HEX: {"status": "error", "msg": "Incorrect order ID"}},
]

WORDS = {
    PanelStatus.PENDING: ["Pending", "Awaiting", "Queued", "New", "Waiting", "PENDING "],
    PanelStatus.IN_PROGRESS: [
        "In progress",
        "in_progress",
        "In-Progress",
        "Inprogress",
        "Processing",
        "Active",
    ],
    PanelStatus.COMPLETED: ["Completed", "Complete", "Success", "Done", "Finished"],
    PanelStatus.PARTIAL: ["Partial", "Partially completed", "partially_completed"],
    PanelStatus.CANCELED: ["Canceled", "Cancelled", "Cancel", "Refunded", "Refund"],
    PanelStatus.FAILED: ["Fail", "Failed", "Error", "Rejected"],
    PanelStatus.PAUSED: ["Paused"],
    PanelStatus.EXPIRED: ["Expired"],
}


async def panel_with(bench: Bench, answer: object) -> PanelClient:
    panel, _ = await bench.pair(answer if isinstance(answer, bytes) else http(answer))
    return panel


@pytest.mark.parametrize(("answer", "report"), STATUS_OF_ONE)
async def test_the_status_of_one_order(bench: Bench, answer: object, report: StatusReport | Rejected | None) -> None:
    """One order's answer names it or not; what it says nothing about is missing."""
    panel = await panel_with(bench, answer)
    assert await panel.status(["1"]) == ({} if report is None else {"1": report})


@pytest.mark.parametrize("answer", STATUS_OF_MANY)
async def test_the_statuses_of_many_orders(bench: Bench, answer: object) -> None:
    """Each answered id has its own report or error, an unanswered id none, and nobody else's is taken."""
    panel = await panel_with(bench, answer)
    assert await panel.status(["1", HEX, "404"]) == {"1": REPORT, HEX: BAD_ID}


@pytest.mark.parametrize(("status", "word"), [(status, word) for status in WORDS for word in WORDS[status]])
async def test_every_status_word_is_known(bench: Bench, status: PanelStatus, word: str) -> None:
    panel = await panel_with(bench, {"status": word, "charge": "1"})
    report = (await panel.status(["1"]))["1"]
    assert report == StatusReport(word.strip(), status, Decimal(1))


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (None, None),
        ("", None),
        ("n/a", None),
        ([], None),
        (True, None),
        ("1.5", None),
        ("１２", None),
        (10**30, None),
        (0, 0),
        ("10,000", 10000),
        ("157", 157),
        (-3, -3),
        ("-3", -3),
        (12.0, 12),
    ],
)
async def test_an_unreadable_number_is_none_and_harms_nothing_else(
    bench: Bench, given: object, number: int | None
) -> None:
    answer = {"status": "Partial", "start_count": given, "remains": given, "charge": given}
    report = (await (await panel_with(bench, answer)).status(["1"]))["1"]
    assert isinstance(report, StatusReport)
    assert (report.status, report.start_count, report.remains) == (PanelStatus.PARTIAL, number, number)


async def test_a_drip_feed_names_its_runs_and_child_orders(bench: Bench) -> None:
    """A parent has no charge and no remains; its children stand under ``orders`` in whatever form."""
    expected = StatusReport("Active", PanelStatus.IN_PROGRESS, runs=3, posts=2, orders=("11", "12"))
    for children in (["11", 12], [{"order": 11}, {"order": 12}], "11,12", {"0": 11, "1": "12"}):
        panel = await panel_with(
            bench, {"status": "Active", "runs": "3", "posts": 2, "expiry": "01/02/2030", "orders": children}
        )
        assert await panel.status(["1"]) == {"1": expected}


@pytest.mark.parametrize("answer", [ERROR, {"status": "fail", "msg": "Incorrect order ID"}, http(ERROR, 400)])
async def test_an_error_about_a_whole_batch_is_each_ids_own_when_asked_alone(bench: Bench, answer: object) -> None:
    panel = await panel_with(bench, answer)
    assert await panel.status(["1", "2"]) == {"1": BAD_ID, "2": BAD_ID}


async def test_an_error_about_the_shop_is_raised_even_for_one_id(bench: Bench) -> None:
    """A wrong key says nothing about the order that was asked for."""
    with pytest.raises(PanelRefusedError) as caught:
        await (await panel_with(bench, {"error": "Invalid API key"})).status(["1"])
    assert caught.value.kind is RefusalKind.KEY


@pytest.mark.parametrize(
    ("answer", "results"),
    [
        ({"refill": "1"}, {"9": "1"}),
        ({"refill": 1}, {"9": "1"}),
        ({"order": 9, "refill": HEX}, {"9": HEX}),
        ([{"order": 9, "refill": 5}], {"9": "5"}),
        ({"9": {"refill": 5}}, {"9": "5"}),
        ({"refill": ERROR}, {"9": BAD_ID}),
        (ERROR, {"9": BAD_ID}),
        ({"refill": "Not allowed yet"}, {"9": Rejected("Not allowed yet")}),
        ({"status": "error", "message": "Refill not found"}, {"9": Rejected("Refill not found")}),
        (http({"error": "Incorrect action"}, 400), {"9": Rejected("Incorrect action")}),
    ],
)
async def test_a_refill_answers_with_its_own_id(
    bench: Bench, answer: object, results: dict[str, str | Rejected]
) -> None:
    assert await (await panel_with(bench, answer)).refill(["9"]) == results


async def test_many_refills_answer_each_for_itself(bench: Bench) -> None:
    answer = [{"order": 1, "refill": 7}, {"order": "2", "refill": "8"}, {"order": 3, "refill": ERROR}]
    panel = await panel_with(bench, answer)
    assert await panel.refill(["1", "2", "3", "4"]) == {"1": "7", "2": "8", "3": BAD_ID}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"status": "Completed"}, RefillReport("Completed", PanelStatus.COMPLETED)),
        ({"status": "Rejected"}, RefillReport("Rejected", PanelStatus.FAILED)),
        ({"status": "Error"}, RefillReport("Error", PanelStatus.FAILED)),
        ({"status": "Cancelled"}, RefillReport("Cancelled", PanelStatus.CANCELED)),
        ({"refill": 3, "status": "In progress"}, RefillReport("In progress", PanelStatus.IN_PROGRESS)),
        ({"status": "Odd"}, RefillReport("Odd", None)),
        ({"status": {"error": "Refill not found"}}, Rejected("Refill not found")),
        ({"error": "Refill not found"}, Rejected("Refill not found")),
        ([{"refill": 3, "status": {"error": "Refill not found"}}], Rejected("Refill not found")),
    ],
)
async def test_the_status_of_a_refill(bench: Bench, answer: object, result: RefillReport | Rejected) -> None:
    assert await (await panel_with(bench, answer)).refill_status(["3"]) == {"3": result}


async def test_the_statuses_of_many_refills(bench: Bench) -> None:
    answer = [
        {"refill": 1, "status": "Completed"},
        {"refill": 2, "status": "Rejected"},
        {"refill": 3, "status": {"error": "Refill not found"}},
    ]
    assert await (await panel_with(bench, answer)).refill_status(["1", "2", "3", "4"]) == {
        "1": RefillReport("Completed", PanelStatus.COMPLETED),
        "2": RefillReport("Rejected", PanelStatus.FAILED),
        "3": Rejected("Refill not found"),
    }


@pytest.mark.parametrize(
    "answer",
    [
        [{"order": 9, "cancel": ERROR}, {"order": 2, "cancel": 1}],
        [{"order": "9", "cancel": ERROR}, {"order": "2", "cancel": "1"}],
        {"9": {"cancel": ERROR}, "2": {"cancel": True}},
        {"9": ERROR, "2": 1},
        {"9": "Incorrect order ID", "2": {"order": 2, "cancel": 4711}},
        {"orders": {"9": ERROR, "2": "1"}},
    ],
)
async def test_cancels_answer_each_for_itself(bench: Bench, answer: object) -> None:
    panel = await panel_with(bench, answer)
    assert await panel.cancel(["9", "2", "3"]) == {"9": BAD_ID, "2": CancelAsked()}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ([{"order": 9, "cancel": 1}], CancelAsked()),
        ({"cancel": 1}, CancelAsked()),
        ({"order": 9, "cancel": "1"}, CancelAsked()),
        (ERROR, BAD_ID),
        ({"cancel": 0}, Rejected("0")),
        ({"cancel": 0, "error": "Too late"}, Rejected("Too late")),
        ({"cancel": "Too late"}, Rejected("Too late")),
    ],
)
async def test_a_cancel_of_one_order(bench: Bench, answer: object, result: CancelAsked | Rejected) -> None:
    assert await (await panel_with(bench, answer)).cancel(["9"]) == {"9": result}


@pytest.mark.parametrize("answer", [[], "{}", {"status": "success"}, {"refill": None}, [{"order": 8, "refill": 1}]])
async def test_a_wish_that_is_not_answered_is_lost(bench: Bench, answer: object) -> None:
    """Refill and cancel that the answer says nothing about may have been taken."""
    panel = await panel_with(bench, answer)
    with pytest.raises(PanelAnswerLostError):
        await panel.refill(["9"])
    with pytest.raises(PanelAnswerLostError):
        await panel.cancel(["9"])


@pytest.mark.parametrize(
    ("answer", "balance"),
    [
        ({"balance": "100.84292", "currency": "USD"}, Balance(Decimal("100.84292"), "USD")),
        ({"balance": 100.84292, "currency": "usd"}, Balance(Decimal("100.84292"), "USD")),
        ({"balance": "1,234.50"}, Balance(Decimal("1234.50"), None)),
        ({"balance": -1, "currency": ""}, Balance(Decimal(-1), None)),
        ({"status": "success", "balance": "0", "currency": "INR"}, Balance(Decimal(0), "INR")),
        ({"data": {"balance": "5", "currency": "EUR"}}, Balance(Decimal(5), "EUR")),
    ],
)
async def test_a_balance_is_read_exactly(bench: Bench, answer: object, balance: Balance) -> None:
    assert await (await panel_with(bench, answer)).balance() == balance


@pytest.mark.parametrize("answer", ["{}", [], {"balance": None}, {"balance": "NaN"}, {"balance": "a lot"}])
async def test_no_balance_is_unreadable(bench: Bench, answer: object) -> None:
    with pytest.raises(PanelUnreadableError):
        await (await panel_with(bench, answer)).balance()


async def test_exactly_the_documented_fields_are_asked_with(bench: Bench) -> None:
    """One id goes as ``order`` or ``refill``, several as ``orders`` or ``refills`` with commas, once each."""
    panel, server = await bench.pair(http({"status": "Pending", "refill": 1, "cancel": 1, "balance": "1"}))
    await panel.status(["1"])
    await panel.status(["1", HEX, "1"])
    await panel.refill_status(["2"])
    await panel.refill_status(["2", "3"])
    await panel.refill(["4"])
    await panel.cancel(["5"])
    await panel.balance()
    assert [request.fields for request in server.requests] == [
        {"key": KEY, "action": "status", "order": "1"},
        {"key": KEY, "action": "status", "orders": f"1,{HEX}"},
        {"key": KEY, "action": "refill_status", "refill": "2"},
        {"key": KEY, "action": "refill_status", "refills": "2,3"},
        {"key": KEY, "action": "refill", "order": "4"},
        {"key": KEY, "action": "cancel", "orders": "5"},
        {"key": KEY, "action": "balance"},
    ]


@pytest.mark.parametrize("ids", [[], [str(n) for n in range(1, 102)], ["1,2"], ["1", ""], ["0"], "123"])
async def test_ids_are_checked_before_anything_is_sent(bench: Bench, ids: list[str]) -> None:
    """More than 100 ids would be refused or silently cut; a comma would ask for another's order."""
    panel, server = await bench.pair(http({}))
    for ask in (panel.status, panel.refill, panel.refill_status, panel.cancel):
        with pytest.raises(ValueError, match="id"):
            await ask(ids)
    assert server.requests == []


async def test_a_hundred_ids_are_one_request(bench: Bench) -> None:
    ids = [str(n) for n in range(1, 101)]
    panel, server = await bench.pair(http(dict.fromkeys(ids, PARTIAL)))
    assert await panel.status(ids) == dict.fromkeys(ids, REPORT)
    assert len(server.requests) == 1
