"""An order as its customer sees it, and the list of them. Another customer's order is no order at all."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.errors import ShopError
from bot.domain.links import same_link
from bot.domain.networks import network_of
from bot.domain.orders import TRACKED, Order
from bot.domain.outcomes import Rejected, StatusReport
from bot.services import rounds, tracking
from bot.services.shelf import OTHER
from bot.services.shop import Shop
from bot.storage import orders, panels
from bot.storage.database import Transaction
from bot.storage.orders import Selection

# An order is asked about at most so often, whoever presses: panels count every call.
LOOK_GAP = timedelta(seconds=15)
# Somebody waits with a finger on the button; what the panel says later, tracking finds out.
LOOK_SECONDS = 4.0
# Ids are 64-bit; a larger number was never given out, and no database takes it.
HIGHEST_ID = 2**63 - 1


# So many links, the newest first, are offered to choose from.
MOST_LINKS = 8


class By(StrEnum):
    """By what a list of orders is chosen."""

    ALL = "all"
    ACTIVE = "active"
    ENDED = "ended"
    NETWORK = "network"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which orders are listed: by a ``network``'s name, or for the same link as the order of this ``number``."""

    by: By = By.ALL
    network: str = ""
    number: int = 0


EVERY = Chosen()


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of a customer's orders, newest first; ``page`` is the one that is really there.

    ``link`` is what they are for, where they were chosen by it.
    """

    orders: Sequence[Order]
    page: int
    pages: int
    chosen: Chosen = EVERY
    link: str = ""


async def find(tx: Transaction, *, user: int, number: int) -> Order:
    """The customer's order of this number. Raises ``ShopError`` for any other."""
    order = await orders.find(tx, number, user=user) if 0 < number <= HIGHEST_ID else None
    if order is None:
        raise ShopError("order.unknown", number=number)
    return order


async def listing(tx: Transaction, *, user: int, page: int, size: int, chosen: Chosen = EVERY) -> OrdersPage:
    """A page of ``size`` orders; the nearest there is where ``page`` is none.

    Raises ``ShopError`` where they are chosen by the link of an order that is not theirs.
    """
    link = "" if chosen.by is not By.LINK else (await find(tx, user=user, number=chosen.number)).link
    only = await _selection(tx, user, chosen)
    pages = max(-(-await orders.count_of_user(tx, user, only) // size), 1)
    page = min(max(page, 0), pages - 1)
    found = await orders.of_user(tx, user, limit=size, offset=page * size, only=only)
    return OrdersPage(found, page, pages, chosen, link)


async def _selection(tx: Transaction, user: int, chosen: Chosen) -> Selection:
    match chosen.by:
        case By.ALL:
            return Selection()
        case By.ACTIVE | By.ENDED:
            return Selection(ended=chosen.by is By.ENDED)
        case By.NETWORK:
            known = await orders.categories_of_user(tx, user)
            return Selection(categories=[each for each in known if _network(each) == chosen.network])
        case By.LINK:
            return Selection(link_of=chosen.number)


def _network(category: str) -> str:
    return network_of(category) or OTHER


async def networks(tx: Transaction, *, user: int) -> list[str]:
    """The networks a customer ever ordered for, by name; what names none comes last."""
    found = {_network(category) for category in await orders.categories_of_user(tx, user)}
    return sorted(found, key=lambda name: (name == OTHER, name))


async def links(tx: Transaction, *, user: int) -> list[Order]:
    """The newest order for each of the links a customer last ordered for."""
    return await orders.newest_by_link(tx, user, limit=MOST_LINKS)


async def for_link(tx: Transaction, *, user: int, link: str) -> int | None:
    """The number of a customer's newest order for what is behind this link."""
    return await orders.newest_for_link(tx, user, same_link(link))


async def ask_panel(
    shop: Shop, *, user: int, number: int, before: Callable[[], Awaitable[None]] | None = None
) -> StatusReport | Rejected | None:
    """What the panel says of an order now; None where it was asked a moment ago, cannot tell, or is silent.

    A call over the network: to be made before the transaction. ``before`` is called where it is really made.
    """
    async with shop.db.read() as tx:
        order = await find(tx, user=user, number=number)
        answers = (await panels.find(tx, order.panel)).answers
        now = tx.now
    if order.state not in TRACKED or order.panel_order is None or order.panel not in shop.panels:
        return None
    last = shop.looked.get(order.id, order.answered_at)
    if not answers or (last is not None and now - last < LOOK_GAP):
        return None
    shop.looked = {each: at for each, at in shop.looked.items() if now - at < LOOK_GAP}
    shop.looked[order.id] = now
    if before is not None:
        await before()
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await rounds.look(shop, order.panel, order.panel_order)
    except TimeoutError:
        return None


async def look(tx: Transaction, shop: Shop, *, user: int, number: int, answer: StatusReport | Rejected | None) -> Order:
    """The order as it is after what the panel said of it."""
    order = await find(tx, user=user, number=number)
    if answer is None or order.state not in TRACKED:
        return order
    await tracking.apply_one(tx, shop, number, answer)
    return await find(tx, user=user, number=number)
