"""``check``: is everything set up so that the shop could sell? In plain words, a line each."""

from collections.abc import Callable

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.app import make_bot, make_panels
from bot.domain.payments import Manner, Way
from bot.panel import PanelClient, PanelError
from bot.paying import known
from bot.paying.seam import PageWay
from bot.paying.stars import Stars
from bot.settings import PanelSettings, Settings

Say = Callable[[str], None]


async def check(settings: Settings, say: Say) -> int:
    """Ask Telegram, every panel and every way to pay; 0 where all is well, 1 where something has to be done."""
    problems = 0
    bot = make_bot(settings)
    try:
        problems += await _telegram(bot, settings, say)
    finally:
        await bot.session.close()
    if not settings.admin_ids:
        say("✗ ADMIN_IDS is empty: send /start to the bot, it tells you your id.")
        problems += 1
    if not settings.panels:
        say("✗ No panel is set. Fill in PANELS__MAIN__URL and PANELS__MAIN__KEY in .env.")
        problems += 1
    for name, client in make_panels(settings).items():
        async with client:
            problems += await _panel(settings, settings.panels[name], client, say)
    problems += await _ways(settings, say)
    say("All is well." if not problems else f"{problems} {'thing' if problems == 1 else 'things'} to do.")
    return 1 if problems else 0


async def _telegram(bot: Bot, settings: Settings, say: Say) -> int:
    try:
        me = await bot.get_me(request_timeout=15)
        say(f"✓ Telegram knows the bot as @{me.username}.")
        if not me.supports_inline_queries:
            say(f"· In other chats @{me.username} finds nothing: /setinline at @BotFather turns that on.")
    except (TelegramUnauthorizedError, TelegramNotFound):
        say("✗ Telegram does not know this BOT_TOKEN. Ask @BotFather for the right one.")
        return 1
    except TelegramNetworkError:
        say(f"✗ Telegram cannot be reached at {settings.telegram_api_url}. Is there a network?")
        return 1
    except TelegramAPIError as error:
        say(f"✗ Telegram does not answer: {error}")
        return 1
    if settings.channel_id is None:
        return 0
    try:
        chat = await bot.get_chat(settings.channel_id)
        member = await bot.get_chat_member(settings.channel_id, me.id)
    except TelegramAPIError as error:
        say(f"✗ CHANNEL_ID: the channel does not let the bot in ({error}). Add the bot as its admin.")
        return 1
    if member.status not in {"administrator", "creator"}:
        say(f"✗ CHANNEL_ID: the bot is no admin of {chat.title}, so it cannot write there.")
        return 1
    say(f"✓ The channel is {chat.title}.")
    return 0


async def _panel(settings: Settings, own: PanelSettings, client: PanelClient, say: Say) -> int:
    try:
        balance = await client.balance()
    except PanelError as error:
        say(f"✗ Panel {client.name} does not tell its balance: {error}")
        return 1
    say(f"✓ Panel {client.name} has {balance.amount} {balance.currency or '(no currency named)'}.")
    problems = 0
    if balance.currency != settings.currency and own.rate is None:
        say(
            f"✗ Panel {client.name} counts in {balance.currency or 'a currency it does not name'}, the shop in "
            f"{settings.currency}: set PANELS__{client.name.upper()}__RATE, what one of them is worth in the other."
        )
        problems += 1
    try:
        listed = await client.services()
    except PanelError as error:
        say(f"✗ Panel {client.name} does not list its services: {error}")
        return problems + 1
    number = len(listed.offers)
    say(f"✓ Panel {client.name} lists {number} {'service' if number == 1 else 'services'}.")
    return problems


async def _ways(settings: Settings, say: Say) -> int:
    """Which ways to pay are on, and what keeps one from working."""
    ways, troubles = known.make(settings)
    if settings.star is None or Stars.name in ways:  # else a trouble below says why they are not offered
        say(_stars(settings))
    problems = len(troubles)
    for trouble in troubles:
        say(f"✗ {trouble}")
    others = [way for way in ways.values() if way.manner is not Manner.INVOICE]
    for way in others:
        problems += await _way(way, say)
    if others:
        say(
            "· Telegram's rules ask for Stars, and nothing else, where digital goods are sold in a bot. You offer more "
            f"({', '.join(way.title for way in others)}): the choice is yours, and what Telegram makes of it too."
        )
    if not ways:
        say("· Customers cannot pay here: they write to you, and you put money into their wallets with /credit.")
    return problems


def _stars(settings: Settings) -> str:
    currency = settings.currency
    if settings.star is not None:
        return f"✓ Telegram Stars are on: one puts {settings.star} {currency} into a wallet."
    if settings.stars_rate is not None:
        return "· Telegram Stars are off: STARS_RATE is 0."
    return (
        f"· Telegram Stars are off: CURRENCY is {currency}, so only you know what one is worth. Set STARS_RATE; "
        "Telegram pays 0.013 USD for one."
    )


async def _way(way: Way, say: Say) -> int:
    """A way to pay besides Stars; a provider is asked whether it would serve us."""
    if not isinstance(way, PageWay):
        say(f"✓ {way.title} is on: customers send a receipt, and you say whether the money came.")
        return 0
    try:
        trouble = await way.trouble()
    finally:
        await way.aclose()
    say(f"✓ {way.title} is on, and answers." if trouble is None else f"✗ {trouble}")
    return 0 if trouble is None else 1
