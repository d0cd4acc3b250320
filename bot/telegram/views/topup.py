"""Putting money in: the ways, the amount, and what to pay and how."""

from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import CopyTextButton

from bot.domain.errors import BadInput
from bot.domain.mass import Batch
from bot.domain.payments import STARS, UNPAID, Manner, Payment, PaymentState, Quote, Way
from bot.domain.texts import cut_units
from bot.i18n import Html, Money, Translator, join, mark
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.errors import in_words
from bot.telegram.screens import InvoiceCard, Rows, Screen
from bot.telegram.views import aside
from bot.telegram.views.payment_words import way_title

# What each state means to who paid, or did not.
STORIES = {
    PaymentState.OPEN: mark("Not paid yet."),
    PaymentState.REVIEW: mark("The shop is looking at it and will write to you."),
    PaymentState.PAID: mark("✅ Paid: the money is in your wallet."),
    PaymentState.REJECTED: mark("The shop did not find the money."),
    PaymentState.EXPIRED: mark("This payment is closed. If you paid all the same, it still counts."),
    PaymentState.REFUNDING: mark("It is being given back to you as you paid."),
    PaymentState.REFUNDED: mark("It was given back to you as you paid."),
}


def ways(t: Translator, offered: Sequence[Way]) -> Screen:
    """Which way to pay."""
    rows = [[k.button(t.plain(way.title), cb.TopUp(way=way.name))] for way in offered]
    text = t.html("<b>Top up</b>\nHow would you like to pay?")
    return Screen(text, [*rows, k.back(t, cb.Go(to="wallet"))])


def amount(
    t: Translator,
    way: Way,
    offered: Sequence[tuple[int, Quote]],
    limits: tuple[int, int],
    *,
    wanted: int,
    only: bool,
    error: BadInput | None = None,
) -> Screen:
    """How much: amounts with what they cost, or one's own. ``wanted``: what an order that waits still needs."""
    parts = [t.html("<b>Top up · {way}</b>", way=t.plain(way.title))]
    if wanted:
        parts.append(t.html("Your order needs <b>{amount}</b> more.", amount=Money(wanted)))
    if error is not None:
        parts.append(t.html("⚠️ {problem}", problem=in_words(t, error).text))
    lowest, highest = limits
    lines = [
        t.html("Choose an amount or send one."),
        t.html("From {lowest} to {highest}.", lowest=Money(lowest), highest=Money(highest)),
    ]
    rate = _rate(t, offered)
    parts.append(join("\n", lines if rate is None else [*lines, rate]))
    parts.append(t.html("By paying you agree to the /terms of this shop."))
    buttons = [k.button(_priced(t, sum_, quote), cb.TopUp(way=way.name, amount=sum_)) for sum_, quote in offered]
    back = cb.Go(to="wallet") if only else cb.TopUp()
    return Screen(join("\n\n", parts), [*k.grid(buttons), k.back(t, back)])


def _rate(t: Translator, offered: Sequence[tuple[int, Quote]]) -> Html | None:
    """What a Star buys, before anybody pays one."""
    stars = [(sum_, quote.units) for sum_, quote in offered if quote.currency == STARS]
    if not stars:
        return None
    most, units = max(stars)
    return t.html("Stars are counted whole and rounded up: {amount} is {stars} ⭐.", amount=Money(most), stars=units)


def _priced(t: Translator, sum_: int, quote: Quote) -> str:
    if quote.currency == STARS:
        return t.plain("{amount} · {stars} ⭐", amount=Money(sum_), stars=quote.units)
    return t.plain("{amount}", amount=Money(sum_))


def payment(
    t: Translator,
    way: Way | None,
    shown: Payment,
    *,
    instructions: str,
    error: BadInput | None = None,
    kept: Batch | None = None,
) -> Screen:
    """A payment as it stands, with what can be done about it; ``way`` is None where it is not offered any more.

    ``kept``: the mass order that waits for the money, where no form does.
    """
    if way is None or shown.state not in UNPAID or shown.state is PaymentState.REVIEW:
        return _over(t, shown, kept)
    if way.manner is Manner.INVOICE:
        return _invoice(t, shown) if shown.state is PaymentState.OPEN else _over(t, shown)
    if way.manner is Manner.PAGE:
        return _page(t, way, shown) if shown.state is PaymentState.OPEN else _over(t, shown)
    return _receipt(t, way, shown, instructions, error)


def _over(t: Translator, shown: Payment, kept: Batch | None = None) -> Screen:
    lines = [
        t.html("<b>Top-up of {amount}</b>", amount=Money(shown.amount)),
        t.html(STORIES[shown.state]),
    ]
    if shown.reason:
        lines.append(t.html("Reason: {reason}", reason=shown.reason))
    rows: list[k.Row] = []
    if shown.state is PaymentState.PAID:
        rows += aside.way_back(t, shown.draft)
        rows += [] if kept is None else aside.to_list(t, kept.id, len(kept.lines))
    elif shown.state in {PaymentState.EXPIRED, PaymentState.REJECTED}:
        rows.append([k.button(t.plain("Top up"), cb.TopUp(), style="primary")])
    return Screen(join("\n", lines), [*rows, [k.button(t.plain("Wallet"), cb.Go(to="wallet")), *k.home(t)]])


def _invoice(t: Translator, shown: Payment) -> Screen:
    """Telegram draws it: a title of 32 characters, a description of 255."""
    sum_ = Money(shown.amount)
    card = InvoiceCard(
        title=cut_units(t.plain("Top-up {amount}", amount=sum_), 32),
        description=cut_units(t.plain("{amount} goes into your wallet in this shop.", amount=sum_), 255),
        stars=shown.asked.units,
        code=shown.code,
        pay=t.plain("Pay {stars} ⭐", stars=shown.asked.units),
    )
    return Screen(Html(""), _leave(t, shown), invoice=card)


def _leave(t: Translator, shown: Payment) -> Rows:
    return [
        [
            k.button(t.plain("Back"), cb.TopUp(way=shown.way)),
            k.button(t.plain("Cancel"), cb.Pay(id=shown.id, do="forget"), style="danger"),
        ]
    ]


def _page(t: Translator, way: Way, shown: Payment) -> Screen:
    asked = Money(shown.asked.units, shown.asked.currency)
    parts = [
        t.html("<b>Top up · {way}</b>", way=t.plain(way.title)),
        t.html("To pay: <b>{amount}</b>", amount=asked),
        t.html("The page is good until {at}. The money is in your wallet as soon as it arrives.", at=shown.expires_at),
    ]
    rows = [
        [k.link(t.plain("Pay {amount}", amount=asked), shown.url or "")],
        [k.button(t.plain("I have paid"), cb.Pay(id=shown.id, do="look"))],
    ]
    return Screen(join("\n", parts), [*rows, *_leave(t, shown)])


def _receipt(t: Translator, way: Way, shown: Payment, instructions: str, error: BadInput | None) -> Screen:
    head = [
        t.html("<b>Top up · {way}</b>", way=t.plain(way.title)),
        t.html("Amount: <b>{amount}</b>", amount=Money(shown.amount)),
    ]
    parts = [
        join("\n", head),
        t.html("{instructions}", instructions=instructions),
        t.html("Write this reference with the transfer:\n<code>{code}</code>", code=shown.code),
    ]
    if shown.state is PaymentState.REJECTED:
        parts.append(t.html(STORIES[shown.state]))
        if shown.reason:
            parts.append(t.html("Reason: {reason}", reason=shown.reason))
    if error is not None:
        parts.append(t.html("⚠️ {problem}", problem=in_words(t, error).text))
    parts.append(t.html("Then send the receipt here, as a photo or a PDF."))
    copy = k.Button(text=t.plain("Copy the reference"), copy_text=CopyTextButton(text=shown.code))
    return Screen(join("\n\n", parts), [[copy], *_leave(t, shown)])


def received(t: Translator, shown: Payment, *, draft: int | None) -> Screen:
    """The receipt is with the admins."""
    text = t.html(
        "Thank you: the shop has your receipt for {amount} and will write to you here. "
        "If it has more pages, send them too.",
        amount=Money(shown.amount),
    )
    rows = [*aside.way_back(t, draft), [k.button(t.plain("Wallet"), cb.Go(to="wallet")), *k.home(t)]]
    return Screen(text, rows)


def looked(t: Translator, screen: Screen, shown: Payment, *, silent: bool = False) -> Screen:
    """What asking the provider found, said aloud: the screen may look as before. ``silent``: it did not answer."""
    waits = shown.state is PaymentState.OPEN
    told = STORIES[shown.state]
    if waits and silent:
        told = mark("{way} does not answer right now. If you have paid, it counts as soon as it answers again.")
    return replace(screen, notice=t.plain(told, way=way_title(t, shown.way)), alert=waits)


def provider_down(t: Translator, way: Way, sum_: int) -> Screen:
    """The provider made no invoice; nothing was charged."""
    text = t.html(
        "{way} does not answer right now. Nothing was charged. Try again in a minute, or pay another way.",
        way=t.plain(way.title),
    )
    again = k.button(t.plain("Try again"), cb.TopUp(way=way.name, amount=sum_), style="primary")
    return Screen(text, [[again], [k.button(t.plain("Top up"), cb.TopUp()), *k.home(t)]])


# What Telegram shows to who pays, where the shop says no.
REFUSALS = {
    "checkout.foreign": mark("This invoice was made for somebody else."),
    "checkout.off": mark("The shop takes no Stars any more. Nothing was charged."),
    "checkout.currency": mark("Only Stars are taken here. Nothing was charged; make a new invoice with /wallet."),
    "checkout.over": mark("This invoice is settled or closed. Make a new one with /wallet."),
    "checkout.expired": mark("This invoice is too old. Make a new one with /wallet."),
    "checkout.amount": mark("The amount has changed. Make a new invoice with /wallet."),
}


def refusal(t: Translator, code: str | None) -> str:
    """Why this cannot be paid; None: the shop cannot tell right now."""
    known = REFUSALS.get(code or "")
    return t.plain(known) if known else t.plain("The shop cannot take this now. Nothing was charged; try again.")
