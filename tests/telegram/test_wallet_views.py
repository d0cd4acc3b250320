"""What customers read of their money, and what everybody reads: news, the channel, languages, the help, the menus."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import Movement, TransferKind
from bot.domain.orders import TRACKED, OrderState
from bot.i18n import Html, Money, Translator
from bot.services.news import order_facts
from bot.services.wallet import WalletView
from bot.telegram.commands import admin_commands, customer_commands
from bot.telegram.views import help as help_views
from bot.telegram.views import language, news, orders, wallet
from tests.telegram.samples import NASTY, NOON
from tests.telegram.seen import AR, EN, OPEN, SPOKEN, TEXT, check, data, in_both, labels, settled, shown

SUPPORT = "https://t.me/shop"


# --- The wallet ---

MOVED = (
    Movement(NOON, TransferKind.SETTLE, 3_900, 12345, ""),
    Movement(NOON, TransferKind.HOLD, -11_700, 12345, ""),
    Movement(NOON, TransferKind.DEBIT, -1, None, "a mistake"),
    Movement(NOON, TransferKind.CREDIT, 50_000, None, NASTY),
    Movement(NOON, TransferKind.TOP_UP, 70_000, None, "stars"),
    Movement(NOON, TransferKind.TOP_UP, 10_000, None, "a way of old"),
    Movement(NOON, TransferKind.PAYBACK, -10_000, None, "stars"),
    Movement(NOON, TransferKind.REVERSAL, -70_000, None, "stars"),
)


def test_a_wallet_shows_where_the_money_went() -> None:
    screen = wallet.wallet(EN, WalletView(42_200, 11_700, MOVED), contact=None, support=None, draft=None, pays=True)
    check(screen)
    lines = shown(screen.text).splitlines()
    assert "Available: $4.22" in lines
    assert "On hold: $1.17" in lines
    start = lines.index("Last movements") + 1
    amounts = [line.partition(" · ")[0] for line in lines[start : start + len(MOVED)]]
    assert amounts == ["+$0.39", "−$1.17", "−$0.0001", "+$5.00", "+$7.00", "+$1.00", "−$1.00", "−$7.00"]
    assert [line.split(" · ", 1)[1].rpartition(" · ")[0] for line in lines[start : start + len(MOVED)]] == [
        "Back from order #12345",
        "Set aside for order #12345",
        "Taken out by the shop · a mistake",
        f"Put in by the shop · {NASTY}",
        "Top-up · Telegram Stars",
        "Top-up · a way of old",
        "Given back to you as you paid · Telegram Stars",
        "Taken back by the payment provider · Telegram Stars",
    ]


def test_a_signed_sum_reads_like_any_other_from_the_right() -> None:
    """The sign goes with the number; number and currency stand in the order of sums without a sign."""
    line = wallet.line(AR, MOVED[1])
    assert AR.money(11_700) == "\u200f1.17\xa0US$\u200e"
    assert line.startswith("<b>\u2068\u200f\u2066−1.17\u2069\xa0US$\u200e\u2069</b>")
    assert wallet.line(EN, MOVED[1]).startswith("<b>−$1.17</b>")


def test_ten_movements_with_long_reasons_fit_one_message() -> None:
    long = Movement(NOON, TransferKind.CREDIT, 10**12, None, "&" * 3000)
    check(wallet.wallet(AR, WalletView(0, 1, (long,) * 10), contact=None, support=None, draft=None, pays=False))


@pytest.mark.parametrize(
    ("contact", "support", "says"),
    [(None, None, "Ask the shop"), ("@shop", SUPPORT, "Ask the shop"), ("me@example.com", None, "me@example.com")],
)
def test_a_wallet_says_how_to_top_up(contact: str | None, support: str | None, says: str) -> None:
    screen = wallet.wallet(EN, WalletView(0, 0, ()), contact=contact, support=support, draft=None, pays=False)
    assert "To top up, write to the shop" in shown(screen.text)
    assert says in shown(screen.text)
    assert "Ask the shop" in labels(screen)


# --- Other news ---


@pytest.mark.parametrize("kind", ["credit", "debit"])
def test_a_wallet_changed_by_hand_is_told_with_the_reason(kind: str) -> None:
    screen = news.render(EN, kind, {"amount": 12_345, "reason": NASTY, "available": 50_000})
    check(screen)
    text = shown(screen.text)
    assert all(part in text for part in ("$1.2345", NASTY, "$5.00"))


def test_news_without_words_still_say_something() -> None:
    assert "tomorrow" in news.render(EN, "tomorrow", {}).text


def channel_line(**changes: Any) -> dict[str, Any]:
    facts = order_facts(settled(OrderState.COMPLETED, refunded=0))
    return {name: facts[name] for name in ("number", "service", "quantity", "state")} | changes


def test_the_channel_reads_number_service_quantity_and_status() -> None:
    text = news.channel_text(EN, [channel_line(), channel_line(number=6, state="in_progress", service="Likes")])
    assert shown(Html(text)).splitlines() == [
        f"#12345 · {NASTY} · 1,000 · Completed",
        "#6 · Likes · 1,000 · In progress",
    ]


@in_both
@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=300))
def test_thirty_orders_fit_one_message_of_the_channel(t: Translator, name: str) -> None:
    numbers = range(10**6, 10**6 + 30)
    text = news.channel_text(t, [channel_line(number=each, service=name) for each in numbers])
    assert len(unescape(text).encode("utf-16-le")) // 2 <= TEXT
    assert all(f"#{each}" in text for each in numbers)


def test_what_fits_no_message_is_counted() -> None:
    text = news.channel_text(EN, [channel_line(number=each) for each in range(1000)])
    assert len(unescape(text)) <= TEXT
    counted = sum(int(number) for number in re.findall(r"and (\d+) more", text))
    assert text.count("#") + counted == 1000


# --- Language, help, menus ---


@pytest.mark.parametrize(
    ("chosen", "marked"), [(None, "✓ As in my Telegram"), ("en", "✓ English"), ("ar", "✓ العربية")]
)
def test_the_language_spoken_is_marked(chosen: str | None, marked: str) -> None:
    screen = language.languages(EN, SPOKEN, chosen=chosen, draft=None)
    check(screen)
    assert [label for label in labels(screen) if label.startswith("✓")] == [marked]
    assert {"l:", "l:en", "l:ar"} <= set(data(screen))


def test_the_help_names_every_command_and_status() -> None:
    screen = help_views.help_screen(EN, contact="me@example.com", support=None, draft=None, more=Html("MORE"))
    check(screen)
    text = shown(screen.text)
    assert all(f"/{command.command} — {command.description}" in text for command in customer_commands(EN))
    assert all(word in text for word in ("Waiting", "Pending", "In progress", "Completed", "Partial", "Being checked"))
    assert "me@example.com" in text
    assert "MORE" in text


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("What is the start count?", ["when the order began", "on top"]),
        ("What do Partial and Canceled mean?", ["not everything can be delivered", "comes back to your wallet"]),
        ("How long does it take?", ["usual time, as measured by this shop", "description"]),
        ("How do I find something?", ["on the main screen", "/search", "link", "/mass"]),
        ("Can I take an order back?", ["Waiting", "Take it back"]),
        ("Can an order be refilled or stopped?", ["Refill", "Stop order"]),
    ],
)
def test_the_help_answers_what_is_asked_most(question: str, answers: list[str]) -> None:
    """Below its own heading, in a line or three."""
    text = shown(help_views.help_screen(EN, contact=None, support=None, draft=None, more=None).text)
    [chapter] = [part for part in text.split("\n\n") if part.startswith(question)]
    assert [words for words in answers if words not in chapter] == []
    assert len(chapter) < 320


@in_both
def test_menus_are_such_as_telegram_takes(t: Translator) -> None:
    menu = admin_commands(t)
    assert menu[: len(customer_commands(t))] == customer_commands(t)
    assert len({each.command for each in menu}) == len(menu) <= 100
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", each.command) for each in menu)
    assert all(1 <= len(each.description) <= 256 for each in menu)


def test_what_is_promised_about_money_is_the_money_set_aside() -> None:
    """While an order is open, its card has what is on hold for it."""
    for order in OPEN:
        assert f"On hold: {EN.plain('{held}', held=Money(order.held))}" in shown(orders.card(EN, order).text)
    assert {order.state for order in OPEN} > TRACKED


def test_a_card_says_when() -> None:
    order = replace(settled(OrderState.COMPLETED, refunded=0), ended_at=NOON + timedelta(hours=3))
    text = shown(orders.card(EN, order).text)
    assert f"Ordered: {EN.plain('{at}', at=NOON)}" in text
    assert f"Ended: {EN.plain('{at}', at=NOON + timedelta(hours=3))}" in text
