"""The shop killed between any two steps of a payment, and at any moment: no money lost, nor moved twice.

``SHOP_STORY="refund.after:7" make test ARGS=tests/faults/test_payment_kills.py`` tells a story again.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bot.demo.cryptopay import DemoCryptoPay
from bot.points import OF_PAYMENTS
from tests.faults.laws import Verdict, always
from tests.faults.mortal import Death, MortalShop
from tests.faults.nursery import Nursery
from tests.faults.payer import Decider, Payer
from tests.faults.telling import RANDOM, Stage, names
from tests.model.profile import chosen, proved

# What is asked for, and what comes where an admin finds another amount, as it stands in messages.
AMOUNT, OTHER = (50_000, "$5.00"), (40_000, "$4.00")
# By way: what its button begins with, and which points only it passes.
WAYS = {"stars": "Telegram Stars", "cryptopay": "Crypto", "transfer": "Transfer"}
OF_STARS = ("checkout", "payback", "refund", "refunded", "transactions", "compared")
OF_PAGES = ("invoice", "pages")
OF_RECEIPTS = ("handed_in", "decided")
# How an admin decides about a receipt; a rejected one is handed in again and approved then.
DECISIONS = ("Approve", "Other amount", "Reject")
OFTEN = ("received", "handled", "shown", "screen", "updates")
ANYWHERE = tuple(
    f"{work}.{side}"
    for work in ("received.commit", "handled.commit", "shown.commit", "news", "delivered.commit", "screen", "updates")
    for side in ("before", "after")
)
FEW = (
    "checkout.after",
    "paid.commit.before",
    "paid.commit.after",
    "refund.after",
    "pages.after",
    "decided.commit.before",
    "compared.commit.before",
)
# In a payment's course, which takes about two seconds.
LONGEST = 2.0


@dataclass(frozen=True)
class Plan:
    """A payment ``way``, given back where ``refunds``; the process is killed there, for certain ``sure`` times.

    ``decision``: what an admin says to a receipt, of DECISIONS; empty where nobody is asked. ``unheard``: Telegram
    never tells of the payment, which is found in its list at the next start; only then the killing begins.
    """

    name: str
    way: str
    refunds: bool
    decision: str
    unheard: bool
    deaths: tuple[Death, ...]
    sure: int = 1

    def __str__(self) -> str:
        again = f'again: SHOP_STORY="{self.name}" make test ARGS=tests/faults/test_payment_kills.py'
        told = f", {self.decision}" if self.decision else ", given back" if self.refunds else ""
        told += ", unheard of" if self.unheard else ""
        return f"{self.name}: {self.way}{told}, killed {', '.join(map(str, self.deaths))}\n  {again}"


def planned(name: str) -> Plan:
    """The story of this name: "POINT:SEED", or "random:SEED"."""
    luck, point = Random(name), name.rpartition(":")[0]
    what = point.partition(".")[0]
    way = _way(what, luck)
    decision = luck.choice(DECISIONS) if way == "transfer" else ""
    refunds = way == "stars" and (what in {"payback", "refund", "refunded"} or luck.random() < 0.5)
    if point == RANDOM:
        deaths = [Death(seconds=luck.uniform(0.01, LONGEST))]
        if luck.random() < 0.5:
            deaths.append(Death(seconds=luck.uniform(0.01, LONGEST)))
    else:
        twice = what in OFTEN or (what in OF_RECEIPTS and decision == "Reject")
        deaths = [Death(point, luck.randint(1, 2) if twice else 1)]
    if luck.random() < 0.4:
        deaths.append(Death(luck.choice(ANYWHERE), luck.randint(1, 4)))
    unheard = what == "compared" or (what == "transactions" and luck.random() < 0.5)
    return Plan(name, way, refunds, decision, unheard, tuple(deaths))


def _way(what: str, luck: Random) -> str:
    """A way to pay that passes this point."""
    if what in OF_STARS:
        return "stars"
    if what in OF_PAGES:
        return "cryptopay"
    if what in OF_RECEIPTS:
        return "transfer"
    ways = [way for way in WAYS if what != "paid" or way != "transfer"]  # an admin's word is a point of its own
    return luck.choice(ways)


async def tell(shop: MortalShop, plan: Plan) -> Verdict:
    """A story of a payment, and what is wrong after it."""
    crypto = DemoCryptoPay()
    async with crypto.serve():
        shop.extra = {
            "CRYPTO_PAY_TOKEN": crypto.token,
            "CRYPTO_PAY_URL": crypto.url,
            "TRANSFER_INSTRUCTIONS": "To the bank",
        }
        shop.deaths_to_come = [*([Death()] if plan.unheard else []), *plan.deaths]
        await shop.live()
        for person in (shop.admin, shop.anna):
            await shop.insist(lambda: person.send("/start"), lambda: person.heard_messages)  # noqa: B023  (awaited here)
        payer = Payer(shop, shop.anna, crypto, decision=plan.decision, amount=_amount(plan)[1], unheard=plan.unheard)
        await payer.pay(WAYS[plan.way])
        if plan.refunds:
            [paid] = await shop.rows("SELECT id FROM payments WHERE state NOT IN ('open', 'expired')")
            await Decider(shop).refund(paid.id)
            await shop.until(lambda: payer.told_back)
        await shop.rest(plan.sure)
        return await judge(shop, plan, payer)


async def test_kills_between_the_steps_of_a_payment(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever way and wherever the process is killed: what was paid is in the wallet once, or back once."""
    points = (*OF_PAYMENTS, *ANYWHERE) if chosen().proving else FEW
    plans = [planned(name) for name in names(points, part=2)]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    reached = {plan.name.partition(":")[0] for plan in plans}
    proved(f"{total['kills']} kills at {len(reached)} points of paying, {in_words(total)}")


async def test_kills_at_random_while_somebody_pays(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lives that end at any moment: the same."""
    plans = [planned(name) for name in names([RANDOM], part=2)]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    proved(f"{total['kills']} kills at random while somebody pays, {in_words(total)}")


async def judge(shop: MortalShop, plan: Plan, payer: Payer) -> Verdict:
    """The books say what Telegram and the provider really took and gave back, and the payer was told."""
    found = Verdict(counted=Counter(paid=1, refunded=int(plan.refunds)))
    rows = await shop.rows("SELECT id, way, state, charge FROM payments WHERE state NOT IN ('open', 'expired')")
    states = [(row.way, row.state) for row in rows]
    found.law("lost payments", not rows)
    found.law("wrong ends", states != [(plan.way, "refunded" if plan.refunds else "paid")], states)
    if plan.way == "stars":
        taken = [each["id"] for each in shop.telegram.transactions if "source" in each]
        back = [each["id"] for each in shop.telegram.transactions if "receiver" in each]
        found.law("stars taken and not credited", taken != [row.charge for row in rows], taken)
        found.law("stars given back wrongly", back != taken * plan.refunds, back)
    await _money(shop, plan, found)
    # A message that went out right before a kill is sent again: so often, and no oftener.
    most = 1 + shop.kills
    told, back_told, rejected = payer.told, payer.told_back, int(plan.decision == "Reject")
    found.law("payments untold, or told too often", not 1 <= told <= most, told)
    found.law("refunds untold, or told too often", not plan.refunds <= back_told <= most * plan.refunds, back_told)
    twice = payer.told_rejected
    found.law("rejections untold, or told too often", not rejected <= twice <= most * rejected, twice)
    await always(shop, found)
    return found


def _amount(plan: Plan) -> tuple[int, str]:
    return OTHER if plan.decision == "Other amount" else AMOUNT


async def _money(shop: MortalShop, plan: Plan, found: Verdict) -> None:
    """What moved into the wallet and out of it."""
    amount, _ = _amount(plan)
    moved = await shop.rows(
        "SELECT t.kind, p.amount FROM transfers t JOIN postings p ON p.transfer_id = t.id WHERE p.account = 'wallet'"
    )
    came, went = ([row.amount for row in moved if row.kind == kind] for kind in ("topup", "payback"))
    found.law("lost credits", amount not in came, came)
    found.law("doubled credits", max(len(came) - 1, 0), came)
    found.law("wrong refunds", went != [-amount] * plan.refunds, went)
    [wallet] = await shop.rows("SELECT balance - owed AS left FROM wallets WHERE user_id = :user", user=shop.anna.id)
    found.law("wrong wallets", wallet.left != amount * (not plan.refunds), wallet.left)


def in_words(total: Counter[str]) -> str:
    """What stories came to, in a line."""
    done = f"{total['paid']} paid, {total['refunded']} given back, {total['updates']} updates"
    laws = ("lost payments", "doubled credits", "wrong refunds", "lost updates", "unbalanced transfers")
    return f"{done}: " + ", ".join(f"{total[each]} {each}" for each in laws)
