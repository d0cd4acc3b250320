"""How the bot asks Telegram: like the library, but for answers that cannot be read.

Gateways in front of Telegram answer with pages, and connections break in the middle of an answer. The library reports
that as an error outside of its own family, which nobody who waits for Telegram's errors would catch.
"""

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType


class TelegramSession(AiohttpSession):
    """An answer that is not Telegram's is a fault of the server's, and says nothing of what was done."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer. Raises the library's errors, ``TelegramServerError`` for what cannot be read.

        Updates that the library has no words for stay a ``ClientDecodeError`` with all of them as its data.
        """
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if isinstance(method, GetUpdates) and updates_in(error):
                raise
            raise TelegramServerError(method, f"HTTP {status_code}: the answer cannot be read") from None


def updates_in(error: ClientDecodeError) -> list[dict[str, Any]]:
    """The updates of an answer that could not be read as a whole, as plain JSON; none where it is no such answer."""
    answer = error.data if isinstance(error.data, dict) else {}
    found = answer.get("result")
    return [each for each in found if _is_update(each)] if isinstance(found, list) else []


def _is_update(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("update_id"), int)
