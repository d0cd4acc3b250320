"""The command menus: one for customers, a longer one in each admin's chat, and one for whoever chose a language.

Telegram shows a menu in the language of the person's app. Whoever chose another here has a menu of their own chat in
it, which goes before that of all private chats.
"""

import asyncio
import logging
from collections.abc import Mapping

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.i18n import Translations, Translator, mark
from bot.telegram.views.help import COMMANDS

log = logging.getLogger(__name__)

# So long Telegram may take for a menu, in seconds: what else its chat wants waits behind it.
MENU_SECONDS = 15

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


async def set_commands(bot: Bot, translations: Translations, admins: Mapping[int, str | None]) -> None:
    """Tell Telegram the menus, in every language; what it does not take is logged and left.

    ``admins``: the language each of them chose, by id; None: as in their Telegram.
    """
    for code, t in _languages(translations):
        await _set(bot, customer_commands(t), BotCommandScopeAllPrivateChats(), code, patient=True)
    for admin, chosen in sorted(admins.items()):
        for code, commands in _admin_menus(translations, chosen):
            await _set(bot, commands, BotCommandScopeChat(chat_id=admin), code, patient=True)


async def set_menu(bot: Bot, translations: Translations, chat: int, *, admin: bool, chosen: str | None) -> None:
    """Tell Telegram the menu of one chat: an admin's, or in the language that its person chose, or none of its own."""
    scope = BotCommandScopeChat(chat_id=chat)
    if admin:
        menus = _admin_menus(translations, chosen)
        await asyncio.gather(*(_set(bot, commands, scope, code, patient=False) for code, commands in menus))
    elif chosen is not None:
        await _set(bot, customer_commands(translations.get(chosen)), scope, None, patient=False)
    else:
        await _unset(bot, scope)


def _admin_menus(translations: Translations, chosen: str | None) -> list[tuple[str | None, list[BotCommand]]]:
    """An admin's menu by Telegram's code; one who chose a language reads it whatever that of their Telegram is."""
    own = None if chosen is None else translations.get(chosen)
    return [(code, admin_commands(own or t)) for code, t in _languages(translations)]


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
        await bot.set_my_commands(commands, scope=scope, language_code=code, request_timeout=MENU_SECONDS)
    except TelegramRetryAfter as error:
        if patient:
            await asyncio.sleep(error.retry_after)
            await _set(bot, commands, scope, code, patient=False)
    except TelegramAPIError as error:
        # An admin who never pressed Start has no chat yet: their menu comes when they do.
        log.info("a command menu was not set: %s", error)


async def _unset(bot: Bot, scope: BotCommandScopeChat) -> None:
    try:
        await bot.delete_my_commands(scope=scope, request_timeout=MENU_SECONDS)
    except TelegramAPIError as error:
        log.info("a command menu was not taken away: %s", error)
