"""Updates received but not yet handled, and news decided but not yet sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# The channel's chat id in the outbox, wherever CHANNEL_ID points when the news is sent.
CHANNEL = 0
# What admins have to decide goes before all else that waits for their chat, and what they only have to know after it:
# customers and panels can bring about any number of the latter. It is put together, so many in a message.
CARDS = frozenset({"uncertain", "question", "receipt"})
NOTES = frozenset({"refused", "request_failed", "alert", "alert_over"})
TOGETHER = 15

_FLEETING = frozenset({"pre_checkout_query", "inline_query"})


@dataclass(frozen=True, slots=True)
class Received:
    """One update as Telegram sent it, JSON in ``payload``."""

    update_id: int
    chat_id: int
    payload: str
    failures: int = 0

    @property
    def typed(self) -> bool:
        """Whether somebody wrote a message; the others are presses and the like."""
        return "message" in json.loads(self.payload)

    @property
    def fleeting(self) -> bool:
        """Whether it is answered at once or never: it overtakes everything, and is not kept.

        Somebody is about to pay, for which Telegram waits ten seconds; or they type the bot's name in some chat, wait
        for suggestions, and type on.
        """
        return not _FLEETING.isdisjoint(json.loads(self.payload))


@dataclass(frozen=True, slots=True)
class News:
    """One message to be sent: a kind and frozen facts, in words only when delivered."""

    id: int
    chat_id: int
    kind: str
    facts: Mapping[str, Any]
    order_id: int | None
    created_at: datetime
    tries: int
