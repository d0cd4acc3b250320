"""A stand-in with a bot's client and a person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.demo.telegram import DemoTelegram, Person

NOON = 1_800_000_000.0  # any moment will do, as long as tests can move it


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def tg(clock: HandClock) -> AsyncIterator[DemoTelegram]:
    demo = DemoTelegram(clock=clock, patience=2)
    async with demo.serve():
        yield demo


class PromptSession(AiohttpSession):
    """Closes at once: the library's own pause is for TLS, which is not spoken here."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def client(url: str, token: str) -> Bot:
    """A bot's client for a stand-in."""
    session = PromptSession(api=TelegramAPIServer.from_base(url))
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


@pytest.fixture
async def bot(tg: DemoTelegram) -> AsyncIterator[Bot]:
    made = client(tg.url, tg.token)
    yield made
    await made.session.close()


@pytest.fixture
async def anna(tg: DemoTelegram) -> Person:
    """Somebody who wrote to the bot already."""
    person = tg.person(1001, "Anna <b>", username="anna")
    await person.send("/start")
    return person


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """One button a row, each a label and its data."""
    rows = [[InlineKeyboardButton(text=label, callback_data=data)] for label, data in buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows)
