"""Money that comes in: what a payment is, which states it goes through, and what a way to pay asks for it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# Read aloud and typed by people: no 0 and O, no 1 and I, no vowels that make words.
_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"


class PaymentState(StrEnum):
    """Where a payment is."""

    OPEN = "open"  # the customer was told what to pay
    REVIEW = "review"  # the customer sent a receipt, an admin looks
    PAID = "paid"  # the money is in the wallet
    REJECTED = "rejected"  # an admin saw no money
    EXPIRED = "expired"  # nobody paid in time
    REFUNDING = "refunding"  # the money left the wallet, the provider is being asked to give it back
    REFUNDED = "refunded"  # the payer has it back


# The wallet has, or had, the money of a payment in these.
RECEIVED = frozenset({PaymentState.PAID, PaymentState.REFUNDING, PaymentState.REFUNDED})
# A payment that arrives still counts in these, however late.
UNPAID = frozenset({PaymentState.OPEN, PaymentState.REVIEW, PaymentState.REJECTED, PaymentState.EXPIRED})


class Manner(StrEnum):
    """How a way to pay works, for those who draw its screens and follow its payments."""

    INVOICE = "invoice"  # Telegram shows an invoice, asks before it takes money and reports each payment
    PAGE = "page"  # paid on a page elsewhere, behind a link; found by asking
    RECEIPT = "receipt"  # paid elsewhere and shown by a receipt, which an admin believes or not


STARS = "XTR"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a payer has to pay: ``units`` of a currency, ten-thousandths of it; whole Stars where it is ``XTR``."""

    units: int
    currency: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. ``amount`` goes into the wallet, in ten-thousandths of the shop's currency.

    ``code`` is its public name: in an invoice's payload, in a transfer's reference. ``charge`` is the provider's own
    id for it, None until there is one. ``url`` is the page on which it is paid, None once the provider closed that.
    ``draft`` is the form that waits for the money.
    """

    id: int
    user_id: int
    way: str
    state: PaymentState
    amount: int
    asked: Quote
    code: str
    charge: str | None
    url: str | None
    draft: int | None
    receipt: str | None
    receipt_kind: str | None
    reason: str
    admin_id: int | None
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None


class Way(Protocol):
    """One way to pay."""

    @property
    def name(self) -> str:
        """Its identity in the books, for ever."""
        ...

    @property
    def title(self) -> str:
        """What a customer reads; a text that is translated."""
        ...

    @property
    def manner(self) -> Manner:
        """How it works, for its screens."""
        ...

    @property
    def lifetime(self) -> timedelta:
        """How long a payment stays open."""
        ...

    def quote(self, amount: int) -> Quote:
        """What has to be paid for so much in the wallet, in ten-thousandths of the shop's currency.

        Raises ``BadInput`` (``amount.too_small``, ``amount.too_large``) where this way does not take such a sum.
        """
        ...


def new_code() -> str:
    """A name for a payment that nobody guesses: ``K7QM-3XPD-9T2V``, about 57 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(12)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 12, 4))
