"""One call to a provider that takes and gives JSON: sent once, under a deadline, its answer capped and mistrusted."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import httpx

from bot.paying.seam import ProviderDown

_LARGEST = 1024 * 1024  # bytes of an answer; a hundred invoices are some 100 KiB
_IN_FLIGHT = 10  # connections at once to one provider


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of 2xx or 4xx that is JSON. A number with a point or an exponent is its text, never a float."""

    status: int
    value: object


class JsonCalls:
    """Posts JSON to the methods under ``url``. Follows no redirect, for ``headers`` hold a secret; knows no proxy.

    ``timeout`` is the deadline of a whole call, in seconds, ``verify`` the TLS trust as in httpx. What goes wrong is
    told in words of our own: those of others may quote what was sent.
    """

    def __init__(
        self,
        provider: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: float,
        verify: ssl.SSLContext | bool,
    ) -> None:
        self._provider = provider
        self._url = url
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            # Not compressed, so that the cap is one on what arrives.
            headers={"User-Agent": "panel-shop-bot", "Accept-Encoding": "identity", **headers},
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            # Connecting is two steps, TCP and TLS. They give up by themselves within the deadline, because httpcore
            # leaves a handshake open when it is cancelled.
            timeout=httpx.Timeout(timeout, connect=timeout / 3),
            limits=httpx.Limits(max_connections=_IN_FLIGHT, max_keepalive_connections=1),
        )

    async def post(self, method: str, params: Mapping[str, object]) -> Answer:
        """Call once. Raises ``ProviderDown`` for no answer, 3xx, 429, 5xx, and for what is no JSON or too much."""
        got = await self._attempt(method, params)
        if isinstance(got, str):
            # Raised out here, so that no exception of httpx, which knows the request, hangs on it.
            raise ProviderDown("payment.provider_down", f"{self._provider}: {method}: {got}")
        return got

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _attempt(self, method: str, params: Mapping[str, object]) -> Answer | str:
        """Give the answer, or what went wrong."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(method, params)
        except TimeoutError:
            return f"no whole answer within {self._timeout:g} s"
        except Exception as error:  # noqa: BLE001 - whatever it was, there is no answer
            return _SAID.get(type(error), f"failed with {type(error).__name__}")

    async def _exchange(self, method: str, params: Mapping[str, object]) -> Answer | str:
        request = self._client.build_request("POST", f"{self._url}/{method}", json=dict(params))
        response = await self._client.send(request, stream=True)
        try:
            status = response.status_code
            if status == 429 or not (200 <= status < 300 or 400 <= status < 500):
                return f"HTTP {status}"
            if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
                return f"HTTP {status}: the answer is compressed, which was not asked for"
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _LARGEST:
                    return f"HTTP {status}: the answer is larger than {_LARGEST // 1024} KiB"
        finally:
            await response.aclose()
        try:
            return Answer(status, json.loads(body.decode(), parse_float=str, parse_constant=_no_constant))
        except (ValueError, RecursionError):  # ValueError also for integers of thousands of digits
            return f"HTTP {status}: the answer is not JSON"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_SAID: Mapping[type[Exception], str] = {
    httpx.ConnectError: "could not connect",
    httpx.ConnectTimeout: "could not connect in time",
    httpx.PoolTimeout: "no free connection",
    httpx.ReadError: "the connection broke before the whole answer came",
    httpx.RemoteProtocolError: "the connection ended before the whole answer came, or it is not HTTP",
}
