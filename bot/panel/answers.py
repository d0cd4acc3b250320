"""What a panel's actions answer, as types; those of ``add`` and ``status`` are in bot.domain.outcomes."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.catalog import Offer
from bot.domain.outcomes import PanelStatus


@dataclass(frozen=True, slots=True)
class ServiceList:
    """A panel's service list; ``skipped`` says of each unusable entry what was wrong with it."""

    offers: tuple[Offer, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefillReport:
    """One refill's state; ``status`` is None where ``word`` is one nobody knows (Rejected is failed)."""

    word: str
    status: PanelStatus | None


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """The panel took the wish to cancel; only a later status says that the order is canceled."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on the shop's account with the panel, in ``currency`` where the panel names one."""

    amount: Decimal
    currency: str | None
