"""Receipts: shown to every admin, decided once, and told to whoever waits; money moves with the decision alone."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from sqlalchemy import delete

from bot.domain.errors import BadInput
from bot.domain.ledger import TransferKind
from bot.domain.money import HIGHEST_AMOUNT
from bot.domain.payments import Payment, PaymentState, Quote, Way
from bot.paying.seam import Fate, Invoice
from bot.paying.stars import Stars
from bot.paying.transfer import BankTransfer
from bot.services import mailroom, paying, receipts
from bot.services.paying import PaymentGone
from bot.services.receipts import Decided
from bot.storage import payments
from bot.storage.tables import outbox
from tests.services.fake_ways import FakeReceipts
from tests.services.stage import ANNA, BORIS, FUNDS, HELPER, OWNER, Said, Stage

FIVE = 50_000
TRANSFER, STARS = BankTransfer("USD", {"": "To the bank."}), Stars(Decimal("0.013"))
CHARGE = "4711"


async def begun(stage: Stage, way: Way = TRANSFER, *, user: int = ANNA, invoice: Invoice | None = None) -> Payment:
    """A payment of $5.00 that somebody means to make."""
    async with stage.db.write() as tx:
        return await paying.begin(tx, stage.shop, user=user, way=way, amount=FIVE, draft=None, invoice=invoice)


async def hand_in(stage: Stage, payment: int, file: str = "file-1", *, user: int = ANNA) -> Payment:
    """A photo of a receipt."""
    async with stage.db.write() as tx:
        return await receipts.hand_in(tx, stage.shop, user=user, payment=payment, file=file, kind="photo")


async def shown(stage: Stage) -> Payment:
    """A payment whose receipt the admins look at."""
    return await hand_in(stage, (await begun(stage)).id)


async def approve(stage: Stage, payment: int, amount: int | None = None, *, admin: int = OWNER) -> Payment:
    """*Approve*, or *Other amount*."""
    async with stage.db.write() as tx:
        return await receipts.approve(tx, stage.shop, admin=admin, payment=payment, amount=amount)


async def reject(stage: Stage, payment: int, reason: str = "", *, admin: int = OWNER) -> Payment:
    """*Reject*."""
    async with stage.db.write() as tx:
        return await receipts.reject(tx, stage.shop, admin=admin, payment=payment, reason=reason)


async def now(stage: Stage, payment: int) -> Payment:
    """The payment as others see it."""
    async with stage.second.read() as tx:
        return await payments.get(tx, payment)


async def deliver(stage: Stage) -> None:
    """Send all that waits; a message of its own for each, numbered as its row is."""
    async with stage.db.write() as tx:
        while due := await mailroom.next_news(tx, limit=1000):
            for news, _ in due:
                await mailroom.delivered(tx, [news], 1000 + news.id)


async def cards(stage: Stage, admin: int) -> list[Said]:
    """What an admin was shown of receipts, corrections last."""
    return await stage.said(admin, "receipt")


async def test_every_admin_is_shown_a_receipt(stage: Stage) -> None:
    """With whose it is, how much, and Telegram's id of the file."""
    payment = await shown(stage)
    assert payment.state is PaymentState.REVIEW
    for admin in (OWNER, HELPER):
        [card] = await cards(stage, admin)
        assert card.facts == {
            "payment": payment.id,
            "user": ANNA,
            "name": "Anna",
            "username": "anna",
            "amount": FIVE,
            "way": "transfer",
            "code": payment.code,
            "receipt": "file-1",
            "receipt_kind": "photo",
            "said": None,
            "said_code": None,
        }
    assert await stage.available() == FUNDS


async def test_an_approved_receipt_is_in_the_wallet(stage: Stage) -> None:
    """The customer hears of it, and the books know who decided."""
    payment = await shown(stage)
    approved = await approve(stage, payment.id)
    assert (approved.state, approved.amount, approved.admin_id) == (PaymentState.PAID, FIVE, OWNER)
    assert await stage.available() == FUNDS + FIVE
    [moved, *_] = await stage.movements()
    assert (moved.kind, moved.amount) == (TransferKind.TOP_UP, FIVE)
    [told] = await stage.said(ANNA, "topped_up")
    assert told.facts["available"] == FUNDS + FIVE


async def test_another_amount_is_what_goes_into_the_wallet(stage: Stage) -> None:
    """The cards keep what was asked for beside it."""
    payment = await shown(stage)
    await approve(stage, payment.id, 41_999)
    assert await stage.available() == FUNDS + 41_999
    assert (await now(stage, payment.id)).amount == 41_999
    [card] = await cards(stage, HELPER)
    assert (card.facts["amount"], card.facts["paid"]) == (FIVE, 41_999)


@pytest.mark.parametrize("amount", [0, -1, -FIVE, HIGHEST_AMOUNT + 1])
async def test_mad_amounts_are_refused(stage: Stage, amount: int) -> None:
    """Nothing was decided by them."""
    payment = await shown(stage)
    with pytest.raises(BadInput):
        await approve(stage, payment.id, amount)
    assert (await now(stage, payment.id)).state is PaymentState.REVIEW
    assert await stage.available() == FUNDS


async def test_a_rejected_receipt_moves_no_money(stage: Stage) -> None:
    """The customer reads the reason as it was written."""
    payment = await shown(stage)
    await reject(stage, payment.id, "The picture is <i>black</i>.")
    assert (await now(stage, payment.id)).state is PaymentState.REJECTED
    assert await stage.available() == FUNDS
    [told] = await stage.said(ANNA, "top_up_rejected")
    assert told.facts == {
        "payment": payment.id,
        "amount": FIVE,
        "code": payment.code,
        "receipt": True,
        "reason": "The picture is <i>black</i>.",
        "draft": None,
    }


Decision = Callable[..., Awaitable[Payment]]


@pytest.mark.parametrize("earlier", [approve, reject])
@pytest.mark.parametrize("later", [approve, reject])
async def test_the_first_decision_counts(stage: Stage, earlier: Decision, later: Decision) -> None:
    """Whoever decides later is told what was decided, and by whom; nothing happens twice."""
    payment = await shown(stage)
    decided = await earlier(stage, payment.id)
    with pytest.raises(Decided) as caught:
        await later(stage, payment.id, admin=HELPER)
    params = caught.value.params
    assert (params["state"], params["admin"], params["amount"]) == (decided.state, OWNER, FIVE)
    assert await now(stage, payment.id) == decided
    assert await stage.available() == FUNDS + (FIVE if earlier is approve else 0)
    assert len(await stage.said(ANNA, "topped_up")) + len(await stage.said(ANNA, "top_up_rejected")) == 1


async def test_of_many_at_once_one_decides(stage: Stage) -> None:
    """A dozen presses of two admins: one of them counts, and all cards say which."""
    payment = await shown(stage)
    presses: list[Awaitable[Payment]] = []
    for admin in (OWNER, HELPER) * 3:
        presses += [approve(stage, payment.id, admin=admin), reject(stage, payment.id, admin=admin)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    [decided] = [result for result in results if not isinstance(result, Decided)]
    assert isinstance(decided, Payment)
    came = FIVE if decided.state is PaymentState.PAID else 0
    assert await stage.available() == FUNDS + came
    for admin in (OWNER, HELPER):
        [card] = await cards(stage, admin)
        assert (card.facts["state"], card.facts["admin"]) == (decided.state.value, decided.admin_id)


async def test_a_card_that_went_out_is_corrected(stage: Stage) -> None:
    """Over the very message; one that did not go out yet is sent as decided."""
    payment = await shown(stage)
    await deliver(stage)
    await approve(stage, payment.id)
    for admin in (OWNER, HELPER):
        sent, correction = await cards(stage, admin)
        assert "state" not in sent.facts
        assert correction.facts["over"] > 1000
        assert (correction.facts["state"], correction.facts["admin"]) == ("paid", OWNER)
        assert correction.facts["receipt"] == "file-1"


async def test_a_receipt_may_have_several_pages(stage: Stage) -> None:
    """Each is shown to every admin, all of them say what was decided, and there is an end to them."""
    payment = await begun(stage)
    for page in range(receipts.MOST_PARTS):
        await hand_in(stage, payment.id, f"file-{page}")
    with pytest.raises(BadInput) as caught:
        await hand_in(stage, payment.id, "one too many")
    assert caught.value.code == "receipt.too_many"
    await approve(stage, payment.id)
    for admin in (OWNER, HELPER):
        shown_files = {card.facts["receipt"]: card.facts["state"] for card in await cards(stage, admin)}
        assert shown_files == {f"file-{page}": "paid" for page in range(receipts.MOST_PARTS)}
    assert await stage.available() == FUNDS + FIVE


async def test_a_customer_cannot_bury_the_admins_in_receipts(stage: Stage) -> None:
    """Of so many payments the receipts wait; the next has to wait until one of them is decided. Pages of those may
    still come, and nobody else is held up."""
    waiting = [await shown(stage) for _ in range(receipts.MOST_SHOWN)]
    another = await begun(stage)
    with pytest.raises(BadInput, match=r"receipt\.too_many_payments"):
        await hand_in(stage, another.id, "file-1")
    assert len(await cards(stage, OWNER)) == receipts.MOST_SHOWN
    await hand_in(stage, waiting[0].id, "its second page")
    await reject(stage, waiting[0].id, "too dark")
    assert (await hand_in(stage, another.id, "file-1")).state is PaymentState.REVIEW


async def test_a_rejected_receipt_can_be_sent_again(stage: Stage) -> None:
    """It is decided anew; every rejection is told, and the reason of the last one is gone."""
    payment = await shown(stage)
    await reject(stage, payment.id, "too dark")
    again = await hand_in(stage, payment.id, "file-2")
    assert (again.state, again.reason, again.admin_id) == (PaymentState.REVIEW, "", None)
    await reject(stage, payment.id, "still dark")
    assert [said.facts["reason"] for said in await stage.said(ANNA, "top_up_rejected")] == ["too dark", "still dark"]
    await hand_in(stage, payment.id, "file-3")
    await approve(stage, payment.id)
    assert await stage.available() == FUNDS + FIVE
    assert {card.facts["state"] for card in await cards(stage, OWNER)} == {"paid"}


async def test_a_receipt_that_comes_late_still_counts(stage: Stage) -> None:
    """The transfer was closed for its age; the money may have come all the same."""
    stage.shop.ways = {TRANSFER.name: TRANSFER}
    payment = await begun(stage)
    await stage.pass_time(8 * 86_400)
    assert (await now(stage, payment.id)).state is PaymentState.EXPIRED
    await hand_in(stage, payment.id)
    await approve(stage, payment.id)
    assert await stage.available() == FUNDS + FIVE


async def test_only_ones_own_transfer_takes_a_receipt(stage: Stage) -> None:
    """Not another's, not one that is settled, not an invoice, not one that there is none of."""
    payment = await begun(stage)
    bill = await begun(stage, STARS)
    with pytest.raises(PaymentGone):
        await hand_in(stage, payment.id, user=BORIS)
    for number in (bill.id, 99):
        with pytest.raises(PaymentGone):
            await hand_in(stage, number)
    await hand_in(stage, payment.id)
    await approve(stage, payment.id)
    with pytest.raises(PaymentGone):
        await hand_in(stage, payment.id)
    assert (await now(stage, bill.id)).state is PaymentState.OPEN
    assert len(await cards(stage, OWNER)) == 1


@pytest.mark.parametrize("decide", [approve, reject])
async def test_only_what_waits_is_decided(stage: Stage, decide: Decision) -> None:
    """A transfer without a receipt, an invoice, or nothing at all is no decision of an admin's."""
    for payment in (await begun(stage), await begun(stage, STARS)):
        with pytest.raises(Decided):
            await decide(stage, payment.id)
        assert (await now(stage, payment.id)).state is PaymentState.OPEN
    with pytest.raises(PaymentGone):
        await decide(stage, 99)


async def test_a_sum_that_does_not_fit_is_decided_too(stage: Stage) -> None:
    """A provider says another sum was paid: the admins see which, without a file, and all cards say what came of it."""
    asked = Quote(FIVE, "USD")
    made = Invoice(CHARGE, "ABCD-EFGH-JKLM", "https://t.me/pay", Fate.OPEN, asked)
    payment = await begun(stage, invoice=made)
    said = Invoice(CHARGE, made.code, "", Fate.PAID, Quote(40_000, "USD"))
    for _ in range(2):
        async with stage.db.write() as tx:
            await paying.seen(tx, stage.shop, payment.way, said)
    [card] = await cards(stage, OWNER)
    assert (card.facts["said"], card.facts["said_code"], card.facts["receipt"]) == ([40_000, "USD"], None, None)
    assert len(await stage.said(ANNA, "top_up_review")) == 1
    assert await stage.available() == FUNDS
    await approve(stage, payment.id, 40_000, admin=HELPER)
    [card] = await cards(stage, OWNER)
    assert (card.facts["state"], card.facts["admin"], card.facts["paid"]) == ("paid", HELPER, 40_000)
    assert await stage.available() == FUNDS + 40_000


async def test_a_receipt_out_of_place_belongs_to_the_newest_transfer(stage: Stage) -> None:
    """Not to one that is settled or closed, nor to an invoice."""
    async with stage.db.write() as tx:
        assert await receipts.waits_for(tx, stage.shop, user=ANNA) is None
    first, second = await begun(stage), await begun(stage)
    await begun(stage, STARS)
    await begun(stage, user=BORIS)
    async with stage.db.write() as tx:
        assert await receipts.waits_for(tx, stage.shop, user=ANNA) == second
    await hand_in(stage, second.id)
    await approve(stage, second.id)
    async with stage.db.write() as tx:
        assert await receipts.waits_for(tx, stage.shop, user=ANNA) == first


async def test_a_rejected_receipt_may_be_sent_again_however_many_files_it_had(stage: Stage) -> None:
    """The bound is for what nobody has looked at: after each decision there is room for as many, on new cards."""
    payment = (await begun(stage)).id
    for look in range(1, 4):
        for page in range(receipts.MOST_PARTS):
            assert (await hand_in(stage, payment, f"file {look}.{page}")).state is PaymentState.REVIEW
        with pytest.raises(BadInput) as refused:
            await hand_in(stage, payment, "one more")
        assert refused.value.code == "receipt.too_many"
        assert len(await stage.said(OWNER, "receipt")) == look * receipts.MOST_PARTS
        await deliver(stage)  # what is decided then is sent over the cards, anew
        if look < 3:
            await reject(stage, payment)
            async with stage.db.write() as tx:
                await tx.conn.execute(delete(outbox).where(outbox.c.key.is_(None)))
    assert len(await stage.said(ANNA, "top_up_rejected")) == 2
    await approve(stage, payment)
    assert await stage.available() == FUNDS + FIVE


async def test_a_rejected_receipt_of_one_file_may_have_five_more(stage: Stage) -> None:
    """The next ones begin a count of their own, and each of them is a card."""
    payment = (await shown(stage)).id
    await reject(stage, payment)
    for page in range(receipts.MOST_PARTS):
        await hand_in(stage, payment, f"file {page}")
    with pytest.raises(BadInput):
        await hand_in(stage, payment, "one more")
    keys = [said.facts["receipt"] for said in await stage.said(OWNER, "receipt") if "state" not in said.facts]
    assert len(keys) == receipts.MOST_PARTS


async def test_another_way_with_a_receipt_is_gone_on_with_alike(stage: Stage) -> None:
    """It is its manner that counts, not its name: what it asks for waits, is handed in and is decided."""
    envelope = FakeReceipts()
    stage.shop.ways = {way.name: way for way in (TRANSFER, envelope)}
    payment = await begun(stage, envelope)
    async with stage.second.read() as tx:
        assert await receipts.waits_for(tx, stage.shop, user=ANNA) == payment
        assert await receipts.under_way(tx, stage.shop, user=ANNA) == payment
    assert (await hand_in(stage, payment.id)).state is PaymentState.REVIEW
    await approve(stage, payment.id)
    assert await stage.available() == FUNDS + FIVE


async def test_a_receipt_counts_while_transfers_are_off(stage: Stage) -> None:
    """The money may have been on its way when the owner took the instructions out."""
    payment = await begun(stage)
    stage.shop.ways = {STARS.name: STARS}
    async with stage.second.read() as tx:
        assert await receipts.under_way(tx, stage.shop, user=ANNA) is None
        assert await receipts.waits_for(tx, stage.shop, user=ANNA) == payment
    await hand_in(stage, payment.id)
    await approve(stage, payment.id)
    assert await stage.available() == FUNDS + FIVE
