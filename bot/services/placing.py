"""How an order reaches its panel: claimed, sent once, settled by what the panel answered.

``claim`` and ``settle`` are transactions; the call to the panel stands between them, outside of both. An attempt is
written down before its call, so a crash in between leaves an attempt without an answer, never an ``add`` unknown to
the books.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import forms
from bot.domain.decisions import AddEffect, after_add
from bot.domain.orders import Order, OrderState, Question, Reason, check_gap, retry_gap
from bot.domain.outcomes import AddOutcome, NotSent, Placed, Refused, Throttled, Unknown
from bot.domain.panels import PanelRecord
from bot.services import gates, wallet
from bot.services.apart import AT_ONCE, apart
from bot.services.news import order_facts, raise_alert, tell_admins, tell_order, tell_refusal
from bot.services.shop import Shop
from bot.storage import orders, panels, queues
from bot.storage.database import Transaction

# The lease outlasts the call's own deadline by this much, so that an answer in time never meets an expired lease.
LEASE_MARGIN = timedelta(seconds=30)


# The admins' card waits this long for what the panel's balance tells.
EVIDENCE_FIRST = timedelta(seconds=5)
# An order that the panel's funds do not cover is looked at again so much later; others go first.
FUNDS_PAUSE = timedelta(seconds=60)
# And one whose cost nobody knows, because its panel's currency is not settled.
COST_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """An order that was claimed until ``lease``, and exactly what ``add`` is to be called with."""

    order: Order
    attempt: int
    fields: Mapping[str, str]
    lease: datetime


_NAMES: Mapping[type[AddOutcome], str] = {
    Placed: "placed",
    Refused: "refused",
    Throttled: "throttled",
    NotSent: "not_sent",
    Unknown: "unknown",
}


def outcome_words(outcome: AddOutcome) -> str:
    """What the books and the admins read of an outcome."""
    match outcome:
        case Placed(panel_order=number):
            return number
        case Refused(kind=kind, words=words):
            return f"{kind}: {words}"
        case Throttled(ours=True):
            return "no turn under CALLS_PER_MINUTE"
        case Throttled(retry_after=seconds):
            return "" if seconds is None else f"{seconds:g} s"
        case NotSent(reason=reason) | Unknown(reason=reason):
            return reason


async def claim(tx: Transaction, shop: Shop, name: str) -> Claim | None:
    """Take the oldest order that waits for this panel, if the panel takes any now."""
    panel = await panels.find(tx, name)
    if not await gates.may_claim(tx, panel):
        return None
    order = await queues.next_waiting(tx, name)
    while order is not None and not await _may_go(tx, shop, panel, order):
        order = await queues.next_waiting(tx, name)
    if order is None:
        return None
    lease = tx.now + timedelta(seconds=shop.settings.panel_timeout) + LEASE_MARGIN
    tx.work = "claimed"
    attempt = await orders.start_attempt(tx, order.id, lease)
    await orders.change(
        tx, order, OrderState.SUBMITTING, "claimed", {"attempt": attempt}, lease_until=lease, next_try_at=None
    )
    await gates.claimed(tx, panel)
    form = forms.FORMS[order.snapshot.type]
    fields = {"service": order.snapshot.panel_service, **forms.wire_fields(form, order.answers)}
    return Claim(order, attempt, fields, lease)


async def _may_go(tx: Transaction, shop: Shop, panel: PanelRecord, order: Order) -> bool:
    """Whether an order may be sent now; if not, it is put off or an admin is asked, so that the next has its turn."""
    if not await _covers_cost(tx, shop, order):
        return False
    if not gates.affords(shop, panel, order):
        await orders.touch(tx, order.id, next_try_at=tx.now + FUNDS_PAUSE)
        return False
    return True


async def _covers_cost(tx: Transaction, shop: Shop, order: Order) -> bool:
    """Whether the order still covers its cost; if not, an admin is asked, and it is passed over.

    Where nobody can say what it costs it is put off: that is a question about the panel, which the admins read once.
    """
    cost = gates.order_cost(shop, order)
    if await _sold_at_a_loss(tx, order) or (cost is not None and cost <= order.price):
        return True
    if cost is None:
        await orders.touch(tx, order.id, next_try_at=tx.now + COST_PAUSE)
        return False
    await orders.touch(
        tx, order.id, reason=Reason.COST.value, question=Question.COST.value, asked_at=tx.now, reminders=0
    )
    facts = {**order_facts(order), "panel": order.panel, "cost": cost, "question": Question.COST.value}
    await tell_admins(tx, shop, "question", facts, order=order.id)
    return False


async def _sold_at_a_loss(tx: Transaction, order: Order) -> bool:
    return await orders.has_event(tx, order.id, "send_anyway")


async def settle(tx: Transaction, shop: Shop, claimed: Claim, outcome: AddOutcome) -> None:
    """Do what the outcome of a claimed order's ``add`` says."""
    tx.work = "settled"
    outcome = await _believed(tx, claimed, outcome)
    words = outcome_words(outcome)
    if not await orders.finish_attempt(tx, claimed.attempt, _NAMES[type(outcome)], words):
        await _late(tx, shop, claimed, outcome)
        return
    order = await orders.find(tx, claimed.order.id, lock=True)
    if order is None or order.state is not OrderState.SUBMITTING:
        await _late(tx, shop, claimed, outcome)
        return
    panel = await panels.find(tx, order.panel)
    if isinstance(outcome, Placed):
        await gates.placed(tx, shop, panel)
        await mark_placed(tx, shop, order, outcome.panel_order, "placed")
        return
    effect = after_add(outcome, after_unknown=await _after_unknown(tx, claimed))
    await gates.after_add(tx, shop, panel, effect, words)
    await _apply(tx, shop, order, effect, words)
    if isinstance(outcome, Refused) and effect.refund:
        await tell_refusal(tx, shop, order, Reason(outcome.kind.value), outcome.words)


async def _after_unknown(tx: Transaction, claimed: Claim) -> bool:
    """Whether an earlier attempt of the same order was Unknown (or never answered, which is the same)."""
    return any(
        attempt.id != claimed.attempt and attempt.outcome in {None, "unknown"}
        for attempt in await orders.attempts_of(tx, claimed.order.id)
    )


async def _believed(tx: Transaction, claimed: Claim, outcome: AddOutcome) -> AddOutcome:
    """What an answer is worth: of a panel that hands out one id twice, only a person can find out what it delivers."""
    if not isinstance(outcome, Placed):
        return outcome
    taken = await orders.by_panel_order(tx, claimed.order.panel, outcome.panel_order)
    if taken is None or taken.id == claimed.order.id:
        return outcome
    return Unknown(f"the panel gave the id {outcome.panel_order}, which order {taken.id} has")


async def mark_placed(tx: Transaction, shop: Shop, order: Order, panel_order: str, kind: str) -> None:
    """The panel has the order under this id: from here on its status is followed."""
    gap = check_gap(timedelta(0), shop.settings.status_seconds)
    await orders.change(
        tx,
        order,
        OrderState.PENDING,
        kind,
        {"panel_order": panel_order},
        panel_order=panel_order,
        placed_at=tx.now,
        check_at=tx.now + gap,
        lease_until=None,
        waits_since=None,
        next_try_at=None,
        reason=None,
        question=None,
        asked_at=None,
    )
    await _tell(tx, shop, order.id)
    tx.wake("track")


async def _apply(tx: Transaction, shop: Shop, order: Order, effect: AddEffect, words: str) -> None:
    asked_at = None if effect.question is None else tx.now
    columns: dict[str, object] = {
        "lease_until": None,
        "next_try_at": None,
        "reason": effect.reason,
        "question": effect.question,
        "asked_at": asked_at,
        "reminders": 0,
    }
    if effect.state is OrderState.WAITING:
        columns |= _waiting(tx, order, effect)
    if effect.refund:
        columns["ended_at"] = tx.now
    await orders.change(tx, order, effect.state, effect.state.value, {"words": words}, **columns)
    if effect.refund:
        await wallet.settle(tx, order, captured=0, refunded=order.held)
    if effect.state is OrderState.UNCERTAIN:
        await ask_uncertain(tx, shop, order.id)
    elif effect.state is not OrderState.WAITING:
        await _tell(tx, shop, order.id)


def _waiting(tx: Transaction, order: Order, effect: AddEffect) -> dict[str, object]:
    unreachable = effect.reason is Reason.UNREACHABLE
    tries = order.tries + 1 if unreachable else 0
    gap = timedelta(seconds=effect.rest or 0)
    return {"tries": tries, "next_try_at": tx.now + (retry_gap(tries) if unreachable else gap)}


async def ask_uncertain(tx: Transaction, shop: Shop, number: int) -> None:
    """Tell the customer that the order is being checked, and ask the admins what became of it."""
    order = await orders.find(tx, number)
    if order is None:
        return
    attempt = len(await orders.attempts_of(tx, number))
    await tell_order(tx, shop, order, key=f"order:{number}:uncertain:{attempt}")
    facts = {**order_facts(order), "panel": order.panel, "at": tx.now.isoformat()}
    await tell_admins(tx, shop, "uncertain", facts, order=number, after=EVIDENCE_FIRST)


async def _tell(tx: Transaction, shop: Shop, number: int) -> None:
    order = await orders.find(tx, number)
    if order is not None:
        await tell_order(tx, shop, order)


async def _late(tx: Transaction, shop: Shop, claimed: Claim, outcome: AddOutcome) -> None:
    """An answer that came after its lease: it settles an order nobody decided yet, or an admin is told."""
    order = await orders.find(tx, claimed.order.id, lock=True)
    if order is None:
        return
    details = {"outcome": _NAMES[type(outcome)], "words": outcome_words(outcome)}
    await orders.add_event(tx, order.id, "late_answer", order.state, details)
    attempts = await orders.attempts_of(tx, order.id)
    undecided = order.state is OrderState.UNCERTAIN and attempts[-1].id == claimed.attempt
    if isinstance(outcome, Placed) and undecided:
        await orders.correct_attempt(tx, claimed.attempt, details["outcome"], details["words"])
        await gates.placed(tx, shop, await panels.find(tx, order.panel))
        await mark_placed(tx, shop, order, outcome.panel_order, "placed")
        return
    confirms = isinstance(outcome, Placed) and outcome.panel_order == order.panel_order
    if confirms or isinstance(outcome, Unknown):
        return  # tells nobody anything new
    await raise_alert(tx, shop, f"late:{claimed.attempt}", "late", number=order.id, **details)


async def expire_leases(tx: Transaction, shop: Shop) -> int:
    """Orders whose lease is over are uncertain: nobody will ever know what their ``add`` did. How many."""
    expired = 0
    for order, attempt in await queues.expired_leases(tx):
        tx.work = "overdue"
        expired += await apart(tx, _expire(tx, shop, order, attempt), what=f"the expired lease of order {order.id}")
    return expired


async def _expire(tx: Transaction, shop: Shop, order: Order, attempt: int) -> None:
    await orders.finish_attempt(tx, attempt, "unknown", "the lease expired")
    panel = await panels.find(tx, order.panel)
    effect = after_add(Unknown("the lease expired"), after_unknown=True)
    await gates.after_add(tx, shop, panel, effect, "")
    await _apply(tx, shop, order, effect, "the lease expired")


async def give_up(tx: Transaction, shop: Shop) -> int:
    """Refund what waited too long: RETRY_MINUTES for a panel out of reach, WAIT_HOURS for anything else. How many,
    ``AT_ONCE`` at most.

    WAIT_HOURS count from when the order was given, or sent again by an admin; RETRY_MINUTES from the first of a row of
    failures to connect.
    """
    retry = timedelta(minutes=shop.settings.retry_minutes)
    too_long = tx.now - timedelta(hours=shop.settings.wait_hours)
    late = {order.id: order for order in await queues.waited_since(tx, too_long, limit=AT_ONCE)}
    for order in await queues.waited_since(tx, tx.now - retry, reason=Reason.UNREACHABLE):
        if len(late) >= AT_ONCE:
            break
        if order.id not in late and tx.now - await _out_of_reach_since(tx, order) >= retry:
            late[order.id] = order
    given_up = 0
    for order in late.values():
        tx.work = "overdue"
        effect = AddEffect(OrderState.REFUSED, reason=Reason.WAITED, refund=True)
        refund = _apply(tx, shop, order, effect, f"waited too long: {order.reason or 'panel'}")
        given_up += await apart(tx, refund, what=f"the refund of order {order.id}")
    return given_up


async def _out_of_reach_since(tx: Transaction, order: Order) -> datetime:
    """When the first of the order's last ``tries`` attempts failed."""
    row = (await orders.attempts_of(tx, order.id))[-order.tries :]
    return row[0].finished_at or tx.now
