"""A card of one's own: looking again, a refill, stopping, taking back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import ShopError
from bot.domain.numbers import number_in
from bot.domain.orders import Order
from bot.domain.requests import RequestKind
from bot.services import cards, deciding, ordering, requests
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import orders as views
from bot.telegram.views import requests as words
from bot.telegram.waiting import one_moment

router = Router(name="orders")

# Of what was typed where a number was wanted, so much is repeated.
REPEATED = 20


@router.message(Command("order"))
async def order(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """The card of the order that is named; without a number an order is begun, elsewhere."""
    if not command.args:
        raise SkipHandler
    async with turn.transaction() as tx:
        return await card(turn, tx, _number(command.args))


def _number(typed: str) -> int:
    number = number_in(typed)
    if number is None:
        raise ShopError("order.unknown", number=typed.strip().removeprefix("#")[:REPEATED])
    return number


async def card(turn: Turn, tx: Transaction, number: int, *, notice: str = "", alert: bool = False) -> Screen:
    """The card of a customer's order, beside a form that is open. Raises ``ShopError`` for any other order."""
    found = await cards.find(tx, user=turn.user.id, number=number)
    beside_form(turn)
    return await _drawn(turn, tx, found, notice=notice, alert=alert)


async def _drawn(turn: Turn, tx: Transaction, order: Order, *, notice: str = "", alert: bool = False) -> Screen:
    care = await requests.care(tx, turn.shop, order)
    screen = views.card(turn.t, order, care=care)
    return replace(screen, notice=notice, alert=alert)


@router.callback_query(cb.OrderDo.filter())
async def act(query: CallbackQuery, callback_data: cb.OrderDo, turn: Turn, bot: Bot) -> Screen:
    """What the buttons of a card do."""
    number = callback_data.id
    match callback_data.do:
        case "show":
            async with turn.transaction() as tx:
                return await card(turn, tx, number)
        case "look":
            return await _look(turn, number, partial(one_moment, bot, turn, query))
        case "refill":
            return await _want(turn, number, RequestKind.REFILL)
        case "stop":
            return await _ask_stop(turn, number)
        case "stop_sure":
            return await _want(turn, number, RequestKind.CANCEL)
        case "cancel":
            async with turn.transaction() as tx:
                found = await cards.find(tx, user=turn.user.id, number=number)
                beside_form(turn)
            return views.sure(turn.t, found)
        case "cancel_sure":
            return await _take_back(turn, number)
        case _:
            raise SkipHandler


async def _look(turn: Turn, number: int, before: Callable[[], Awaitable[None]]) -> Screen:
    answer = await cards.ask_panel(turn.shop, user=turn.user.id, number=number, before=before)
    async with turn.transaction() as tx:
        found = await cards.look(tx, turn.shop, user=turn.user.id, number=number, answer=answer)
        beside_form(turn)
        return await _drawn(turn, tx, found, notice=turn.t.plain("This is how it stands now."))


async def _ask_stop(turn: Turn, number: int) -> Screen:
    """Whether they are sure; the card, where it cannot be stopped any more."""
    async with turn.transaction() as tx:
        found = await cards.find(tx, user=turn.user.id, number=number)
        why = await requests.hindrance_of(tx, turn.shop, found, RequestKind.CANCEL)
        if why is not None:
            return await card(turn, tx, number, notice=words.why_not(turn.t, RequestKind.CANCEL, why), alert=True)
        beside_form(turn)
    return words.stop_sure(turn.t, found)


async def _want(turn: Turn, number: int, kind: RequestKind) -> Screen:
    """The card, with what was asked for on it; a second press finds it asked for."""
    async with turn.transaction() as tx:
        await cards.find(tx, user=turn.user.id, number=number)
        [wish] = await requests.want(tx, turn.shop, user=turn.user.id, numbers=[number], kind=kind)
        said = turn.t.plain(words.WANTED[kind]) if wish.why is None else words.why_not(turn.t, kind, wish.why)
        return await card(turn, tx, number, notice=said, alert=wish.why is not None)


async def _take_back(turn: Turn, number: int) -> Screen:
    """The order's card; once it is shown, the news that would say the same is not sent."""
    async with turn.transaction() as tx:
        await cards.find(tx, user=turn.user.id, number=number)
        found = await deciding.cancel_waiting(tx, turn.shop, user=turn.user.id, number=number)
        beside_form(turn)
        screen = await _drawn(turn, tx, found, notice=turn.t.plain("The order is canceled."))

    async def seen(tx: Transaction, message: int) -> None:
        await ordering.card_shown(tx, found, message)

    return replace(screen, seen=seen)
