"""Answers as Crypto Pay gives them, and as it never would."""

import json

from bot.demo.cryptopay import Fault

CODE = "K7QM-3XPD-9T2V"


def item(**other: object) -> dict[str, object]:
    """An open invoice over one dollar with ``other`` laid over it; what is ``...`` is left out."""
    told = {
        "invoice_id": 5,
        "hash": "IVx",
        "currency_type": "fiat",
        "fiat": "USD",
        "amount": "1",
        "bot_invoice_url": "https://t.me/CryptoBot?start=IVx",
        "status": "active",
        "payload": CODE,
    } | other
    return {name: value for name, value in told.items() if value is not ...}


def says(result: object) -> Fault:
    """The next call has this result, whatever was asked."""
    return Fault.says(json.dumps({"ok": True, "result": result}), taken=False)
