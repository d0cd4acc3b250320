"""What an invariant of the books is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that is always true of the books. ``violations`` lists where it is not, in sentences."""

    law: str
    violations: Callable[[Transaction], Awaitable[list[str]]]
