"""Payments that go back: an admin's refund of Stars, and what Telegram takes back by itself.

The wallet is debited first, in the transaction that notes the wish; then Telegram is asked until it confirms.
"""

from datetime import timedelta

from bot.domain.errors import ShopError
from bot.domain.ledger import Account, Posting, TransferKind
from bot.domain.payments import Payment, PaymentState
from bot.paying.stars import Stars
from bot.services.news import clear_alert, raise_alert, tell_admins
from bot.services.paying import PaymentGone
from bot.services.shop import Shop
from bot.storage import ledger, mail, payments, people
from bot.storage.database import Transaction

# A refund that Telegram did not confirm is asked for again after so long, doubling, in seconds.
FIRST_GAP, LONGEST_GAP = 2, 3600
# After so many tries without a word that it worked, an admin should know.
TRIES_TO_TELL = 5


class CannotRefund(ShopError):
    """This payment is not one that can be given back from here."""


class Spent(ShopError):
    """The wallet does not have the money any more; an admin may take it all the same."""


async def refund(tx: Transaction, shop: Shop, *, admin: int, payment: int, forced: bool = False) -> Payment:
    """Take a payment out of its wallet, and have it given back to who paid it.

    A second press finds it under way and returns it. Raises ``PaymentGone``, ``CannotRefund``, or ``Spent`` where the
    wallet is short and nobody ``forced`` it.
    """
    tx.work = "payback"
    found = await payments.find(tx, payment)
    if found is None:
        raise PaymentGone("payment.gone", payment=payment)
    if found.way != Stars.name or found.charge is None:
        raise CannotRefund("refund.by_hand", way=found.way)
    if found.state in {PaymentState.REFUNDING, PaymentState.REFUNDED}:
        return found
    if found.state is not PaymentState.PAID:
        raise CannotRefund("refund.unpaid", state=found.state)
    if not await _take_back(tx, found, TransferKind.PAYBACK, admin=admin, forced=forced):
        raise Spent("refund.spent", available=await ledger.available(tx, found.user_id), amount=found.amount)
    await payments.move(
        tx, payment, PaymentState.REFUNDING, was=[PaymentState.PAID], admin_id=admin, next_try_at=tx.now, tries=0
    )
    tx.wake("refunds")
    await _tell_other_admins(tx, shop, found, admin)
    return await payments.get(tx, payment)


async def _tell_other_admins(tx: Transaction, shop: Shop, payment: Payment, admin: int) -> None:
    customer = await people.find_user(tx, payment.user_id)
    facts = {
        "admin": admin,
        "payment": payment.id,
        "user": payment.user_id,
        "name": str(payment.user_id) if customer is None else customer.name,
        "amount": payment.amount,
        "stars": payment.asked.units,
    }
    for other in sorted(shop.settings.admin_ids - {admin, payment.user_id}):
        await mail.post(tx, other, "refunding", facts)


async def _take_back(tx: Transaction, payment: Payment, kind: TransferKind, *, admin: int | None, forced: bool) -> bool:
    return await ledger.transfer(
        tx,
        [Posting(Account.WALLET, payment.user_id, -payment.amount), Posting(Account.OUTSIDE, 0, payment.amount)],
        key=f"payback:{payment.id}",
        kind=kind,
        user=payment.user_id,
        admin=admin,
        reason=payment.way,
        forced=forced,
    )


async def due(tx: Transaction) -> list[Payment]:
    """Refunds that Telegram has to be asked for now."""
    return await payments.refunds_due(tx, limit=20)


async def confirmed(tx: Transaction, shop: Shop, payment: int) -> None:
    """Telegram gave it back, or says that it did so before; the customer is told once."""
    tx.work = "refunded"
    moved = await payments.move(
        tx, payment, PaymentState.REFUNDED, was=[PaymentState.REFUNDING], ended_at=tx.now, next_try_at=None
    )
    if moved:
        await clear_alert(tx, shop, f"refund:{payment}", "refund", payment=payment)
        await _tell(tx, await payments.get(tx, payment))


async def not_yet(tx: Transaction, shop: Shop, payment: Payment, why: str, *, after: float | None = None) -> None:
    """Telegram did not confirm; it is asked again, later each time, or ``after`` so many seconds where it said so."""
    tx.work = "refunded"
    tries = await payments.tries_of(tx, payment.id) + 1
    gap = min(FIRST_GAP * 2 ** min(tries, 12), LONGEST_GAP) if after is None else after
    await payments.put(tx, payment.id, tries=tries, next_try_at=tx.now + timedelta(seconds=gap))
    if tries >= TRIES_TO_TELL:
        facts = {"payment": payment.id, "user": payment.user_id, "why": why}
        await raise_alert(tx, shop, f"refund:{payment.id}", "refund", **facts)


async def taken_back(tx: Transaction, shop: Shop, *, charge: str) -> None:
    """Telegram gave a payment back to who paid it: by our wish, or without one.

    What was not asked for is taken from the wallet all the same, below zero where it was spent, and nothing can be
    ordered until that is settled.
    """
    tx.work = "refunded"
    payment = await payments.find_by_charge(tx, Stars.name, charge)
    if payment is None:
        return
    if payment.state is PaymentState.REFUNDING:
        await confirmed(tx, shop, payment.id)
        return
    if not await payments.move(tx, payment.id, PaymentState.REFUNDED, was=[PaymentState.PAID], ended_at=tx.now):
        return
    await _take_back(tx, payment, TransferKind.REVERSAL, admin=None, forced=True)
    await _tell(tx, payment)
    available = await ledger.available(tx, payment.user_id)
    facts = {"payment": payment.id, "user": payment.user_id, "amount": payment.amount, "available": available}
    await tell_admins(tx, shop, "payment_reversed", facts, key=f"payment_reversed:{payment.id}")


async def _tell(tx: Transaction, payment: Payment) -> None:
    available = await ledger.available(tx, payment.user_id)
    facts = {"payment": payment.id, "way": payment.way, "amount": payment.amount, "available": available}
    await mail.post(tx, payment.user_id, "paid_back", facts, key=f"paid_back:{payment.id}")
