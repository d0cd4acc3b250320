"""A panel that speaks API v2, moves its orders along and fails when told to: for the demo and for tests."""

from bot.demo.panel.catalogue import demo_offers, many_offers, offer_of_type
from bot.demo.panel.dialect import ALPHA, BETA, DIALECTS, Dialect
from bot.demo.panel.faults import Fault, How
from bot.demo.panel.orders import DemoOrder, DemoRefill
from bot.demo.panel.server import DemoPanel, Received
from bot.demo.panel.service_types import TYPE_RULES, DemoOffer, TypeRule

__all__ = [
    "ALPHA",
    "BETA",
    "DIALECTS",
    "TYPE_RULES",
    "DemoOffer",
    "DemoOrder",
    "DemoPanel",
    "DemoRefill",
    "Dialect",
    "Fault",
    "How",
    "Received",
    "TypeRule",
    "demo_offers",
    "many_offers",
    "offer_of_type",
]
