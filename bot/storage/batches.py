"""Mass orders: lists that are being looked at, and what became of the orders they were turned into."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.mass import Batch, Line, Part
from bot.domain.orders import ENDED, OrderState, Reason
from bot.storage.database import Transaction
from bot.storage.rows import inserted_id
from bot.storage.tables import batches, orders, outbox

_ENDED = [state.value for state in ENDED]
# More lines than a list of so many characters can have.
_NUMBERS = 100_000


def draft_of(batch: int, line: int) -> int:
    """What the order of a line has for its draft, so that a line becomes one order at most. Drafts are above zero."""
    return -(batch * _NUMBERS + line)


def _batch(row: Any) -> Batch:
    return Batch(
        row.id,
        row.user_id,
        tuple(Line(each["number"], tuple(each["parts"])) for each in row.lines),
        tuple(each["price"] for each in row.lines),
        row.shown_at,
        row.confirmed_at,
        row.reported_at,
    )


def _rows(lines: Sequence[Line], prices: Sequence[int | None]) -> list[dict[str, Any]]:
    return [
        {"number": line.number, "parts": list(line.parts), "price": price}
        for line, price in zip(lines, prices, strict=True)
    ]


async def purge(tx: Transaction, before: datetime) -> None:
    """Throw away lists from before ``before`` that nobody confirmed."""
    await tx.conn.execute(delete(batches).where(batches.c.confirmed_at.is_(None), batches.c.created_at < before))


async def new(tx: Transaction, user: int, lines: Sequence[Line]) -> int:
    """Keep a list, instead of any other that the customer did not confirm; its number."""
    await drop(tx, user)
    rows = _rows(lines, [None] * len(lines))
    return await inserted_id(tx, batches, {"user_id": user, "lines": rows, "created_at": tx.now})


async def drop(tx: Transaction, user: int) -> None:
    """Throw away the list that the customer did not confirm."""
    await tx.conn.execute(delete(batches).where(batches.c.user_id == user, batches.c.confirmed_at.is_(None)))


async def find(tx: Transaction, batch: int, *, user: int) -> Batch | None:
    """The customer's mass order of this number; nobody else's."""
    statement = select(batches).where(batches.c.id == batch, batches.c.user_id == user)
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else _batch(row)


async def unconfirmed(tx: Transaction, user: int) -> Batch | None:
    """The list that the customer did not confirm yet."""
    statement = select(batches).where(batches.c.user_id == user, batches.c.confirmed_at.is_(None))
    row = (await tx.conn.execute(statement.order_by(batches.c.id.desc()).limit(1))).first()
    return None if row is None else _batch(row)


async def put_shown(tx: Transaction, batch: Batch) -> None:
    """Note what is shown of each line: its price, None where it cannot be ordered."""
    total = sum(price for price in batch.prices if price is not None)
    values = {"lines": _rows(batch.lines, batch.prices), "shown_total": total, "shown_at": batch.shown_at}
    await tx.conn.execute(update(batches).where(batches.c.id == batch.id).values(values))


async def confirmed(tx: Transaction, batch: int) -> None:
    """Note that the lines are orders now."""
    statement = update(batches).where(batches.c.id == batch)
    await tx.conn.execute(statement.values(lines=[], confirmed_at=tx.now))


async def unreported(tx: Transaction) -> list[Batch]:
    """Every mass order that was confirmed and is not reported on, oldest first."""
    statement = select(batches).where(batches.c.confirmed_at.is_not(None), batches.c.reported_at.is_(None))
    return [_batch(row) for row in await tx.conn.execute(statement.order_by(batches.c.id))]


async def reported(tx: Transaction, batch: int) -> None:
    """Note that the report is decided."""
    await tx.conn.execute(update(batches).where(batches.c.id == batch).values(reported_at=tx.now))


async def is_reported(tx: Transaction, batch: int) -> bool:
    """Whether a mass order was reported on."""
    return await tx.conn.scalar(select(batches.c.reported_at).where(batches.c.id == batch)) is not None


async def parts_of(tx: Transaction, batch: int) -> list[Part]:
    """Every order of a mass order, in the order of their lines."""
    c = orders.c
    statement = select(c.id, c.draft_id, c.state, c.reason, c.panel_order, c.price, c.refunded)
    return [
        Part(
            order=row.id,
            line=-row.draft_id - batch * _NUMBERS,
            state=OrderState(row.state),
            reason=None if row.reason is None else Reason(row.reason),
            placed=row.panel_order is not None,
            price=row.price,
            refunded=row.refunded,
        )
        for row in await tx.conn.execute(statement.where(c.batch_id == batch).order_by(c.id))
    ]


@dataclass(frozen=True, slots=True)
class Running:
    """An order of the customer's that did not end."""

    order: int
    service: int
    link_key: str
    state: OrderState


async def running_for(tx: Transaction, user: int, link_keys: Collection[str]) -> list[Running]:
    """The customer's orders for these links that did not end, oldest first."""
    c = orders.c
    where = (c.user_id == user, c.link_key.in_(link_keys), c.state.not_in(_ENDED))
    statement = select(c.id, c.service_id, c.link_key, c.state).where(*where).order_by(c.id)
    return [
        Running(row.id, row.service_id, row.link_key, OrderState(row.state)) for row in await tx.conn.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """What was last decided to be said of how a mass order goes. ``waits``: as a correction that is not out yet."""

    facts: Mapping[str, Any]
    waits: bool


async def last_told(tx: Transaction, user: int, kind: str, batch: int) -> Told | None:
    """The newest of the news of this ``kind`` about a mass order."""
    mine = (outbox.c.chat_id == user, outbox.c.kind == kind, outbox.c.facts["batch"].as_integer() == batch)
    statement = select(outbox.c.facts, outbox.c.key, outbox.c.sent_at, outbox.c.failed).where(*mine)
    row = (await tx.conn.execute(statement.order_by(outbox.c.id.desc()).limit(1))).first()
    if row is None:
        return None
    return Told(row.facts, waits=row.key is None and row.sent_at is None and row.failed is None)
