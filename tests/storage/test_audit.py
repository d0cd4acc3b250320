"""The audit: silent about right books, and every invariant in it notices when it is broken."""

from dataclasses import dataclass
from pathlib import Path

from bot.storage.audit import INVARIANTS, audit
from bot.storage.database import Database, Transaction
from bot.storage.migrate import migrate
from tests.storage import books, steps

# Takes away what keeps the database from being wrong.
UNGUARDED = (
    'sqlite = op.get_bind().dialect.name == "sqlite"',
    'for table in ("transfers", "postings", "order_events"):',
    '    names = ("kept_update", "kept_delete") if sqlite else ("kept", "kept_all")',
    "    for name in names:",
    '        op.execute(f"DROP TRIGGER {table}_{name}" + ("" if sqlite else f" ON {table}"))',
    'op.execute("DROP TRIGGER orders_ended" + ("" if sqlite else " ON orders"))',
    'with op.batch_alter_table("orders") as batch:',
    '    batch.drop_constraint("uq_orders_panel_panel_order", type_="unique")',
    '    batch.drop_constraint(op.f("ck_orders_whole"), type_="check")',
    'with op.batch_alter_table("wallets") as batch:',
    '    batch.drop_constraint(op.f("ck_wallets_covered"), type_="check")',
)


@dataclass(frozen=True, slots=True)
class Break:
    """A way to break the books, and the laws that this violates. ``{names}`` stand for numbers: orders, payments."""

    sql: str
    laws: tuple[str, ...]


BALANCED = "every transfer sums to zero"
WALLET = "a wallet equals the sum of its postings"
DEBT = "a wallet is below zero only where a payment was taken back"
WHOLE = "of each order, held, captured and refunded make up the price"
HOLDS = "what an order holds is what the postings hold for it"
COURSE = "what an order captured and refunded is what its transfers moved"
OWNERS = "a transfer moves its own customer's and its own order's money"
KINDS = "a transfer moves only the accounts of its kind"
SALES = "the sales are the sum of what the orders captured"
UNSETTLED = "an open order holds its whole price, an ended one only what an admin is asked about"
CAME_IN = "a payment that came in is in its payer's wallet once, and no other is"
WENT_BACK = "a payment that was given back left its payer's wallet once, and no other did"
OF_PAYMENTS = "a transfer of a payment is about a payment"
PANEL_IDS = "a panel's id belongs to one order"
CALLS = "an order is sent once, and again only after proof or an admin's decision"
REPEATS = "nothing is sent again before it is known that it was not placed"
IN_FLIGHT = "an order is submitting exactly while its last attempt has no outcome"
PLACED = "a placed order was placed by one attempt or by an admin"
TRANSITIONS = "an order only moves as the table of transitions allows"
FOLLOWS = "an order is where its last event left it"
NEWS = "every ended order has its news"

# What else the statements name.
NAMES = {
    "anna": books.ANNA,
    "boris": books.BORIS,
    "clara": books.CLARA,
    "attempt": "INSERT INTO attempts (order_id, number, started_at, lease_until, finished_at, outcome, words)",
    "event": "INSERT INTO order_events (order_id, at, kind, state, details)",
}

BREAKS = {
    "a posting changed": Break(
        "UPDATE postings SET amount = amount - 1 WHERE account = 'wallet' AND amount > 0 AND transfer_id = "
        "(SELECT min(id) FROM transfers)",
        (BALANCED, WALLET),
    ),
    "a posting gone": Break("DELETE FROM postings WHERE account = 'sales'", (BALANCED, SALES, COURSE)),
    "a wallet filled": Break("UPDATE wallets SET balance = balance + 1 WHERE user_id = {anna}", (WALLET,)),
    "a wallet below zero": Break("UPDATE wallets SET balance = -1 WHERE user_id = {boris}", (WALLET, DEBT)),
    "a debt out of nowhere": Break("UPDATE wallets SET balance = 0, owed = 1 WHERE user_id = {boris}", (WALLET, DEBT)),
    "a debt beside money": Break(
        "UPDATE wallets SET balance = balance + 5, owed = owed + 5 WHERE user_id = {clara}", (DEBT,)
    ),
    "a debt by hand": Break("UPDATE transfers SET kind = 'debit' WHERE key = 'payback:{taken back}'", (DEBT,)),
    "a wallet gone": Break("DELETE FROM wallets WHERE user_id = {boris}", (WALLET,)),
    "more captured than paid": Break(
        "UPDATE orders SET captured = captured + 1 WHERE id = {completed}", (WHOLE, COURSE, SALES)
    ),
    "a refund that never moved": Break(
        "UPDATE orders SET held = 0, refunded = price WHERE id = {waiting}", (HOLDS, COURSE, UNSETTLED)
    ),
    "another price": Break("UPDATE orders SET price = 1, held = 1 WHERE id = {pending}", (HOLDS, COURSE)),
    "somebody else's money": Break("UPDATE transfers SET user_id = {boris} WHERE key = 'hold:{pending}'", (OWNERS,)),
    "another order's hold": Break(
        "UPDATE postings SET owner = {waiting} WHERE account = 'hold' AND owner = {pending}", (OWNERS, HOLDS)
    ),
    "a credit out of the sales": Break(
        "UPDATE postings SET account = 'sales' WHERE account = 'outside'", (KINDS, SALES)
    ),
    "a hold forgotten": Break("UPDATE orders SET question = NULL WHERE id = {sum open}", (UNSETTLED,)),
    "a payment never credited": Break("UPDATE payments SET state = 'paid' WHERE id = {asked for}", (CAME_IN,)),
    "a payment credited short": Break("UPDATE payments SET amount = amount + 1 WHERE id = {credited}", (CAME_IN,)),
    "somebody else's payment": Break("UPDATE payments SET user_id = {boris} WHERE id = {credited}", (CAME_IN,)),
    "a credit for nothing": Break("UPDATE payments SET state = 'expired' WHERE id = {credited}", (CAME_IN,)),
    "a payment back, and in the wallet": Break(
        "UPDATE payments SET state = 'refunded' WHERE id = {credited}", (WENT_BACK,)
    ),
    "a payment back, and not noted": Break(
        "UPDATE payments SET state = 'paid' WHERE id IN ({going back}, {given back}, {taken back})", (WENT_BACK,)
    ),
    "more taken than paid": Break(
        "UPDATE payments SET amount = amount - 1 WHERE id = {taken back}", (CAME_IN, WENT_BACK)
    ),
    "a payment gone": Break("DELETE FROM payments WHERE id = {credited}", (OF_PAYMENTS,)),
    "a payment's money by another name": Break(
        "UPDATE transfers SET key = 'topup:x' WHERE key = 'topup:{credited}'", (CAME_IN, OF_PAYMENTS)
    ),
    "one panel id twice": Break("UPDATE orders SET panel_order = '102' WHERE id = {pending}", (PANEL_IDS, PLACED)),
    "sent again at once": Break(
        "{attempt} SELECT order_id, 2, started_at, lease_until, finished_at, 'not_sent', '' FROM attempts "
        "WHERE order_id = {uncertain}",
        (REPEATS,),
    ),
    "sent three times": Break(
        "{attempt} SELECT order_id, number + 1, started_at, lease_until, finished_at, 'unknown', '' "
        "FROM attempts WHERE order_id = {sent again} AND number = 2",
        (CALLS,),
    ),
    "sent again after the order was refused": Break(
        "UPDATE attempts SET words = 'link: bad' WHERE order_id = {tried} AND outcome = 'refused'",
        (CALLS, REPEATS),
    ),
    "an attempt gone": Break("DELETE FROM attempts WHERE order_id = {tried} AND number = 2", (CALLS,)),
    "a call nobody waits for": Break(
        "UPDATE attempts SET outcome = NULL, finished_at = NULL WHERE order_id = {uncertain}", (IN_FLIGHT,)
    ),
    "submitting without a call": Break(
        "UPDATE attempts SET outcome = 'not_sent' WHERE order_id = {in flight}", (IN_FLIGHT,)
    ),
    "an id out of nowhere": Break("UPDATE attempts SET outcome = 'unknown' WHERE order_id = {pending}", (PLACED,)),
    "an id that was not the answer": Break("UPDATE attempts SET words = '999' WHERE order_id = {completed}", (PLACED,)),
    "an order lost by the shop": Break("UPDATE orders SET panel_order = NULL WHERE id = {completed}", (PLACED,)),
    "an id before its time": Break("UPDATE orders SET panel_order = '1' WHERE id = {waiting}", (PLACED,)),
    "a leap": Break("{event} VALUES ({waiting}, 0, 'x', 'completed', '{{}}')", (TRANSITIONS, FOLLOWS)),
    "an end undone": Break("{event} VALUES ({completed}, 0, 'x', 'in_progress', '{{}}')", (TRANSITIONS, FOLLOWS)),
    "a move without a word": Break("UPDATE orders SET state = 'failed' WHERE id = {pending}", (FOLLOWS,)),
    "no history": Break("DELETE FROM order_events WHERE order_id = {named}", (FOLLOWS, PLACED)),
    "no beginning": Break("DELETE FROM order_events WHERE order_id = {tried} AND state = 'waiting'", (TRANSITIONS,)),
    "nobody told": Break("DELETE FROM outbox WHERE order_id = {refused}", (NEWS,)),
}


async def lived(db: Database) -> dict[str, int]:
    """A shop that has seen everything: the numbers of its orders and of its payments."""
    return {**await books.live(db), **await books.payments_of_all_kinds(db)}


async def test_right_books_have_no_violations(db: Database, second: Database) -> None:
    """The audit says nothing about a shop that has seen everything and kept its laws."""
    await lived(db)
    async with second.read() as tx:
        assert await audit(tx) == []


async def test_empty_books_have_no_violations(db: Database) -> None:
    """A shop that has not begun has broken nothing."""
    async with db.read() as tx:
        assert await audit(tx) == []


async def violated(db: Database, sql: str) -> dict[str, list[str]]:
    """What each law says after a statement, which is undone again."""
    async with db.engine.connect() as conn:
        broken = await conn.exec_driver_sql(sql)
        assert broken.rowcount > 0
        tx = Transaction(conn, db.clock())
        found = {law.law: await law.violations(tx) for law in INVARIANTS}
        assert await audit(tx) == [sentence for sentences in found.values() for sentence in sentences]
        return found


async def test_the_audit_notices(db: Database, tmp_path: Path) -> None:
    """Whatever is wrong in the books, the laws it breaks say so."""
    numbers = await lived(db)
    await migrate(db, scripts=steps.one_more(tmp_path / "steps", *UNGUARDED))
    for name, broken in BREAKS.items():
        found = await violated(db, broken.sql.format(**NAMES, **numbers))
        assert {law for law, sentences in found.items() if sentences} >= set(broken.laws), name
    async with db.read() as tx:
        assert await audit(tx) == []


def test_every_invariant_is_proved() -> None:
    """There is a break for each invariant: none of them is there for show."""
    assert {law for broken in BREAKS.values() for law in broken.laws} == {law.law for law in INVARIANTS}


async def test_the_audit_names_what_is_wrong(db: Database, tmp_path: Path) -> None:
    """A violation says which order it is about."""
    numbers = await lived(db)
    await migrate(db, scripts=steps.one_more(tmp_path / "steps", *UNGUARDED))
    found = await violated(db, BREAKS["nobody told"].sql.format(**NAMES, **numbers))
    assert found[NEWS] == [f"Order {numbers['refused']} is refused and there was no news of it."]
