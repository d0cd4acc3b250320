"""Telegram's limits on sending: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from math import ceil

from bot.demo.telegram.errors import too_many_requests


@dataclass(frozen=True)
class Rate:
    """At most *count* messages in any *seconds*."""

    count: int
    seconds: float


@dataclass(frozen=True)
class Limits:
    """Which rates are watched; None is not watched."""

    per_chat: Rate | None = None
    overall: Rate | None = None
    per_channel: Rate | None = None

    @classmethod
    def like_telegram(cls) -> Limits:
        """One a second in a chat, 30 a second overall, 20 a minute in a channel or group."""
        return cls(per_chat=Rate(1, 1), overall=Rate(30, 1), per_channel=Rate(20, 60))


class Limiter:
    """Counts what was sent in sliding windows and refuses what is too much; a refused call does not count."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, chat_id: int, *, private: bool, now: float) -> None:
        """Count one message to a chat at *now* (seconds of any clock), or ApiError 429."""
        per_chat = self.limits.per_chat if private else self.limits.per_channel
        watched = [(f"chat {chat_id}", per_chat), ("overall", self.limits.overall)]
        pairs = [(self._sent[name], rate) for name, rate in watched if rate is not None]
        waits = [_wait(window, rate, now) for window, rate in pairs]
        if any(waits):
            raise too_many_requests(ceil(max(waits)))
        for window, _rate in pairs:
            window.append(now)


def _wait(window: deque[float], rate: Rate, now: float) -> float:
    while window and window[0] <= now - rate.seconds:
        window.popleft()
    return 0.0 if len(window) < rate.count else window[0] + rate.seconds - now
