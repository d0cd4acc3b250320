"""One's own orders: the list, a card, looking again, taking back, asking the shop."""

from dataclasses import replace

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput, ShopError
from bot.domain.orders import Order
from bot.services import cards, deciding, ordering, support
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form, draft_of, step_aside
from bot.telegram.errors import in_words
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import orders as views

router = Router(name="orders")

# Of what was typed where a number was wanted, so much is repeated.
REPEATED = 20


class Asking(StatesGroup):
    """Where a customer writes to the shop."""

    question = State()  # data: order (0: about none), draft (of the form behind it, if any)


@router.message(Command("orders"))
async def orders(message: Message, turn: Turn) -> Screen:
    """The newest orders."""
    return await _list(turn, page=0)


@router.callback_query(cb.Orders.filter())
async def page(query: CallbackQuery, callback_data: cb.Orders, turn: Turn) -> Screen:
    """A page of them."""
    return await _list(turn, page=callback_data.page)


async def _list(turn: Turn, *, page: int) -> Screen:
    async with turn.transaction() as tx:
        found = await cards.listing(tx, user=turn.user.id, page=page, size=views.PAGE)
        draft = beside_form(turn)
    return views.listing(turn.t, found.orders, page=found.page, pages=found.pages, draft=draft)


@router.message(Command("order"))
async def order(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """The card of the order that is named; without a number an order is begun, elsewhere."""
    if not command.args:
        raise SkipHandler
    async with turn.transaction() as tx:
        found = await cards.find(tx, user=turn.user.id, number=_number(command.args))
        beside_form(turn)
    return _card(turn, found)


def _number(typed: str) -> int:
    digits = typed.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= REPEATED):
        raise ShopError("order.unknown", number=typed.strip().removeprefix("#")[:REPEATED])
    return int(digits)


def _card(turn: Turn, order: Order, *, notice: str = "") -> Screen:
    card = views.card(turn.t, order, support=turn.shop.settings.support_link)
    return replace(card, notice=notice)


@router.callback_query(cb.OrderDo.filter())
async def act(query: CallbackQuery, callback_data: cb.OrderDo, turn: Turn) -> Screen:
    """What the buttons of a card do."""
    number = callback_data.id
    match callback_data.do:
        case "show":
            async with turn.transaction() as tx:
                found = await cards.find(tx, user=turn.user.id, number=number)
                beside_form(turn)
            return _card(turn, found)
        case "look":
            return await _look(turn, number)
        case "cancel":
            async with turn.transaction() as tx:
                found = await cards.find(tx, user=turn.user.id, number=number)
                beside_form(turn)
            return views.sure(turn.t, found)
        case "cancel_sure":
            return await _take_back(turn, number)
        case "ask":
            async with turn.transaction() as tx:
                return await _ask(turn, tx, number)
        case _:
            raise SkipHandler


async def _look(turn: Turn, number: int) -> Screen:
    answer = await cards.ask_panel(turn.shop, user=turn.user.id, number=number)
    async with turn.transaction() as tx:
        found = await cards.look(tx, turn.shop, user=turn.user.id, number=number, answer=answer)
        beside_form(turn)
    return _card(turn, found, notice=turn.t.plain("This is how it stands now."))


async def _take_back(turn: Turn, number: int) -> Screen:
    """The order's card; once it is shown, the news that would say the same is not sent."""
    async with turn.transaction() as tx:
        await cards.find(tx, user=turn.user.id, number=number)
        found = await deciding.cancel_waiting(tx, turn.shop, user=turn.user.id, number=number)
        beside_form(turn)

    async def seen(tx: Transaction, message: int) -> None:
        await ordering.card_shown(tx, found, message)

    return replace(_card(turn, found, notice=turn.t.plain("The order is canceled.")), seen=seen)


# A question for the shop.


async def _ask(turn: Turn, tx: Transaction, number: int, *, problem: BadInput | None = None) -> Screen:
    """Ask for the question; what is asked about has to be theirs."""
    if number:
        await cards.find(tx, user=turn.user.id, number=number)
    draft = draft_of(turn)
    turn.move(Asking.question, order=number, **({} if draft is None else {"draft": draft}))
    words = "" if problem is None else in_words(turn.t, problem).text
    return views.write_question(turn.t, number, problem=words)


@router.message(StateFilter(Asking.question))
async def written(message: Message, turn: Turn) -> Screen:
    """The question, in the customer's words."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    number = int(turn.conversation.data.get("order", 0))
    async with turn.transaction() as tx:
        if not turn.asked:  # written before the shop asked for it
            return await _ask(turn, tx, number)
        if message.text is None:
            return await _ask(turn, tx, number, problem=BadInput("text.wanted"))
        try:
            await support.ask(tx, turn.shop, user=turn.user, number=number, text=message.text, key=turn.key)
        except BadInput as error:
            return await _ask(turn, tx, number, problem=error)
        draft = step_aside(turn)
    return views.question_sent(turn.t, number, draft=draft)
