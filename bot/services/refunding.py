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
    moved = await payments.move(
        tx, payment, PaymentState.REFUNDING, was=[PaymentState.PAID], admin_id=admin, next_try_at=tx.now, tries=0
    )
    if moved:
        if not await _take_back(tx, found, TransferKind.PAYBACK, admin=admin, forced=forced):
            raise Spent("refund.spent", available=await ledger.available(tx, found.user_id), amount=found.amount)
        tx.wake("refunds")
        await _tell_other_admins(tx, shop, found, "refunding", admin)
    return await payments.get(tx, payment)


async def call_off(tx: Transaction, shop: Shop, *, admin: int, payment: int) -> Payment:
    """Put the money of a refund that Telegram does not make back into its wallet, once.

    If Telegram makes it all the same, its word takes the money out again. What is no refund under way (any more) is
    returned as it is. Raises ``PaymentGone``.
    """
    tx.work = "payback"
    found = await payments.find(tx, payment)
    if found is None:
        raise PaymentGone("payment.gone", payment=payment)
    moved = await payments.move(
        tx, payment, PaymentState.PAID, was=[PaymentState.REFUNDING], admin_id=admin, next_try_at=None, tries=0
    )
    if moved:
        await ledger.transfer(
            tx,
            [Posting(Account.OUTSIDE, 0, -found.amount), Posting(Account.WALLET, found.user_id, found.amount)],
            key=await _key(tx, "putback", payment),
            kind=TransferKind.PAYBACK,
            user=found.user_id,
            admin=admin,
            reason=found.way,
        )
        await mail.clear_alert(tx, _alert(payment))  # in silence: that it is confirmed would be wrong
        await _tell_other_admins(tx, shop, found, "refund_off", admin)
    return await payments.get(tx, payment)


async def _key(tx: Transaction, name: str, payment: int) -> str:
    """The key of this payment's next transfer of this name: ``payback:7``, then ``payback:7:2``.

    How often is a matter of the payment's state, which moves by a guarded UPDATE before.
    """
    key, times = f"{name}:{payment}", 1
    while await ledger.written(tx, key):
        times += 1
        key = f"{name}:{payment}:{times}"
    return key


def _alert(payment: int) -> str:
    return f"refund:{payment}"


async def _tell_other_admins(tx: Transaction, shop: Shop, payment: Payment, kind: str, admin: int) -> None:
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
        await mail.post(tx, other, kind, facts)


async def _take_back(tx: Transaction, payment: Payment, kind: TransferKind, *, admin: int | None, forced: bool) -> bool:
    return await ledger.transfer(
        tx,
        [Posting(Account.WALLET, payment.user_id, -payment.amount), Posting(Account.OUTSIDE, 0, payment.amount)],
        key=await _key(tx, "payback", payment.id),
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
    """Telegram gave it back, or says that it did so before; the customer is told once.

    A refund that was called off meanwhile, and came about all the same, leaves the wallet again.
    """
    tx.work = "refunded"
    moved = await payments.move(
        tx, payment, PaymentState.REFUNDED, was=[PaymentState.REFUNDING], ended_at=tx.now, next_try_at=None
    )
    if moved:
        await clear_alert(tx, shop, _alert(payment), "refund", payment=payment)
        await _tell(tx, await payments.get(tx, payment))
    else:
        await _reversed(tx, shop, await payments.get(tx, payment))


async def not_yet(tx: Transaction, shop: Shop, payment: Payment, why: str, *, after: float | None = None) -> None:
    """Telegram did not confirm; it is asked again, later each time, or ``after`` so many seconds where it said so.

    Nothing is to be asked any more where the refund was confirmed or called off since.
    """
    tx.work = "refunded"
    tries = await payments.tries_of(tx, payment.id) + 1
    gap = min(FIRST_GAP * 2 ** min(tries, 12), LONGEST_GAP) if after is None else after
    later = tx.now + timedelta(seconds=gap)
    under_way = PaymentState.REFUNDING
    moved = await payments.move(tx, payment.id, under_way, was=[under_way], tries=tries, next_try_at=later)
    if moved and tries >= TRIES_TO_TELL:
        facts = {"payment": payment.id, "user": payment.user_id, "why": why}
        await raise_alert(tx, shop, _alert(payment.id), "refund", **facts)


async def taken_back(tx: Transaction, shop: Shop, *, charge: str) -> None:
    """Telegram gave a payment back to who paid it: by our wish, or without one.

    What was not asked for is taken from the wallet all the same, below zero where it was spent, and nothing can be
    ordered until that is settled.
    """
    tx.work = "refunded"
    payment = await payments.find_by_charge(tx, Stars.name, charge)
    if payment is not None:
        await confirmed(tx, shop, payment.id)


async def _reversed(tx: Transaction, shop: Shop, payment: Payment) -> None:
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
