"""What became of placed orders: asked of the panel in batches, applied one transaction a batch."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.decisions import StatusEffect, after_status
from bot.domain.orders import (
    AFTERLOOK_GAP,
    AFTERLOOK_TIME,
    TRACKED,
    Order,
    Question,
    check_gap,
)
from bot.domain.outcomes import Rejected, StatusReport
from bot.services import wallet
from bot.services.apart import AT_ONCE
from bot.services.news import order_facts, raise_alert, tell_admins, tell_order, tell_word
from bot.services.shop import Shop
from bot.storage import orders, queues
from bot.storage.database import Transaction, may_pass

log = logging.getLogger(__name__)

# "status with orders: up to 100 ids"; more is refused or silently cut.
BATCH = 100
# A panel that has said nothing about an order for so long has lost it, as far as the shop can tell.
SILENCE = timedelta(days=3)
# Asked once, an admin is reminded after a quarter of an hour and after a day.
REMINDERS = (timedelta(minutes=15), timedelta(days=1))

Answers = Mapping[str, StatusReport | Rejected]
# What changes in the row of an order beside its state and its money.
Columns = dict[str, object]


@dataclass(frozen=True, slots=True)
class Round:
    """The orders to ask a panel about in one call."""

    panel: str
    orders: tuple[Order, ...]

    @property
    def ids(self) -> list[str]:
        """Their ids on the panel."""
        return [order.panel_order for order in self.orders if order.panel_order is not None]


async def due(tx: Transaction, panel: str) -> Round:
    """The next batch of a panel, oldest due first; it may be empty."""
    return Round(panel, tuple(await queues.due_for_status(tx, panel, limit=BATCH)))


async def apply(tx: Transaction, shop: Shop, asked: Round, answers: Answers) -> None:
    """Do what a batch's answers say. An id without an answer, or with an error, changes nothing but its next turn.

    Nor does an order that cannot be moved, for whatever reason: the rest of the batch is not held up by it.
    """
    tx.work = "tracked"
    found = await queues.locked(tx, [order.id for order in asked.orders])
    stayed: dict[int, Columns] = {}
    for order in asked.orders:
        now = found.get(order.id)
        if now is not None:
            stayed[now.id] = await _hear_apart(tx, shop, now, answers.get(order.panel_order or ""))
    await queues.touch_all(tx, stayed)


async def _hear_apart(tx: Transaction, shop: Shop, order: Order, answer: StatusReport | Rejected | None) -> Columns:
    try:
        return await _hear(tx, shop, order, answer)
    except Exception as error:
        if may_pass(error):
            raise
        log.exception("what the panel says of order %d could not be done, and is asked again", order.id)
        return {"check_at": tx.now + _gap(tx, shop, order)}


async def postpone(tx: Transaction, shop: Shop, asked: Round) -> None:
    """The call for a batch failed: each of its orders is asked about again in its own time."""
    tx.work = "postponed"
    await queues.touch_all(tx, {order.id: {"check_at": tx.now + _gap(tx, shop, order)} for order in asked.orders})


def _gap(tx: Transaction, shop: Shop, order: Order) -> timedelta:
    if order.state not in TRACKED:
        return AFTERLOOK_GAP
    return check_gap(tx.now - (order.placed_at or order.created_at), shop.settings.status_seconds)


async def apply_one(tx: Transaction, shop: Shop, number: int, answer: StatusReport | Rejected | None) -> None:
    """Do what one order's status answer says."""
    order = await orders.find(tx, number, lock=True)
    if order is not None:
        await queues.touch_all(tx, {number: await _hear(tx, shop, order, answer)})


async def _hear(tx: Transaction, shop: Shop, order: Order, answer: StatusReport | Rejected | None) -> Columns:
    """Move an order if the answer says so; what is still to be written of one that stays where it is.

    Most orders stay, and what is written of a whole batch at once costs a hundredth.
    """
    if order.state not in TRACKED:
        return await _after_the_end(tx, shop, order, answer)
    columns: Columns = {"check_at": tx.now + _gap(tx, shop, order)}
    if not isinstance(answer, StatusReport):
        return columns
    columns |= {"answered_at": tx.now} | _counts(order, answer) | _found_again(order)
    if answer.status is None:
        async with tx.savepoint():
            await tell_word(tx, shop, order.panel, answer.word, order.id)
    effect = after_status(order, answer)
    if effect.state is order.state:
        return columns
    async with tx.savepoint():
        await _move(tx, shop, order, effect, columns, answer)
    return {}


def _counts(order: Order, answer: StatusReport) -> Columns:
    """The numbers an answer brings; what it leaves out stays as it was."""
    parts = answer.posts if order.subscription else answer.runs
    counts = {"start_count": answer.start_count, "remains": answer.remains}
    # Some panels say how many were asked for, or nonsense: nobody is shown more than there are.
    counts["parts_done"] = parts if parts is not None and 0 <= parts <= order.parts else None
    return {name: value for name, value in counts.items() if value is not None}


def _found_again(order: Order) -> Columns:
    """An order that was thought lost and is answered again asks nobody any more."""
    if order.question is Question.MISSING:
        return {"question": None, "asked_at": None}
    return {}


async def _move(
    tx: Transaction,
    shop: Shop,
    order: Order,
    effect: StatusEffect,
    columns: Columns,
    answer: StatusReport,
) -> None:
    settled = effect.state not in TRACKED and effect.question is None
    columns |= {"question": effect.question, "asked_at": tx.now if effect.question else None, "reminders": 0}
    if effect.state not in TRACKED:
        columns |= {"ended_at": tx.now, "check_at": tx.now + AFTERLOOK_GAP}
    details = {"word": answer.word, "remains": answer.remains, "charge": str(answer.charge)}
    await orders.change(tx, order, effect.state, effect.state.value, details, **columns)
    if settled:
        await wallet.settle(tx, order, captured=effect.captured, refunded=effect.refunded)
    now = await orders.find(tx, order.id)
    if now is None:
        return
    # An order may be in progress, fail and be in progress again: each is news. An end comes once.
    again = f"order:{order.id}:{effect.state}:{tx.now.isoformat()}"
    await tell_order(tx, shop, now, key=again if effect.state in TRACKED else None)
    if effect.question is not None:
        facts = {**order_facts(now), "panel": order.panel}
        await tell_admins(tx, shop, "question", facts, order=order.id)


async def _after_the_end(tx: Transaction, shop: Shop, order: Order, answer: StatusReport | Rejected | None) -> Columns:
    """Ended orders are looked at daily for a week; a change moves nothing, but an admin hears of it."""
    if isinstance(answer, StatusReport) and answer.status is not None and answer.status.value != order.state.value:
        key = f"changed:{order.id}:{answer.status.value}"
        async with tx.savepoint():
            await raise_alert(tx, shop, key, "changed", number=order.id, state=order.state.value, word=answer.word)
    over = order.ended_at is None or tx.now - order.ended_at >= AFTERLOOK_TIME
    return {"check_at": None if over else tx.now + AFTERLOOK_GAP}


async def ask_about_silence(tx: Transaction, shop: Shop) -> int:
    """Orders the panel has said nothing about for days: an admin is asked to close them. How many, of ``AT_ONCE``."""
    found = await queues.silent_since(tx, tx.now - SILENCE, limit=AT_ONCE)
    for order in found:
        tx.work = "overdue"
        await orders.touch(tx, order.id, question=Question.MISSING.value, asked_at=tx.now, reminders=0)
        facts = {**order_facts(order), "panel": order.panel, "question": Question.MISSING.value}
        await tell_admins(tx, shop, "question", facts, order=order.id)
    return len(found)


async def remind(tx: Transaction, shop: Shop) -> int:
    """Remind the admins of what waits for their decision. How many orders, ``AT_ONCE`` at most."""
    found = await queues.to_remind(tx, [tx.now - gap for gap in REMINDERS], limit=AT_ONCE)
    for order, asked_at in found:
        # After a night without the shop both are over: one reminder is enough.
        over = sum(tx.now - asked_at >= gap for gap in REMINDERS)
        tx.work = "overdue"
        await orders.touch(tx, order.id, reminders=over)
        uncertain = order.question is Question.UNCERTAIN
        facts = {**order_facts(order), "panel": order.panel, "at": asked_at.isoformat(), "reminder": over}
        await tell_admins(tx, shop, "uncertain" if uncertain else "question", facts, order=order.id)
    return len(found)
