"""/start, /cancel and the main menu."""

from dataclasses import replace
from functools import partial
from typing import Any, Literal

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, CommandStart, Filter
from aiogram.types import CallbackQuery, Message

from bot.i18n import Html, Translations
from bot.services import ordering, wallet
from bot.telegram import deep_links
from bot.telegram.aside import draft_of, in_form, step_aside
from bot.telegram.commands import set_menu
from bot.telegram.filters import To
from bot.telegram.routers import browse, search
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import aside
from bot.telegram.views import home as views
from bot.telegram.views.browse import leads_nowhere

router = Router(name="start")


class ChosenInline(Filter):
    """A result of the inline mode that was sent in this very chat; the handler receives what its button opens."""

    async def __call__(self, message: Message, bot: Bot) -> Literal[False] | dict[str, Any]:
        """What the handler receives, or False."""
        if message.via_bot is None or message.via_bot.id != bot.id or message.reply_markup is None:
            return False
        urls = (button.url for row in message.reply_markup.inline_keyboard for button in row if button.url)
        return {"payload": deep_links.payload_of(next(urls, ""))}


@router.message(ChosenInline())
async def chosen(message: Message, turn: Turn, shop_name: str, bot_name: str, payload: str) -> Screen:
    """As if its button had been pressed."""
    return await _follow(turn, shop_name, bot_name, payload)


@router.message(CommandStart(deep_link=True))
async def followed(message: Message, command: CommandObject, turn: Turn, shop_name: str, bot_name: str) -> Screen:
    """Somebody came by a link to a service or a category."""
    return await _follow(turn, shop_name, bot_name, command.args or "")


async def _follow(turn: Turn, shop_name: str, bot_name: str, payload: str) -> Screen:
    if payload == deep_links.SEARCH:
        return await search.ask(turn)
    target = deep_links.target_of(payload)
    if target is not None and target.kind == "service" and target.id in turn.shop.shelf.services:
        return await browse.open_service(turn, target.id, bot_name)
    if target is not None and target.kind == "category":
        screen = await browse.open_category(turn, target.id, bot_name)
        if screen is not None:
            return screen
    return await home(turn, shop_name, said=leads_nowhere(turn.t))


@router.message(CommandStart())
async def start(message: Message, turn: Turn, shop_name: str, bot: Bot, translations: Translations) -> Screen:
    """Greet, and offer what one would want first; to whom it may be the owner, while there is no admin, their id."""
    if turn.admin or turn.user.locale is not None:
        # Before an admin had a chat, Telegram did not take a menu for it; and a newer version may have more commands.
        turn.afterwards = partial(set_menu, bot, translations, turn.chat, admin=turn.admin, chosen=turn.user.locale)
    nobody = not turn.shop.settings.admin_ids
    return await home(turn, shop_name, said=views.not_set_up(turn.t, turn.user.id) if nobody else None)


@router.callback_query(To("home"))
async def menu(query: CallbackQuery, turn: Turn, shop_name: str) -> Screen:
    """Go back to the main menu."""
    return await home(turn, shop_name)


@router.message(Command("cancel"))
async def cancel(message: Message, turn: Turn, shop_name: str) -> Screen:
    """Leave whatever is open."""
    return await _leave(turn, shop_name)


@router.callback_query(To("cancel"))
async def canceled(query: CallbackQuery, turn: Turn, shop_name: str) -> Screen:
    """The same by button."""
    return await _leave(turn, shop_name)


async def _leave(turn: Turn, shop_name: str) -> Screen:
    """A form is thrown away; a question about something else is left, and a form behind it stays."""
    async with turn.transaction() as tx:
        draft = draft_of(turn)
        asked_for_more = turn.conversation.state is not None and not in_form(turn)
        if draft is not None and not asked_for_more:
            await ordering.drop(tx, user=turn.user.id, draft=draft)
            turn.move(None)
            said = aside.form_closed(turn.t)
        else:
            said = aside.question_left(turn.t) if asked_for_more else aside.nothing_open(turn.t)
            step_aside(turn)
        view = await wallet.view(tx, turn.user.id)
    return _screen(turn, shop_name, view, said)


async def home(turn: Turn, shop_name: str, *, said: Html | None = None) -> Screen:
    """The main screen, below what there is to say; a form that was open can be continued from here."""
    async with turn.transaction() as tx:
        step_aside(turn)
        view = await wallet.view(tx, turn.user.id)
    return _screen(turn, shop_name, view, said)


def _screen(turn: Turn, shop_name: str, view: wallet.WalletView, said: Html | None) -> Screen:
    shelf = turn.shop.shelf
    screen = views.home(
        turn.t,
        name=turn.user.name,
        shop_name=shop_name,
        networks=shelf.networks,
        services=len(shelf.services),
        available=view.available,
        on_hold=view.on_hold,
        doors=shelf.networks if shelf.by_network else (),
    )
    text = screen.text if said is None else Html(f"{said}\n\n{screen.text}")
    return replace(screen, text=text, rows=[*aside.way_back(turn.t, draft_of(turn)), *screen.rows])
