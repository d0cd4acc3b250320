"""How screens and answers go out."""

from collections.abc import AsyncGenerator
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, User

from bot.telegram import screens


class Recorder(BaseSession):
    """A Telegram that takes everything, and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Any] = []

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109  (the library's signature)
        """Keep what was asked."""
        self.made.append(method)
        return True

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        """Nothing is ever fetched."""
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


async def test_what_answers_a_press_is_cut_at_a_word() -> None:
    """Telegram takes 200, and counts an emoji twice."""
    telegram = Recorder()
    query = CallbackQuery(id="1", from_user=User(id=1, is_bot=False, first_name="Anna"), chat_instance="1")
    for text in ("several words " * 20, "😀 words " * 30, "short"):
        await screens.answer(Bot("42:TOKEN", session=telegram), query, text)
    words, emoji, short = (each.text or "" for each in telegram.made if isinstance(each, AnswerCallbackQuery))
    assert words.endswith(("several…", "words…"))
    assert emoji.endswith(("😀…", "words…"))
    assert len(emoji.encode("utf-16-le")) // 2 <= 200
    assert short == "short"
