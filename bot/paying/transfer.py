"""A transfer outside of Telegram, by the owner's own instructions; an admin looks at the receipt."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.payments import Manner, Quote
from bot.i18n import mark
from bot.paying.seam import Provider
from bot.settings import Settings


class BankTransfer:
    """Whatever the owner describes in ``instructions``, by language: a bank, a mobile purse, cash.

    Asked in the shop's own ``currency``.
    """

    name = "transfer"
    title = mark("Transfer with a receipt")
    manner = Manner.RECEIPT
    # Banks rest at weekends, and so do people who go there.
    lifetime = timedelta(days=7)

    def __init__(self, currency: str, instructions: Mapping[str, str]) -> None:
        self.currency = currency
        self.instructions = instructions

    def quote(self, amount: int) -> Quote:
        """The sum itself."""
        return Quote(amount, self.currency)


def _make(settings: Settings) -> BankTransfer | None:
    return BankTransfer(settings.currency, settings.transfer_instructions) if settings.transfer_instructions else None


# After those where nobody has to look at a receipt.
PROVIDER = Provider(BankTransfer.name, BankTransfer.title, BankTransfer.manner, rank=20, make=_make)
