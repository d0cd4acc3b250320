"""Stars beyond the conversation: refunds asked for until they are confirmed, and Telegram's list against the books."""

import logging
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import StarTransaction, TransactionPartnerUser

from bot.domain.payments import Payment
from bot.points import reach
from bot.services import paying, refunding
from bot.services.paying import Received
from bot.services.shop import Shop, Transaction

log = logging.getLogger(__name__)

# Telegram's largest page of transactions.
PAGE = 100
# What is younger is on its way as an update, and is no finding.
YOUNG = timedelta(minutes=2)
ALREADY = "CHARGE_ALREADY_REFUNDED"


async def refund_due(bot: Bot, shop: Shop) -> int:
    """Ask Telegram for every refund that is due; how many there were."""
    async with shop.db.read() as tx:
        due = await refunding.due(tx)
    for payment in due:
        await _refund(bot, shop, payment)
    return len(due)


async def _refund(bot: Bot, shop: Shop, payment: Payment) -> None:
    """Ask once. A lost answer is asked again: Telegram gives a charge back once, and says so the second time."""
    why, after = "", None
    reach("refund.before")
    try:
        await bot.refund_star_payment(payment.user_id, payment.charge or "")
    except TelegramBadRequest as error:
        why = "" if ALREADY in error.message else error.message
    except TelegramRetryAfter as error:
        why, after = str(error), float(error.retry_after)
    except TelegramAPIError as error:
        # The error's own words may quote a URL, and that has the token in it.
        log.warning("payment %d: the refund is not confirmed: %s", payment.id, error)
        why = type(error).__name__
    reach("refund.after")
    async with shop.db.write() as tx:
        if why:
            await refunding.not_yet(tx, shop, payment, why, after=after)
        else:
            await refunding.confirmed(tx, shop, payment.id)


async def compare(bot: Bot, shop: Shop) -> bool:
    """Go through Telegram's list of transactions: what the books lack is credited, what went back is taken.

    False where some are too young to tell, and a later look is needed. Raises ``TelegramAPIError``.
    """
    offset, settled = 0, True
    while True:
        reach("transactions.before")
        page = (await bot.get_star_transactions(offset=offset, limit=PAGE)).transactions
        reach("transactions.after")
        old = [each for each in page if each.date <= shop.db.clock() - YOUNG]
        settled = settled and len(old) == len(page)
        if old:
            async with shop.db.write() as tx:
                for transaction in old:
                    await _compare_one(tx, shop, transaction)
        if len(page) < PAGE:
            return settled
        offset += len(page)


async def _compare_one(tx: Transaction, shop: Shop, transaction: StarTransaction) -> None:
    source, receiver = transaction.source, transaction.receiver
    if isinstance(source, TransactionPartnerUser) and source.invoice_payload is not None:
        paid = Received(source.user.id, transaction.id, source.invoice_payload, transaction.amount)
        await paying.receive_stars(tx, shop, paid, found_later=True)
    elif isinstance(receiver, TransactionPartnerUser):
        await refunding.taken_back(tx, shop, charge=transaction.id)
