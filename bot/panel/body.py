"""Reading an answer's body with a cap on what it decompresses to."""

import zlib
from collections.abc import Iterator

import httpx

_PIECE = 256 * 1024  # decompressed at a time, so that a bomb is noticed before it fills the memory
_GZIP_OR_ZLIB = 47  # zlib's window bits for "find out which of the two it is"


class FlawError(Exception):
    """The body came, and cannot be used; the text says why."""


async def read_body(response: httpx.Response, cap: int) -> bytes:
    """Return the decoded body of at most ``cap`` bytes. Raises FlawError, httpx's errors where it is cut."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        inflate = None
    elif encoding in {"gzip", "x-gzip", "deflate"}:
        inflate = _Inflate()
    else:
        raise FlawError("the answer is compressed in a way that was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        for piece in inflate.pieces(chunk) if inflate else (chunk,):
            body += piece
            if len(body) > cap:
                raise FlawError(f"the answer is larger than {cap // 1024} KiB")
    if inflate and not inflate.complete:
        raise FlawError("the compressed answer is cut")
    return bytes(body)


class _Inflate:
    """Decompresses in pieces of bounded size."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)

    @property
    def complete(self) -> bool:
        return self._stream.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self._stream.eof:
            try:
                yield self._stream.decompress(chunk, _PIECE)
            except zlib.error:
                raise FlawError("the answer's compression is broken") from None
            chunk = self._stream.unconsumed_tail
