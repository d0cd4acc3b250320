"""Telegram's question before it takes Stars: answered within ten seconds, whatever else is waiting.

It is only read for, so it waits for no writer, and it stands in no chat's queue. Saying yes twice is harmless: the
payment itself is credited once, by its charge.
"""

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import PreCheckoutQuery

from bot.i18n import Translations
from bot.points import reach
from bot.services import mailroom, paying
from bot.services.paying import PaymentRefused, Received
from bot.services.shop import Shop
from bot.telegram.views import topup as views

log = logging.getLogger(__name__)

# Telegram waits ten seconds, some of which the way here took.
DEADLINE = 8.0
TRY_SECONDS, PAUSE = 3, 0.3


async def answer(bot: Bot, shop: Shop, translations: Translations, query: PreCheckoutQuery) -> None:
    """Look everything up again and say yes or no, for as long as Telegram waits."""
    refused = await _refusal(shop, translations, query)
    reach("checkout.before")
    try:
        async with asyncio.timeout(DEADLINE):
            while not await _say(bot, query, refused):  # noqa: ASYNC110  (it is Telegram that is waited for)
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        log.warning("a payment of user %d was not answered in time", query.from_user.id)
    reach("checkout.after")


async def _refusal(shop: Shop, translations: Translations, query: PreCheckoutQuery) -> str | None:
    """Why not, in the payer's language; None where it may be paid."""
    person = query.from_user.id
    asked = Received(person, "", query.invoice_payload, query.total_amount, query.currency)
    locale = query.from_user.language_code
    code: str | None = None
    try:
        async with shop.db.read() as tx:
            known, _ = await mailroom.open_chat(tx, person)
            locale = (known.locale if known else None) or locale
            await paying.may_pay(tx, shop, asked)
    except PaymentRefused as error:
        log.info("user %d may not pay: %s", person, error.log)
        code = error.code
    except Exception:
        log.exception("whether user %d may pay is not known", person)
    else:
        return None
    return views.refusal(translations.get(locale), code)


async def _say(bot: Bot, query: PreCheckoutQuery, refused: str | None) -> bool:
    """Answer once; whether that settled it."""
    try:
        await bot.answer_pre_checkout_query(
            query.id, ok=refused is None, error_message=refused, request_timeout=TRY_SECONDS
        )
    except TelegramBadRequest as error:
        log.info("a payment's question is over: %s", error)
    except TelegramAPIError as error:
        log.warning("a payment's question could not be answered: %s", error)
        return False
    return True
