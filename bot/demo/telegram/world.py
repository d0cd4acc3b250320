"""Everything the stand-in knows: chats, updates, commands, files, and what the bot called."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from bot.demo.telegram.callbacks import Presses
from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.faults import Faults
from bot.demo.telegram.files import FileStore
from bot.demo.telegram.limits import Limiter, Limits
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.rooms import Room
from bot.demo.telegram.signals import Signal
from bot.demo.telegram.stars import StarBook
from bot.demo.telegram.suggestions import InlineDesk
from bot.demo.telegram.updates import UpdateQueue

FIRST_UPDATE = 700_000_001  # Telegram starts anywhere; a large number shows up code that expects a small one
FEED_LENGTH = 10_000  # changes a page can catch up with; after more it loads the chats anew


@dataclass(frozen=True)
class Call:
    """One call of the bot: *outcome* is "ok", an error's code and words, or the fault that it met."""

    method: str
    params: JsonObject
    chat: int | None
    time: float
    outcome: str

    @property
    def ok(self) -> bool:
        """Whether the bot was told that it worked."""
        return self.outcome == "ok"


@dataclass(frozen=True)
class Change:
    """One thing a page would want to show."""

    seq: int
    kind: str
    chat: int
    body: Any


class World:
    """The state behind the server."""

    def __init__(self, token: str, clock: Callable[[], float], limits: Limits) -> None:
        self.token = token
        self.clock = clock
        self.me: JsonObject = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Demo Shop",
            "username": "demo_shop_bot",
        }
        self.updates = UpdateQueue(FIRST_UPDATE)
        self.rooms: dict[int, Room] = {}
        self.presses = Presses()
        self.stars = StarBook()
        self.inline = InlineDesk()
        self.limiter = Limiter(limits)
        self.faults = Faults()
        self.commands: dict[tuple[str, str], list[JsonObject]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.calls: list[Call] = []
        self.feed: deque[Change] = deque(maxlen=FEED_LENGTH)
        self.changed = Signal()
        self.last_seq = 0
        self._names = count(1)
        self.files = FileStore(self.unique)
        self._private_ids = count(1)

    @property
    def now(self) -> int:
        """Unix time in whole seconds."""
        return int(self.clock())

    def unique(self, prefix: str) -> str:
        """A name nothing else has."""
        return f"{prefix}{next(self._names)}"

    def next_message_id(self, room: Room) -> int:
        """Private chats share one sequence of ids, every channel and group has its own."""
        return next(self._private_ids) if room.kind == "private" else room.next_message_id()

    def room(self, chat_id: str) -> Room:
        """A chat by its id or @name. ApiError 400 when there is none."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat_id.startswith("@"):
            known = (room for room in self.rooms.values() if room.chat.get("username") == chat_id[1:])
            found = next((room for room in known if room.kind != "private"), None)
        else:
            found = self.rooms.get(int(chat_id)) if chat_id.lstrip("-").isdecimal() else None
        if found is None:
            raise bad_request("chat not found")
        return found

    def put(self, room: Room, message: ChatMessage) -> ChatMessage:
        """Let a message, new or edited, stand in a chat."""
        message = replace(message, seq=self.last_seq + 1)
        self.announce("message", room, message.as_json())
        room.history[message.id] = message
        room.changed.pulse()
        return message

    def announce(self, kind: str, room: Room | None, body: Any) -> int:
        """Tell whoever watches what changed, in one chat or in all; the change's number."""
        self.last_seq += 1
        self.feed.append(Change(self.last_seq, kind, room.id if room else 0, body))
        self.changed.pulse()
        return self.last_seq

    def changes(self, since: int) -> list[Change] | None:
        """What changed after a number; None when that is too long ago to tell."""
        if since > self.last_seq or (self.feed and since + 1 < self.feed[0].seq):
            return None
        return [change for change in self.feed if change.seq > since]
