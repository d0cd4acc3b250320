"""/start and the main menu."""

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.services import wallet
from bot.telegram.callbacks import Go
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import home as views

router = Router(name="start")


@router.message(CommandStart())
async def start(message: Message, turn: Turn, shop_name: str) -> Screen:
    """Greet, and offer what one would want first."""
    return await home(turn, shop_name)


@router.callback_query(Go.filter())
async def menu(query: CallbackQuery, callback_data: Go, turn: Turn, shop_name: str) -> Screen:
    """Go back to the main menu."""
    return await home(turn, shop_name)


async def home(turn: Turn, shop_name: str) -> Screen:
    """The main screen; whatever form was open stays a draft."""
    async with turn.transaction() as tx:
        turn.move(None)
        view = await wallet.view(tx, turn.user.id)
    shelf = turn.shop.shelf
    return views.home(
        turn.t,
        name=turn.user.name,
        shop_name=shop_name,
        networks=shelf.networks,
        services=len(shelf.services),
        available=view.available,
        on_hold=view.on_hold,
    )
