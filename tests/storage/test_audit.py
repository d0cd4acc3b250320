"""The audit: silent about right books, and every invariant in it notices when it is broken."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.storage.audit import INVARIANTS, audit
from bot.storage.audit_guards import GUARDS
from bot.storage.database import Database, Transaction
from bot.storage.migrate import migrate
from tests.storage import books, steps, wishes

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
    'op.drop_index("uq_requests_open", "requests")',
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
LINES = "an order of a mass order is its customer's, and one line of it"
EITHER = "a mass order has lines before Confirm and orders after it"
SHOWN = "the orders of a mass order cost what was shown for all of them"
REPORTED = "a mass order has its news, and its report once nothing of it waits"
OPEN = "a request is open, with a next turn, exactly while something is to come of it"
LEASES = "a request has a lease exactly while a call about it is made"
REFILLS = "a refill has the panel's id exactly where the panel took it"
ONE_OPEN = "an order has one open request of a kind"
WANTED = "every request was wanted, and every wish is a request"
ONCE = "a request is made once, and again only after proof that nothing was asked for"
GUARDED = "the database itself refuses to change what never changes"

# What else the statements name.
NAMES = {
    "anna": books.ANNA,
    "boris": books.BORIS,
    "clara": books.CLARA,
    "attempt": "INSERT INTO attempts (order_id, number, started_at, lease_until, finished_at, outcome, words)",
    "event": "INSERT INTO order_events (order_id, at, kind, state, details)",
    "far": 10**9,
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
    "a line of somebody else's": Break("UPDATE batches SET user_id = {anna} WHERE id = {confirmed}", (LINES,)),
    "a line from nowhere": Break("UPDATE orders SET draft_id = -1 WHERE id = {line of confirmed}", (LINES,)),
    "a line on its own": Break("UPDATE orders SET batch_id = NULL WHERE id = {line of confirmed}", (LINES, SHOWN)),
    "a line of no mass order": Break("UPDATE orders SET batch_id = {far} WHERE id = {waiting}", (LINES,)),
    "a line that nobody confirmed": Break("UPDATE orders SET batch_id = {listed} WHERE id = {waiting}", (EITHER,)),
    "a list beside its orders": Break(
        "UPDATE batches SET lines = (SELECT lines FROM batches WHERE id = {listed}) WHERE id = {confirmed}", (EITHER,)
    ),
    "a mass order of nothing": Break(
        "UPDATE batches SET confirmed_at = 0, lines = '[]' WHERE id = {listed}", (EITHER, SHOWN, REPORTED)
    ),
    "another total than was shown": Break(
        "UPDATE batches SET shown_total = shown_total + 1 WHERE id = {confirmed}", (SHOWN,)
    ),
    "a mass order nobody told of": Break("DELETE FROM outbox WHERE key = 'mass:{confirmed}'", (REPORTED,)),
    "a report nobody got": Break("DELETE FROM outbox WHERE key = 'mass:{reported}:report'", (REPORTED,)),
    "a report too soon": Break("DELETE FROM order_events WHERE kind = 'resend'", (REPORTED,)),
    "a request forgotten": Break("UPDATE requests SET check_at = NULL WHERE id = {not asked}", (OPEN,)),
    "a request that never ends": Break("UPDATE requests SET ended_at = NULL WHERE id = {lost}", (OPEN,)),
    "a stop that is followed": Break("UPDATE requests SET ended_at = NULL, check_at = 0 WHERE id = {stopped}", (OPEN,)),
    "a refill over too soon": Break("UPDATE requests SET ended_at = 0 WHERE id = {following}", (OPEN,)),
    "a request without a lease": Break("UPDATE requests SET lease_until = NULL WHERE id = {asking}", (LEASES,)),
    "a lease for nothing": Break("UPDATE requests SET lease_until = 0 WHERE id = {lost}", (LEASES,)),
    "a refill without an id": Break("UPDATE requests SET panel_refill = NULL WHERE id = {refilled}", (REFILLS,)),
    "a stop with an id": Break("UPDATE requests SET panel_refill = '1' WHERE id = {stopped}", (REFILLS,)),
    "two at once": Break("UPDATE requests SET ended_at = NULL WHERE id = {refilled}", (ONE_OPEN, OPEN)),
    "a request nobody wanted": Break("DELETE FROM order_events WHERE kind = 'refill_wanted'", (WANTED,)),
    "a wish lost": Break("DELETE FROM requests WHERE id = {not asked}", (WANTED,)),
    "asked about twice": Break(
        "{event} SELECT order_id, at, kind, state, details FROM order_events WHERE kind = 'refill_asking' "
        "AND order_id = {asked order}",
        (ONCE,),
    ),
    "asked about again without proof": Break("UPDATE requests SET tries = 0 WHERE id = {tried stop}", (ONCE,)),
}


async def lived(db: Database) -> dict[str, int]:
    """A shop that has seen everything: the numbers of its orders, payments, mass orders and requests."""
    sold = await books.live(db)
    paid = await books.payments_of_all_kinds(db)
    return {**sold, **paid, **await wishes.mass_orders_of_all_kinds(db), **await wishes.requests_of_all_kinds(db, sold)}


async def test_right_books_have_no_violations(db: Database, second: Database) -> None:
    """The audit says nothing about a shop that has seen everything and kept its laws."""
    await lived(db)
    async with second.read() as tx:
        assert await audit(tx) == []


async def test_empty_books_have_no_violations(db: Database) -> None:
    """A shop that has not begun has broken nothing."""
    async with db.read() as tx:
        assert await audit(tx) == []


async def violated(db: Database, sql: str, laws: Collection[str]) -> dict[str, list[str]]:
    """What each of these laws says after a statement, which is undone again."""
    async with db.engine.connect() as conn:
        broken = await conn.exec_driver_sql(sql)
        assert broken.rowcount > 0
        tx = Transaction(conn, db.clock())
        return {law.law: await law.violations(tx) for law in INVARIANTS if law.law in laws}


async def test_the_audit_notices(db: Database, tmp_path: Path) -> None:
    """Whatever is wrong in the books, the laws it breaks say so."""
    numbers = await lived(db)
    await migrate(db, scripts=steps.one_more(tmp_path / "steps", *UNGUARDED))
    for name, broken in BREAKS.items():
        found = await violated(db, broken.sql.format(**NAMES, **numbers), broken.laws)
        assert {law for law, sentences in found.items() if sentences} == set(broken.laws), name
    async with db.read() as tx:
        assert [law.law for law in INVARIANTS if await law.violations(tx)] == [GUARDED]


async def test_the_audit_misses_a_guard(db: Database) -> None:
    """A trigger that is gone, or on another table than its own, is named; PostgreSQL's may not be switched off."""
    guards = GUARDS[db.engine.dialect.name]
    for name, table in guards.items():
        off = [f"DROP TRIGGER {name}"] if db.sqlite else [f"ALTER TABLE {table} DISABLE TRIGGER {name}"]
        off += [] if db.sqlite else [f"DROP TRIGGER {name} ON {table}"]
        for statement in off:
            async with db.engine.connect() as conn:
                await conn.exec_driver_sql(statement)
                said = await audit(Transaction(conn, db.clock()))
            assert said == [
                f"The guard {name} of the table {table} is gone: nothing keeps its rows from being changed."
            ]


def test_every_invariant_is_proved() -> None:
    """There is a break for each invariant: none of them is there for show."""
    laws = {law for broken in BREAKS.values() for law in broken.laws}
    assert laws | {GUARDED} == {law.law for law in INVARIANTS}


async def test_the_audit_names_what_is_wrong(db: Database) -> None:
    """A violation says which order it is about."""
    numbers = await lived(db)
    async with db.write() as tx:
        await tx.conn.exec_driver_sql(BREAKS["nobody told"].sql.format(**NAMES, **numbers))
        assert await audit(tx) == [f"Order {numbers['refused']} is refused and there was no news of it."]
