"""Chats: what stands in them, and waiting for what comes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.demo.telegram.errors import JsonObject, forbidden
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.signals import Signal

T = TypeVar("T")
TRANSCRIPT_LINES = 40


class Room:
    """One chat. Its history holds each message in its newest form, by id."""

    kind = "private"

    def __init__(self, room_id: int, title: str, patience: float) -> None:
        self.id = room_id
        self.title = title
        self.history: dict[int, ChatMessage] = {}
        self.changed = Signal()
        self.patience = patience
        self.last_id = 0
        self.mark = 0
        self._heard = 0

    @property
    def chat(self) -> JsonObject:
        """The Chat object of the Bot API."""
        return {"id": self.id, "type": self.kind, "title": self.title}

    @property
    def messages(self) -> list[ChatMessage]:
        """Everything in the chat, oldest first."""
        return list(self.history.values())

    @property
    def heard_messages(self) -> list[ChatMessage]:
        """What the bot wrote, oldest first."""
        return [message for message in self.history.values() if message.from_bot]

    @property
    def news(self) -> list[ChatMessage]:
        """What the bot wrote or changed since the last interaction, oldest change first."""
        fresh = [message for message in self.heard_messages if message.seq > self.mark]
        return sorted(fresh, key=lambda message: message.seq)

    @property
    def screen(self) -> ChatMessage | None:
        """The last message with an inline keyboard."""
        return next((message for message in reversed(self.messages) if message.keyboard), None)

    def quoted(self, message_id: int) -> JsonObject:
        """A message as a reply to it carries it: as it stands now, without what it answers itself."""
        original = self.history[message_id].as_update()
        return {name: value for name, value in original.items() if name != "reply_to_message"}

    def next_message_id(self) -> int:
        """The id of the next message here."""
        self.last_id += 1
        return self.last_id

    def check_bot_may_write(self) -> None:
        """ApiError 403 when the bot is not welcome."""

    def transcript(self) -> str:
        """The end of the chat as readable lines."""
        lines = [message.as_line() for message in self.messages[-TRANSCRIPT_LINES:]]
        return "\n".join(lines) or "(nothing was said)"

    def expect(self, text_contains: str, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """Wait for a message of the bot, new or edited since the last interaction, that shows this text."""
        return self.wait_for(
            lambda: next((message for message in reversed(self.news) if text_contains in message.text), None),
            timeout,
            f"a message with {text_contains!r}",
        )

    def expect_button(self, label: str, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """The same for a message that has a button with this label."""
        return self.wait_for(
            lambda: next((message for message in reversed(self.news) if label in message.labels), None),
            timeout,
            f"a message with the button {label!r}",
        )

    def heard(self, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """The next new or edited message of the bot, each change handed out once."""
        return self._hear(timeout)

    async def _hear(self, seconds: float | None) -> ChatMessage:
        def look() -> ChatMessage | None:
            return next((message for message in self.news if message.seq > self._heard), None)

        message = await self.wait_for(look, seconds, "a message")
        self._heard = message.seq
        return message

    def until(self, predicate: Callable[[], T | None], timeout: float | None = None) -> Coroutine[Any, Any, T]:
        """Wait until a condition holds, looked at after every call of the bot about this chat; its value."""
        return self.wait_for(predicate, timeout, "a condition")

    async def wait_for(self, look: Callable[[], T | None], seconds: float | None, what: str) -> T:
        """Wait until *look* finds something; AssertionError with the chat's transcript when time is up."""
        limit = self.patience if seconds is None else seconds
        if found := await self.changed.until(look, limit):
            return found
        raise AssertionError(f"{self.title} waited {limit:g} s for {what}. The chat:\n{self.transcript()}")


class Channel(Room):
    """A broadcast channel; the bot may post while it is an administrator there."""

    kind = "channel"

    def __init__(self, room_id: int, title: str, patience: float, *, bot_is_admin: bool, username: str) -> None:
        super().__init__(room_id, title, patience)
        self.bot_is_admin = bot_is_admin
        self.username = username

    @property
    def chat(self) -> JsonObject:
        """The Chat object of the Bot API."""
        return super().chat | ({"username": self.username} if self.username else {})

    @property
    def posts(self) -> list[ChatMessage]:
        """Everything posted, oldest first."""
        return self.messages

    def check_bot_may_write(self) -> None:
        """Only administrators post."""
        if not self.bot_is_admin:
            raise forbidden(f"bot is not a member of the {self.kind} chat")


class Group(Channel):
    """A group; the bot hears what is said there while it is a member."""

    kind = "supergroup"
