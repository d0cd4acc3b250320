"""The table: what each panel answer does to an order and its money.

Where the table is open the money stays held and an admin is asked. ``charge`` never decides anything: it is what
the panel says the shop paid, not what the customer did.
"""

from dataclasses import dataclass

from bot.domain import forms, money
from bot.domain.orders import TRACKED, Order, OrderState, Question, Reason
from bot.domain.outcomes import (
    AddOutcome,
    NotSent,
    PanelStatus,
    Placed,
    RefusalKind,
    Refused,
    StatusReport,
    Throttled,
    Unknown,
)

# How long a panel rests after a 429 that names no time, in seconds.
DEFAULT_REST = 30.0
# A panel may say "come back in a year"; nobody is served by believing it, in seconds.
LONGEST_REST = 900.0


@dataclass(frozen=True, slots=True)
class AddEffect:
    """What an ``add`` answer does.

    ``refund`` gives the whole hold back. ``gate`` closes the panel for ``add`` until its account is well again,
    ``rest`` closes it for so many seconds. ``unknown`` counts towards pausing the panel.
    """

    state: OrderState
    reason: Reason | None = None
    refund: bool = False
    question: Question | None = None
    gate: Reason | None = None
    rest: float | None = None
    unknown: bool = False


_UNCERTAIN = AddEffect(OrderState.UNCERTAIN, question=Question.UNCERTAIN, unknown=True)


def after_add(outcome: AddOutcome, *, after_unknown: bool) -> AddEffect:
    """The effect of ``outcome`` on a submitted order; ``after_unknown``: an earlier attempt of it was Unknown."""
    match outcome:
        case Placed():
            return AddEffect(OrderState.PENDING)
        case Refused(kind=RefusalKind.ACTIVE_LINK) if after_unknown:
            return _UNCERTAIN  # evidence that the earlier attempt did place it
        case Refused(kind=kind) if kind.about_shop:
            return AddEffect(OrderState.WAITING, reason=Reason(kind.value), gate=Reason(kind.value))
        case Refused(kind=kind):
            return AddEffect(OrderState.REFUSED, reason=Reason(kind.value), refund=True)
        case Throttled(retry_after=seconds):
            rest = DEFAULT_REST if seconds is None else min(max(seconds, 1.0), LONGEST_REST)
            return AddEffect(OrderState.WAITING, reason=Reason.BUSY, rest=rest)
        case NotSent():
            return AddEffect(OrderState.WAITING, reason=Reason.UNREACHABLE)
        case Unknown():
            return _UNCERTAIN


@dataclass(frozen=True, slots=True)
class StatusEffect:
    """What a ``status`` answer does: the new state, and how much of the hold is taken and given back."""

    state: OrderState
    captured: int = 0
    refunded: int = 0
    question: Question | None = None


_SIMPLE = {
    PanelStatus.PENDING: OrderState.PENDING,
    PanelStatus.IN_PROGRESS: OrderState.IN_PROGRESS,
    PanelStatus.PAUSED: OrderState.PAUSED,
}


def after_status(order: Order, report: StatusReport) -> StatusEffect:
    """The effect of ``report`` on a tracked order. A word nobody knows changes nothing."""
    if order.state not in TRACKED or report.status is None:
        return StatusEffect(order.state)
    if report.status in _SIMPLE:
        state = _SIMPLE[report.status]
        if order.subscription and state is OrderState.IN_PROGRESS:
            state = OrderState.ACTIVE
        return StatusEffect(state)
    if report.status is PanelStatus.FAILED:
        return StatusEffect(OrderState.FAILED, question=Question.FAILED)
    if order.subscription and report.status is not PanelStatus.PARTIAL:
        return _subscription_ended(order, report, OrderState(report.status.value))
    match report.status:
        case PanelStatus.COMPLETED:
            return StatusEffect(OrderState.COMPLETED, captured=order.held)
        case PanelStatus.PARTIAL:
            return _partial(order, report)
        case PanelStatus.CANCELED:
            return _canceled(order, report)
        case _:  # Expired, of something that is no subscription
            return StatusEffect(OrderState.EXPIRED, question=Question.SUM)


def _partial(order: Order, report: StatusReport) -> StatusEffect:
    remains = report.remains
    counted = forms.units(forms.FORMS[order.snapshot.type]) and not order.spread
    if not counted or remains is None or not 0 <= remains <= order.quantity:
        return StatusEffect(OrderState.PARTIAL, question=Question.SUM)
    refund = min(money.partial_refund(order.price, remains=remains, quantity=order.quantity), order.held)
    return StatusEffect(OrderState.PARTIAL, captured=order.held - refund, refunded=refund)


def _canceled(order: Order, report: StatusReport) -> StatusEffect:
    if order.spread and _delivered(order, report):
        return StatusEffect(OrderState.CANCELED, question=Question.SUM)
    return StatusEffect(OrderState.CANCELED, refunded=order.held)


def _delivered(order: Order, report: StatusReport) -> bool:
    """Whether anything suggests that a drip-feed delivered runs before it was canceled."""
    if report.runs or report.orders:
        return True
    remains = report.remains if report.remains is not None else order.remains
    if remains is not None and remains < order.quantity:
        return True
    # Where the panel counts no runs, one that was seen to begin may have delivered some.
    return report.runs is None and order.state is not OrderState.PENDING


def _subscription_ended(order: Order, report: StatusReport, state: OrderState) -> StatusEffect:
    paid_posts = _count(order.answers.get("posts")) + _count(order.answers.get("old_posts"))
    done = report.posts
    if done is None or done < 0 or not paid_posts:
        return StatusEffect(state, question=Question.SUM)
    refund = money.partial_refund(order.held, remains=max(paid_posts - done, 0), quantity=paid_posts)
    return StatusEffect(state, captured=order.held - refund, refunded=refund)


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
