"""Money in and out of wallets by hand: once a command, never below zero, and told to whom it concerns."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ledger import TransferKind
from bot.services import wallet
from bot.services.wallet import Adjusted, NoSuchCustomer, WalletTooLow
from tests.services.stage import ANNA, FUNDS, HELPER, OWNER, PRICE, Stage


async def adjust(stage: Stage, amount: int, *, user: int = ANNA, key: str = "1", reason: str = "") -> Adjusted:
    """/credit or /debit."""
    async with stage.db.write() as tx:
        return await wallet.adjust(tx, stage.shop, admin=OWNER, user=user, amount=amount, reason=reason, key=key)


@pytest.mark.parametrize(("amount", "kind"), [(5_000, "credit"), (-5_000, "debit")])
async def test_a_wallet_is_changed_by_hand(stage: Stage, amount: int, kind: str) -> None:
    """The customer is told what and why, the other admins who did it to whom, and it is among the movements."""
    adjusted = await adjust(stage, amount, reason="for <b>patience</b>")
    assert (adjusted.user.name, adjusted.available) == ("Anna", FUNDS + amount)
    assert await stage.available() == FUNDS + amount
    last, _ = await stage.movements()
    assert (last.amount, last.kind, last.reason) == (amount, TransferKind(kind), "for <b>patience</b>")
    said = (await stage.said(ANNA, kind))[-1]
    assert said.facts == {"amount": 5_000, "reason": "for <b>patience</b>", "available": FUNDS + amount}
    heard = (await stage.said(HELPER, "adjusted"))[-1].facts
    assert (heard["admin"], heard["user"], heard["name"], heard["amount"]) == (OWNER, ANNA, "Anna", amount)
    assert await stage.said(OWNER, "adjusted") == []


async def test_a_command_moves_money_once(stage: Stage) -> None:
    """The same command handled twice is refused by the books."""
    await adjust(stage, 5_000)
    with pytest.raises(IntegrityError):
        await adjust(stage, 5_000)
    assert await stage.available() == FUNDS + 5_000


async def test_no_debit_takes_a_wallet_below_zero(stage: Stage) -> None:
    """What is on hold is not there to be taken, and nothing is said of what did not happen."""
    await stage.buy()
    with pytest.raises(WalletTooLow) as caught:
        await adjust(stage, -FUNDS)
    assert caught.value.params["available"] == FUNDS - PRICE
    assert await stage.said(ANNA, "debit") == []
    await adjust(stage, PRICE - FUNDS)
    assert await stage.available() == 0


async def test_debits_at_once_take_what_is_there(stage: Stage) -> None:
    """Of ten for two thirds of a wallet one gets it."""
    takes = (adjust(stage, -FUNDS * 2 // 3, key=f"{n}") for n in range(10))
    results = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(result, Adjusted) for result in results) == 1
    assert await stage.available() == FUNDS + -FUNDS * 2 // 3


async def test_somebody_who_never_wrote_has_no_wallet(stage: Stage) -> None:
    """A typed id that is nobody's moves nothing."""
    with pytest.raises(NoSuchCustomer):
        await adjust(stage, 5_000, user=1)


async def test_a_wallet_shows_its_last_movements(stage: Stage) -> None:
    """Available, on hold, and at most ten movements, newest first."""
    for _ in range(10):
        await stage.buy()
    async with stage.second.read() as tx:
        view = await wallet.view(tx, ANNA)
    assert (view.available, view.on_hold) == (FUNDS - 10 * PRICE, 10 * PRICE)
    assert [movement.amount for movement in view.movements] == [-PRICE] * 10
    orders = [movement.order_id for movement in view.movements]
    assert orders == sorted(orders, key=lambda number: -(number or 0))
