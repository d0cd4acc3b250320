"""Two pieces of work, timed in turn: in the processor's time, which other programs on the machine do not stretch."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import process_time


@dataclass(frozen=True, slots=True)
class Row:
    """Medians in milliseconds of the processor: of ``what`` the shop does, and of what stands ``beside`` it."""

    what: str
    ours: float
    beside: str
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times as long as the other it takes."""
        return self.ours / self.theirs


def side_by_side(
    what: str, ours: Callable[[], object], beside: str, theirs: Callable[[], object], *, times: int
) -> Row:
    """Do both in turn, so that what slows the machine down slows both."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for work, into in zip((ours, theirs), spent, strict=True):
            begun = process_time()
            work()
            into.append(process_time() - begun)
    return Row(what, median(spent[0]) * 1000, beside, median(spent[1]) * 1000)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of the processor that one piece of work takes, in all threads."""
    begun = process_time()
    await work()
    return process_time() - begun
