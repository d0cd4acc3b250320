"""Updates received but not yet handled (inbox), news decided but not yet sent (outbox), alerts raised."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, or_, select, update

from bot.domain.mail import CARDS, CHANNEL, NOTES, TOGETHER, News, Received
from bot.storage.database import Transaction
from bot.storage.rows import insert
from bot.storage.tables import alerts, inbox, outbox, users


async def receive(tx: Transaction, updates: Sequence[Received]) -> list[int]:
    """Store a batch of updates; the ids that were new."""
    if not updates:
        return []
    ids = [received.update_id for received in updates]
    known = set(await tx.conn.scalars(select(inbox.c.update_id).where(inbox.c.update_id.in_(ids))))
    rows = {
        received.update_id: {
            "update_id": received.update_id,
            "chat_id": received.chat_id,
            "payload": received.payload,
            "received_at": tx.now,
        }
        for received in updates
        if received.update_id not in known
    }
    if rows:
        await tx.conn.execute(inbox.insert(), list(rows.values()))
    return list(rows)


async def unhandled(tx: Transaction) -> list[Received]:
    """Every update that is still to be handled, in the order Telegram gave them."""
    statement = (
        select(inbox)
        .where(inbox.c.done_at.is_(None), inbox.c.set_aside.is_(False))
        .order_by(inbox.c.received_at, inbox.c.update_id)
    )
    return [Received(row.update_id, row.chat_id, row.payload, row.failures) for row in await tx.conn.execute(statement)]


async def done(tx: Transaction, update_id: int) -> bool:
    """Mark an update handled; False where it was handled before."""
    statement = update(inbox).where(inbox.c.update_id == update_id, inbox.c.done_at.is_(None)).values(done_at=tx.now)
    return (await tx.conn.execute(statement)).rowcount == 1


async def failed(tx: Transaction, update_id: int, *, failures: int, set_aside: bool) -> None:
    """Note that handling an update failed."""
    statement = update(inbox).where(inbox.c.update_id == update_id).values(failures=failures, set_aside=set_aside)
    await tx.conn.execute(statement)


async def purge_inbox(tx: Transaction, before: datetime) -> None:
    """Forget updates received before ``before`` that are done or set aside."""
    over = or_(inbox.c.done_at.is_not(None), inbox.c.set_aside.is_(True))
    await tx.conn.execute(delete(inbox).where(inbox.c.received_at < before, over))


async def post(
    tx: Transaction,
    chat: int,
    kind: str,
    facts: Mapping[str, Any],
    *,
    order: int | None = None,
    key: str | None = None,
    after: timedelta = timedelta(0),
) -> None:
    """Decide on a message, to be sent ``after`` so long; with ``key``, only once ever."""
    values = {
        "chat_id": chat,
        "kind": kind,
        "facts": dict(facts),
        "order_id": order,
        "key": key,
        "created_at": tx.now,
        "due_at": tx.now + after,
    }
    statement = insert(tx, outbox).values(values)
    if key is not None:
        statement = statement.on_conflict_do_nothing(index_elements=["key"])
    await tx.conn.execute(statement)
    tx.wake("outbox")


# Of the news that wait for one chat, the lower goes first; what is of one rank stays in order.
_RANK = case((outbox.c.kind.in_(CARDS), 0), (outbox.c.kind.in_(NOTES), 2), else_=1)
_PENDING = and_(outbox.c.sent_at.is_(None), outbox.c.failed.is_(None))


async def due_news(tx: Transaction, *, limit: int) -> list[News]:
    """The oldest unsent message of each chat that may be sent now, and the channel's lines; oldest first.

    At most ``limit`` of either, so that no chat waits for a busy channel. What is put off holds back what came to the
    same chat, or the channel, after it. A chat whose person blocked the bot is passed over until they come back.

    Of an admin's news ``CARDS`` go first and ``NOTES`` last; where it is the turn of those, they come together.
    """
    heads = (
        select(func.min(outbox.c.id))
        .select_from(outbox.outerjoin(users, users.c.id == outbox.c.chat_id))
        .where(_PENDING, outbox.c.chat_id != CHANNEL, func.coalesce(users.c.blocked, False).is_(False))
        .group_by(outbox.c.chat_id, _RANK)
    )
    in_line = and_(_PENDING, outbox.c.chat_id == CHANNEL)
    first_line = select(outbox.c.due_at).where(in_line).order_by(outbox.c.id).limit(1).scalar_subquery()
    rows = await _firsts(tx, await _due(tx, outbox.c.id.in_(heads), limit=limit))
    rows += await _due(tx, and_(in_line, first_line <= tx.now), limit=limit)
    return [
        News(row.id, row.chat_id, row.kind, row.facts, row.order_id, row.created_at, row.tries)
        for row in sorted(rows, key=lambda row: row.id)
    ]


async def _due(tx: Transaction, chosen: ColumnElement[bool], *, limit: int) -> list[Row[Any]]:
    statement = select(outbox, _RANK.label("rank")).where(chosen, outbox.c.due_at <= tx.now)
    return list((await tx.conn.execute(statement.order_by(outbox.c.id).limit(limit))).all())


async def _firsts(tx: Transaction, heads: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Of the oldest of each rank, what goes next to each chat: one message, or notes that are put into one."""
    firsts: dict[int, Row[Any]] = {}
    for row in sorted(heads, key=lambda row: row.rank):
        firsts.setdefault(row.chat_id, row)
    found = list(firsts.values())
    for row in [row for row in found if row.kind in NOTES and not row.tries]:  # one that failed is tried alone
        more = and_(_PENDING, outbox.c.chat_id == row.chat_id, outbox.c.kind.in_(NOTES), outbox.c.id > row.id)
        found += await _due(tx, and_(more, outbox.c.tries == 0), limit=TOGETHER - 1)
    return found


async def next_due_at(tx: Transaction) -> datetime | None:
    """When the next message that is put off may be sent."""
    pending = (outbox.c.sent_at.is_(None), outbox.c.failed.is_(None), outbox.c.due_at > tx.now)
    found: datetime | None = await tx.conn.scalar(select(func.min(outbox.c.due_at)).where(*pending))
    return found


async def sent(tx: Transaction, news: Sequence[int], message: int) -> dict[int, Mapping[str, Any]]:
    """Note that these went out, as this message; their facts as they are now, by their ids."""
    statement = update(outbox).where(outbox.c.id.in_(news)).values(sent_at=tx.now, message_id=message)
    rows = await tx.conn.execute(statement.returning(outbox.c.id, outbox.c.facts))
    return {row.id: row.facts for row in rows}


async def enrich(tx: Transaction, order: int, kind: str, facts: Mapping[str, Any]) -> None:
    """Add facts to news of an order that did not go out yet."""
    pending = (outbox.c.order_id == order, outbox.c.kind == kind, outbox.c.sent_at.is_(None))
    for row in (await tx.conn.execute(select(outbox.c.id, outbox.c.facts).where(*pending))).all():
        statement = update(outbox).where(outbox.c.id == row.id)
        await tx.conn.execute(statement.values(facts={**row.facts, **facts}))


async def amend(tx: Transaction, key: str, facts: Mapping[str, Any]) -> None:
    """Add facts to a message: in place where it did not go out yet, else it is sent anew over the old one."""
    row = (await tx.conn.execute(select(outbox).where(outbox.c.key == key))).first()
    if row is None:
        return
    facts = {**row.facts, **facts}
    if row.sent_at is None:
        await tx.conn.execute(update(outbox).where(outbox.c.id == row.id).values(facts=facts))
    else:
        await post(tx, row.chat_id, row.kind, {**facts, "over": row.message_id})


async def said_otherwise(tx: Transaction, key: str, message: int | None) -> None:
    """Note that a screen, shown as ``message``, already said what this news would; None: other news do."""
    statement = update(outbox).where(outbox.c.key == key, outbox.c.sent_at.is_(None))
    await tx.conn.execute(statement.values(sent_at=tx.now, message_id=message))


async def postpone(tx: Transaction, news: Sequence[int], until: datetime, *, tries: int) -> None:
    """Try these again, not before ``until``."""
    statement = update(outbox).where(outbox.c.id.in_(news)).values(due_at=until, tries=tries)
    await tx.conn.execute(statement)


async def give_up(tx: Transaction, news: Sequence[int], why: str) -> None:
    """Never send these."""
    await tx.conn.execute(update(outbox).where(outbox.c.id.in_(news)).values(failed=why))


async def purge_outbox(tx: Transaction, before: datetime) -> None:
    """Forget news that went out before ``before`` and need not be told from later ones."""
    statement = delete(outbox).where(outbox.c.sent_at < before, outbox.c.key.is_(None))
    await tx.conn.execute(statement)


async def raise_alert(tx: Transaction, key: str) -> bool:
    """Note a trouble; True where it is new."""
    statement = insert(tx, alerts).values(key=key, raised_at=tx.now)
    result = await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return result.rowcount == 1


async def clear_alert(tx: Transaction, key: str) -> bool:
    """Note that a trouble is over; True where there was one."""
    return (await tx.conn.execute(delete(alerts).where(alerts.c.key == key))).rowcount == 1


async def alerts_since(tx: Transaction, prefix: str, moment: datetime) -> int:
    """How many troubles whose keys begin like this were told of since ``moment``."""
    mine = alerts.c.key.startswith(prefix, autoescape=True)
    return int(await tx.conn.scalar(select(func.count()).where(mine, alerts.c.raised_at > moment)) or 0)


async def alert_raised(tx: Transaction, key: str) -> bool:
    """Whether a trouble was told of and is not over."""
    return await tx.conn.scalar(select(alerts.c.key).where(alerts.c.key == key)) is not None
