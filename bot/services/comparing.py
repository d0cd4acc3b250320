"""Telegram's list of Stars against the books: what they lack is credited, what went back is taken.

The list is in the order of time. How far all of it is known to be old is kept, so that a busy shop reads its end alone;
at each start it is read from its beginning.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.paying.stars import Stars
from bot.services import paying, refunding
from bot.services.news import tell_admins
from bot.services.paying import Received
from bot.services.shop import Shop
from bot.storage import facts, ledger, payments
from bot.storage.database import Transaction

# Facts of the books: since when they are kept, and how far Telegram's list was compared with them.
_SINCE, _COMPARED = "stars_since", "stars_compared"


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of Telegram's list. ``paid`` is what came in; None where the payment of ``charge`` went back."""

    charge: str
    at: datetime
    paid: Received | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the list was compared: so many entries, and what of them is from before these books."""

    offset: int = 0
    earlier: int = 0
    earlier_stars: int = 0


async def begin_books(tx: Transaction) -> None:
    """Note since when the books are kept, once: what a bot sold before is no concern of theirs.

    Books that are older than this note begin with their first entry.
    """
    if await facts.find(tx, _SINCE) is None:
        since = await ledger.first_entry_at(tx) or tx.now
        await facts.put(tx, _SINCE, since.isoformat())


async def progress(tx: Transaction) -> Progress:
    """How far the list was compared."""
    kept = await facts.find(tx, _COMPARED)
    return Progress() if kept is None else Progress(**json.loads(kept))


async def afresh(tx: Transaction) -> None:
    """Compare from the beginning of the list."""
    await facts.put(tx, _COMPARED, json.dumps(asdict(Progress())))


async def compare(tx: Transaction, shop: Shop, entries: Sequence[Listed], *, passed: int, ended: bool) -> None:
    """Hold the next ``passed`` of the list against the books; ``entries`` are those of them that are about payments.

    ``ended``: no more of the list is old enough. What was paid before the books were begun, for nothing they know, is
    counted, and the admins are told of it once.
    """
    now = await progress(tx)
    since = datetime.fromisoformat(await facts.find(tx, _SINCE) or tx.now.isoformat())
    earlier: list[Received] = []
    for entry in entries:
        if entry.paid is None:
            await refunding.taken_back(tx, shop, charge=entry.charge)
        elif entry.at < since and not await _is_ours(tx, entry.paid):
            earlier.append(entry.paid)
        else:
            await paying.receive_stars(tx, shop, entry.paid, found_later=True)
    stars = now.earlier_stars + sum(paid.units for paid in earlier)
    now = Progress(now.offset + passed, now.earlier + len(earlier), stars)
    await facts.put(tx, _COMPARED, json.dumps(asdict(now)))
    tx.work = "compared"
    if ended and now.earlier:
        told = {"count": now.earlier, "stars": now.earlier_stars}
        await tell_admins(tx, shop, "stars_before", told, key="stars_before")


async def _is_ours(tx: Transaction, paid: Received) -> bool:
    """Whether the books know of it, by its charge or by the code that it names."""
    known = await payments.find_by_charge(tx, Stars.name, paid.charge)
    return known is not None or await payments.find_by_code(tx, paid.code) is not None
