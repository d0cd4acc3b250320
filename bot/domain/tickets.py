"""What a customer and the shop write to each other: a ticket for each order they ask about, and one about none."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TicketState(StrEnum):
    """Whose turn it is to write."""

    OPEN = "open"  # the customer waits for an answer
    ANSWERED = "answered"
    CLOSED = "closed"  # until either of them writes again


@dataclass(frozen=True, slots=True)
class Ticket:
    """One customer's thread about an order of theirs, or about none.

    ``changed_at``: since when the customer waits, when the shop last answered, or when it was closed.
    """

    id: int
    user_id: int
    order_id: int | None
    state: TicketState
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One message of a ticket; ``admin_id`` is None where the customer wrote it."""

    id: int
    admin_id: int | None
    text: str
    at: datetime
