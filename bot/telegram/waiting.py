"""What a person sees while something takes a moment: their press is answered, and the bot is busy."""

import asyncio
import logging

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.telegram import screens
from bot.telegram.turn import Turn

log = logging.getLogger(__name__)

# The note is worth no longer wait than what it is about, in seconds.
NOTE_SECONDS = 5


async def note(bot: Bot, chat: int, action: ChatAction = ChatAction.TYPING) -> None:
    """Show that something is being done; Telegram takes the note away after a few seconds, or with the next message."""
    try:
        await bot.send_chat_action(chat, action, request_timeout=NOTE_SECONDS)
    except TelegramAPIError as error:
        log.debug("no note that the bot is busy: %s", error)


async def one_moment(bot: Bot, turn: Turn, query: CallbackQuery, action: ChatAction = ChatAction.TYPING) -> None:
    """The same after a press, which is answered at once: what would answer it later stands above the screen then."""
    turn.answered = True
    await asyncio.gather(screens.answer(bot, query, turn.t.plain("One moment…")), note(bot, turn.chat, action))
