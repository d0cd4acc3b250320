"""The chat page: static files, what they show first, and the stream of what changes."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.menu import menu_of
from bot.demo.telegram.people import Person
from bot.demo.telegram.rooms import Channel, Room
from bot.demo.telegram.world import World

FILES = Path(__file__).parents[1] / "page"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SECONDS_OF_SILENCE = 20  # a comment is sent after so long, so that a page that left is noticed


@dataclass(frozen=True)
class Stage:
    """Who is on the page."""

    customer: Person
    admin: Person
    channel: Channel


class Page:
    """The handlers of the chat page."""

    def __init__(self, world: World, stage: Stage) -> None:
        self._world = world
        self._stage = stage

    def routes(self) -> list[web.RouteDef]:
        """Where the page is served."""
        return [
            web.get("/", self._file),
            web.get("/control/stage", self._show_stage),
            web.get("/control/stream", self._stream),
            web.get(r"/{name:[a-z-]+\.(?:js|css|svg)}", self._file),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        path = FILES / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], headers=HEADERS)

    async def _show_stage(self, _request: web.Request) -> web.Response:
        stage = self._stage
        rooms = {"customer": stage.customer, "admin": stage.admin, "channel": stage.channel}
        panes = {name: self._pane(room) for name, room in rooms.items()}
        panes["channel"]["writer"] = stage.admin.id  # it is the owner's channel
        body = {"bot": self._world.me, "seq": self._world.last_seq, "panes": panes}
        return web.json_response(body, headers=HEADERS)

    def _pane(self, room: Room) -> JsonObject:
        pane: JsonObject = {
            "id": room.id,
            "title": room.title,
            "messages": [message.as_json() for message in room.messages],
        }
        if isinstance(room, Person):
            pane |= {"menu": menu_of(self._world, room), "language": room.language, "blocked": room.blocked}
        return pane

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, one per change; "reset" tells a page that was away too long to start anew."""
        since = int(request.headers.get("Last-Event-ID") or request.query.get("since", "0"))
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionResetError):  # the page was closed
            await self._tell(response, since)
        return response

    async def _tell(self, response: web.StreamResponse, since: int) -> None:
        """Write changes until the page has to start anew."""
        while (changes := self._world.changes(since)) is not None:
            for change in changes:
                data = json.dumps({"kind": change.kind, "chat": change.chat, "body": change.body})
                await response.write(f"id: {change.seq}\ndata: {data}\n\n".encode())
                since = change.seq
            if not await self._news(since):
                await response.write(b": still here\n\n")
        await response.write(b"event: reset\ndata: {}\n\n")

    async def _news(self, since: int) -> bool:
        try:
            async with asyncio.timeout(SECONDS_OF_SILENCE):
                while self._world.last_seq <= since:
                    await self._world.changed.wait()
        except TimeoutError:
            return False
        return True
