"""People who write to the bot and press its buttons."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.demo.telegram.callbacks import Answer, Press
from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.files import STICKER
from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.inliners import Inliner
from bot.demo.telegram.messages import Button, ChatMessage
from bot.demo.telegram.rooms import Channel, Room
from bot.demo.telegram.texts import typed_text

_FOREVER = 0  # until_date of a block
PICTURE = b"\xff\xd8\xff"  # as much of a JPEG as anybody here looks at


class Person(Inliner):
    """Somebody who writes, presses, pays and looks for things in other chats."""

    async def send(self, text: str, chat: Channel | None = None, *, reply_to: ChatMessage | None = None) -> int:
        """Write a message, as a reply to one of the same chat where it is named; the id of its update."""
        return self.say(typed_text(text), chat=chat, extra=_answering(chat or self, reply_to))

    async def send_file(
        self,
        name: str,
        data: bytes,
        *,
        mime: str = "",
        caption: str = "",
        size: int | None = None,
        album: str = "",
        reply_to: ChatMessage | None = None,
    ) -> int:
        """Send a document; *size* claims more bytes than there are. The id of its update.

        Without *mime* the name decides, application/pdf for one. Files with the same *album* belong together.
        """
        file = self.world.files.keep(name, mime, data, size=size)
        extra = _answering(self, reply_to)
        return self.say(typed_text(caption), {"document": file.document}, album=album, extra=extra)

    async def send_photo(
        self, caption: str = "", *, data: bytes = PICTURE, album: str = "", reply_to: ChatMessage | None = None
    ) -> int:
        """Send a photo, which comes in three sizes. The id of its update."""
        extra = _answering(self, reply_to)
        return self.say(typed_text(caption), {"photo": self.world.files.keep_photo(data)}, album=album, extra=extra)

    async def send_sticker(self, emoji: str = "👍", *, reply_to: ChatMessage | None = None) -> int:
        """Send a sticker, as ``send``. The id of its update."""
        file = self.world.files.keep("sticker.webp", "image/webp", b"RIFF", kind=STICKER)
        sticker = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self.say(FormattedText(""), {"sticker": sticker | file.about}, extra=_answering(self, reply_to))

    async def send_contact(self, phone: str = "+10000000000") -> int:
        """Share their own contact. The id of its update."""
        contact = {"phone_number": phone, "first_name": self.name, "user_id": self.id}
        return self.say(FormattedText(""), {"contact": contact})

    async def edit(self, message: ChatMessage, text: str) -> int:
        """Change a message of theirs. The id of its update."""
        typed = typed_text(text)
        edited = self.world.put(
            self,
            replace(message, text=typed.text, entities=typed.entities, edit_date=self.world.now),
        )
        return self.push("edited_message", edited.as_update())

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
        if "pay" in button.raw:
            raise AssertionError(f"the button {button.label!r} opens a payment: use pay()")
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
        press.update_id = self.push("callback_query", query)
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
        return self.push("my_chat_member", body)


def _answering(room: Room, original: ChatMessage | None) -> JsonObject:
    """What a reply carries of the message that it answers."""
    return {} if original is None else {"reply_to_message": room.quoted(original.id)}
