"""The plain rules of what comes after: statuses, admins' and customers' decisions, time."""

from datetime import timedelta

from bot.domain.outcomes import Rejected, StatusReport
from tests.model.plain import FOLLOWED, Order, Plain
from tests.model.sending import expire, give_up, placed

Report = StatusReport | Rejected | None
SILENCE = timedelta(days=3)
REMINDERS = (timedelta(minutes=15), timedelta(days=1))
DAY = 24 * 3600
UNSENT = {"waiting", "submitting", "uncertain"}
# A fresh order is looked at every minute, a month-old one every hour: (age up to in hours, gap in seconds).
GAPS = ((1, 60), (6, 120), (24, 300), (24 * 7, 900))


def due(plain: Plain) -> list[int]:
    """The orders to ask the panel about now."""
    found = [order for order in plain.orders.values() if order.panel_order and order.check and order.check <= plain.now]
    return [order.number for order in sorted(found, key=lambda order: (order.check, order.number))]


def status(plain: Plain, number: int, report: Report) -> None:
    """What the panel says of an order."""
    order = plain.orders[number]
    if order.state not in FOLLOWED:
        _after_the_end(plain, order, report)
        return
    order.check = plain.after(_gap(plain, order))
    if not isinstance(report, StatusReport):
        return
    before, order.heard = order.remains, plain.now
    order.remains = before if report.remains is None else report.remains
    if order.question == "missing":
        order.question, order.asked = None, None
    if report.status is None:
        plain.alarm(f"word:alpha:{report.word}", "word", order.number)
        return
    word = str(report.status.value)
    if word == "in_progress" and order.item.key == "posts":
        word = "active"
    if word == order.state:
        return
    if word in FOLLOWED:
        order.state = word
        plain.ask(order, "failed" if word == "failed" else None)
        plain.tell(order, again=True)
    else:
        _end(plain, order, word, refund=_refund(order, word, report, before))
    if order.question is not None:
        plain.tell_admins("question", order.number, order.question)


def _gap(plain: Plain, order: Order) -> int:
    assert order.placed is not None
    return gap_at(plain.now - order.placed)


def gap_at(age: timedelta) -> int:
    """After how many seconds what is so old is looked at again."""
    return next((gap for hours, gap in GAPS if age <= timedelta(hours=hours)), 3600)


def _end(plain: Plain, order: Order, word: str, *, refund: int | None) -> None:
    order.state, order.ended, order.check = word, plain.now, plain.after(DAY)
    plain.ask(order, "sum" if refund is None else None)
    if refund is not None:
        plain.take_apart(order, order.held - refund, refund)
    plain.tell(order)


def _refund(order: Order, word: str, report: StatusReport, before: int | None) -> int | None:
    """What comes back when the panel says that an order is over; None where a person has to say."""
    if order.item.key == "posts" and word != "partial":
        paid = order.units // _most(order)
        if report.posts is None or report.posts < 0:
            return None
        return order.price * max(paid - report.posts, 0) // paid
    spread = "runs" in order.answers
    match word:
        case "completed":
            return 0
        case "canceled":
            return None if spread and _began(order, report, before) else order.price
        case "partial" if order.item.key in {"likes", "comments"} and not spread and report.remains is not None:
            known = 0 <= report.remains <= order.units
            return order.price * report.remains // order.units if known else None
        case _:
            return None


def _most(order: Order) -> int:
    most = order.answers["max"]
    assert isinstance(most, int)
    return most


def _began(order: Order, report: StatusReport, before: int | None) -> bool:
    """Whether anything says that a drip-feed delivered before it was canceled."""
    remains = before if report.remains is None else report.remains
    if report.runs or report.orders or (remains is not None and remains < order.units):
        return True
    return report.runs is None and order.state != "pending"


def _after_the_end(plain: Plain, order: Order, report: Report) -> None:
    over = order.ended is None or plain.now - order.ended >= timedelta(days=7)
    order.check = None if over else plain.after(DAY)
    if isinstance(report, StatusReport) and report.status is not None and report.status.value != order.state:
        plain.alarm(f"changed:{order.number}:{report.status.value}", "changed", order.number)


# -- what people decide ----------------------------------------------------------------------------------------


def was_placed(plain: Plain, number: int, panel_order: str, report: Report) -> object:
    """An admin names the panel's id of an uncertain order."""
    order = plain.orders[number]
    if order.question != "uncertain":
        return "AlreadyDecided"
    if not isinstance(report, StatusReport):
        return "WrongPanelOrder"
    if any(other.panel_order == panel_order for other in plain.orders.values()):
        return "WrongPanelOrder"
    placed(plain, order, panel_order)
    status(plain, number, report)
    return ("order", number)


def send_again(plain: Plain, number: int) -> object:
    """An admin says that it was not placed, or that a loss is all right."""
    order = plain.orders[number]
    if order.question not in {"uncertain", "cost"}:
        return "AlreadyDecided"
    order.at_a_loss |= order.question == "cost"
    order.state, order.question, order.asked, order.reason = "waiting", None, None, None
    order.since, order.next_try, order.unreachable = plain.now, plain.now, []
    return ("order", number)


def refund(plain: Plain, number: int, amount: int | None, question: str | None) -> object:
    """An admin gives the hold back, or a part of it."""
    order = plain.orders[number]
    if question is not None and order.question != question:
        return "AlreadyDecided"
    if order.state == "submitting":
        return "ShopError"
    if not order.held:
        return "AlreadyDecided"
    amount = order.held if amount is None else amount
    if not 0 <= amount <= order.held:
        return "ShopError"
    _decided(plain, order, "canceled" if amount == order.held or order.state in UNSENT else "partial", amount)
    return ("order", number)


def close(plain: Plain, number: int) -> object:
    """An admin counts it as delivered."""
    order = plain.orders[number]
    if order.state in UNSENT:
        return "ShopError"
    if not order.held:
        return "AlreadyDecided"
    _decided(plain, order, "completed", 0)
    return ("order", number)


def _decided(plain: Plain, order: Order, state: str, refunded: int) -> None:
    key = None
    order.next_try, order.question, order.asked = None, None, None
    if order.ended is not None:  # only its money was open
        key = f"{order.number}:settled"
    else:
        order.state, order.ended, order.reason = state, plain.now, "admin" if refunded else None
        order.check = None if order.panel_order is None else plain.after(DAY)
    plain.take_apart(order, order.held - refunded, refunded)
    plain.tell(order, key)


def take_back(plain: Plain, number: int, user: int) -> object:
    """A customer takes back what still waits."""
    order = plain.orders[number]
    if order.user != user:
        return "ShopError"
    if order.state != "waiting":
        return "AlreadyDecided"
    order.state, order.reason, order.ended, order.next_try = "canceled", "customer", plain.now, None
    order.question, order.asked = None, None
    plain.take_apart(order, 0, order.held)
    plain.tell(order)
    return ("order", number)


# -- what time brings ------------------------------------------------------------------------------------------


def housekeeping(plain: Plain) -> None:
    """Leases that expire, waits that last too long, silence, reminders."""
    expire(plain)
    give_up(plain)
    for order in plain.orders.values():
        since = order.heard or order.placed
        if order.state in FOLLOWED and order.question is None and since and since <= plain.now - SILENCE:
            plain.ask(order, "missing")
            plain.tell_admins("question", order.number, "missing")
    for order in plain.orders.values():
        passed = 0 if order.asked is None else sum(plain.now - order.asked >= gap for gap in REMINDERS)
        if order.question is not None and passed > order.reminders:
            order.reminders = passed
            kind = "uncertain" if order.question == "uncertain" else "question"
            plain.tell_admins(kind, order.number, order.question)
