"""The powers of the people and of the tests over HTTP, as JSON under /control.

For the chat page and for tests whose bot or stand-in runs in another process. A condition that does not come
true in time is answered with 408 and the chat's transcript.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

from aiohttp import web

from bot.demo.telegram.callbacks import Press
from bot.demo.telegram.control_inline import InlineActions
from bot.demo.telegram.errors import ApiError, JsonObject
from bot.demo.telegram.faults import Fault, FaultKind
from bot.demo.telegram.people import PICTURE
from bot.demo.telegram.powers import Powers

PICTURES = ("image/jpeg", "image/png")  # what a browser shows and cannot run


class Control(InlineActions):
    """One POST per power: a JSON object in, a JSON value out."""

    def __init__(self, powers: Powers) -> None:
        super().__init__(powers)
        self._presses: dict[str, Press] = {}

    def routes(self) -> list[web.RouteDef]:
        """Where the powers are served, and the files that were sent."""
        return [web.post("/control/{action}", self._act), web.get("/control/files/{file}", self._file)]

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        # Pictures are shown; everything else is only ever saved, so that nothing sent here can act as a page.
        mime = file.mime if file.mime in PICTURES else "application/octet-stream"
        name = quote(file.name, safe="")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return web.Response(body=file.data, content_type=mime, headers=headers)

    async def _act(self, request: web.Request) -> web.Response:
        action = getattr(self, f"do_{request.match_info['action']}", None)
        if action is None:
            raise web.HTTPNotFound(text=f"no such power: {request.match_info['action']}")
        if request.content_type != "application/json":
            # Another site's page cannot send this type here without asking first.
            raise web.HTTPUnsupportedMediaType(text="send application/json")
        values = await request.json()
        try:
            return web.json_response(await action(values))
        except AssertionError as late:
            return web.json_response({"error": str(late)}, status=408)
        except ApiError as refused:
            return web.json_response({"error": refused.description}, status=400)
        except (KeyError, TypeError, ValueError) as wrong:
            return web.json_response({"error": repr(wrong)}, status=400)

    async def do_person(self, values: JsonObject) -> JsonObject:
        """Create or change somebody: {id, name?, username?, language?, last_name?}."""
        person = self._powers.person(values["id"], values.get("name", "Anna"))
        person.title = values.get("name", person.title)
        for field in ("username", "language", "last_name"):
            setattr(person, field, values.get(field, getattr(person, field)))
        self._world.announce("person", person, person.user)
        return person.user

    async def do_channel(self, values: JsonObject) -> JsonObject:
        """Create a channel: {id, title?, bot_is_admin?}."""
        admin = values.get("bot_is_admin", True)
        return self._powers.channel(values["id"], values.get("title", "News"), bot_is_admin=admin).chat

    async def do_send(self, values: JsonObject) -> int:
        """Write: {chat, text, reply_to? a message's id, into? a group or channel}; the update's id."""
        person, into = self._person(values), self._into(values)
        return await person.send(values["text"], into, reply_to=self._answered(into or person, values))

    async def do_file(self, values: JsonObject) -> int:
        """Send a document: {chat, name, data as base64, caption?, size?, mime?, album?, reply_to?}; the update's id."""
        person = self._person(values)
        given = {key: values[key] for key in ("caption", "size", "mime", "album") if key in values}
        original = self._answered(person, values)
        return await person.send_file(values["name"], base64.b64decode(values["data"]), **given, reply_to=original)

    async def do_photo(self, values: JsonObject) -> int:
        """Send a photo: {chat, data? as base64, caption?, album?, reply_to?}; the update's id."""
        person = self._person(values)
        given = {key: values[key] for key in ("caption", "album") if key in values}
        data = base64.b64decode(values["data"]) if "data" in values else PICTURE
        return await person.send_photo(data=data, **given, reply_to=self._answered(person, values))

    async def do_download(self, values: JsonObject) -> JsonObject:
        """The file of a message: {chat, message}; its name, and its data as base64."""
        file = self._world.files.of(self._room(values).history[values["message"]].content)
        if file is None:
            raise ValueError("there is no file in this message")
        return {"name": file.name, "data": base64.b64encode(file.data).decode()}

    async def do_tap(self, values: JsonObject) -> JsonObject:
        """Press without waiting: {chat, label, message? as an id, data? to press what is no longer shown}."""
        person = self._person(values)
        message = self._message(person, values)
        if "data" in values and message is not None:
            press = person.forge(values["data"], message, values.get("label", "forged"))
        else:
            press = await person.tap(values["label"], message)
        self._presses[press.id] = press
        return {"press": press.id, "update_id": press.update_id}

    async def do_answer(self, values: JsonObject) -> JsonObject:
        """The answer to a tap: {press, timeout?}."""
        return vars(await self._presses[values["press"]].answered(values.get("timeout")))

    async def do_press(self, values: JsonObject) -> JsonObject:
        """Press and wait for the answer: {chat, label, message?, timeout?}."""
        person = self._person(values)
        message = self._message(person, values)
        return vars(await person.press(values["label"], message, values.get("timeout")))

    async def do_expect(self, values: JsonObject) -> JsonObject:
        """Wait for a message of the bot since the last interaction: {chat, text or button, timeout?}."""
        room, timeout = self._room(values), values.get("timeout")
        if "button" in values:
            return (await room.expect_button(values["button"], timeout)).as_json()
        return (await room.expect(values["text"], timeout)).as_json()

    async def do_chat(self, values: JsonObject) -> JsonObject:
        """What a chat shows: {chat, since? a seq}."""
        room, since = self._room(values), values.get("since", 0)
        messages = [message.as_json() for message in room.messages if message.seq > since]
        return {"messages": messages, "seq": self._world.last_seq}

    async def do_block(self, values: JsonObject) -> int:
        """Block the bot: {chat}."""
        return await self._person(values).block()

    async def do_unblock(self, values: JsonObject) -> int:
        """Let the bot write again: {chat}."""
        return await self._person(values).unblock()

    async def do_calls(self, values: JsonObject) -> list[JsonObject]:
        """What the bot called: {since? how many are known}."""
        return [vars(call) for call in self._world.calls[values.get("since", 0) :]]

    async def do_updates(self, _values: JsonObject) -> JsonObject:
        """What the bot did not confirm yet, and below which id it confirmed all."""
        updates = self._world.updates
        return {"waiting": updates.waiting, "confirmed_below": updates.confirmed_below}

    async def do_confirmed(self, values: JsonObject) -> None:
        """Wait until an update is confirmed: {update_id, timeout?}."""
        await self._powers.confirmed(values["update_id"], values.get("timeout"))

    async def do_fail(self, values: JsonObject) -> None:
        """Order a fault: {method, kind, code?, words?, retry_after?, times? (null: until heal), chat?}."""
        given = {key: values[key] for key in ("code", "words", "retry_after") if key in values}
        fault = Fault(FaultKind(values["kind"]), **given)
        self._powers.fail(values["method"], fault, values.get("times", 1), values.get("chat"))

    async def do_heal(self, _values: JsonObject) -> None:
        """End every fault."""
        self._powers.heal()
