"""The people's side of a stand-in that runs in another process, over its control API."""

from __future__ import annotations

import base64
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from bot.demo.telegram.callbacks import Answer
from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.faults import Fault
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.people import PICTURE
from bot.demo.telegram.stars import XTR, Fate, Outcome
from bot.demo.telegram.world import Call

# A little longer than any patience over there: the answer with the transcript must win.
_SECONDS_MORE = 30.0


class RemoteRoom:
    """A chat over there."""

    def __init__(self, remote: RemoteTelegram, chat_id: int) -> None:
        self._remote = remote
        self.id = chat_id

    async def act(self, action: str, **values: Any) -> Any:
        """One of the control API's powers on this chat; what is None is left out."""
        given = {key: value for key, value in values.items() if value is not None}
        return await self._remote.act(action, chat=self.id, **given)

    async def messages(self, since: int = 0) -> list[ChatMessage]:
        """Everything in the chat that was new or changed after a seq, oldest first."""
        answer = await self.act("chat", since=since)
        return [ChatMessage.from_json(values) for values in answer["messages"]]

    def expect(self, text_contains: str, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """Wait for a message of the bot since the last interaction; AssertionError with the transcript."""
        return self._expect(text=text_contains, timeout=timeout)

    def expect_button(self, label: str, timeout: float | None = None) -> Coroutine[Any, Any, ChatMessage]:
        """The same for a message with this button."""
        return self._expect(button=label, timeout=timeout)

    async def read_file(self, message: ChatMessage) -> bytes:
        """The bytes of the file in a message."""
        return base64.b64decode((await self.act("download", message=message.id))["data"])

    async def _expect(self, **values: Any) -> ChatMessage:
        return ChatMessage.from_json(await self.act("expect", **values))


class RemotePerson(RemoteRoom):
    """A person over there."""

    async def send(self, text: str, *, reply_to: ChatMessage | None = None) -> int:
        """Write a message, as a reply where one is named; the id of its update."""
        return int(await self.act("send", text=text, reply_to=reply_to and reply_to.id))

    async def send_file(self, name: str, data: bytes, *, caption: str = "", album: str = "") -> int:
        """Send a document; the id of its update."""
        encoded = base64.b64encode(data).decode()
        return int(await self.act("file", name=name, data=encoded, caption=caption, album=album))

    async def send_photo(self, caption: str = "", *, data: bytes = PICTURE, album: str = "") -> int:
        """Send a photo; the id of its update."""
        return int(await self.act("photo", data=base64.b64encode(data).decode(), caption=caption, album=album))

    def pay(
        self, what: ChatMessage | str, deliver: int = 1, timeout: float | None = None
    ) -> Coroutine[Any, Any, Outcome]:
        """Pay an invoice, somebody's invoice or a link, and wait for what comes of it."""
        return self._paid("pay", **_due(what), deliver=deliver, timeout=timeout)

    async def pay_unasked(self, payload: str, amount: int, currency: str = XTR, deliver: int = 1) -> Outcome:
        """A payment that the bot was not asked about."""
        return await self._paid("pay_unasked", payload=payload, amount=amount, currency=currency, deliver=deliver)

    async def checkout(self, what: ChatMessage | str, deliver: int = 1) -> JsonObject:
        """Press Pay without waiting: {"checkout", "update_id"}, for settled() and expire()."""
        known: JsonObject = await self.act("checkout", **_due(what), deliver=deliver)
        return known

    def settled(self, checkout: JsonObject, timeout: float | None = None) -> Coroutine[Any, Any, Outcome]:
        """Wait for what comes of a checkout."""
        return self._paid("settled", checkout=checkout["checkout"], timeout=timeout)

    async def expire(self, checkout: JsonObject) -> Outcome:
        """Let the bot's time for a checkout be over."""
        return await self._paid("expire", checkout=checkout["checkout"])

    async def _paid(self, action: str, **values: Any) -> Outcome:
        outcome = await self.act(action, **values)
        return Outcome(**(outcome | {"fate": Fate(outcome["fate"])}))

    async def stars(self, count: int | None = None) -> int:
        """How many Stars they have, from now on if *count* is given."""
        return int(await self.act("stars", stars=count))

    async def tap(self, label: str, message: ChatMessage | None = None) -> JsonObject:
        """Press without waiting: {"press", "update_id"}, for answered()."""
        known: JsonObject = await self.act("tap", label=label, message=message and message.id)
        return known

    def answered(self, press: JsonObject, timeout: float | None = None) -> Coroutine[Any, Any, Answer]:
        """Wait for the answer to a tap."""
        return self._answer("answer", press=press["press"], timeout=timeout)

    def press(
        self, label: str, message: ChatMessage | None = None, timeout: float | None = None
    ) -> Coroutine[Any, Any, Answer]:
        """Press a button by its label and wait for the answer."""
        return self._answer("press", label=label, message=message and message.id, timeout=timeout)

    async def _answer(self, action: str, **values: Any) -> Answer:
        return Answer(**await self.act(action, **values))

    async def block(self) -> int:
        """Block the bot."""
        return int(await self.act("block"))

    async def unblock(self) -> int:
        """Let the bot write again."""
        return int(await self.act("unblock"))


def _due(what: ChatMessage | str) -> JsonObject:
    return {"link": what} if isinstance(what, str) else {"message": what.id, "of": what.chat["id"]}


class RemoteTelegram:
    """A client of the control API: `async with RemoteTelegram(url) as tg`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = ClientSession(timeout=ClientTimeout(total=None, sock_connect=_SECONDS_MORE))

    async def __aenter__(self) -> RemoteTelegram:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def act(self, action: str, **values: Any) -> Any:
        """One of the control API's powers; AssertionError with its words when it was refused or came late."""
        async with self._session.post(f"{self.url}/control/{action}", json=values) as response:
            if response.content_type != "application/json":
                raise AssertionError(f"{action}: {response.status} {await response.text()}")
            answer = await response.json()
            if response.status >= 400:
                raise AssertionError(f"{action}: {answer['error']}")
            return answer

    async def person(self, id: int, name: str = "Anna", **more: str) -> RemotePerson:  # noqa: A002  (the word people know from Telegram)
        """Somebody over there, created if need be; *more* is username, language, last_name."""
        await self.act("person", id=id, name=name, **more)
        return RemotePerson(self, id)

    async def channel(self, id: int, title: str = "News", *, bot_is_admin: bool = True) -> RemoteRoom:  # noqa: A002  (the word people know from Telegram)
        """A channel over there."""
        await self.act("channel", id=id, title=title, bot_is_admin=bot_is_admin)
        return RemoteRoom(self, id)

    async def calls(self, since: int = 0) -> list[Call]:
        """What the bot called, without the first *since*."""
        return [Call(**values) for values in await self.act("calls", since=since)]

    async def fail(self, method: str, fault: Fault, times: int | None = 1, chat: int | None = None) -> None:
        """Let the next calls of a method meet a fault, as DemoTelegram.fail does."""
        await self.act("fail", method=method, times=times, chat=chat, **vars(fault))

    async def reverse(self, charge: str) -> int:
        """Let Telegram give a payment back; the update's id."""
        return int(await self.act("reverse", charge=charge))

    async def repeat_payment(self, charge: str) -> int:
        """Tell the bot of a payment once more; the update's id."""
        return int(await self.act("repeat_payment", charge=charge))

    async def transactions(self) -> list[JsonObject]:
        """Every payment and refund, the oldest first."""
        return list(await self.act("transactions"))

    async def heal(self) -> None:
        """End every fault."""
        await self.act("heal")

    async def confirmed(self, update_id: int) -> None:
        """Wait until the bot has moved its offset past an update."""
        await self.act("confirmed", update_id=update_id)

    async def waiting(self) -> list[int]:
        """The ids of the updates that are not confirmed."""
        return list((await self.act("updates"))["waiting"])
