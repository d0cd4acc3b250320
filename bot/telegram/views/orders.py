"""An order's card, what can be done about it, and the list of one's orders."""

from collections.abc import Sequence

from bot.domain.forms import FORMS, applicable_fields
from bot.domain.orders import ENDED, Order, OrderState
from bot.i18n import Html, Money, Translator, join
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside, explain, questions
from bot.telegram.views.progress import bar, remaining
from bot.telegram.views.words import ICONS, state_word

PAGE = 8  # more buttons than this do not fit a phone above the keyboard
# Of a service's name in the list, whose labels end in the state: so that the end is seen.
NAME_LENGTH = 34


def title(t: Translator, number: int, state: OrderState) -> Html:
    """What cards and news begin with: ``#123 · Completed``."""
    head = t.html("<b>{order} · {status}</b>", order=f"#{number}", status=state_word(t, state))
    return Html(f"{head} {ICONS[state]}")


def card(t: Translator, order: Order, *, support: str | None) -> Screen:
    """Everything a customer may know of an order. ``support``: where a button leads that asks the shop."""
    story = explain.story(
        t,
        order.state,
        order.reason,
        held=order.held,
        captured=order.captured,
        refunded=order.refunded,
    )
    parts = [
        join("\n", [title(t, order.id, order.state), story]),
        join("\n", [t.html("{service}", service=order.snapshot.name), *_answers(t, order)]),
        *_progress(t, order),
        join("\n", _money_and_time(t, order)),
    ]
    return Screen(join("\n\n", parts), _card_rows(t, order, support))


def _answers(t: Translator, order: Order) -> list[Html]:
    """What was ordered, one answer a line; what was skipped is left out."""
    lines = [
        t.html(
            "{field}: {answer}",
            field=questions.title(t, field),
            answer=questions.answer_text(t, field, order.answers[field.name]),
        )
        for field in applicable_fields(FORMS[order.snapshot.type], order.answers)
        if order.answers.get(field.name) is not None
    ]
    if order.spread or order.subscription:
        lines.append(t.html("In all: {quantity}", quantity=order.quantity))
    return lines


def _progress(t: Translator, order: Order) -> list[Html]:
    lines = []
    if order.start_count is not None:
        lines.append(t.html("Start count: {start_count}", start_count=order.start_count))
    remains = remaining(order)
    if remains is not None and order.quantity > 1:
        shown = bar(t, done=order.quantity - remains, total=order.quantity)
        lines.append(t.html("Remains: {remains}", remains=remains))
        lines.append(shown)
    elif order.remains is not None and order.state not in ENDED:
        lines.append(t.html("Remains: {remains}", remains=order.remains))
    return [join("\n", lines)] if lines else []


def _money_and_time(t: Translator, order: Order) -> list[Html]:
    lines = [t.html("Price: <b>{price}</b>", price=Money(order.price))]
    if order.held:
        lines.append(t.html("On hold: {held}", held=Money(order.held)))
    if order.captured and order.refunded:
        lines.append(t.html("Charged: {captured}", captured=Money(order.captured)))
    if order.refunded:
        lines.append(t.html("Came back: {refunded}", refunded=Money(order.refunded)))
    lines.append(t.html("Ordered: {at}", at=order.created_at))
    if order.ended_at is not None:
        lines.append(t.html("Ended: {at}", at=order.ended_at))
    return lines


def _card_rows(t: Translator, order: Order, support: str | None) -> list[k.Row]:
    rows: list[k.Row] = []
    if order.state not in ENDED or order.held:
        rows.append([k.button(t.plain("Look again"), cb.OrderDo(id=order.id, do="look"))])
    if order.state is OrderState.WAITING:
        take_back = cb.OrderDo(id=order.id, do="cancel")
        rows.append([k.button(t.plain("Take it back"), take_back, style="danger")])
    rows.append([ask_button(t, order.id, support)])
    rows.append([k.button(t.plain("My orders"), cb.Orders()), *k.home(t)])
    return rows


def ask_button(t: Translator, number: int, support: str | None) -> k.Button:
    """The way to the shop's people: a link to them, else a question that the bot hands on. 0: about no order."""
    label = t.plain("Ask the shop")
    return k.button(label, cb.OrderDo(id=number, do="ask")) if support is None else k.link(label, support)


def sure(t: Translator, order: Order) -> Screen:
    """Ask once more before an order is taken back."""
    text = t.html(
        "<b>Take order {order} back?</b>\nIt was not sent yet: {price} comes back to your wallet at once.",
        order=f"#{order.id}",
        price=Money(order.held),
    )
    yes = k.button(t.plain("Yes, take it back"), cb.OrderDo(id=order.id, do="cancel_sure"), style="danger")
    return Screen(text, [[yes], k.back(t, cb.OrderDo(id=order.id, do="show"))])


def listing(t: Translator, found: Sequence[Order], *, page: int, pages: int, draft: int | None) -> Screen:
    """A page of one's orders, newest first; each opens its card."""
    new = k.button(t.plain("New order"), cb.Go(to="order"), style="primary")
    if not found:
        text = t.html("<b>My orders</b>\nYou have not ordered anything yet.")
        return Screen(text, [*aside.way_back(t, draft), [new], k.home(t)])
    rows = [[_order_button(t, order)] for order in found]
    rows += k.paging(t, page, pages, lambda to: cb.Orders(page=to))
    rows += [*aside.way_back(t, draft), [new, *k.home(t)]]
    return Screen(t.html("<b>My orders</b>\nThe newest first. Press one to see how it is going."), rows)


def _order_button(t: Translator, order: Order) -> k.Button:
    label = t.plain(
        "{order} · {icon} {service} · {status}",
        order=f"#{order.id}",
        icon=ICONS[order.state],
        service=_cut(order.snapshot.name),
        status=state_word(t, order.state),
    )
    return k.button(label, cb.OrderDo(id=order.id, do="show"))


def _cut(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"


def write_question(t: Translator, number: int, *, problem: str = "") -> Screen:
    """Ask what the customer wants to know of the shop; about order ``number``, unless it is 0."""
    if number:
        wanted = t.html(
            "<b>Ask the shop about order {order}</b>\nWrite your question in one message. The shop gets it together "
            "with the order.",
            order=f"#{number}",
        )
        back = k.back(t, cb.OrderDo(id=number, do="show"))
    else:
        wanted = t.html("<b>Ask the shop</b>\nWrite your question in one message. The shop gets it at once.")
        back = k.home(t)
    parts = [t.html("⚠️ {problem}", problem=problem)] if problem else []
    return Screen(join("\n\n", [*parts, wanted]), [back])


def question_sent(t: Translator, number: int, *, draft: int | None) -> Screen:
    """The shop has the question."""
    text = t.html("The shop has your question and will write to you here in Telegram.")
    rows = aside.way_back(t, draft)
    if number:
        label = t.plain("Order {order}", order=f"#{number}")
        rows.append([k.button(label, cb.OrderDo(id=number, do="show"))])
    return Screen(text, [*rows, k.home(t)])
