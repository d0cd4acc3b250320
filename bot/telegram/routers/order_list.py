"""The list of one's orders: page by page, chosen by state, network or link, and one found by its number."""

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput, ShopError
from bot.domain.links import parse_link
from bot.domain.numbers import number_in
from bot.services import cards
from bot.services.cards import EVERY, By, Chosen
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.aside import beside_form, draft_of
from bot.telegram.errors import in_words
from bot.telegram.routers.orders import card
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import orders as views

router = Router(name="order_list")


class Finding(StatesGroup):
    """Where a customer names an order."""

    order = State()  # data: draft (of the form behind it, if any)


@router.message(Command("orders"))
async def orders(message: Message, turn: Turn) -> Screen:
    """The newest orders."""
    return await _list(turn, EVERY, page=0)


@router.callback_query(cb.Orders.filter())
async def page(query: CallbackQuery, callback_data: cb.Orders, turn: Turn) -> Screen:
    """A page of all of them."""
    return await _list(turn, EVERY, page=callback_data.page)


@router.callback_query(cb.OrdersBy.filter())
async def chosen(query: CallbackQuery, callback_data: cb.OrdersBy, turn: Turn) -> Screen:
    """A page of some of them, or the question of which."""
    wish = callback_data
    if wish.by == views.NUMBER:
        async with turn.transaction():
            return _ask(turn)
    by = By(wish.by) if wish.by in set(By) else By.ALL
    if (by is By.NETWORK and not wish.name) or (by is By.LINK and not wish.id):
        return await _choose(turn, by)
    named = Chosen(by, network=wish.name) if by is By.NETWORK else Chosen(by)
    return await _list(turn, Chosen(by, number=wish.id) if by is By.LINK else named, page=wish.page)


async def _list(turn: Turn, which: Chosen, *, page: int) -> Screen:
    async with turn.transaction() as tx:
        return await _drawn(turn, tx, which, page=page)


async def _drawn(turn: Turn, tx: Transaction, which: Chosen, *, page: int = 0) -> Screen:
    found = await cards.listing(tx, user=turn.user.id, page=page, size=views.PAGE, chosen=which)
    draft = beside_form(turn)
    return views.listing(
        turn.t, found.orders, page=found.page, pages=found.pages, draft=draft, chosen=found.chosen, link=found.link
    )


async def _choose(turn: Turn, by: By) -> Screen:
    """Which networks, or links, there are to choose from; the list of all orders where there are none."""
    async with turn.transaction() as tx:
        names = await cards.networks(tx, user=turn.user.id) if by is By.NETWORK else []
        links = await cards.links(tx, user=turn.user.id) if by is By.LINK else []
        if not names and not links:
            return await _drawn(turn, tx, EVERY)
        beside_form(turn)
    return views.choose_network(turn.t, names) if names else views.choose_link(turn.t, links)


# Finding one.


def _ask(turn: Turn, *, problem: str = "") -> Screen:
    draft = draft_of(turn)
    turn.move(Finding.order, **({} if draft is None else {"draft": draft}))
    return views.ask_number(turn.t, problem=problem)


@router.message(StateFilter(Finding.order))
async def named(message: Message, turn: Turn) -> Screen:
    """A number, or a link."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    text = message.text or ""
    async with turn.transaction() as tx:
        if not turn.asked:  # written before it was asked for
            return _ask(turn)
        number = number_in(text)
        try:
            if number is not None:
                return await card(turn, tx, number)
            return await _for_link(turn, tx, parse_link(text))
        except BadInput:
            return _ask(turn, problem=turn.t.plain(views.NEITHER))
        except ShopError as error:  # raised before anything was written
            return _ask(turn, problem=in_words(turn.t, error).text)


async def _for_link(turn: Turn, tx: Transaction, link: str) -> Screen:
    newest = await cards.for_link(tx, user=turn.user.id, link=link)
    if newest is None:
        return _ask(turn, problem=turn.t.plain(views.NOT_FOUND))
    return await _drawn(turn, tx, Chosen(By.LINK, number=newest))
