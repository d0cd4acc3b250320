"""Stories told one beside the other, each in a shop of its own, with what they came to."""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import pytest

from tests.conversations.shop import offers
from tests.faults.laws import Verdict
from tests.faults.mortal import MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.together import together
from tests.model.profile import chosen, say

# The part of a story's name before the colon where it is killed at any moment, not at a point.
RANDOM = "random"
# After so many stories a proof says how far it is.
ROUND = 20
# A story takes a few seconds, on a machine that has much else to do many more; one that takes so many is stuck.
STUCK = 300.0


class Named(Protocol):
    """A story to come. ``str`` of it says all there is to know."""

    @property
    def name(self) -> str:
        """From which it is drawn: "POINT:SEED", or "random:SEED"."""


P = TypeVar("P", bound=Named)


def names(points: Sequence[str], *, part: int = 1) -> list[str]:
    """The stories of these points, or those of the same test that ``SHOP_STORY`` names.

    Of as many as the profile says there are one in ``part``: all proofs together have half an hour.
    """
    profile = chosen()
    times = max((profile.accidents if RANDOM in points else profile.kills) // part, 1)
    usual = [f"{point}:{profile.seed + place}" for place in range(times) for point in points]
    if "SHOP_STORY" not in os.environ:
        return usual
    random = RANDOM in points
    wanted = [name for name in os.environ["SHOP_STORY"].split() if name.startswith(RANDOM) is random]
    if not wanted:
        pytest.skip("SHOP_STORY names none of these")
    return wanted


@dataclass(frozen=True)
class Stage(Generic[P]):
    """Where stories are told. ``tell`` lives through one and judges it; ``in_words`` is what stories came to."""

    folder: Path
    nursery: Nursery
    books: bytes
    capsys: pytest.CaptureFixture[str]
    tell: Callable[[MortalShop, P], Awaitable[Verdict]]
    in_words: Callable[[Counter[str]], str]

    async def tell_all(self, plans: Sequence[P]) -> Counter[str]:
        """Tell these, so many at once; what they come to. Raises an ExceptionGroup of those that went wrong."""
        total: Counter[str] = Counter()

        async def one(plan: P) -> None:
            total.update(await self._tell(plan))
            if total["stories"] % ROUND == 0:
                say(f"  {total['stories']} of {len(plans)} stories, {self.in_words(total)}")

        with self.capsys.disabled() if chosen().proving else nullcontext():
            await together(one, plans)
        return total

    async def _tell(self, plan: P) -> Counter[str]:
        own = self.folder / plan.name.replace(":", "-")
        async with mortal_shop(own, self.nursery, *offers("alpha", "Default"), books=self.books) as shop:
            try:
                async with asyncio.timeout(STUCK):
                    verdict = await self.tell(shop, plan)
            except TimeoutError as stuck:
                stuck.add_note(f"{shop.anna.transcript()}\n\n{shop.admin.transcript()}\n\n{shop.log()}")
                raise
            verdict.counted["stories"] += 1
            said = "\n".join([*verdict.complaints, shop.anna.transcript(), shop.admin.transcript(), shop.log()])
            assert not verdict.complaints, said
        await asyncio.to_thread(shutil.rmtree, own)
        return verdict.counted
