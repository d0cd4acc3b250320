"""How long a service usually takes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.orders import OrderState
from bot.services import speed
from bot.storage.database import Database
from bot.storage.tables import orders
from tests.storage.books import buy, end, open_shop, send


@pytest.mark.parametrize(("hours", "usual"), [((1, 2), None), ((1, 9, 2), 2), ((1, 2, 3, 400), 3), ((0, 0, 0), 1 / 60)])
async def test_the_middle_of_enough_orders(db: Database, hours: tuple[int, ...], usual: float | None) -> None:
    """Two orders are chance; one that took weeks does not count more than another; nothing takes less than a minute."""
    async with db.write() as tx:
        await open_shop(tx)
        for at, took in enumerate(hours):
            order = await send(tx, await buy(tx), "placed", f"p{at}")
            await end(tx, order, OrderState.COMPLETED)
            times = {"placed_at": tx.now - timedelta(hours=took), "ended_at": tx.now}
            await tx.conn.execute(update(orders).where(orders.c.id == order.id).values(**times))
    async with db.read() as tx:
        found = await speed.usual_times(tx)
    assert list(found.values()) == ([] if usual is None else [timedelta(hours=usual)])
