"""How fast one person may be: so many updates at once, then so many a second; beyond that there is only an answer.

A program that presses in a loop would otherwise have the shop write and send as fast as it can ask. Nobody is locked
out: each second gives room again. What was passed over changed nothing, so pressing once more is all it takes.
"""

from collections.abc import Callable
from math import ceil

# A long list pasted into Telegram arrives as several messages at once, and people press in bursts.
BURST = 30
A_SECOND = 2.0
# So many people are remembered, at least, before those who have all their room again are forgotten.
REMEMBERED = 10_000


class Pacing:
    """A bucket for each person, in memory: after a restart everybody has all their room.

    ``clock`` counts seconds and only grows.
    """

    def __init__(self, clock: Callable[[], float], *, burst: int = BURST, a_second: float = A_SECOND) -> None:
        self._clock = clock
        self._gap = 1 / a_second
        self._room = (burst - 1) * self._gap
        # When each person's bucket will be full again: one number says all about it.
        self._full_at: dict[int, float] = {}
        self._told: set[int] = set()
        self._forget_at = REMEMBERED

    @property
    def remembered(self) -> int:
        """How many people it keeps in mind."""
        return len(self._full_at)

    def take(self, person: int) -> int:
        """Count an update of this person: 0 where it may be acted on, else after how many seconds there is room.

        What is too fast does not count.
        """
        now = self._clock()
        full_at = max(self._full_at.get(person, now), now)
        wait = full_at - now - self._room
        # A hair's breadth, for sums of fractions are not exact.
        if wait > self._gap / 1000:
            return max(ceil(wait), 1)
        self._told.discard(person)
        self._full_at[person] = full_at + self._gap
        if len(self._full_at) > self._forget_at:
            self._forget(now)
        return 0

    def tell(self, person: int) -> bool:
        """Whether nobody told this person yet since they last had room; to be asked when about to."""
        new = person not in self._told
        self._told.add(person)
        return new

    def _forget(self, now: float) -> None:
        self._full_at = {person: full_at for person, full_at in self._full_at.items() if full_at > now}
        self._told &= self._full_at.keys()
        # As many again may come before the next look, so that looking costs little however many there are.
        self._forget_at = max(REMEMBERED, 2 * len(self._full_at))
