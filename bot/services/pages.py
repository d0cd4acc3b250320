"""Payments made on a provider's page: found by asking, since nobody can tell the shop."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.payments import UNPAID, Payment, Way
from bot.paying.seam import Fate, PageWay, ProviderDown, ProviderRefused
from bot.points import reach
from bot.services import paying
from bot.services.apart import AT_ONCE, apart
from bot.services.news import clear_alert, raise_alert
from bot.services.shop import Shop
from bot.storage import payments

log = logging.getLogger(__name__)

# Payments asked about in one round; a shop has rarely more of them.
BATCH = 500
# A payment that the shop let go of is asked about until its provider says that it is over too, or for so long after its
# time: the provider takes money whatever the shop thinks of it, and may be out of reach, or switched off, for days.
ASKED_AFTERWARDS = timedelta(days=30)


async def look(shop: Shop, way: Way, *, after: int = 0) -> int:
    """Ask a provider what became of the payments whose page may still take money, those after number ``after``.

    Gives the number after which to go on, so that many who do not pay hide nobody; 0 where it was the last of them.
    """
    if not isinstance(way, PageWay):
        return 0
    async with shop.db.read() as tx:
        since = tx.now - ASKED_AFTERWARDS
        waiting = await payments.on_a_page(tx, way.name, after=after, since=since, limit=BATCH)
    charges = [payment.charge for payment in waiting if payment.charge is not None]
    if charges:
        await _ask(shop, way, charges)
    return waiting[-1].id if len(waiting) == BATCH else 0


async def look_at(shop: Shop, payment: Payment, *, before: Callable[[], Awaitable[None]]) -> None:
    """Ask a provider about one payment, because its customer wants to know; other ways have nobody to ask.

    ``before`` is called where one is really asked.
    """
    way = shop.ways.get(payment.way)
    if isinstance(way, PageWay) and payment.state in UNPAID and payment.charge is not None:
        await before()
        await _ask(shop, way, [payment.charge])


async def _ask(shop: Shop, way: PageWay, charges: list[str]) -> None:
    reach("pages.before")
    try:
        invoices = await way.look(charges)
    except (ProviderDown, ProviderRefused) as error:
        log.warning("%s does not say what was paid: %s", way.name, error.log)
        async with shop.db.write() as tx:
            await raise_alert(tx, shop, f"way:{way.name}", "way", way=way.name, why=error.log)
        return
    reach("pages.after")
    ended = [invoice for invoice in invoices if invoice.fate is not Fate.OPEN]
    async with shop.db.write() as tx:
        await clear_alert(tx, shop, f"way:{way.name}", "way", way=way.name)
    for at in range(0, len(ended), AT_ONCE):
        async with shop.db.write() as tx:
            for invoice in ended[at : at + AT_ONCE]:
                seen = paying.seen(tx, shop, way.name, invoice)
                await apart(tx, seen, what=f"what {way.name} says of invoice {invoice.charge}")
