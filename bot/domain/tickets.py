"""What a customer and the shop write to each other: a ticket for each order they ask about, and one about none."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


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
class Enclosure:
    """A photo or a file that goes with a message: Telegram's id of it, and of a file its name."""

    kind: Literal["photo", "document"]
    file: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One message of a ticket; ``admin_id`` is None where the customer wrote it. With an ``enclosure`` the text is
    what stands below it, if anything does."""

    id: int
    admin_id: int | None
    text: str
    at: datetime
    enclosure: Enclosure | None = None
