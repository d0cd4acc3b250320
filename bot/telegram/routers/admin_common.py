"""What the admins' routers share."""

import logging
import re
from dataclasses import replace

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramAPIError

from bot.domain.errors import ShopError
from bot.i18n import escape, join
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn

log = logging.getLogger(__name__)

# Telegram's ids have at most 52 bits, orders' numbers 64: both fit into so many digits.
_ID = re.compile(r"[0-9]{1,16}")
_USERNAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{1,31})")
_NUMBER = re.compile(r"#?([0-9]{1,18})")


async def typing(bot: Bot, turn: Turn) -> None:
    """Show that something is being done that takes a moment."""
    try:
        await bot.send_chat_action(turn.chat, ChatAction.TYPING)
    except TelegramAPIError as error:
        log.debug("no typing note: %s", error)


def person(text: str) -> int | str:
    """The id or the username that an admin wrote. Raises ``ShopError``."""
    if _ID.fullmatch(text):
        return int(text)
    name = _USERNAME.fullmatch(text)
    if name is None:
        raise ShopError("person.bad")
    return name[1]


def order_number(text: str) -> int | None:
    """The number of an order that somebody wrote; None for what is none."""
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None else int(found[1])


def told(screen: Screen) -> Screen:
    """Typed text has no press to answer: what would answer it stands above the screen."""
    return replace(screen, notice="", text=join("\n\n", [escape(screen.notice), screen.text]))
