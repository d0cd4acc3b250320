"""The shop killed between any two steps of selling, and at any moment: nothing lost, nothing doubled.

After each story the shop's books are held against what the panel and Telegram stand-ins really received. A story is
drawn from its name, which a failure tells: ``SHOP_STORY="add.before:7" make test ARGS=tests/faults/test_kills.py``
tells it again, as far as chance is ours; which of two comes first is up to the machine.
"""

import asyncio
import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.points import OF_ORDERS
from tests.conversations.shop import offers
from tests.faults.mortal import mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.plans import RANDOM, Plan, planned
from tests.faults.stories import Story
from tests.faults.together import together
from tests.faults.verdict import in_words, judge
from tests.model.profile import chosen, proved, say

# Where a mistake in the order of things shows first; a proof takes every point.
FEW = (
    *("received.commit.before", "confirmed.commit.before", "claimed.commit.before", "add.before"),
    *("settled.commit.before", "overdue.commit.before", "tracked.commit.before", "news.after"),
)
# After so many stories a proof says how far it is.
ROUND = 20
# A story takes a few seconds, on a machine that has much else to do a few more; one that takes so many is stuck.
STUCK = 90.0


async def test_kills_at_the_points(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the process is killed: no order, credit or update is lost or doubled, and everybody is told."""
    profile = chosen()
    points = OF_ORDERS if profile.proving else FEW
    plans = _plans([f"{point}:{profile.seed + place}" for place in range(profile.kills) for point in points])
    with capsys.disabled() if profile.proving else nullcontext():
        total = await _told(plans, tmp_path, nursery, empty_books)
    reached = {plan.name.partition(":")[0] for plan in plans}
    proved(f"{total['kills']} kills at {len(reached)} points, {in_words(total)}")


async def test_kills_at_random(
    tmp_path: Path, nursery: Nursery, empty_books: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lives that end at any moment, up to three in a row: the same."""
    profile = chosen()
    plans = _plans([f"{RANDOM}:{profile.seed + place}" for place in range(profile.accidents)])
    with capsys.disabled() if profile.proving else nullcontext():
        total = await _told(plans, tmp_path, nursery, empty_books)
    proved(f"{total['kills']} kills at random, {in_words(total)}")


def _plans(names: Sequence[str]) -> list[Plan]:
    """These stories, or those of the same test that ``SHOP_STORY`` names."""
    random = names[0].startswith(RANDOM)
    wanted = [name for name in os.environ.get("SHOP_STORY", "").split() if name.startswith(RANDOM) is random]
    if "SHOP_STORY" in os.environ and not wanted:
        pytest.skip("SHOP_STORY names none of these")
    return [planned(name) for name in wanted or names]


async def _told(plans: Sequence[Plan], folder: Path, nursery: Nursery, books: bytes) -> Counter[str]:
    """Tell these stories, so many at once; what they come to. Raises an ExceptionGroup of those that went wrong."""
    total: Counter[str] = Counter()

    async def tell(plan: Plan) -> None:
        own = folder / plan.name.replace(":", "-")
        async with mortal_shop(own, nursery, *offers("alpha", "Default"), books=books) as shop:
            story = Story(shop, plan)
            try:
                async with asyncio.timeout(STUCK):
                    await story.live()
            except TimeoutError as stuck:
                stuck.add_note(f"{shop.anna.transcript()}\n\n{shop.admin.transcript()}\n\n{shop.log()}")
                raise
            verdict = await judge(story)
            total.update(verdict.counted)
            if total["stories"] % ROUND == 0:
                say(f"  {total['stories']} of {len(plans)} stories, {in_words(total)}")
            assert not verdict.complaints, "\n".join([*verdict.complaints, shop.admin.transcript(), shop.log()])
        await asyncio.to_thread(shutil.rmtree, own)

    await together(tell, plans)
    return total


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
