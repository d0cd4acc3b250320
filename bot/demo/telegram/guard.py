"""Keeps other sites' pages away from the control API and the chat page."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def guard(host: str) -> Middleware:
    """Refuse requests under another name than this machine's own, or from a page of another origin.

    A site can let its name point at 127.0.0.1, and any page can post to it; both show in the headers.
    """
    names = LOOPBACK | {host}

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(("/bot", "/file/")):
            origin = request.headers.get("Origin")
            asked = {urlsplit(f"//{request.host}").hostname, urlsplit(origin).hostname if origin else host}
            if not asked <= names:
                raise web.HTTPForbidden(text="open this page by the address that was printed")
        return await handler(request)

    return check
