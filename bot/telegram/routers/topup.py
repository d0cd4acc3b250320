"""Putting money in: a way, an amount, and then an invoice, a page to pay on, or a receipt to send."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput
from bot.domain.mass import Batch
from bot.domain.payments import UNPAID, Manner, Payment, Way
from bot.services import mass, ordering, pages, paying, receipts
from bot.services.shop import Transaction
from bot.services.ways import instructions_of
from bot.telegram import callbacks as cb
from bot.telegram.aside import draft_of, in_form, step_aside
from bot.telegram.files import Receipt, receipt_in
from bot.telegram.routers.wallet import wallet_screen
from bot.telegram.screens import Notice, Screen
from bot.telegram.turn import Turn
from bot.telegram.views import topup as views
from bot.telegram.views.questions import amount_of
from bot.telegram.waiting import note, one_moment

router = Router(name="topup")


class Paying(StatesGroup):
    """Where a top-up can stand. ``draft`` in the data is the form that waits for the money."""

    amount = State()  # data: way, draft
    receipt = State()  # data: payment, draft


class HasReceipt(Filter):
    """A photo or a file that may be a receipt."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is sent with the message."""
        return bool(message.photo or message.document)


# Choosing.


@router.callback_query(cb.TopUp.filter())
async def top_up(query: CallbackQuery, callback_data: cb.TopUp, turn: Turn, bot: Bot) -> Screen:
    """Choose a way, then an amount, then pay; each step may be pressed at any time."""
    ways = turn.shop.ways
    if not callback_data.way and len(ways) != 1:
        return await _choose_way(turn)
    way = paying.way_of(turn.shop, callback_data.way or next(iter(ways)))
    if callback_data.amount:
        return await _pay(turn, way, callback_data.amount, partial(one_moment, bot, turn, query))
    async with turn.transaction() as tx:
        return await _ask_amount(turn, tx, way)


async def _choose_way(turn: Turn) -> Screen:
    async with turn.transaction() as tx:
        draft = step_aside(turn)
        if not turn.shop.ways:
            return await wallet_screen(turn, tx, draft)
    return views.ways(turn.t, list(turn.shop.ways.values()))


async def _ask_amount(turn: Turn, tx: Transaction, way: Way, error: BadInput | None = None) -> Screen:
    draft = draft_of(turn)
    user = turn.user.id
    if draft is None:
        wanted = await mass.shortfall(tx, turn.shop, user=user)
    else:
        wanted = await ordering.shortfall(tx, turn.shop, user=user, draft=draft)
    known = turn.conversation
    since = turn.asked_in if known.state == Paying.amount.state and known.data.get("way") == way.name else None
    turn.move(Paying.amount, way=way.name, since=since, **_with(draft))
    offered = [(amount, way.quote(amount)) for amount in paying.suggestions(turn.shop, way, wanted)]
    only = len(turn.shop.ways) == 1
    return views.amount(turn.t, way, offered, paying.limits(turn.shop, way), wanted=wanted, only=only, error=error)


def _with(draft: int | None) -> dict[str, int]:
    return {} if draft is None else {"draft": draft}


# Paying.


async def _pay(turn: Turn, way: Way, amount: int, before: Callable[[], Awaitable[None]]) -> Screen:
    """Begin a payment. A provider is asked first, for the network is no part of a transaction, and ``before`` that."""
    try:
        paying.quoted(turn.shop, way, amount)
        if way.manner is Manner.PAGE:
            await before()
        invoice = await paying.invoice_for(turn.shop, way, amount)
    except BadInput as error:
        async with turn.transaction() as tx:
            return await _ask_amount(turn, tx, way, error)
    except paying.ProviderTrouble:
        async with turn.transaction():
            step_aside(turn)
        return views.provider_down(turn.t, way, amount)
    async with turn.transaction() as tx:
        draft = draft_of(turn)
        payment = await paying.begin(
            tx, turn.shop, user=turn.user.id, way=way, amount=amount, draft=draft, invoice=invoice
        )
        _stand_at(turn, way, payment, draft)
    return _screen(turn, payment)


def _stand_at(turn: Turn, way: Way | None, payment: Payment, draft: int | None) -> None:
    """Where the conversation is while this payment is shown: only a receipt is waited for."""
    if way is not None and way.manner is Manner.RECEIPT and payment.state in UNPAID:
        turn.move(Paying.receipt, payment=payment.id, **_with(draft))
    else:
        turn.move(None, **_with(draft))


def _screen(turn: Turn, payment: Payment, kept: Batch | None = None) -> Screen:
    way = turn.shop.ways.get(payment.way)
    instructions = turn.t.any_of(instructions_of(way))
    return views.payment(turn.t, way, payment, instructions=instructions, kept=kept)


@router.callback_query(cb.Pay.filter())
async def act(query: CallbackQuery, callback_data: cb.Pay, turn: Turn, bot: Bot) -> Screen | Notice:
    """Look at a payment of one's own, ask whether it came, or let go of it."""
    if callback_data.do == "look":
        await _look(turn, callback_data.id, partial(one_moment, bot, turn, query))
    async with turn.transaction() as tx:
        payment = await paying.own(tx, user=turn.user.id, payment=callback_data.id)
        if callback_data.do == "forget":
            await paying.forget(tx, payment)
            return await wallet_screen(turn, tx, step_aside(turn))
        open_now = draft_of(turn)  # what the chat has open goes before what was open when the payment was begun
        _stand_at(turn, turn.shop.ways.get(payment.way), payment, payment.draft if open_now is None else open_now)
        silent = await paying.is_silent(tx, payment.way)
        kept = await mass.kept(tx, user=turn.user.id) if payment.draft is None else None
    screen = _screen(turn, payment, kept)
    return views.looked(turn.t, screen, payment, silent=silent) if callback_data.do == "look" else screen


async def _look(turn: Turn, number: int, before: Callable[[], Awaitable[None]]) -> None:
    """Ask the provider now, instead of when it is its turn; what it does not answer is asked again by itself."""
    async with turn.shop.db.read() as tx:
        payment = await paying.own(tx, user=turn.user.id, payment=number)
    await pages.look_at(turn.shop, payment, before=before)


# Receipts.


@router.message(StateFilter(Paying.receipt))
async def receipt_sent(message: Message, turn: Turn) -> Screen | Notice:
    """A receipt, or something else where one is waited for."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    found = receipt_in(message)
    number = turn.conversation.data["payment"]
    async with turn.transaction() as tx:
        payment = await paying.own(tx, user=turn.user.id, payment=number)
        if isinstance(found, BadInput):
            _stand_at(turn, turn.shop.ways.get(payment.way), payment, draft_of(turn))
            way = turn.shop.ways.get(payment.way)
            instructions = turn.t.any_of(instructions_of(way))
            return views.payment(turn.t, way, payment, instructions=instructions, error=found)
        return await _hand_in(turn, tx, number, found)


@router.message(HasReceipt())
async def receipt_unasked(message: Message, turn: Turn) -> Screen:
    """A receipt where none is asked for: it belongs to the newest transfer that waits for one.

    Neither a form nor the question how much is answered by one: files of theirs are of text.
    """
    found = receipt_in(message)
    if isinstance(found, BadInput):
        raise SkipHandler
    async with turn.shop.db.read() as tx:
        waiting = await receipts.waits_for(tx, turn.shop, user=turn.user.id)
    if waiting is None:
        raise SkipHandler
    async with turn.transaction() as tx:
        return await _hand_in(turn, tx, waiting.id, found)


async def _hand_in(turn: Turn, tx: Transaction, number: int, found: Receipt) -> Screen:
    payment = await receipts.hand_in(tx, turn.shop, user=turn.user.id, payment=number, file=found.file, kind=found.kind)
    draft = draft_of(turn)
    if not in_form(turn) or turn.asked_in is None:  # a form's question that was seen goes on waiting for its answer
        turn.move(Paying.receipt, payment=payment.id, **_with(draft))  # a second page may follow
    return views.received(turn.t, payment, draft=draft)


# An amount, typed: after receipts, which are none.


@router.message(StateFilter(Paying.amount))
async def amount_typed(message: Message, turn: Turn, bot: Bot) -> Screen:
    """An amount, typed."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    way = paying.way_of(turn.shop, turn.conversation.data["way"])
    try:
        amount = amount_of(turn.t, message.text or "")
    except BadInput as error:
        async with turn.transaction() as tx:
            return await _ask_amount(turn, tx, way, error if turn.asked else None)
    if turn.asked:
        return await _pay(turn, way, amount, partial(note, bot, turn.chat))
    async with turn.transaction() as tx:
        return await _ask_amount(turn, tx, way)
