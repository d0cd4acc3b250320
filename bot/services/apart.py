"""Doing the same to many things in one transaction, so that one that raises does not undo or hold up the others."""

import logging
from collections.abc import Coroutine
from typing import Any

from bot.storage.database import Transaction, may_pass

log = logging.getLogger(__name__)

# So many in one transaction: as long as it lasts, nobody else writes.
AT_ONCE = 100


async def apart(tx: Transaction, work: Coroutine[Any, Any, object], *, what: str) -> bool:
    """Do ``work`` in a savepoint: an error undoes it alone, and is logged; False then.

    Raises what has to do with the database itself: the whole transaction may be gone.
    """
    try:
        async with tx.savepoint():
            await work
    except Exception as error:
        if may_pass(error):
            raise
        log.exception("%s failed, and is passed over", what)
        return False
    return True
