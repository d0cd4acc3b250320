"""How long the loops may sleep: when the next thing is due."""

from datetime import datetime

from bot.services.shop import Transaction
from bot.storage import panels, queues


async def next_try(tx: Transaction, panel: str) -> datetime | None:
    """When the next waiting order of a panel may be sent, as far as the order is concerned."""
    record = await panels.find(tx, panel)
    if record.gate is not None or (record.rest_until is not None and record.rest_until > tx.now):
        return None  # the panel, not the order, says when: it is looked at in the idle rhythm
    return await queues.next_try_at(tx, panel)


async def next_order(tx: Transaction, panel: str) -> datetime | None:
    """When the next waiting order of a panel is due, whatever the panel takes."""
    return await queues.next_try_at(tx, panel)


async def next_status(tx: Transaction, panel: str) -> datetime | None:
    """When the next status of a panel is due."""
    return await queues.next_check_at(tx, panel)


async def wants_balance(tx: Transaction, panel: str) -> bool:
    """Whether something depends on a panel's purse: it is closed, silent, or orders wait for it."""
    record = await panels.find(tx, panel)
    if record.gate is not None or not record.answers:
        return True
    return bool(await queues.waiting(tx, panel))
