"""Steps of the machine: what the panel says of orders, and what people decide about them."""

from hypothesis import strategies as st

from tests.model import drawn, following
from tests.model.machine import Machine, happens, which
from tests.model.plain import ANNA, BORIS, Order


@happens(7, lambda shop: shop.any_order(lambda order: order.panel_order), number=which, report=drawn.reports)
def look(shop: Machine, number: int, report: following.Report) -> None:
    """The panel says something of one order."""
    order = shop.order(number, condition=lambda order: order.panel_order)
    before = order.state
    following.status(shop.plain, order.number, report)
    shop.same("looked", shop.real.look(order.number, report), f"status {before} to {order.state}")


@happens(3, lambda shop: following.due(shop.plain), answers=st.lists(drawn.reports, min_size=3, max_size=3))
def track(shop: Machine, answers: list[following.Report]) -> None:
    """A round of questions, oldest due first."""
    due = following.due(shop.plain)
    said = {number: answers[place % len(answers)] for place, number in enumerate(due)}
    for number, report in said.items():
        following.status(shop.plain, number, report)
    shop.same(due, shop.real.track(said), "track")


@happens(
    3,
    lambda shop: shop.any_order(lambda order: order.question == "uncertain"),
    number=which,
    report=drawn.reports,
    taken=st.booleans(),
)
def decide_placed(shop: Machine, number: int, report: following.Report, taken: bool) -> None:
    """*It was placed*, under an id that may be another's."""
    decided_placed(shop, shop.order(number, condition=lambda order: order.question == "uncertain"), report, taken)


def decided_placed(shop: Machine, order: Order, report: following.Report, taken: bool) -> None:
    shop.ids += 1
    panel_order = "1" if taken else str(shop.ids)
    expected = following.was_placed(shop.plain, order.number, panel_order, report)
    shop.same(expected, shop.real.was_placed(order.number, panel_order, report), "placed")


@happens(3, lambda shop: shop.any_order(lambda order: order.question in {"uncertain", "cost"}), number=which)
def send_again(shop: Machine, number: int) -> None:
    """*Send again*."""
    sent_again(shop, shop.order(number, condition=lambda order: order.question in {"uncertain", "cost"}))


def sent_again(shop: Machine, order: Order) -> None:
    expected = following.send_again(shop.plain, order.number)
    shop.same(expected, shop.real.send_again(order.number), "resend")


@happens(
    3,
    lambda shop: shop.any_order(lambda order: order.held),
    number=which,
    percent=st.sampled_from([None, None, 0, 50, 101]),
    question=st.sampled_from([None, None, "uncertain", "sum"]),
)
def refund(shop: Machine, number: int, percent: int | None, question: str | None) -> None:
    """*Refund*, all or a part, by the order's card or by an old one."""
    refunded(shop, shop.order(number, condition=lambda order: order.held), percent, question)


def refunded(shop: Machine, order: Order, percent: int | None, question: str | None) -> None:
    unsent = order.state in {"waiting", "uncertain"}  # of those, nothing was delivered that a part could be for
    amount = None if percent is None or unsent else order.held * percent // 100 + (percent > 100)
    expected = following.refund(shop.plain, order.number, amount, question)
    shop.same(expected, shop.real.refund(order.number, amount, question), f"refund of {order.question}")


@happens(2, lambda shop: shop.any_order(lambda order: order.held and order.panel_order), number=which)
def close(shop: Machine, number: int) -> None:
    """*Close*: it counts as delivered."""
    closed(shop, shop.order(number, condition=lambda order: order.held and order.panel_order))


def closed(shop: Machine, order: Order) -> None:
    shop.same(following.close(shop.plain, order.number), shop.real.close(order.number), "close")


@happens(1, lambda shop: shop.any_order(lambda order: order.state == "waiting"), number=which)
def take_back(shop: Machine, number: int) -> None:
    """A customer takes back an order that waits."""
    order = shop.order(number, condition=lambda order: order.state == "waiting")
    taken_back(shop, order, order.user)


def taken_back(shop: Machine, order: Order, user: int) -> None:
    expected = following.take_back(shop.plain, order.number, user)
    shop.same(expected, shop.real.take_back(order.number, user), "take back")


@happens(
    2,
    lambda shop: shop.plain.orders,
    number=which,
    how=st.sampled_from(["placed", "again", "refund", "close", "back", "foreign"]),
)
def decide_anything(shop: Machine, number: int, how: str) -> None:
    """Any button of any card there ever was, whatever became of the order since."""
    order = shop.order(number, condition=lambda order: True)
    match how:
        case "placed":
            decided_placed(shop, order, None, taken=False)
        case "again":
            sent_again(shop, order)
        case "refund":
            refunded(shop, order, None, None)
        case "close":
            closed(shop, order)
        case "back":
            taken_back(shop, order, order.user)
        case _:
            taken_back(shop, order, ANNA + BORIS - order.user)
