"""/language: which language the bot speaks."""

from dataclasses import replace
from functools import partial

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translations
from bot.services import customers
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form
from bot.telegram.commands import set_menu
from bot.telegram.filters import To
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import language as views

router = Router(name="language")


@router.message(Command("language"))
async def language(message: Message, turn: Turn, translations: Translations) -> Screen:
    """The languages there are."""
    return await _languages(turn, translations)


@router.callback_query(To("language"))
async def opened(query: CallbackQuery, turn: Turn, translations: Translations) -> Screen:
    """The same by button."""
    return await _languages(turn, translations)


async def _languages(turn: Turn, translations: Translations) -> Screen:
    async with turn.transaction():
        draft = beside_form(turn)
    return views.languages(turn.t, translations, chosen=turn.user.locale, draft=draft)


@router.callback_query(cb.Language.filter())
async def choose(
    query: CallbackQuery, callback_data: cb.Language, turn: Turn, translations: Translations, bot: Bot
) -> Screen:
    """Speak another language from now on, in the command menu too."""
    locale = callback_data.locale or None
    if locale is not None and locale not in translations.locales:
        raise SkipHandler
    async with turn.transaction() as tx:
        await customers.choose_language(tx, turn.user.id, locale)
        draft = beside_form(turn)
    turn.afterwards = partial(set_menu, bot, translations, turn.chat, admin=turn.admin, chosen=locale)
    t = translations.get(locale or turn.user.language)
    screen = views.languages(t, translations, chosen=locale, draft=draft)
    return replace(screen, notice=t.plain("This is the language now."))
