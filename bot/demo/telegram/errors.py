"""How the Bot API says no."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]


class ApiError(Exception):
    """An answer with ``ok: false``: *code* is the HTTP status too, *description* is in Telegram's words."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> JsonObject:
        """The answer's JSON."""
        answer: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(words: str) -> ApiError:
    """400, what was asked for cannot be done."""
    return ApiError(400, f"Bad Request: {words}")


def old_query() -> ApiError:
    """400, a query of a button or of a payment is unknown, answered already, or too old."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def forbidden(words: str) -> ApiError:
    """403, the other side does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {words}")


def conflict(words: str) -> ApiError:
    """409, two ways of receiving updates at once."""
    return ApiError(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> ApiError:
    """429, with the pause Telegram asks for in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
