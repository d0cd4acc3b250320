"""Bringing the catalogue up to date with what a panel lists."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.catalog import Offer, ServiceType, clean_text, parse_type
from bot.services import currencies, rates, speed
from bot.services.finding import indexes_of
from bot.services.news import clear_alert, raise_alert, tell_admins
from bot.services.shelf import Shelf, stock
from bot.services.shop import Shop
from bot.storage import catalogue, mail, panels
from bot.storage.catalogue import StoredOffer
from bot.storage.database import Transaction

# What fits a phone's screen and a button, in characters; panels send essays.
NAME_LENGTH, CATEGORY_LENGTH, DESCRIPTION_LENGTH = 200, 120, 1500
# Losing this share of the services at once is more likely the panel's mistake than its intention.
DOUBTFUL_SHARE = 0.5
# Too few services to speak of a share.
DOUBTFUL_FROM = 10
# So many types that nobody knows are named to the admins, and remembered; of the others they read how many there are.
TYPES_SHOWN = 10
# A column holds 64 bits, and no rate is of this size: such an entry cannot be stored, so it is not listed.
HIGHEST_LIMIT, HIGHEST_RATE, RATE_DIGITS = 2**63 - 1, 10**18, 40

# An entry as it is written: with its category's id, its position and its type.
_Row = tuple[Offer, int, int, ServiceType | None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: services on sale, new, changed, retired, of unknown types; ``doubtful``: nothing was done.

    ``held`` were listed at a rate that an admin has to agree to first.
    """

    listed: int = 0
    new: int = 0
    changed: int = 0
    retired: int = 0
    unknown_types: tuple[str, ...] = ()
    doubtful: bool = False
    held: int = 0


def _clean(offer: Offer) -> Offer:
    return replace(
        offer,
        name=clean_text(offer.name, NAME_LENGTH) or f"#{offer.panel_service}",
        category=clean_text(offer.category, CATEGORY_LENGTH) or "…",
        type_word=clean_text(offer.type_word, 64),
        description=clean_text(offer.description, DESCRIPTION_LENGTH, keep_lines=True),
    )


def _storable(offer: Offer) -> bool:
    rate = offer.rate
    sane = rate.is_finite() and 0 <= rate < HIGHEST_RATE and rate.adjusted() >= -RATE_DIGITS
    short = len(rate.as_tuple().digits) <= RATE_DIGITS
    if sane and short and 0 <= offer.minimum <= offer.maximum <= HIGHEST_LIMIT:
        return True
    log.warning("passed over service %s: its rate or its limits are impossible", offer.panel_service)
    return False


async def sync_panel(tx: Transaction, shop: Shop, name: str, offers: Sequence[Offer]) -> Synced:
    """Make the shop's catalogue of one panel what ``offers`` says.

    Services keep the shop's number for good: those that vanish are retired, those that return are back in sale.
    An empty list, or one that lacks most services, is believed only when the next sync repeats it.
    """
    listed = {offer.panel_service: _clean(offer) for offer in offers if _storable(offer)}
    stored = await catalogue.of_panel(tx, name)
    selling = {number for number, entry in stored.items() if not entry.retired}
    gone = selling - listed.keys()
    if await _doubtful(tx, shop, name, selling, gone, listed):
        return Synced(doubtful=True)
    categories = await catalogue.category_ids(tx, [offer.category for offer in listed.values()])
    rows: list[_Row] = []
    held: dict[int, Decimal] = {}
    new = 0
    for position, offer in enumerate(listed.values()):
        known = stored.get(offer.panel_service)
        new += known is None
        believed = offer
        if known is not None and rates.jumped(known, offer):
            held[known.id] = offer.rate
            believed = replace(offer, rate=known.offer.rate)
        row = (believed, categories[offer.category], position, parse_type(offer.type_word))
        if known is None or _differs(known, row, held.get(known.id)):
            rows.append(row)
    await catalogue.put(tx, name, rows)
    await catalogue.hold(tx, held)
    await catalogue.retire(tx, [stored[number].id for number in gone])
    if held.keys() - {entry.id for entry in stored.values() if entry.held_rate is not None}:
        await rates.tell(tx, shop, name)
    await panels.put(tx, name, synced_at=tx.now, doubtful=None)
    unknown = sorted({o.type_word for o in listed.values() if parse_type(o.type_word) is None})
    await _tell_types(tx, shop, name, unknown)
    await clear_alert(tx, shop, f"doubtful:{name}", "doubtful", panel=name)
    return Synced(len(listed), new, len(rows) - new, len(gone), tuple(unknown), held=len(held))


def _differs(known: StoredOffer, row: _Row, held_rate: Decimal | None) -> bool:
    offer, category, position, type_ = row
    same = (known.offer, known.category_id, known.position, known.type, known.retired, known.held_rate)
    return same != (offer, category, position, type_, False, held_rate)


async def _doubtful(
    tx: Transaction,
    shop: Shop,
    name: str,
    selling: set[str],
    gone: set[str],
    listed: Mapping[str, Offer],
) -> bool:
    """Whether this list needs a second like it to be believed."""
    most = len(selling) >= DOUBTFUL_FROM and len(gone) > len(selling) * DOUBTFUL_SHARE
    if not (selling and (not listed or most)):
        return False
    mark = hashlib.sha256("\n".join(sorted(gone)).encode()).hexdigest()
    if (await panels.find(tx, name)).doubtful == mark:
        return False
    await panels.put(tx, name, doubtful=mark)
    facts = {"panel": name, "gone": len(gone), "selling": len(selling)}
    await raise_alert(tx, shop, f"doubtful:{name}", "doubtful", **facts)
    return True


async def _tell_types(tx: Transaction, shop: Shop, name: str, unknown: Sequence[str]) -> None:
    """Tell the admins of types that nobody knows: once each, those of one list together."""
    shown = unknown[:TYPES_SHOWN]
    new = [word for word in shown if await mail.raise_alert(tx, f"type:{name}:{word.casefold()}")]
    more = len(unknown) - len(shown)
    if len(new) == 1 and not more:
        await tell_admins(tx, shop, "alert", {"alert": "type", "panel": name, "word": new[0]})
    elif new:
        await tell_admins(tx, shop, "alert", {"alert": "types", "panel": name, "types": ", ".join(new), "more": more})


async def exchange_rates(tx: Transaction, shop: Shop) -> dict[str, Decimal]:
    """By panel, the shop's currency for one of the panel's; a panel whose rate nobody knows is missing.

    One that answered in another currency than the shop's, with no rate in the settings, is not sold, and the admins
    are told; nor is one whose currency changed, until they agree.
    """
    known: dict[str, Decimal] = {}
    for record in await panels.every(tx):
        if record.name not in shop.settings.panels or await currencies.held(tx, record.name) is not None:
            continue
        worth = currencies.worth(shop, record.name, record.currency)
        if worth is not None:
            known[record.name] = worth
        key = f"currency:{record.name}"
        facts = {"panel": record.name, "currency": record.currency or "?", "shop": shop.settings.currency}
        if record.name not in known and record.balance_at is not None:
            await raise_alert(tx, shop, key, "currency", **facts)
        elif record.name in known:
            await clear_alert(tx, shop, key, "currency", **facts)
    return known


async def restock(tx: Transaction, shop: Shop) -> Shelf:
    """Read what is on sale from the books; the caller puts it out once the transaction is over."""
    exchange = await exchange_rates(tx, shop)
    held = [service for service, _ in await catalogue.held(tx)]
    shelf = stock(await catalogue.on_sale(tx), exchange, shop.settings.markup_percent, held)
    return replace(shelf, usual=await speed.usual_times(tx))


async def put_out(shop: Shop, shelf: Shelf) -> None:
    """Sell from this shelf from now on.

    Its indexes take a fraction of a second, off the loop; until they are made, those before them find what they know.
    """
    shop.shelf = put = replace(shelf, index=shop.shelf.index, links=shop.shelf.links)
    index, links = await asyncio.to_thread(indexes_of, tuple(shelf.services.values()))
    if shop.shelf is put:  # else a later one is there, with indexes of its own on the way
        shop.shelf = replace(put, index=index, links=links)


async def agree(tx: Transaction, shop: Shop, panel: str, mark: str) -> tuple[int, Shelf]:
    """Sell at the rates that ``mark`` names: how many (0 where others are held now), and the shelf as ``restock``."""
    return await rates.agree(tx, panel, mark), await restock(tx, shop)
