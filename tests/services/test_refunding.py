"""Stars that go back: the wallet first, then Telegram, asked until it confirms; and what Telegram takes by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.domain.ledger import TransferKind
from bot.domain.payments import Payment, PaymentState
from bot.paying.stars import Stars
from bot.paying.transfer import BankTransfer
from bot.services import paying, receipts, refunding, wallet
from bot.services.paying import PaymentGone, Received
from bot.services.refunding import TRIES_TO_TELL, CannotRefund, Spent
from bot.storage import payments
from bot.storage.tables import payments as table
from tests.services.stage import ANNA, FUNDS, HELPER, OWNER, Stage

FIVE = 50_000
STARS = Stars(Decimal("0.013"))
CHARGE = "stx-1"


async def paid(stage: Stage, charge: str = CHARGE) -> Payment:
    """Anna's $5.00 in Stars, in her wallet."""
    async with stage.db.write() as tx:
        begun = await paying.begin(tx, stage.shop, user=ANNA, way=STARS, amount=FIVE, draft=None)
        told = Received(ANNA, charge, begun.code, begun.asked.units, begun.asked.currency)
        payment = await paying.receive_stars(tx, stage.shop, told)
    assert payment is not None
    return payment


async def refund(stage: Stage, payment: int, *, admin: int = OWNER, forced: bool = False) -> Payment:
    """*Refund*."""
    async with stage.db.write() as tx:
        return await refunding.refund(tx, stage.shop, admin=admin, payment=payment, forced=forced)


async def confirm(stage: Stage, payment: int) -> None:
    """Telegram says that it gave it back."""
    async with stage.db.write() as tx:
        await refunding.confirmed(tx, stage.shop, payment)


async def taken_back(stage: Stage, charge: str = CHARGE) -> None:
    """Telegram tells that a payment went back."""
    async with stage.db.write() as tx:
        await refunding.taken_back(tx, stage.shop, charge=charge)


async def spend(stage: Stage, amount: int) -> None:
    """So much less is in Anna's wallet."""
    async with stage.db.write() as tx:
        await wallet.adjust(tx, stage.shop, admin=OWNER, user=ANNA, amount=-amount, reason="", key=f"spent {amount}")


async def due(stage: Stage) -> list[int]:
    """The payments whose refund Telegram has to be asked for now."""
    async with stage.db.read() as tx:
        return [payment.id for payment in await refunding.due(tx)]


async def state(stage: Stage, payment: int) -> PaymentState:
    """Where a payment is, as others see it."""
    async with stage.second.read() as tx:
        return (await payments.get(tx, payment)).state


async def test_a_refund_leaves_the_wallet_before_telegram_is_asked(stage: Stage) -> None:
    """Then it is asked for; the customer is told once it is confirmed, and the other admins at once."""
    payment = await paid(stage)
    asked = await refund(stage, payment.id)
    assert (asked.state, asked.admin_id) == (PaymentState.REFUNDING, OWNER)
    assert await stage.available() == FUNDS
    assert await due(stage) == [payment.id]
    [moved, *_] = await stage.movements()
    assert (moved.kind, moved.amount) == (TransferKind.PAYBACK, -FIVE)
    [heard] = await stage.said(HELPER, "refunding")
    assert (heard.facts["admin"], heard.facts["name"], heard.facts["stars"]) == (OWNER, "Anna", 385)
    assert await stage.said(OWNER, "refunding") == await stage.said(ANNA, "paid_back") == []
    for _ in range(2):
        await confirm(stage, payment.id)
    assert await state(stage, payment.id) is PaymentState.REFUNDED
    [told] = await stage.said(ANNA, "paid_back")
    assert (told.facts["amount"], told.facts["available"]) == (FIVE, FUNDS)
    assert await due(stage) == []


async def test_a_payment_goes_back_once(stage: Stage) -> None:
    """Whoever presses meanwhile or later finds it under way."""
    payment = await paid(stage)
    presses = (refund(stage, payment.id, admin=OWNER if n % 2 else HELPER, forced=n > 3) for n in range(6))
    found = await asyncio.gather(*presses)
    assert {each.state for each in found} == {PaymentState.REFUNDING}
    assert await stage.available() == FUNDS
    await confirm(stage, payment.id)
    assert (await refund(stage, payment.id)).state is PaymentState.REFUNDED
    assert await stage.available() == FUNDS
    assert len(await stage.said(HELPER, "refunding")) + len(await stage.said(OWNER, "refunding")) == 1


async def test_what_was_spent_goes_back_only_where_that_is_meant(stage: Stage) -> None:
    """Then the customer owes it, can order nothing, and what comes in next settles that first."""
    payment = await paid(stage)
    await spend(stage, FUNDS + 10_000)
    with pytest.raises(Spent) as caught:
        await refund(stage, payment.id)
    assert (caught.value.params["available"], caught.value.params["amount"]) == (FIVE - 10_000, FIVE)
    assert await state(stage, payment.id) is PaymentState.PAID
    assert await stage.said(HELPER, "refunding") == []
    await refund(stage, payment.id, forced=True)
    assert await stage.available() == -10_000
    await confirm(stage, payment.id)
    await paid(stage, "stx-2")
    assert await stage.available() == FIVE - 10_000


async def test_only_stars_that_came_go_back_from_here(stage: Stage) -> None:
    """Not an invoice that nobody paid, not a transfer, not what does not exist."""
    async with stage.db.write() as tx:
        bill = await paying.begin(tx, stage.shop, user=ANNA, way=STARS, amount=FIVE, draft=None)
        way = BankTransfer("USD", {"": "To the bank."})
        transfer = await paying.begin(tx, stage.shop, user=ANNA, way=way, amount=FIVE, draft=None)
        await receipts.hand_in(tx, stage.shop, user=ANNA, payment=transfer.id, file="f", kind="photo")
        await receipts.approve(tx, stage.shop, admin=OWNER, payment=transfer.id)
    for payment in (bill, transfer):
        with pytest.raises(CannotRefund):
            await refund(stage, payment.id, forced=True)
    with pytest.raises(PaymentGone):
        await refund(stage, 99)
    assert await stage.available() == FUNDS + FIVE


async def not_yet(stage: Stage, payment: Payment, *, after: float | None = None) -> None:
    """Telegram did not confirm."""
    async with stage.db.write() as tx:
        await refunding.not_yet(tx, stage.shop, payment, "Bad Gateway", after=after)


async def wait_of(stage: Stage, payment: Payment) -> float:
    """In how many seconds Telegram is asked again, as the books say."""
    async with stage.second.read() as tx:
        then = await tx.conn.scalar(select(table.c.next_try_at).where(table.c.id == payment.id))
    assert then is not None
    return float((then - stage.clock.now).total_seconds())


async def test_telegram_is_asked_less_and_less_often(stage: Stage) -> None:
    """Never less than hourly; the admins are told once that it takes long, and when it is done."""
    payment = await refund(stage, (await paid(stage)).id)
    gaps = []
    for tries in range(1, 16):
        await not_yet(stage, payment)
        assert (await stage.open_alerts() == {f"refund:{payment.id}"}) is (tries >= TRIES_TO_TELL)
        gaps.append(await wait_of(stage, payment))
        stage.clock.advance(gaps[-1] - 1)
        assert await due(stage) == []
        stage.clock.advance(1)
        assert await due(stage) == [payment.id]
    assert gaps[0] < 10
    assert gaps == sorted(gaps)
    assert gaps[-1] == 3600
    assert await stage.alerts() == ["refund"]
    await confirm(stage, payment.id)
    assert await stage.alerts() == ["refund", "over:refund"]


async def test_telegram_says_when_to_ask_again(stage: Stage) -> None:
    """What it says counts, whatever the number of tries."""
    payment = await refund(stage, (await paid(stage)).id)
    await not_yet(stage, payment, after=77.0)
    stage.clock.advance(76)
    assert await due(stage) == []
    stage.clock.advance(1)
    assert await due(stage) == [payment.id]


async def test_what_telegram_takes_back_leaves_the_wallet(stage: Stage) -> None:
    """Once, below zero where it was spent; customer and admins hear of it."""
    payment = await paid(stage)
    await spend(stage, FUNDS + FIVE)
    for _ in range(2):
        await taken_back(stage)
    assert await state(stage, payment.id) is PaymentState.REFUNDED
    assert await stage.available() == -FIVE
    [moved, *_] = await stage.movements()
    assert (moved.kind, moved.amount) == (TransferKind.REVERSAL, -FIVE)
    assert len(await stage.said(ANNA, "paid_back")) == 1
    for admin in (OWNER, HELPER):
        [heard] = await stage.said(admin, "payment_reversed")
        assert heard.facts["available"] == -FIVE


async def test_a_charge_that_is_nobody_s_takes_nothing(stage: Stage) -> None:
    """Stars may have gone back that these books never had."""
    payment = await paid(stage)
    await taken_back(stage, "another")
    assert await state(stage, payment.id) is PaymentState.PAID
    assert await stage.available() == FUNDS + FIVE


async def test_telegram_s_own_word_confirms_a_refund(stage: Stage) -> None:
    """Where the answer to the request was lost; the wallet was debited by the request already."""
    payment = await refund(stage, (await paid(stage)).id)
    await taken_back(stage)
    assert await state(stage, payment.id) is PaymentState.REFUNDED
    assert await stage.available() == FUNDS
    assert len(await stage.said(ANNA, "paid_back")) == 1
    assert await stage.said(OWNER, "payment_reversed") == []


async def test_a_word_that_comes_after_the_end_changes_nothing(stage: Stage) -> None:
    """Telegram said in another way that the Stars went back: no alarm is raised then, for nothing would end it."""
    payment = await refund(stage, (await paid(stage)).id)
    for _ in range(TRIES_TO_TELL - 1):
        await not_yet(stage, payment)
    await taken_back(stage)
    await not_yet(stage, payment)
    assert await stage.alerts() == []
    assert await due(stage) == []


# Refunds that are called off.


async def call_off(stage: Stage, payment: int, *, admin: int = HELPER) -> Payment:
    """*Call off the refund*."""
    async with stage.db.write() as tx:
        return await refunding.call_off(tx, stage.shop, admin=admin, payment=payment)


async def test_a_refund_that_telegram_never_makes_is_called_off_once(stage: Stage) -> None:
    """The wallet has its money again, Telegram is not asked any more, and the alarm is over in silence."""
    payment = await refund(stage, (await paid(stage)).id)
    for _ in range(TRIES_TO_TELL):
        await not_yet(stage, payment)
    found = await asyncio.gather(*(call_off(stage, payment.id) for _ in range(3)))
    assert {each.state for each in found} == {PaymentState.PAID}
    assert await stage.available() == FUNDS + FIVE
    [moved, *_] = await stage.movements()
    assert (moved.kind, moved.amount) == (TransferKind.PAYBACK, FIVE)
    stage.clock.advance(86_400)
    assert await due(stage) == []
    assert await stage.open_alerts() == set()
    assert await stage.alerts() == ["refund"]
    [told] = await stage.said(OWNER, "refund_off")
    assert (told.facts["admin"], told.facts["amount"]) == (HELPER, FIVE)
    await not_yet(stage, payment)
    assert await stage.open_alerts() == set()


async def test_only_what_is_under_way_is_called_off(stage: Stage) -> None:
    """Not what is in the wallet, and not what went back."""
    payment = await paid(stage)
    assert (await call_off(stage, payment.id)).state is PaymentState.PAID
    await refund(stage, payment.id)
    await confirm(stage, payment.id)
    assert (await call_off(stage, payment.id)).state is PaymentState.REFUNDED
    with pytest.raises(PaymentGone):
        await call_off(stage, 99)
    assert await stage.available() == FUNDS


async def test_what_was_called_off_may_be_given_back_after_all(stage: Stage) -> None:
    """By an admin who tries again; the books count what is left of it."""
    payment = await paid(stage)
    for _ in range(2):
        await refund(stage, payment.id)
        await call_off(stage, payment.id)
    await refund(stage, payment.id)
    await confirm(stage, payment.id)
    assert await state(stage, payment.id) is PaymentState.REFUNDED
    assert await stage.available() == FUNDS


@pytest.mark.parametrize("word", [taken_back, lambda stage: confirm(stage, 1)], ids=["update", "answer"])
async def test_telegram_makes_a_refund_that_was_called_off(
    stage: Stage, word: Callable[[Stage], Awaitable[None]]
) -> None:
    """The money leaves the wallet again, once, and everybody hears of it."""
    payment = await paid(stage)
    assert payment.id == 1
    await refund(stage, payment.id)
    await call_off(stage, payment.id)
    for _ in range(2):
        await word(stage)
    assert await state(stage, payment.id) is PaymentState.REFUNDED
    assert await stage.available() == FUNDS
    assert len(await stage.said(OWNER, "payment_reversed")) == 1
    assert len(await stage.said(ANNA, "paid_back")) == 1
