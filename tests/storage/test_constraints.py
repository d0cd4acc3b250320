"""What the database refuses, whatever the program does."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.orders import ENDED, OrderState
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.tables import orders, transfers
from tests.storage import books

# Statements on the shop that `books.live` makes; {words} stand for its numbers.
REFUSED = {
    "a wallet below zero": "UPDATE wallets SET balance = -1 WHERE user_id = {anna}",
    "parts that are not the price": "UPDATE orders SET captured = 1 WHERE id = {waiting}",
    "a negative part": "UPDATE orders SET held = price + 1, captured = -1 WHERE id = {waiting}",
    "a negative price": "UPDATE orders SET price = -1, held = -1 WHERE id = {waiting}",
    "a panel's id twice": "UPDATE orders SET panel_order = '102' WHERE id = {pending}",
    "a posting changed": "UPDATE postings SET amount = amount + 1 WHERE account = 'sales'",
    "a posting gone": "DELETE FROM postings WHERE account = 'sales'",
    "a posting of nothing": "INSERT INTO postings (transfer_id, account, owner, amount) VALUES (1, 'sales', 0, 0)",
    "a posting nowhere": "INSERT INTO postings (transfer_id, account, owner, amount) VALUES (1, 'pocket', 0, 1)",
    "a posting without its transfer": (
        "INSERT INTO postings (transfer_id, account, owner, amount) VALUES (999, 'sales', 0, 1)"
    ),
    "a transfer changed": "UPDATE transfers SET reason = 'because'",
    "a transfer gone": "DELETE FROM transfers WHERE id NOT IN (SELECT transfer_id FROM postings)",
    "an event changed": "UPDATE order_events SET kind = 'x' WHERE order_id = {waiting}",
    "an event gone": "DELETE FROM order_events WHERE order_id = {waiting}",
    "an ended order moved": "UPDATE orders SET state = 'pending' WHERE id = {completed}",
    "an order of nobody": "UPDATE orders SET user_id = 5 WHERE id = {waiting}",
    "a person with orders gone": "DELETE FROM users WHERE id = {anna}",
    "limits the wrong way round": "UPDATE services SET minimum = 100, maximum = 50",
    "a panel's service twice": (
        "INSERT INTO services (panel, panel_service, category_id, position, name, type_word, rate, minimum, "
        "maximum, description) SELECT panel, panel_service, category_id, 1, '', '', '1', 1, 1, '' FROM services"
    ),
    "an update twice": (
        "INSERT INTO inbox (update_id, chat_id, payload, received_at, failures, set_aside) "
        "VALUES (1, 1, '', 0, 0, false), (1, 2, '', 0, 0, false)"
    ),
    "news twice": (
        "INSERT INTO outbox (chat_id, kind, facts, key, created_at, due_at, tries) "
        "SELECT chat_id, kind, facts, key, 0, 0, 0 FROM outbox"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_the_database_refuses(db: Database, second: Database, name: str) -> None:
    """The statement is refused and changes nothing."""
    numbers = await books.live(db)
    async with db.write() as tx:  # a transfer of nothing, which no posting holds
        values = {"key": "nothing", "kind": "settle", "user_id": books.ANNA, "reason": "", "at": tx.now}
        await tx.conn.execute(transfers.insert().values(values))
    statement = REFUSED[name].format(anna=books.ANNA, **numbers)
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await tx.conn.exec_driver_sql(statement)
    async with second.read() as tx:
        assert await audit(tx) == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("table", ["transfers", "postings", "order_events"])
async def test_the_books_are_not_emptied(db: Database, table: str) -> None:
    """TRUNCATE, which fires no row's trigger, is refused too."""
    await books.live(db)
    with pytest.raises(IntegrityError, match="never changed"):
        async with db.write() as tx:
            await tx.conn.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("state", sorted(ENDED))
@pytest.mark.parametrize("next_state", [OrderState.WAITING, OrderState.FAILED, OrderState.COMPLETED])
async def test_an_ended_order_does_not_move(db: Database, state: OrderState, next_state: OrderState) -> None:
    """From no ended state is there a way to another, not even to a second end; its other columns may change."""
    async with db.write() as tx:
        await books.open_shop(tx)
        order = await books.buy(tx)
        mine = update(orders).where(orders.c.id == order.id)
        await tx.conn.execute(mine.values(state=state.value))
        await tx.conn.execute(mine.values(check_at=tx.now, state=state.value))
    if state is next_state:
        return
    with pytest.raises(IntegrityError, match="does not move"):
        async with db.write() as tx:
            await tx.conn.execute(mine.values(state=next_state.value))


async def test_a_draft_becomes_one_order(db: Database) -> None:
    """A second order of the same draft is refused."""
    async with db.write() as tx:
        await books.open_shop(tx)
        await books.buy(tx)
        row = (await tx.conn.execute(select(orders))).one()._asdict()
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await tx.conn.execute(orders.insert().values({**row, "id": row["id"] + 1}))
    async with db.write() as tx:
        values = {**row, "id": row["id"] + 1, "draft_id": row["draft_id"] + 1}
        await tx.conn.execute(orders.insert().values(values))
