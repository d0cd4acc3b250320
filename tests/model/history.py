"""What happened in a life, to be read by a person when something went wrong."""

from collections import Counter
from dataclasses import dataclass, field

from tests.clock import FakeClock

# What a reader takes in of what happened beside the order in question, in lines.
BESIDE = 40


@dataclass
class History:
    """Lines with their time. ``about`` names the link that an order is for; nothing where it concerns everybody."""

    clock: FakeClock
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def note(self, text: str, about: str = "") -> None:
        self.lines.append((f"{self.clock():%d %b %H:%M:%S}", about, text))

    def count(self, what: str) -> None:
        self.figures[what] += 1

    def of(self, about: str) -> str:
        """Everything about one link."""
        return "\n".join(f"  {at}  {text}" for at, whom, text in self.lines if whom == about)

    def end(self) -> str:
        """The last lines of all."""
        return "\n".join(f"  {at}  {whom:24}  {text}" for at, whom, text in self.lines[-BESIDE:])
