"""One HTTP exchange with a panel: sent at most once, under a deadline, its answer capped.

The one question that decides about money is whether the request may have reached the panel. It has not where
no connection was made, and it may have from the moment its headers start to be written.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import httpx
from pydantic import SecretStr

from bot.panel.body import FlawError, read_body
from bot.panel.retry_after import seconds_of

_log = logging.getLogger(__name__)

# Errors that by their nature come before the request is written.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
# What a CancelledError that ends a call carries as its note.
MAYBE_SENT, NOT_SENT = "the request may have been sent", "the request was not sent"
_IN_FLIGHT = 20  # connections at once per panel, for reads and for adds each; more would look like an attack
_SHORT_KEY = 6  # a key this short could be part of any word and is not blotted out


def never_sent(cancelled: asyncio.CancelledError) -> bool:
    """Whether a call that was cancelled had sent nothing of its request."""
    return NOT_SENT in getattr(cancelled, "__notes__", ())


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``flaw`` says why the body cannot be used (too large, broken compression).

    The body of a 429 or 3xx is not read: nothing in it could matter, and it could take for ever.
    """

    status: int
    retry_after: float | None
    body: bytes
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """No whole answer. ``sent`` is False only where no byte of the request can have reached the panel.

    ``held_back``: the deadline came before the call was let begin, which says nothing about the panel.
    """

    sent: bool
    reason: str
    held_back: bool = False


class _Progress:
    """Watches one request through httpx's ``trace`` extension."""

    def __init__(self) -> None:
        self.sent = False
        self.connection: object = None

    async def __call__(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith("send_request_headers.started"):
            self.sent = True
        elif event.endswith("connect_tcp.complete"):
            self.connection = info.get("return_value")

    async def close(self) -> None:
        """Close a connection on which the handshake was broken off: httpcore forgets it when cancelled."""
        close = getattr(self.connection, "aclose", None)
        if close is not None and not self.sent:
            await close()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates everybody trusts; to read them takes longer than a call, and once is enough for all panels."""
    return httpx.create_ssl_context(trust_env=False)


class Transport:
    """Posts forms to one URL. Follows no redirect, because the key is in the body; knows no proxy."""

    def __init__(
        self,
        url: str,
        key: SecretStr,
        *,
        timeout: float,
        verify: ssl.SSLContext | bool,
        now: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._key = key
        self._timeout = timeout
        self._now = now
        context = _trusted() if verify is True else verify
        self._kept = self._client(context, keep=5)
        self._fresh = self._client(context, keep=0)

    def _client(self, verify: ssl.SSLContext | bool, *, keep: int) -> httpx.AsyncClient:
        headers = {"User-Agent": "panel-shop-bot", "Accept": "application/json", "Accept-Encoding": "gzip"}
        if not keep:
            headers["Connection"] = "close"
        return httpx.AsyncClient(
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=self._timeout,
            limits=httpx.Limits(max_connections=_IN_FLIGHT, max_keepalive_connections=keep),
            headers=headers,
        )

    async def send(
        self,
        fields: Mapping[str, str],
        *,
        cap: int,
        fresh: bool = False,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> Answer | Failure:
        """Post the fields and the key once; ``cap`` is the largest body in bytes, after decompression.

        ``fresh`` takes a connection of its own: a kept-alive one can die unseen with the request in it.
        ``before`` is awaited first, under the same deadline. Raises nothing but CancelledError, with a note
        that says whether the request may have been sent.
        """
        progress, waits = _Progress(), before is not None
        try:
            async with asyncio.timeout(self._timeout):
                if before is not None:
                    await before()
                waits = False
                return await self._exchange(fields, progress, cap=cap, fresh=fresh)
        except asyncio.CancelledError as cancelled:
            cancelled.add_note(MAYBE_SENT if progress.sent else NOT_SENT)
            await progress.close()
            raise
        except TimeoutError:
            what = "no turn" if waits else "no whole answer" if progress.sent else "could not be sent"
            failure = Failure(progress.sent, f"{what} within {self._timeout:g} s", held_back=waits)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, only `sent` says what it means
            failure = Failure(progress.sent and not isinstance(error, _NEVER_SENT), _describe(error))
        await progress.close()
        return failure

    async def _exchange(self, fields: Mapping[str, str], progress: _Progress, *, cap: int, fresh: bool) -> Answer:
        client = self._fresh if fresh else self._kept
        form = {**fields, "key": self._key.get_secret_value()}
        request = client.build_request("POST", self._url, data=form, extensions={"trace": progress})
        response = await client.send(request, stream=True)
        try:
            return await self._answer(response, cap)
        finally:
            await response.aclose()

    async def _answer(self, response: httpx.Response, cap: int) -> Answer:
        status = response.status_code
        retry_after = seconds_of(response.headers, self._now)
        if status == 429 or status < 200 or 300 <= status < 400:
            return Answer(status, retry_after, b"")
        try:
            body = await read_body(response, cap)
        except FlawError as error:
            return Answer(status, retry_after, b"", flaw=str(error))
        return Answer(status, retry_after, self._without_key(body))

    def _without_key(self, body: bytes) -> bytes:
        """Panels echo the key in errors, and errors end up in logs and cards."""
        key = self._key.get_secret_value().encode()
        return body if len(key) < _SHORT_KEY or key.isdigit() else body.replace(key, b"***")

    async def aclose(self) -> None:
        """Close the connections; a call after that fails as not sent."""
        await self._kept.aclose()
        await self._fresh.aclose()


def _describe(error: Exception) -> str:
    """Say what failed without the texts of others, which may quote what was sent."""
    _log.debug("exchange failed: %s", type(error).__name__)
    said = {
        httpx.ConnectError: "could not connect",
        httpx.ConnectTimeout: "could not connect in time",
        httpx.PoolTimeout: "no free connection",
        httpx.UnsupportedProtocol: "the URL is neither https nor http",
        httpx.InvalidURL: "the URL is not valid",
        httpx.ReadTimeout: "no answer in time",
        httpx.ReadError: "the connection broke before the whole answer came",
        httpx.RemoteProtocolError: "the connection ended before the whole answer came, or it is not HTTP",
    }
    return said.get(type(error), type(error).__name__)
