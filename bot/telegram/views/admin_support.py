"""Tickets as admins see them: who waits, a thread with its order, and the news of what customers write."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.tickets import Ticket, TicketState
from bot.i18n import Html, Money, Translator, join, mark
from bot.services import support
from bot.services.support import Thread, WaitingPage
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views.support import CAPTION_ROOM, Said, about, enclosed, filled, words, words_of

Facts = Mapping[str, Any]

PAGE = 8


def _head(t: Translator, facts: Facts, *, brief: bool = False) -> Html:
    """Whose ticket it is, with a link to them, and the order it is about; where it is ``brief``, only which."""
    user = int(facts["user"])
    name = Html(f'<a href="tg://user?id={user}">{t.html("{name}", name=k.label(str(facts["name"])))}</a>')
    code = Html(f"<code>{t.html('{user}', user=str(user))}</code>")
    heading = t.html("💬 <b>Ticket {ticket}</b>: {name} ({code})", ticket=str(facts["ticket"]), name=name, code=code)
    if facts["username"]:
        heading = join(" ", [heading, t.html("{username}", username=f"@{facts['username']}")])
    lines = about(t, facts)
    if brief:
        del lines[1:]
    elif lines:
        lines.append(t.html("Price: <b>{price}</b>", price=Money(int(facts["price"]))))
        lines.append(t.html("Panel: {panel}", panel=str(facts["panel"])))
    return join("\n", [heading, *lines])


STANDING: Mapping[TicketState, str] = {
    TicketState.OPEN: mark("⏳ Waits for an answer since {at}."),
    TicketState.ANSWERED: mark("✅ Answered, {at}."),
    TicketState.CLOSED: mark("Closed, {at}. Whoever writes opens it again."),
}


def thread(t: Translator, found: Thread) -> Screen:
    """What was written so far, and what can be done about it."""
    ticket = found.begun
    foot = t.html(STANDING[ticket.state], at=ticket.changed_at)
    seen = found.lines[-1].id if found.lines else 0
    rows = [_reply(t, ticket.id)]
    if not found.closed:
        rows[-1].append(_close(t, ticket.id, seen))
    return Screen(_text(t, found, foot), [*rows, [*_order_button(t, found.number), *_all(t)]])


def ask_answer(t: Translator, found: Thread, *, problem: str = "") -> Screen:
    """Ask for the answer, below what it answers. ``problem``: why the last was not taken."""
    foot = t.html("Write the answer in one message. {name} reads it as the shop's.", name=k.label(found.customer.name))
    if problem:
        foot = join("\n\n", [t.html("⚠️ {problem}", problem=problem), foot])
    cancel = k.button(t.plain("Cancel"), cb.Ticket(id=found.begun.id, do="show"))
    return Screen(_text(t, found, foot), [[cancel]])


def _text(t: Translator, found: Thread, foot: Html) -> Html:
    said = [Said(_who(found.customer.name, found.writer(line)), line.at, words_of(t, line)) for line in found.lines]
    return filled(t, _head(t, support.facts(found)), said, found.count, foot)


def _who(customer: str, admin: str | None) -> str:
    """Shop's people are told apart from customers of the same name."""
    return k.label(customer) if admin is None else f"↩️ {k.label(admin)}"


def _reply(t: Translator, ticket: int) -> k.Row:
    return [k.button(t.plain("Reply"), cb.Ticket(id=ticket, do="reply"), style="primary")]


def _close(t: Translator, ticket: int, seen: int) -> k.Button:
    return k.button(t.plain("Close"), cb.Ticket(id=ticket, do="close", seen=seen))


def _order_button(t: Translator, number: int) -> k.Row:
    return [k.button(t.plain("Order #{number}", number=str(number)), cb.Decide(id=number, do="show"))] if number else []


def _all(t: Translator) -> k.Row:
    return [k.button(t.plain("All tickets"), cb.Tickets())]


def ways(t: Translator, ticket: int) -> k.Row:
    """The ways to a ticket from what speaks of it."""
    return [*_reply(t, ticket), k.button(t.plain("Thread"), cb.Ticket(id=ticket, do="show"))]


def answered(t: Translator, found: Thread) -> str:
    """The customer will read it."""
    name = k.label(found.customer.name)
    if found.customer.blocked:
        return t.plain("{name} has blocked the bot: the answer waits until they come back.", name=name)
    return t.plain("The answer goes to {name}.", name=name)


def listing(t: Translator, found: WaitingPage) -> Screen:
    """Who waits for an answer, the longest first."""
    if not found.count:
        return Screen(t.html("✅ Nobody waits for an answer."))
    text = t.nhtml("<b>{n} customer waits for an answer</b>", "<b>{n} customers wait for an answer</b>", found.count)
    buttons = [[_ticket_button(t, ticket, name)] for ticket, name in found.tickets]
    return Screen(text, [*buttons, *k.paging(t, found.page, found.pages, lambda to: cb.Tickets(page=to))])


def _ticket_button(t: Translator, ticket: Ticket, name: str) -> k.Button:
    order = "" if ticket.order_id is None else f" · #{ticket.order_id}"
    label = t.plain("{ticket} · {name} · {at}", ticket=f"{ticket.id}{order}", name=k.label(name), at=ticket.changed_at)
    return k.button(label, cb.Ticket(id=ticket.id, do="show"))


# News.


def message(t: Translator, facts: Facts) -> Screen:
    """A customer wrote."""
    ticket = int(facts["ticket"])
    said = [
        Said(
            _who(str(facts["name"]), line["admin"]),
            datetime.fromisoformat(line["at"]),
            words(t, str(line["text"]), line.get("enclosure")),
        )
        for line in facts["lines"]
    ]
    foot = t.html("To answer, reply to this message or press <b>Reply</b>.")
    rows = [[*ways(t, ticket), _close(t, ticket, int(facts["line"]))]]
    if facts.get("number"):
        rows.append(_order_button(t, int(facts["number"])))
    attachment, count = enclosed(facts), int(facts["count"])
    if attachment is None:
        return Screen(filled(t, _head(t, facts), said, count, foot), rows)
    text = filled(t, _head(t, facts, brief=True), said[-1:], count, foot, most=CAPTION_ROOM)
    return Screen(text, rows, attachment=attachment)


# By what was done.
DONE: Mapping[str, str] = {
    "answered": mark("💬 {by} answered {customer}, ticket {ticket}."),
    "closed": mark("✔️ {by} closed ticket {ticket} of {customer}."),
    "withdrawn": mark("✔️ {by} needs no answer any more, ticket {ticket} is closed."),
}


def news(t: Translator, facts: Facts) -> Screen:
    """Somebody else took care of a ticket."""
    did = str(facts["did"])
    by, customer = k.label(str(facts["by"])), k.label(str(facts["customer"]))
    parts = [t.html(DONE[did], by=by, customer=customer, ticket=str(facts["ticket"]))]
    said = words(t, str(facts["text"]), facts.get("enclosure"))
    if said:
        parts.append(Html(f"<blockquote>{t.html('{text}', text=said)}</blockquote>"))
    return Screen(join("\n", parts), [[*ways(t, int(facts["ticket"])), *_order_button(t, int(facts["number"]))]])


NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {"ticket_message": message, "ticket_news": news}
