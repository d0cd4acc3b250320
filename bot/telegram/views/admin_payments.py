"""A payment's card, the list of what waits for a decision, and what an admin is asked before money moves."""

from typing import Any

from bot.domain.money import to_decimal
from bot.domain.payments import Payment, PaymentState
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.reports import PaymentFile, PaymentList
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import payment_news as slips
from bot.telegram.views.payment_words import (
    ICONS,
    STATES,
    code,
    payer,
    payment_button,
    quote_text,
    receipt_file,
    way_title,
)


def card(t: Translator, found: PaymentFile) -> Screen:
    """Everything about a payment, below its receipt where it has one, with what can be done about it."""
    payment = found.payment
    parts = [_head(t, found), _money(t, found), _history(t, payment), *_what_next(t, found)]
    rows = slips.decision_rows(t, payment.id) if payment.state is PaymentState.REVIEW else []
    if found.refundable:
        rows.append([k.button(t.plain("Refund"), cb.Settle(id=payment.id, do="refund"), style="danger")])
    if payment.state is PaymentState.REFUNDING:
        rows.append([k.button(t.plain("Look again"), cb.Settle(id=payment.id, do="show"))])
        rows.append([k.button(t.plain("Call off the refund"), cb.Settle(id=payment.id, do="call_off"))])
    return Screen(
        join("\n", parts), [*rows, *slips.to_list(t)], attachment=receipt_file(payment.receipt, payment.receipt_kind)
    )


def _head(t: Translator, found: PaymentFile) -> Html:
    payment = found.payment
    title = t.html("<b>Payment {payment}</b>: {state}", payment=str(payment.id), state=_state(t, payment))
    return join("\n", [join(" ", [Html(ICONS[payment.state]), title]), _payer(t, found)])


def _state(t: Translator, payment: Payment) -> str:
    return t.plain(STATES[payment.state])


def _payer(t: Translator, found: PaymentFile) -> Html:
    customer = found.customer
    return payer(t, customer.id, customer.name, customer.username)


def _money(t: Translator, found: PaymentFile) -> Html:
    payment = found.payment
    lines = [
        t.html("{way}", way=way_title(t, payment.way)),
        t.html("Amount: <b>{amount}</b>", amount=Money(payment.amount)),
        t.html("Asked for: {asked}", asked=quote_text(t, payment.asked)),
        t.html("Reference: {code}", code=code(t, payment.code)),
    ]
    if payment.charge is not None:
        lines.append(t.html("The provider's id: {charge}", charge=code(t, payment.charge)))
    lines.append(t.html("The wallet has {available}.", available=Money(found.available)))
    return join("\n", lines)


def _history(t: Translator, payment: Payment) -> Html:
    lines = [t.html("Begun: {at}", at=payment.created_at)]
    if payment.paid_at is not None:
        lines.append(t.html("Paid: {at}", at=payment.paid_at))
    if payment.admin_id is not None:
        given_back = payment.state in {PaymentState.REFUNDING, PaymentState.REFUNDED}
        text = mark("Refunded by admin {admin}") if given_back else mark("Decided by admin {admin}")
        lines.append(t.html(text, admin=str(payment.admin_id)))
    if payment.reason:
        lines.append(t.html("Reason: {reason}", reason=payment.reason))
    return join("\n", lines)


def _what_next(t: Translator, found: PaymentFile) -> list[Html]:
    payment = found.payment
    if payment.state is PaymentState.REFUNDING:
        return [t.html("It has left the wallet. Telegram is asked to give it back until it confirms that.")]
    if payment.state is not PaymentState.PAID or found.refundable:
        return []
    debit = f"/debit {payment.user_id} {to_decimal(payment.amount).normalize():f}"
    return [
        t.html("To give it back, send the money yourself, then take it from the wallet: {debit}", debit=code(t, debit))
    ]


# Decisions about receipts.


def decided(t: Translator, found: PaymentFile) -> Screen:
    """What an admin just decided, in the same words as on every admin's copy of the receipt."""
    payment = found.payment
    facts = _facts(found) | {
        "state": payment.state.value,
        "admin": payment.admin_id,
        "paid": payment.amount,
        "reason": payment.reason,
    }
    return Screen(slips.slip(t, facts), slips.to_list(t))


def _facts(found: PaymentFile) -> dict[str, Any]:
    payment, customer = found.payment, found.customer
    return {
        "payment": payment.id,
        "user": customer.id,
        "name": customer.name,
        "username": customer.username,
        "amount": payment.amount,
        "way": payment.way,
        "code": payment.code,
    }


def decided_before(t: Translator, payment: Payment) -> str:
    """What an admin reads who decides too late, or about what was never to be decided."""
    texts = {
        PaymentState.PAID: mark("Payment {payment} was approved already by admin {admin}: {amount}."),
        PaymentState.REJECTED: mark("Payment {payment} was rejected already by admin {admin}."),
    }
    text = texts.get(payment.state)
    if text is None or payment.admin_id is None:
        return standing(t, payment)
    return t.plain(text, payment=str(payment.id), admin=str(payment.admin_id), amount=Money(payment.amount))


def ask_amount(t: Translator, found: PaymentFile, problem: str) -> Screen:
    """Ask how much came."""
    return _asking(t, found, t.html("How much came? Send the sum that goes into the wallet."), problem, [])


def ask_reason(t: Translator, found: PaymentFile, problem: str) -> Screen:
    """Ask why a receipt is not believed."""
    text = t.html("Why is it rejected? Send the reason: the customer reads it.")
    silent = k.button(t.plain("No reason"), cb.Settle(id=found.payment.id, do="no_reason"), style="danger")
    return _asking(t, found, text, problem, [silent])


def _asking(t: Translator, found: PaymentFile, text: Html, problem: str, row: k.Row) -> Screen:
    parts = [slips.slip(t, _facts(found))]
    if problem:
        parts.append(t.html("⚠️ {problem}", problem=problem))
    cancel = k.button(t.plain("Cancel"), cb.Settle(id=found.payment.id, do="show"))
    return Screen(join("\n\n", [*parts, text]), [[*row, cancel]])


# Refunds.


def sure(t: Translator, found: PaymentFile) -> Screen:
    """Ask once more before a payment goes back; where its money was spent, whether that is meant all the same."""
    payment = found.payment
    asked, available = quote_text(t, payment.asked), Money(found.available)
    lines = [
        t.html("<b>Refund {asked} to {name}?</b>", asked=asked, name=k.label(found.customer.name)),
        t.html("{amount} leaves the wallet, which has {available}.", amount=Money(payment.amount), available=available),
    ]
    do, label = "refund", mark("Yes, refund")
    if found.short:
        lines.append(t.html("⚠️ That is more than there is: they owe the rest, and order nothing until it is settled."))
        do, label = "refund_anyway", mark("Refund anyway")
    yes = k.button(t.plain(label), cb.Settle(id=payment.id, do=do, sure=True), style="danger")
    return Screen(join("\n", lines), [[yes], k.back(t, cb.Settle(id=payment.id, do="show"))])


def sure_to_call_off(t: Translator, found: PaymentFile) -> Screen:
    """Ask once more before a refund is called off."""
    payment = found.payment
    lines = [
        t.html("<b>Call off the refund of {asked}?</b>", asked=quote_text(t, payment.asked)),
        t.html("{amount} goes back into the wallet, and Telegram is not asked any more.", amount=Money(payment.amount)),
        t.html("Should Telegram have made the refund after all, its word takes the money out again."),
    ]
    yes = k.button(t.plain("Yes, call it off"), cb.Settle(id=payment.id, do="call_off", sure=True), style="danger")
    return Screen(join("\n", lines), [[yes], k.back(t, cb.Settle(id=payment.id, do="show"))])


def standing(t: Translator, payment: Payment) -> str:
    """Where a payment is, in a few words."""
    return t.plain("Payment {payment}: {state}.", payment=str(payment.id), state=_state(t, payment))


# Lists.


def listing(t: Translator, found: PaymentList) -> Screen:
    """What waits for a decision, and the last payments; each a button to its card."""
    if found.count:
        title = t.nhtml(
            "<b>{n} payment waits for a decision</b>", "<b>{n} payments wait for a decision</b>", found.count
        )
    else:
        title = t.html("✅ No payment waits for a decision.")
    lines = [title]
    if found.last:
        lines.append(t.html("Below: the last payments."))
    rows = [[payment_button(t, each, found.names.get(each.user_id, ""))] for each in (*found.waiting, *found.last)]
    return Screen(join("\n", lines), rows)


def usage(t: Translator) -> Screen:
    """How to ask for a payment's card."""
    lines = [
        t.html("Write it like this: {form}", form=Html(f"<code>{t.html('/payment NUMBER')}</code>")),
        t.html("/payments lists those that wait for you, and the last ones."),
    ]
    return Screen(join("\n", lines))
