"""Whatever nobody else took: every message and every press gets an answer."""

import logging
from dataclasses import replace

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.services import mailroom
from bot.telegram.commands import ADMIN_NAMES
from bot.telegram.routers.start import home
from bot.telegram.screens import Notice, Screen
from bot.telegram.turn import Turn
from bot.telegram.views import aside

log = logging.getLogger(__name__)

router = Router(name="fallback")


@router.message()
async def message(message: Message, turn: Turn, shop_name: str) -> Screen | Notice:
    """A command that is nobody's, a sticker, or text that answers no question."""
    text = message.text or ""
    if not text.startswith("/"):
        return await home(turn, shop_name, said=aside.not_understood(turn.t))
    name = text[1:].split(maxsplit=1)[0].partition("@")[0].lower() if text[1:].strip() else ""
    if name in ADMIN_NAMES and not turn.admin:
        log.warning("user %d, who is no admin, tried /%s", turn.user.id, name)
    return Notice(aside.unknown_command(turn.t))


@router.callback_query()
async def press(query: CallbackQuery, turn: Turn, shop_name: str) -> Screen | Notice:
    """A button from another time, or none of ours."""
    return await stale(turn, query, shop_name, aside.out_of_date(turn.t))


async def stale(turn: Turn, query: CallbackQuery, shop_name: str, words: str) -> Screen | Notice:
    """What an old button leads to: words, and the main screen, for what it stood below leads nowhere.

    Where a question waits for its answer in another message, that stays as it is.
    """
    pressed = None if query.message is None else query.message.message_id
    waits = turn.conversation.state is not None and turn.asked and turn.conversation.screen_message != pressed
    if waits:
        return Notice(words, alert=True)
    return replace(await home(turn, shop_name), notice=words, alert=True)


@router.my_chat_member()
async def member(update: ChatMemberUpdated, turn: Turn) -> None:
    """The person blocked the bot: their news wait. That they are back is noted with whatever they send."""
    async with turn.transaction() as tx:
        if update.new_chat_member.status == ChatMemberStatus.KICKED:
            await mailroom.blocked(tx, turn.chat)
