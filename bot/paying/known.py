"""Every way to pay that the shop knows, on or off: its payments are told of, and go on, also while it is off."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.payments import Manner
from bot.paying.cryptopay import CryptoPay
from bot.paying.stars import Stars
from bot.paying.transfer import BankTransfer


@dataclass(frozen=True, slots=True)
class Known:
    """What the shop has to know of a way that is off: what its payers know it as, and how it works."""

    title: str
    manner: Manner


KNOWN: Mapping[str, Known] = {
    Stars.name: Known(Stars.title, Stars.manner),
    CryptoPay.name: Known(CryptoPay.title, CryptoPay.manner),
    BankTransfer.name: Known(BankTransfer.title, BankTransfer.manner),
}
