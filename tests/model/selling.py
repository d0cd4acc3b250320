"""The plain rules of wallets and forms: what can be bought, and for exactly what was shown."""

from datetime import timedelta
from decimal import Decimal

from tests.model.plain import ADMINS, OWNER, Answers, Form, Order, Plain

PRICE_STANDS = timedelta(minutes=10)
# What a complete form has, by service; runs and interval come on top for a drip-feed.
QUESTIONS = {
    "likes": ("link", "quantity"),
    "package": ("link",),
    "comments": ("link", "comments"),
    "posts": ("username", "min", "max", "posts", "old_posts", "delay", "expiry"),
}


def questions(form: Form) -> list[str]:
    """What a form asks, in order."""
    spread = ("runs", "interval") if {"runs", "interval"} & form.answers.keys() else ()
    return [*QUESTIONS[form.item.key], *spread]


def missing(form: Form) -> list[str]:
    """What was not answered yet."""
    return [name for name in questions(form) if name not in form.answers]


def adjust(plain: Plain, user: int, amount: int) -> object:
    """The owner credits or debits a wallet; never below zero."""
    if not plain.move(user, amount):
        return "WalletTooLow"
    plain.said.append((user, "credit" if amount > 0 else "debit", None, str(abs(amount))))
    plain.said += [(admin, "adjusted", None, str(amount)) for admin in ADMINS if admin != OWNER]
    return ("adjusted", plain.available(user))


def open_form(plain: Plain, form: Form, user: int) -> str | None:
    """Why a form cannot be gone on with, if so."""
    if form.gone or form.user != user:
        return "DraftGone"
    return None if form.item.on_sale else "ServiceGone"


def summary(plain: Plain, form: Form, *, changed: bool = False) -> object:
    """What a summary says; from here on it is what was shown."""
    price = form.item.price(form.item.units(form.answers))
    form.shown = (price, form.item.lowest, form.item.highest, plain.now)
    return ("summary", price, max(price - plain.available(form.user), 0), changed, uncertain_for(plain, form))


def uncertain_for(plain: Plain, form: Form) -> bool:
    """Whether another order of theirs for the same link is being checked."""
    link = form.answers.get("link") or form.answers.get("username")
    return any(
        order.user == form.user and order.link == link and order.state == "uncertain" for order in plain.orders.values()
    )


def confirm(plain: Plain, form: Form, user: int) -> object:
    """Press *Confirm*: the order, or what stands in its way."""
    if form.order is not None and form.user == user:
        return ("order", form.order)
    closed = open_form(plain, form, user)
    if closed is not None:
        return closed
    if missing(form):
        return "form"
    if not form.item.takes(form.answers):
        return "doubt"
    shown = form.shown
    now = summary(plain, form)
    assert form.shown is not None
    price, lowest, highest, at = form.shown
    if shown is None or at - shown[3] > PRICE_STANDS or shown[:3] != (price, lowest, highest):
        return summary(plain, form, changed=True)
    if price > plain.available(user):
        return now
    return ("order", buy(plain, form, price))


def buy(plain: Plain, form: Form, price: int) -> int:
    """Hold the price, let the order wait and say so; its number."""
    number = new_order(plain, form, price)
    form.order, form.gone = number, True
    plain.tell(plain.orders[number])
    return number


def new_order(plain: Plain, form: Form, price: int) -> int:
    """Hold the price and let the order wait; its number."""
    answers: Answers = dict(form.answers)
    number = len(plain.orders) + 1
    assert plain.move(form.user, -price)
    order = Order(
        number,
        form.user,
        form.item,
        answers,
        sold_at=form.item.rate,
        units=form.item.units(answers),
        price=price,
        held=price,
        since=plain.now,
        next_try=plain.now,
    )
    plain.orders[number] = order
    return number


def list_services(plain: Plain, listed: dict[str, tuple[Decimal, int]]) -> None:
    """A panel's list was read: rate and highest quantity by service. What more than doubles waits for an admin."""
    told = False
    for key, item in plain.items.items():
        if key not in listed:
            item.listed = False
            continue
        rate, item.highest = listed[key]
        jumped = rate > item.rate * 2
        told |= jumped and item.held is None
        item.listed, item.held = True, rate if jumped else None
        item.rate = item.rate if jumped else rate
    if told:
        plain.tell_admins("rates")


def agree(plain: Plain) -> int:
    """An admin agrees to every rate that is held: how many."""
    found = [item for item in plain.items.values() if item.listed and item.held is not None]
    for item in found:
        item.rate, item.held = item.held or item.rate, None
    return len(found)
