"""The statement of one's wallet: a page of it, or all of it as a file."""

from aiogram import Bot, Router
from aiogram.enums import ChatAction
from aiogram.types import CallbackQuery

from bot.services import statements
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import statement as views
from bot.telegram.waiting import one_moment

router = Router(name="statement")


@router.callback_query(cb.Statement.filter())
async def statement(query: CallbackQuery, callback_data: cb.Statement, turn: Turn, bot: Bot) -> Screen:
    """A page, or the file."""
    if not callback_data.csv:
        return await _page(turn, callback_data.page)
    await one_moment(bot, turn, query, ChatAction.UPLOAD_DOCUMENT)
    return await _file(turn)


async def _page(turn: Turn, page: int) -> Screen:
    async with turn.transaction() as tx:
        found = await statements.page_of(tx, user=turn.user.id, page=page)
        draft = beside_form(turn)
    return views.statement(turn.t, found, draft=draft)


async def _file(turn: Turn) -> Screen:
    """All of it; the page instead, where there is nothing."""
    settings = turn.shop.settings
    sheet = views.Sheet(turn.t, currency=settings.currency, timezone=settings.timezone)
    count = await statements.read_all(turn.shop, user=turn.user.id, take=sheet.add)
    if not count:
        return await _page(turn, 0)
    async with turn.transaction():
        beside_form(turn)
    return views.file(turn.t, sheet.data, count=count)
