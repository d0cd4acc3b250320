"""The seam: what the shop asks of a way to pay.

Another provider is one file beside this one and its settings. The file holds its ``Way`` (a ``PageWay`` where it has
a page to pay on, a ``ReceiptWay`` where money is sent and shown by a receipt) and a ``PROVIDER``, by which
``bot.paying.known`` finds it. The books, the screens and the loops go by its ``manner`` and know no provider by name;
Stars alone are Telegram's, which asks, reports and refunds by itself.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.errors import ShopError
from bot.domain.payments import Manner, Quote, Way
from bot.settings import Settings


class ProviderDown(ShopError):
    """A provider did not answer, or not in a way that can be believed; nothing is known to have happened."""


class ProviderRefused(ShopError):
    """A provider answered that it will not: a wrong token, an amount it does not take."""


class NotOffered(ValueError):
    """The settings ask for a way to pay that cannot be offered with them; the words are for the owner."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A way to pay before it is known whether it is on: what payers know it as, how it works, how it is made.

    ``make`` gives None where the settings leave it off, and raises ``NotOffered`` where they ask for it in vain. Of
    two that are on, the one with the lower ``rank`` is offered first.
    """

    name: str
    title: str
    manner: Manner
    rank: int
    make: Callable[[Settings], Way | None]


class Fate(StrEnum):
    """What a provider says became of an invoice."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Invoice:
    """A provider's invoice. ``charge`` is its own id, ``url`` the page on which it is paid, ``asked`` what it asks.

    ``code`` is what the shop called it, empty where the provider does not say.
    """

    charge: str
    code: str
    url: str
    fate: Fate
    asked: Quote


@runtime_checkable
class PageWay(Way, Protocol):
    """A way whose payments are made on a page elsewhere, and found by asking."""

    async def create(self, code: str, asked: Quote) -> Invoice:
        """Make an invoice that lives for ``lifetime``. Raises ``ProviderDown`` or ``ProviderRefused``."""
        ...

    async def look(self, charges: Collection[str]) -> Sequence[Invoice]:
        """What became of these; those it does not know, or does not tell of now, are left out.

        Raises ``ProviderDown`` or ``ProviderRefused`` where it tells of none.
        """
        ...

    async def trouble(self) -> str | None:
        """What would keep this way from working, in plain English for ``check``; None where nothing does."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


@runtime_checkable
class ReceiptWay(Way, Protocol):
    """A way whose payments are made elsewhere, by the owner's instructions, and shown by a receipt."""

    @property
    def instructions(self) -> Mapping[str, str]:
        """Where the money is to be sent: by language, under the empty text for everybody else."""
        ...
