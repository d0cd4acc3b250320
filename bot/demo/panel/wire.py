"""As much HTTP/1.1 as a panel needs, on raw streams, so that answers can be reset, cut and dripped."""

import asyncio
import json
import socket
import struct
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a list of comments is far smaller

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"


class BadRequestError(Exception):
    """What came is not a request this server reads."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query, and without a slash at the end."""
        return urlsplit(self.target).path.rstrip("/")

    @property
    def query(self) -> dict[str, str]:
        """The query's fields."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to send more on this connection."""
        return self.headers.get("connection", "").lower() != "close"

    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body, as they were sent. Raises BadRequestError if not UTF-8."""
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True, errors="strict"))
        except ValueError as error:
            raise BadRequestError("the body is no form in UTF-8") from error


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer before it is written; ``headers`` come besides type, length and connection."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> "Answer":
        """An answer with this value as its JSON body."""
        return cls(status, json.dumps(value).encode())

    def head(self, *, keep_alive: bool, length: int | None = None) -> bytes:
        """The status line and headers; ``length`` in bytes where it is to differ from the body's."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Whatever"  # 5xx codes of proxies, such as 520, have no name in the standard
        lines = [
            f"HTTP/1.1 {self.status} {phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body) if length is None else length}",
            f"Connection: {'keep-alive' if keep_alive else 'close'}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, None where the client is done.

    Raises BadRequestError where it is none, IncompleteReadError or ConnectionError where it breaks off.
    """
    start = await reader.read(1)
    if not start:
        return None
    if not start.isalpha():
        # A TLS client would otherwise wait for an answer to its hello until it gives up.
        raise BadRequestError("this is no HTTP")
    try:
        head = start + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("the headers do not end") from error
    first, *rest = head.decode("latin-1").split("\r\n")
    try:
        method, target, _version = first.split(" ")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in rest if line)}
        length = int(headers.get("content-length", "0"))
    except ValueError as error:
        raise BadRequestError("the headers cannot be read") from error
    if "transfer-encoding" in headers or not 0 <= length <= LARGEST_BODY:
        raise BadRequestError("the body has no length or is too long")
    return Request(method, target, headers, await reader.readexactly(length))


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a TCP reset, not with an orderly close."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() != -1:
        # Lingering for zero seconds makes close() send RST.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
