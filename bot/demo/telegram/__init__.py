"""A Bot API server as strict as Telegram for what this bot uses, with people to chat and faults to order."""

from bot.demo.telegram.callbacks import Answer, Press
from bot.demo.telegram.demo import DemoTelegram
from bot.demo.telegram.faults import Fault, FaultKind, Injection
from bot.demo.telegram.limits import Limits, Rate
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.page import Stage
from bot.demo.telegram.people import Person
from bot.demo.telegram.rooms import Channel, Group
from bot.demo.telegram.stars import Checkout, Fate, Outcome
from bot.demo.telegram.suggestions import Suggestion, Suggestions
from bot.demo.telegram.world import Call

__all__ = [
    "Answer",
    "Call",
    "Channel",
    "ChatMessage",
    "Checkout",
    "DemoTelegram",
    "Fate",
    "Fault",
    "FaultKind",
    "Group",
    "Injection",
    "Limits",
    "Outcome",
    "Person",
    "Press",
    "Rate",
    "Stage",
    "Suggestion",
    "Suggestions",
]
