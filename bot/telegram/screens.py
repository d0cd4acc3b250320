"""What a chat shows: a screen is drawn from what is stored and goes straight to Telegram, after the commit.

A press edits its message in place; after typed text, or when news came since, a new message is sent and the old
keyboard taken away. A screen that is lost is drawn again by the next press or /start.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
    MaybeInaccessibleMessageUnion,
    Message,
)

from bot.domain.texts import cut_units
from bot.i18n import Html, escape, join
from bot.services.shop import Transaction

log = logging.getLogger(__name__)

# Below a photo or a file Telegram takes so many characters; escaping only adds to what we count.
LONGEST_CAPTION = 1024
# Of what answers a press Telegram takes so many.
LONGEST_ANSWER = 200

Rows = Sequence[Sequence[InlineKeyboardButton]]
# What is still to be written once a screen went out, in the transaction that notes it: with the message's id.
AfterShown = Callable[[Transaction, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a message shows above its text: a photo or a file that Telegram has (``file``), or a new file (``data``)."""

    kind: Literal["photo", "document"]
    file: str = ""
    name: str = ""
    data: bytes = b""

    @property
    def source(self) -> str | BufferedInputFile:
        """As Telegram takes it."""
        return self.file or BufferedInputFile(self.data, self.name)


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """An invoice in Stars, drawn by Telegram itself. ``pay``: what its button says; ``code`` names the payment."""

    title: str
    description: str
    stars: int
    code: str
    pay: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its keyboard. ``notice`` answers the press that led here; ``alert`` makes it a window.

    ``fresh`` sends a new message even after a press. ``seen`` is called with the message's id once it went out. With
    an ``attachment`` the text is its caption; an ``invoice`` has no other text, and its rows stand below its button.
    ``caption``: it speaks of the file that was pressed, and may become its caption.
    """

    text: Html
    rows: Rows = ()
    notice: str = ""
    alert: bool = False
    fresh: bool = False
    seen: AfterShown | None = None
    attachment: Attachment | None = None
    invoice: InvoiceCard | None = None
    caption: bool = False

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The keyboard as Telegram takes it."""
        return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in self.rows]) if self.rows else None


@dataclass(frozen=True, slots=True)
class Notice:
    """Words that answer a press and leave the screen as it is; typed text gets them as a message."""

    text: str
    alert: bool = False


def told(screen: Screen) -> Screen:
    """The screen below what would answer a press, where there is none to answer (any more)."""
    words = [escape(screen.notice)] if screen.notice else []
    return replace(screen, notice="", text=join("\n\n", [*words, screen.text]))


class Body(Enum):
    """What a pressed message is made of, as far as it can be edited."""

    TEXT = "text"
    CAPTION = "caption"
    OTHER = "other"  # an invoice, or a message that is too old to look at


def body_of(message: MaybeInaccessibleMessageUnion | None) -> Body:
    """How this message can be edited."""
    if not isinstance(message, Message):
        return Body.TEXT  # too old to look at: editing it fails, or not
    if message.photo or message.document:
        return Body.CAPTION
    return Body.OTHER if message.invoice is not None else Body.TEXT


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
    body: Body = Body.TEXT

    def editable(self, screen: Screen) -> bool:
        """Whether the pressed message may change in place: it is still the chat's last, and of the kind that can.

        A file stays what it is, and what is pressed below it comes in a new message, unless it is about that file.
        """
        last = self.pressed is not None and self.pressed >= (self.last or 0)
        alone = screen.fresh or screen.attachment is not None or screen.invoice is not None
        below = self.body is Body.CAPTION and screen.caption and len(screen.text) <= LONGEST_CAPTION
        fits = self.body is Body.TEXT or below
        return last and not alone and fits


async def show(bot: Bot, place: Place, screen: Screen) -> Shown | None:
    """Show a screen; None where Telegram did not take it."""
    try:
        edited = place.pressed if place.editable(screen) and await _edited(bot, place, screen) else None
        message = await _send(bot, place.chat, screen) if edited is None else edited
        if edited is None:
            await _take_keyboards(bot, place, message)
    except TelegramAPIError as error:
        log.warning("chat %s: a screen was lost: %s", place.chat, error)
        return None
    return Shown(message if screen.rows else None, max(message, place.last or 0))


async def _edited(bot: Bot, place: Place, screen: Screen) -> bool:
    """Whether the pressed message shows the screen now; one that is gone, or too old, shows nothing new any more."""
    if place.pressed is None:
        return False
    try:
        await edit(bot, place.chat, place.pressed, screen, place.body)
    except TelegramBadRequest as error:
        log.info("chat %s: message %s cannot be changed: %s", place.chat, place.pressed, error)
        return False
    return True


async def _send(bot: Bot, chat: int, screen: Screen) -> int:
    return (await send(bot, chat, screen)).message_id


async def send(bot: Bot, chat: int | str, screen: Screen, *, seconds: int | None = None) -> Message:
    """Send a screen as a new message, waiting so many ``seconds`` at most. Raises ``TelegramAPIError``."""
    if screen.invoice is not None:
        return await _send_invoice(bot, chat, screen, screen.invoice, seconds)
    attachment = screen.attachment
    if attachment is None:
        return await bot.send_message(chat, screen.text, reply_markup=screen.markup, request_timeout=seconds)
    put = bot.send_photo if attachment.kind == "photo" else bot.send_document
    text, markup = screen.text, screen.markup
    try:
        return await put(chat, attachment.source, caption=text, reply_markup=markup, request_timeout=seconds)
    except TelegramBadRequest as error:
        # An id is good for the bot that was sent the file: after a change of the token the words are still worth it.
        if not attachment.file or "file identifier" not in error.message:
            raise
        return await bot.send_message(chat, text, reply_markup=markup, request_timeout=seconds)


async def _send_invoice(
    bot: Bot, chat: int | str, screen: Screen, invoice: InvoiceCard, seconds: int | None
) -> Message:
    pay = InlineKeyboardButton(text=invoice.pay, pay=True)
    return await bot.send_invoice(
        chat,
        title=invoice.title,
        description=invoice.description,
        payload=invoice.code,
        provider_token="",  # Stars have no provider
        currency="XTR",
        prices=[LabeledPrice(label=invoice.title, amount=invoice.stars)],
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[pay], *(list(row) for row in screen.rows)]),
        request_timeout=seconds,
    )


async def edit(bot: Bot, chat: int | str, message: int, screen: Screen, body: Body) -> None:
    """Change a message in place. Raises ``TelegramAPIError``; that it looks so already is no error."""
    try:
        if body is Body.CAPTION:
            await bot.edit_message_caption(
                chat_id=chat, message_id=message, caption=screen.text, reply_markup=screen.markup
            )
        else:
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
    """Answer a press. Telegram forgets it after a while."""
    try:
        await bot.answer_callback_query(query.id, text=cut_units(text, LONGEST_ANSWER) or None, show_alert=alert)
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
