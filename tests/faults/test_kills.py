"""The shop killed between any two steps of selling: nothing lost, nothing doubled, and the books balance."""

import asyncio
import os
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conversations.shop import offers
from tests.faults.mortal import MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.shopper import Shopper
from tests.faults.together import together

LINK = "https://instagram.com/anna"
CREDIT, PRICE = 250_000, 11_700  # 25 USD; 1000 at 0.90 a thousand and 30 %
FOLLOWERS = "Followers | Mixed"
WISHES = {"link": LINK, "quantity": "1000"}


@dataclass(frozen=True)
class Death:
    """When the process dies: at pass number ``count`` of ``point``, counted from ``since``."""

    point: str
    count: int
    since: str = "Confirm"

    def __str__(self) -> str:
        return f"{self.point}-{self.count}-from-{self.since.strip('/')}"


# After Confirm come: the press stored, the order written, its card noted, the claim, the outcome, and the news.
PLACING = [Death(f"commit.{side}", count) for count in range(1, 7) for side in ("before", "after")]
OUTSIDE = [
    Death(f"{point}.{side}", 1)
    for point in ("add", "status", "news", "updates", "screen")
    for side in ("before", "after")
]
# From /start on: the credit, its news, and every step of the form.
BEGINNING = [Death(f"commit.{side}", count, "/start") for count in (2, 5, 9) for side in ("before", "after")]
# What ends a life at random.
ANYWHERE = [
    f"{point}.{side}" for point in ("commit", "news", "updates", "screen", "status") for side in ("before", "after")
]


@pytest.mark.parametrize("deaths", [PLACING, OUTSIDE, BEGINNING], ids=["placing", "outside", "beginning"])
async def test_a_kill_loses_and_doubles_nothing(tmp_path: Path, nursery: Nursery, deaths: list[Death]) -> None:
    """Wherever the process is killed: one order, one ``add``, one credit, every customer told, the books balance."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, *offers("alpha", "Default")) as shop:
            await shop.open(death.point, death.count)
            await _story(shop, since=death.since)
            assert shop.lives == 2, "the process was never killed"
            await _everything_adds_up(shop)

    await together(die, deaths)


async def test_kills_anywhere(tmp_path: Path, nursery: Nursery) -> None:
    """Three lives in a row that end at random: one order, one ``add``, one credit, and the books balance."""

    async def die(seed: int) -> None:
        luck = random.Random(seed)
        async with mortal_shop(tmp_path / str(seed), nursery, *offers("alpha", "Default")) as shop:
            shop.deaths_to_come = [(luck.choice(ANYWHERE), luck.randint(1, 9)) for _ in range(2)]
            await shop.open(luck.choice(ANYWHERE), luck.randint(1, 9), armed=True)
            await _story(shop)
            await _everything_adds_up(shop)

    await together(die, [1, 2, 3])


async def test_the_audit_on_the_command_line(tmp_path: Path, nursery: Nursery, repository: Path) -> None:
    """``python -m bot audit`` proves the books of a shop that was killed in the middle of placing."""
    async with mortal_shop(tmp_path, nursery, *offers("alpha", "Default")) as shop:
        await shop.open("add.after")
        await _story(shop)
        audit = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "audit"),
            cwd=repository,
            env={**os.environ, **shop.environment},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await audit.communicate()
        assert (audit.returncode, said) == (0, b"The books balance.\n")


async def _story(shop: MortalShop, *, since: str = "Confirm") -> None:
    """Anna says hello, gets a credit, orders, and reads of the order until it is Completed."""
    anna, admin = shop.anna, shop.admin
    if since == "/start":
        await shop.arm()
    await shop.insist(lambda: anna.send("/start"), lambda: anna.heard_messages)
    await admin.send(f"/credit {anna.id} 25 welcome")
    await shop.until(lambda: any("welcome" in message.text for message in anna.heard_messages))
    number = await Shopper(shop, anna, FOLLOWERS, WISHES, die_at=[since]).buy()
    await shop.until(lambda: _reads(shop, number, "Pending", "Being checked"))
    if _reads(shop, number, "Being checked"):
        await _decide(shop, number)
    await shop.until(lambda: shop.panel.orders)
    for panel_order in shop.panel.orders:
        shop.panel.set_status(panel_order, "Completed")
    await shop.until(lambda: _reads(shop, number, "Completed"))
    await shop.kill()


def _reads(shop: MortalShop, number: int, *states: str) -> bool:
    """Whether Anna was told that her order is in one of these states."""
    texts = [message.text for message in shop.anna.heard_messages]
    return any(f"#{number} · {state}" in text for text in texts for state in states)


async def _decide(shop: MortalShop, number: int) -> None:
    """The admin looks at the panel, and says what became of an uncertain order."""
    admin = shop.admin
    there = next(iter(shop.panel.orders), None)

    def asked() -> bool:
        return any("It was placed" in message.labels for message in admin.news)

    await shop.insist(lambda: admin.send(f"/order {number}"), asked)
    if there is None:
        await admin.press("Send again")
        await admin.press("Yes, send again")
    else:
        await admin.press("It was placed")
        await admin.send(there)


async def _everything_adds_up(shop: MortalShop) -> None:
    """The books say what the panel and Telegram really received."""
    [order] = await shop.rows("SELECT id, state, panel_order, held, captured FROM orders")
    assert (order.state, order.held, order.captured) == ("completed", 0, PRICE)
    [taken] = shop.panel.adds
    assert taken == {"service": "1", "link": LINK, "quantity": "1000"}
    assert list(shop.panel.orders) == [order.panel_order]
    told = {int(n) for m in shop.anna.heard_messages for n in re.findall(r"#(\d+)", m.text)}
    assert told == {order.id}
    wallets = await shop.rows("SELECT user_id, balance FROM wallets")
    assert [tuple(wallet) for wallet in wallets if wallet.balance] == [(shop.anna.id, CREDIT - PRICE)]
    given = await shop.rows("SELECT id FROM transfers WHERE kind = 'credit'")
    assert len(given) == 1
    uncertain = await shop.rows("SELECT DISTINCT order_id FROM order_events WHERE state = 'uncertain'")
    assert {row.order_id for row in uncertain} <= shop.in_flight
    assert await shop.command("audit") == (0, "The books balance.\n")
