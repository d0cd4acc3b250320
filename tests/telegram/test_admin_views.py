"""What admins read: every kind of news has words, files fit a message, and buttons offer what is possible."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ledger import TransferKind
from bot.domain.orders import (
    ENDED,
    TRACKED,
    Attempt,
    Order,
    OrderEvent,
    OrderState,
    Question,
    Reason,
)
from bot.domain.outcomes import Rejected
from bot.domain.panels import Gate
from bot.domain.people import User
from bot.i18n import Translator
from bot.services.asking import Looked
from bot.services.reports import OrderFile
from bot.telegram.views import admin_orders, alerts, news
from bot.telegram.views.admin_words import EVENTS
from tests.telegram.samples import NASTY, NOON, ORDER
from tests.telegram.taken import check, labels

ROOT = Path(__file__).parent.parent.parent

USER = User(1001, NASTY, "anna", "en", None, False, NOON)


def order_file(order: Order = ORDER, *, attempts: int = 1, events: int = 1, words: str = "timeout") -> OrderFile:
    tries = [
        Attempt(n, order.id, n, NOON + timedelta(minutes=n), None, "unknown", words) for n in range(1, attempts + 1)
    ]
    happened = [
        OrderEvent(NOON + timedelta(minutes=n), "waiting", OrderState.WAITING, {"words": words}) for n in range(events)
    ]
    return OrderFile(order, USER, 9000, tuple(tries), tuple(happened), asked=order.panel_order is not None)


def calls(*names: str) -> Iterator[tuple[str, list[ast.expr]]]:
    """Every call of these functions in the use cases: the name, and what is given by position."""
    for path in sorted((ROOT / "bot" / "services").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in names:
                    yield called, node.args


def texts(node: ast.expr) -> set[str]:
    """The strings that an argument may be."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


# Every kind of news that a use case decides on has words.


def test_every_news_to_admins_has_words() -> None:
    """No kind that ``tell_admins`` is called with lacks a row."""
    kinds = set().union(*(texts(args[2]) for _, args in calls("tell_admins")))
    assert {"uncertain", "question", "refused"} <= kinds
    assert kinds <= alerts.ADMIN_NEWS.keys() | news.KINDS.keys()


def test_every_wallet_change_is_told_to_the_other_admins_in_words() -> None:
    """What the wallet posts is either the customer's (the kind of the transfer) or has words for admins."""
    kinds = set().union(*(texts(args[2]) for name, args in calls("post") if len(args) > 2))
    assert "adjusted" in kinds
    customers = {"order", "channel"} | {kind.value for kind in TransferKind}
    assert kinds - customers <= alerts.ADMIN_NEWS.keys() | news.KINDS.keys()


def test_every_alert_has_words_for_its_beginning_and_its_end() -> None:
    """No alert is raised without a row, and none is cleared that has no words for it."""
    raised = set().union(*(texts(args[3]) for name, args in calls("raise_alert") if len(args) > 3))
    cleared = set().union(*(texts(args[3]) for name, args in calls("clear_alert") if len(args) > 3))
    # What is over may also be told without ``clear_alert``, with the alert's name among the facts.
    told = [(texts(args[2]), args[3]) for _, args in calls("tell_admins")]
    for kind, facts in [(kind, facts) for kind, facts in told if isinstance(facts, ast.Dict)]:
        names = [value for key, value in zip(facts.keys, facts.values, strict=True) if key and texts(key) == {"alert"}]
        (cleared if kind == {"alert_over"} else raised).update(*map(texts, names))
    assert {"gate", "low", "silent"} <= raised & cleared
    assert raised | cleared <= alerts.ALERTS.keys()
    assert {kind for kind in cleared if alerts.ALERTS[kind].over is None} == set()


def test_every_event_that_use_cases_write_has_words() -> None:
    """A kind that is not a state's own name is in the table of events."""
    kinds: set[str] = set()
    for name, args in calls("add_event", "change"):
        place = 2 if name == "add_event" else 3
        if len(args) > place:
            kinds |= texts(args[place])
    assert {"claimed", "late_answer"} <= kinds
    assert kinds <= EVENTS.keys() | {state.value for state in OrderState}


FACTS: Mapping[str, Any] = {
    "panel": "alpha",
    "gate": "funds",
    "words": NASTY,
    "balance": "12.50",
    "currency": "USD",
    "named": "EUR",
    "types": NASTY,
    "more": 3,
    "needed": 123_456,
    "gone": 12,
    "selling": 20,
    "word": NASTY,
    "shop": "EUR",
    "number": 1234,
    "state": "completed",
    "outcome": "placed",
    "update": 991,
    "chat": 1001,
    "why": NASTY,
    "news": "order",
    "payment": 12,
    "user": 1001,
    "stars": 385,
    "way": "cryptopay",
    "ticket": 5,
    "units": 385,
    "name": NASTY,
}


@pytest.mark.parametrize("kind", alerts.ALERTS)
@pytest.mark.parametrize("said", ["alert", "alert_over"])
def test_alerts_are_said_in_every_language(t: Translator, kind: str, said: str) -> None:
    """Every placeholder is filled, and what a panel said is shown as it came."""
    check(alerts.ADMIN_NEWS[said](t, {**FACTS, "alert": kind}))


def test_a_panel_paused_by_hand_is_not_said_to_take_orders(en: Translator) -> None:
    """The trouble a pause takes the place of is over, but the panel stays closed."""
    resumed = alerts.alert_over(en, {"alert": "gate", "panel": "alpha", "gate": None})
    paused = alerts.alert_over(en, {"alert": "gate", "panel": "alpha", "gate": Gate.ADMIN.value})
    assert "takes orders again" in resumed.text
    assert "takes orders" not in paused.text


CARD: Mapping[str, Any] = {
    "number": 1234,
    "service": NASTY,
    "quantity": 1000,
    "link": "https://example.com/?a=1&b=<2>",
    "state": "uncertain",
    "reason": None,
    "question": "uncertain",
    "price": 11_700,
    "captured": 0,
    "refunded": 0,
    "held": 11_700,
    "start_count": None,
    "remains": None,
    "panel": "alpha",
}


def test_the_uncertain_card_has_its_facts_and_three_decisions(en: Translator) -> None:
    """Service, link, quantity, time, what the balance lost, and the three buttons."""
    facts = {**CARD, "at": NOON.isoformat(), "lost": 9000, "cost": 9000, "reminder": 1}
    screen = alerts.uncertain(en, facts)
    check(screen)
    assert labels(screen)[:3] == ["It was placed", "Send again", "Refund"]
    for part in ("1234", "Tom &amp;", "b=&lt;2&gt;", "1,000", "alpha", "3/1/26", "$0.90", "Reminder 1"):
        assert part in screen.text


def test_a_balance_that_rose_is_no_evidence(en: Translator) -> None:
    """A purse that was filled meanwhile says nothing about the order."""
    screen = alerts.uncertain(en, {**CARD, "lost": -5000, "cost": None})
    assert "tells nothing" in screen.text


@pytest.mark.parametrize(
    ("question", "state", "offered"),
    [
        (Question.SUM, OrderState.PARTIAL, {"Refund", "Refund part", "Close"}),
        (Question.FAILED, OrderState.FAILED, {"Look again", "Refund", "Refund part", "Close"}),
        (Question.MISSING, OrderState.PENDING, {"Look again", "Refund", "Refund part", "Close"}),
        (Question.COST, OrderState.WAITING, {"Send at a loss", "Refund"}),
    ],
)
def test_a_question_offers_what_can_be_decided(
    en: Translator, question: Question, state: OrderState, offered: set[str]
) -> None:
    """Each question comes with its own decisions, and the way to the order's file."""
    screen = alerts.question(en, {**CARD, "question": question.value, "state": state.value, "cost": None})
    check(screen)
    assert set(labels(screen)) == offered | {"Order #1234"}


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_is_told_in_the_panels_own_words(t: Translator, reason: Reason) -> None:
    """The words come through as the panel sent them."""
    facts = {"number": 1234, "panel": "alpha", "reason": reason.value, "words": NASTY}
    screen = alerts.refused(t, facts)
    check(screen)
    assert "Tom &amp; &quot;Jerry&quot;" in screen.text


@pytest.mark.parametrize("amount", [125_000, -125_000])
def test_other_admins_hear_whose_wallet_was_changed(t: Translator, amount: int) -> None:
    """Name, id and sum, the name as it is."""
    facts = {"admin": 9001, "user": 1001, "name": NASTY, "amount": amount, "reason": NASTY}
    screen = alerts.adjusted(t, facts)
    check(screen)
    assert "1001" in screen.text
    assert "Tom &amp;" in screen.text


# An order's file.


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("question", [None, *Question])
def test_a_file_of_any_state_fits_a_message(t: Translator, state: OrderState, question: Question | None) -> None:
    """Nothing that an order went through makes its file too long, or its buttons."""
    order = replace(ORDER, state=state, question=question, panel_order="9" * 64, reason=Reason.FUNDS)
    order = replace(order, placed_at=NOON, answered_at=NOON, ended_at=NOON, remains=5, start_count=100)
    check(admin_orders.order_file(t, order_file(order, attempts=50, events=30, words=NASTY * 20)))


def test_a_long_file_keeps_the_newest_attempts(en: Translator) -> None:
    """What there is no room for is what happened first."""
    text = admin_orders.order_file(en, order_file(attempts=40, events=30, words="x" * 100)).text
    assert "40. " in text
    assert "1. 3/1/26" not in text.splitlines()


@pytest.mark.parametrize(
    ("order", "offered"),
    [
        (ORDER, {"It was placed", "Send again", "Refund"}),
        (replace(ORDER, state=OrderState.WAITING, question=None), {"Refund"}),
        (replace(ORDER, state=OrderState.WAITING, question=Question.COST), {"Send at a loss", "Refund"}),
        (replace(ORDER, state=OrderState.SUBMITTING, question=None), set()),
        (
            replace(ORDER, state=OrderState.PENDING, question=None, panel_order="5"),
            {"Look again", "Refund", "Refund part", "Close"},
        ),
        (replace(ORDER, state=OrderState.COMPLETED, question=None, held=0, panel_order="5"), {"Look again"}),
        (replace(ORDER, state=OrderState.REFUSED, question=None, held=0), set()),
    ],
    ids=lambda value: value.state.value if isinstance(value, Order) else "",
)
def test_a_file_offers_what_is_possible(en: Translator, order: Order, offered: set[str]) -> None:
    """Buttons follow the state, the open question, and whether money is held."""
    assert set(labels(admin_orders.order_file(en, order_file(order)))) == offered | {"All open questions"}


def test_no_order_without_money_on_hold_offers_to_move_any() -> None:
    """What was settled stays settled."""
    for state in OrderState:
        for question in (None, *Question):
            order = replace(ORDER, state=state, question=question, held=0)
            assert order_file(order).takes_decision & {"refund", "part", "close"} == set()


def test_only_an_order_the_panel_may_have_can_be_closed_or_refunded_in_part() -> None:
    """Before a panel has it, there is nothing to count as delivered."""
    able = {state for state in OrderState if "close" in order_file(replace(ORDER, state=state)).takes_decision}
    assert able == TRACKED | ENDED


@pytest.mark.parametrize("do", ["resend", "refund", "part", "close"])
def test_what_cannot_be_undone_is_asked_once_more(t: Translator, do: str) -> None:
    """The question's button carries the decision, the sure kind of it, and of a sum only its mark."""
    screen = admin_orders.sure(t, order_file(), do, amount=5000)
    check(screen)
    [yes], _ = screen.rows
    if do == "part":
        assert yes.callback_data == f"gb:1234:{admin_orders.part_mark(order_file().order, 5000)}:uncertain"
        assert "5000" not in yes.callback_data
    else:
        assert yes.callback_data == f"d:1234:{do}:1:uncertain"


def test_what_the_panel_said_is_told_in_its_words(en: Translator) -> None:
    """A press gets plain text: nothing is escaped in it."""
    assert admin_orders.looked(en, Looked(1, Rejected(NASTY))).endswith(NASTY)
    assert "#1" in admin_orders.looked(en, Looked(1, None))


def test_the_list_of_questions_names_states_and_leads_to_files(t: Translator) -> None:
    """Each open question is a button to its order's file."""
    many = [replace(ORDER, id=number) for number in range(1, 200)]
    screen = admin_orders.questions(t, many)
    check(screen)
    assert screen.rows[0][0].callback_data == "d:1:show:0:"
    assert admin_orders.questions(t, []).rows == ()
