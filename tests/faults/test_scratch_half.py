import re
from typing import cast
import pytest
from aiohttp import ClientError
from aiogram.exceptions import TelegramNetworkError
from aiogram.types import Message
from bot.demo.telegram import Fault
from bot.telegram.session import TelegramSession
from tests.faults import storm
from tests.faults.test_storm import clock, engine_name, db, db_url, second, test_orders_end_in_a_storm

_MESSAGE = re.compile(rb'\s*\{"ok":\s*true,\s*"result":\s*\{"message_id":\s*(\d+),')

async def make_request(self, bot, method, timeout=None):
    session = await self.create_session()
    url = self.api.api_url(token=bot.token, method=method.__api_method__)
    form = self.build_form_data(bot=bot, method=method)
    answer = bytearray()
    try:
        async with session.post(url, data=form, timeout=self.timeout if timeout is None else timeout) as response:
            async for chunk in response.content.iter_any():
                answer += chunk
    except (TimeoutError, ClientError) as error:
        sent = _MESSAGE.match(answer) if method.__returning__ is Message else None
        if sent is None:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return Message.model_construct(message_id=int(sent[1]))
    got = self.check_response(bot=bot, method=method, status_code=response.status, content=answer.decode(errors="replace"))
    return got.result

@pytest.fixture(autouse=True)
def new(monkeypatch):
    monkeypatch.setattr(TelegramSession, "make_request", make_request, raising=False)
    monkeypatch.setattr(storm, "FAULTS", [
    *(Fault.too_many(seconds) for seconds in range(1, 14)),
    *(Fault.error(code) for code in (500, 502, 503, 504) * 3),
    *(Fault.html(code) for code in (502, 503, 504, 520) * 3),
    *(Fault.cut() for _ in range(13))])
