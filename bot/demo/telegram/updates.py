"""The queue of updates: https://core.telegram.org/bots/api#getupdates."""

from __future__ import annotations

from collections.abc import Iterable

from bot.demo.telegram.errors import JsonObject, conflict
from bot.demo.telegram.signals import Signal

LONGEST_WAIT = 50  # seconds, the longest that Telegram holds a getUpdates open
MOST_AT_ONCE = 100
# Sent only to bots that name them in allowed_updates.
OPT_IN = {"chat_member", "message_reaction", "message_reaction_count"}
# Worth nothing once the time to answer is over.
PASSING = {"pre_checkout_query", "shipping_query", "inline_query"}


class UpdateQueue:
    """Updates wait here until a getUpdates with a higher offset confirms them."""

    def __init__(self, first_id: int) -> None:
        self.changed = Signal()
        self.webhook: JsonObject = {}
        self.confirmed_below = first_id
        self.passing: set[int] = set()
        """The ids of what is answered at once or never: a bot need not remember it."""
        self._next_id = first_id
        self._waiting: dict[int, JsonObject] = {}
        self._allowed: frozenset[str] | None = None
        self._newest_poll = 0
        self._closed = False

    @property
    def waiting(self) -> list[int]:
        """The ids of updates the bot did not confirm yet."""
        return list(self._waiting)

    def push(self, kind: str, body: JsonObject) -> int:
        """Queue an update and return its id; 0 when the bot does not want this kind."""
        wanted = kind not in OPT_IN if self._allowed is None else kind in self._allowed
        if not wanted:
            return 0
        update_id = self._next_id
        self._next_id += 1
        self._waiting[update_id] = {"update_id": update_id, kind: body}
        if kind in PASSING:
            self.passing.add(update_id)
        self.changed.pulse()
        return update_id

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Choose the kinds of the updates to come: None leaves the choice, an empty list is the default."""
        if kinds is None:
            return
        chosen = frozenset(kinds)
        self._allowed = chosen or None

    def drop(self) -> None:
        """Forget what waits (drop_pending_updates)."""
        self._confirm(self._next_id)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[JsonObject]:
        """One getUpdates. ApiError 409 while a webhook is set, or when a later poll comes in meanwhile."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if not 1 <= limit <= MOST_AT_ONCE:
            limit = MOST_AT_ONCE
        self._newest_poll += 1
        mine = self._newest_poll
        self.changed.pulse()
        self._confirm(offset if offset >= 0 else self._next_id + offset)
        await self._hold(mine, min(max(seconds, 0), LONGEST_WAIT))
        if mine != self._newest_poll:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        return list(self._waiting.values())[:limit]

    async def confirmed(self, update_id: int, seconds: float) -> bool:
        """Wait until the offset moved past an update; False when time is up."""
        return bool(await self.changed.until(lambda: self.confirmed_below > update_id, seconds))

    def close(self) -> None:
        """Let polls that wait go, because the server stops."""
        self._closed = True
        self.changed.pulse()

    def open(self) -> None:
        """Hold polls again."""
        self._closed = False

    def _confirm(self, below: int) -> None:
        below = min(below, self._next_id)
        for update_id in [known for known in self._waiting if known < below]:
            del self._waiting[update_id]
        if below > self.confirmed_below:
            self.confirmed_below = below
            self.changed.pulse()

    async def _hold(self, mine: int, seconds: float) -> None:
        await self.changed.until(lambda: bool(self._waiting) or mine != self._newest_poll or self._closed, seconds)
