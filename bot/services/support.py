"""What customers and the shop write to each other: a ticket for each order they ask about, and one about none.

Each message goes to the other side as news, so it arrives however late. Whoever writes opens a closed ticket again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.errors import BadInput, ShopError
from bot.domain.orders import Order
from bot.domain.people import User
from bot.domain.texts import BIDI_CONTROLS, bare, clean_text, printable
from bot.domain.tickets import Enclosure, Ticket, TicketLine, TicketState
from bot.services.news import order_facts, raise_alert, tell_admins
from bot.services.shop import Shop
from bot.storage import mail, orders, people, tickets
from bot.storage.database import Transaction

# One message, in characters: it fits into one of Telegram's with all that stands around it, whatever it is made of.
LONGEST_TEXT = 1500
# So many of its last lines are read of a ticket; what of them fits is shown.
LAST_LINES = 20
# A customer's message reaches the admins below the last ones, so many and so much of each.
EARLIER, EARLIER_LENGTH = 3, 200
# Each of a customer's messages is a message to every admin, who could read nothing else beyond this: about whatever.
MOST_AN_HOUR = 20
REMINDS_AFTER = timedelta(days=1)
CLOSES_AFTER = timedelta(days=14)
# So many reminders at a time; the next round has the others.
REMINDERS = 50

# The news of a ticket that its customer reads; every other is for admins.
_FOR_CUSTOMER = frozenset({"ticket_answer", "ticket_closed"})


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket with its last lines, oldest first and ``count`` in all. Before the first, ``ticket`` is None.

    ``names``: those of the admins who wrote, by id.
    """

    customer: User
    order: Order | None
    ticket: Ticket | None = None
    lines: tuple[TicketLine, ...] = ()
    count: int = 0
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number of the order that it is about; 0 for none."""
        return 0 if self.order is None else self.order.id

    @property
    def begun(self) -> Ticket:
        """The ticket. Raises ``LookupError`` before the first line."""
        if self.ticket is None:
            raise LookupError("nothing was written yet")
        return self.ticket

    @property
    def waits(self) -> bool:
        """Whether the customer waits for an answer."""
        return self.ticket is not None and self.ticket.state is TicketState.OPEN

    @property
    def closed(self) -> bool:
        """Whether it was closed, and nobody wrote since."""
        return self.ticket is not None and self.ticket.state is TicketState.CLOSED

    def writer(self, line: TicketLine) -> str | None:
        """The name of the admin who wrote a line, or their id; None where the customer did."""
        return None if line.admin_id is None else self.names.get(line.admin_id, str(line.admin_id))


async def thread(tx: Transaction, *, user: User, number: int) -> Thread:
    """A customer's thread about one of their orders (0: about none). Raises ``ShopError`` for any other order."""
    order = await orders.find(tx, number, user=user.id) if number else None
    if number and order is None:
        raise ShopError("order.unknown", number=number)
    return await _read(tx, user, order, await tickets.about(tx, user=user.id, order=number or None))


async def own(tx: Transaction, *, user: User, ticket: int) -> Thread:
    """The customer's ticket of this number. Raises ``ShopError`` for any other."""
    found = await tickets.find(tx, ticket)
    if found is None or found.user_id != user.id:
        raise ShopError("ticket.unknown", ticket=ticket)
    return await thread(tx, user=user, number=found.order_id or 0)


async def ticket_file(tx: Transaction, ticket: int) -> Thread:
    """Any customer's ticket, for admins. Raises ``ShopError`` where there is none."""
    found = await tickets.find(tx, ticket)
    customer = None if found is None else await people.find_user(tx, found.user_id)
    if found is None or customer is None:
        raise ShopError("ticket.unknown", ticket=ticket)
    order = None if found.order_id is None else await orders.find(tx, found.order_id)
    return await _read(tx, customer, order, found)


async def _read(tx: Transaction, customer: User, order: Order | None, ticket: Ticket | None) -> Thread:
    if ticket is None:
        return Thread(customer, order)
    lines = await tickets.last_lines(tx, ticket.id, limit=LAST_LINES)
    writers = [await people.find_user(tx, admin) for admin in {line.admin_id for line in lines if line.admin_id}]
    names = {writer.id: writer.name for writer in writers if writer is not None}
    return Thread(customer, order, ticket, tuple(lines), await tickets.count_lines(tx, ticket.id), names)


async def write(
    tx: Transaction, shop: Shop, *, user: User, number: int, text: str, enclosure: Enclosure | None = None
) -> Thread:
    """A customer's message about one of their orders (0: about none); every admin reads it.

    Raises ``BadInput`` where it cannot be taken, ``ShopError`` where the order is not theirs; nothing is written then.
    """
    ticket = (await thread(tx, user=user, number=number)).ticket
    text = _checked(text, enclosure)
    if await tickets.count_asked(tx, user.id, since=tx.now - timedelta(hours=1)) >= MOST_AN_HOUR:
        raise BadInput("ticket.too_many", limit=MOST_AN_HOUR)
    if ticket is None:
        ticket = await tickets.insert(tx, user=user.id, order=number or None)
    line = await tickets.add_line(tx, ticket.id, admin=None, text=text, enclosure=enclosure)
    if ticket.state is not TicketState.OPEN:  # else they wait since an earlier message
        await tickets.move(tx, ticket.id, TicketState.OPEN)
    found = await thread(tx, user=user, number=number)
    key = f"ticket_message:{line}"  # what has a key is kept: it can be replied to however late
    await tell_admins(tx, shop, "ticket_message", _message(found), order=number or None, key=key)
    return found


def _checked(text: str, enclosure: Enclosure | None) -> str:
    """What of it is passed on: nothing that turns the words of the message around it. A photo needs no words."""
    text = "".join(char for char in text if char not in BIDI_CONTROLS)
    text = bare("\n".join(printable(line) for line in text.splitlines()))
    if not text and enclosure is None:
        raise BadInput("text.empty")
    if len(text) > LONGEST_TEXT:
        raise BadInput("text.too_long", limit=LONGEST_TEXT)
    return text


def facts(found: Thread) -> dict[str, Any]:
    """Whose ticket it is and the order it is about, JSON-able."""
    customer, order = found.customer, found.order
    about = {} if order is None else {**order_facts(order), "panel": order.panel}
    who = {"user": customer.id, "name": customer.name, "username": customer.username}
    return {**about, **who, "ticket": found.begun.id}


def _message(found: Thread) -> dict[str, Any]:
    """The facts of a ticket's newest line, with a little of what was said before."""
    *earlier, newest = found.lines[-EARLIER - 1 :]
    said = [*(_line(found, line, cut=True) for line in earlier), _line(found, newest, cut=False)]
    return {**facts(found), "count": found.count, "line": newest.id, "lines": said, **_enclosed(newest.enclosure)}


def _enclosed(enclosure: Enclosure | None) -> dict[str, Any]:
    return {} if enclosure is None else {"enclosure": asdict(enclosure)}


def _line(found: Thread, line: TicketLine, *, cut: bool) -> dict[str, Any]:
    """``admin`` is the name of who wrote it, None for the customer."""
    text = clean_text(line.text, EARLIER_LENGTH, keep_lines=True) if cut else line.text
    return {"admin": found.writer(line), "text": text, "at": line.at.isoformat(), **_enclosed(line.enclosure)}


async def answer(
    tx: Transaction, shop: Shop, *, admin: User, ticket: int, text: str, enclosure: Enclosure | None = None
) -> Thread:
    """An admin's message to the customer; the other admins hear of it. Raises as ``write`` and ``ticket_file``."""
    found = await ticket_file(tx, ticket)
    text = _checked(text, enclosure)
    line = await tickets.add_line(tx, ticket, admin=admin.id, text=text, enclosure=enclosure)
    await _end_wait(tx, ticket, TicketState.ANSWERED)
    said = {"ticket": ticket, "number": found.number, "text": text, **_enclosed(enclosure)}
    key = f"ticket_answer:{line}"
    await mail.post(tx, found.customer.id, "ticket_answer", said, order=found.number or None, key=key)
    await _tell_others(tx, shop, found, "answered", by=admin, text=text, enclosure=enclosure)
    return await ticket_file(tx, ticket)


async def close(tx: Transaction, shop: Shop, *, admin: User, ticket: int, seen: int) -> Thread:
    """An admin closes a ticket whose lines up to ``seen`` they have read; the customer and the others hear of it.

    Raises ``ShopError`` where there is none, or the customer wrote again meanwhile. A second time it does nothing.
    """
    found = await ticket_file(tx, ticket)
    if found.closed:
        return found
    if any(line.admin_id is None and line.id > seen for line in found.lines):
        raise ShopError("ticket.wrote_again", ticket=ticket)
    await _end_wait(tx, ticket, TicketState.CLOSED)
    said = {"ticket": ticket, "number": found.number}
    await mail.post(tx, found.customer.id, "ticket_closed", said, order=found.number or None)
    await _tell_others(tx, shop, found, "closed", by=admin)
    return await ticket_file(tx, ticket)


async def close_own(tx: Transaction, shop: Shop, *, user: User, ticket: int) -> Thread:
    """A customer needs nothing more; admins who still owed them an answer hear of it. Raises as ``own``."""
    found = await own(tx, user=user, ticket=ticket)
    if found.closed:
        return found
    await _end_wait(tx, ticket, TicketState.CLOSED)
    if found.waits:
        await _tell_others(tx, shop, found, "withdrawn", by=user)
    return await own(tx, user=user, ticket=ticket)


async def _end_wait(tx: Transaction, ticket: int, state: TicketState) -> None:
    await tickets.move(tx, ticket, state)
    await mail.clear_alert(tx, f"{tickets.OVERDUE}{ticket}")  # without a word: all hear what became of it


async def _tell_others(
    tx: Transaction,
    shop: Shop,
    found: Thread,
    did: str,
    *,
    by: User,
    text: str = "",
    enclosure: Enclosure | None = None,
) -> None:
    """Tell every admin but the one who did it: answered, closed, or withdrawn by the customer."""
    told = {
        "ticket": found.begun.id,
        "number": found.number,
        "did": did,
        "by": by.name,
        "customer": found.customer.name,
        "text": clean_text(text, EARLIER_LENGTH, keep_lines=True),
        **_enclosed(enclosure),
    }
    for other in sorted(shop.settings.admin_ids - {by.id}):
        await mail.post(tx, other, "ticket_news", told, order=found.number or None)


async def replied_to(tx: Transaction, *, chat: int, message: int, admin: bool) -> int | None:
    """The ticket that one of the bot's messages in a chat was news of, to an ``admin`` or to its customer."""
    told = await tickets.told_as(tx, chat, message)
    if told is None or (told[0] in _FOR_CUSTOMER) is admin:
        return None
    found: int | None = told[1].get("ticket")
    return found


async def ticket_about(tx: Transaction, order: Order) -> int | None:
    """The ticket about an order."""
    found = await tickets.about(tx, user=order.user_id, order=order.id)
    return None if found is None else found.id


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of the tickets whose customers wait, the longest first, with the customers' names; ``count`` in all.

    ``page`` is the one that is really there.
    """

    tickets: Sequence[tuple[Ticket, str]]
    count: int
    page: int
    pages: int


async def waiting(tx: Transaction, *, page: int, size: int) -> WaitingPage:
    """Who waits for an answer."""
    count = await tickets.count_waiting(tx)
    pages = max(-(-count // size), 1)
    page = min(max(page, 0), pages - 1)
    return WaitingPage(await tickets.waiting(tx, limit=size, offset=page * size), count, page, pages)


def _words(line: TicketLine) -> str:
    """What was written, or the name of what was sent without a word."""
    return line.text or ("" if line.enclosure is None else line.enclosure.name) or "🖼"


async def look_after(tx: Transaction, shop: Shop) -> None:
    """What time alone brings about: an answered ticket is closed at last, and a customer who waits is spoken for once.

    A ticket that nobody answered stays open however long.
    """
    await tickets.close_silent(tx, tx.now - CLOSES_AFTER)
    for ticket in await tickets.overdue(tx, tx.now - REMINDS_AFTER, limit=REMINDERS):
        found = await ticket_file(tx, ticket.id)
        words = next((_words(line) for line in reversed(found.lines) if line.admin_id is None), "")
        key = f"{tickets.OVERDUE}{ticket.id}"
        await raise_alert(tx, shop, key, "ticket", ticket=ticket.id, name=found.customer.name, words=words)
