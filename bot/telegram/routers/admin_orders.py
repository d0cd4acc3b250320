"""/order 123 and /uncertain for admins, and what they decide. The first decision wins; others read what it was."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import BaseFilter, Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import ShopError
from bot.domain.orders import Order, OrderState
from bot.services import asking, deciding, reports, tracking
from bot.services.asking import Looked
from bot.services.deciding import AlreadyDecided
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.errors import in_words
from bot.telegram.routers.admin_common import order_number
from bot.telegram.screens import Screen, told
from bot.telegram.turn import Turn
from bot.telegram.views import admin_orders as views
from bot.telegram.views.questions import amount_of
from bot.telegram.waiting import note, one_moment

router = Router(name="admin_orders")


class Deciding(StatesGroup):
    """What an admin is asked for in words. data: number; of ``part_sure`` also amount."""

    panel_order = State()
    part = State()
    part_sure = State()


class Numbered(BaseFilter):
    """A command with an order's number: the file of that order."""

    async def __call__(self, _message: Message, command: CommandObject) -> bool | dict[str, Any]:
        """Pass the number on."""
        number = order_number(command.args or "")
        return False if number is None else {"number": number}


@router.message(Command("order"), Numbered())
async def order(message: Message, number: int, turn: Turn) -> Screen:
    """The whole file of an order, whosever it is."""
    async with turn.transaction() as tx:
        return await _file(turn, tx, number)


@router.message(Command("uncertain"))
async def uncertain(message: Message, turn: Turn) -> Screen:
    """What waits for a decision."""
    return await _questions(turn)


async def _questions(turn: Turn) -> Screen:
    async with turn.transaction() as tx:
        turn.move(None)
        return views.questions(turn.t, await reports.questions(tx))


async def _file(turn: Turn, tx: Transaction, number: int, *, notice: str = "", alert: bool = False) -> Screen:
    found = await reports.order_file(tx, turn.shop, number)
    turn.move(None)
    return replace(views.order_file(turn.t, found), notice=notice, alert=alert)


async def _too_late(turn: Turn, tx: Transaction, order: Order) -> Screen:
    """What was decided before, in words and in the file. An order that is being sent decides itself first."""
    if order.state is OrderState.SUBMITTING:
        raise ShopError("order.in_flight", number=order.id)
    return await _file(turn, tx, order.id, notice=views.decided_before(turn.t, order), alert=True)


@router.callback_query(cb.Decide.filter())
async def pressed(query: CallbackQuery, callback_data: cb.Decide, turn: Turn, bot: Bot) -> Screen:
    """A button of an order's file or card."""
    number, do = callback_data.id, callback_data.do
    if do == "list":
        return await _questions(turn)
    if do == "look":
        return await _look_again(turn, bot, query, number)
    async with turn.transaction() as tx:
        found = await reports.order_file(tx, turn.shop, number)
        if do not in views.LABELS:  # "show", or what an older or a forged button says
            return await _file(turn, tx, number)
        answers_another = callback_data.about and callback_data.about != found.order.question
        if do not in found.takes_decision or answers_another:
            return await _too_late(turn, tx, found.order)
        if callback_data.sure and callback_data.about != (found.order.question or ""):
            return await _file(turn, tx, number)  # something is asked now that was not when this was drawn
        if do == "placed":
            turn.move(Deciding.panel_order, number=number)
            return views.ask_panel_order(turn.t, number, found.order.panel)
        if callback_data.sure and do in DECISIONS:
            return await _decide(turn, tx, number, DECISIONS[do](turn, tx, number))
        if do == "part":
            turn.move(Deciding.part, number=number)
            return views.ask_sum(turn.t, found.order)
        turn.move(None)
        return views.sure(turn.t, found, do)


@router.callback_query(cb.GiveBack.filter())
async def give_back(query: CallbackQuery, callback_data: cb.GiveBack, turn: Turn) -> Screen:
    """*Yes, refund part*: the sum that was asked about above it, whatever was typed since."""
    number = callback_data.id
    async with turn.transaction() as tx:
        found = await reports.order_file(tx, turn.shop, number)
        if "part" not in found.takes_decision or callback_data.about != (found.order.question or ""):
            return await _too_late(turn, tx, found.order)
        amount = _amount_asked(turn, found.order, callback_data.mark)
        decision = deciding.refund(tx, turn.shop, admin=turn.user.id, number=number, amount=amount)
        return await _decide(turn, tx, number, decision)


def _amount_asked(turn: Turn, order: Order, mark: str) -> int:
    """The sum that a button names. Raises ``ShopError`` where it is not the last one that was typed."""
    data = turn.conversation.data
    known = turn.conversation.state == Deciding.part_sure.state and data.get("number") == order.id
    amount = int(data["amount"]) if known else 0
    if not known or views.part_mark(order, amount) != mark:
        raise ShopError("sum.gone")
    return amount


async def _look_again(turn: Turn, bot: Bot, query: CallbackQuery, number: int) -> Screen:
    await one_moment(bot, turn, query)
    looked = await asking.look(turn.shop, number)
    async with turn.transaction() as tx:
        await tracking.apply_one(tx, turn.shop, number, looked.answer)
        return await _file(turn, tx, number, notice=views.looked(turn.t, looked))


# Decisions, but those that need a sum or an id. Each is given the order's number and does its one thing in the turn's
# transaction.
Decision = Callable[[Turn, Transaction, int], Awaitable[Order]]


async def _resend(turn: Turn, tx: Transaction, number: int) -> Order:
    return await deciding.send_again(tx, admin=turn.user.id, number=number)


async def _refund(turn: Turn, tx: Transaction, number: int) -> Order:
    return await deciding.refund(tx, turn.shop, admin=turn.user.id, number=number)


async def _close(turn: Turn, tx: Transaction, number: int) -> Order:
    return await deciding.close(tx, turn.shop, admin=turn.user.id, number=number)


DECISIONS: Mapping[str, Decision] = {"resend": _resend, "refund": _refund, "close": _close}


async def _decide(turn: Turn, tx: Transaction, number: int, decision: Awaitable[Order]) -> Screen:
    try:
        decided = await decision
    except AlreadyDecided:  # raised before anything was written
        found = await reports.order_file(tx, turn.shop, number)
        return await _too_late(turn, tx, found.order)
    return await _file(turn, tx, number, notice=views.now(turn.t, decided))


# What is asked for in words.


def _typed(message: Message) -> str:
    """What an admin typed; a command is no answer, it is what it is."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    return (message.text or "").strip()


@router.message(StateFilter(Deciding.panel_order))
async def panel_order(message: Message, turn: Turn, bot: Bot) -> Screen:
    """The id an uncertain order has on its panel; the panel is asked whether it knows it."""
    text = _typed(message)
    number = int(turn.conversation.data["number"])
    looked: Looked | None = None
    problem = ""
    if turn.asked:
        await note(bot, turn.chat)
        try:
            looked = await asking.look_for(turn.shop, number, text)
        except ShopError as error:
            problem = in_words(turn.t, error).text
    async with turn.transaction() as tx:
        found = await reports.order_file(tx, turn.shop, number)
        if "placed" not in found.takes_decision:
            return told(await _too_late(turn, tx, found.order))
        if looked is not None:
            try:
                placed = await deciding.was_placed(
                    tx, turn.shop, admin=turn.user.id, number=number, panel_order=text, report=looked.answer
                )
            except deciding.WrongPanelOrder as error:  # raised before anything was written
                problem = in_words(turn.t, error).text
            else:
                return told(await _file(turn, tx, number, notice=views.now(turn.t, placed)))
        turn.move(Deciding.panel_order, number=number)
        return views.ask_panel_order(turn.t, number, found.order.panel, problem=problem)


@router.message(StateFilter(Deciding.part, Deciding.part_sure))
async def part(message: Message, turn: Turn) -> Screen:
    """How much of an order's hold is given back; asked once more before it is."""
    text = _typed(message)
    number = int(turn.conversation.data["number"])
    async with turn.transaction() as tx:
        found = await reports.order_file(tx, turn.shop, number)
        if "part" not in found.takes_decision:
            return told(await _too_late(turn, tx, found.order))
        problem = ""
        if turn.asked:
            try:
                amount = _sum(turn, text, found.order)
            except ShopError as error:
                problem = in_words(turn.t, error).text
            else:
                turn.move(Deciding.part_sure, number=number, amount=amount)
                return views.sure(turn.t, found, "part", amount=amount)
        turn.move(Deciding.part, number=number)
        return views.ask_sum(turn.t, found.order, problem=problem)


def _sum(turn: Turn, text: str, order: Order) -> int:
    amount = amount_of(turn.t, text)
    if amount > order.held:
        raise ShopError("refund.too_much", held=order.held)
    return amount
