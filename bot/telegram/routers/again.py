"""Ordering again: the same order, an answer given before, and favourites."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services import again, ordering
from bot.services.ordering import DraftGone, ServiceGone
from bot.telegram import callbacks as cb
from bot.telegram.aside import step_aside
from bot.telegram.routers.form import answered, ask, question_of
from bot.telegram.screens import Notice, Screen
from bot.telegram.turn import Turn
from bot.telegram.views import again as views

router = Router(name="again")


@router.callback_query(cb.Again.filter())
async def order_again(query: CallbackQuery, callback_data: cb.Again, turn: Turn) -> Screen:
    """The summary of an order like that one, at today's price."""
    async with turn.transaction() as tx:
        form = await again.repeat(tx, turn.shop, user=turn.user.id, number=callback_data.id)
        return await ask(turn, tx, form)


@router.callback_query(cb.Recent.filter())
async def as_before(query: CallbackQuery, callback_data: cb.Recent, turn: Turn) -> Screen:
    """Answer a question as in an earlier order."""
    async with turn.transaction() as tx:
        form, field = await question_of(turn, tx, callback_data.draft, callback_data.field)
        text = await again.answer_of(tx, user=turn.user.id, number=callback_data.order, field=field)
        return await answered(turn, tx, form, field, text)


@router.callback_query(cb.Favourite.filter())
async def favourite(query: CallbackQuery, callback_data: cb.Favourite, turn: Turn) -> Screen | Notice:
    """Mark the service whose card is shown, or take the mark away; the question stays as it is.

    The mark can be taken away also where there is nothing left to ask.
    """
    on = callback_data.on
    said = views.marked(turn.t, on=on)
    async with turn.transaction() as tx:
        await again.mark(tx, turn.shop, user=turn.user.id, service=callback_data.service, on=on)
        try:
            form = await ordering.resume(tx, turn.shop, user=turn.user.id, draft=callback_data.draft)
        except (DraftGone, ServiceGone):
            if on:
                raise
            return Notice(said)
        screen = await ask(turn, tx, form)
    return replace(screen, notice=said)


@router.message(Command("favourites"))
async def listed(message: Message, turn: Turn) -> Screen:
    """One's favourites."""
    return await _favourites(turn, page=0)


@router.callback_query(cb.Favourites.filter())
async def leafed(query: CallbackQuery, callback_data: cb.Favourites, turn: Turn) -> Screen:
    """A page of them."""
    return await _favourites(turn, page=callback_data.page)


async def _favourites(turn: Turn, *, page: int) -> Screen:
    async with turn.transaction() as tx:
        found = await again.favourites_of(tx, turn.shop, user=turn.user.id)
        draft = step_aside(turn)
    return views.favourites(turn.t, turn.shop.shelf, found, page=page, draft=draft)
