"""/payments and /payment 12 for admins: receipts to decide on, payments to look at and to give back.

The first decision wins; whoever comes later reads what it was.
"""

from collections.abc import Awaitable
from dataclasses import replace

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput
from bot.domain.payments import Payment, PaymentState
from bot.domain.texts import printable
from bot.services import receipts, refunding, reports
from bot.services.receipts import Decided
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.errors import in_words
from bot.telegram.routers.admin_common import order_number
from bot.telegram.screens import Body, Place, Screen, body_of, told
from bot.telegram.turn import Turn
from bot.telegram.views import admin_payments as views
from bot.telegram.views.questions import amount_of

router = Router(name="admin_payments")

# A reason stands below a receipt, where Telegram leaves room for 1024 characters in all.
REASON_LENGTH = 200


class Settling(StatesGroup):
    """What an admin is asked for in words. data: payment."""

    amount = State()
    reason = State()


@router.message(Command("payments"))
async def payments(message: Message, turn: Turn) -> Screen:
    """What waits for a decision, and the last payments."""
    return await _list(turn)


@router.message(Command("payment"))
async def payment(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """A payment's card, whosever it is."""
    number = order_number(command.args or "")
    if number is None:
        return views.usage(turn.t)
    async with turn.transaction() as tx:
        return await _card(turn, tx, number)


async def _list(turn: Turn) -> Screen:
    async with turn.transaction() as tx:
        turn.move(None)
        return views.listing(turn.t, await reports.payment_list(tx))


async def _card(turn: Turn, tx: Transaction, number: int, *, notice: str = "", alert: bool = False) -> Screen:
    found = await reports.payment_file(tx, number)
    turn.move(None)
    return replace(views.card(turn.t, found), notice=notice, alert=alert)


@router.callback_query(cb.Settle.filter())
async def pressed(query: CallbackQuery, callback_data: cb.Settle, turn: Turn) -> Screen:
    """A button of the list, of a receipt, or of a payment's card."""
    if callback_data.do == "list":
        return await _list(turn)
    async with turn.transaction() as tx:
        screen = await _act(turn, tx, callback_data)
    return _below_receipt(query, turn, screen)


def _below_receipt(query: CallbackQuery, turn: Turn, screen: Screen) -> Screen:
    """The screen without its receipt, where the pressed message shows that already and its words can change."""
    if query.message is None:
        return screen
    last = turn.conversation.last_message
    place = Place(turn.chat, query.message.message_id, last=last, body=body_of(query.message))
    bare = replace(screen, attachment=None, caption=True)
    return bare if place.body is Body.CAPTION and place.editable(bare) else screen


async def _act(turn: Turn, tx: Transaction, wish: cb.Settle) -> Screen:
    admin = turn.user.id
    match wish.do:
        case "approve":
            return await _decide(turn, tx, wish.id, receipts.approve(tx, turn.shop, admin=admin, payment=wish.id))
        case "no_reason":
            rejection = receipts.reject(tx, turn.shop, admin=admin, payment=wish.id, reason="")
            return await _decide(turn, tx, wish.id, rejection)
        case "amount":
            return await _ask(turn, tx, Settling.amount, wish.id)
        case "reject":
            return await _ask(turn, tx, Settling.reason, wish.id)
        case "refund" | "refund_anyway":
            return await _refund(turn, tx, wish)
        case "call_off":
            return await _call_off(turn, tx, wish)
        case _:  # "show", or what an older or a forged button says
            return await _card(turn, tx, wish.id)


# Decisions about receipts.


async def _decide(turn: Turn, tx: Transaction, number: int, decision: Awaitable[Payment]) -> Screen:
    try:
        await decision
    except Decided:  # raised before anything was written
        return await _too_late(turn, tx, number)
    turn.move(None)
    return views.decided(turn.t, await reports.payment_file(tx, number))


async def _too_late(turn: Turn, tx: Transaction, number: int) -> Screen:
    """What was decided before, in words and on the card."""
    found = await reports.payment_file(tx, number)
    return await _card(turn, tx, number, notice=views.decided_before(turn.t, found.payment), alert=True)


async def _ask(turn: Turn, tx: Transaction, state: State, number: int, error: BadInput | None = None) -> Screen:
    """Ask how much came, or why it is rejected; ``error`` is what was wrong with the last answer."""
    try:
        await receipts.to_decide(tx, number)
    except Decided:
        return await _too_late(turn, tx, number)
    found = await reports.payment_file(tx, number)
    turn.move(state, payment=number)
    ask = views.ask_amount if state is Settling.amount else views.ask_reason
    return ask(turn.t, found, "" if error is None else in_words(turn.t, error).text)


def _typed(turn: Turn, message: Message) -> tuple[int, str]:
    """Which payment is asked about, and what was typed; a command is no answer, it is what it is."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    return int(turn.conversation.data["payment"]), message.text or ""


@router.message(StateFilter(Settling.amount))
async def amount(message: Message, turn: Turn) -> Screen:
    """How much came, where that is not what was asked for."""
    number, text = _typed(turn, message)
    async with turn.transaction() as tx:
        if not turn.asked:
            return _said(await _ask(turn, tx, Settling.amount, number))
        try:
            came = amount_of(turn.t, text)
        except BadInput as error:
            return _said(await _ask(turn, tx, Settling.amount, number, error))
        approval = receipts.approve(tx, turn.shop, admin=turn.user.id, payment=number, amount=came)
        return _said(await _decide(turn, tx, number, approval))


@router.message(StateFilter(Settling.reason))
async def reason(message: Message, turn: Turn) -> Screen:
    """Why a receipt is not believed."""
    number, text = _typed(turn, message)
    async with turn.transaction() as tx:
        if not turn.asked:
            return _said(await _ask(turn, tx, Settling.reason, number))
        try:
            why = _reason(text)
        except BadInput as error:
            return _said(await _ask(turn, tx, Settling.reason, number, error))
        rejection = receipts.reject(tx, turn.shop, admin=turn.user.id, payment=number, reason=why)
        return _said(await _decide(turn, tx, number, rejection))


def _reason(text: str) -> str:
    why = printable(" ".join(text.split()))
    if not why:
        raise BadInput("text.wanted")
    if len(why) > REASON_LENGTH:
        raise BadInput("text.too_long", limit=REASON_LENGTH)
    return why


def _said(screen: Screen) -> Screen:
    return told(screen) if screen.notice else screen


# Refunds.


async def _refund(turn: Turn, tx: Transaction, wish: cb.Settle) -> Screen:
    """Give Stars back, once that is said twice; from a wallet that is short only where that is meant."""
    found = await reports.payment_file(tx, wish.id)
    if not found.refundable:
        return await _card(turn, tx, wish.id, notice=views.standing(turn.t, found.payment), alert=True)
    forced = wish.do == "refund_anyway"
    if not wish.sure or (found.short and not forced):  # it may have been spent since the question was asked
        turn.move(None)
        return views.sure(turn.t, found)
    refunded = await refunding.refund(tx, turn.shop, admin=turn.user.id, payment=wish.id, forced=forced)
    return await _card(turn, tx, wish.id, notice=views.standing(turn.t, refunded))


async def _call_off(turn: Turn, tx: Transaction, wish: cb.Settle) -> Screen:
    """Undo a refund that Telegram does not make, once that is said twice."""
    found = await reports.payment_file(tx, wish.id)
    if found.payment.state is not PaymentState.REFUNDING:
        return await _card(turn, tx, wish.id, notice=views.standing(turn.t, found.payment), alert=True)
    if not wish.sure:
        turn.move(None)
        return views.sure_to_call_off(turn.t, found)
    put_back = await refunding.call_off(tx, turn.shop, admin=turn.user.id, payment=wish.id)
    return await _card(turn, tx, wish.id, notice=views.standing(turn.t, put_back))
