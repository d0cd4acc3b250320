"""Searching services by words: /search, and whatever is written where nothing else is asked for."""

from typing import Any, Literal

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.types import CallbackQuery, Message

from bot.services.finding import Quest, answering, quest_in
from bot.telegram import callbacks as cb
from bot.telegram.aside import draft_of
from bot.telegram.routers.links import fitting
from bot.telegram.screens import Notice, Screen
from bot.telegram.trail import Searching, quest_of, remember
from bot.telegram.turn import Turn
from bot.telegram.views import search as views

router = Router(name="search")


class HasWords(Filter):
    """A text that is no command; the handler receives it as ``words``."""

    async def __call__(self, message: Message) -> Literal[False] | dict[str, Any]:
        """What the handler receives, or False."""
        text = message.text or ""
        return False if not text or text.startswith("/") else {"words": text}


@router.message(Command("search"))
async def search(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """Ask what is looked for, unless the command says it."""
    if command.args:
        return await look(turn, quest_in(command.args))
    return await ask(turn)


async def ask(turn: Turn) -> Screen:
    """Ask what is looked for."""
    async with turn.transaction():
        draft = draft_of(turn)
        turn.move(Searching.asking, **({} if draft is None else {"draft": draft}))
    return views.asking(turn.t, draft=draft)


@router.message(StateFilter(None, Searching.asking, Searching.found), HasWords())
async def written(message: Message, turn: Turn, words: str) -> Screen:
    """Words where nothing else is asked for."""
    return await look(turn, quest_in(words))


@router.callback_query(cb.Found.filter())
async def page(query: CallbackQuery, callback_data: cb.Found, turn: Turn) -> Screen | Notice:
    """A page of what was found."""
    quest = quest_of(turn, callback_data.mark)
    if quest is None:
        return Notice(views.over(turn.t), alert=True)
    return await look(turn, quest, page=callback_data.page)


async def look(turn: Turn, quest: Quest, *, page: int = 0) -> Screen:
    """A page of what answers a quest."""
    if quest.linked:
        return await fitting(turn, quest, page=page)
    found = answering(turn.shop.shelf, quest)
    async with turn.transaction():
        draft = remember(turn, quest, page)
    if not found:
        return views.nothing(turn.t, quest, draft=draft, support=turn.shop.settings.support_link)
    return views.results(turn.t, turn.shop.shelf, quest, found, page=page, draft=draft)
