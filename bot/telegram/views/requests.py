"""Refills and stops in words: what was asked for, what came of it, and why something cannot be asked for."""

from collections.abc import Mapping

from bot.domain.orders import Order
from bot.domain.requests import Hindrance, Request, RequestKind, RequestState
from bot.i18n import Html, Translator, mark
from bot.services.requests import Care
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen

_ON_ITS_WAY = mark("♻️ You asked for a refill at {at}. I write to you when it ends.")
_STOPPING = mark("✋ You asked to stop it at {at}. Until the status says that it has ended, it goes on.")

# What a card says of the newest request of each kind.
_LINES: Mapping[tuple[RequestKind, RequestState], str] = {
    (RequestKind.REFILL, RequestState.WANTED): _ON_ITS_WAY,
    (RequestKind.REFILL, RequestState.ASKING): _ON_ITS_WAY,
    (RequestKind.REFILL, RequestState.ASKED): _ON_ITS_WAY,
    (RequestKind.REFILL, RequestState.RUNNING): mark("♻️ The refill you asked for at {at} is in progress."),
    (RequestKind.REFILL, RequestState.REFUSED): mark("♻️ The refill you asked for at {at} was not accepted."),
    (RequestKind.REFILL, RequestState.LOST): mark(
        "♻️ You asked for a refill at {at}. We passed it on and the answer was lost: it may come, or not."
    ),
    (RequestKind.REFILL, RequestState.DONE): mark("♻️ The refill you asked for at {at} is done."),
    (RequestKind.REFILL, RequestState.REJECTED): mark("♻️ The refill you asked for at {at} was declined."),
    (RequestKind.REFILL, RequestState.SILENT): mark("♻️ Nobody told how the refill ended that you asked for at {at}."),
    (RequestKind.CANCEL, RequestState.WANTED): _STOPPING,
    (RequestKind.CANCEL, RequestState.ASKING): _STOPPING,
    (RequestKind.CANCEL, RequestState.ASKED): _STOPPING,
    (RequestKind.CANCEL, RequestState.REFUSED): mark("✋ You asked to stop it at {at}, and that was not accepted."),
    (RequestKind.CANCEL, RequestState.LOST): mark(
        "✋ You asked to stop it at {at}. We passed it on and the answer was lost: the status will show."
    ),
    (RequestKind.CANCEL, RequestState.DONE): mark("✋ You asked to stop it at {at}."),
}
# …and of a wish to stop what has ended since.
_WAS_TO_STOP = _LINES[RequestKind.CANCEL, RequestState.DONE]

NO_SUCH_ORDER = mark("There is no such order.")
HINDRANCES: Mapping[tuple[RequestKind, Hindrance], str] = {
    **dict.fromkeys(((kind, Hindrance.UNKNOWN) for kind in RequestKind), NO_SUCH_ORDER),
    (RequestKind.REFILL, Hindrance.NOT_OFFERED): mark("This service has no refill."),
    (RequestKind.CANCEL, Hindrance.NOT_OFFERED): mark("This service cannot be stopped."),
    (RequestKind.REFILL, Hindrance.NOT_ENDED): mark("It can be refilled once it has ended."),
    (RequestKind.CANCEL, Hindrance.NOT_PLACED): mark("It was not sent yet, so there is nothing to stop."),
    (RequestKind.CANCEL, Hindrance.ENDED): mark("It has ended already."),
    (RequestKind.REFILL, Hindrance.NOTHING): mark("Nothing was delivered that could be refilled."),
    (RequestKind.REFILL, Hindrance.OPEN): mark("The refill is asked for already."),
    (RequestKind.CANCEL, Hindrance.OPEN): mark("You asked to stop it already."),
    (RequestKind.REFILL, Hindrance.TOO_SOON): mark("A refill can be asked for once in 24 hours."),
    (RequestKind.CANCEL, Hindrance.TOO_SOON): mark("You asked to stop it already. Once in 24 hours is possible."),
}

WANTED: Mapping[RequestKind, str] = {
    RequestKind.REFILL: mark("The refill is asked for."),
    RequestKind.CANCEL: mark("You asked to stop it. The status will show."),
}


def lines(t: Translator, care: Care, *, ended: bool) -> list[Html]:
    """What was asked for about an order, a line each."""
    return [_line(t, request, ended=ended) for request in care.made.values()]


def _line(t: Translator, request: Request, *, ended: bool) -> Html:
    over = ended and request.kind is RequestKind.CANCEL
    return t.html(_WAS_TO_STOP if over else _LINES[request.kind, request.state], at=request.wanted_at)


def why_not(t: Translator, kind: RequestKind, why: Hindrance) -> str:
    """Why something cannot be asked for now, as plain text."""
    return t.plain(HINDRANCES[kind, why])


def rows(t: Translator, order: Order, care: Care) -> list[k.Row]:
    """The buttons for what can be asked for now."""
    row: k.Row = []
    if RequestKind.REFILL in care.offers:
        row.append(k.button(t.plain("Refill"), cb.OrderDo(id=order.id, do="refill")))
    if RequestKind.CANCEL in care.offers:
        row.append(k.button(t.plain("Stop order"), cb.OrderDo(id=order.id, do="stop"), style="danger"))
    return [row] if row else []


def stop_sure(t: Translator, order: Order) -> Screen:
    """Ask once more before an order is asked to stop."""
    text = t.html(
        "<b>Stop order {order}?</b>\nWe pass your wish on. It may take a while, and now and then an order cannot be "
        "stopped any more: its status will show. What is not delivered by then comes back to your wallet.",
        order=f"#{order.id}",
    )
    yes = k.button(t.plain("Yes, stop it"), cb.OrderDo(id=order.id, do="stop_sure"), style="danger")
    return Screen(text, [[yes], k.back(t, cb.OrderDo(id=order.id, do="show"))])


# What news say of requests that came to the same: about one order, and about several.
TOLD: Mapping[tuple[RequestKind, RequestState], tuple[str, str]] = {
    (RequestKind.REFILL, RequestState.DONE): (
        mark("♻️ The refill of order {orders} is done."),
        mark("♻️ The refills of these orders are done: {orders}."),
    ),
    (RequestKind.REFILL, RequestState.REJECTED): (
        mark("♻️ The refill of order {orders} was declined."),
        mark("♻️ The refills of these orders were declined: {orders}."),
    ),
    (RequestKind.REFILL, RequestState.REFUSED): (
        mark("♻️ The refill of order {orders} was not accepted."),
        mark("♻️ The refills of these orders were not accepted: {orders}."),
    ),
    (RequestKind.REFILL, RequestState.LOST): (
        mark("♻️ We asked for the refill of order {orders}, and the answer was lost: it may come, or not."),
        mark("♻️ We asked for the refills of these orders, and the answer was lost: {orders}."),
    ),
    (RequestKind.REFILL, RequestState.SILENT): (
        mark("♻️ We could not find out how the refill of order {orders} ended. If it did not come, ask the shop."),
        mark("♻️ We could not find out how these refills ended: {orders}. If they did not come, ask the shop."),
    ),
    (RequestKind.CANCEL, RequestState.REFUSED): (
        mark("✋ Your wish to stop order {orders} was not accepted. It goes on."),
        mark("✋ Your wish to stop these orders was not accepted: {orders}. They go on."),
    ),
    (RequestKind.CANCEL, RequestState.LOST): (
        mark("✋ We asked to stop order {orders}, and the answer was lost: the status will show."),
        mark("✋ We asked to stop these orders, and the answer was lost: {orders}. Their status will show."),
    ),
}
