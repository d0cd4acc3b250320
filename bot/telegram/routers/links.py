"""A link comes first: what fits it is offered, with the link filled in."""

from dataclasses import replace
from typing import Any, Literal

from aiogram import Router
from aiogram.filters import Filter, StateFilter
from aiogram.types import CallbackQuery, Message

from bot.domain.places import link_in
from bot.services import finding
from bot.services.finding import Quest
from bot.telegram import callbacks as cb
from bot.telegram.screens import Notice, Screen
from bot.telegram.trail import Searching, quest_of, remember
from bot.telegram.turn import Turn
from bot.telegram.views import links as views
from bot.telegram.views import search as search_views

router = Router(name="links")


class HasLink(Filter):
    """A text with a link in it, which the handler receives as ``link``."""

    async def __call__(self, message: Message) -> Literal[False] | dict[str, Any]:
        """What the handler receives, or False."""
        text = message.text or ""
        link = None if text.startswith("/") else link_in(text)
        return False if link is None else {"link": link}


@router.message(StateFilter(None, Searching.asking, Searching.found), HasLink())
async def sent(message: Message, turn: Turn, link: str) -> Screen:
    """A link where nothing else is asked for."""
    return await fitting(turn, Quest(link, linked=True))


@router.callback_query(cb.Leads.filter())
async def leads(query: CallbackQuery, callback_data: cb.Leads, turn: Turn) -> Screen | Notice:
    """The network of a link that tells none."""
    quest = quest_of(turn, callback_data.mark)
    if quest is None or callback_data.network not in turn.shop.shelf.networks:
        return Notice(search_views.over(turn.t), alert=True)
    return await fitting(turn, replace(quest, network=callback_data.network))


async def fitting(turn: Turn, quest: Quest, *, page: int = 0) -> Screen:
    """A page of the services that fit a link, or the question where it leads."""
    shelf = turn.shop.shelf
    networks = finding.networks_for(shelf, quest)
    if len(networks) == 1:
        quest, networks = replace(quest, network=networks[0]), ()
    async with turn.transaction():
        draft = remember(turn, quest, page)
    place = quest.place
    if networks or place is None:
        return views.which_network(turn.t, quest, networks, draft=draft)
    found = finding.answering(shelf, quest)
    return views.results(turn.t, shelf, quest, place, found, page=page, draft=draft)
