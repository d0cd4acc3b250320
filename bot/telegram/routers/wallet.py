"""/wallet: what one has, and what became of it. For a customer /balance is the same."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services import receipts
from bot.services import wallet as service
from bot.services.shop import Transaction
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
        return await wallet_screen(turn, tx, beside_form(turn))


async def wallet_screen(turn: Turn, tx: Transaction, draft: int | None) -> Screen:
    """The wallet as this shop shows it, with the way back to a transfer that is under way."""
    shop, user = turn.shop, turn.user.id
    view = await service.view(tx, user)
    return views.wallet(
        turn.t,
        view,
        contact=shop.settings.support_contact,
        support=shop.settings.support_link,
        draft=draft,
        pays=bool(shop.ways),
        transfer=await receipts.under_way(tx, shop, user=user),
    )
