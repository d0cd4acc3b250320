"""Users, where their conversations stand, and their half-filled forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.marks import mark_of
from bot.domain.orders import Answer


@dataclass(frozen=True, slots=True)
class User:
    """A person who wrote to the bot. ``locale`` is what they chose, ``language`` what their client says."""

    id: int
    name: str
    username: str | None
    language: str | None
    locale: str | None
    blocked: bool
    created_at: datetime


@dataclass(slots=True)
class Conversation:
    """Where a chat is. Text typed before ``revision`` was shown is no answer to what it asks."""

    chat_id: int
    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    shown_revision: int = 0
    screen_message: int | None = None
    last_message: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One customer's form, half filled. ``shown_*`` is what the summary showed."""

    id: int
    user_id: int
    service_id: int
    answers: Mapping[str, Answer]
    shown_price: int | None
    shown_minimum: int | None
    shown_maximum: int | None
    shown_at: datetime | None

    @property
    def mark(self) -> str:
        """Names the summary that was last shown: only its own *Confirm* places the order."""
        answers = json.dumps(self.answers, sort_keys=True)
        return mark_of(
            *(self.service_id, answers, self.shown_price, self.shown_minimum, self.shown_maximum, self.shown_at)
        )
