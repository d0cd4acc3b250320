"""Stars: what may be paid, what is asked for, and what becomes of what comes oddly."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from bot.domain.payments import Payment, PaymentState
from bot.paying.stars import Stars
from bot.services import paying
from bot.services.paying import PaymentRefused, Received
from bot.storage import payments
from tests.services.stage import ANNA, FUNDS, HELPER, OWNER, Stage

FIVE, IN_STARS, STARS = 50_000, 385, Stars(Decimal("0.013"))
MOST = 1_300_000  # what one invoice takes, 10,000 Stars


async def begun(stage: Stage) -> Payment:
    """Anna's invoice over $5.00, in a shop that sells Stars."""
    stage.shop.ways = {STARS.name: STARS}
    async with stage.db.write() as tx:
        return await paying.begin(tx, stage.shop, user=ANNA, way=STARS, amount=FIVE, draft=None)


async def receive(stage: Stage, charge: str, code: str, *, currency: str = "XTR") -> Payment | None:
    """Telegram reports what was asked for."""
    async with stage.db.write() as tx:
        return await paying.receive_stars(tx, stage.shop, Received(ANNA, charge, code, IN_STARS, currency))


async def may_pay(stage: Stage, code: str, *, currency: str = "XTR") -> None:
    """Telegram asks before it takes them."""
    async with stage.db.read() as tx:
        await paying.may_pay(tx, stage.shop, Received(ANNA, "", code, IN_STARS, currency))


async def test_an_invoice_that_is_paid_twice(stage: Stage) -> None:
    """Telegram took it twice, so both are in the wallet; the admins hear of the second, which nothing had asked for."""
    payment = await begun(stage)
    first, second = await receive(stage, "stx-1", payment.code), await receive(stage, "stx-2", payment.code)
    assert first is not None
    assert second is not None
    assert (first.id, first.amount, second.amount) == (payment.id, FIVE, FIVE)
    assert second.id != payment.id
    for _ in range(2):
        await receive(stage, "stx-2", payment.code)
    assert await stage.available() == FUNDS + 2 * FIVE
    assert len(await stage.said(ANNA, "topped_up")) == 2
    for admin in (OWNER, HELPER):
        [told] = await stage.said(admin, "payment_found")
        assert (told.facts["payment"], told.facts["fits"]) == (second.id, False)


async def test_another_currency_is_never_credited(stage: Stage) -> None:
    """385 cents are not 385 Stars: the admins hear of it once, the invoice stays as it is."""
    payment = await begun(stage)
    for _ in range(2):
        assert await receive(stage, "charge", payment.code, currency="USD") is None
    assert await stage.available() == FUNDS
    assert await stage.alerts() == ["foreign"]
    async with stage.second.read() as tx:
        assert (await payments.get(tx, payment.id)).state is PaymentState.OPEN


def dearer(stage: Stage) -> None:
    """A Star is worth less now."""
    stage.shop.ways = {STARS.name: Stars(Decimal("0.01"))}


def bounded(stage: Stage) -> None:
    """So much is not taken at once any more."""
    stage.change(top_up_maximum=Decimal(4))


def off(stage: Stage) -> None:
    """No Stars are sold any more."""
    stage.shop.ways = {}


def same(_stage: Stage) -> None:
    """Nothing has changed."""


@pytest.mark.parametrize(
    ("change", "currency", "code"),
    [
        (dearer, "XTR", "checkout.amount"),
        (bounded, "XTR", "checkout.amount"),
        (off, "XTR", "checkout.off"),
        (same, "USD", "checkout.currency"),
    ],
)
async def test_what_may_not_be_paid_any_more(
    stage: Stage, change: Callable[[Stage], None], currency: str, code: str
) -> None:
    """The invoice is from before; what counts is what the shop asks for now."""
    payment = await begun(stage)
    await may_pay(stage, payment.code)
    change(stage)
    with pytest.raises(PaymentRefused) as refused:
        await may_pay(stage, payment.code, currency=currency)
    assert refused.value.code == code


async def test_no_more_is_offered_than_an_invoice_takes(stage: Stage) -> None:
    """The smaller bound is the one that is shown; who needs more is offered as much of it as there can be."""
    assert paying.limits(stage.shop, STARS) == (10_000, MOST)
    assert paying.suggestions(stage.shop, STARS, 5_000_000)[0] == MOST
    assert paying.suggestions(stage.shop, STARS, FIVE)[0] == FIVE
    assert STARS.quote(MOST).units == 10_000
    stage.change(top_up_maximum=Decimal(20))
    assert paying.limits(stage.shop, STARS) == (10_000, 200_000)
