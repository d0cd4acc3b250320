"""What came with a call: query string, urlencoded, multipart or JSON, read the way Telegram reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.telegram.errors import JsonObject, bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass
class Params:
    """Values of one call, still as they were sent; each getter answers in the type that is asked for."""

    values: JsonObject = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    @classmethod
    async def read(cls, request: web.Request) -> Params:
        """Everything a request carries. ApiError 400 for a body that cannot be read."""
        params = cls(dict(request.query))
        if request.content_type == "application/json":
            params._take_json(await request.read())
        elif request.can_read_body:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    data = value.file.read()
                    params.uploads[name] = Upload(value.filename, value.content_type, data)
                else:
                    params.values[name] = value if isinstance(value, str) else bytes(value).decode()
        return params

    def _take_json(self, body: bytes) -> None:
        try:
            values = json.loads(body) if body else {}
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(values, dict):
            raise bad_request("object expected as request body")
        self.values |= {key: value for key, value in values.items() if value is not None}

    def text(self, name: str) -> str:
        """A string, empty when missing. ApiError 400 for text that is not Unicode."""
        value = self.values.get(name, "")
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def required(self, name: str) -> str:
        """A string that must be there. ApiError 400 when it is missing or empty."""
        if not (text := self.text(name)):
            raise bad_request(f'parameter "{name}" is required')
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is no number counts as the default, as it does at Telegram."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether a boolean is set."""
        return self.text(name).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """A JSON value, None when missing. ApiError 400 when it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file of a parameter: given in place, or elsewhere in the body as attach://key."""
        key = self.text(name).removeprefix("attach://") if name in self.values else name
        return self.uploads.get(key)

    def readable(self) -> JsonObject:
        """The values for a log, JSON unpacked."""
        return {name: _unpacked(value) for name, value in self.values.items()}


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
