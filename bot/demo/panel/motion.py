"""How an order moves along: pending, in progress with falling remains, and its end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.demo.panel.orders import CANCELED_WORDS, DemoOrder, Fate, chance

NOT_YET = -1.0  # the progress of an order that is still pending; from 0 it runs, at 1 it has ended


@dataclass(frozen=True, slots=True)
class Purse:
    """What moving orders needs of the panel: to be paid (or not), an id for a child order, a place for it."""

    pay: Callable[[Decimal], bool]
    new_id: Callable[[], str]
    keep: Callable[[DemoOrder], None]


def move(order: DemoOrder, progress: float, purse: Purse, rate: Decimal) -> None:
    """Bring the order to ``progress``; it never goes back, and ends by its fate at 1."""
    if order.closed or order.pinned or (progress < 0 and not order.posts):
        return
    if order.posts:
        _move_subscription(order, progress, purse, rate)
        return
    if order.start_count is None:
        order.start_count = order.fate.start_count
    if order.is_drip:
        _move_runs(order, progress, purse)
        return
    share = order.fate.share if order.counts_units else 1.0
    before = 0 if order.remains is None else order.goal - order.remains
    done = max(before, int(min(progress, 1.0) * share * order.goal))
    if progress < 1:
        order.status, order.remains = "In progress", order.goal - done
        return
    order.status = order.fate.end if order.counts_units else "Completed"
    if order.status == "Partial" and not 0 < done < order.goal:
        order.status = "Completed"  # too few units to leave some out
    order.remains = 0 if order.status == "Completed" else order.goal - done


def stop(order: DemoOrder) -> None:
    """End an order whose cancelling was asked for: Partial where something came that can be counted."""
    order.remains = order.goal if order.remains is None else order.remains
    some = order.counts_units and order.remains < order.goal
    order.status = "Partial" if some else "Canceled"


def fill_in(order: DemoOrder) -> None:
    """Give an order that was set to a status by hand the numbers that go with it."""
    word = order.status.lower()
    if word != "pending" and order.start_count is None:
        order.start_count = order.fate.start_count
    if word == "completed":
        order.remains, order.runs_done = 0, order.runs if order.is_drip else 0
    elif word in CANCELED_WORDS and order.remains is None:
        order.remains = order.goal
    elif word == "partial" and not order.remains:
        order.remains = order.goal // 2


def _move_runs(order: DemoOrder, progress: float, purse: Purse) -> None:
    due = int(min(progress, 1.0) * order.runs)
    while order.runs_done < due:
        order.runs_done += 1
        purse.keep(_child(order, purse.new_id(), order.quantity, order.price / order.runs))
    order.remains = order.goal - order.runs_done * order.quantity
    order.status = "Completed" if progress >= 1 else "In progress"


def _move_subscription(order: DemoOrder, progress: float, purse: Purse, rate: Decimal) -> None:
    order.status = "Active"
    due = int(max(0.0, min(progress, 1.0)) * order.posts)
    least, most = int(order.fields["min"]), int(order.fields["max"])
    while order.posts_done < due:
        luck = chance(order.id, order.posts_done)
        quantity = least + int(luck * (most - least + 1))
        cost = rate * quantity / 1000
        if not purse.pay(cost):
            order.status = "Paused"
            return
        order.posts_done += 1
        order.price = order.charge = order.charge + cost
        purse.keep(_child(order, purse.new_id(), quantity, cost))
    if progress >= 1:
        order.status = "Completed"


def _child(parent: DemoOrder, name: str, quantity: int, cost: Decimal) -> DemoOrder:
    parent.children.append(name)
    return replace(
        parent,
        id=name,
        type="Default",
        quantity=quantity,
        runs=1,
        posts=0,
        price=cost,
        charge=cost,
        fate=Fate(start_count=parent.fate.start_count),
        parent=parent.id,
        status="Completed",
        start_count=parent.fate.start_count,
        remains=0,
        runs_done=0,
        posts_done=0,
        children=[],
        answer={},
        omit=frozenset(),
    )
