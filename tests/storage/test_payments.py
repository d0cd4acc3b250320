"""Payments are written once, found by either name, and moved by one; what was taken back after it was spent is owed."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ledger import Account, Posting, TransferKind
from bot.domain.payments import STARS, UNPAID, Payment, PaymentState, Quote
from bot.storage import ledger, payments
from bot.storage.audit import audit
from bot.storage.database import Database, Transaction
from tests.clock import FakeClock
from tests.storage import books
from tests.storage.books import ANNA, BORIS, FUNDS

HOUR = timedelta(hours=1)
# Of 64 bits, as Telegram's own ids and a provider's may be.
LARGE = 2**52


@pytest.fixture(autouse=True)
async def shop(db: Database) -> None:
    async with db.write() as tx:
        await books.open_shop(tx)


async def test_a_payment_comes_back_as_it_was_written(db: Database, second: Database) -> None:
    """Every column is read as it was given, and it is found by its number, its code and its charge."""
    given = {"charge": "stx_1-α", "url": "https://t.me/CryptoBot?start=IV1", "draft_id": 7}
    async with db.write() as tx:
        made = await payments.insert_payment(
            tx,
            user=ANNA,
            way="cryptopay",
            amount=LARGE,
            asked=Quote(LARGE + 1, "KZT"),
            code="K7QM-3XPD-9T2V",
            expires_at=tx.now + HOUR,
            **given,
        )
    async with second.read() as tx:
        assert await payments.find(tx, made.id) == await payments.get(tx, made.id) == made
        assert await payments.find_by_code(tx, "K7QM-3XPD-9T2V") == made
        assert await payments.find_by_charge(tx, "cryptopay", "stx_1-α") == made
        assert await payments.find_by_charge(tx, "stars", "stx_1-α") is None
        assert await payments.find_by_code(tx, "K7QM") is None
        assert made == Payment(
            id=made.id,
            user_id=ANNA,
            way="cryptopay",
            state=PaymentState.OPEN,
            amount=LARGE,
            asked=Quote(LARGE + 1, "KZT"),
            code="K7QM-3XPD-9T2V",
            charge="stx_1-α",
            url="https://t.me/CryptoBot?start=IV1",
            draft=7,
            receipt=None,
            receipt_kind=None,
            reason="",
            admin_id=None,
            created_at=tx.now,
            expires_at=tx.now + HOUR,
            paid_at=None,
        )


async def test_a_payment_that_is_none_is_not_found(db: Database) -> None:
    """A number that nobody was given leads to nothing; where it must exist, that is an error."""
    async with db.write() as tx:
        assert await payments.find(tx, 999) is None
        with pytest.raises(LookupError):
            await payments.get(tx, 999)


async def test_a_charge_is_one_payment_of_its_way(db: Database, second: Database) -> None:
    """The same charge a second time is refused; another way may call one so, and many have none yet."""
    async with db.write() as tx:
        first = await books.ask_payment(tx, charge="77")
        await books.ask_payment(tx, BORIS)
        await books.ask_payment(tx, BORIS)
        expires = tx.now + HOUR
        other = await payments.insert_payment(
            tx, user=ANNA, way="cryptopay", amount=1, asked=Quote(1, "USD"), code="X", expires_at=expires, charge="77"
        )
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await books.ask_payment(tx, BORIS, charge="77")
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await payments.move(
                tx, (await books.ask_payment(tx)).id, PaymentState.PAID, was=[PaymentState.OPEN], charge="77"
            )
    async with second.read() as tx:
        assert await payments.find_by_charge(tx, "stars", "77") == first
        assert await payments.find_by_charge(tx, "cryptopay", "77") == other
        assert await payments.count_in_state(tx, PaymentState.OPEN) == 4
        assert await audit(tx) == []


@pytest.mark.parametrize(
    ("amount", "asked", "code"),
    [(0, 1, "A"), (-1, 1, "A"), (1, 0, "A"), (1, -1, "A"), (1, 1, "TAKEN")],
)
async def test_what_is_no_payment_is_refused(db: Database, amount: int, asked: int, code: str) -> None:
    """Nothing, less than nothing, and a code that another has."""

    async def ask(tx: Transaction, amount: int, asked: int, code: str) -> None:
        quote, until = Quote(asked, STARS), tx.now + HOUR
        await payments.insert_payment(
            tx, user=ANNA, way="stars", amount=amount, asked=quote, code=code, expires_at=until
        )

    async with db.write() as tx:
        await ask(tx, 1, 1, "TAKEN")
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await ask(tx, amount, asked, code)


async def test_of_two_who_move_a_payment_one_wins(db: Database, second: Database) -> None:
    """Moved on by one it is not moved by the other, and none of the other's columns are set."""
    async with db.write() as tx:
        asked = await books.ask_payment(tx)
        other = await books.ask_payment(tx)
        assert await payments.move(tx, asked.id, PaymentState.PAID, was=UNPAID, charge="1", paid_at=tx.now)
    async with second.write() as tx:
        assert not await payments.move(tx, asked.id, PaymentState.EXPIRED, was=[PaymentState.OPEN], charge="2")
        assert not await payments.move(tx, asked.id, PaymentState.PAID, was=UNPAID, charge="3", amount=5)
        found = await payments.get(tx, asked.id)
        assert (found.state, found.charge, found.amount, found.paid_at) == (PaymentState.PAID, "1", books.PRICE, tx.now)
        assert await payments.get(tx, other.id) == other


async def test_payments_are_listed_by_who_what_and_when(db: Database, clock: FakeClock) -> None:
    """A customer's newest first, a state's oldest first, and what is over its time."""
    async with db.write() as tx:
        first, second_, third = [await books.ask_payment(tx) for _ in range(3)]
        his = await books.ask_payment(tx, BORIS)
        await payments.move(tx, second_.id, PaymentState.REVIEW, was=[PaymentState.OPEN])
        wanted = [PaymentState.OPEN, PaymentState.REVIEW]
        mine = await payments.of_user(tx, ANNA, states=wanted, limit=2)
        assert [each.id for each in mine] == [third.id, second_.id]
        assert [each.id for each in await payments.of_user(tx, ANNA, states=wanted[:1], limit=9)] == [
            third.id,
            first.id,
        ]
        assert [each.id for each in await payments.in_state(tx, *wanted, limit=3)] == [first.id, second_.id, third.id]
        assert await payments.in_state(tx, *wanted, limit=3, way="cryptopay") == []
        assert [each.id for each in await payments.latest(tx, states=wanted, limit=2)] == [his.id, third.id]
        assert await payments.count_in_state(tx, PaymentState.REVIEW) == 1
        assert await payments.overdue(tx, limit=9) == []
    clock.advance(HOUR.total_seconds())
    async with db.write() as tx:
        late = await payments.overdue(tx, limit=9)
        assert {each.id for each in late} == {first.id, third.id, his.id}


async def test_refunds_are_due_when_their_time_has_come(db: Database, clock: FakeClock) -> None:
    """Only what is going back is asked for, the longest due first, and not before its next try."""
    async with db.write() as tx:
        going = [await books.pay(tx, charge=f"{number}") for number in range(3)]
        for number, paid in enumerate(going[:2]):
            await books.take_back(tx, paid, TransferKind.PAYBACK, PaymentState.REFUNDING)
            await payments.put(tx, paid.id, next_try_at=tx.now + timedelta(seconds=10 * (2 - number)), tries=number)
        await payments.put(tx, going[2].id, next_try_at=tx.now)
        assert await payments.refunds_due(tx, limit=9) == []
        assert [await payments.tries_of(tx, paid.id) for paid in going] == [0, 1, 0]
        assert await audit(tx) == []
    clock.advance(10)
    async with db.write() as tx:
        assert [each.id for each in await payments.refunds_due(tx, limit=9)] == [going[1].id]
    clock.advance(10)
    async with db.write() as tx:
        assert [each.id for each in await payments.refunds_due(tx, limit=9)] == [going[1].id, going[0].id]


# What is owed.


async def take(tx: Transaction, amount: int, *, key: str) -> bool:
    """Money leaves Anna's wallet, if it is there."""
    entries = [Posting(Account.WALLET, ANNA, -amount), Posting(Account.OUTSIDE, 0, amount)]
    return await ledger.transfer(tx, entries, key=key, kind=TransferKind.DEBIT, user=ANNA)


async def in_debt(db: Database, owed: int) -> None:
    """Anna paid, spent it all with what she had, and the payment was taken back."""
    async with db.write() as tx:
        paid = await books.pay(tx, charge="spent", amount=owed)
        assert await take(tx, FUNDS + owed, key="all of it")
        await books.take_back(tx, paid, TransferKind.REVERSAL, PaymentState.REFUNDED)


async def test_a_reversal_takes_what_is_there_and_the_rest_is_owed(db: Database, second: Database) -> None:
    """A wallet that has some of it is emptied first; what is missing is below zero, to the last ten-thousandth."""
    async with db.write() as tx:
        paid = await books.pay(tx, charge="1", amount=1_000)
        assert await take(tx, FUNDS + 1, key="all but 999")
        await books.take_back(tx, paid, TransferKind.REVERSAL, PaymentState.REFUNDED)
    async with second.read() as tx:
        assert await ledger.available(tx, ANNA) == -1
        assert await ledger.available(tx, BORIS) == FUNDS
        assert await audit(tx) == []


async def test_nothing_can_be_spent_while_something_is_owed(db: Database, second: Database) -> None:
    """Neither a debit nor an order's hold is covered, however small, and nothing of it is written."""
    await in_debt(db, 500)
    async with second.read() as tx:
        before = await ledger.movements(tx, ANNA, limit=99)
    async with db.write() as tx:
        assert not await take(tx, 1, key="d")
        hold = [Posting(Account.WALLET, ANNA, -1), Posting(Account.HOLD, 1, 1)]
        assert not await ledger.transfer(tx, hold, key="h", kind=TransferKind.HOLD, user=ANNA)
    async with second.read() as tx:
        assert await ledger.available(tx, ANNA) == -500
        assert await ledger.movements(tx, ANNA, limit=99) == before
        assert await audit(tx) == []


async def test_a_second_reversal_goes_deeper(db: Database, second: Database) -> None:
    """What is taken back while something is owed is owed too."""
    async with db.write() as tx:
        both = [await books.pay(tx, charge=f"{amount}", amount=amount) for amount in (500, 200)]
        assert await take(tx, FUNDS + 700, key="all of it")
    for paid, left in zip(both, (-500, -700), strict=True):
        async with db.write() as tx:
            await books.take_back(tx, paid, TransferKind.REVERSAL, PaymentState.REFUNDED)
        async with second.read() as tx:
            assert await ledger.available(tx, ANNA) == left
            assert await audit(tx) == []


async def test_what_comes_in_pays_off_what_is_owed_first(db: Database, second: Database) -> None:
    """Part of it, exactly all of it, and then there is something to spend again."""
    await in_debt(db, 500)
    for key, amount, left in (("a", 499, -1), ("b", 1, 0), ("c", 30, 30)):
        async with db.write() as tx:
            await books.credit(tx, ANNA, amount, key=key)
            assert not await take(tx, max(left, 0) + 1, key=f"too much {key}")
        async with second.read() as tx:
            assert await ledger.available(tx, ANNA) == left
            assert await audit(tx) == []
    async with db.write() as tx:
        assert await take(tx, 30, key="the rest")
        assert await ledger.available(tx, ANNA) == 0


async def test_more_than_is_owed_is_there_to_spend(db: Database, second: Database) -> None:
    """One credit across zero leaves no debt beside money."""
    await in_debt(db, 500)
    async with db.write() as tx:
        await books.pay(tx, charge="new", amount=800)
        assert not await take(tx, 301, key="too much")
        assert await take(tx, 300, key="just enough")
    async with second.read() as tx:
        assert await ledger.available(tx, ANNA) == 0
        assert await audit(tx) == []
