"""People who write to the bot and press its buttons."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.demo.telegram.callbacks import Answer, Press
from bot.demo.telegram.errors import JsonObject, forbidden
from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.messages import Button, ChatMessage
from bot.demo.telegram.rooms import Group, Room
from bot.demo.telegram.texts import typed_text
from bot.demo.telegram.world import World

_FOREVER = 0  # until_date of a block


class Person(Room):
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

    async def send(self, text: str, chat: Group | None = None) -> int:
        """Write a message; the id of its update."""
        return self._say(typed_text(text), {}, chat)

    async def send_file(
        self, name: str, data: bytes, *, mime: str = "text/plain", caption: str = "", size: int | None = None
    ) -> int:
        """Send a document; *size* claims more bytes than there are. The id of its update."""
        file = self.world.keep_file(name, mime, data, size)
        document = {
            "file_name": file.name,
            "mime_type": file.mime,
            "file_id": file.id,
            "file_unique_id": f"u-{file.id}",
            "file_size": file.size,
        }
        return self._say(typed_text(caption), {"document": document}, None)

    async def send_photo(self, caption: str = "") -> int:
        """Send a photo. The id of its update."""
        file = self.world.keep_file("photo.jpg", "image/jpeg", b"\xff\xd8\xff")
        size = {
            "file_id": file.id,
            "file_unique_id": f"u-{file.id}",
            "width": 90,
            "height": 90,
            "file_size": file.size,
        }
        return self._say(typed_text(caption), {"photo": [size]}, None)

    async def send_sticker(self, emoji: str = "👍") -> int:
        """Send a sticker. The id of its update."""
        file = self.world.keep_file("sticker.webp", "image/webp", b"RIFF")
        sticker = {
            "file_id": file.id,
            "file_unique_id": f"u-{file.id}",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._say(FormattedText(""), {"sticker": sticker}, None)

    async def send_contact(self, phone: str = "+10000000000") -> int:
        """Share their own contact. The id of its update."""
        contact = {"phone_number": phone, "first_name": self.name, "user_id": self.id}
        return self._say(FormattedText(""), {"contact": contact}, None)

    async def edit(self, message: ChatMessage, text: str) -> int:
        """Change a message of theirs. The id of its update."""
        typed = typed_text(text)
        edited = self.world.put(
            self,
            replace(message, text=typed.text, entities=typed.entities, edit_date=self.world.now),
        )
        return self._push("edited_message", edited.as_update())

    async def block(self) -> int:
        """Block the bot. The id of the update."""
        return self._member("member", "kicked")

    async def unblock(self) -> int:
        """Let the bot write again. The id of the update."""
        return self._member("kicked", "member")

    async def tap(self, label: str, message: ChatMessage | None = None) -> Press:
        """Press a button without waiting for the answer."""
        return await self._tap(label, message, None)

    async def _tap(self, label: str, message: ChatMessage | None, seconds: float | None) -> Press:
        target, button = await self._button(label, message, seconds)
        if button.data is None:
            raise AssertionError(f"the button {button.label!r} sends nothing to the bot: {button.raw}")
        return self.forge(button.data, target, button.label)

    def press(
        self, label: str, message: ChatMessage | None = None, timeout: float | None = None
    ) -> Coroutine[Any, Any, Answer]:
        """Press a button of the newest message that has it, or of *message*, and wait for the answer.

        A label is looked for as it is, then as a part of one. A button that opens a link answers with it.
        """
        return self._press(label, message, timeout)

    async def _press(self, label: str, message: ChatMessage | None, seconds: float | None) -> Answer:
        _target, button = await self._button(label, message, seconds)
        if button.data is None:
            return Answer(url=button.raw.get("url", ""), text=button.raw.get("copy_text", {}).get("text", ""))
        return await (await self._tap(label, message, seconds)).answered(seconds)

    def press_many(
        self, label: str, times: int, message: ChatMessage | None = None, timeout: float | None = None
    ) -> Coroutine[Any, Any, list[Answer]]:
        """Press a button so often at once, before the bot hears of the first, and wait for every answer."""
        return self._press_many(label, times, message, timeout)

    async def _press_many(
        self, label: str, times: int, message: ChatMessage | None, seconds: float | None
    ) -> list[Answer]:
        presses = [await self._tap(label, message, seconds) for _ in range(times)]
        return list(await gather(*(press.answered(seconds) for press in presses)))

    def forge(self, data: str, message: ChatMessage, label: str = "forged") -> Press:
        """Send any callback data for a message, as a client that was tampered with can."""
        query_id = self.world.unique(f"{self.id}")
        self.mark = self.world.announce("press", self, {"message": message.id, "label": label})
        current = self.history.get(message.id)
        shown = current or message
        query = {
            "id": query_id,
            "from": self.user,
            "message": shown.as_update() if current else {"chat": self.chat, "message_id": message.id, "date": 0},
            "chat_instance": f"-{self.id}77",
            "data": data,
        }
        press = Press(query_id, self, label, 0, self.world.clock())
        self.world.presses.add(press)
        press.update_id = self._push("callback_query", query)
        return press

    async def _button(
        self, label: str, message: ChatMessage | None, seconds: float | None
    ) -> tuple[ChatMessage, Button]:
        return await self.wait_for(lambda: self._find(label, message), seconds, f"the button {label!r}")

    def _find(self, label: str, message: ChatMessage | None) -> tuple[ChatMessage, Button] | None:
        for candidate in [message] if message else reversed(self.messages):
            buttons = [button for row in candidate.keyboard for button in row]
            exact = (button for button in buttons if button.label == label)
            similar = (button for button in buttons if label.casefold() in button.label.casefold())
            if button := next(exact, None) or next(similar, None):
                return candidate, button
        return None

    def _say(self, typed: FormattedText, content: JsonObject, chat: Group | None) -> int:
        room = chat or self
        if room is self and self.blocked:
            raise AssertionError(f"{self.name} has blocked the bot and must unblock() before writing")
        self.started = self.started or room is self
        message = self.world.put(
            room,
            ChatMessage(
                id=self.world.next_message_id(room),
                chat=room.chat,
                sender=self.user,
                from_bot=False,
                date=self.world.now,
                text=typed.text,
                entities=typed.entities,
                content=content,
            ),
        )
        room.mark = message.seq
        return self._push("message", message.as_update())

    def _member(self, before: str, after: str) -> int:
        self.blocked = after == "kicked"
        self.world.announce("member", self, {"blocked": self.blocked})
        me = self.world.me
        ends = {"until_date": _FOREVER}
        body = {
            "chat": self.chat,
            "from": self.user,
            "date": self.world.now,
            "old_chat_member": {"user": me, "status": before} | (ends if before == "kicked" else {}),
            "new_chat_member": {"user": me, "status": after} | (ends if after == "kicked" else {}),
        }
        return self._push("my_chat_member", body)

    def _push(self, kind: str, body: JsonObject) -> int:
        return self.world.updates.push(kind, body)
