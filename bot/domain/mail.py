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
    def urgent(self) -> bool:
        """Whether somebody is about to pay: that overtakes everything, for Telegram waits ten seconds."""
        return "pre_checkout_query" in json.loads(self.payload)

    @property
    def fleeting(self) -> bool:
        """Whether somebody types the bot's name in some chat and waits for suggestions: not kept, for they type on."""
        return "inline_query" in json.loads(self.payload)


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
