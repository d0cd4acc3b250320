"""Services and categories as the panels listed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from bot.domain.catalog import Offer, Service, ServiceType
from bot.storage.database import Transaction
from bot.storage.rows import insert
from bot.storage.tables import categories, services

# SQLite takes 32,766 parameters a statement; a service has 16 columns.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """What the shop has of one entry of a panel's list; its rate is the one it is sold at.

    ``held_rate`` is what the panel lists now, where an admin has not agreed to that yet.
    """

    id: int
    offer: Offer
    category_id: int
    position: int
    type: ServiceType | None
    retired: bool
    held_rate: Decimal | None = None


async def category_ids(tx: Transaction, names: Sequence[str]) -> dict[str, int]:
    """The ids of these categories, which are made where they are new."""
    known = {row.name: int(row.id) for row in await tx.conn.execute(select(categories))}
    new = [name for name in dict.fromkeys(names) if name not in known]
    if new:
        await tx.conn.execute(categories.insert(), [{"name": name} for name in new])
        known = {row.name: int(row.id) for row in await tx.conn.execute(select(categories))}
    return known


async def of_panel(tx: Transaction, panel: str) -> dict[str, StoredOffer]:
    """All a panel ever listed, by the panel's id."""
    statement = (
        select(services, categories.c.name.label("category"))
        .join(categories, categories.c.id == services.c.category_id)
        .where(services.c.panel == panel)
    )
    return {row.panel_service: _stored(row) for row in await tx.conn.execute(statement)}


def _stored(row: Any) -> StoredOffer:
    offer = Offer(
        panel_service=row.panel_service,
        name=row.name,
        type_word=row.type_word,
        category=row.category,
        rate=row.rate,
        minimum=row.minimum,
        maximum=row.maximum,
        refill=row.refill,
        cancel=row.cancel,
        dripfeed=row.dripfeed,
        description=row.description,
    )
    type_ = None if row.type is None else ServiceType(row.type)
    return StoredOffer(row.id, offer, row.category_id, row.position, type_, row.retired_at is not None, row.held_rate)


async def put(tx: Transaction, panel: str, rows: Sequence[tuple[Offer, int, int, ServiceType | None]]) -> None:
    """Write new and changed entries: (offer, category id, position, type).

    An entry that returns is back in sale, and one whose rate was held is sold at the rate given here.
    """
    for start in range(0, len(rows), _BATCH):
        values = [
            {
                "panel": panel,
                "panel_service": offer.panel_service,
                "category_id": category,
                "position": position,
                "name": offer.name,
                "type": None if type_ is None else type_.value,
                "type_word": offer.type_word,
                "rate": offer.rate,
                "minimum": offer.minimum,
                "maximum": offer.maximum,
                "refill": offer.refill,
                "cancel": offer.cancel,
                "dripfeed": offer.dripfeed,
                "description": offer.description,
                "retired_at": None,
                "held_rate": None,
            }
            for offer, category, position, type_ in rows[start : start + _BATCH]
        ]
        statement = insert(tx, services).values(values)
        changed = {
            column.name: statement.excluded[column.name]
            for column in services.columns
            if column.name not in {"id", "panel", "panel_service"}
        }
        await tx.conn.execute(statement.on_conflict_do_update(index_elements=["panel", "panel_service"], set_=changed))


async def retire(tx: Transaction, ids: Sequence[int]) -> None:
    """Take services out of sale; their numbers stay theirs."""
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        await tx.conn.execute(update(services).where(services.c.id.in_(batch)).values(retired_at=tx.now))


async def hold(tx: Transaction, rates: Mapping[int, Decimal]) -> None:
    """Take services out of sale because their panel lists them at these rates; theirs stay what they were."""
    if not rates:
        return
    statement = update(services).where(services.c.id == bindparam("number")).values(held_rate=bindparam("listed"))
    await tx.conn.execute(statement, [{"number": number, "listed": rate} for number, rate in rates.items()])


async def agree(tx: Transaction, ids: Sequence[int]) -> None:
    """Sell these services at the rates that were held."""
    for start in range(0, len(ids), _BATCH):
        chosen = services.c.id.in_(ids[start : start + _BATCH]) & services.c.held_rate.is_not(None)
        await tx.conn.execute(update(services).where(chosen).values(rate=services.c.held_rate, held_rate=None))


async def on_sale(tx: Transaction) -> list[tuple[Service, int]]:
    """Every service that can be ordered, with its category's id, in the panels' own order."""
    return [(_service(row), row.category_id) for row in await _listed(tx, services.c.held_rate.is_(None))]


async def held(tx: Transaction) -> list[tuple[Service, Decimal]]:
    """Every service that waits for an admin to agree to its rate, at that rate, and the one it was sold at."""
    rows = await _listed(tx, services.c.held_rate.is_not(None))
    return [(replace(_service(row), rate=row.held_rate), row.rate) for row in rows]


async def _listed(tx: Transaction, which: ColumnElement[bool]) -> Sequence[Any]:
    statement = (
        select(services, categories.c.name.label("category"))
        .join(categories, categories.c.id == services.c.category_id)
        .where(services.c.retired_at.is_(None), services.c.type.is_not(None), which)
        .order_by(services.c.panel, services.c.position, services.c.id)
    )
    return (await tx.conn.execute(statement)).all()


def _service(row: Any) -> Service:
    return Service(
        id=row.id,
        panel=row.panel,
        panel_service=row.panel_service,
        name=row.name,
        type=ServiceType(row.type),
        category=row.category,
        rate=row.rate,
        minimum=row.minimum,
        maximum=row.maximum,
        refill=row.refill,
        cancel=row.cancel,
        dripfeed=row.dripfeed,
        description=row.description,
    )
