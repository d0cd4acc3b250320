"""The invoices of one app, and how they are told."""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

Clock = Callable[[], datetime]
Json = dict[str, object]

FIRST_ID = 528_891  # any number; ids only grow
COINS = ("USDT", "TON", "BTC", "ETH", "LTC", "BNB", "TRX", "USDC")


@dataclass(slots=True)
class DemoInvoice:
    """One invoice: ``amount`` of ``currency``, which is a coin where ``currency_type`` is "crypto", else "fiat"."""

    id: int
    hash: str
    currency_type: str
    currency: str
    amount: Decimal
    created_at: datetime
    expires_at: datetime | None = None
    description: str | None = None
    payload: str | None = None
    allow_comments: bool = True
    allow_anonymous: bool = True
    status: str = "active"
    paid_at: datetime | None = None

    def told(self, origin: str) -> Json:
        """As the API tells it; its page is under ``origin``. What there is nothing to say of is left out."""
        page = f"{origin}/pay/{self.hash}"
        said: Json = {
            "invoice_id": self.id,
            "hash": self.hash,
            "currency_type": self.currency_type,
            ("fiat" if self.currency_type == "fiat" else "asset"): self.currency,
            "amount": plain(self.amount),
            "pay_url": page,
            "bot_invoice_url": page,
            "mini_app_invoice_url": page,
            "web_app_invoice_url": page,
            "description": self.description,
            "status": self.status,
            "created_at": stamp(self.created_at),
            "allow_comments": self.allow_comments,
            "allow_anonymous": self.allow_anonymous,
            "expiration_date": stamp(self.expires_at),
            "payload": self.payload,
        }
        if self.currency_type == "fiat":
            said["accepted_assets"] = list(COINS)
        if self.status == "paid":
            said |= {"paid_at": stamp(self.paid_at), "paid_anonymously": False}
            if self.currency_type == "fiat":
                # Whatever the fiat is: nobody computes with the rate of a made-up coin.
                said |= {"paid_asset": "USDT", "paid_amount": plain(self.amount), "paid_fiat_rate": "1"}
        return {name: value for name, value in said.items() if value is not None}


class Book:
    """Every invoice that was made and not deleted, by id."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.invoices: dict[int, DemoInvoice] = {}
        self._next = FIRST_ID

    def add(
        self,
        currency_type: str,
        currency: str,
        amount: Decimal,
        *,
        expires_in: int | None,
        description: str | None,
        payload: str | None,
        allow_comments: bool,
        allow_anonymous: bool,
    ) -> DemoInvoice:
        """Make an invoice that can be paid for ``expires_in`` seconds, or for ever."""
        now = self.clock()
        name = "IV" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(10))
        invoice = DemoInvoice(
            self._next,
            name,
            currency_type,
            currency,
            amount,
            now,
            expires_at=None if expires_in is None else now + timedelta(seconds=expires_in),
            description=description,
            payload=payload,
            allow_comments=allow_comments,
            allow_anonymous=allow_anonymous,
        )
        self.invoices[invoice.id] = invoice
        self._next += 1
        return invoice

    def refresh(self) -> None:
        """Let what was not paid in time expire."""
        now = self.clock()
        for invoice in self.invoices.values():
            if invoice.status == "active" and invoice.expires_at is not None and invoice.expires_at <= now:
                invoice.status = "expired"

    def pay(self, invoice: DemoInvoice) -> None:
        """Somebody paid it."""
        invoice.status, invoice.paid_at = "paid", self.clock()

    def named(self, name: str) -> DemoInvoice | None:
        """The invoice with this hash."""
        self.refresh()
        return next((invoice for invoice in self.invoices.values() if invoice.hash == name), None)


def plain(amount: Decimal) -> str:
    """A decimal without an exponent and without zeros at its end, as Crypto Pay writes them."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stamp(when: datetime | None) -> str | None:
    """A moment as Crypto Pay writes it, in UTC with milliseconds."""
    return None if when is None else when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
