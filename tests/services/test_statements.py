"""The statement of a wallet: in pages and as a whole, each line with what was there after it."""

from collections.abc import Sequence

import pytest

from bot.domain.ledger import Account, Posting, StatementLine, TransferKind
from bot.services import statements
from bot.services.statements import BATCH, PAGE, StatementPage
from bot.storage import ledger
from tests.services.stage import ANNA, BORIS, FUNDS, PRICE, Stage


async def paid(stage: Stage, count: int) -> None:
    """Anna is given 1, 2, 3, … ten-thousandths."""
    async with stage.db.write() as tx:
        for amount in range(1, count + 1):
            entries = [Posting(Account.OUTSIDE, 0, -amount), Posting(Account.WALLET, ANNA, amount)]
            key = f"credit:test:{amount}"
            assert await ledger.transfer(tx, entries, key=key, kind=TransferKind.CREDIT, user=ANNA, admin=1)


async def page(stage: Stage, number: int, user: int = ANNA) -> StatementPage:
    async with stage.second.read() as tx:
        return await statements.page_of(tx, user=user, page=number)


async def whole(stage: Stage, user: int = ANNA, **limits: int) -> tuple[int, list[Sequence[StatementLine]]]:
    """How many lines were told, and the lines as they came."""
    batches: list[Sequence[StatementLine]] = []
    return await statements.read_all(stage.shop, user=user, take=batches.append, **limits), batches


async def test_pages_follow_each_other(stage: Stage) -> None:
    """Ten lines a page, the newest first, and the nearest page where one is asked for that is not there."""
    await paid(stage, 2 * PAGE)  # and one at the beginning: the first funds
    first, second, third = [await page(stage, number) for number in range(3)]
    assert [len(each.lines) for each in (first, second, third)] == [PAGE, PAGE, 1]
    assert [(each.page, each.pages) for each in (first, second, third)] == [(0, 3), (1, 3), (2, 3)]
    amounts = [line.movement.amount for each in (first, second, third) for line in each.lines]
    assert amounts == [*range(2 * PAGE, 0, -1), FUNDS]
    assert first.available == first.lines[0].balance == FUNDS + sum(range(2 * PAGE + 1))
    assert third.lines[0].balance == FUNDS
    assert await page(stage, 10**6 - 1) == third
    assert await page(stage, -1) == first


async def test_each_balance_is_the_sum_of_what_came_before(stage: Stage) -> None:
    """Orders, their refunds and other people's money included, or rather not."""
    number = await stage.buy()
    await stage.buy(user=BORIS)
    await stage.pass_time(24 * 3600 + 1)  # it waited too long: refunded
    await stage.buy()
    found = await page(stage, 0)
    moved = [(line.movement.kind, line.movement.order_id, line.movement.amount, line.balance) for line in found.lines]
    assert moved == [
        (TransferKind.HOLD, number + 2, -PRICE, FUNDS - PRICE),
        (TransferKind.SETTLE, number, PRICE, FUNDS),
        (TransferKind.HOLD, number, -PRICE, FUNDS - PRICE),
        (TransferKind.CREDIT, None, FUNDS, FUNDS),
    ]
    assert found.available == FUNDS - PRICE


async def test_the_whole_comes_in_parts(stage: Stage) -> None:
    """All lines, in the order of the pages, never more than a batch at a time."""
    await paid(stage, BATCH)
    count, batches = await whole(stage)
    assert [len(batch) for batch in batches] == [BATCH, 1]
    assert count == BATCH + 1
    lines = [line for batch in batches for line in batch]
    assert lines[:PAGE] == list((await page(stage, 0)).lines)
    assert lines[-1].balance == FUNDS
    count, batches = await whole(stage, most=PAGE + 1)
    assert count == PAGE + 1
    assert [line for batch in batches for line in batch] == lines[: PAGE + 1]


async def test_who_never_had_money_has_an_empty_statement(stage: Stage) -> None:
    """One page, with nothing on it."""
    assert await page(stage, 0, user=1) == StatementPage([], 0, 1, 0)
    assert await whole(stage, user=1) == (0, [])


async def test_the_shop_goes_on_while_a_statement_is_read(stage: Stage) -> None:
    """Money moves between two parts of it; the file is of one moment all the same."""
    await paid(stage, BATCH)
    batches: list[Sequence[StatementLine]] = []
    async with stage.shop.db.read() as tx:
        async for lines in ledger.stream_statement(tx, ANNA, limit=2 * BATCH, batch=BATCH // 2):
            batches.append(lines)
            await stage.buy()
    assert [len(batch) for batch in batches] == [BATCH // 2, BATCH // 2, 1]
    assert batches[-1][-1].balance == FUNDS
    assert (await page(stage, 0)).available == FUNDS + sum(range(BATCH + 1)) - 3 * PRICE


@pytest.mark.parametrize("number", [0, 1])
async def test_pages_are_of_one_customer(stage: Stage, number: int) -> None:
    """What others have is none of their business."""
    await paid(stage, PAGE)
    found = await page(stage, number, user=BORIS)
    assert [line.movement.amount for line in found.lines] == [FUNDS]
