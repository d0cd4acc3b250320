"""Words that several screens share: the states of orders, field names, service types."""

from collections.abc import Mapping

from bot.domain.orders import OrderState
from bot.i18n import Translator, mark

# What customers read of a state; news and cards say it after the order's number.
STATES: Mapping[OrderState, str] = {
    OrderState.WAITING: mark("Waiting"),
    OrderState.SUBMITTING: mark("Waiting"),
    OrderState.UNCERTAIN: mark("Being checked"),
    OrderState.PENDING: mark("Pending"),
    OrderState.IN_PROGRESS: mark("In progress"),
    OrderState.ACTIVE: mark("Active"),
    OrderState.PAUSED: mark("Paused"),
    OrderState.FAILED: mark("Failed"),
    OrderState.COMPLETED: mark("Completed"),
    OrderState.PARTIAL: mark("Partial"),
    OrderState.CANCELED: mark("Canceled"),
    OrderState.REFUSED: mark("Refused"),
    OrderState.EXPIRED: mark("Expired"),
}

ICONS: Mapping[OrderState, str] = {
    OrderState.WAITING: "⏳",
    OrderState.SUBMITTING: "⏳",
    OrderState.UNCERTAIN: "🔎",
    OrderState.PENDING: "🕓",
    OrderState.IN_PROGRESS: "🚀",
    OrderState.ACTIVE: "🚀",
    OrderState.PAUSED: "⏸",
    OrderState.FAILED: "⚠️",
    OrderState.COMPLETED: "✅",
    OrderState.PARTIAL: "◐",
    OrderState.CANCELED: "✖️",
    OrderState.REFUSED: "✖️",
    OrderState.EXPIRED: "⌛",
}


def state_word(t: Translator, state: OrderState) -> str:
    """The state as customers read it."""
    return t.plain(STATES[state])
