"""What is read of payments: every way and state has words, a receipt's words fit below it, others' texts are theirs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import make_ways
from bot.domain.payments import Payment, PaymentState, Quote, new_code
from bot.domain.people import User
from bot.i18n import FSI, PDI, Translations, Translator
from bot.paying.known import KNOWN
from bot.services.reports import PaymentFile, PaymentList
from bot.telegram.routers.admin_payments import REASON_LENGTH
from bot.telegram.screens import Screen
from bot.telegram.views import admin_payments as views
from bot.telegram.views import news
from bot.telegram.views.payment_words import quote_text, way_title
from tests.services.stage import settings

ROOT = Path(__file__).parent.parent.parent
SPOKEN = Translations.load(ROOT / "locales", currency="USD", timezone=ZoneInfo("UTC"))
EN = SPOKEN.get("en")
in_every_language = pytest.mark.parametrize("t", [SPOKEN.get(code) for code in SPOKEN.locales], ids=SPOKEN.locales)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NASTY = """<b>Tom & "Jerry"</b>"""
# Telegram's limits, in UTF-16 units after the markup is parsed: below a photo, of a message; of a button in bytes.
CAPTION, TEXT, DATA = 1024, 4096, 64
# As long as each of them can be, in characters that count twice.
LONGEST_NAME, LONGEST_REASON = "😀" * 200, "😀" * REASON_LENGTH
MOST = 10**9 * 10_000

USER = User(2**52 - 1, NASTY, "anna", "en", None, False, NOON)
PAYMENT = Payment(
    id=12,
    user_id=USER.id,
    way="stars",
    state=PaymentState.PAID,
    amount=50_000,
    asked=Quote(385, "XTR"),
    code="K7QM-3XPD-9T2V",
    charge="stx<1>&2",
    url=None,
    draft=None,
    receipt=None,
    receipt_kind=None,
    reason="",
    admin_id=None,
    created_at=NOON,
    expires_at=NOON,
    paid_at=NOON,
)
TRANSFER = replace(
    PAYMENT, way="transfer", state=PaymentState.REVIEW, asked=Quote(50_000, "USD"), charge=None, receipt="file-1"
)
FILE = PaymentFile(PAYMENT, USER, 70_000)
RECEIPT: Mapping[str, Any] = {
    "payment": 12,
    "user": USER.id,
    "name": NASTY,
    "username": "anna",
    "amount": 50_000,
    "way": "transfer",
    "code": "K7QM-3XPD-9T2V",
    "receipt": "file-1",
    "receipt_kind": "photo",
    "said": None,
}
APPROVED = {"state": "paid", "admin": 9002, "paid": 41_999, "reason": ""}
REJECTED = {"state": "rejected", "admin": 9002, "paid": 50_000, "reason": NASTY}


CLOSED: Mapping[str, Any] = {"payment": 12, "amount": 50_000, "code": "K7QM-3XPD-9T2V"}


def shown(text: str) -> str:
    """A text as it is seen: without tags and marks of direction."""
    return unescape(re.sub(r"<[^>]*>", "", text)).replace(FSI, "").replace(PDI, "")


def labels(screen: Screen) -> list[str]:
    return [button.text.replace(FSI, "").replace(PDI, "") for row in screen.rows for button in row]


def data(screen: Screen) -> list[str]:
    return [button.callback_data for row in screen.rows for button in row if button.callback_data is not None]


def check(screen: Screen) -> None:
    """What Telegram takes of any screen."""
    limit = TEXT if screen.attachment is None else CAPTION
    assert len(shown(screen.text).encode("utf-16-le")) // 2 <= limit
    assert "<b>Tom" not in screen.text
    assert not re.search(r"\{\w*\}", screen.text)
    assert all(label.strip() for label in labels(screen))
    assert all(len(each.encode()) <= DATA for each in data(screen))


# News for customers.


@in_every_language
@pytest.mark.parametrize("draft", [None, 7])
def test_what_came_in_leads_on_to_the_order(t: Translator, draft: int | None) -> None:
    """To the form that waited for it, or to a new one."""
    facts = {"payment": 12, "way": "stars", "amount": 50_000, "available": 70_000, "draft": draft}
    screen = news.render(t, "topped_up", facts)
    check(screen)
    assert data(screen) == ["go:order" if draft is None else "f:7:resume:"]
    assert all(t.money(amount) in shown(screen.text) for amount in (50_000, 70_000))


@pytest.mark.parametrize("kind", ["topped_up", "paid_back"])
def test_a_wallet_below_zero_is_explained(kind: str) -> None:
    """Why nothing can be ordered yet; where there is money there is nothing to explain."""
    facts = {"payment": 12, "way": "stars", "amount": 50_000, "draft": None}
    owing = shown(news.render(EN, kind, {**facts, "available": -1}).text)
    assert "Available: -$0.0001\nUntil this is settled, nothing can be ordered" in owing
    assert "settled" not in shown(news.render(EN, kind, {**facts, "available": 0}).text)


@in_every_language
@pytest.mark.parametrize("reason", ["", NASTY])
@pytest.mark.parametrize("receipt", [True, False])
def test_a_rejection_says_why_and_what_to_do(t: Translator, reason: str, receipt: bool) -> None:
    """The shop's reason as it was written, and the ways on."""
    facts = {**CLOSED, "reason": reason, "draft": 7, "receipt": receipt}
    screen = news.render(t, "top_up_rejected", facts)
    check(screen)
    assert (NASTY in shown(screen.text)) is bool(reason)
    assert "<code>K7QM-3XPD-9T2V</code>" in screen.text
    assert data(screen) == ["t::0", "o:0:ask", "f:7:resume:"]


def test_a_receipt_is_sent_again_only_where_there_was_one() -> None:
    """Whoever paid on a provider's page has none."""
    facts = {**CLOSED, "reason": "", "draft": None}
    assert "clearer receipt" in news.render(EN, "top_up_rejected", {**facts, "receipt": True}).text
    assert "receipt" not in news.render(EN, "top_up_rejected", {**facts, "receipt": False}).text


@in_every_language
def test_a_top_up_that_is_closed_can_be_begun_anew(t: Translator) -> None:
    screen = news.render(t, "top_up_expired", {"payment": 12, "way": "cryptopay", "amount": 50_000})
    check(screen)
    assert "CryptoBot" in screen.text
    assert data(screen) == ["t::0", "o:0:ask"]


def test_every_way_to_pay_has_its_title_in_the_news() -> None:
    """The same as where it is chosen; one that is gone from the shop goes by its name."""
    every = settings(crypto_pay_token="1:AAA", transfer_instructions={"": "IBAN"})
    made = make_ways(every)
    assert {name: (way.title, way.manner) for name, way in made.items()} == {
        name: (known.title, known.manner) for name, known in KNOWN.items()
    }
    assert [way_title(EN, name) for name in made] == [way.title for way in made.values()]
    gone = {"payment": 12, "way": "<cash>", "amount": 1, "available": 1}
    assert "(&lt;cash&gt;)" in news.render(EN, "paid_back", gone).text


# Receipts.


@in_every_language
@pytest.mark.parametrize("said", [None, [40_000, "USD"], [10**30, "XTR"]])
@pytest.mark.parametrize("decision", [{}, APPROVED, REJECTED], ids=["open", "approved", "rejected"])
def test_a_receipt_is_shown_with_its_facts(t: Translator, said: object, decision: Mapping[str, Any]) -> None:
    """As the file that it is, with its buttons as long as it waits."""
    screen = news.render(t, "receipt", {**RECEIPT, **decision, "said": said})
    check(screen)
    assert screen.attachment is not None
    assert (screen.attachment.kind, screen.attachment.source) == ("photo", "file-1")
    assert NASTY in shown(screen.text)
    assert "<code>K7QM-3XPD-9T2V</code>" in screen.text
    waits = ["z:12:approve:0", "z:12:amount:0", "z:12:reject:0"]
    assert data(screen) == (["z:0:list:0"] if decision else waits)


@in_every_language
@pytest.mark.parametrize("decision", [{}, APPROVED, {**REJECTED, "reason": LONGEST_REASON}])
def test_the_longest_receipt_fits_below_its_photo(t: Translator, decision: Mapping[str, Any]) -> None:
    """Whatever the customer is called, and whatever the reason."""
    long = {"name": LONGEST_NAME, "username": "a" * 32, "amount": MOST, "said": [MOST, "USD"]}
    check(news.render(t, "receipt", {**RECEIPT, **long, **decision}))


def test_a_receipt_tells_who_decided_and_how() -> None:
    """The sum that came beside the one that was asked for; the reason as it was written."""
    approved = shown(news.render(EN, "receipt", {**RECEIPT, **APPROVED}).text)
    assert "Amount: $5.00\nAdmin 9002 put $4.1999 into the wallet." in approved
    rejected = shown(news.render(EN, "receipt", {**RECEIPT, **REJECTED}).text)
    assert f"Admin 9002 saw no money.\nReason: {NASTY}" in rejected


def test_what_was_just_decided_reads_as_on_every_card() -> None:
    """The pressed card is drawn at once, and again with all the others: it must not change twice."""
    for state, decision in (
        (PaymentState.PAID, {**APPROVED, "paid": 50_000}),
        (PaymentState.REJECTED, {**REJECTED, "reason": ""}),
    ):
        payment = replace(TRANSFER, state=state, admin_id=9002)
        at_once = views.decided(EN, PaymentFile(payment, USER, 0))
        later = news.render(EN, "receipt", {**RECEIPT, **decision})
        assert (at_once.text, at_once.rows) == (later.text, later.rows)


# Other news for admins.


@in_every_language
@pytest.mark.parametrize("fits", [True, False])
def test_stars_that_were_found_are_told_with_their_payment(t: Translator, fits: bool) -> None:
    facts = {"payment": 1234, "user": 1001, "amount": 50_000, "stars": 385, "fits": fits}
    screen = news.render(t, "payment_found", facts)
    check(screen)
    assert all(part in shown(screen.text) for part in ("385", "1001", "1234", t.money(50_000)))
    assert data(screen) == ["z:1234:show:0"]


@in_every_language
@pytest.mark.parametrize("available", [20_000, -1])
def test_a_payment_taken_back_is_told_with_what_is_left(t: Translator, available: int) -> None:
    screen = news.render(
        t, "payment_reversed", {"payment": 1234, "user": 1001, "amount": 50_000, "available": available}
    )
    check(screen)
    assert all(part in shown(screen.text) for part in ("1234", "1001", t.money(50_000), t.money(available)))


@in_every_language
def test_a_refund_is_told_to_the_other_admins(t: Translator) -> None:
    facts = {"admin": 9001, "payment": 12, "user": 1001, "name": NASTY, "amount": 50_000, "stars": 385}
    screen = news.render(t, "refunding", facts)
    check(screen)
    assert all(part in shown(screen.text) for part in ("9001", "12", "385 ⭐", NASTY, t.money(50_000)))


@in_every_language
def test_a_refund_that_is_called_off_is_told_to_the_other_admins(t: Translator) -> None:
    facts = {"admin": 9001, "payment": 12, "user": 1001, "name": NASTY, "amount": 50_000, "stars": 385}
    screen = news.render(t, "refund_off", facts)
    check(screen)
    assert all(part in shown(screen.text) for part in ("9001", "12", NASTY, t.money(50_000)))


@in_every_language
@pytest.mark.parametrize("count", [1, 1200])
def test_what_was_sold_before_is_counted(t: Translator, count: int) -> None:
    screen = news.render(t, "stars_before", {"count": count, "stars": 12})
    check(screen)
    assert all(part in shown(screen.text) for part in (t.number(count), "12 ⭐", "/credit"))


# A payment's card.


@in_every_language
@pytest.mark.parametrize("payment", [PAYMENT, TRANSFER, replace(TRANSFER, receipt_kind="document")])
@pytest.mark.parametrize("state", PaymentState)
def test_a_card_of_any_payment_fits(t: Translator, payment: Payment, state: PaymentState) -> None:
    """Below its receipt too, with everything as long as it can be."""
    decided = replace(payment, state=state, admin_id=2**52 - 1, amount=MOST, code=new_code())
    if state is PaymentState.REJECTED:
        decided = replace(decided, reason=LONGEST_REASON)
    screen = views.card(t, PaymentFile(decided, replace(USER, name=LONGEST_NAME, username="a" * 32), -MOST))
    check(screen)
    assert (screen.attachment is None) == (payment.receipt is None)
    assert data(screen)[-1] == "z:0:list:0"


@pytest.mark.parametrize(
    ("payment", "offered"),
    [
        (PAYMENT, ["Refund"]),
        (replace(PAYMENT, state=PaymentState.OPEN, charge=None), []),
        (replace(PAYMENT, state=PaymentState.REFUNDING), ["Look again", "Call off the refund"]),
        (replace(PAYMENT, state=PaymentState.REFUNDED), []),
        (TRANSFER, ["Approve", "Other amount", "Reject"]),
        (replace(TRANSFER, state=PaymentState.PAID), []),
        (replace(TRANSFER, state=PaymentState.REJECTED), []),
        (replace(PAYMENT, way="cryptopay", charge="7"), []),
    ],
    ids=lambda value: f"{value.way}-{value.state}" if isinstance(value, Payment) else "",
)
def test_a_card_offers_what_can_be_done(payment: Payment, offered: list[str]) -> None:
    assert labels(views.card(EN, replace(FILE, payment=payment))) == [*offered, "All payments"]


def test_a_card_has_everything_about_a_payment() -> None:
    text = shown(views.card(EN, FILE).text)
    for line in (
        "✅ Payment 12: Paid",
        f"{NASTY} @anna {USER.id}",
        "Telegram Stars",
        "Amount: $5.00",
        "Asked for: 385 ⭐",
        "Reference: K7QM-3XPD-9T2V",
        "The provider's id: stx<1>&2",
        "The wallet has $7.00.",
    ):
        assert line in text.splitlines()
    assert "<code>stx&lt;1&gt;&amp;2</code>" in views.card(EN, FILE).text


@pytest.mark.parametrize(("amount", "typed"), [(50_000, "5"), (1_000_000, "100"), (12_345, "1.2345")])
def test_other_money_goes_back_by_hand(amount: int, typed: str) -> None:
    """The card has the command that takes it from the wallet, ready to be copied."""
    paid = replace(TRANSFER, state=PaymentState.PAID, amount=amount)
    assert f"<code>/debit {USER.id} {typed}</code>" in views.card(EN, replace(FILE, payment=paid)).text
    assert "/debit" not in views.card(EN, FILE).text


@in_every_language
@pytest.mark.parametrize(("available", "wish"), [(50_000, "refund"), (49_999, "refund_anyway"), (-1, "refund_anyway")])
def test_a_refund_is_asked_about_once_more(t: Translator, available: int, wish: str) -> None:
    """A wallet that is short makes it another question."""
    screen = views.sure(t, replace(FILE, available=available))
    check(screen)
    assert data(screen) == [f"z:12:{wish}:1", "z:12:show:0"]
    assert all(part in shown(screen.text) for part in ("385 ⭐", NASTY, t.money(50_000), t.money(available)))


@in_every_language
def test_calling_a_refund_off_is_asked_about_once_more(t: Translator) -> None:
    screen = views.sure_to_call_off(t, FILE)
    check(screen)
    assert data(screen) == ["z:12:call_off:1", "z:12:show:0"]
    assert all(part in shown(screen.text) for part in ("385 ⭐", t.money(50_000)))


@in_every_language
@pytest.mark.parametrize("ask", [views.ask_amount, views.ask_reason])
def test_a_question_about_a_receipt_fits_below_it(t: Translator, ask: Any) -> None:
    """It may be asked where the photo is; what was wrong is said above it."""
    found = PaymentFile(replace(TRANSFER, amount=MOST), replace(USER, name=LONGEST_NAME, username="a" * 32), 0)
    screen = ask(t, found, "x" * 150)
    assert len(shown(screen.text).encode("utf-16-le")) // 2 <= CAPTION
    assert "⚠️ " in screen.text
    assert "⚠️ " not in ask(t, found, "").text
    assert data(screen)[-1] == "z:12:show:0"


@in_every_language
def test_the_list_leads_to_every_card(t: Translator) -> None:
    """What waits comes first, by the customer's name; a name that nobody knows leaves the way."""
    waiting, last = (TRANSFER, replace(TRANSFER, id=13)), (PAYMENT, replace(PAYMENT, id=11, user_id=5))
    screen = views.listing(t, PaymentList(waiting, 1200, last, {USER.id: LONGEST_NAME}))
    check(screen)
    assert data(screen) == [f"z:{number}:show:0" for number in (12, 13, 12, 11)]
    assert labels(screen)[0].lstrip("\u200f").startswith("🧾 12 · ")
    empty = views.listing(EN, PaymentList((), 0, (), {}))
    assert (shown(empty.text), empty.rows) == ("✅ No payment waits for a decision.", [])


def test_a_sum_is_quoted_in_what_is_paid() -> None:
    assert quote_text(EN, Quote(385, "XTR")) == "385 ⭐"
    assert quote_text(EN, Quote(50_000, "USD")) == "$5.00"
    assert quote_text(EN, Quote(50_000, "EUR")) == "€5.00"
