"""The inline mode: who types the bot's name and some words in any chat reads which services have them.

Each letter may come as a question of its own, and nobody minds one that is lost: they are not stored, are answered
from memory, and wait for no writer; the language that somebody chose is all that is read for them.
"""

import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import InlineQuery

from bot.domain.catalog import Service
from bot.i18n import Translations
from bot.services import customers
from bot.services.finding import answering, quest_in
from bot.services.shelf import Shelf
from bot.services.shop import Shop
from bot.telegram.views import inline as views

log = logging.getLogger(__name__)

# So many at a time, and in all; Telegram takes 50, but nobody sees more than half a dozen before typing on.
PAGE, MOST = 20, 1000
# Prices change: Telegram may show an answer again for so many seconds.
CACHED = 60
TRY_SECONDS = 10


async def answer(bot: Bot, shop: Shop, translations: Translations, query: InlineQuery, *, bot_name: str) -> None:
    """Answer with a page of services, in the language of who asks; only they may be shown it again."""
    person = query.from_user
    async with shop.db.read() as tx:
        chosen = (await customers.languages(tx, [person.id]))[person.id]
    t = translations.get(chosen or person.language_code)
    shelf = shop.shelf
    found, following = _page(_matching(shelf, query.query), query.offset)
    await _say(
        bot,
        query,
        results=[views.suggestion(t, shelf, service, bot_name=bot_name) for service in found],
        next_offset=following,
        button=None if found else views.nothing(t),
        cache_time=CACHED,
    )


async def refuse(bot: Bot, query: InlineQuery) -> None:
    """Answer with nothing, since they ask too fast."""
    await _say(bot, query, results=[], cache_time=1)


def _matching(shelf: Shelf, words: str) -> list[Service]:
    """What has the words; without any, the first service of each category."""
    if words.strip():
        return answering(shelf, quest_in(words), MOST)
    return [category.services[0] for category in shelf.categories.values()][:MOST]


def _page(found: list[Service], offset: str) -> tuple[list[Service], str]:
    """The page that begins at an offset, and the offset of the next; empty where there is none."""
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) <= len(str(MOST)) else 0
    end = start + PAGE
    return found[start:end], str(end) if end < len(found) else ""


async def _say(bot: Bot, query: InlineQuery, **answer: Any) -> None:
    try:
        await bot.answer_inline_query(query.id, is_personal=True, request_timeout=TRY_SECONDS, **answer)
    except TelegramBadRequest as error:
        log.debug("an inline query was not answered: %s", error)  # they typed on meanwhile
    except TelegramAPIError as error:
        log.info("an inline query was not answered: %s", error)
