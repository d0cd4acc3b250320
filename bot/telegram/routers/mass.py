"""Mass orders: a list in messages or files, its summary, Confirm, and how far it is."""

from dataclasses import replace
from functools import partial

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput
from bot.domain.mass import Batch, joined, longer, read
from bot.services import cards, mass
from bot.services.mass import Standing, Summary
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form, draft_of, step_aside
from bot.telegram.files import read_text
from bot.telegram.filters import To
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import mass as views
from bot.telegram.views import orders as order_views
from bot.telegram.views.questions import plain_number

router = Router(name="mass")


class Massing(StatesGroup):
    """Where a mass order can stand. ``draft`` in the data is the form behind it."""

    lines = State()  # data: text (so far), kept (the text is good lines of a list), since (Turn), draft
    summary = State()  # data: batch, draft


# Drawing: inside the transaction, because the state that goes with a screen is written with it.


def _collect(
    turn: Turn,
    text: str = "",
    *,
    kept: bool = False,
    error: BadInput | None = None,
    earlier: Batch | None = None,
    since: int | None = None,
) -> Screen:
    """Ask for lines, beside what was sent so far. What is sent ``since`` that message belongs to the list."""
    draft = draft_of(turn)
    if turn.conversation.state == Massing.lines.state:
        since = turn.asked_in
    behind = {} if draft is None else {"draft": draft}
    turn.move(Massing.lines, text=text, kept=kept, since=since, **behind)
    known = None if earlier is None or not earlier.lines else (earlier.id, len(earlier.lines))
    return views.collecting(
        turn.t, turn.shop.shelf.plain, read(text), error=error, kept=kept, earlier=known, draft=draft
    )


def _take(turn: Turn, text: str, more: str | BadInput, *, kept: bool = False, since: int | None = None) -> Screen:
    """The list with what was sent at its end, or why that cannot be taken; nothing sent before is lost."""
    if isinstance(more, BadInput):
        return _collect(turn, text, kept=kept, error=more, since=since)
    try:
        return _collect(turn, longer(text, more), kept=kept, since=since)
    except BadInput as error:
        return _collect(turn, text, kept=kept, error=error, since=since)


def _show(turn: Turn, now: Summary | Standing) -> Screen:
    """A summary, or how far the orders are, in a message that is corrected from then on."""
    draft = draft_of(turn)
    if isinstance(now, Summary):
        turn.move(Massing.summary, batch=now.batch, **({} if draft is None else {"draft": draft}))
        return views.summary(turn.t, now)
    step_aside(turn)

    async def seen(tx: Transaction, message: int) -> None:
        await mass.shown(tx, user=turn.user.id, standing=now, message=message)

    return replace(views.standing(turn.t, now), seen=seen)


# The list.


@router.message(Command("mass"))
async def begin(message: Message, command: CommandObject, turn: Turn, bot: Bot) -> Screen:
    """Begin a mass order; lines may stand below the command already.

    A list is pasted at once, and apps cut a long one in two: what follows the command is not held against the question.
    """
    more = await read_text(bot, message) if message.document is not None else command.args or ""
    async with turn.transaction() as tx:
        step_aside(turn)
        if more:
            return _take(turn, "", more, since=message.message_id)
        return _collect(turn, earlier=await mass.kept(tx, user=turn.user.id), since=message.message_id)


@router.callback_query(To("mass"))
async def opened(query: CallbackQuery, turn: Turn) -> Screen:
    """Begin a mass order, by button."""
    async with turn.transaction() as tx:
        step_aside(turn)
        return _collect(turn, earlier=await mass.kept(tx, user=turn.user.id))


@router.message(StateFilter(Massing.lines))
async def lines_sent(message: Message, turn: Turn, bot: Bot) -> Screen:
    """More lines, typed or sent as a file."""
    more = await _sent(message, bot)
    data = turn.conversation.data
    async with turn.transaction():
        if not turn.asked:  # sent before the question was seen: no answer to it
            return _collect(turn, data["text"], kept=data["kept"])
        return _take(turn, data["text"], more, kept=data["kept"])


@router.message(StateFilter(Massing.summary))
async def corrected(message: Message, turn: Turn, bot: Bot) -> Screen:
    """Lines sent at the summary, without pressing anything: they take the place of those that were wrong."""
    more = await _sent(message, bot)
    batch = int(turn.conversation.data["batch"])
    async with turn.transaction() as tx:
        if not turn.asked:
            return _show(turn, await mass.look(tx, turn.shop, user=turn.user.id, batch=batch))
        good = await mass.good_lines(tx, turn.shop, user=turn.user.id, batch=batch)
        return _take(turn, joined(good), more, kept=bool(good), since=message.message_id)


async def _sent(message: Message, bot: Bot) -> str | BadInput:
    if message.text is not None and message.text.startswith("/") and "\n" not in message.text:
        raise SkipHandler  # a command nobody knows is no line
    return await read_text(bot, message)  # the network first: a file has to be fetched


# Buttons.


@router.callback_query(cb.Mass.filter())
async def act(query: CallbackQuery, callback_data: cb.Mass, turn: Turn) -> Screen:
    """What the buttons of a mass order do. Once it is confirmed, each of its own tells how far it is."""
    user, batch = turn.user.id, callback_data.id
    async with turn.transaction() as tx:
        match callback_data.do:
            case "orders":
                return await _orders(turn, tx)
            case "done":
                return await _done(turn, tx)
            case "cancel" if not batch:
                step_aside(turn)
                return views.left(turn.t)
        now = await mass.look(tx, turn.shop, user=user, batch=batch)
        if isinstance(now, Standing):
            return _show(turn, now)
        match callback_data.do:
            case "cancel":
                await mass.drop(tx, user=user)
                step_aside(turn)
                return views.left(turn.t)
            case "more":
                good = [item.line for item in now.items]
                return _collect(turn, joined(good), kept=bool(good))
            case _:
                return replace(_show(turn, now), notice=turn.t.plain("This is how it stands now."))


async def _orders(turn: Turn, tx: Transaction) -> Screen:
    """One's orders in a new message: the one that was pressed is corrected in place, and must stay what it is."""
    found = await cards.listing(tx, user=turn.user.id, page=0, size=order_views.PAGE)
    draft = beside_form(turn)
    listing = order_views.listing(turn.t, found.orders, page=found.page, pages=found.pages, draft=draft)
    return replace(listing, fresh=True)


async def _done(turn: Turn, tx: Transaction) -> Screen:
    """The list is complete: its summary. An old button, pressed when nothing is being sent, begins anew."""
    user = turn.user.id
    if turn.conversation.state != Massing.lines.state:
        step_aside(turn)
        return _collect(turn, earlier=await mass.kept(tx, user=user))
    lines = read(turn.conversation.data["text"], partial(plain_number, turn.t)).lines
    if not lines:
        return _collect(turn, error=BadInput("text.empty"))
    return _show(turn, await mass.keep(tx, turn.shop, user=user, lines=lines))


@router.callback_query(cb.MassConfirm.filter())
async def confirm(query: CallbackQuery, callback_data: cb.MassConfirm, turn: Turn) -> Screen:
    """*Confirm*: the orders, or the summary once more, where it is not the one that was pressed."""
    batch, mark = callback_data.id, callback_data.mark
    async with turn.transaction() as tx:
        result = await mass.confirm(tx, turn.shop, user=turn.user.id, batch=batch, mark=mark)
        screen = _show(turn, result)
    if isinstance(result, Standing):
        number = int(result.facts["orders"])
        return replace(screen, notice=turn.t.nplain("{n} order is in.", "{n} orders are in.", number))
    # Said aloud too: where only time has passed, the screen is the same as before.
    return replace(screen, notice=turn.t.plain(views.CHANGED), alert=True) if result.changed else screen
