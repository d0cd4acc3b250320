"""HTTP in front of the world: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

from aiohttp import web

from bot.demo.telegram import inline, media, menu, payments  # noqa: F401  (they register their methods)
from bot.demo.telegram.errors import ApiError, JsonObject
from bot.demo.telegram.faults import CARRIED_OUT, FaultKind, Injection
from bot.demo.telegram.methods import METHODS
from bot.demo.telegram.params import Params
from bot.demo.telegram.sending import COUNTED
from bot.demo.telegram.world import Call, World

LARGEST_BODY = 64 * 1024 * 1024  # a little more than the largest upload, so that its refusal has words
GATEWAY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: closing sends a reset


class BotApi:
    """The handlers of the Bot API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Where the API is served."""
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{folder}/{file}", self._download),
        ]

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self._world.files.get(request.match_info["file"])
        if request.match_info["token"] != self._world.token or file is None:
            return _json(ApiError(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._world.token:
            return _json(ApiError(401, "Unauthorized"))
        name = request.match_info["method"]
        if request.method not in ("GET", "POST"):
            return _json(ApiError(404, "Not Found"))
        try:
            params = await Params.read(request)
        except ApiError as error:
            return _json(error)
        return await self._answer(request, name, params)

    async def _answer(self, request: web.Request, name: str, params: Params) -> web.StreamResponse:
        """Carry a call out, or let it meet the fault that was ordered for it."""
        chat = self._chat_of(params)
        injection = self._world.faults.take(name.lower(), chat)
        if injection is None:
            return _json(await self._carry_out(name, params, chat))
        self._world.changed.pulse()
        kind = injection.fault.kind
        if kind is FaultKind.HANG_BEFORE:
            await injection.wait_for_release()
            return _json(await self._carry_out(name, params, chat))
        if kind in CARRIED_OUT:
            answer = await self._carry_out(name, params, chat, kind)
            return await _lost(request, injection, answer)
        told = f"{injection.fault.code} {injection.fault.words}" if kind is FaultKind.ERROR else kind
        self._log(name, params, chat, told)
        return _refused(request, injection)

    async def _carry_out(
        self, name: str, params: Params, chat: int | None, fault: str | None = None
    ) -> ApiError | JsonObject:
        try:
            result = await self._result(name.lower(), params)
        except ApiError as error:
            self._log(name, params, chat, fault or f"{error.code} {error.description}")
            return error
        if name.lower() != "getupdates" or result:
            self._log(name, params, chat, fault or "ok")
        return {"ok": True, "result": result}

    async def _result(self, name: str, params: Params) -> Any:
        if name == "getupdates":
            self._world.updates.allow(params.structure("allowed_updates"))
            return await self._world.updates.poll(
                params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
            )
        if name not in METHODS:
            raise ApiError(404, "Not Found")
        if name in COUNTED:
            room = self._world.room(params.text("chat_id"))
            private = room.kind == "private"
            self._world.limiter.admit(room.id, private=private, now=self._world.clock())
        return METHODS[name](self._world, params)

    def _chat_of(self, params: Params) -> int | None:
        press = self._world.presses.waiting(params.text("callback_query_id"))
        checkout = self._world.stars.asked(params.text("pre_checkout_query_id"))
        for asked in (press, checkout):
            if asked is not None:
                return asked.room.id
        chat_id = str(params.values.get("chat_id", ""))
        return int(chat_id) if chat_id.lstrip("-").isdecimal() else None

    def _log(self, name: str, params: Params, chat: int | None, outcome: str) -> None:
        call = Call(name, params.readable(), chat, self._world.clock(), outcome)
        self._world.calls.append(call)
        if chat is not None and (room := self._world.rooms.get(chat)):
            room.changed.pulse()
        self._world.changed.pulse()


def _json(answer: ApiError | JsonObject) -> web.Response:
    if isinstance(answer, ApiError):
        return web.json_response(answer.body(), status=answer.code)
    return web.json_response(answer)


def _refused(request: web.Request, injection: Injection) -> web.Response:
    fault = injection.fault
    if fault.kind is FaultKind.HTML:
        return web.Response(text=GATEWAY_PAGE, content_type="text/html", status=fault.code)
    if fault.kind is FaultKind.BARE:
        return web.Response(text=fault.words, content_type="application/json", status=fault.code)
    if fault.kind is FaultKind.RESET_BEFORE:
        return _reset(request)
    return _json(fault.as_error())


async def _lost(request: web.Request, injection: Injection, answer: ApiError | JsonObject) -> web.StreamResponse:
    """The end of a call that was carried out and whose answer does not arrive as it should."""
    if injection.fault.kind is FaultKind.RESET_AFTER:
        return _reset(request)
    if injection.fault.kind is FaultKind.HANG_AFTER:
        await injection.wait_for_release()
        return _json(answer)
    body = json.dumps(answer.body() if isinstance(answer, ApiError) else answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _reset(request: web.Request) -> web.Response:
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        transport.abort()
    return web.Response()
