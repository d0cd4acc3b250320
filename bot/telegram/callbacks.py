"""What buttons mean: short numeric ids in at most 64 bytes, nothing secret and no prices.

A button is a wish, not a permission: the server looks everything up again and checks whose it is.
"""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

# Ids of rows are 64-bit: a forged button with a larger number is no button, before any database sees it.
RowId = Annotated[int, Field(ge=0, lt=2**63)]
# No list has a page beyond this, and larger numbers only cost time.
Page = Annotated[int, Field(ge=0, lt=10**6)]


class Go(CallbackData, prefix="go"):
    """A plain destination: home, order, orders, wallet, language, help, cancel."""

    to: str


class Network(CallbackData, prefix="n"):
    """The categories of the n-th network of the catalogue; ``name`` is cut to fit."""

    name: str
    page: Page = 0


class Categories(CallbackData, prefix="cs"):
    """A page of all categories."""

    page: Page = 0


class Category(CallbackData, prefix="c"):
    """A page of a category's services."""

    id: RowId
    page: Page = 0


class Service(CallbackData, prefix="s"):
    """A service's card, and the first question of its form."""

    id: RowId


class Found(CallbackData, prefix="fd"):
    """A page of what was found; ``mark`` names what was looked for, which the conversation has."""

    mark: RowId
    page: Page = 0


class Pick(CallbackData, prefix="pk"):
    """A service out of what was found, as ``Service``."""

    mark: RowId
    id: RowId


class Leads(CallbackData, prefix="ld"):
    """The network that a link leads to which tells none by itself."""

    mark: RowId
    network: str


class Ask(CallbackData, prefix="q"):
    """Ask a question of a draft (again), to change its answer."""

    draft: RowId
    field: str


class Choose(CallbackData, prefix="a"):
    """One of the choices of a question."""

    draft: RowId
    field: str
    value: str


class FormDo(CallbackData, prefix="f"):
    """Something else about a draft.

    ``do``: skip, done, back, cancel, summary, look, resume, confirm, spread, at_once. ``field``: what is asked; of
    confirm the mark of the summary that it stands below.
    """

    draft: RowId
    do: str
    field: str = ""


class Orders(CallbackData, prefix="os"):
    """A page of the customer's orders."""

    page: Page = 0


class OrdersBy(CallbackData, prefix="ob"):
    """A page of some of them: active, ended, those of a network (``name``), or for the same link as order ``id``.

    Without a name or an id the networks, or the links, are to be chosen from; number: one is asked for.
    """

    by: str
    name: str = ""
    id: RowId = 0
    page: Page = 0


class OrderDo(CallbackData, prefix="o"):
    """Something about an order of the customer.

    ``do``: show, look, refill, stop, stop_sure, cancel, cancel_sure, ask (0: about none).
    """

    id: RowId
    do: str


class Language(CallbackData, prefix="l"):
    """A language to speak; empty: what the client says."""

    locale: str = ""


class Decide(CallbackData, prefix="d"):
    """An admin's decision about an order: placed, resend, refund, part, close, look, show; list: every open one.

    ``about`` is the question it answers, so that an old button decides nothing that was asked since.
    """

    id: RowId
    do: str
    sure: bool = False
    about: str = ""


class GiveBack(CallbackData, prefix="gb"):
    """An admin gives part of an order's hold back: the sum that ``mark`` names; ``about`` as in ``Decide``."""

    id: RowId
    mark: str
    about: str = ""


class Panel(CallbackData, prefix="p"):
    """An admin's wish about a panel of this name: pause, resume; refresh is about all of them."""

    name: str
    do: str


class Rates(CallbackData, prefix="r"):
    """An admin agrees to the rates of a panel that are held; ``mark`` names those that were shown, empty: show them."""

    name: str
    mark: str = ""


class Currency(CallbackData, prefix="cu"):
    """An admin agrees that a panel reckons in another currency now, which ``mark`` names."""

    name: str
    mark: str


class TopUp(CallbackData, prefix="t"):
    """Put money in: by which way (empty: choose one), how much (0: to be asked)."""

    way: str = ""
    amount: RowId = 0


class Pay(CallbackData, prefix="y"):
    """Something about a payment of the customer: show, look, forget."""

    id: RowId
    do: str


class Settle(CallbackData, prefix="z"):
    """An admin's decision about a payment: show, approve, amount, reject, no_reason, refund, refund_anyway, call_off;
    list: those that wait."""

    id: RowId
    do: str
    sure: bool = False


class Statement(CallbackData, prefix="st"):
    """A page of the wallet's movements; ``csv``: all of them as a file."""

    page: Page = 0
    csv: bool = False


class Again(CallbackData, prefix="ag"):
    """Order the same once more, as in the order of this number."""

    id: RowId


class Recent(CallbackData, prefix="re"):
    """Answer a draft's question as in an earlier order."""

    draft: RowId
    field: str
    order: RowId


class Favourite(CallbackData, prefix="fv"):
    """Make a service a favourite, or no more; ``draft`` is the form that shows its card."""

    service: RowId
    on: bool
    draft: RowId = 0


class Favourites(CallbackData, prefix="fs"):
    """A page of one's favourites."""

    page: Page = 0


class Mass(CallbackData, prefix="m"):
    """Something about a mass order (0: the list that is being sent): done, more, look, cancel, orders."""

    id: RowId
    do: str


class MassConfirm(CallbackData, prefix="mc"):
    """Place the orders of the summary that it stands below, which ``mark`` names."""

    id: RowId
    mark: str


class Thread(CallbackData, prefix="th"):
    """Something about a ticket of the customer: show, close."""

    id: RowId
    do: str


class Ticket(CallbackData, prefix="tk"):
    """Something that an admin does about a ticket: show, reply, close (having read all up to the line ``seen``).

    ``do`` is open where the button is beside the point: what it stands below is not the ticket's own message.
    """

    id: RowId
    do: str
    seen: RowId = 0


class Tickets(CallbackData, prefix="tl"):
    """A page of the tickets whose customers wait for an answer, for admins."""

    page: Page = 0
