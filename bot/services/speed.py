"""How long a service usually takes, as measured by this shop."""

from datetime import timedelta

from bot.storage import speed
from bot.storage.database import Transaction

# Older orders say little about today, and more of them say nothing new.
LOOKED_BACK, LOOKED_AT = timedelta(days=60), 5_000
# Fewer orders are chance.
ENOUGH = 3


async def usual_times(tx: Transaction) -> dict[int, timedelta]:
    """By service, the time that half of its completed orders did not exceed; only where there are enough of them."""
    taken: dict[int, list[timedelta]] = {}
    for service, time in await speed.completed_since(tx, tx.now - LOOKED_BACK, limit=LOOKED_AT):
        taken.setdefault(service, []).append(time)
    return {service: _middle(times) for service, times in taken.items() if len(times) >= ENOUGH}


def _middle(times: list[timedelta]) -> timedelta:
    """The median, and at least a minute: nobody believes in less."""
    return max(sorted(times)[len(times) // 2], timedelta(minutes=1))
