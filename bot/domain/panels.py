"""What the shop knows of a panel: its purse, whether it answers, whether it takes orders now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Gate(StrEnum):
    """Why a panel takes no ``add`` now."""

    FUNDS = "funds"
    KEY = "key"
    ACCOUNT = "account"
    UNKNOWNS = "unknowns"  # answers got lost; one order at a time may probe
    ADMIN = "admin"  # paused by hand


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """One panel. ``balance`` is in ``currency``; ``answers`` tells whether the last call reached it."""

    name: str
    host: str
    currency: str | None
    balance: Decimal | None
    balance_at: datetime | None
    answers: bool
    gate: Gate | None
    gate_words: str
    gate_at: datetime | None
    rest_until: datetime | None
    unknowns: int
    probe_at: datetime | None
    probe_gap: int
    synced_at: datetime | None
    doubtful: str | None
