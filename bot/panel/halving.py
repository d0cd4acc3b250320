"""Questions about many ids, put to a panel that refuses all of them for the sake of one.

The documents say that a bad id is an error in its own place. Some panels answer an error for the whole batch instead:
ninety-nine orders would never be heard of again. Others know no batches at all.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.outcomes import RefusalKind, Rejected
from bot.panel.errors import PanelError, PanelRefusedError

T = TypeVar("T")
Question = Callable[[Sequence[str]], Awaitable[dict[str, T | Rejected]]]

# A hundred ids are alone after seven halvings. A panel that refuses whatever it is asked ("try again later") is told
# from one with bad ids by refusing so many questions in a row: the caller's next round asks again.
_FRUITLESS = 30
# An id that was refused when it was alone is asked about again after so many seconds, then after twice as long, up to
# the last: five bad ones in a hundred must not cost five calls a round.
_FIRST_GAP, _LAST_GAP = 300.0, 3600.0
# Ids that are not asked about any more are forgotten with all the others when there are too many.
_MOST_SPOILERS = 10_000
# Said of the shop and not of an id. "Access denied to order 5" reads like a matter of the account, and is not.
_OF_THE_SHOP = frozenset({RefusalKind.KEY, RefusalKind.FUNDS})


@dataclass(frozen=True, slots=True)
class _Spoiler:
    due: float
    gap: float


class _Search(Generic[T]):
    """One question on its way to its answers."""

    def __init__(self, question: Question[T]) -> None:
        self._question = question
        self._fruitless = 0
        self.found: dict[str, T | Rejected] = {}
        # What was answered to ids that were asked about by themselves; None for an answer that left them out.
        self.alone: dict[str, T | Rejected | None] = {}
        self.refusals = 0
        self.largest = 1
        self.finished = False

    @property
    def heard(self) -> bool:
        """Whether the panel answered anything but refusals."""
        return any(not isinstance(answer, Rejected) for answer in self.found.values())

    async def through(self, parts: Sequence[Sequence[str]]) -> None:
        """Put the questions, and their halves. Raises the first ``PanelError`` that is not about an id."""
        open_parts = deque(parts)
        first: PanelRefusedError | None = None
        while open_parts:
            part = open_parts.popleft()
            try:
                answers = await self._question(part)
            except PanelRefusedError as refused:
                if refused.kind in _OF_THE_SHOP or (len(part) == 1 and not self.found and first is None):
                    raise
                first = first or refused
                self._fruitless += 1
                # Depth first: the sooner one is alone, the sooner it shows whether the panel answers anything.
                open_parts.extendleft(reversed(self._halves(part, refused)))
            else:
                self._hear(part, answers)
            if self._fruitless >= _FRUITLESS:
                if first is not None:
                    raise first
                return
        self.finished = True

    def _halves(self, part: Sequence[str], refused: PanelRefusedError) -> tuple[Sequence[str], ...]:
        if len(part) == 1:
            self.found[part[0]] = self.alone[part[0]] = Rejected(refused.words)
            return ()
        self.refusals += 1
        half = len(part) // 2
        return part[:half], part[half:]

    def _hear(self, part: Sequence[str], answers: dict[str, T | Rejected]) -> None:
        self.found |= answers
        if len(part) == 1:
            self.alone[part[0]] = answers.get(part[0])
        fruitless = len(part) == 1 and isinstance(self.alone[part[0]], Rejected)
        self._fruitless = self._fruitless + 1 if fruitless else 0
        self.largest = max(self.largest, 0 if fruitless else len(part))


class Halving:
    """Asks about ids, in halves where the panel refuses the whole, and remembers what it found out by that.

    Ids that were refused when alone are asked about by themselves from then on, and ever less often. Where the whole
    was refused and none of its ids was, the panel takes no batch of that size: smaller ones are asked for. ``clock``
    gives seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._spoilers: dict[str, _Spoiler] = {}
        self._size: int | None = None

    async def ask(self, ids: Sequence[str], question: Question[T]) -> dict[str, T | Rejected]:
        """The answers by id; missing is what the panel leaves out, what was not asked about this time, and what was
        not heard before a failure.

        Raises ``PanelError`` as ``question`` does, where nothing was heard at all.
        """
        search = _Search(question)
        try:
            await search.through(self._parts(ids))
        except PanelError:
            if not search.heard:
                raise
        finally:
            self._learn(search)
        return search.found

    def _parts(self, ids: Sequence[str]) -> list[Sequence[str]]:
        """The questions to begin with: all at once, but for those that spoil it and are due."""
        if len(ids) == 1:
            return [ids]
        now = self._clock()
        together = [each for each in ids if each not in self._spoilers]
        size = self._size or len(ids)
        parts: list[Sequence[str]] = [together[start : start + size] for start in range(0, len(together), size)]
        return parts + [[each] for each in ids if each in self._spoilers and self._spoilers[each].due <= now]

    def _learn(self, search: _Search[T]) -> None:
        now = self._clock()
        for each, answer in search.alone.items():
            known = self._spoilers.pop(each, None)
            if isinstance(answer, Rejected):
                gap = min(known.gap * 2, _LAST_GAP) if known else _FIRST_GAP
                self._spoilers[each] = _Spoiler(now + gap, gap)
        if len(self._spoilers) > _MOST_SPOILERS:
            self._spoilers.clear()
        whole_refused = search.refusals and search.finished
        if whole_refused and not any(isinstance(answer, Rejected) for answer in search.alone.values()):
            self._size = search.largest
