"""Questions about many ids, put to a panel that refuses all of them for the sake of one.

The documents say that a bad id is an error in its own place. Some panels answer an error for the whole batch instead:
ninety-nine orders would never be heard of again.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.domain.outcomes import Rejected
from bot.panel.errors import PanelError, PanelRefusedError

T = TypeVar("T")

# A hundred ids are alone after seven halvings. A panel that refuses whatever it is asked ("try again later") is told
# from one with bad ids by refusing so many questions in a row: the caller's next round asks again.
_FRUITLESS = 30
# Ids that are not asked about any more are forgotten with all the others when there are too many.
_MOST_SPOILERS = 10_000


class Halving:
    """Asks about ids, in halves where the panel refuses the whole, and remembers which ids it refused when alone.

    Those are asked about by themselves from then on, so that a bad id costs a call a round and not a search.
    """

    def __init__(self) -> None:
        self._spoilers: set[str] = set()

    async def ask(
        self,
        ids: Sequence[str],
        question: Callable[[Sequence[str]], Awaitable[dict[str, T | Rejected]]],
    ) -> dict[str, T | Rejected]:
        """The answers by id; what the panel leaves out is missing, and so is what a failed half was about.

        Raises ``PanelError`` as ``question`` does, where nothing was heard at all or the shop itself is refused.
        """
        found: dict[str, T | Rejected] = {}
        first: PanelRefusedError | None = None
        fruitless = 0
        parts = self._parts(ids)
        while parts:
            part = parts.popleft()
            try:
                answers = await question(part)
            except PanelRefusedError as refused:
                if len(part) == 1 or refused.kind.about_shop:
                    raise
                first, fruitless = first or refused, fruitless + 1
                half = len(part) // 2
                # Depth first: the sooner one is alone, the sooner it shows whether the panel answers anything.
                parts.extendleft((part[half:], part[:half]))
            except PanelError:
                if not found:
                    raise
                break
            else:
                found |= answers
                fruitless = fruitless + 1 if self._refused(part, answers) else 0
            if first is not None and fruitless >= _FRUITLESS:
                raise first
        return found

    def _parts(self, ids: Sequence[str]) -> deque[Sequence[str]]:
        """The questions to begin with: all at once, but for those that spoil it."""
        together = [each for each in ids if each not in self._spoilers]
        alone = [[each] for each in ids if each in self._spoilers]
        return deque([together, *alone] if together else alone)

    def _refused(self, part: Sequence[str], answers: dict[str, T | Rejected]) -> bool:
        """Whether this was one id, which the panel refused; it is remembered, and forgotten when it is answered."""
        if len(part) > 1:
            return False
        refused = isinstance(answers.get(part[0]), Rejected)
        if not refused:
            self._spoilers.discard(part[0])
        elif len(self._spoilers) >= _MOST_SPOILERS:
            self._spoilers = set(part)
        else:
            self._spoilers.update(part)
        return refused
