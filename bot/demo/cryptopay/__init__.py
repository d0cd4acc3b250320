"""A Crypto Pay that makes invoices, has a page to pay them on and fails when told to: for the demo and for tests."""

from bot.demo.cryptopay.invoices import DemoInvoice
from bot.demo.cryptopay.server import Call, DemoCryptoPay, refused
from bot.demo.panel.faults import Fault

__all__ = ["Call", "DemoCryptoPay", "DemoInvoice", "Fault", "refused"]
