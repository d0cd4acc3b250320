"""Stars beyond the conversation: refunds asked for until they are confirmed, and Telegram's list against the books."""

import asyncio
import logging
from datetime import timedelta
from itertools import takewhile

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import StarTransaction, TransactionPartnerUser

from bot.domain.payments import STARS, Payment
from bot.points import reach
from bot.services import comparing, refunding
from bot.services.comparing import Listed
from bot.services.paying import Received
from bot.services.shop import Shop

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


async def compare(bot: Bot, shop: Shop, *, afresh: bool = False) -> bool:
    """Go on through Telegram's list of transactions: what the books lack is credited, what went back is taken.

    ``afresh``: from its beginning. False where some are too young to tell, and a later look is needed. Raises
    ``TelegramAPIError``; what was compared before that is not asked for again.
    """
    if afresh:
        async with shop.db.write() as tx:
            await comparing.afresh(tx)
    async with shop.db.read() as tx:
        offset = (await comparing.progress(tx)).offset
    while True:
        page = await _page(bot, offset)
        # In the order of time: what follows a young one is young too.
        old = list(takewhile(lambda each: each.date <= shop.db.clock() - YOUNG, page))
        ended = len(old) < PAGE
        async with shop.db.write() as tx:
            await comparing.compare(tx, shop, _listed(old), passed=len(old), ended=ended)
        if ended:
            return len(old) == len(page)
        offset += len(old)


async def _page(bot: Bot, offset: int) -> list[StarTransaction]:
    """A page of the list, asked for until Telegram has the time."""
    while True:
        reach("transactions.before")
        try:
            found = await bot.get_star_transactions(offset=offset, limit=PAGE)
        except TelegramRetryAfter as error:
            log.info("Telegram lists no transactions for %d s", error.retry_after)
            await asyncio.sleep(error.retry_after)
            continue
        reach("transactions.after")
        return found.transactions


def _listed(page: list[StarTransaction]) -> list[Listed]:
    """What of a page is about payments: invoices that were paid, and what went back to who paid."""
    found = []
    for each in page:
        source, receiver = each.source, each.receiver
        if isinstance(source, TransactionPartnerUser) and source.invoice_payload is not None:
            paid = Received(source.user.id, each.id, source.invoice_payload, each.amount, STARS)
            found.append(Listed(each.id, each.date, paid))
        elif isinstance(receiver, TransactionPartnerUser):
            found.append(Listed(each.id, each.date, None))
    return found
