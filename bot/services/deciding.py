"""What admins decide about orders whose money stays held. The first decision wins; the others read what it was."""

from bot.domain.errors import ShopError
from bot.domain.orders import AFTERLOOK_GAP, ENDED, TRACKED, UNPLACED, Order, OrderState, Question, Reason
from bot.domain.outcomes import Rejected, StatusReport
from bot.services import placing, tracking, wallet
from bot.services.news import SCREEN_FIRST, tell_order
from bot.services.shop import Shop
from bot.storage import orders
from bot.storage.database import Transaction


class AlreadyDecided(ShopError):
    """Somebody decided before, or the order moved on by itself."""


class WrongPanelOrder(ShopError):
    """The id an admin named is another order's, or the panel does not know it."""


async def _undecided(tx: Transaction, number: int, *questions: Question) -> Order:
    order = await orders.find(tx, number, lock=True)
    if order is None:
        raise ShopError("order.unknown", number=number)
    if order.question not in questions:
        raise AlreadyDecided("order.decided", number=number, state=order.state.value)
    return order


async def was_placed(
    tx: Transaction,
    shop: Shop,
    *,
    admin: int,
    number: int,
    panel_order: str,
    report: StatusReport | Rejected | None,
) -> Order:
    """*It was placed*: an uncertain order is on the panel under ``panel_order``, as ``report`` confirms."""
    order = await _undecided(tx, number, Question.UNCERTAIN)
    if not isinstance(report, StatusReport):
        words = report.words if isinstance(report, Rejected) else ""
        raise WrongPanelOrder("panel_order.unknown", panel_order=panel_order, words=words)
    taken = await orders.by_panel_order(tx, order.panel, panel_order)
    if taken is not None:
        raise WrongPanelOrder("panel_order.taken", panel_order=panel_order, number=taken.id)
    await orders.add_event(tx, number, "decided_placed", order.state, {"admin": admin})
    await placing.mark_placed(tx, shop, order, panel_order, "placed")
    await tracking.apply_one(tx, shop, number, report)
    return await _now(tx, number)


async def send_again(tx: Transaction, *, admin: int, number: int) -> Order:
    """*Send again*: an uncertain order was not placed, or one whose cost rose is sent at a loss."""
    order = await _undecided(tx, number, Question.UNCERTAIN, Question.COST)
    columns = {
        "question": None,
        "asked_at": None,
        "reason": None,
        "waits_since": tx.now,
        "next_try_at": tx.now,
        "tries": 0,
    }
    if order.question is Question.COST:
        await orders.add_event(tx, number, "send_anyway", order.state, {"admin": admin})
        await orders.touch(tx, number, **columns)
    else:
        await orders.change(tx, order, OrderState.WAITING, "resend", {"admin": admin}, **columns)
    tx.wake("place")
    return await _now(tx, number)


async def refund(
    tx: Transaction,
    shop: Shop,
    *,
    admin: int,
    number: int,
    amount: int | None = None,
    question: Question | None = None,
) -> Order:
    """Give the hold back, all of it or ``amount`` (the rest is earned), and end the order where it is still open.

    Not while an ``add`` is in flight: its answer decides first. With ``question``, only as its answer: raises
    ``AlreadyDecided`` where it is no longer asked, so that an old card cannot refund what was sent again since.
    """
    order = await orders.find(tx, number, lock=True)
    if order is None:
        raise ShopError("order.unknown", number=number)
    if question is not None and order.question is not question:
        raise AlreadyDecided("order.decided", number=number, state=order.state.value)
    if order.state is OrderState.SUBMITTING:
        raise ShopError("order.in_flight", number=number)
    if not order.held:
        raise AlreadyDecided("order.decided", number=number, state=order.state.value)
    amount = order.held if amount is None else amount
    if not 0 <= amount <= order.held:
        raise ShopError("refund.too_much", held=order.held)
    whole = amount == order.held
    state = order.state
    if state not in ENDED:
        state = OrderState.CANCELED if whole or state in UNPLACED else OrderState.PARTIAL
    await _close(tx, shop, order, state, admin=admin, refunded=amount, kind="refunded")
    return await _now(tx, number)


async def close(tx: Transaction, shop: Shop, *, admin: int, number: int) -> Order:
    """Count the order as delivered: the whole hold is earned."""
    order = await orders.find(tx, number, lock=True)
    if order is None:
        raise ShopError("order.unknown", number=number)
    if order.state in UNPLACED:
        raise ShopError("order.not_placed", number=number)
    if not order.held:
        raise AlreadyDecided("order.decided", number=number, state=order.state.value)
    state = OrderState.COMPLETED if order.state in TRACKED else order.state
    await _close(tx, shop, order, state, admin=admin, refunded=0, kind="closed")
    return await _now(tx, number)


async def _close(
    tx: Transaction, shop: Shop, order: Order, state: OrderState, *, admin: int, refunded: int, kind: str
) -> None:
    columns: dict[str, object] = {
        "question": None,
        "asked_at": None,
        "lease_until": None,
        "next_try_at": None,
    }
    details = {"admin": admin, "refunded": refunded}
    if state is order.state:
        await orders.touch(tx, order.id, **columns)
        await orders.add_event(tx, order.id, kind, state, details)
    else:
        columns |= {"ended_at": tx.now, "reason": Reason.ADMIN.value if refunded else None}
        # The panel may go on with it: that is no news until tomorrow.
        columns |= {"check_at": None if order.panel_order is None else tx.now + AFTERLOOK_GAP}
        await orders.change(tx, order, state, kind, details, **columns)
    await wallet.settle(tx, order, captured=order.held - refunded, refunded=refunded, admin=admin)
    now = await _now(tx, order.id)
    key = f"order:{order.id}:settled" if state is order.state else None
    await tell_order(tx, shop, now, key=key)


async def _now(tx: Transaction, number: int) -> Order:
    order = await orders.find(tx, number)
    if order is None:
        raise ShopError("order.unknown", number=number)
    return order


async def cancel_waiting(tx: Transaction, shop: Shop, *, user: int, number: int) -> Order:
    """A customer takes back an order that still waits, in full; never one that is being sent."""
    order = await orders.find(tx, number, user=user, lock=True)
    if order is None:
        raise ShopError("order.unknown", number=number)
    if order.state is not OrderState.WAITING:
        raise AlreadyDecided("order.not_waiting", number=number, state=order.state.value)
    await orders.change(
        tx,
        order,
        OrderState.CANCELED,
        "canceled_by_customer",
        reason=Reason.CUSTOMER.value,
        question=None,
        asked_at=None,
        ended_at=tx.now,
        next_try_at=None,
    )
    await wallet.settle(tx, order, captured=0, refunded=order.held)
    now = await _now(tx, number)
    await tell_order(tx, shop, now, after=SCREEN_FIRST)
    return now
