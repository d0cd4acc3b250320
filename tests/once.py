"""What a shop makes once, made once a process, however many shops the tests open.

SQLAlchemy keeps what it compiled with each engine, which is what a shop needs: it has one. Tests open thousands, and
would spend more than half of their time on compiling the same few hundred statements again for each. The certificates
that the Bot API's client trusts are read for each client too.
"""

import ssl
from functools import cache
from types import SimpleNamespace
from typing import Any

import aiogram.client.session.aiohttp as aiogram_session
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage import database

_MOST = 5000  # so that statements which are different each time do not fill the memory


class _Compiled(dict[Any, Any]):
    """A cache of SQLAlchemy's that takes one dialect for another of its name. A key begins with the dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for any engine of this kind."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) >= _MOST:
            self.clear()
        super().__setitem__((key[0].name, *key[1:]), value)


_COMPILED = _Compiled()


def _sharing(*args: Any, **kwargs: Any) -> AsyncEngine:
    return create_async_engine(*args, **kwargs, execution_options={"compiled_cache": _COMPILED})


def make_once() -> None:
    """From now on in this process. By name, because neither module says that it lends this to others."""
    setattr(database, create_async_engine.__name__, _sharing)
    trust = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
    setattr(aiogram_session, ssl.__name__, trust)
