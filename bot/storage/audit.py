"""Proof that the books are right: every invariant of the shop, asked of the database as it is.

It only reads, and on one snapshot (``Database.read``), so it may run beside a working shop.
"""

from bot.storage import audit_batches, audit_guards, audit_money, audit_orders, audit_payments, audit_requests
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction

INVARIANTS: tuple[Invariant, ...] = (
    *audit_money.INVARIANTS,
    *audit_payments.INVARIANTS,
    *audit_orders.INVARIANTS,
    *audit_batches.INVARIANTS,
    *audit_requests.INVARIANTS,
    *audit_guards.INVARIANTS,
)


async def audit(tx: Transaction) -> list[str]:
    """Every violation, each a sentence that names what is wrong where; empty when the books are right."""
    return [violation for invariant in INVARIANTS for violation in await invariant.violations(tx)]
