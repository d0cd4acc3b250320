"""Money in: a payment begun, paid, found later, or never made. Amounts in ten-thousandths of the shop's currency."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.errors import BadInput, ShopError
from bot.domain.ledger import Account, Posting, TransferKind
from bot.domain.money import to_amount
from bot.domain.payments import STARS, UNPAID, Manner, Payment, PaymentState, Quote, Way, new_code
from bot.paying.seam import Fate, Invoice, PageWay, ProviderDown, ProviderRefused
from bot.paying.stars import Stars
from bot.points import reach
from bot.services.apart import AT_ONCE, apart
from bot.services.news import raise_alert, tell_admins
from bot.services.shop import Shop
from bot.storage import batches, ledger, mail, payments, people
from bot.storage.database import Transaction
from bot.storage.facts import fix_currency

log = logging.getLogger(__name__)

# Whatever keeps a provider from making an invoice.
ProviderTrouble = (ProviderDown, ProviderRefused)
# Who presses and presses has so many payments open; the oldest are let go of.
MOST_OPEN = 20


class WayGone(ShopError):
    """This way to pay is not offered (any more)."""


class PaymentGone(ShopError):
    """No payment of this person has this number, or it is over."""


class PaymentRefused(ShopError):
    """Telegram asks whether this may be paid, and it may not."""


@dataclass(frozen=True, slots=True)
class Received:
    """A payment that Telegram reports, however it reports it: ``units`` of a currency, Stars or what it is."""

    user: int
    charge: str
    code: str
    units: int
    currency: str

    @property
    def sum(self) -> Quote:
        """How much it is, as payments say it; of another currency than Stars, in its smallest unit."""
        return Quote(self.units, self.currency)


def way_of(shop: Shop, name: str) -> Way:
    """The way of this name. Raises ``WayGone``."""
    way = shop.ways.get(name)
    if way is None:
        raise WayGone("way.gone", way=name)
    return way


def quoted(shop: Shop, way: Way, amount: int) -> Quote:
    """What so much costs this way. Raises ``BadInput`` beyond the shop's own limits or the way's."""
    lowest, highest = limits(shop, way)
    if amount < lowest:
        raise BadInput("amount.too_small", lowest=lowest)
    if amount > highest:
        raise BadInput("amount.too_large", highest=highest)
    return way.quote(amount)


def limits(shop: Shop, way: Way) -> tuple[int, int]:
    """The least and the most that is taken at once this way: the shop's own bounds, or the way's where it has less."""
    lowest, highest = to_amount(shop.settings.top_up_minimum), to_amount(shop.settings.top_up_maximum)
    return _within(way, lowest, "lowest"), _within(way, highest, "highest")


def _within(way: Way, bound: int, name: str) -> int:
    """A bound of the shop's, or the way's own of this name where it does not take that much or that little."""
    try:
        way.quote(bound)
    except BadInput as error:
        own = error.params.get(name)
        return own if isinstance(own, int) else bound
    return bound


def suggestions(shop: Shop, way: Way, wanted: int) -> list[int]:
    """Amounts to offer: what is ``wanted`` first, where something is, or as much as can be taken of it; then round
    ones."""
    lowest, highest = limits(shop, way)
    exact = [min(max(wanted, lowest), highest)] if wanted > 0 else []
    found: list[int] = []
    for amount in [*exact, *(lowest * step for step in (1, 5, 10, 25, 50, 100, 250))]:
        if amount not in found and lowest <= amount <= highest:
            found.append(amount)
    return found[:6]


async def invoice_for(shop: Shop, way: Way, amount: int) -> Invoice | None:
    """A provider's invoice, where this way has any: it is asked over the network, before anything is written.

    An invoice that nobody is shown cannot be paid, so one that is lost costs nothing. Raises ``ProviderTrouble``.
    """
    if not isinstance(way, PageWay):
        return None
    reach("invoice.before")
    try:
        invoice = await way.create(new_code(), quoted(shop, way, amount))
    except ProviderTrouble as error:
        log.warning("%s made no invoice: %s", way.name, error.log)
        raise
    reach("invoice.after")
    return invoice


async def begin(
    tx: Transaction, shop: Shop, *, user: int, way: Way, amount: int, draft: int | None, invoice: Invoice | None = None
) -> Payment:
    """A new payment, open for as long as its way says. ``invoice``: what a provider made for it, where one did."""
    tx.work = "begun"
    await fix_currency(tx, shop.settings.currency)
    for old in (await payments.of_user(tx, user, states=[PaymentState.OPEN], limit=1000))[MOST_OPEN - 1 :]:
        await payments.move(tx, old.id, PaymentState.EXPIRED, was=[PaymentState.OPEN], ended_at=tx.now)
    tx.wake("pages")
    return await payments.insert_payment(
        tx,
        user=user,
        way=way.name,
        amount=amount,
        asked=quoted(shop, way, amount) if invoice is None else invoice.asked,
        code=new_code() if invoice is None else invoice.code,
        expires_at=tx.now + way.lifetime,
        draft_id=draft,
        charge=None if invoice is None else invoice.charge,
        url=None if invoice is None else invoice.url,
    )


async def own(tx: Transaction, *, user: int, payment: int) -> Payment:
    """This customer's payment. Raises ``PaymentGone``."""
    found = await payments.find(tx, payment)
    if found is None or found.user_id != user:
        raise PaymentGone("payment.gone", payment=payment)
    return found


async def is_silent(tx: Transaction, way: str) -> bool:
    """Whether a provider did not say what was paid when it was last asked; it is asked again until it does."""
    return await mail.alert_raised(tx, f"way:{way}")


async def forget(tx: Transaction, payment: Payment) -> None:
    """Let go of a payment that nobody made, and say nothing of it. If it comes all the same, it counts."""
    await payments.move(tx, payment.id, PaymentState.EXPIRED, was=[PaymentState.OPEN], ended_at=tx.now)


async def may_pay(tx: Transaction, shop: Shop, asked: Received) -> Payment:
    """Whether Telegram may take this person's Stars for this payment, everything looked up again.

    ``asked.charge`` is empty: there is none yet. Raises ``PaymentRefused``.
    """
    payment = await payments.find_by_code(tx, asked.code)
    if payment is None or payment.user_id != asked.user or payment.way != Stars.name:
        raise PaymentRefused("checkout.foreign")
    if asked.currency != STARS:
        raise PaymentRefused("checkout.currency", currency=asked.currency)
    if Stars.name not in shop.ways:
        raise PaymentRefused("checkout.off")
    if payment.state is not PaymentState.OPEN:
        raise PaymentRefused("checkout.over", state=payment.state)
    if payment.expires_at <= tx.now:
        raise PaymentRefused("checkout.expired")
    if payment.asked != asked.sum or payment.asked != _quoted_now(shop, payment.amount):
        raise PaymentRefused("checkout.amount")
    return payment


def _quoted_now(shop: Shop, amount: int) -> Quote | None:
    """What so much costs in Stars at the present rate; None where it is not sold any more."""
    try:
        return quoted(shop, shop.ways[Stars.name], amount)
    except BadInput:
        return None


async def receive_stars(tx: Transaction, shop: Shop, paid: Received, *, found_later: bool = False) -> Payment | None:
    """Stars came in: credited once by their charge, whatever is reported twice, late or oddly.

    What Telegram took is the customer's money: where it does not fit the payment it names, or that is paid already, it
    is credited as a payment of its own, at the present rate where the sum is another, and the admins hear of it. None
    where the shop has no rate: the admins are told, and it is credited when Telegram's list is next compared after they
    set one. None, too, for another currency, which the shop never asked for: the admins are told, and nobody is
    credited. ``found_later``: not reported, but found in that list.
    """
    existing = await payments.find_by_charge(tx, Stars.name, paid.charge)
    if existing is not None:
        return existing
    if paid.currency != STARS:
        facts = {"user": paid.user, "units": paid.units, "currency": paid.currency}
        await raise_alert(tx, shop, f"currency:{paid.charge}", "foreign", **facts)
        return None
    payment = await payments.find_by_code(tx, paid.code)
    as_asked = payment is not None and _fits(payment, paid)
    if payment is None or not as_asked or payment.state not in UNPAID:
        amount = payment.amount if payment is not None and as_asked else _worth(shop, paid.units)
        if amount is None:
            await raise_alert(tx, shop, f"stars:{paid.charge}", "stars", user=paid.user, stars=paid.units)
            return None
        payment, as_asked = await _unexpected(tx, shop, paid, amount), False
    if found_later or not as_asked:
        told = {"payment": payment.id, "user": paid.user, "amount": payment.amount, "stars": paid.units}
        await tell_admins(tx, shop, "payment_found", {**told, "fits": as_asked}, key=f"payment_found:{payment.id}")
    await credit(tx, payment, charge=paid.charge)
    return await payments.get(tx, payment.id)


def _fits(payment: Payment, paid: Received) -> bool:
    """Whether it is what was asked, from whom it was asked."""
    return (payment.user_id, payment.way, payment.asked) == (paid.user, Stars.name, paid.sum)


def _worth(shop: Shop, stars: int) -> int | None:
    rate = shop.settings.star
    return None if rate is None else max(Stars(rate).worth(stars), 1)


async def _unexpected(tx: Transaction, shop: Shop, paid: Received, amount: int) -> Payment:
    if await people.find_user(tx, paid.user) is None:  # from a time that these books do not know
        await people.see_user(tx, paid.user, name=str(paid.user), username=None, language=None)
    await fix_currency(tx, shop.settings.currency)
    return await payments.insert_payment(
        tx,
        user=paid.user,
        way=Stars.name,
        amount=amount,
        asked=paid.sum,
        code=new_code(),
        expires_at=tx.now,
    )


async def credit(
    tx: Transaction, payment: Payment, *, amount: int | None = None, admin: int | None = None, charge: str | None = None
) -> bool:
    """Put a payment into its wallet and tell the customer; False where that was done before.

    ``amount``: another sum than the one begun with, as an admin saw it. ``charge``: the provider's id, where it is
    known only now.
    """
    tx.work = "paid"
    amount = payment.amount if amount is None else amount
    moved = await payments.move(
        tx,
        payment.id,
        PaymentState.PAID,
        was=UNPAID,
        amount=amount,
        admin_id=admin,
        paid_at=tx.now,
        ended_at=tx.now,
        charge=payment.charge if charge is None else charge,
    )
    if not moved:
        return False
    await ledger.open_wallet(tx, payment.user_id)
    await ledger.transfer(
        tx,
        [Posting(Account.OUTSIDE, 0, -amount), Posting(Account.WALLET, payment.user_id, amount)],
        key=f"topup:{payment.id}",
        kind=TransferKind.TOP_UP,
        user=payment.user_id,
        admin=admin,
        reason=payment.way,
    )
    await _tell(tx, payment, amount)
    return True


async def _tell(tx: Transaction, payment: Payment, amount: int) -> None:
    """The customer hears of their money, with the way back to the form that waited for it, or else to the list."""
    waiting = None if payment.draft is None else await people.find_draft(tx, payment.draft, user=payment.user_id)
    kept = await batches.unconfirmed(tx, payment.user_id) if waiting is None else None
    facts = {
        "payment": payment.id,
        "way": payment.way,
        "amount": amount,
        "available": await ledger.available(tx, payment.user_id),
        "draft": None if waiting is None else waiting.id,
        "batch": None if kept is None else kept.id,
        "lines": 0 if kept is None else len(kept.lines),
    }
    await mail.post(tx, payment.user_id, "topped_up", facts, key=f"topped_up:{payment.id}")


async def seen(tx: Transaction, shop: Shop, way: str, invoice: Invoice) -> None:
    """What a provider says became of an invoice that is paid elsewhere.

    Credited only where the sum and the name that the shop gave it are right; else it is for the admins to decide, and
    the customer hears that they do.
    """
    payment = await payments.find_by_charge(tx, way, invoice.charge)
    if payment is None:
        return
    if invoice.fate is Fate.PAID:
        if invoice.asked == payment.asked and invoice.code in {"", payment.code}:
            await credit(tx, payment)
        elif await payments.move(tx, payment.id, PaymentState.REVIEW, was=[PaymentState.OPEN, PaymentState.EXPIRED]):
            await ask_admins(tx, shop, await payments.get(tx, payment.id), said=invoice)
            facts = {"payment": payment.id, "way": payment.way, "amount": payment.amount}
            await mail.post(tx, payment.user_id, "top_up_review", facts, key=f"top_up_review:{payment.id}")
    elif invoice.fate is Fate.EXPIRED:
        await expire(tx, payment)
        await payments.put(tx, payment.id, url=None)  # nobody can pay there any more: it is not asked about again


async def ask_admins(
    tx: Transaction, shop: Shop, payment: Payment, *, said: Invoice | None = None, part: int = 1
) -> None:
    """Show the admins a payment to decide on: a receipt, or what a provider said that does not fit.

    ``part``: which of several files of one receipt.
    """
    person = await people.find_user(tx, payment.user_id)
    facts: dict[str, Any] = {
        "payment": payment.id,
        "user": payment.user_id,
        "name": str(payment.user_id) if person is None else person.name,
        "username": None if person is None else person.username,
        "amount": payment.amount,
        "way": payment.way,
        "code": payment.code,
        "receipt": payment.receipt,
        "receipt_kind": payment.receipt_kind,
        "said": None,
        "said_code": None,
    }
    if said is not None and said.asked != payment.asked:
        facts["said"] = [said.asked.units, said.asked.currency]
    if said is not None and said.code not in {"", payment.code}:
        facts["said_code"] = said.code
    await tell_admins(tx, shop, "receipt", facts, key=f"receipt:{payment.id}:{part}")


async def expire(tx: Transaction, payment: Payment) -> None:
    """Nobody paid in time; the customer hears it where they might still be waiting."""
    if await payments.move(tx, payment.id, PaymentState.EXPIRED, was=[PaymentState.OPEN], ended_at=tx.now):
        facts = {"payment": payment.id, "way": payment.way, "amount": payment.amount}
        await mail.post(tx, payment.user_id, "top_up_expired", facts, key=f"top_up_expired:{payment.id}")


# A provider's own word on an invoice is waited for so long after its time; then the customer hears that it is closed.
PROVIDER_GRACE = timedelta(hours=24)


async def expire_overdue(tx: Transaction, shop: Shop) -> int:
    """Let go of payments whose time is over, a part of them; of how many.

    An invoice of Telegram's is let go of in silence: nothing waits for it. So is one of a way that is off.
    """
    asked = [way.name for way in shop.ways.values() if way.manner is Manner.PAGE]
    done = 0
    for payment in await payments.overdue(tx, limit=AT_ONCE, asked=asked, grace=PROVIDER_GRACE):
        way = shop.ways.get(payment.way)
        silently = way is None or way.manner is Manner.INVOICE
        ended = forget(tx, payment) if silently else expire(tx, payment)
        done += await apart(tx, ended, what=f"letting go of payment {payment.id}")
    return done
