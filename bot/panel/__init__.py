"""A client for panels that speak API v2, usable on its own.

async with PanelClient("main", "https://panel.example/api/v2", key) as panel:
    print(await panel.balance())
    outcome = await panel.add({"service": "1", "link": "https://t.me/durov", "quantity": "100"})
"""

from bot.panel.answers import Balance, CancelAsked, RefillReport, ServiceList
from bot.panel.client import MOST_IDS, PanelClient
from bot.panel.errors import (
    PanelAnswerLostError,
    PanelEmptyDataError,
    PanelError,
    PanelRefusedError,
    PanelThrottledError,
    PanelUnreachableError,
    PanelUnreadableError,
)
from bot.panel.transport import never_sent

__all__ = [
    "MOST_IDS",
    "Balance",
    "CancelAsked",
    "PanelAnswerLostError",
    "PanelClient",
    "PanelEmptyDataError",
    "PanelError",
    "PanelRefusedError",
    "PanelThrottledError",
    "PanelUnreachableError",
    "PanelUnreadableError",
    "RefillReport",
    "ServiceList",
    "never_sent",
]
