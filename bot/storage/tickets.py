"""Tickets and their lines, and which message of a chat was about which ticket."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, literal, select, update

from bot.domain.tickets import Enclosure, Ticket, TicketLine, TicketState
from bot.storage.database import Transaction
from bot.storage.rows import inserted_id
from bot.storage.tables import alerts, outbox, ticket_lines, tickets, users

# The alert of a customer who waits too long: this and the ticket's number.
OVERDUE = "ticket:"


def _ticket(row: Any) -> Ticket:
    return Ticket(row.id, row.user_id, row.order_id, TicketState(row.state), row.changed_at)


async def insert(tx: Transaction, *, user: int, order: int | None) -> Ticket:
    """A new ticket of this customer, who waits from now on."""
    state = TicketState.OPEN
    values = {"user_id": user, "order_id": order, "state": state.value, "opened_at": tx.now, "changed_at": tx.now}
    return Ticket(await inserted_id(tx, tickets, values), user, order, state, tx.now)


async def find(tx: Transaction, ticket: int) -> Ticket | None:
    """The ticket of this number, whosever it is."""
    row = (await tx.conn.execute(select(tickets).where(tickets.c.id == ticket))).first()
    return None if row is None else _ticket(row)


async def about(tx: Transaction, *, user: int, order: int | None) -> Ticket | None:
    """The customer's ticket about an order, or about none; there is one at most."""
    statement = select(tickets).where(tickets.c.user_id == user, tickets.c.order_id == order)
    row = (await tx.conn.execute(statement.order_by(tickets.c.id).limit(1))).first()
    return None if row is None else _ticket(row)


async def move(tx: Transaction, ticket: int, state: TicketState) -> None:
    """Go to a state, as from now."""
    statement = update(tickets).where(tickets.c.id == ticket)
    await tx.conn.execute(statement.values(state=state.value, changed_at=tx.now))


async def add_line(
    tx: Transaction, ticket: int, *, admin: int | None, text: str, enclosure: Enclosure | None = None
) -> int:
    """Write a line at the end; its number."""
    values = {"ticket_id": ticket, "admin_id": admin, "text": text, "at": tx.now}
    enclosed = {} if enclosure is None else {"enclosure": asdict(enclosure)}
    return await inserted_id(tx, ticket_lines, {**values, **enclosed})


def _line(row: Any) -> TicketLine:
    enclosure = None if row.enclosure is None else Enclosure(**row.enclosure)
    return TicketLine(row.id, row.admin_id, row.text, row.at, enclosure)


async def last_lines(tx: Transaction, ticket: int, *, limit: int) -> list[TicketLine]:
    """The last lines, oldest first."""
    statement = select(ticket_lines).where(ticket_lines.c.ticket_id == ticket).order_by(ticket_lines.c.id.desc())
    rows = (await tx.conn.execute(statement.limit(limit))).all()
    return [_line(row) for row in reversed(rows)]


async def count_lines(tx: Transaction, ticket: int) -> int:
    """How many lines it has."""
    statement = select(func.count()).where(ticket_lines.c.ticket_id == ticket)
    return int(await tx.conn.scalar(statement) or 0)


async def count_asked(tx: Transaction, user: int, *, since: datetime) -> int:
    """How many lines a customer wrote after ``since``, in all of their tickets."""
    own = (tickets.c.user_id == user, ticket_lines.c.admin_id.is_(None), ticket_lines.c.at > since)
    statement = select(func.count()).select_from(ticket_lines.join(tickets, tickets.c.id == ticket_lines.c.ticket_id))
    return int(await tx.conn.scalar(statement.where(*own)) or 0)


async def waiting(tx: Transaction, *, limit: int, offset: int) -> list[tuple[Ticket, str]]:
    """Tickets whose customers wait for an answer, the longest first; each with the customer's name."""
    statement = (
        select(tickets, users.c.name)
        .join(users, users.c.id == tickets.c.user_id)
        .where(tickets.c.state == TicketState.OPEN.value)
        .order_by(tickets.c.changed_at, tickets.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [(_ticket(row), row.name) for row in await tx.conn.execute(statement)]


async def count_waiting(tx: Transaction) -> int:
    """How many customers' tickets wait for an answer."""
    statement = select(func.count()).where(tickets.c.state == TicketState.OPEN.value)
    return int(await tx.conn.scalar(statement) or 0)


async def overdue(tx: Transaction, before: datetime, *, limit: int) -> list[Ticket]:
    """Tickets that wait since ``before`` and of which no alert was raised yet."""
    raised = select(alerts.c.key).where(alerts.c.key == literal(OVERDUE).concat(cast(tickets.c.id, Text)))
    waits = (tickets.c.state == TicketState.OPEN.value, tickets.c.changed_at <= before)
    statement = select(tickets).where(*waits, ~raised.exists()).order_by(tickets.c.changed_at).limit(limit)
    return [_ticket(row) for row in await tx.conn.execute(statement)]


async def close_silent(tx: Transaction, before: datetime) -> None:
    """Close the tickets that the shop answered, and nobody wrote in since ``before``."""
    silent = (tickets.c.state == TicketState.ANSWERED.value, tickets.c.changed_at <= before)
    statement = update(tickets).where(*silent)
    await tx.conn.execute(statement.values(state=TicketState.CLOSED.value, changed_at=tx.now))


async def told_as(tx: Transaction, chat: int, message: int) -> tuple[str, Mapping[str, Any]] | None:
    """The kind and the facts of the news that a chat has as this message; None where it is none, or forgotten."""
    statement = (
        select(outbox.c.kind, outbox.c.facts)
        .where(outbox.c.chat_id == chat, outbox.c.message_id == message)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else (row.kind, row.facts)
