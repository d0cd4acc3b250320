"""How far an order is, as a bar that reads the same in every script."""

from bot.domain.forms import FORMS, units
from bot.domain.orders import Order, OrderState
from bot.i18n import Html, Translator

CELLS = 10  # fits beside a word on a narrow phone


def bar(t: Translator, *, done: int, total: int) -> Html:
    """``done`` of ``total`` (0 ≤ done ≤ total, total > 0); full, and 100%, only where nothing is missing."""
    filled = done * CELLS // total
    percent = t.number(done * 100 // total)
    # One piece, so that a right-to-left sentence takes bar and percent as they stand.
    return t.html("{bar}", bar=f"{'▰' * filled}{'▱' * (CELLS - filled)} {percent}%")


def remaining(order: Order) -> int | None:
    """How many units are still to come; None where the panel has not told, or counts something else.

    The remains of a drip-feed may be those of a run or of all, and a subscription's or a package's are no units.
    """
    if not units(FORMS[order.snapshot.type]) or order.spread:
        return None
    if order.state is OrderState.COMPLETED:
        return 0  # a panel may leave the number out at the end, and the last one known is old
    if order.remains is None or not 0 <= order.remains <= order.quantity:
        return None
    return order.remains


def parts_done(order: Order) -> int | None:
    """How many runs of a drip-feed, or posts of a subscription, are done; None where the panel has not told."""
    if not order.parts:
        return None
    if order.spread and order.state is OrderState.COMPLETED:
        return order.parts  # as above: the last number known may be old
    return order.parts_done
