"""The button below rates that jumped."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import ShopError
from bot.services import rates, syncing
from bot.telegram import callbacks as cb
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import admin_rates as views

router = Router(name="admin_rates")


@router.callback_query(cb.Rates.filter())
async def pressed(query: CallbackQuery, callback_data: cb.Rates, turn: Turn) -> Screen:
    """Sell at the rates that were shown, or show those that are held now."""
    name, mark = callback_data.name, callback_data.mark
    if name not in turn.shop.panels:
        raise ShopError("panel.gone", panel=name)
    async with turn.transaction() as tx:
        count, shelf = await syncing.agree(tx, turn.shop, name, mark) if mark else (0, None)
        facts = await rates.facts(tx, name)
    if shelf is not None:
        await syncing.put_out(turn.shop, shelf)
    return views.held(turn.t, facts, notice=views.agreed(turn.t, count) if mark else "")
