"""How long orders took, from the moment the panel had them to their end."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.catalog import ServiceType
from bot.domain.orders import OrderState
from bot.storage.database import Transaction
from bot.storage.tables import orders


async def completed_since(tx: Transaction, moment: datetime, *, limit: int) -> list[tuple[int, timedelta]]:
    """Service and time of the orders that were completed since then, the newest first.

    A drip-feed and a subscription take as long as the customer wanted them to: they tell nothing of the service.
    """
    done = orders.c.state == OrderState.COMPLETED.value, orders.c.ended_at >= moment, orders.c.placed_at.is_not(None)
    at_once = (
        orders.c.answers["runs"].as_string().is_(None),
        orders.c.snapshot["type"].as_string() != ServiceType.SUBSCRIPTIONS.value,
    )
    statement = select(orders.c.service_id, orders.c.placed_at, orders.c.ended_at).where(*done, *at_once)
    rows = await tx.conn.execute(statement.order_by(orders.c.id.desc()).limit(limit))
    return [(row.service_id, row.ended_at - row.placed_at) for row in rows]
