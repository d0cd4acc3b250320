"""What customers ask for beside the status: a refill, or to stop an order. No money moves by either.

A request is written down before its call, like an attempt: a crash in between leaves one whose answer was lost, never a
call unknown to the books. The program asks once; whoever wants it repeated asks again, a day later.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.orders import Order, OrderState
from bot.domain.requests import Hindrance, Request, RequestKind, hindrance
from bot.services import deciding
from bot.services.shop import Shop
from bot.storage import orders, queues, requests
from bot.storage.database import Transaction
from bot.storage.orders import Selection

# How many orders one message may name.
MOST_NUMBERS = 100

# What is noted among an order's events.
_WANTED = {RequestKind.REFILL: "refill_wanted", RequestKind.CANCEL: "stop_wanted"}


@dataclass(frozen=True, slots=True)
class Care:
    """What was asked for about an order, the newest of each kind, and what can be asked for now.

    ``alone``: the customer has no other order for the same link.
    """

    made: Mapping[RequestKind, Request] = field(default_factory=dict)
    offers: frozenset[RequestKind] = frozenset()
    alone: bool = True

    @property
    def open(self) -> bool:
        """Whether something that was asked for has not come to its end."""
        return any(request.ended_at is None for request in self.made.values())


@dataclass(frozen=True, slots=True)
class Wish:
    """What became of a wish about one order: asked for, taken back where it had not been sent, or ``why`` not.

    ``order`` is None where the customer has no order of this ``number``.
    """

    number: int
    order: Order | None = None
    why: Hindrance | None = None
    taken_back: bool = False


async def care(tx: Transaction, shop: Shop, order: Order) -> Care:
    """The requests of an order, as its card shows them."""
    made = (await requests.newest(tx, [order.id])).get(order.id, [])
    possible = (kind for kind in RequestKind if _hindrance(tx, shop, order, kind, made) is None)
    same_link = await orders.count_of_user(tx, order.user_id, Selection(link_of=order.id))
    return Care({request.kind: request for request in made}, frozenset(possible), alone=same_link < 2)


def _hindrance(
    tx: Transaction, shop: Shop, order: Order, kind: RequestKind, made: Collection[Request]
) -> Hindrance | None:
    return hindrance(order, kind, made, panels=shop.panels, now=tx.now)


async def hindrance_of(tx: Transaction, shop: Shop, order: Order, kind: RequestKind) -> Hindrance | None:
    """Why something cannot be asked for about an order now; None where it can."""
    return _hindrance(tx, shop, order, kind, (await requests.newest(tx, [order.id])).get(order.id, []))


async def want(
    tx: Transaction, shop: Shop, *, user: int, numbers: Sequence[int], kind: RequestKind, take_back: bool = False
) -> list[Wish]:
    """Ask for ``kind`` about each of these orders, in their order; the panel is asked after the commit.

    ``take_back``: an order that still waits is taken back instead, in full.
    """
    found = await orders.several(tx, user, numbers, lock=True)
    made = await requests.newest(tx, list(found))
    wishes: list[Wish] = []
    for number in dict.fromkeys(numbers):
        order = found.get(number)
        if order is None:
            wishes.append(Wish(number, why=Hindrance.UNKNOWN))
        elif take_back and order.state is OrderState.WAITING:
            canceled = await deciding.cancel_waiting(tx, shop, user=user, number=number)
            wishes.append(Wish(number, canceled, taken_back=True))
        else:
            wishes.append(Wish(number, order, _hindrance(tx, shop, order, kind, made.get(number, []))))
    await _note(tx, [wish.order for wish in wishes if wish.order and not (wish.why or wish.taken_back)], kind)
    return wishes


async def _note(tx: Transaction, wanted: Sequence[Order], kind: RequestKind) -> None:
    if not wanted:
        return
    tx.work = "wanted"
    await requests.insert_wanted(tx, [order.id for order in wanted], kind)
    if kind is RequestKind.CANCEL:
        await queues.touch_all(tx, {order.id: {"cancel_asked_at": tx.now} for order in wanted})
    for order in wanted:
        await orders.add_event(tx, order.id, _WANTED[kind], order.state)
    tx.wake(*(f"requests {panel}" for panel in {order.panel for order in wanted}))


async def look_up(tx: Transaction, *, user: int, numbers: Sequence[int]) -> list[Wish]:
    """These orders as they are, in the order of their numbers as given."""
    found = await orders.several(tx, user, numbers)
    return [
        Wish(number, found.get(number), None if number in found else Hindrance.UNKNOWN)
        for number in dict.fromkeys(numbers)
    ]
