"""Who somebody is, and how what they do reaches the bot."""

from __future__ import annotations

from bot.demo.telegram.errors import JsonObject, forbidden
from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.rooms import Channel, Room
from bot.demo.telegram.world import World


class User(Room):
    """A user and their private chat with the bot."""

    def __init__(
        self,
        world: World,
        person_id: int,
        name: str,
        patience: float,
        *,
        username: str = "",
        language: str = "en",
        last_name: str = "",
    ) -> None:
        super().__init__(person_id, name, patience)
        self.world = world
        self.username = username
        self.language = language
        self.last_name = last_name
        self.started = False
        self.blocked = False

    @property
    def name(self) -> str:
        """The first name."""
        return self.title

    @property
    def user(self) -> JsonObject:
        """The User object of the Bot API."""
        language = {"language_code": self.language} if self.language else {}
        return {"id": self.id, "is_bot": False} | self._names() | language

    @property
    def chat(self) -> JsonObject:
        """The Chat object of the Bot API."""
        return {"id": self.id, "type": "private"} | self._names()

    def _names(self) -> JsonObject:
        names = {"first_name": self.title, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value}

    def check_bot_may_write(self) -> None:
        """People must have written first, and not have blocked the bot."""
        if self.blocked:
            raise forbidden("bot was blocked by the user")
        if not self.started:
            raise forbidden("bot can't initiate conversation with a user")

    def say(
        self,
        typed: FormattedText,
        content: JsonObject | None = None,
        *,
        chat: Channel | None = None,
        album: str = "",
        markup: JsonObject | None = None,
        extra: JsonObject | None = None,
        deliver: int = 1,
    ) -> int:
        """Put a message into the private chat, a group or a channel, and tell the bot so often; the last update's id.

        What stands in a channel is the channel's own: nobody reads who wrote it.
        """
        room = chat or self
        of_channel = room.kind == "channel"
        if room is self and self.blocked:
            raise AssertionError(f"{self.name} has blocked the bot and must unblock() before writing")
        self.started = self.started or room is self
        message = self.world.put(
            room,
            ChatMessage(
                id=self.world.next_message_id(room),
                chat=room.chat,
                sender=None if of_channel else self.user,
                from_bot=False,
                date=self.world.now,
                text=typed.text,
                entities=typed.entities,
                markup=markup,
                content=content or {},
                extra=(extra or {}) | ({"media_group_id": album} if album else {}),
            ),
        )
        room.mark = message.seq
        kind = "channel_post" if of_channel else "message"
        told = [self.push(kind, message.as_update()) for _ in range(deliver)]
        return told[-1] if told else 0

    def push(self, kind: str, body: JsonObject) -> int:
        """Send the bot an update; its id, 0 if the bot does not want this kind."""
        return self.world.updates.push(kind, body)
