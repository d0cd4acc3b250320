"""/tickets for admins, and their answers: by Telegram's own reply to what a customer wrote, or by button."""

from dataclasses import replace

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput
from bot.services import support
from bot.services.shop import Transaction
from bot.services.support import Thread
from bot.telegram import callbacks as cb
from bot.telegram.routers.support import Replies, said_in, why_not
from bot.telegram.screens import Notice, Screen, told
from bot.telegram.turn import Turn
from bot.telegram.views import admin_support as views

router = Router(name="admin_support")


class Answering(StatesGroup):
    """Where an admin writes to a customer."""

    text = State()  # data: ticket


@router.message(Command("tickets"))
async def tickets(message: Message, turn: Turn) -> Screen:
    """Who waits for an answer."""
    return await _list(turn, 0)


@router.callback_query(cb.Tickets.filter())
async def page(query: CallbackQuery, callback_data: cb.Tickets, turn: Turn) -> Screen:
    """A page of them."""
    return await _list(turn, callback_data.page)


async def _list(turn: Turn, page: int) -> Screen:
    async with turn.transaction() as tx:
        turn.move(None)
        return views.listing(turn.t, await support.waiting(tx, page=page, size=views.PAGE))


@router.callback_query(cb.Ticket.filter())
async def pressed(query: CallbackQuery, callback_data: cb.Ticket, turn: Turn) -> Screen:
    """A button of a ticket, or of news of it."""
    ticket = callback_data.id
    async with turn.transaction() as tx:
        match callback_data.do:
            case "reply":
                return _ask(turn, await support.ticket_file(tx, ticket))
            case "close":
                seen = callback_data.seen
                found = await support.close(tx, turn.shop, admin=turn.user, ticket=ticket, seen=seen)
            case _:  # "show", "open", or what an older or a forged button says
                found = await support.ticket_file(tx, ticket)
        return _thread(turn, found)


def _thread(turn: Turn, found: Thread, *, notice: str = "") -> Screen:
    turn.move(None)
    return replace(views.thread(turn.t, found), notice=notice)


def _ask(turn: Turn, found: Thread, *, problem: str = "") -> Screen:
    turn.move(Answering.text, ticket=found.begun.id)
    return views.ask_answer(turn.t, found, problem=problem)


@router.message(Replies(cb.Ticket))
async def replied(message: Message, turn: Turn, ticket: int) -> Screen | Notice:
    """An answer, whatever else is open: that stays as it is."""
    state, data = turn.conversation.state, turn.conversation.data
    if state == Answering.text.state and data.get("ticket") == ticket:
        return await _asked(message, turn, ticket)
    async with turn.transaction() as tx:
        try:
            found = await _answer(turn, tx, ticket, message)
        except BadInput as error:
            return Notice(why_not(turn.t, error))
    return Notice(views.answered(turn.t, found))


@router.message(StateFilter(Answering.text))
async def typed(message: Message, turn: Turn) -> Screen:
    """An answer, after *Reply*; a command is none, it is what it is."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    ticket = int(turn.conversation.data["ticket"])
    if turn.asked:
        return await _asked(message, turn, ticket)
    async with turn.transaction() as tx:
        return _ask(turn, await support.ticket_file(tx, ticket))


async def _asked(message: Message, turn: Turn, ticket: int) -> Screen:
    """The ticket with the answer in it; the question again, where it cannot be passed on."""
    async with turn.transaction() as tx:
        try:
            found = await _answer(turn, tx, ticket, message)
        except BadInput as error:  # raised before anything was written
            return _ask(turn, await support.ticket_file(tx, ticket), problem=why_not(turn.t, error))
        return told(_thread(turn, found, notice=views.answered(turn.t, found)))


async def _answer(turn: Turn, tx: Transaction, ticket: int, message: Message) -> Thread:
    return await support.answer(tx, turn.shop, admin=turn.user, ticket=ticket, **said_in(message))
