"""Services that customers marked, and what they ordered last."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from bot.storage.database import Transaction
from bot.storage.rows import insert
from bot.storage.tables import favourites, orders


@dataclass(frozen=True, slots=True)
class Bought:
    """An order as far as it can be repeated: its number, its service and its answers."""

    order: int
    service: int
    answers: dict[str, Any]


async def put(tx: Transaction, user: int, service: int, *, on: bool) -> None:
    """Mark a service, or take the mark away."""
    if on:
        statement = insert(tx, favourites).values(user_id=user, service_id=service, created_at=tx.now)
        await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "service_id"]))
    else:
        marked = favourites.c.user_id == user, favourites.c.service_id == service
        await tx.conn.execute(delete(favourites).where(*marked))


async def of_user(tx: Transaction, user: int) -> list[int]:
    """The services this person marked, the latest first."""
    statement = (
        select(favourites.c.service_id)
        .where(favourites.c.user_id == user)
        .order_by(favourites.c.created_at.desc(), favourites.c.service_id.desc())
    )
    return [int(number) for number in await tx.conn.scalars(statement)]


async def is_marked(tx: Transaction, user: int, service: int) -> bool:
    """Whether this person marked this service."""
    marked = favourites.c.user_id == user, favourites.c.service_id == service
    return await tx.conn.scalar(select(favourites.c.service_id).where(*marked)) is not None


async def last_bought(tx: Transaction, user: int, *, limit: int) -> list[Bought]:
    """This person's last orders, newest first."""
    columns = orders.c.id, orders.c.service_id, orders.c.answers
    statement = select(*columns).where(orders.c.user_id == user).order_by(orders.c.id.desc()).limit(limit)
    return [Bought(row.id, row.service_id, dict(row.answers)) for row in await tx.conn.execute(statement)]
