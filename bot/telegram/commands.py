"""The command menus: one for customers, a longer one in each admin's chat."""

import asyncio
import logging
from collections.abc import Iterable

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.i18n import Translations, Translator, mark
from bot.telegram.views.help import COMMANDS

log = logging.getLogger(__name__)

# As in an admin's menu, after the customers' commands.
ADMIN_COMMANDS: tuple[tuple[str, str], ...] = (
    ("balance", mark("the panels and their balances")),
    ("uncertain", mark("orders that wait for your decision")),
    ("tickets", mark("customers who wait for an answer")),
    ("payments", mark("receipts that wait for your decision, and the last payments")),
    ("payment", mark("everything about a payment, of anybody")),
    ("user", mark("a customer: wallet and last orders")),
    ("credit", mark("put money into a wallet")),
    ("debit", mark("take money from a wallet")),
    ("sync", mark("ask the panels for their services now")),
    ("pause", mark("send no more orders to a panel")),
    ("resume", mark("send orders to it again")),
)
ADMIN_NAMES = frozenset(name for name, _ in ADMIN_COMMANDS)


def customer_commands(t: Translator) -> list[BotCommand]:
    """The menu of everybody."""
    return [BotCommand(command=name, description=t.plain(meaning)) for name, meaning in COMMANDS]


def admin_commands(t: Translator) -> list[BotCommand]:
    """The menu of admins, who may be customers too."""
    own = [BotCommand(command=name, description=t.plain(meaning)) for name, meaning in ADMIN_COMMANDS]
    return [*customer_commands(t), *own]


async def set_commands(bot: Bot, translations: Translations, admin_ids: Iterable[int]) -> None:
    """Tell Telegram the menus, in every language; what it does not take is logged and left."""
    for code, t in _languages(translations):
        await _set(bot, customer_commands(t), BotCommandScopeAllPrivateChats(), code, patient=True)
    for admin in sorted(admin_ids):
        await set_admin_commands(bot, translations, admin, patient=True)


async def set_admin_commands(bot: Bot, translations: Translations, admin: int, *, patient: bool = False) -> None:
    """Tell Telegram the menu of an admin's chat; ``patient``: in its own time, if it says so."""
    for code, t in _languages(translations):
        await _set(bot, admin_commands(t), BotCommandScopeChat(chat_id=admin), code, patient=patient)


def _languages(translations: Translations) -> list[tuple[str | None, Translator]]:
    """By Telegram's two-letter code; None: for whoever speaks none of them."""
    spoken = {t.locale.partition("_")[0]: t for t in map(translations.get, translations.locales)}
    coded = [(code, t) for code, t in spoken.items() if len(code) == 2]
    return [(None, translations.get(None)), *coded]


async def _set(
    bot: Bot,
    commands: list[BotCommand],
    scope: BotCommandScopeAllPrivateChats | BotCommandScopeChat,
    code: str | None,
    *,
    patient: bool,
) -> None:
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=code)
    except TelegramRetryAfter as error:
        if patient:
            await asyncio.sleep(error.retry_after)
            await _set(bot, commands, scope, code, patient=False)
    except TelegramAPIError as error:
        # An admin who never pressed Start has no chat yet: their menu comes when they do.
        log.info("a command menu was not set: %s", error)
