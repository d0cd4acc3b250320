"""Money moves whole, once, and never more of it than there is."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.ledger import Account, Posting, StatementLine, TransferKind
from bot.domain.money import HIGHEST_AMOUNT
from bot.domain.payments import PaymentState
from bot.storage import ledger
from bot.storage.audit import audit
from bot.storage.database import Database, Transaction
from bot.storage.tables import postings, transfers
from tests.clock import FakeClock
from tests.storage import books

USER = books.ANNA


@pytest.fixture(autouse=True)
async def shop(db: Database) -> None:
    async with db.write() as tx:
        await books.open_shop(tx)


async def debit(tx: Transaction, amount: int, *, key: str, user: int = USER) -> bool:
    entries = [Posting(Account.WALLET, user, -amount), Posting(Account.OUTSIDE, 0, amount)]
    return await ledger.transfer(tx, entries, key=key, kind=TransferKind.DEBIT, user=user, reason="why not")


async def count(tx: Transaction) -> tuple[int, int]:
    found = [await tx.conn.scalar(select(func.count()).select_from(table)) for table in (transfers, postings)]
    return int(found[0] or 0), int(found[1] or 0)


async def test_a_transfer_moves_money(db: Database, second: Database) -> None:
    """What leaves a wallet arrives elsewhere, and the customer reads of it."""
    async with db.write() as tx:
        assert await debit(tx, 250_000, key="d")
    async with second.read() as tx:
        assert await ledger.available(tx, USER) == books.FUNDS - 250_000
        newest, oldest = await ledger.movements(tx, USER, limit=10)
        assert (newest.kind, newest.amount, newest.reason) == (TransferKind.DEBIT, -250_000, "why not")
        assert (oldest.kind, oldest.amount, oldest.at) == (TransferKind.CREDIT, books.FUNDS, tx.now)
        assert await audit(tx) == []


async def test_a_wallet_pays_what_it_has_and_no_more(db: Database, second: Database) -> None:
    """The last ten-thousandth can be spent; one more is refused, and nothing of it is written."""
    async with db.write() as tx:
        before = await count(tx)
        assert not await debit(tx, books.FUNDS + 1, key="d")
        assert await count(tx) == before
    async with db.write() as tx:
        assert await debit(tx, books.FUNDS, key="d")
    async with second.read() as tx:
        assert await ledger.available(tx, USER) == 0
        assert await audit(tx) == []


async def test_nobody_pays_without_a_wallet(db: Database) -> None:
    """A person who never had money has none to move."""
    async with db.write() as tx:
        assert not await debit(tx, 1, key="d", user=7)
        assert await ledger.available(tx, 7) == 0


async def test_a_transfer_balances(db: Database, second: Database) -> None:
    """What does not sum to zero is a bug and is not written."""
    async with second.read() as tx:
        before = await count(tx)
    entries = [Posting(Account.WALLET, USER, 5), Posting(Account.OUTSIDE, 0, -4)]
    with pytest.raises(ValueError, match="sums to zero"):
        async with db.write() as tx:
            await ledger.transfer(tx, entries, key="x", kind=TransferKind.CREDIT, user=USER)
    async with second.read() as tx:
        assert await count(tx) == before


async def test_the_same_transfer_happens_once(db: Database, second: Database) -> None:
    """Written a second time under its key, a transfer is refused and its money stays."""
    async with db.write() as tx:
        assert await debit(tx, 10, key="once")
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await debit(tx, 10, key="once")
    async with second.read() as tx:
        assert await ledger.available(tx, USER) == books.FUNDS - 10
        assert await audit(tx) == []


async def test_lines_of_nothing_are_left_out(db: Database) -> None:
    """A settlement that refunds nothing has no line in the wallet."""
    async with db.write() as tx:
        order = await books.buy(tx)
        before = await count(tx)
        await books.settle(tx, order, refunded=0)
        assert await count(tx) == (before[0] + 1, before[1] + 2)


async def test_fifty_buyers_of_ten(db: Database, second: Database) -> None:
    """Fifty at once on a wallet for ten: ten are sold, and the wallet is empty."""
    price = books.FUNDS // 10

    async def buy(database: Database, number: int) -> bool:
        async with database.write() as tx:
            return await debit(tx, price, key=f"d:{number}")

    sold = await asyncio.gather(*(buy((db, second)[number % 2], number) for number in range(50)))
    async with second.read() as tx:
        assert await ledger.available(tx, USER) == 0
        assert await audit(tx) == []
    assert sold.count(True) == 10


async def test_an_opened_wallet_stays_as_it_is(db: Database) -> None:
    """Opening a wallet that is there does not touch what is in it."""
    async with db.write() as tx:
        await ledger.open_wallet(tx, USER)
        assert await ledger.available(tx, USER) == books.FUNDS


async def test_large_sums_are_exact(db: Database, second: Database) -> None:
    """A thousand of the largest amounts that can be typed are added up to the last ten-thousandth."""
    async with db.write() as tx:
        for number in range(1000):
            await books.credit(tx, books.BORIS, HIGHEST_AMOUNT, key=f"c:{number}")
    async with second.read() as tx:
        assert await ledger.available(tx, books.BORIS) == books.FUNDS + 1000 * HIGHEST_AMOUNT
        assert await audit(tx) == []


async def test_on_hold_is_the_sum_of_open_orders(db: Database) -> None:
    """What is set aside for open orders, and for no one else's, is on hold."""
    async with db.write() as tx:
        assert await ledger.on_hold(tx, USER) == 0
        await books.buy(tx, price=100)
        order = await books.buy(tx, price=20)
        await books.buy(tx, books.BORIS, price=3)
        assert await ledger.on_hold(tx, USER) == 120
        await books.settle(tx, order, refunded=5)
        assert await ledger.on_hold(tx, USER) == 100
        assert await ledger.available(tx, USER) == books.FUNDS - 115


async def test_movements_are_the_newest(db: Database, clock: FakeClock) -> None:
    """A wallet shows its own last movements, newest first, with their orders."""
    async with db.write() as tx:
        first = await books.buy(tx, price=1)
        await books.buy(tx, books.BORIS, price=2)
    clock.advance(1)
    async with db.write() as tx:
        last = await books.buy(tx, price=3)
        shown = await ledger.movements(tx, USER, limit=2)
    assert [(each.order_id, each.amount) for each in shown] == [(last.id, -3), (first.id, -1)]
    assert shown[0].at == clock.now


async def statement(tx: Transaction, batch: int, user: int = USER) -> list[StatementLine]:
    """Every line, as it is read in batches."""
    return [line async for lines in ledger.stream_statement(tx, user, limit=99, batch=batch) for line in lines]


async def test_a_statement_has_the_balance_after_each_movement(db: Database, second: Database) -> None:
    """Newest first, through orders, a refund and a debt; the last balance is the wallet's, the others are nobody's."""
    async with db.write() as tx:
        order = await books.buy(tx, price=100)
        await books.buy(tx, books.BORIS, price=7)
        await books.settle(tx, order, refunded=30)
        await books.settle(tx, await books.buy(tx, price=5), refunded=0)  # no movement of the wallet
        paid = await books.pay(tx, charge="1", amount=50)
        assert await debit(tx, books.FUNDS - 60, key="d")
        await books.take_back(tx, paid, TransferKind.REVERSAL, PaymentState.REFUNDED)
    async with second.read() as tx:
        lines = await ledger.statement_lines(tx, USER, limit=99)
        assert [(line.movement.kind.value, line.movement.amount, line.balance) for line in lines] == [
            ("reversal", -50, -15),
            ("debit", -(books.FUNDS - 60), 35),
            ("topup", 50, books.FUNDS - 25),
            ("hold", -5, books.FUNDS - 75),
            ("settle", 30, books.FUNDS - 70),
            ("hold", -100, books.FUNDS - 100),
            ("credit", books.FUNDS, books.FUNDS),
        ]
        assert [line.movement for line in lines] == await ledger.movements(tx, USER, limit=99)
        assert lines[0].balance == await ledger.available(tx, USER)


async def test_a_statement_is_read_in_parts(db: Database) -> None:
    """Pages and batches have the lines and balances of the whole; one beyond the end has none."""
    async with db.write() as tx:
        for number in range(1, 8):
            await books.credit(tx, USER, number, key=f"c:{number}")
        whole = await ledger.statement_lines(tx, USER, limit=99)
        assert len(whole) == await ledger.count_movements(tx, USER) == 8
        for size in (1, 3, 8, 9):
            pages = [await ledger.statement_lines(tx, USER, limit=size, offset=at) for at in range(0, 8, size)]
            assert [line for page in pages for line in page] == whole
            assert await statement(tx, size) == whole
        assert await ledger.statement_lines(tx, USER, limit=3, offset=8) == []
        assert (await ledger.count_movements(tx, 7), await statement(tx, 3, user=7)) == (0, [])


async def test_balances_of_large_sums_are_exact(db: Database) -> None:
    """Beyond what a float holds."""
    async with db.write() as tx:
        for number in range(1000):
            await books.credit(tx, books.BORIS, HIGHEST_AMOUNT - (number == 0), key=f"c:{number}")
        lines = await ledger.statement_lines(tx, books.BORIS, limit=2)
    top = books.FUNDS + 1000 * HIGHEST_AMOUNT - 1
    assert [line.balance for line in lines] == [top, top - HIGHEST_AMOUNT]
