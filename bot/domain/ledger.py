"""Double entry: a transfer is balanced movement of money, a posting one line of it.

Amounts are integers in ten-thousandths of the shop's currency; positive into an account, negative out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Account(StrEnum):
    """Where money can be."""

    WALLET = "wallet"  # a customer's, owner: the user
    HOLD = "hold"  # set aside for an order, owner: the order
    SALES = "sales"  # earned by the shop
    OUTSIDE = "outside"  # beyond the books: what was paid in is owed from here


class TransferKind(StrEnum):
    """What a transfer was for."""

    CREDIT = "credit"
    DEBIT = "debit"
    HOLD = "hold"
    SETTLE = "settle"  # a hold captured, refunded, or partly both
    TOP_UP = "topup"  # a payment came in
    PAYBACK = "payback"  # an admin gives a payment back to who paid it
    REVERSAL = "reversal"  # the provider took a payment back by itself


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transfer."""

    account: Account
    owner: int
    amount: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of a wallet as its customer sees it."""

    at: datetime
    kind: TransferKind
    amount: int
    order_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement, and what was in the wallet after it; below zero where something was owed."""

    movement: Movement
    balance: int


def balanced(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """The postings that move something; ValueError unless they sum to zero."""
    moving = tuple(posting for posting in postings if posting.amount)
    if sum(posting.amount for posting in moving):
        raise ValueError(f"a transfer sums to zero, this one does not: {moving}")
    return moving
