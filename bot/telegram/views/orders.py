"""An order's card, what can be done about it, and the list of one's orders."""

from collections.abc import Sequence

from bot.domain.forms import FORMS, applicable_fields
from bot.domain.orders import ENDED, Order, OrderState
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.cards import EVERY, By, Chosen
from bot.services.requests import Care
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside, explain, questions, requests
from bot.telegram.views.again import again_button
from bot.telegram.views.browse import network_name
from bot.telegram.views.progress import bar, parts_done, remaining
from bot.telegram.views.words import ICONS, state_word

NUMBER = "number"  # an order is to be found by its number
PAGE = 8  # more buttons than this do not fit a phone above the keyboard
# Of a service's name in the list, whose labels end in the state: so that the end is seen.
NAME_LENGTH = 34


def title(t: Translator, number: int, state: OrderState) -> Html:
    """What cards and news begin with: ``#123 · Completed``."""
    head = t.html("<b>{order} · {status}</b>", order=f"#{number}", status=state_word(t, state))
    return Html(f"{head} {ICONS[state]}")


def card(t: Translator, order: Order, *, care: Care | None = None) -> Screen:
    """Everything a customer may know of an order. ``care``: what was and what can be asked for about it."""
    care = care or Care()
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
        *requests.lines(t, care, ended=order.state in ENDED),
        join("\n", _money_and_time(t, order)),
    ]
    return Screen(join("\n\n", parts), _card_rows(t, order, care))


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
    done = parts_done(order)
    if done is not None:
        text = mark("Posts served: {done} of {total}") if order.subscription else mark("Runs done: {done} of {total}")
        lines += [t.html(text, done=done, total=order.parts), bar(t, done=done, total=order.parts)]
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


def _card_rows(t: Translator, order: Order, care: Care) -> list[k.Row]:
    rows: list[k.Row] = []
    if order.state not in ENDED or order.held or care.open:
        rows.append([k.button(t.plain("Look again"), cb.OrderDo(id=order.id, do="look"))])
    if order.state is OrderState.WAITING:
        take_back = cb.OrderDo(id=order.id, do="cancel")
        rows.append([k.button(t.plain("Take it back"), take_back, style="danger")])
    rows += requests.rows(t, order, care)
    if order.state in ENDED:
        rows.append([again_button(t, order.id)])
    rows.append([ask_button(t, order.id, None)])  # here, where the shop sees which order it is about
    if not care.alone:
        rows[-1].append(k.button(t.plain("Same link"), cb.OrdersBy(by=By.LINK, id=order.id)))
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


def listing(
    t: Translator,
    found: Sequence[Order],
    *,
    page: int,
    pages: int,
    draft: int | None,
    chosen: Chosen = EVERY,
    link: str = "",
) -> Screen:
    """A page of one's orders, newest first; each opens its card. ``link``: what they are for, if chosen by it."""
    new = k.button(t.plain("New order"), cb.Go(to="order"), style="primary")
    if not found and chosen == EVERY:
        text = t.html("<b>My orders</b>\nYou have not ordered anything yet.")
        return Screen(text, [*aside.way_back(t, draft), [new], k.home(t)])
    rows = [[_order_button(t, order)] for order in found]
    rows += k.paging(t, page, pages, lambda to: _page(chosen, to))
    rows += _choices(t, chosen)
    rows += [*aside.way_back(t, draft), [new, *k.home(t)]]
    title = _title(t, chosen, link)
    if not found:
        return Screen(join("\n", [title, t.html("There are none.")]), rows)
    return Screen(join("\n", [title, t.html("The newest first. Press one to see how it is going.")]), rows)


def _page(chosen: Chosen, page: int) -> cb.Orders | cb.OrdersBy:
    if chosen == EVERY:
        return cb.Orders(page=page)
    return cb.OrdersBy(by=chosen.by, name=chosen.network, id=chosen.number, page=page)


def _title(t: Translator, chosen: Chosen, link: str) -> Html:
    match chosen.by:
        case By.ALL:
            return t.html("<b>My orders</b>")
        case By.ACTIVE:
            return t.html("<b>My orders</b> · open")
        case By.ENDED:
            return t.html("<b>My orders</b> · past")
        case By.NETWORK:
            return t.html("<b>My orders</b> · {network}", network=network_name(t, chosen.network))
        case By.LINK:
            return t.html("<b>My orders</b> · {link}", link=link)


def _choices(t: Translator, chosen: Chosen) -> list[k.Row]:
    """What else can be listed; what is listed now is ticked."""

    def choice(by: By, label: str) -> k.Button:
        label = t.plain("✓ {choice}", choice=label) if by is chosen.by else label
        return k.button(label, cb.Orders() if by is By.ALL else cb.OrdersBy(by=by))

    found = k.button(t.plain("By number"), cb.OrdersBy(by=NUMBER))
    choices = [
        choice(By.ALL, t.plain("All orders")),
        choice(By.ACTIVE, t.plain("Open orders")),
        choice(By.ENDED, t.plain("Past orders")),
        choice(By.NETWORK, t.plain("By network")),
        choice(By.LINK, t.plain("By link")),
        found,
    ]
    return k.grid(choices)


def choose_network(t: Translator, names: Sequence[str]) -> Screen:
    """Ask for which network the orders are to be listed."""
    rows = k.grid([k.button(network_name(t, name), cb.OrdersBy(by=By.NETWORK, name=name)) for name in names])
    return Screen(t.html("<b>My orders</b>\nFor which network?"), [*rows, k.back(t, cb.Orders())])


def choose_link(t: Translator, found: Sequence[Order]) -> Screen:
    """Ask for which link; each of ``found`` is the newest order for one."""
    rows = [[k.button(k.label(order.link), cb.OrdersBy(by=By.LINK, id=order.id))] for order in found]
    rows.append([k.button(t.plain("Another link"), cb.OrdersBy(by=NUMBER))])
    return Screen(t.html("<b>My orders</b>\nFor which link?"), [*rows, k.back(t, cb.Orders())])


NOT_FOUND = mark("You have no order for this link.")
NEITHER = mark("This is neither an order's number nor a link.")


def ask_number(t: Translator, *, problem: str = "") -> Screen:
    """Ask which order, or the orders for which link, are to be shown."""
    parts = [t.html("⚠️ {problem}", problem=problem)] if problem else []
    parts.append(t.html("<b>Find an order</b>\nSend its number, like 123, or the link it is for."))
    parts.append(
        t.html(
            "Several at once, at any time: <code>123 456 status</code>, <code>123 456 refill</code>, "
            "<code>123 cancel</code>."
        )
    )
    return Screen(join("\n\n", parts), [k.back(t, cb.Orders())])


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
    return cut(name, NAME_LENGTH)
