"""Presses on buttons and their answers."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.demo.telegram.errors import bad_request, old_query
from bot.demo.telegram.formatting import utf16_length
from bot.demo.telegram.rooms import Room

LONGEST_ANSWER = 200
# Telegram does not say how long a query can be answered; bots see about a quarter of an hour.
SECONDS_TO_ANSWER = 900


@dataclass(frozen=True)
class Answer:
    """What a press showed: a notice at the top, or an alert to be closed; *url* is what it opened."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


class Press:
    """One press of a button, on its way to the bot and back."""

    def __init__(self, query_id: str, room: Room, label: str, update_id: int, pressed_at: float) -> None:
        self.id = query_id
        self.room = room
        self.label = label
        self.update_id = update_id
        self.pressed_at = pressed_at
        self.answer: Answer | None = None

    def answered(self, timeout: float | None = None) -> Coroutine[Any, Any, Answer]:
        """Wait for the bot's answer."""
        return self.room.wait_for(lambda: self.answer, timeout, f"an answer to the press on {self.label!r}")


class Presses:
    """The callback queries that were sent; each can be answered once, and not for long."""

    def __init__(self) -> None:
        self._waiting: dict[str, Press] = {}

    def add(self, press: Press) -> None:
        """Expect an answer to a press."""
        self._waiting[press.id] = press

    def waiting(self, query_id: str) -> Press | None:
        """A press that was not answered yet."""
        return self._waiting.get(query_id)

    def settle(self, query_id: str, answer: Answer, now: float) -> Press:
        """Hand an answer to its press. ApiError 400 for an unknown, answered or old query."""
        if utf16_length(answer.text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        press = self._waiting.pop(query_id, None)
        if press is None or now - press.pressed_at > SECONDS_TO_ANSWER:
            raise old_query()
        press.answer = answer
        return press
