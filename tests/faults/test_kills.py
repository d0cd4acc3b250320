"""The shop killed between any two steps of selling, and at any moment: nothing lost, nothing doubled.

After each story the shop's books are held against what the panel and Telegram stand-ins really received. A story is
drawn from its name, which a failure tells: ``SHOP_STORY="add.before:7" make test ARGS=tests/faults/test_kills.py``
tells it again, as far as chance is ours; which of two comes first is up to the machine.
"""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.points import OF_ORDERS
from tests.conversations.shop import offers
from tests.faults.laws import Verdict
from tests.faults.mortal import MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.plans import Plan, planned
from tests.faults.stories import Story
from tests.faults.telling import RANDOM, Stage, names
from tests.faults.verdict import in_words, judge
from tests.model.profile import chosen, proved

# Where a mistake in the order of things shows first; a proof takes every point.
FEW = (
    *("received.commit.before", "confirmed.commit.before", "claimed.commit.before", "add.before"),
    *("settled.commit.before", "overdue.commit.before", "tracked.commit.before", "news.after"),
)


async def tell(shop: MortalShop, plan: Plan) -> Verdict:
    """A story of orders, and what is wrong after it."""
    story = Story(shop, plan)
    await story.live()
    return await judge(story)


async def test_kills_at_the_points(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the process is killed: no order, credit or update is lost or doubled, and everybody is told."""
    plans = [planned(name) for name in names(OF_ORDERS if chosen().proving else FEW)]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    reached = {plan.name.partition(":")[0] for plan in plans}
    proved(f"{total['kills']} kills at {len(reached)} points, {in_words(total)}")


async def test_kills_at_random(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lives that end at any moment, up to three in a row: the same."""
    plans = [planned(name) for name in names([RANDOM])]
    total: Counter[str] = await Stage(tmp_path, nursery, empty_books, capsys, tell, in_words).tell_all(plans)
    proved(f"{total['kills']} kills at random, {in_words(total)}")


async def test_the_audit_on_the_command_line(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, repository: Path
) -> None:
    """``python -m bot audit`` proves the books of a shop that was killed in the middle of placing."""
    async with mortal_shop(tmp_path, nursery, *offers("alpha", "Default"), books=empty_books) as shop:
        await Story(shop, planned("add.after:1")).live()
        audit = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "audit"),
            cwd=repository,
            env={**os.environ, **shop.environment},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await audit.communicate()
        assert (audit.returncode, said) == (0, b"The books balance.\n")
