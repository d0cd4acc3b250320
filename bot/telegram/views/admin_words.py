"""Words that only admins read: why a panel takes no orders, what an attempt came to, what is to be decided."""

from collections.abc import Mapping

from bot.domain.orders import OrderState, Question, Reason
from bot.domain.panels import Gate
from bot.i18n import Translator, mark
from bot.telegram.views.words import state_word

GATES: Mapping[Gate, str] = {
    Gate.FUNDS: mark("the panel says its balance does not cover the order"),
    Gate.KEY: mark("the panel does not accept the key"),
    Gate.ACCOUNT: mark("the panel refuses the shop's account"),
    Gate.UNKNOWNS: mark("answers got lost; now and then one order tries whether it works again"),
    Gate.ADMIN: mark("paused by an admin"),
}

# What an attempt came to. None: it is under way, or nobody ever learnt it.
OUTCOMES: Mapping[str | None, str] = {
    "placed": mark("placed"),
    "refused": mark("refused"),
    "throttled": mark("too many calls, not taken"),
    "not_sent": mark("not sent"),
    "unknown": mark("answer lost"),
    None: mark("no answer yet"),
}

QUESTIONS: Mapping[Question, str] = {
    Question.UNCERTAIN: mark("Was it placed? The panel's answer was lost. Look there before you decide."),
    Question.SUM: mark(
        "How much of it was delivered? The panel's answer does not tell. Refund a part, or all, or close it."
    ),
    Question.FAILED: mark("The panel says it failed, and may send it again. Wait, refund it, or close it."),
    Question.MISSING: mark("The panel has said nothing about it for 3 days. Refund it, or close it as delivered."),
    Question.COST: mark("It would cost the shop more than the customer paid. Send it at a loss, or refund it."),
}

REASONS: Mapping[Reason, str] = {
    Reason.BUSY: mark("the panel asked for a pause"),
    Reason.UNREACHABLE: mark("the panel cannot be reached"),
    Reason.FUNDS: mark("the shop's balance on the panel is too low"),
    Reason.KEY: mark("the panel does not accept the key"),
    Reason.ACCOUNT: mark("the panel refuses the shop's account"),
    Reason.COST: mark("the cost rose above the price"),
    Reason.LINK: mark("the link"),
    Reason.QUANTITY: mark("the quantity"),
    Reason.SERVICE: mark("the service"),
    Reason.ACTIVE_LINK: mark("another order for the same link is under way"),
    Reason.ORDER: mark("something about the order"),
    Reason.UNKNOWN: mark("for a reason nobody recognised"),
    Reason.WAITED: mark("it waited too long"),
    Reason.CUSTOMER: mark("taken back by the customer"),
    Reason.ADMIN: mark("refunded by an admin"),
}

# What happened to an order, where it is not just its new state.
EVENTS: Mapping[str, str] = {
    "ordered": mark("ordered"),
    "claimed": mark("being sent"),
    "placed": mark("placed"),
    "decided_placed": mark("It was placed, an admin says"),
    "resend": mark("to be sent again, an admin says"),
    "send_anyway": mark("to be sent at a loss, an admin says"),
    "refunded": mark("refunded by an admin"),
    "closed": mark("closed by an admin"),
    "canceled_by_customer": mark("taken back by the customer"),
    "late_answer": mark("a late answer"),
    "evidence": mark("the panel's balance was looked at"),
    "refill_wanted": mark("the customer asks for a refill"),
    "refill_asking": mark("being sent"),
    "refill_asked": mark("the panel takes the refill"),
    "refill_refused": mark("the panel takes no refill"),
    "refill_lost": mark("the answer about the refill was lost"),
    "refill_done": mark("refilled"),
    "refill_rejected": mark("the panel declines the refill"),
    "refill_silent": mark("the panel never said how the refill ended"),
    "stop_wanted": mark("the customer asks to stop it"),
    "stop_asking": mark("being sent"),
    "stop_asked": mark("the panel takes the wish to stop it"),
    "stop_refused": mark("the panel does not stop it"),
    "stop_lost": mark("the answer about stopping it was lost"),
}


def event_word(t: Translator, kind: str) -> str:
    """What happened, in words; a kind without any is shown as it is."""
    if kind in EVENTS:
        return t.plain(EVENTS[kind])
    try:
        return state_word(t, OrderState(kind))
    except ValueError:
        return kind


def reason_word(t: Translator, reason: str) -> str:
    """Why an order waits or ended."""
    try:
        return t.plain(REASONS[Reason(reason)])
    except ValueError:
        return reason
