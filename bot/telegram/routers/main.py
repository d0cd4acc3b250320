"""Every router, in the order in which they are asked."""

from functools import cache

from aiogram import Dispatcher, Router

from bot.telegram.routers import (
    admin,
    again,
    browse,
    bulk,
    fallback,
    form,
    language,
    links,
    mass,
    order_list,
    orders,
    paid,
    search,
    start,
    statement,
    support,
    terms,
    topup,
    wallet,
)
from bot.telegram.routers import help as help_
from bot.telegram.turn import ConversationStorage


@cache
def dispatching() -> tuple[Dispatcher, ConversationStorage]:
    """The tree of routers, with where it looks for the conversation in hand.

    A router belongs to one tree for good, so a process has one, and what differs between shops comes with each update.
    """
    conversations = ConversationStorage()
    dispatcher = Dispatcher(storage=conversations)
    router = Router(name="main")
    router.include_routers(
        # Before all that asks for something: those take every message while their question is open.
        paid.router,
        # Commands come before forms, so that they work in the middle of one.
        start.router,
        admin.router,
        orders.router,
        support.router,
        bulk.router,
        order_list.router,
        wallet.router,
        statement.router,
        terms.router,
        language.router,
        help_.router,
        browse.router,
        again.router,
        mass.router,
        links.router,
        search.router,
        topup.router,  # before forms: a receipt is no answer to their questions
        form.router,
        fallback.router,
    )
    dispatcher.include_router(router)
    return dispatcher, conversations
