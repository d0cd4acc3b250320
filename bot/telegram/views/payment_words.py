"""Words that screens and news of payments share: the ways to pay, where a payment is, what was asked."""

from collections.abc import Mapping

from bot.domain.payments import STARS, Payment, PaymentState, Quote
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.ways import title_of
from bot.telegram import keyboards as k
from bot.telegram.callbacks import Settle
from bot.telegram.screens import Attachment

# What admins read of a state.
STATES: Mapping[PaymentState, str] = {
    PaymentState.OPEN: mark("Not paid"),
    PaymentState.REVIEW: mark("To be decided"),
    PaymentState.PAID: mark("Paid"),
    PaymentState.REJECTED: mark("Rejected"),
    PaymentState.EXPIRED: mark("Not paid in time"),
    PaymentState.REFUNDING: mark("Being refunded"),
    PaymentState.REFUNDED: mark("Refunded"),
}

ICONS: Mapping[PaymentState, str] = {
    PaymentState.OPEN: "⏳",
    PaymentState.REVIEW: "🧾",
    PaymentState.PAID: "✅",
    PaymentState.REJECTED: "✖️",
    PaymentState.EXPIRED: "⌛",
    PaymentState.REFUNDING: "↩️",
    PaymentState.REFUNDED: "↩️",
}


def way_title(t: Translator, way: str) -> str:
    """A way to pay, as its payers know it; one that the shop does not know any more goes by its name."""
    title = title_of(way)
    return way if title is None else t.plain(title)


def quote_text(t: Translator, quote: Quote) -> str:
    """What a payer was asked for: ``$5.00``, ``385 ⭐``."""
    if quote.currency == STARS:
        return t.plain("{stars} ⭐", stars=quote.units)
    return t.plain("{amount}", amount=Money(quote.units, quote.currency))


def payer(t: Translator, user: int, name: str, username: str | None) -> Html:
    """Whose payment it is, in one line that fits under a photo."""
    parts = [t.html("<b>{name}</b>", name=k.label(name))]
    if username:
        parts.append(t.html("{username}", username=f"@{username}"))
    return join(" ", [*parts, code(t, str(user))])


def code(t: Translator, text: str) -> Html:
    """Something that is copied rather than read."""
    return Html(f"<code>{t.html('{text}', text=text)}</code>")


def receipt_file(file: str | None, kind: str | None) -> Attachment | None:
    """A receipt as Telegram keeps it: ``kind`` is photo or document; None where there is none."""
    if file is None:
        return None
    return Attachment("photo" if kind == "photo" else "document", file=file)


def payment_button(t: Translator, payment: Payment, name: str = "") -> k.Button:
    """The way to a payment's card: its number, how much, and whose or by which way."""
    label = t.plain(
        "{icon} {payment} · {amount} · {about}",
        icon=ICONS[payment.state],
        payment=str(payment.id),
        amount=Money(payment.amount),
        about=name or way_title(t, payment.way),
    )
    return k.button(k.label(label), Settle(id=payment.id, do="show"))


def to_card(t: Translator, payment: int) -> list[k.Row]:
    """The way to the card of the payment of this number."""
    return [[k.button(t.plain("Payment {payment}", payment=str(payment)), Settle(id=payment, do="show"))]]
