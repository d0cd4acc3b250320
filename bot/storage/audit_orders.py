"""Invariants of orders, their attempts, events and news."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, literal, not_, or_, select

from bot.domain.orders import ENDED, TRANSITIONS, UNPLACED, OrderState
from bot.domain.outcomes import RefusalKind
from bot.storage.audit_law import Invariant
from bot.storage.database import Transaction
from bot.storage.tables import attempts, order_events, orders, outbox

_ENDED = [state.value for state in ENDED]
_ALLOWED = [f"{before}>{after}" for before, following in TRANSITIONS.items() for after in following]
# What an admin's decisions are called among an order's events.
RESEND, DECIDED_PLACED = "resend", "decided_placed"


def _retryable(outcome: ColumnElement[str], words: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an attempt is known to have placed nothing and may be followed by another.

    A refusal's words begin with its kind; only one about the shop's own account leaves the order waiting.
    """
    about_shop = [words.startswith(f"{kind}:", autoescape=True) for kind in RefusalKind if kind.about_shop]
    return or_(outcome.in_(["not_sent", "throttled"]), and_(outcome == "refused", or_(*about_shop)))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _events(kind: str) -> Select[Any]:
    """How many events of a kind the order at hand has; to be used inside a statement on ``orders``."""
    return (
        select(func.count())
        .select_from(order_events)
        .where(order_events.c.order_id == orders.c.id, order_events.c.kind == kind)
        .correlate(orders)
    )


async def _panel_ids(tx: Transaction) -> list[str]:
    statement = (
        select(orders.c.panel, orders.c.panel_order, func.count().label("times"))
        .where(orders.c.panel_order.is_not(None))
        .group_by(orders.c.panel, orders.c.panel_order)
        .having(func.count() > 1)
    )
    return [
        f"{row.times} orders have the id {row.panel_order} on the panel {row.panel}."
        for row in await tx.conn.execute(statement)
    ]


async def _calls(tx: Transaction) -> list[str]:
    """No ``add`` too many, by count."""
    tally = (
        select(
            attempts.c.order_id,
            func.count().label("made"),
            func.max(attempts.c.number).label("last"),
            _count(_retryable(attempts.c.outcome, attempts.c.words)).label("free"),
        )
        .group_by(attempts.c.order_id)
        .subquery()
    )
    resends = _events(RESEND).scalar_subquery()
    statement = (
        select(orders.c.id, tally.c.made, tally.c.last, (1 + tally.c.free + resends).label("allowed"))
        .join(tally, tally.c.order_id == orders.c.id)
        .where(or_(tally.c.made > 1 + tally.c.free + resends, tally.c.made != tally.c.last))
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} has {row.made} attempts, numbered up to {row.last}; {row.allowed} were allowed."
        for row in await tx.conn.execute(statement)
    ]


def _before(column: str) -> ColumnElement[Any]:
    """A column of the order's previous attempt, as ``<column>_before``."""
    lag = func.lag(attempts.c[column]).over(partition_by=attempts.c.order_id, order_by=attempts.c.number)
    return lag.label(f"{column}_before")


async def _repeats(tx: Transaction) -> list[str]:
    """No ``add`` too many, one by one: each follows proof that nothing was placed, or an admin's decision."""
    pairs = select(attempts, *(_before(name) for name in ("outcome", "words", "started_at"))).subquery()
    decided = (
        select(order_events.c.id)
        .where(
            order_events.c.order_id == pairs.c.order_id,
            order_events.c.kind == RESEND,
            order_events.c.at.between(pairs.c.started_at_before, pairs.c.started_at),
        )
        .exists()
    )
    proven = _retryable(pairs.c.outcome_before, pairs.c.words_before)
    statement = (
        select(pairs.c.order_id, pairs.c.number, pairs.c.outcome_before)
        .where(pairs.c.started_at_before.is_not(None), not_(func.coalesce(proven, False)), not_(decided))
        .order_by(pairs.c.order_id, pairs.c.number)
    )
    return [
        f"Order {row.order_id} was sent again (attempt {row.number}) after "
        f"{row.outcome_before or 'an attempt without an answer'}, with no admin's decision."
        for row in await tx.conn.execute(statement)
    ]


async def _in_flight(tx: Transaction) -> list[str]:
    """An order is being submitted exactly while its last attempt has no outcome."""
    last = (
        select(attempts.c.order_id, func.max(attempts.c.number).label("number"))
        .group_by(attempts.c.order_id)
        .subquery()
    )
    open_ones = _count(attempts.c.outcome.is_(None))
    open_last = _count(and_(attempts.c.outcome.is_(None), attempts.c.number == last.c.number))
    tally = (
        select(attempts.c.order_id, open_ones.label("open"), open_last.label("open_last"))
        .join(last, last.c.order_id == attempts.c.order_id)
        .group_by(attempts.c.order_id)
        .subquery()
    )
    is_open, is_open_last = func.coalesce(tally.c.open, 0), func.coalesce(tally.c.open_last, 0)
    submitting = orders.c.state == OrderState.SUBMITTING.value
    wrong = or_(and_(submitting, or_(is_open != 1, is_open_last != 1)), and_(not_(submitting), is_open != 0))
    statement = (
        select(orders.c.id, orders.c.state, is_open.label("open"))
        .outerjoin(tally, tally.c.order_id == orders.c.id)
        .where(wrong)
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} is {row.state} and has {row.open} attempts without an outcome."
        for row in await tx.conn.execute(statement)
    ]


async def _placed(tx: Transaction) -> list[str]:
    """The panel's id comes from exactly one attempt, or from an admin."""
    placed = and_(attempts.c.order_id == orders.c.id, attempts.c.outcome == "placed")
    times = select(func.count()).select_from(attempts).where(placed).correlate(orders).scalar_subquery()
    named = _times_named(placed)
    decided = _events(DECIDED_PLACED).scalar_subquery()
    uncertain = _events(OrderState.UNCERTAIN.value).scalar_subquery()
    known = orders.c.panel_order.is_not(None)
    # A panel that hands out an id twice leaves an order uncertain that its panel did accept.
    lost = and_(not_(known), times > 0, uncertain == 0)
    early = and_(known, orders.c.state.in_([state.value for state in UNPLACED]))
    unexplained = and_(known, decided == 0, or_(times != 1, named != 1))
    statement = (
        select(orders.c.id, orders.c.state, orders.c.panel_order, times.label("times"))
        .where(or_(lost, early, unexplained))
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} is {row.state} with the panel's id {row.panel_order}, "
        f"placed by {row.times} attempts and no admin."
        for row in await tx.conn.execute(statement)
    ]


def _times_named(placed: ColumnElement[bool]) -> ColumnElement[int]:
    """How many attempts were answered with the very id the order has."""
    same = attempts.c.words == orders.c.panel_order
    count = select(func.count()).select_from(attempts).where(placed, same)
    return count.correlate(orders).scalar_subquery()


async def _transitions(tx: Transaction) -> list[str]:
    before = func.lag(order_events.c.state).over(partition_by=order_events.c.order_id, order_by=order_events.c.id)
    steps = select(order_events, before.label("before")).subquery()
    begins_wrong = and_(steps.c.before.is_(None), steps.c.state != OrderState.WAITING.value)
    step = steps.c.before + ">" + steps.c.state
    moves_wrong = and_(steps.c.before != steps.c.state, step.not_in(_ALLOWED))
    statement = (
        select(steps.c.order_id, steps.c.id, steps.c.before, steps.c.state)
        .where(or_(begins_wrong, moves_wrong))
        .order_by(steps.c.id)
    )
    return [
        f"Order {row.order_id} went from {row.before or 'nothing'} to {row.state} (event {row.id})."
        for row in await tx.conn.execute(statement)
    ]


async def _follows(tx: Transaction) -> list[str]:
    mine = order_events.c.order_id == orders.c.id
    last = select(func.max(order_events.c.id)).where(mine).correlate(orders).scalar_subquery()
    statement = (
        select(orders.c.id, orders.c.state, order_events.c.state.label("said"))
        .outerjoin(order_events, order_events.c.id == last)
        .where(or_(order_events.c.state.is_(None), order_events.c.state != orders.c.state))
        .order_by(orders.c.id)
    )
    return [
        f"Order {row.id} is {row.state} and its last event says {row.said or 'nothing'}."
        for row in await tx.conn.execute(statement)
    ]


async def _news(tx: Transaction) -> list[str]:
    key = literal("order:") + cast(orders.c.id, Text) + ":" + orders.c.state
    statement = (
        select(orders.c.id, orders.c.state)
        .outerjoin(outbox, outbox.c.key == key)
        .where(orders.c.state.in_(_ENDED), outbox.c.id.is_(None))
        .order_by(orders.c.id)
    )
    return [f"Order {row.id} is {row.state} and there was no news of it." for row in await tx.conn.execute(statement)]


INVARIANTS = (
    Invariant("a panel's id belongs to one order", _panel_ids),
    Invariant("an order is sent once, and again only after proof or an admin's decision", _calls),
    Invariant("nothing is sent again before it is known that it was not placed", _repeats),
    Invariant("an order is submitting exactly while its last attempt has no outcome", _in_flight),
    Invariant("a placed order was placed by one attempt or by an admin", _placed),
    Invariant("an order only moves as the table of transitions allows", _transitions),
    Invariant("an order is where its last event left it", _follows),
    Invariant("every ended order has its news", _news),
)
