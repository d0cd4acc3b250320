"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

# Any moment; with milliseconds, as the books keep them.
BEGINNING = datetime(2026, 3, 14, 15, 9, 26, 535_000, tzinfo=UTC)


class FakeClock:
    """Call it for the time; ``advance`` moves it on. ``now`` can be set to any aware moment."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> datetime:
        """Let so many seconds pass; the time then."""
        self.now += timedelta(seconds=seconds)
        return self.now
