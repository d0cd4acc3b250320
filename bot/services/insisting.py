"""Writing down what is known only here: a panel's answer must outlive a database that has a bad moment."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from bot.storage.database import Database, may_pass, unbroken

log = logging.getLogger(__name__)

# Between two tries: most troubles are over at once, a restart of PostgreSQL takes seconds. In seconds, doubling.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
# After the lease the answer is a late one, which is still worth more than none: so long for a database that is away.
AWAY = timedelta(hours=1)

Writing = Callable[[], Coroutine[Any, Any, None]]


async def insist(db: Database, write: Writing, *, what: str, until: datetime) -> None:
    """Try to ``write``, in a transaction that may be tried again, until it is done.

    Raises the last error where the books still refuse it at ``until``, or were out of reach for an hour more.
    Cancelled before it is written, it is tried once more.
    """
    written = False

    async def write_once() -> None:
        nonlocal written
        await write()
        written = True

    try:
        await _until_written(db, write_once, what=what, until=until)
    except asyncio.CancelledError:
        if not written:
            await write_at_last(write, what=what)
        raise


async def _until_written(db: Database, write: Writing, *, what: str, until: datetime) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            await unbroken(write())
        except Exception as error:
            if db.clock() >= (until + AWAY if may_pass(error) else until):
                raise
            words = in_short(error)  # a trace of each try would bury what was to be written
            log.error("%s could not be written down, again in %g s: %s", what, pause, words)  # noqa: TRY400  (the log tells the error in short)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def write_at_last(write: Writing, *, what: str) -> None:
    """Try to ``write`` once, while the shop is being stopped: an error is logged, for stopping must go on."""
    try:
        await unbroken(write())
    except Exception:
        log.exception("%s could not be written down", what)


def in_short(error: Exception) -> str:
    """What went wrong, without the statement and its values."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]
