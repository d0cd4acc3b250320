"""Telegram's list of Stars, held against the books: read once, as far as it is old, whatever interrupts it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter, TelegramServerError
from aiogram.methods import GetStarTransactions
from aiogram.types import StarTransaction, StarTransactions, TransactionPartnerUser, User
from sqlalchemy import delete

from bot.domain.payments import Payment, PaymentState
from bot.paying.stars import Stars
from bot.services import comparing, paying
from bot.services.paying import Received
from bot.storage import facts, payments
from bot.storage.tables import facts as table
from bot.telegram.stars import PAGE, compare
from tests.services.stage import ANNA, FUNDS, HELPER, OWNER, TOKEN, Stage

ASKING = GetStarTransactions()
BUSY = TelegramRetryAfter(method=ASKING, message="Too Many Requests", retry_after=0)
DOWN = TelegramServerError(method=ASKING, message="Bad Gateway")
FIVE, STARS = 50_000, Stars(Decimal("0.013"))


class ListingBot(Bot):
    """A bot with a list of transactions. ``troubles``: what the call of this number, from 1, meets instead."""

    def __init__(self, entries: Sequence[StarTransaction], troubles: dict[int, Exception] | None = None) -> None:
        super().__init__(TOKEN)
        self.entries = list(entries)
        self.troubles = troubles or {}
        self.asked: list[int] = []

    async def get_star_transactions(
        self, offset: int | None = None, limit: int | None = None, request_timeout: int | None = None
    ) -> StarTransactions:
        """A page, as Telegram cuts it."""
        start = offset or 0
        self.asked.append(start)
        if len(self.asked) in self.troubles:
            raise self.troubles[len(self.asked)]
        return StarTransactions(transactions=self.entries[start : start + min(limit or PAGE, PAGE)])


def entry(stage: Stage, charge: str, code: str | None, stars: int = 385, *, age: float = 600) -> StarTransaction:
    """Anna's payment of so many seconds ago; without a ``code`` it is a gift, which is no concern of the shop's."""
    kind = "gift_purchase" if code is None else "invoice_payment"
    anna = User(id=ANNA, is_bot=False, first_name="Anna")
    payer = TransactionPartnerUser(transaction_type=kind, user=anna, invoice_payload=code)
    return StarTransaction(id=charge, amount=stars, date=stage.clock.now - timedelta(seconds=age), source=payer)


def back(stage: Stage, charge: str, *, age: float = 600) -> StarTransaction:
    """That payment, given back to her."""
    paid = entry(stage, charge, "any", age=age)
    return paid.model_copy(update={"source": None, "receiver": paid.source})


async def begun(stage: Stage) -> Payment:
    """Anna's invoice over $5.00."""
    async with stage.db.write() as tx:
        return await paying.begin(tx, stage.shop, user=ANNA, way=STARS, amount=FIVE, draft=None)


async def states(stage: Stage) -> list[tuple[str | None, PaymentState]]:
    """Charge and state of every payment, as others see them."""
    async with stage.second.read() as tx:
        found = await payments.in_state(tx, *PaymentState, limit=1000)
    return [(payment.charge, payment.state) for payment in found]


async def test_what_was_sold_before_the_books_is_in_no_wallet(stage: Stage) -> None:
    """However much: the admins are told once how many payments there are, and what came since is credited."""
    day = 86_400.0
    old = [entry(stage, f"old {number}", f"gift card {number}", 10, age=day) for number in range(PAGE + 1)]
    bot = ListingBot([*old, back(stage, "old 7", age=day)])
    stage.clock.advance(day)
    lost = entry(stage, "lost", "code of a payment that a backup does not know", age=600)
    bot.entries.append(lost)
    for afresh in (True, False, True):
        assert await compare(bot, stage.shop, afresh=afresh)
        assert await states(stage) == [("lost", PaymentState.PAID)]
    assert await stage.available() == FUNDS + FIVE + 50  # 385 at the rate, rounded down
    for admin in (OWNER, HELPER):
        [told] = await stage.said(admin, "stars_before")
        assert told.facts == {"count": PAGE + 1, "stars": 10 * (PAGE + 1)}


async def test_what_an_old_backup_lacks_is_found(stage: Stage) -> None:
    """Its books began long before: all that came since is credited; so is what they asked for, whenever it came."""
    known = await begun(stage)
    async with stage.db.write() as tx:
        since = stage.clock.now - timedelta(days=30)
        await facts.put(tx, "stars_since", since.isoformat())
    month = 31 * 86_400.0
    bot = ListingBot([entry(stage, "asked for", known.code, age=month), entry(stage, "lost", "K7QM", age=86_400.0)])
    assert await compare(bot, stage.shop, afresh=True)
    assert await states(stage) == [("asked for", PaymentState.PAID), ("lost", PaymentState.PAID)]
    assert await stage.said(OWNER, "stars_before") == []


async def test_a_long_list_is_read_once(stage: Stage) -> None:
    """Telegram may want a pause, or break off, in the middle: it goes on from there; only a start begins anew."""
    first, last = await begun(stage), await begun(stage)
    stage.clock.advance(3600)
    gifts = [entry(stage, f"gift {number}", None) for number in range(2 * PAGE)]
    bot = ListingBot([entry(stage, "first", first.code), *gifts, entry(stage, "last", last.code)], {2: BUSY, 4: DOWN})
    with pytest.raises(TelegramServerError):
        await compare(bot, stage.shop, afresh=True)
    assert bot.asked == [0, 100, 100, 200]
    assert await states(stage) == [("first", PaymentState.PAID), (None, PaymentState.OPEN)]
    assert await compare(bot, stage.shop)
    assert await compare(bot, stage.shop)
    assert bot.asked[4:] == [200, 202]
    assert await states(stage) == [("first", PaymentState.PAID), ("last", PaymentState.PAID)]
    await compare(bot, stage.shop, afresh=True)
    assert bot.asked[6:] == [0, 100, 200]
    assert await stage.available() == FUNDS + 2 * FIVE


async def test_a_young_payment_is_left_to_its_update(stage: Stage) -> None:
    """It is looked at again, and the list from there on alone, once it is old enough for its word to be lost."""
    payment = await begun(stage)
    stage.clock.advance(3600)
    bot = ListingBot([entry(stage, "gift", None), entry(stage, "young", payment.code, age=60)])
    assert not await compare(bot, stage.shop, afresh=True)
    assert await states(stage) == [(None, PaymentState.OPEN)]
    stage.clock.advance(61)
    assert await compare(bot, stage.shop)
    assert await states(stage) == [("young", PaymentState.PAID)]
    assert bot.asked == [0, 1]


async def test_a_refund_that_only_the_list_knows(stage: Stage) -> None:
    """It leaves the wallet, once, however often the list is read."""
    payment = await begun(stage)
    async with stage.db.write() as tx:
        await paying.receive_stars(tx, stage.shop, Received(ANNA, "stx", payment.code, 385, "XTR"))
    assert await stage.available() == FUNDS + FIVE
    stage.clock.advance(3600)
    bot = ListingBot([entry(stage, "stx", payment.code), back(stage, "stx")])
    for _ in range(2):
        await compare(bot, stage.shop, afresh=True)
    assert await states(stage) == [("stx", PaymentState.REFUNDED)]
    assert await stage.available() == FUNDS
    assert len(await stage.said(OWNER, "payment_reversed")) == 1


async def test_books_that_are_older_than_the_note_begin_with_their_first_entry(stage: Stage) -> None:
    """A shop that was open before counts what it sold itself as its own, also after a backup was put back."""
    began = stage.clock.now
    stage.clock.advance(86_400)
    async with stage.db.write() as tx:
        await tx.conn.execute(delete(table).where(table.c.key == "stars_since"))
        await comparing.begin_books(tx)
    async with stage.second.read() as tx:
        assert await facts.find(tx, "stars_since") == began.isoformat()
