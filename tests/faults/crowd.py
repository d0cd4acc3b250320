"""Thousands of orders that a panel has, written like one that was really sold: to sell so many takes minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select, update

from bot.services import wallet
from bot.storage.database import Transaction
from bot.storage.tables import attempts, order_events, orders, postings, transfers, wallets
from tests.services.stage import ANNA, OWNER, PRICE, Stage

# What is different in a copy of a row.
Change = Mapping[str, Any]
# Far from the ids of the drafts that there are.
DRAFTS = 1_000_000


async def multiply(stage: Stage, number: int, panel_orders: Sequence[str]) -> None:
    """Copy an order of Anna's that its panel has, with all that the books hold of it, under each of these ids.

    She gets the money for it first. Nobody is told.
    """
    total = PRICE * len(panel_orders)
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=ANNA, amount=total, reason="", key="crowd")
        new = [{"draft_id": DRAFTS + place, "panel_order": name} for place, name in enumerate(panel_orders)]
        await _copy(tx, orders, "id", number, new)
        found = await tx.conn.execute(select(orders.c.id, orders.c.panel_order).where(orders.c.draft_id >= DRAFTS))
        copies = {int(row.id): str(row.panel_order) for row in found}
        await _copy(tx, order_events, "order_id", number, [{"order_id": copy} for copy in copies])
        tries = [{"order_id": copy, "words": name} for copy, name in copies.items()]
        await _copy(tx, attempts, "order_id", number, tries)
        await _copy(tx, transfers, "order_id", number, [{"order_id": copy, "key": f"hold:{copy}"} for copy in copies])
        await _hold(tx, number)
        left = wallets.c.balance - total
        await tx.conn.execute(update(wallets).where(wallets.c.user_id == ANNA).values(balance=left))


async def _copy(tx: Transaction, table: Table, column: str, number: int, changes: Sequence[Change]) -> None:
    """Write what a table has of an order once more for each change, under ids of its own."""
    statement = select(table).where(table.c[column] == number).order_by(table.c.id)
    found = (await tx.conn.execute(statement)).mappings().all()
    first = [{name: value for name, value in row.items() if name != "id"} for row in found]
    await tx.conn.execute(table.insert(), [{**row, **change} for change in changes for row in first])


async def _hold(tx: Transaction, number: int) -> None:
    """Write what every hold but that of order ``number`` moved."""
    statement = select(transfers.c.id, transfers.c.order_id).where(transfers.c.kind == "hold")
    rows = []
    for hold in await tx.conn.execute(statement.where(transfers.c.order_id != number)):
        rows.append({"transfer_id": hold.id, "account": "wallet", "owner": ANNA, "amount": -PRICE})
        rows.append({"transfer_id": hold.id, "account": "hold", "owner": hold.order_id, "amount": PRICE})
    await tx.conn.execute(postings.insert(), rows)
