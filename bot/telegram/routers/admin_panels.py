"""/balance, /sync, /pause and /resume, and the buttons below them."""

from collections.abc import Collection

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import ShopError
from bot.services import asking, currencies, gates, reports, syncing
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.screens import Screen, told
from bot.telegram.turn import Turn
from bot.telegram.views import admin_panels as views
from bot.telegram.views import admin_rates
from bot.telegram.waiting import note, one_moment

router = Router(name="admin_panels")


@router.message(Command("balance"))
async def balance(message: Message, turn: Turn, bot: Bot) -> Screen:
    """Every panel, asked just now."""
    await note(bot, turn.chat)
    return await _asked(turn)


@router.message(Command("sync"))
async def sync(message: Message, turn: Turn, bot: Bot) -> Screen:
    """Ask every panel for its services now."""
    await note(bot, turn.chat)
    results = await asking.sync_all(turn.shop)
    async with turn.transaction():
        turn.move(None)
    return views.synced(turn.t, results)


@router.message(Command("pause"))
async def pause(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """Send no more orders to a panel."""
    return await _named(turn, "pause", command.args)


@router.message(Command("resume"))
async def resume(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """Send orders to a panel again."""
    return await _named(turn, "resume", command.args)


@router.callback_query(cb.Panel.filter())
async def pressed(query: CallbackQuery, callback_data: cb.Panel, turn: Turn, bot: Bot) -> Screen:
    """A panel's buttons."""
    if callback_data.do not in {"pause", "resume"}:
        await one_moment(bot, turn, query)
        return await _asked(turn)
    async with turn.transaction() as tx:
        return await _move(turn, tx, _panel(turn, callback_data.name), callback_data.do)


@router.callback_query(cb.Currency.filter())
async def currency(query: CallbackQuery, callback_data: cb.Currency, turn: Turn) -> Screen:
    """A panel's services are sold in the currency that was shown, if that is the one it says now."""
    name = _panel(turn, callback_data.name)
    async with turn.transaction() as tx:
        agreed = await currencies.agree(tx, turn.shop, name, callback_data.mark)
        shelf = await syncing.restock(tx, turn.shop)
    await syncing.put_out(turn.shop, shelf)
    return admin_rates.currency(turn.t, name, agreed)


async def _asked(turn: Turn) -> Screen:
    late = await asking.balances(turn.shop)
    async with turn.transaction() as tx:
        turn.move(None)
        return await _draw(turn, tx, late=late)


async def _named(turn: Turn, do: str, args: str | None) -> Screen:
    """Pause or resume the panel that is named, or the only one there is; else let the admin choose."""
    async with turn.transaction() as tx:
        name = _panel(turn, args.strip()) if args and args.strip() else None
        turn.move(None)
        if name is not None:
            return told(await _move(turn, tx, name, do))
        if len(turn.shop.panels) == 1:
            return told(await _move(turn, tx, next(iter(turn.shop.panels)), do))
        return views.choose(turn.t, await reports.panel_reports(tx, turn.shop), do)


def _panel(turn: Turn, name: str) -> str:
    """The panel of this name, however it is written. Raises ``ShopError`` with the names there are."""
    found = next((each for each in turn.shop.panels if each.casefold() == name.casefold()), None)
    if found is None:
        names = ", ".join(sorted(turn.shop.panels)) or "—"
        raise ShopError("panel.unknown", panel=name[:64], names=names)
    return found


async def _move(turn: Turn, tx: Transaction, name: str, do: str) -> Screen:
    await (gates.pause if do == "pause" else gates.resume)(tx, turn.shop, name)
    return await _draw(turn, tx, notice=views.moved(turn.t, name, do))


async def _draw(turn: Turn, tx: Transaction, *, late: Collection[str] = (), notice: str = "") -> Screen:
    return views.panels(turn.t, await reports.panel_reports(tx, turn.shop), late=late, notice=notice)
