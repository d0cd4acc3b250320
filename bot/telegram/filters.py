"""Filters of our own. They are async: a magic filter, or any other synchronous one, costs a thread hop."""

from typing import Any, Literal

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.telegram.callbacks import Go


class To(Filter):
    """A press that leads to one of these plain destinations."""

    __slots__ = ("_destinations",)

    def __init__(self, *destinations: str) -> None:
        self._destinations = frozenset(destinations)

    async def __call__(self, query: CallbackQuery) -> Literal[False] | dict[str, Any]:
        """What the handler receives, or False."""
        if not query.data:
            return False
        try:
            callback_data = Go.unpack(query.data)
        except (TypeError, ValueError):
            return False
        return {"callback_data": callback_data} if callback_data.to in self._destinations else False
