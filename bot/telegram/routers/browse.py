"""Finding a service. Pages come from memory; a chosen service begins a draft and asks its first question."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services import again, ordering
from bot.services.finding import Quest, filled_in
from bot.telegram import callbacks as cb
from bot.telegram import deep_links
from bot.telegram.filters import To
from bot.telegram.routers.form import ask
from bot.telegram.screens import Screen
from bot.telegram.trail import quest_of
from bot.telegram.turn import Turn
from bot.telegram.views import browse as views

router = Router(name="browse")


@router.message(Command("order"))
async def order(message: Message, turn: Turn) -> Screen:
    """Begin an order."""
    return await _entrance(turn)


@router.callback_query(To("order"))
async def entrance(query: CallbackQuery, turn: Turn) -> Screen:
    """Begin an order, or choose anew."""
    return await _entrance(turn)


async def _entrance(turn: Turn) -> Screen:
    async with turn.transaction() as tx:
        if turn.conversation.state is not None:
            turn.move(None)
        recent = await again.last_services(tx, turn.shop, user=turn.user.id)
        marked = bool(await again.favourites_of(tx, turn.shop, user=turn.user.id))
    return views.entrance(turn.t, turn.shop.shelf, recent, favourites=marked)


async def _leave_question(turn: Turn) -> None:
    """Whoever looks around answers nothing: what they type is not taken for an answer to what was open before."""
    async with turn.transaction():
        if turn.conversation.state is not None:
            turn.move(None)


@router.callback_query(cb.Network.filter())
async def network(query: CallbackQuery, callback_data: cb.Network, turn: Turn, bot_name: str) -> Screen:
    """The categories of a network; one alone is opened at once."""
    found = turn.shop.shelf.of_network(callback_data.name)
    alone = await open_category(turn, found[0].id, bot_name) if len(found) == 1 else None
    if alone is not None:
        return alone
    if not found:
        return await _entrance(turn)
    await _leave_question(turn)
    return views.categories(turn.t, found, page=callback_data.page, network=callback_data.name)


@router.callback_query(cb.Categories.filter())
async def categories(query: CallbackQuery, callback_data: cb.Categories, turn: Turn) -> Screen:
    """A page of all categories."""
    shelf = turn.shop.shelf
    if not shelf.categories:
        return await _entrance(turn)
    await _leave_question(turn)
    return views.categories(turn.t, tuple(shelf.categories.values()), page=callback_data.page)


@router.callback_query(cb.Category.filter())
async def category(query: CallbackQuery, callback_data: cb.Category, turn: Turn, bot_name: str) -> Screen:
    """A page of a category's services."""
    screen = await open_category(turn, callback_data.id, bot_name, page=callback_data.page)
    return await _entrance(turn) if screen is None else screen


async def open_category(turn: Turn, number: int, bot_name: str, *, page: int = 0) -> Screen | None:
    """A page of a category's services; None where it is not on sale (any more)."""
    found = turn.shop.shelf.categories.get(number)
    if found is None:
        return None
    await _leave_question(turn)
    screen = views.services(turn.t, turn.shop.shelf, found, page=page)
    return views.to_post(turn.t, screen, deep_links.to_category(bot_name, number)) if turn.admin else screen


@router.callback_query(cb.Service.filter())
async def service(query: CallbackQuery, callback_data: cb.Service, turn: Turn, bot_name: str) -> Screen:
    """A service's card, with the first question of its form: choosing it begins a draft."""
    return await open_service(turn, callback_data.id, bot_name)


@router.callback_query(cb.Pick.filter())
async def pick(query: CallbackQuery, callback_data: cb.Pick, turn: Turn, bot_name: str) -> Screen:
    """A service out of what was found; while that is known, a link is filled in, and Back leads there."""
    return await open_service(turn, callback_data.id, bot_name, quest=quest_of(turn, callback_data.mark))


async def open_service(turn: Turn, number: int, bot_name: str, *, quest: Quest | None = None) -> Screen:
    """Begin a form; an admin reads which link leads others here. Raises ``ServiceGone``."""
    chosen = ordering.service_of(turn.shop, number)
    answers = {} if quest is None else filled_in(chosen, quest)
    async with turn.transaction() as tx:
        form = await ordering.begin(tx, turn.shop, user=turn.user.id, service=number, answers=answers)
        if quest is not None:
            turn.keep(draft=form.draft, lists={})  # so that the quest goes with it
        screen = await ask(turn, tx, form)
    return views.to_post(turn.t, screen, deep_links.to_service(bot_name, number)) if turn.admin else screen
