"""Rates that jump: more likely a panel's mistake, or worse, than a price anybody should pay.

A service that is listed at more than ``JUMP`` times its rate is held: not sold, and its rate stays what it was, until
an admin agrees to the new one or the panel takes it back. A rate that falls is believed at once; nobody pays too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.catalog import Offer
from bot.domain.marks import mark_of
from bot.services.news import tell_admins
from bot.services.shop import Shop
from bot.storage import catalogue, panels
from bot.storage.catalogue import StoredOffer
from bot.storage.database import Transaction

JUMP = 2
# What a message shows of them; a panel that changes its currency may have thousands.
EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class HeldRate:
    """A service that is not sold until an admin agrees: the rate it was sold at, and the one listed now."""

    service: int
    name: str
    old: Decimal
    new: Decimal


def jumped(known: StoredOffer | None, offer: Offer) -> bool:
    """Whether the rate of this entry needs an admin to agree to it; one that is new has none to compare with."""
    return known is not None and known.type is not None and offer.rate > known.offer.rate * JUMP


async def held(tx: Transaction, panel: str) -> list[HeldRate]:
    """What waits for an admin to agree, of one panel, in the panel's own order."""
    return [
        HeldRate(service.id, service.name, old, service.rate)
        for service, old in await catalogue.held(tx)
        if service.panel == panel
    ]


async def facts(tx: Transaction, panel: str) -> dict[str, Any]:
    """What a message about held rates needs to know, JSON-able. ``mark`` names exactly these rates."""
    found = await held(tx, panel)
    return {
        "panel": panel,
        "currency": (await panels.find(tx, panel)).currency or "",
        "count": len(found),
        "mark": _mark(found),
        "examples": [[each.name, str(each.old), str(each.new)] for each in found[:EXAMPLES]],
    }


def _mark(found: Sequence[HeldRate]) -> str:
    return mark_of(*(f"{each.service} {each.new}" for each in found))


async def tell(tx: Transaction, shop: Shop, panel: str) -> None:
    """Tell the admins what is held of a panel's services."""
    await tell_admins(tx, shop, "rates", await facts(tx, panel))


async def agree(tx: Transaction, panel: str, mark: str) -> int:
    """Sell at the rates that ``mark`` names; how many, 0 where they are not those that are held now."""
    found = await held(tx, panel)
    if not found or _mark(found) != mark:
        return 0
    await catalogue.agree(tx, [each.service for each in found])
    return len(found)
