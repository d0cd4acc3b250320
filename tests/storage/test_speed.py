"""How long a service usually takes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.catalog import ServiceType
from bot.domain.orders import OrderState
from bot.services import speed
from bot.storage.database import Database, Transaction
from bot.storage.tables import orders
from tests.storage.books import buy, end, open_shop, send


@pytest.mark.parametrize(("hours", "usual"), [((1, 2), None), ((1, 9, 2), 2), ((1, 2, 3, 400), 3), ((0, 0, 0), 1 / 60)])
async def test_the_middle_of_enough_orders(db: Database, hours: tuple[int, ...], usual: float | None) -> None:
    """Two orders are chance; one that took weeks does not count more than another; nothing takes less than a minute."""
    async with db.write() as tx:
        await open_shop(tx)
        for took in hours:
            await completed(tx, took)
    async with db.read() as tx:
        found = await speed.usual_times(tx)
    assert list(found.values()) == ([] if usual is None else [timedelta(hours=usual)])


async def completed(tx: Transaction, hours: int, **columns: Any) -> None:
    """An order that took so long; ``columns`` as the table has them."""
    order = await buy(tx)
    await end(tx, await send(tx, order, "placed", f"p{order.id}"), OrderState.COMPLETED)
    times = {"placed_at": tx.now - timedelta(hours=hours), "ended_at": tx.now}
    await tx.conn.execute(update(orders).where(orders.c.id == order.id).values(**times, **columns))


async def test_what_was_meant_to_take_long_does_not_count(db: Database) -> None:
    """A drip-feed ends when its last run does, a subscription when its posts are over."""
    async with db.write() as tx:
        await open_shop(tx)
        for _ in range(3):
            await completed(tx, 2, answers={"link": "@a", "quantity": 100, "runs": None})  # skipped
        for _ in range(4):
            await completed(tx, 90, answers={"link": "@a", "quantity": 100, "runs": 6, "interval": 900})
            sold = (await tx.conn.scalars(select(orders.c.snapshot))).first()
            await completed(tx, 900, snapshot={**dict(sold or {}), "type": ServiceType.SUBSCRIPTIONS.value})
    async with db.read() as tx:
        assert list((await speed.usual_times(tx)).values()) == [timedelta(hours=2)]
