"""What stands between the shop and Telegram answers in its own way: that is a server's error, whatever was asked."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramServerError
from aiogram.methods import GetMe, GetUpdates, SendMessage, TelegramMethod

from bot.demo.telegram import DemoTelegram, Fault
from bot.telegram.session import TelegramSession

ASKED = (GetMe(), GetUpdates(), SendMessage(chat_id=1, text="x"))
TOKEN = "42:TEST-TOKEN-OF-A-MADE-UP-TELEGRAM"


@pytest.fixture
async def telegram() -> AsyncIterator[DemoTelegram]:
    """A Telegram over HTTP."""
    made_up = DemoTelegram(token=TOKEN, clock=time.time)
    async with made_up.serve():
        yield made_up


@pytest.fixture
async def bot(telegram: DemoTelegram) -> AsyncIterator[Bot]:
    """A client of it, as the shop has one."""
    client = Bot(TOKEN, session=TelegramSession(api=TelegramAPIServer.from_base(telegram.url)))
    yield client
    await client.session.close()


@pytest.mark.parametrize("code", [200, 403, 502])
@pytest.mark.parametrize("method", ASKED, ids=lambda method: method.__api_method__)
async def test_a_page_is_a_server_s_error(
    telegram: DemoTelegram, bot: Bot, method: TelegramMethod[Any], code: int
) -> None:
    """Of the family that everybody who asks Telegram is ready for; and its words quote nothing of the page."""
    telegram.fail(method.__api_method__, Fault.html(code))
    with pytest.raises(TelegramServerError, match=f"HTTP {code}: the answer cannot be read") as caught:
        await bot(method)
    assert "<html" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (502, '{"ok":false,"error_code":502}', TelegramServerError),
        (500, "null", TelegramServerError),
        (200, '{"ok":true}', TelegramServerError),
        (200, '{"ok":true,"result":null}', TelegramServerError),
        (200, "[" * 100_000, TelegramServerError),
        (400, '{"ok":false,"error_code":400}', TelegramBadRequest),
        (429, '{"ok":false}', TelegramAPIError),
        (301, '{"ok":false}', TelegramAPIError),
    ],
)
@pytest.mark.parametrize("method", ASKED, ids=lambda method: method.__api_method__)
async def test_json_that_lacks_something_is_an_error_of_the_family(
    telegram: DemoTelegram, bot: Bot, method: TelegramMethod[Any], code: int, body: str, kind: type[TelegramAPIError]
) -> None:
    """Whatever is missing: who looks for words in its message finds text, if only an empty one."""
    telegram.fail(method.__api_method__, Fault.bare(code, body))
    with pytest.raises(kind) as caught:
        await bot(method)
    assert "message is not modified" not in caught.value.message


async def test_a_real_answer_is_read_as_ever(bot: Bot) -> None:
    """Nothing else about the library's client is changed."""
    assert (await bot.get_me()).is_bot
