"""/help: what one can do here, and what the words mean."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.telegram.aside import beside_form
from bot.telegram.filters import To
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import help as views
from bot.telegram.views.admin_help import admin_help

router = Router(name="help")


@router.message(Command("help"))
async def help_(message: Message, turn: Turn) -> Screen:
    """The help."""
    return await _help(turn)


@router.callback_query(To("help"))
async def opened(query: CallbackQuery, turn: Turn) -> Screen:
    """The help, by button."""
    return await _help(turn)


async def _help(turn: Turn) -> Screen:
    async with turn.transaction():
        draft = beside_form(turn)
    settings = turn.shop.settings
    more = admin_help(turn.t) if turn.admin else None
    return views.help_screen(
        turn.t, contact=settings.support_contact, support=settings.support_link, draft=draft, more=more
    )
