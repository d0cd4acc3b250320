"""The wallet: available, on hold, and the last movements."""

from collections.abc import Mapping

from bot.domain.ledger import Movement, TransferKind
from bot.i18n import LRM, Html, Money, Translator, join, mark
from bot.services.wallet import WalletView
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import ask_button

KINDS: Mapping[TransferKind, str] = {
    TransferKind.CREDIT: mark("Put in by the shop"),
    TransferKind.DEBIT: mark("Taken out by the shop"),
    TransferKind.HOLD: mark("Set aside for order {order}"),
    TransferKind.SETTLE: mark("Back from order {order}"),
}
# Of a reason an admin gave: ten of them fit into one message beside the rest.
REASON_LENGTH = 120


def wallet(t: Translator, view: WalletView, *, contact: str | None, support: str | None, draft: int | None) -> Screen:
    """``contact``: how to reach the shop; ``support``: the same as a link, where it is one."""
    lines = [
        t.html("<b>Wallet</b>"),
        t.html("Available: <b>{available}</b>", available=Money(view.available)),
        t.html("On hold: {on_hold}", on_hold=Money(view.on_hold)),
    ]
    parts = [join("\n", lines)]
    if view.on_hold:
        parts.append(t.html("What is on hold is set aside for your open orders."))
    if view.movements:
        moved = [_movement(t, each) for each in view.movements]
        parts.append(join("\n", [t.html("<b>Last movements</b>"), *moved]))
    parts.append(_top_up(t, contact, support))
    rows = [
        *aside.way_back(t, draft),
        [ask_button(t, 0, support)],
        [k.button(t.plain("My orders"), cb.Orders()), *k.home(t)],
    ]
    return Screen(join("\n\n", parts), rows)


def _movement(t: Translator, moved: Movement) -> Html:
    """``+$5.00 · Put in by the shop · welcome · 1/31/26, 5:00 PM``."""
    order = "" if moved.order_id is None else f"#{moved.order_id}"
    parts = [
        t.html("<b>{amount}</b>", amount=_signed(t, moved.amount)),
        t.html(KINDS[moved.kind], order=order),
    ]
    if moved.reason:
        parts.append(t.html("<i>{reason}</i>", reason=_cut(moved.reason)))
    parts.append(t.html("{at}", at=moved.at))
    return join(" · ", parts)


def _signed(t: Translator, amount: int) -> str:
    sign = "+" if amount > 0 else "−"
    mark = LRM if t.rtl else ""  # keeps the sign before its number
    return f"{mark}{sign}{t.money(abs(amount))}"


def _cut(reason: str) -> str:
    reason = " ".join(reason.split())
    return reason if len(reason) <= REASON_LENGTH else f"{reason[: REASON_LENGTH - 1]}…"


def _top_up(t: Translator, contact: str | None, support: str | None) -> Html:
    if contact is not None and support is None:  # an e-mail address cannot be a button
        return t.html("To top up, write to the shop: {contact}", contact=contact)
    return t.html("To top up, write to the shop: press <b>Ask the shop</b>.")
