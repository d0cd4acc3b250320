"""What every use case may need: the settings, the books, the panels and the shelf."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.payments import Way
from bot.panel import PanelClient
from bot.services.shelf import Shelf
from bot.settings import Settings
from bot.storage.database import Database, Transaction

__all__ = ["Shop", "Transaction"]


@dataclass(slots=True)
class Shop:
    """One running shop. ``shelf`` is replaced as a whole after each sync; ``ways`` are those to pay that are on.

    ``looked``: when a panel was last asked about an order because somebody wanted to see it.
    """

    settings: Settings
    db: Database
    panels: Mapping[str, PanelClient]
    shelf: Shelf = field(default_factory=Shelf)
    ways: Mapping[str, Way] = field(default_factory=dict)
    looked: dict[int, datetime] = field(default_factory=dict)
