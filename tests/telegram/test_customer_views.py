"""What customers read: every state has its words, money is told exactly, and others' texts come through as typed."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import ServiceType
from bot.domain.orders import ENDED, Answer, Order, OrderState, Question, Reason
from bot.domain.requests import RequestKind, RequestState
from bot.i18n import FSI, PDI, Translator
from bot.services.news import order_facts
from bot.services.wallet import WalletView
from bot.telegram.screens import Screen
from bot.telegram.views import help as help_views
from bot.telegram.views import language, news, orders, wallet
from bot.telegram.views.progress import CELLS, bar, remaining
from bot.telegram.views.words import STATES, state_word
from tests.telegram.samples import NASTY, NOON
from tests.telegram.seen import (
    AR,
    EN,
    LINK,
    OPEN,
    ORDER,
    SNAPSHOT,
    SPOKEN,
    check,
    data,
    in_both,
    labels,
    settled,
    shown,
)

SUPPORT = "https://t.me/shop"


def of_type(type_: ServiceType, priced: int, /, **answers: Answer) -> Order:
    return replace(ORDER, snapshot=replace(SNAPSHOT, type=type_), answers=answers, quantity=priced)


def undecided(state: OrderState) -> Order:
    return replace(ORDER, state=state, question=Question.SUM, ended_at=NOON)


def news_of(t: Translator, order: Order) -> Screen:
    return news.render(t, "order", order_facts(order))


# Every way an order can stand.
WAITS = [
    replace(ORDER, reason=reason)
    for reason in (Reason.BUSY, Reason.UNREACHABLE, Reason.FUNDS, Reason.KEY, Reason.ACCOUNT, Reason.COST)
]
DONE = [
    *(settled(state, refunded=0) for state in sorted(ENDED)),
    *(settled(state, refunded=3_900, reason=Reason.ADMIN) for state in sorted(ENDED)),
    *(settled(OrderState.REFUSED, refunded=ORDER.price, reason=reason) for reason in Reason),
    *(undecided(state) for state in sorted(ENDED)),
]
EVERY = [*OPEN, *WAITS, *DONE]
every_order = pytest.mark.parametrize("order", EVERY, ids=lambda o: f"{o.state}-{o.reason}-{o.refunded}-{o.held}")


@in_both
@every_order
def test_a_card_and_its_news_say_number_and_status_first(t: Translator, order: Order) -> None:
    for screen in (orders.card(t, order), news_of(t, order)):
        check(screen)
        head = f"#12345 · {shown(state_word(t, order.state))}"
        assert head in shown(screen.text).splitlines()[0]
    assert shown(news_of(EN, order).text).startswith("#12345 · ")


@every_order
def test_customers_read_their_own_words_and_nothing_of_the_panel(order: Order) -> None:
    for screen in (orders.card(EN, order), news_of(EN, order)):
        text = shown(screen.text)
        assert NASTY in text
        assert LINK in text
        assert not any(secret in text for secret in (order.panel, "8675309", "90210", "0.9"))
        assert "panel" not in text.lower()


@every_order
def test_a_card_and_its_news_tell_one_story(order: Order) -> None:
    """The sentences of the news stand on the card too."""
    card = shown(orders.card(EN, order).text)
    told = shown(news_of(EN, order).text).split("\n\n")[-1]
    assert told in card


def test_every_state_means_something_else() -> None:
    """Only the two that customers read alike, Waiting, have the same words."""
    stories = {state: shown(news_of(EN, replace(ORDER, state=state)).text).split("\n\n")[-1] for state in STATES}
    stories.pop(OrderState.SUBMITTING)
    told = [stories[state] for state in stories if state not in ENDED]
    assert len(set(told)) == len(told)
    assert (
        stories[OrderState.WAITING]
        == shown(news_of(EN, replace(ORDER, state=OrderState.SUBMITTING)).text).split("\n\n")[-1]
    )


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (Reason.LINK, "link was not accepted"),
        (Reason.QUANTITY, "quantity was not accepted"),
        (Reason.SERVICE, "service is not available"),
        (Reason.ACTIVE_LINK, "same link is still under way"),
        (Reason.WAITED, "could not be sent in time"),
        (Reason.ORDER, "could not be taken"),
        (Reason.UNKNOWN, "could not be taken"),
    ],
)
def test_a_refusal_says_why_and_that_all_came_back(reason: Reason, says: str) -> None:
    text = shown(news_of(EN, settled(OrderState.REFUSED, refunded=ORDER.price, reason=reason)).text)
    assert says in text
    assert f"{EN.money(ORDER.price)} is back in your wallet." in text


@given(st.integers(1, ORDER.price - 1))
def test_a_part_that_comes_back_is_told_to_the_last_digit(refunded: int) -> None:
    order = settled(OrderState.PARTIAL, refunded=refunded)
    text = shown(news_of(EN, order).text)
    assert EN.money(refunded) in text
    assert EN.money(ORDER.price - refunded) in text
    card = shown(orders.card(EN, order).text)
    assert f"Came back: {EN.money(refunded)}" in card
    assert f"Charged: {EN.money(ORDER.price - refunded)}" in card


@pytest.mark.parametrize("state", sorted(ENDED), ids=str)
def test_nothing_is_promised_while_the_refund_is_undecided(state: OrderState) -> None:
    text = shown(orders.card(EN, undecided(state)).text)
    assert "The shop is working out how much comes back" in text
    assert "is back in your wallet" not in text
    assert "Everything is delivered" not in text


def test_completed_says_everything_was_delivered_only_where_nothing_came_back() -> None:
    whole = settled(OrderState.COMPLETED, refunded=0)
    part = settled(OrderState.COMPLETED, refunded=3_900)
    assert "Everything is delivered" in shown(news_of(EN, whole).text)
    assert "Everything is delivered" not in shown(news_of(EN, part).text)


# --- Progress ---


@given(st.integers(1, 10**9).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_bar_is_full_only_when_nothing_is_missing(counts: tuple[int, int]) -> None:
    done, total = counts
    text = shown(bar(EN, done=done, total=total))
    assert len(re.findall("[▰▱]", text)) == CELLS
    assert ("▱" not in text) == (done == total)
    assert ("100%" in text) == (done == total)
    assert text.count("▰") * 10 <= int(text.split()[-1].removesuffix("%"))


def test_a_bar_is_one_piece_in_a_right_to_left_text() -> None:
    text = bar(AR, done=3, total=5)
    assert text == f"{FSI}▰▰▰▰▰▰▱▱▱▱ 60%{PDI}"
    card = orders.card(AR, replace(ORDER, state=OrderState.IN_PROGRESS, remains=400)).text
    assert text in card
    assert f"{FSI}#12345{PDI}" in card
    assert f"{FSI}{LINK.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}{PDI}" in card


@pytest.mark.parametrize("remains", [-1, 1001, None])
def test_remains_that_make_no_sense_have_no_bar(remains: int | None) -> None:
    order = replace(ORDER, state=OrderState.IN_PROGRESS, remains=remains)
    assert remaining(order) is None
    assert "▰" not in orders.card(EN, order).text


def test_a_drip_feed_shows_its_runs_and_no_bar() -> None:
    """Its remains may be those of one run or of all."""
    spread = of_type(ServiceType.DEFAULT, 1000, link=LINK, quantity=100, runs=10, interval=60)
    order = replace(spread, state=OrderState.IN_PROGRESS, remains=50)
    text = shown(orders.card(EN, order).text)
    assert all(line in text for line in ("Quantity: 100", "Runs: 10", "Interval: 60", "In all: 1,000"))
    assert "▱" not in text


def test_a_completed_order_has_nothing_left() -> None:
    """The last remains that were told are older than the end."""
    order = replace(settled(OrderState.COMPLETED, refunded=0), remains=250)
    text = shown(orders.card(EN, order).text)
    assert "Remains: 0" in text
    assert f"{'▰' * CELLS} 100%" in text


# --- The card ---


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (of_type(ServiceType.PACKAGE, 1, link=LINK), [f"Link: {LINK}"]),
        (
            of_type(ServiceType.CUSTOM_COMMENTS, 2, link=LINK, comments=[NASTY, "Hi"]),
            [f"Link: {LINK}", NASTY, "2 lines"],
        ),
        (of_type(ServiceType.POLL, 50, link=LINK, quantity=50, answer_number=2), ["Quantity: 50", "Answer number: 2"]),
        (
            of_type(
                ServiceType.SUBSCRIPTIONS,
                750,
                username="anna",
                min=100,
                max=150,
                posts=5,
                old_posts=None,
                delay="30",
                expiry=None,
            ),
            ["Username: anna", "Minimum: 100", "Maximum: 150", "Posts: 5", "Delay: 30 minutes", "In all: 750"],
        ),
    ],
    ids=lambda each: each.snapshot.type if isinstance(each, Order) else "",
)
def test_a_card_shows_every_answer_that_was_given(order: Order, says: list[str]) -> None:
    text = shown(orders.card(EN, order).text)
    assert [line for line in says if line not in text] == []
    assert "none" not in text


@every_order
def test_a_card_offers_what_can_be_done_now(order: Order) -> None:
    buttons = labels(orders.card(EN, order))
    assert ("Take it back" in buttons) == (order.state is OrderState.WAITING)
    assert ("Look again" in buttons) == (order.state not in ENDED or order.held > 0)
    assert "Stop order" not in buttons
    assert {"Ask the shop", "My orders", "Main menu"} <= set(buttons)


def test_the_shop_is_asked_where_it_says_and_about_an_order_through_the_bot() -> None:
    """A link alone leads to somebody who does not see which order is meant."""
    linked = help_views.help_screen(EN, contact=SUPPORT, support=SUPPORT, draft=None, more=None)
    [button] = [each for row in linked.rows for each in row if each.text == "Ask the shop"]
    assert (button.url, button.callback_data) == (SUPPORT, None)
    assert "o:12345:ask" in data(orders.card(EN, ORDER))


@pytest.mark.parametrize("numbers", [[12345], [12345, 12346]], ids=["one", "several"])
@pytest.mark.parametrize("came_to", [RequestState.DONE, RequestState.SILENT, RequestState.LOST, RequestState.REJECTED])
def test_what_became_of_a_refill_is_told_in_words(came_to: RequestState, numbers: list[int]) -> None:
    """Also that nobody knows: then the shop can be asked."""
    facts = {"asked": RequestKind.REFILL.value, "came_to": came_to.value, "numbers": numbers}
    screen = news.render(EN, "request", {**order_facts(ORDER), **facts})
    check(screen)
    assert all(f"#{number}" in shown(screen.text) for number in numbers)
    assert ("could not find out" in screen.text) == ("ask the shop" in screen.text) == (came_to is RequestState.SILENT)


def test_taking_back_says_how_much_returns_and_can_be_left() -> None:
    screen = orders.sure(EN, ORDER)
    assert f"{EN.money(ORDER.held)} comes back" in shown(screen.text)
    assert data(screen) == ["o:12345:cancel_sure", "o:12345:show"]


# --- The list ---


def test_the_list_has_a_button_for_each_order_with_its_end_in_sight() -> None:
    long = replace(ORDER, id=7, state=OrderState.IN_PROGRESS, snapshot=replace(SNAPSHOT, name="Followers " * 30))
    screen = orders.listing(EN, [ORDER, long], page=1, pages=3, draft=None)
    check(screen)
    assert data(screen)[:2] == ["o:12345:show", "o:7:show"]
    assert labels(screen)[0].startswith("#12345 · ")
    assert NASTY[:20] in labels(screen)[0]
    assert labels(screen)[1].endswith("· In progress")
    assert max(map(len, labels(screen))) <= 64
    assert {"‹ Previous", "Next ›"} <= set(labels(screen))


def test_only_paging_has_its_signs() -> None:
    alone = orders.listing(EN, [ORDER], page=0, pages=1, draft=None)
    assert not [label for label in labels(alone) if "‹" in label or "›" in label]


def test_whoever_has_no_orders_is_shown_the_way_to_one() -> None:
    assert "New order" in labels(orders.listing(EN, [], page=0, pages=1, draft=None))


def test_a_form_that_is_open_can_be_gone_back_to() -> None:
    for screen in (
        orders.listing(EN, [ORDER], page=0, pages=1, draft=5),
        wallet.wallet(EN, WalletView(0, 0, ()), contact=None, support=None, draft=5, pays=False),
        help_views.help_screen(EN, contact=None, support=None, draft=5, more=None),
        language.languages(EN, SPOKEN, chosen=None, draft=5),
    ):
        assert "f:5:resume:" in data(screen)
        assert "Continue my order" in labels(screen)
