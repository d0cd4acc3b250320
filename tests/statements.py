"""Statements compiled once a process, however many books the tests open.

SQLAlchemy keeps what it compiled with each engine, which is what a shop needs: it has one. Tests open thousands, and
would spend more than half of their time on compiling the same few hundred statements again for each.
"""

from typing import Any

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


def share_compiled_statements() -> None:
    """From now on in this process."""
    setattr(database, create_async_engine.__name__, _sharing)
