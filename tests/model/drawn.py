"""What is drawn for the machine: answers, outcomes, reports, prices; and how both sides are put side by side."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.outcomes import (
    AddOutcome,
    NotSent,
    PanelStatus,
    Placed,
    RefusalKind,
    Refused,
    Rejected,
    StatusReport,
    Throttled,
    Unknown,
)
from tests.model.following import Report
from tests.model.plain import ANNA, BORIS, Item, Order, Said

KEYS = ["likes", "package", "comments", "posts"]
# More than any order here costs.
DEAREST = 60_000


def items() -> dict[str, Item]:
    """The panel's services in the beginning."""
    return {
        "likes": Item("likes", Decimal("0.77"), 10, 1000),
        "package": Item("package", Decimal("0.31"), 1, 1),
        "comments": Item("comments", Decimal("9.9"), 1, 10),
        "posts": Item("posts", Decimal("0.5"), 10, 1000),
    }


def purse_of(amount: Decimal) -> int:
    """In ten-thousandths."""
    return int(amount * 10_000)


LINKS = ["https://instagram.com/p/1", "t.me/two"]
answers: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {
        "link": st.sampled_from(LINKS),
        "quantity": st.sampled_from([10, 100, 333]),
        "runs": st.just(2),
        "interval": st.just(60),
        "comments": st.sampled_from([["Great"], ["One", "Two", "Three"]]),
        "username": st.sampled_from(["anna", "boris"]),
        "min": st.just(10),
        "max": st.sampled_from([10, 333]),
        "posts": st.sampled_from([1, 3]),
        "old_posts": st.sampled_from([None, 4]),
        "delay": st.just("0"),
        "expiry": st.just(None),
    }
)

Purchase = tuple[int, str, dict[str, object], int]
users = st.sampled_from([ANNA, BORIS])
# Who buys what, with which answers, in how many runs.
purchases: st.SearchStrategy[Purchase] = st.tuples(
    users, st.sampled_from(["likes", *KEYS]), answers, st.sampled_from([0, 0, 0, 2])
)

outcomes: st.SearchStrategy[AddOutcome] = st.one_of(
    st.just(Placed("new")),
    st.just(Placed("new")),
    st.sampled_from([Placed("1"), Unknown("lost"), NotSent("refused")]),
    st.sampled_from([Unknown("lost"), Unknown("lost"), Throttled(None), Throttled(10**6)]),
    st.sampled_from(list(RefusalKind)).map(lambda kind: Refused(kind, "words")),
)

# Of answers that come too late, those that tell something matter most.
late_outcomes: st.SearchStrategy[AddOutcome] = st.one_of(st.just(Placed("new")), st.just(Placed("new")), outcomes)
# Of an order that was sent before, with its answer lost; none leaves it waiting.
second_outcomes: st.SearchStrategy[AddOutcome] = st.sampled_from(
    [Refused(RefusalKind.ACTIVE_LINK, "You have active order"), Placed("new"), Placed("1"), Unknown("lost")]
)


def _report(status: PanelStatus | None, remains: int | None, posts: int | None, runs: int | None) -> Report:
    word = "Strange" if status is None else status.value
    return StatusReport(word, status, Decimal("0.2"), remains=remains, posts=posts, runs=runs)


_known = st.builds(
    _report,
    st.sampled_from(list(PanelStatus)),
    st.sampled_from([None, 0, 1, 7, 10, 10**9]),
    st.sampled_from([None, 0, 1, 2, 50, -1]),
    st.sampled_from([None, None, 0, 1]),
)
_moving = st.sampled_from([PanelStatus.PENDING, PanelStatus.IN_PROGRESS]).map(lambda s: _report(s, None, None, None))
_nothing = st.sampled_from([None, Rejected("Incorrect order ID"), _report(None, 3, None, None)])
reports: st.SearchStrategy[Report] = st.one_of(_known, _known, _moving, _nothing)


@dataclass(frozen=True, slots=True)
class Change:
    """What a panel's list says of a service from now on; ``listed``: whether it is there at all."""

    rate: Decimal
    highest: int
    listed: bool


changes = st.builds(
    Change,
    st.sampled_from([Decimal("0.31"), Decimal("0.5"), Decimal("0.77"), Decimal("1.1"), Decimal("9.9")]),
    st.sampled_from([1000, 1000, 200]),
    st.sampled_from([True, True, True, False]),
)

_FIELDS = (
    *("user", "state", "price", "held", "captured", "refunded", "reason", "question", "panel_order", "asked"),
    *("reminders", "next_try", "lease", "check", "ended", "remains", "placed", "heard"),
)
_COLUMNS = {
    "user": "user_id",
    "asked": "asked_at",
    "next_try": "next_try_at",
    "lease": "lease_until",
    "check": "check_at",
    "ended": "ended_at",
    "placed": "placed_at",
    "heard": "answered_at",
}


def row(row: Any) -> dict[str, object]:
    """An order as the books have it."""
    found = {name: getattr(row, _COLUMNS.get(name, name)) for name in _FIELDS}
    # How often somebody was reminded means nothing once nothing is asked.
    return found | {"reminders": found["reminders"] if found["question"] else 0}


def fields(order: Order) -> dict[str, object]:
    """An order as the model has it."""
    found = {name: getattr(order, name) for name in _FIELDS}
    return found | {"reminders": found["reminders"] if found["question"] else 0}


def message(row: Any) -> Said:
    """A message as the model would say it."""
    facts = row.facts
    match row.kind:
        case "order":
            detail = f"{facts['state']} {facts['held']} {facts['captured']} {facts['refunded']}"
        case "channel":
            assert facts.keys() == {"number", "service", "quantity", "state"}
            detail = facts["state"]
        case "credit" | "debit" | "adjusted":
            detail = str(facts["amount"])
        case "uncertain" | "question":
            detail = facts["question"]
        case "refused":
            detail = facts["reason"]
        case "request" | "request_failed":
            detail = f"{facts['asked']} {facts['came_to']} {facts['numbers']}"
        case "mass_report":
            detail = f"{facts['orders']} {facts['placed']} {facts['back']}"
        case "alert" | "alert_over":
            return (row.chat_id, row.kind, facts.get("number"), facts["alert"])
        case _:
            detail = ""
    return (row.chat_id, row.kind, row.order_id, detail)
