"""What a chat shows: a screen is drawn from what is stored and goes straight to Telegram, after the commit.

A press edits its message in place; after typed text, or when news came since, a new message is sent and the old
keyboard taken away. A screen that is lost is drawn again by the next press or /start.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import Html
from bot.services.shop import Transaction

log = logging.getLogger(__name__)

Rows = Sequence[Sequence[InlineKeyboardButton]]
# What is still to be written once a screen went out, in the transaction that notes it: with the message's id.
AfterShown = Callable[[Transaction, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its keyboard. ``notice`` answers the press that led here; ``alert`` makes it a window.

    ``fresh`` sends a new message even after a press. ``seen`` is called with the message's id once it went out.
    """

    text: Html
    rows: Rows = ()
    notice: str = ""
    alert: bool = False
    fresh: bool = False
    seen: AfterShown | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The keyboard as Telegram takes it."""
        return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in self.rows]) if self.rows else None


@dataclass(frozen=True, slots=True)
class Notice:
    """Words that answer a press and leave the screen as it is; typed text gets them as a message."""

    text: str
    alert: bool = False


@dataclass(slots=True)
class Shown:
    """What a chat has after a screen was shown: the message with the keyboard, and the newest message."""

    screen: int | None
    last: int


@dataclass(slots=True)
class Place:
    """Where a screen is to appear: which message was pressed, which has the live keyboard, which is the newest."""

    chat: int
    pressed: int | None = None
    screen: int | None = None
    last: int | None = None

    @property
    def editable(self) -> bool:
        """Whether the pressed message is still the last one of the chat, so that it may change in place."""
        return self.pressed is not None and self.pressed >= (self.last or 0)


async def show(bot: Bot, place: Place, screen: Screen) -> Shown | None:
    """Show a screen; None where Telegram did not take it."""
    try:
        if place.editable and place.pressed is not None and not screen.fresh:
            await _edit(bot, place.chat, place.pressed, screen)
            message = place.pressed
        else:
            message = await _send(bot, place.chat, screen)
            await _take_keyboards(bot, place, message)
    except TelegramAPIError as error:
        log.warning("chat %s: a screen was lost: %s", place.chat, error)
        return None
    return Shown(message if screen.rows else None, max(message, place.last or 0))


async def _send(bot: Bot, chat: int, screen: Screen) -> int:
    sent = await bot.send_message(chat, screen.text, reply_markup=screen.markup)
    return sent.message_id


async def _edit(bot: Bot, chat: int, message: int, screen: Screen) -> None:
    try:
        await bot.edit_message_text(screen.text, chat_id=chat, message_id=message, reply_markup=screen.markup)
    except TelegramBadRequest as error:
        if "message is not modified" not in error.message:
            raise


async def _take_keyboards(bot: Bot, place: Place, new: int) -> None:
    """Take the keyboard away from what a new message replaced; a message that is gone has none to take."""
    for message in {place.pressed, place.screen} - {None, new}:
        try:
            await bot.edit_message_reply_markup(chat_id=place.chat, message_id=message)
        except TelegramBadRequest:
            continue
        except TelegramAPIError as error:
            log.info("chat %s: an old keyboard stays: %s", place.chat, error)


async def answer(bot: Bot, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answer a press. Telegram takes 200 characters, and forgets a press after a while."""
    try:
        await bot.answer_callback_query(query.id, text=text[:200] or None, show_alert=alert)
    except TelegramBadRequest:
        log.debug("a press was too old to answer")
    except TelegramAPIError as error:
        log.info("a press was not answered: %s", error)


async def say(bot: Bot, chat: int, text: Html) -> int | None:
    """Send a message that is no screen; its id, or None where Telegram did not take it."""
    try:
        return (await bot.send_message(chat, text)).message_id
    except TelegramAPIError as error:
        log.warning("chat %s: an answer was lost: %s", chat, error)
        return None
