"""Payments made on a provider's page: found by asking, since nobody can tell the shop."""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.payments import Payment, PaymentState, Way
from bot.paying.seam import Fate, PageWay, ProviderDown, ProviderRefused
from bot.points import reach
from bot.services import paying
from bot.services.news import clear_alert, raise_alert
from bot.services.shop import Shop
from bot.storage import payments

log = logging.getLogger(__name__)

# Payments asked about in one round; a shop has rarely more of them open at a time.
BATCH = 500


async def look(shop: Shop, way: Way) -> int:
    """Ask a provider what became of every open payment; how many are open."""
    async with shop.db.read() as tx:
        waiting = await payments.in_state(tx, PaymentState.OPEN, way=way.name, limit=BATCH)
    if not isinstance(way, PageWay):
        return 0
    charges = [payment.charge for payment in waiting if payment.charge is not None]
    if charges:
        await _ask(shop, way, charges)
    return len(waiting)


async def look_at(shop: Shop, payment: Payment, *, before: Callable[[], Awaitable[None]]) -> None:
    """Ask a provider about one payment, because its customer wants to know; other ways have nobody to ask.

    ``before`` is called where one is really asked.
    """
    way = shop.ways.get(payment.way)
    if isinstance(way, PageWay) and payment.state is PaymentState.OPEN and payment.charge is not None:
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
        for invoice in ended:
            await paying.seen(tx, shop, way.name, invoice)
