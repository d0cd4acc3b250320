"""How the bot asks Telegram: like the library, but for answers that cannot be read.

Gateways in front of Telegram answer with pages, or with JSON that has less in it than Telegram's, and connections
break in the middle of an answer. The library reports some of that as errors outside of its own family, which nobody
who waits for Telegram's errors would catch, and forgets what arrived before a connection broke, though half of an
answer says which message was sent.
"""

import re
from functools import cache
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNetworkError, TelegramServerError
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message
from aiohttp import ClientTimeout

# How an answer begins that holds a message.
_MESSAGE = re.compile(rb'\s*\{"ok":\s*true,\s*"result":\s*\{"message_id":\s*(\d+),')


class TelegramSession(AiohttpSession):
    """An answer that is not Telegram's is a fault of the server's, and says nothing of what was done."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  (the library's signature)
    ) -> TelegramType:
        """Ask once. A message of which only half of the answer arrived has its id and nothing else: it was sent, and
        to send it again would double it. Raises the library's errors.
        """
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        limit = ClientTimeout(total=self.timeout if timeout is None else timeout)
        answer = bytearray()
        try:
            async with session.post(url, data=form, timeout=limit) as response:
                async for part in response.content.iter_any():
                    answer += part
        except Exception as error:
            sent = _MESSAGE.match(answer) if method.__returning__ is Message else None
            if sent is None:
                raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
            return cast("TelegramType", Message.model_construct(message_id=int(sent[1])))
        content = answer.decode(errors="replace")
        return cast("TelegramType", self.check_response(bot, method, response.status, content).result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer. Raises the library's errors, ``TelegramServerError`` for what cannot be read.

        Updates that the library has no words for stay a ``ClientDecodeError`` with all of them as its data.
        """
        reader(method.__returning__)
        try:
            response = super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if isinstance(method, GetUpdates) and updates_in(error):
                raise
            raise TelegramServerError(method, f"HTTP {status_code}: the answer cannot be read") from None
        except TelegramAPIError as error:
            error.message = error.message or ""  # the library takes it from the answer, where it may be missing
            raise
        except Exception as error:
            # The library looks for words in a server's error that need not have any.
            raise TelegramServerError(method, f"HTTP {status_code}: the answer cannot be read") from error
        if response.result is None:  # what Telegram has nothing to say to, it answers with true
            raise TelegramServerError(method, f"HTTP {status_code}: the answer has no result")
        return response


@cache
def reader(returned: Any) -> type[Response[Any]]:
    """What reads an answer with this result. The library asks for it at each call, and pydantic, which takes some
    50 ms to make one, forgets it with the next collection of garbage: so it is held here.
    """
    return Response[returned]


def updates_in(error: ClientDecodeError) -> list[dict[str, Any]]:
    """The updates of an answer that could not be read as a whole, as plain JSON; none where it is no such answer."""
    answer = error.data if isinstance(error.data, dict) else {}
    found = answer.get("result")
    return [each for each in found if _is_update(each)] if isinstance(found, list) else []


def _is_update(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("update_id"), int)
