"""Two more ways to pay, for tests: a provider with a page, and one whose payers show a receipt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.payments import Manner, Quote
from bot.paying.seam import Fate, Invoice, ProviderDown


@dataclass
class FakePages:
    """Does as it is told: what it says of an invoice is what ``invoices`` has of it. It is asked of in ``asked``."""

    name: str = "coins"
    title: str = "Coins on a page"
    manner: Manner = Manner.PAGE
    lifetime: timedelta = timedelta(hours=1)
    down: bool = False
    invoices: dict[str, Invoice] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def quote(self, amount: int) -> Quote:
        """The sum itself."""
        return Quote(amount, "USD")

    async def create(self, code: str, asked: Quote) -> Invoice:
        """An invoice under the next number."""
        return self.made(code, asked)

    def made(self, code: str, asked: Quote) -> Invoice:
        """An invoice under the next number."""
        charge = str(1 + len(self.invoices))
        self.invoices[charge] = Invoice(charge, code, f"https://pay.example/{charge}", Fate.OPEN, asked)
        return self.invoices[charge]

    def ends(self, charge: str, fate: Fate = Fate.PAID, *, code: str | None = None, asked: Quote | None = None) -> None:
        """Say this of an invoice from now on."""
        was = self.invoices[charge]
        code = was.code if code is None else code
        self.invoices[charge] = replace(was, fate=fate, code=code, asked=asked or was.asked)

    async def look(self, charges: Collection[str]) -> Sequence[Invoice]:
        """What it has of these."""
        self.asked.append(sorted(charges))
        if self.down:
            raise ProviderDown("payment.provider_down")
        return [self.invoices[charge] for charge in charges if charge in self.invoices]

    async def trouble(self) -> str | None:
        """None."""
        return None

    async def aclose(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class FakeReceipts:
    """Money in an envelope, with a receipt."""

    name: str = "envelope"
    title: str = "Money in an envelope"
    manner: Manner = Manner.RECEIPT
    lifetime: timedelta = timedelta(days=7)
    instructions: Mapping[str, str] = field(default_factory=lambda: {"": "Under the door of number 5."})

    def quote(self, amount: int) -> Quote:
        """The sum itself."""
        return Quote(amount, "USD")
