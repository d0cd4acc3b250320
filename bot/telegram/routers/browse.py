"""Finding a service. Pages come from memory; a chosen service begins a draft and asks its first question."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services import ordering
from bot.telegram import callbacks as cb
from bot.telegram.filters import To
from bot.telegram.routers.form import ask
from bot.telegram.screens import Screen
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
    await _leave_question(turn)
    return views.entrance(turn.t, turn.shop.shelf)


async def _leave_question(turn: Turn) -> None:
    """Whoever looks around answers nothing: what they type is not taken for an answer to what was open before."""
    async with turn.transaction():
        if turn.conversation.state is not None:
            turn.move(None)


@router.callback_query(cb.Network.filter())
async def network(query: CallbackQuery, callback_data: cb.Network, turn: Turn) -> Screen:
    """The categories of a network; one alone is opened at once."""
    shelf = turn.shop.shelf
    found = shelf.of_network(callback_data.name)
    if not found:
        return await _entrance(turn)
    await _leave_question(turn)
    if len(found) == 1:
        return views.services(turn.t, shelf, found[0], page=0)
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
async def category(query: CallbackQuery, callback_data: cb.Category, turn: Turn) -> Screen:
    """A page of a category's services."""
    shelf = turn.shop.shelf
    found = shelf.categories.get(callback_data.id)
    if found is None:  # retired since the button was made
        return await _entrance(turn)
    await _leave_question(turn)
    return views.services(turn.t, shelf, found, page=callback_data.page)


@router.callback_query(cb.Service.filter())
async def service(query: CallbackQuery, callback_data: cb.Service, turn: Turn) -> Screen:
    """A service's card, with the first question of its form: choosing it begins a draft."""
    async with turn.transaction() as tx:
        form = await ordering.begin(tx, turn.shop, user=turn.user.id, service=callback_data.id)
        return await ask(turn, tx, form)
