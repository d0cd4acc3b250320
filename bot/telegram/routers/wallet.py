"""/wallet: what one has, and what became of it. For a customer /balance is the same."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services import wallet as service
from bot.services.wallet import WalletView
from bot.telegram.aside import beside_form
from bot.telegram.filters import To
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import wallet as views

router = Router(name="wallet")


@router.message(Command("wallet", "balance"))
async def wallet(message: Message, turn: Turn) -> Screen:
    """The wallet."""
    return await _wallet(turn)


@router.callback_query(To("wallet"))
async def opened(query: CallbackQuery, turn: Turn) -> Screen:
    """The wallet, by button."""
    return await _wallet(turn)


async def _wallet(turn: Turn) -> Screen:
    async with turn.transaction() as tx:
        view = await service.view(tx, turn.user.id)
        draft = beside_form(turn)
    return wallet_screen(turn, view, draft)


def wallet_screen(turn: Turn, view: WalletView, draft: int | None) -> Screen:
    """The wallet as this shop shows it."""
    settings = turn.shop.settings
    contact, support = settings.support_contact, settings.support_link
    return views.wallet(turn.t, view, contact=contact, support=support, draft=draft, pays=bool(turn.shop.ways))
