"""News of payments: to customers what became of their money, to admins what to decide and what happened."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.payments import STARS, PaymentState, Quote
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join, mark
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import ask_button
from bot.telegram.views.payment_words import code, payer, quote_text, receipt_file, to_card, way_title

Facts = Mapping[str, Any]

# A provider's name for a payment is shown to so many characters; the shop's own are shorter.
CODE_LENGTH = 40


# To customers.


def topped_up(t: Translator, facts: Facts) -> Screen:
    """A payment is in the wallet; the form that waited for it can go on, or the list."""
    lines = [t.html("💰 <b>{amount}</b> is in your wallet.", amount=Money(int(facts["amount"])))]
    lines += _wallet_now(t, int(facts["available"]))
    rows = aside.way_back(t, facts["draft"]) or aside.to_list(t, facts.get("batch"), int(facts.get("lines", 0)))
    return Screen(join("\n", lines), rows or [[k.button(t.plain("New order"), cb.Go(to="order"), style="primary")]])


def _wallet_now(t: Translator, available: int) -> list[Html]:
    lines = [t.html("Available: <b>{available}</b>", available=Money(available))]
    if available < 0:
        lines.append(t.html("Until this is settled, nothing can be ordered: top up to order again."))
    return lines


def rejected(t: Translator, facts: Facts) -> Screen:
    """The shop did not find the money that a receipt speaks of; it can be tried again, or talked about."""
    lines = [
        t.html(
            "✖️ The shop did not find your payment of <b>{amount}</b>, reference {code}.",
            amount=Money(int(facts["amount"])),
            code=code(t, str(facts["code"])),
        )
    ]
    if facts["reason"]:
        lines.append(t.html("Reason: {reason}", reason=str(facts["reason"])))
    if facts["receipt"]:
        lines.append(t.html("If you did pay, send a clearer receipt here, or ask the shop."))
    else:
        lines.append(t.html("If you did pay, ask the shop."))
    return Screen(join("\n", lines), [*_try_again(t), *aside.way_back(t, facts["draft"])])


def expired(t: Translator, facts: Facts) -> Screen:
    """Nobody paid in time."""
    text = t.html(
        "⌛ Your top-up of <b>{amount}</b> ({way}) was not paid in time, so it is closed.",
        amount=Money(int(facts["amount"])),
        way=way_title(t, str(facts["way"])),
    )
    return Screen(join("\n", [text, t.html("If you paid all the same, ask the shop.")]), _try_again(t))


def _try_again(t: Translator) -> list[k.Row]:
    return [[k.button(t.plain("Top up"), cb.TopUp(), style="primary")], [ask_button(t, 0, None)]]


def reviewed(t: Translator, facts: Facts) -> Screen:
    """A provider says that it was paid, and it is not what was asked: the admins look."""
    text = t.html(
        "🧾 Your payment of <b>{amount}</b> ({way}) is not what was asked for, so the shop looks at it first.",
        amount=Money(int(facts["amount"])),
        way=way_title(t, str(facts["way"])),
    )
    lines = [text, t.html("You need not pay again: the shop will write to you.")]
    return Screen(join("\n", lines), [[k.button(t.plain("Wallet"), cb.Go(to="wallet"))]])


def paid_back(t: Translator, facts: Facts) -> Screen:
    """A payment went back to who paid it, and so left the wallet."""
    text = t.html(
        "↩️ Your payment of <b>{amount}</b> ({way}) was given back to you, so it is no longer in your wallet.",
        amount=Money(int(facts["amount"])),
        way=way_title(t, str(facts["way"])),
    )
    rows = [[k.button(t.plain("Wallet"), cb.Go(to="wallet"))]]
    return Screen(join("\n", [text, *_wallet_now(t, int(facts["available"]))]), rows)


# To admins.

# By what was decided.
TITLES: Mapping[str | None, str] = {
    None: mark("🧾 <b>Payment {payment}: did the money come?</b>"),
    PaymentState.PAID: mark("✅ <b>Payment {payment}: approved</b>"),
    PaymentState.REJECTED: mark("✖️ <b>Payment {payment}: rejected</b>"),
}


def receipt(t: Translator, facts: Facts) -> Screen:
    """A payment to decide on, below its receipt; once it is decided, by whom and how."""
    rows = decision_rows(t, int(facts["payment"])) if facts.get("state") is None else to_list(t)
    return Screen(slip(t, facts), rows, attachment=receipt_file(facts["receipt"], facts["receipt_kind"]))


def slip(t: Translator, facts: Facts) -> Html:
    """Whose payment it is, of how much, and what was decided. It fits under a photo, with a question below it."""
    lines = [
        t.html(TITLES[facts.get("state")], payment=str(facts["payment"])),
        payer(t, int(facts["user"]), str(facts["name"]), facts["username"]),
        t.html("{way} · {code}", way=way_title(t, str(facts["way"])), code=code(t, str(facts["code"]))),
        t.html("Amount: <b>{amount}</b>", amount=Money(int(facts["amount"]))),
    ]
    if facts.get("said") is not None:
        units, currency = facts["said"]
        said = quote_text(t, Quote(int(units), str(currency)))
        lines.append(t.html("⚠️ The provider says that {said} was paid, which is another sum.", said=said))
    if facts.get("said_code") is not None:
        said = code(t, cut(str(facts["said_code"]), CODE_LENGTH))
        lines.append(t.html("⚠️ The provider says that it was paid for {code}, which is another payment.", code=said))
    return join("\n", [*lines, *_decision(t, facts)])


def _decision(t: Translator, facts: Facts) -> list[Html]:
    """By whom; the sum that is in the wallet now, or why there is none."""
    if facts.get("state") is None:
        return []
    admin = str(facts["admin"])
    if facts["state"] == PaymentState.PAID:
        paid = Money(int(facts["paid"]))
        return [t.html("Admin {admin} put <b>{paid}</b> into the wallet.", admin=admin, paid=paid)]
    lines = [t.html("Admin {admin} saw no money.", admin=admin)]
    if facts["reason"]:
        lines.append(t.html("Reason: {reason}", reason=str(facts["reason"])))
    return lines


def decision_rows(t: Translator, payment: int) -> list[k.Row]:
    """The buttons of a payment that waits for a decision."""
    return k.grid(
        [
            k.button(t.plain("Approve"), cb.Settle(id=payment, do="approve"), style="success"),
            k.button(t.plain("Other amount"), cb.Settle(id=payment, do="amount")),
            k.button(t.plain("Reject"), cb.Settle(id=payment, do="reject"), style="danger"),
        ]
    )


def to_list(t: Translator) -> list[k.Row]:
    """The way to what else waits for a decision."""
    return [[k.button(t.plain("All payments"), cb.Settle(id=0, do="list"))]]


# By whether they are what a payment asked for.
FOUND: Mapping[bool, str] = {
    True: mark("🔎 Telegram's list of payments has {stars} from customer {user} that nobody had told of."),
    False: mark("⚠️ {stars} came from customer {user} that fit nothing the shop had asked for."),
}


def found(t: Translator, facts: Facts) -> Screen:
    """Stars that Telegram did not report, or that fit no payment, were credited all the same."""
    stars = quote_text(t, Quote(int(facts["stars"]), STARS))
    came = t.html(FOUND[bool(facts["fits"])], stars=stars, user=code(t, str(facts["user"])))
    put = t.html(
        "{amount} is in their wallet now, as payment {payment}.",
        amount=Money(int(facts["amount"])),
        payment=str(facts["payment"]),
    )
    return Screen(join(" ", [came, put]), to_card(t, int(facts["payment"])))


def stars_before(t: Translator, facts: Facts) -> Screen:
    """What the bot was paid before these books were begun."""
    count = int(facts["count"])
    head = t.nhtml(
        "🔎 Telegram's list has {n} payment from before these books, {stars} in all.",
        "🔎 Telegram's list has {n} payments from before these books, {stars} in all.",
        count,
        stars=quote_text(t, Quote(int(facts["stars"]), STARS)),
    )
    rest = t.html("It was for something else and is in no wallet. Should some of it be, use /credit.")
    return Screen(join(" ", [head, rest]))


def reversed_(t: Translator, facts: Facts) -> Screen:
    """Telegram gave a payment back without the shop's wish."""
    text = t.html(
        "↩️ Telegram took back payment {payment} and gave it to customer {user}: {amount} left their wallet.",
        payment=str(facts["payment"]),
        user=code(t, str(facts["user"])),
        amount=Money(int(facts["amount"])),
    )
    lines = [text, t.html("Available now: {available}", available=Money(int(facts["available"])))]
    if int(facts["available"]) < 0:
        lines.append(t.html("It was spent already: they can order nothing until they settle it."))
    return Screen(join("\n", lines), to_card(t, int(facts["payment"])))


def refunding(t: Translator, facts: Facts) -> Screen:
    """Another admin gives a payment back."""
    text = t.html(
        "↩️ Admin {admin} refunds payment {payment}, {asked}, to {name} ({user}). {amount} left the wallet.",
        admin=str(facts["admin"]),
        payment=str(facts["payment"]),
        asked=quote_text(t, Quote(int(facts["stars"]), STARS)),
        name=str(facts["name"]),
        user=str(facts["user"]),
        amount=Money(int(facts["amount"])),
    )
    return Screen(text, to_card(t, int(facts["payment"])))


def refund_off(t: Translator, facts: Facts) -> Screen:
    """Another admin called a refund off."""
    text = t.html(
        "↪️ Admin {admin} called off the refund of payment {payment} to {name} ({user}). "
        "{amount} is back in the wallet.",
        admin=str(facts["admin"]),
        payment=str(facts["payment"]),
        name=str(facts["name"]),
        user=str(facts["user"]),
        amount=Money(int(facts["amount"])),
    )
    return Screen(text, to_card(t, int(facts["payment"])))


CUSTOMER_NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {
    "topped_up": topped_up,
    "top_up_rejected": rejected,
    "top_up_expired": expired,
    "top_up_review": reviewed,
    "paid_back": paid_back,
}
ADMIN_NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {
    "receipt": receipt,
    "payment_found": found,
    "stars_before": stars_before,
    "payment_reversed": reversed_,
    "refunding": refunding,
    "refund_off": refund_off,
}
