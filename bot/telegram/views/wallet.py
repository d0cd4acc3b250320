"""The wallet: available, on hold, and the last movements."""

import re
from collections.abc import Mapping

from bot.domain.ledger import Movement, TransferKind
from bot.domain.payments import Payment
from bot.domain.texts import cut
from bot.i18n import LRI, PDI, Html, Money, Translator, join, mark
from bot.services.wallet import WalletView
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import ask_button
from bot.telegram.views.payment_words import ICONS, way_title

KINDS: Mapping[TransferKind, str] = {
    TransferKind.CREDIT: mark("Put in by the shop"),
    TransferKind.DEBIT: mark("Taken out by the shop"),
    TransferKind.HOLD: mark("Set aside for order {order}"),
    TransferKind.SETTLE: mark("Back from order {order}"),
    TransferKind.TOP_UP: mark("Top-up"),
    TransferKind.PAYBACK: mark("Given back to you as you paid"),
    TransferKind.REVERSAL: mark("Taken back by the payment provider"),
}
PUT_BACK = mark("It could not be given back to you")
# The reason of these is the name of the way that was paid.
_BY_WAY = frozenset({TransferKind.TOP_UP, TransferKind.PAYBACK, TransferKind.REVERSAL})
# Of a reason an admin gave: ten of them fit into one message beside the rest.
REASON_LENGTH = 120
_NUMBER = re.compile(r"\d[\d.,٫٬]*")


def wallet(
    t: Translator,
    view: WalletView,
    *,
    contact: str | None,
    support: str | None,
    draft: int | None,
    pays: bool,
    transfer: Payment | None = None,
) -> Screen:
    """``contact``: how to reach the shop; ``support``: the same as a link, where it is one.

    ``pays``: money can be put in here, without writing to anybody. ``transfer``: one that is under way.
    """
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
    if view.available < 0:
        parts.append(t.html("⚠️ A payment was taken back after it was spent. Top up to order again."))
    if not pays:
        parts.append(_top_up(t, contact, support))
    rows = [
        *([[k.button(t.plain("Top up"), cb.TopUp(), style="primary")]] if pays else []),
        *([] if transfer is None else [_to_transfer(t, transfer)]),
        *aside.way_back(t, draft),
        [k.button(t.plain("Statement"), cb.Statement()), ask_button(t, 0, support)],
        [k.button(t.plain("My orders"), cb.Orders()), *k.home(t)],
    ]
    return Screen(join("\n\n", parts), rows)


def _to_transfer(t: Translator, transfer: Payment) -> k.Row:
    """Back to where the money is to be sent, and the receipt asked for."""
    label = t.plain("{icon} Transfer of {amount}", icon=ICONS[transfer.state], amount=Money(transfer.amount))
    return [k.button(label, cb.Pay(id=transfer.id, do="show"))]


def _movement(t: Translator, moved: Movement) -> Html:
    """``+$5.00 · Put in by the shop · welcome · 1/31/26, 5:00 PM``."""
    return join(" · ", [line(t, moved), t.html("{at}", at=moved.at)])


def line(t: Translator, moved: Movement) -> Html:
    """How much moved, and why: ``+$5.00 · Put in by the shop · welcome``."""
    parts = [t.html("<b>{amount}</b>", amount=_signed(t, moved.amount)), t.html(kind(moved), order=number(moved))]
    reason = why(t, moved)
    if reason:
        parts.append(t.html("<i>{reason}</i>", reason=_cut(reason)))
    return join(" · ", parts)


def kind(moved: Movement) -> str:
    """What it was for; a text to translate. What was to be given back may come back instead."""
    put_back = moved.kind is TransferKind.PAYBACK and moved.amount > 0
    return PUT_BACK if put_back else KINDS[moved.kind]


def number(moved: Movement) -> str:
    """The order that it was about, as it is called; empty where it was about none."""
    return "" if moved.order_id is None else f"#{moved.order_id}"


def why(t: Translator, moved: Movement) -> str:
    """What an admin gave as the reason, or which way was paid."""
    return way_title(t, moved.reason) if moved.kind in _BY_WAY else moved.reason


def _signed(t: Translator, amount: int) -> str:
    sign, written = "+" if amount > 0 else "−", t.money(abs(amount))
    if not t.rtl:
        return f"{sign}{written}"
    # The sign stays before its number, and the currency on the side where it is without a sign.
    return _NUMBER.sub(lambda found: f"{LRI}{sign}{found[0]}{PDI}", written, count=1)


def _cut(reason: str) -> str:
    reason = " ".join(reason.split())
    return cut(reason, REASON_LENGTH)


def _top_up(t: Translator, contact: str | None, support: str | None) -> Html:
    if contact is not None and support is None:  # an e-mail address cannot be a button
        return t.html("To top up, write to the shop: {contact}", contact=contact)
    return t.html("To top up, write to the shop: press <b>Ask the shop</b>.")
