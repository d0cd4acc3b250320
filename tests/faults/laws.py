"""What holds after every story, whatever was done in it, and how it is counted."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import text

from bot.demo.telegram.world import FIRST_UPDATE
from bot.storage.audit import audit
from bot.storage.database import Database
from tests.faults.mortal import MortalShop

INBOX = "SELECT update_id, done_at, failures FROM inbox"
SUMS = (
    "SELECT t.id, coalesce(sum(p.amount), 0) AS sum FROM transfers t "
    "LEFT JOIN postings p ON p.transfer_id = t.id GROUP BY t.id"
)
GIVEN_UP = "SELECT id, chat_id, kind, failed FROM outbox WHERE failed IS NOT NULL"


@dataclass
class Verdict:
    """What is wrong after a story, in sentences; and what was counted."""

    complaints: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def law(self, what: str, broken: int, why: object = "") -> None:
        """Note how often a law was broken, which should be never."""
        self.counted[what] += broken
        if broken:
            self.complaints.append(f"{broken:d} {what} {why}".strip())


async def always(shop: MortalShop, found: Verdict, *, broken: int = 0) -> None:
    """Every update came in and was done, ``broken`` aside; no news was given up; the books balance.

    The shop is closed.
    """
    db = Database(f"sqlite+aiosqlite:///{shop.folder / 'shop.db'}")
    try:
        async with db.read() as tx:
            inbox, sums, given_up = [(await tx.conn.execute(text(each))).all() for each in (INBOX, SUMS, GIVEN_UP)]
            wrong = await audit(tx)
    finally:
        await db.close()
    queue = shop.telegram.world.updates
    updates = set(range(FIRST_UPDATE, queue.confirmed_below)) - queue.passing
    done = {row.update_id for row in inbox if row.done_at is not None}
    failed = [row.update_id for row in inbox if row.failures]
    found.counted["kills"] += shop.kills
    found.counted["updates"] += len(updates)
    found.counted["transfers"] += len(sums)
    found.law("lost updates", len(updates - done - {*failed}))
    found.law("failed updates", len(failed) - broken, failed)
    found.law("news given up", len(given_up), given_up)
    found.law("unbalanced transfers", sum(row.sum != 0 for row in sums))
    found.law("complaints of the audit", len(wrong), wrong)
