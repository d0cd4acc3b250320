"""Crypto Pay of @CryptoBot: a sum in the shop's own currency, paid in whatever coins the customer has.

A lost answer to ``createInvoice`` does no harm: nobody can pay an invoice that nobody was shown. So nothing is tried
again in here; whoever asks may ask again.
"""

import logging
import re
import ssl
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.domain.errors import BadInput
from bot.domain.money import DECIMALS, SCALE
from bot.domain.payments import Manner, Quote
from bot.i18n import mark
from bot.paying.calls import JsonCalls
from bot.paying.seam import Fate, Invoice, NotOffered, Provider, ProviderDown, ProviderRefused
from bot.settings import Settings

_log = logging.getLogger(__name__)

# Every currency in which Crypto Pay makes invoices, with about how many of it make a dollar. That only bounds what a
# customer may type, so a rate that is old or rounded does no harm.
_TO_A_DOLLAR: Mapping[str, int] = {
    "USD": 1, "EUR": 1, "RUB": 90, "BYN": 3, "UAH": 40, "GBP": 1, "CNY": 7, "KZT": 500, "UZS": 12_500, "GEL": 3,
    "TRY": 40, "AMD": 400, "THB": 35, "INR": 85, "BRL": 6, "IDR": 16_000, "AZN": 2, "AED": 4, "PLN": 4, "ILS": 4,
}  # fmt: skip
SUPPORTED = frozenset(_TO_A_DOLLAR)

# Crypto Pay names 0.01 to 25,000 dollars for transfers and nothing for invoices; past these it refuses by itself.
_LOWEST, _HIGHEST = SCALE // 100, 25_000 * SCALE
_STEP = SCALE // 100  # an invoice is in hundredths of the currency, whatever the currency

_MOST_IDS = 100  # what getInvoices gives where no count is asked for; the documents name no other bound
_LONGEST_URL = 512

_TOKEN = re.compile(r"[!-~]+")  # what can stand in a header
_CHARGE = re.compile(r"[1-9][0-9]{0,18}")
_BIGGEST_ID = 2**63 - 1
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,24}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_URL = re.compile(rf"[!-~]{{1,{_LONGEST_URL}}}")
_ERROR_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_FATES: Mapping[str, Fate] = {"active": Fate.OPEN, "paid": Fate.PAID, "expired": Fate.EXPIRED}


class CryptoPay:
    """Payments through an app of @CryptoBot, whose ``token`` this is; ``timeout`` in seconds for each call.

    ``url`` is the API without the method, so that a test network or a stand-in can be asked; ``verify`` is the TLS
    trust as in httpx. ValueError for a shop's ``currency`` that is not in ``SUPPORTED``, and for what can be no token.
    """

    name = "cryptopay"
    title = mark("Crypto (CryptoBot)")
    manner = Manner.PAGE
    # The sum stands in the shop's currency whatever the coins do meanwhile; an hour is enough to get hold of some.
    lifetime = timedelta(hours=1)

    def __init__(
        self,
        token: SecretStr,
        *,
        url: str = "https://pay.crypt.bot/api",
        currency: str,
        timeout: float = 15.0,
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        if currency not in SUPPORTED:
            raise ValueError(f"Crypto Pay makes no invoices in {currency}; it does in {', '.join(sorted(SUPPORTED))}")
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("that is no token of Crypto Pay")
        self._url = url.rstrip("/")
        self._currency = currency
        headers = {"Crypto-Pay-API-Token": token.get_secret_value()}
        self._calls = JsonCalls(self.name, self._url, headers=headers, timeout=timeout, verify=verify)

    def quote(self, amount: int) -> Quote:
        """The sum in the shop's currency, rounded up to a hundredth."""
        rough = _TO_A_DOLLAR[self._currency]
        if amount < _LOWEST * rough:
            raise BadInput("amount.too_small", lowest=_LOWEST * rough)
        if amount > _HIGHEST * rough:
            raise BadInput("amount.too_large", highest=_HIGHEST * rough)
        return Quote(-(-amount // _STEP) * _STEP, self._currency)

    async def create(self, code: str, asked: Quote) -> Invoice:
        """Make an invoice over what ``quote`` gave. ValueError for anything else."""
        if asked.currency != self._currency or asked.units <= 0 or asked.units % _STEP:
            raise ValueError(f"not what Crypto Pay can be asked for: {asked}")
        params = {
            "currency_type": "fiat",
            "fiat": asked.currency,
            "amount": f"{asked.units // SCALE}.{asked.units % SCALE // _STEP:02d}",
            "description": f"Payment {code}",
            "payload": code,
            "allow_comments": False,  # nobody would read them
            "expires_in": int(self.lifetime.total_seconds()),
        }
        invoice = self._invoice(await self._call("createInvoice", params))
        # One that asks for another sum would be paid and then not be found to be right.
        if (
            invoice is None
            or not invoice.url
            or (invoice.code, invoice.asked, invoice.fate) != (code, asked, Fate.OPEN)
        ):
            raise _down("createInvoice", "the answer is not the invoice that was asked for")
        return invoice

    async def look(self, charges: Collection[str]) -> Sequence[Invoice]:
        """What became of these, a hundred in a call. Left out is also what cannot be understood.

        A paid invoice counts whatever its page's address looks like by then: ``url`` may be empty. A call that fails
        takes nothing from what the others say.
        """
        asked = sorted({charge for charge in charges if _CHARGE.fullmatch(charge) and int(charge) <= _BIGGEST_ID})
        found: dict[str, Invoice] = {}
        trouble: ProviderDown | ProviderRefused | None = None
        for at in range(0, len(asked), _MOST_IDS):
            try:
                found |= await self._look(asked[at : at + _MOST_IDS])
            except (ProviderDown, ProviderRefused) as error:
                _log.warning("cryptopay: some of %d invoices could not be asked about: %s", len(asked), error.log)
                trouble = error
        if trouble is not None and not found:
            raise trouble
        return list(found.values())

    async def trouble(self) -> str | None:
        """Ask for the app that the token belongs to."""
        try:
            app = await self._call("getMe", {})
        except ProviderRefused as refused:
            if refused.params.get("reason") == "UNAUTHORIZED":
                return (
                    f"Crypto Pay at {self._url} does not know the token. @CryptoBot gives one under Crypto Pay, "
                    "My Apps; one from @CryptoTestnetBot is good for https://testnet-pay.crypt.bot/api alone."
                )
            return f"Crypto Pay does not want to serve this app ({refused.log})."
        except ProviderDown as down:
            return f"Crypto Pay at {self._url} does not answer, or not as it should ({down.log})."
        if not isinstance(app, dict) or _charge(app.get("app_id")) is None:
            return f"What answers at {self._url} is not Crypto Pay."
        return None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()

    async def _look(self, charges: Sequence[str]) -> dict[str, Invoice]:
        result = await self._call("getInvoices", {"invoice_ids": ",".join(charges), "count": _MOST_IDS})
        items = result.get("items") if isinstance(result, dict) else None
        if not isinstance(items, list):
            raise _down("getInvoices", "there is no list in the answer")
        read = [self._invoice(item) for item in items]
        if None in read:
            _log.warning("cryptopay: %d of %d invoices cannot be understood", read.count(None), len(read))
        return {invoice.charge: invoice for invoice in read if invoice is not None and invoice.charge in charges}

    async def _call(self, method: str, params: Mapping[str, object]) -> object:
        """Give the result. Raises ``ProviderRefused`` where Crypto Pay says what is wrong, else ``ProviderDown``."""
        answer = await self._calls.post(method, params)
        said = answer.value if isinstance(answer.value, dict) else {}
        if said.get("ok") is True and answer.status < 300 and "result" in said:
            return said["result"]
        error = said.get("error")
        if said.get("ok") is not False or not isinstance(error, dict):
            raise _down(method, f"HTTP {answer.status}: neither a result nor an error")
        name, code = error.get("name"), error.get("code")
        reason = name if isinstance(name, str) and _ERROR_NAME.fullmatch(name) else "an error without a usable name"
        if isinstance(code, int) and (code == 429 or code >= 500):
            raise _down(method, f"HTTP {answer.status}: {reason}")
        log = f"cryptopay: {method}: HTTP {answer.status}: {reason}"
        raise ProviderRefused("payment.provider_refused", log, reason=reason)

    def _invoice(self, told: object) -> Invoice | None:
        """Read an invoice; None where what it is, asks for or became cannot be told."""
        if not isinstance(told, dict):
            return None
        charge, asked, status = _charge(told.get("invoice_id")), _asked(told), told.get("status")
        code = "" if told.get("payload") is None else told["payload"]
        fate = _FATES.get(status) if isinstance(status, str) else None
        if charge is None or asked is None or fate is None or not isinstance(code, str):
            return None
        return Invoice(charge, code, self._page(told.get("bot_invoice_url")), fate, asked)

    def _page(self, url: object) -> str:
        """Give the address where it is fit for a button, else the empty text. Plain http stays on this machine."""
        if not isinstance(url, str) or not _URL.fullmatch(url):
            return ""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return ""
        if "@" in parts.netloc or port == 0:
            return ""
        here = host in _LOOPBACK and parts.scheme == "http" and self._url.startswith("http:")
        return url if here or (parts.scheme == "https" and "." in host) else ""


def _down(method: str, what: str) -> ProviderDown:
    return ProviderDown("payment.provider_down", f"cryptopay: {method}: {what}")


def _charge(value: object) -> str | None:
    """Read an id: a whole number of 64 bits above zero."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _BIGGEST_ID:
        return None
    return str(value)


def _asked(told: Mapping[object, object]) -> Quote | None:
    """Read what an invoice asks for, exactly: digits with at most four decimals that are not zero, above zero."""
    amount, currency = told.get("amount"), told.get("fiat")
    if told.get("currency_type") != "fiat" or not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return None
    text = str(amount) if isinstance(amount, int) and not isinstance(amount, bool) else amount
    match = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    decimals = (match[2] or "").rstrip("0")
    units = int(match[1]) * SCALE + int(decimals.ljust(DECIMALS, "0"))
    return Quote(units, currency) if units > 0 and len(decimals) <= DECIMALS else None


def _make(settings: Settings) -> CryptoPay | None:
    token, currency = settings.crypto_pay_token, settings.currency
    if token is None:
        return None
    if currency not in SUPPORTED:
        raise NotOffered(f"CRYPTO_PAY_TOKEN is set, but Crypto Pay knows no {currency}, so it is not offered.")
    return CryptoPay(token, url=settings.crypto_pay_url, currency=currency)


PROVIDER = Provider(CryptoPay.name, CryptoPay.title, CryptoPay.manner, rank=10, make=_make)
