"""Payments on which an admin decides whether the money came: transfers shown by a receipt, and sums that do not fit.

The first decision counts. Each admin has a card for every file of a receipt, and all of them show what was decided.
"""

from bot.domain.errors import BadInput, ShopError
from bot.domain.money import HIGHEST_AMOUNT
from bot.domain.payments import UNPAID, Manner, Payment, PaymentState
from bot.services.paying import PaymentGone, ask_admins, credit, own
from bot.services.shop import Shop
from bot.services.ways import manner_of
from bot.storage import mail, payments
from bot.storage.database import Transaction

# Files of one receipt, and payments that a customer shows receipts of: what a person may need, and no flood.
MOST_PARTS, MOST_SHOWN = 5, 3


class Decided(ShopError):
    """Somebody decided already."""


async def hand_in(tx: Transaction, shop: Shop, *, user: int, payment: int, file: str, kind: str) -> Payment:
    """A customer's receipt, for the admins to look at; ``kind`` is photo or document, ``file`` Telegram's id of it.

    Another file for the same payment is handed on too, and a rejected one is looked at again. Raises ``PaymentGone``
    where it is paid or no transfer, ``BadInput`` beyond ``MOST_PARTS`` that nobody has looked at, and where
    ``MOST_SHOWN`` others wait.
    """
    tx.work = "handed_in"
    found = await own(tx, user=user, payment=payment)
    if not _needs_receipt(shop, found) or found.state not in UNPAID:
        raise PaymentGone("payment.over", payment=payment)
    parts = await payments.tries_of(tx, payment)
    if found.state is not PaymentState.REVIEW:
        parts = -(-parts // MOST_PARTS) * MOST_PARTS  # looked at and refused: as many again, each under its own number
    elif parts and parts % MOST_PARTS == 0:
        raise BadInput("receipt.too_many", limit=MOST_PARTS)
    waiting = await payments.of_user(tx, user, states=[PaymentState.REVIEW], limit=100)
    if len([each for each in waiting if each.id != payment and _needs_receipt(shop, each)]) >= MOST_SHOWN:
        raise BadInput("receipt.too_many_payments", limit=MOST_SHOWN)
    parts += 1
    columns = {"receipt": file, "receipt_kind": kind, "tries": parts, "reason": "", "admin_id": None}
    await payments.move(tx, payment, PaymentState.REVIEW, was=UNPAID, ended_at=None, **columns)
    handed = await payments.get(tx, payment)
    await ask_admins(tx, shop, handed, part=parts)
    return handed


async def to_decide(tx: Transaction, payment: int) -> Payment:
    """The payment an admin's button names. Raises ``PaymentGone``, or ``Decided`` where it is not open any more."""
    found = await payments.find(tx, payment)
    if found is None:
        raise PaymentGone("payment.gone", payment=payment)
    if found.state is not PaymentState.REVIEW:
        raise Decided("receipt.decided", payment=payment, state=found.state, admin=found.admin_id, amount=found.amount)
    return found


async def approve(tx: Transaction, shop: Shop, *, admin: int, payment: int, amount: int | None = None) -> Payment:
    """The money came, as asked or another ``amount``. Raises as ``to_decide``, ``BadInput`` for a mad amount."""
    found = await to_decide(tx, payment)
    if amount is not None and not 0 < amount <= HIGHEST_AMOUNT:
        raise BadInput("amount.bad")
    await credit(tx, found, amount=amount, admin=admin)
    tx.work = "decided"
    return await _show(tx, shop, payment, admin)


async def reject(tx: Transaction, shop: Shop, *, admin: int, payment: int, reason: str) -> Payment:
    """No money came; the customer reads the ``reason``, which may be empty. Raises as ``to_decide``."""
    found = await to_decide(tx, payment)
    tx.work = "decided"
    await payments.move(
        tx, payment, PaymentState.REJECTED, was=[PaymentState.REVIEW], admin_id=admin, reason=reason, ended_at=tx.now
    )
    facts = {
        "payment": payment,
        "amount": found.amount,
        "code": found.code,
        "receipt": found.receipt is not None,
        "reason": reason,
        "draft": found.draft,
    }
    parts = await payments.tries_of(tx, payment)  # handed in again, it may be rejected again
    await mail.post(tx, found.user_id, "top_up_rejected", facts, key=f"top_up_rejected:{payment}:{parts}")
    return await _show(tx, shop, payment, admin)


async def _show(tx: Transaction, shop: Shop, payment: int, admin: int) -> Payment:
    """Every card shows what was decided, and by whom.

    So does the one that was pressed: its screen says the same, and may be lost, or stand below in the chat.
    """
    decided = await payments.get(tx, payment)
    facts = {"state": decided.state.value, "admin": admin, "paid": decided.amount, "reason": decided.reason}
    parts = max(await payments.tries_of(tx, payment), 1)  # what a provider says comes without a file
    for reader in sorted(shop.settings.admin_ids):
        for part in range(1, parts + 1):
            await mail.amend(tx, f"receipt:{payment}:{part}:{reader}", facts)
    return decided


async def under_way(tx: Transaction, shop: Shop, *, user: int) -> Payment | None:
    """The customer's newest transfer that is not decided on yet, of a way that the shop still takes."""
    found = await payments.of_user(tx, user, states=[PaymentState.OPEN, PaymentState.REVIEW], limit=10)
    return next((payment for payment in found if payment.way in shop.ways and _needs_receipt(shop, payment)), None)


async def waits_for(tx: Transaction, shop: Shop, *, user: int) -> Payment | None:
    """The customer's newest transfer that a receipt could belong to."""
    states = UNPAID - {PaymentState.EXPIRED}
    found = await payments.of_user(tx, user, states=states, limit=10)
    return next((payment for payment in found if _needs_receipt(shop, payment)), None)


def _needs_receipt(shop: Shop, payment: Payment) -> bool:
    """Whether it is one that is shown by a receipt; also where its way is off, for the money may be on its way."""
    return manner_of(shop, payment.way) is Manner.RECEIPT
