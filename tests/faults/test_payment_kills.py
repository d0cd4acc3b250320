"""The shop killed between any two steps of a payment: no money lost, none credited or given back twice."""

import shutil
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bot.demo.cryptopay import DemoCryptoPay
from bot.demo.telegram import Person
from bot.points import OF_PAYMENTS
from tests.conversations.shop import offers
from tests.faults.mortal import Death, MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.payer import Decider, Payer
from tests.faults.together import together
from tests.model.profile import chosen, proved, say

AMOUNT = 50_000
# By way: what its button begins with, and which points only it passes.
WAYS = {"stars": "Telegram Stars", "cryptopay": "Crypto", "transfer": "Transfer"}
OF_STARS = ("checkout", "payback", "refund", "refunded", "transactions")
OF_PAGES = ("invoice", "pages")
OFTEN = ("received", "handled", "shown", "screen", "updates")
ANYWHERE = ("received.commit", "handled.commit", "shown.commit", "news", "delivered.commit", "screen", "updates")
FEW = ("checkout.after", "paid.commit.before", "paid.commit.after", "refund.after", "pages.after")


@dataclass(frozen=True)
class Plan:
    """A payment ``way``, given back where ``refunds``; the process is killed there."""

    name: str
    way: str
    refunds: bool
    deaths: tuple[Death, ...]

    def __str__(self) -> str:
        return f"{self.name}: {self.way}, killed {', '.join(map(str, self.deaths))}"


def planned(point: str, seed: int) -> Plan:
    """The story of this point and seed."""
    luck = Random(f"{point}:{seed}")
    what = point.partition(".")[0]
    way = "stars" if what in OF_STARS else "cryptopay" if what in OF_PAGES else luck.choice(list(WAYS))
    refunds = way == "stars" and (what in {"payback", "refund", "refunded"} or luck.random() < 0.5)
    deaths = [Death(point, luck.randint(1, 2) if what in OFTEN else 1)]
    if luck.random() < 0.4:
        side = luck.choice(("before", "after"))
        deaths.append(Death(f"{luck.choice(ANYWHERE)}.{side}", luck.randint(1, 4)))
    return Plan(f"{point}:{seed}", way, refunds, tuple(deaths))


async def test_kills_between_the_steps_of_a_payment(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever way and wherever the process is killed: what was paid is in the wallet once, or back once."""
    profile = chosen()
    points = (*OF_PAYMENTS, *(f"{each}.{side}" for each in ANYWHERE for side in ("before", "after")))
    chosen_points = points if profile.proving else FEW
    plans = [planned(point, profile.seed + place) for place in range(profile.kills) for point in chosen_points]
    total: Counter[str] = Counter()

    async def tell(plan: Plan) -> None:
        own = tmp_path / plan.name.replace(":", "-")
        crypto = DemoCryptoPay()
        async with crypto.serve(), mortal_shop(own, nursery, *offers("alpha", "Default"), books=empty_books) as shop:
            shop.extra = {
                "CRYPTO_PAY_TOKEN": crypto.token,
                "CRYPTO_PAY_URL": crypto.url,
                "TRANSFER_INSTRUCTIONS": "To the bank",
            }
            shop.deaths_to_come = list(plan.deaths)
            await _live(shop, crypto, plan)
            await _judge(shop, plan, total)
        shutil.rmtree(own)
        total["stories"] += 1
        if total["stories"] % 20 == 0:
            say(f"  {total['stories']} of {len(plans)} payments")

    with capsys.disabled() if profile.proving else nullcontext():
        await together(tell, plans)
    proved(
        f"{total['kills']} kills in {total['stories']} payments at {len(chosen_points)} points: {total['paid']} paid, "
        f"{total['refunded']} given back, 0 lost, 0 credited or given back twice"
    )


async def _live(shop: MortalShop, crypto: DemoCryptoPay, plan: Plan) -> None:
    await shop.live()
    for person in (shop.admin, shop.anna):
        await _greet(shop, person)
    await Payer(shop, shop.anna, crypto).pay(WAYS[plan.way])
    if plan.refunds:
        [paid] = await shop.rows("SELECT id FROM payments WHERE state <> 'open' AND state <> 'expired'")
        await Decider(shop).refund(paid.id)
        await shop.until(lambda: any("given back" in each.text for each in shop.anna.heard_messages))
    await shop.until(lambda: not shop.telegram.world.updates.waiting)
    await shop.kill()


async def _greet(shop: MortalShop, person: Person) -> None:
    await shop.insist(lambda: person.send("/start"), lambda: person.heard_messages)


async def _judge(shop: MortalShop, plan: Plan, total: Counter[str]) -> None:
    """The books say what Telegram and the provider really took and gave back."""
    rows = await shop.rows("SELECT way, state, amount, charge FROM payments")
    received = [row for row in rows if row.state not in {"open", "expired", "review", "rejected"}]
    wallets = await shop.rows("SELECT balance, owed FROM wallets")
    left = 0 if plan.refunds else AMOUNT
    assert [(row.way, row.amount) for row in received] == [(plan.way, AMOUNT)], plan
    assert sum(row.balance - row.owed for row in wallets) == left, plan
    if plan.way == "stars":
        taken = [each["id"] for each in shop.telegram.transactions if "source" in each]
        back = [each["id"] for each in shop.telegram.transactions if "receiver" in each]
        assert taken == [received[0].charge], plan
        assert back == (taken if plan.refunds else []), plan
    assert await shop.command("audit") == (0, "The books balance.\n"), plan
    total["kills"] += shop.kills
    total["paid"] += 1
    total["refunded"] += plan.refunds
