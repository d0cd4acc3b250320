"""A customer's thread with the shop: its screen, and the news of answers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from typing import Any

from bot.domain.orders import OrderState
from bot.domain.texts import cut_units, units
from bot.domain.tickets import TicketLine, TicketState
from bot.i18n import Html, Translator, join, mark
from bot.services.news import order_facts
from bot.services.support import Thread
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Attachment, Screen
from bot.telegram.views import aside
from bot.telegram.views.orders import title

Facts = Mapping[str, Any]

# Telegram takes 4096 characters, each emoji counted as two; the rest is for the line that counts the earlier messages.
ROOM = 4050
# …and below a photo or a file 1024, with the same rest.
CAPTION_ROOM = 970
# Of an order's service and link so much stands above a thread, each emoji counted as two.
NAME_LENGTH, LINK_LENGTH = 80, 120
# What would be cut to less than this is left out.
SHORTEST = 40
_TAG = re.compile("<[^<>]*>")

ONLY_THESE = mark("Only text, photos and files can be passed on here. Please write it.")
UNASKED = mark("You wrote this before the question stood here, so the shop did not get it. Please send it again.")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a thread: by whom, when, and its words."""

    who: str
    at: datetime
    text: str


def words(t: Translator, text: str, enclosure: Mapping[str, Any] | None) -> str:
    """What somebody wrote, below what they sent with it."""
    if enclosure is None:
        return text
    named = t.plain("📎 {name}", name=str(enclosure["name"]) or t.plain("file"))
    label = t.plain("🖼 photo") if enclosure["kind"] == "photo" else named
    return f"{label}\n{text}" if text else label


def words_of(t: Translator, line: TicketLine) -> str:
    """The same of a line of a ticket."""
    return words(t, line.text, None if line.enclosure is None else asdict(line.enclosure))


def enclosed(facts: Facts) -> Attachment | None:
    """What goes with the news of a message."""
    enclosure = facts.get("enclosure")
    return None if enclosure is None else Attachment(enclosure["kind"], file=str(enclosure["file"]))


def filled(t: Translator, head: Html, said: Sequence[Said], count: int, foot: Html, *, most: int = ROOM) -> Html:
    """``head``, as many of the last of ``count`` messages as fit into ``most``, and ``foot``."""
    room = most - _units(head) - _units(foot)
    shown: list[Html] = []
    for each in reversed(said):
        heading = t.html("<b>{who}</b> · {at}", who=each.who, at=each.at)
        left = room - _units(heading) - 2 * len("\n\n")
        if left < SHORTEST:
            break
        shown.insert(0, join("\n", [heading, t.html("{text}", text=cut_units(each.text, left))]))
        room -= _units(shown[0]) + len("\n\n")
    if count > len(shown):
        before = t.nhtml("<i>{n} earlier message</i>", "<i>{n} earlier messages</i>", count - len(shown))
        shown.insert(0, before)
    return join("\n\n", [head, *shown, foot])


def _units(text: Html) -> int:
    """The length of HTML as Telegram counts it."""
    return units(unescape(_TAG.sub("", text)))


def about(t: Translator, facts: Facts) -> list[Html]:
    """The order that a thread is about, a line each for what it is; nothing where it is about none."""
    if not facts.get("number"):
        return []
    service, link = cut_units(str(facts["service"]), NAME_LENGTH), cut_units(str(facts["link"]), LINK_LENGTH)
    return [
        title(t, int(facts["number"]), OrderState(facts["state"])),
        t.html("{service} · {quantity}", service=service, quantity=int(facts["quantity"])),
        t.html("{link}", link=link),
    ]


# By whose turn it is; None: nothing was written yet.
STANDING: Mapping[TicketState | None, str] = {
    None: mark("Write your message here. It goes to the shop's people, and they answer here."),
    TicketState.OPEN: mark("⏳ The shop has your message and answers here. To add something, just write."),
    TicketState.ANSWERED: mark("The shop has answered. To say more, just write."),
    TicketState.CLOSED: mark("This is closed. Write, and it is open again."),
}


def thread(t: Translator, found: Thread, *, draft: int | None, problem: str = "") -> Screen:
    """What was written so far, while the customer is asked to write. ``problem``: why the last was not taken."""
    state = None if found.ticket is None else found.ticket.state
    rows = aside.way_back(t, draft)
    if found.ticket is not None and not found.closed:
        rows.append([k.button(t.plain("Close"), cb.Thread(id=found.ticket.id, do="close"))])
    return Screen(_text(t, found, t.html(STANDING[state]), problem), [*rows, _ways_out(t, found.number)])


def closed(t: Translator, found: Thread, *, draft: int | None) -> Screen:
    """The customer needs nothing more; what they write now is not for the shop."""
    foot = t.html("This is closed. If there is more, press <b>Write again</b>.")
    again = k.button(t.plain("Write again"), cb.OrderDo(id=found.number, do="ask"))
    return Screen(_text(t, found, foot, ""), [*aside.way_back(t, draft), [again], _ways_out(t, found.number)])


def _text(t: Translator, found: Thread, foot: Html, problem: str) -> Html:
    if found.number:
        heading = t.html("<b>Ask the shop about order {order}</b>", order=f"#{found.number}")
    else:
        heading = t.html("<b>Ask the shop</b>")
    order = {} if found.order is None else order_facts(found.order)
    head = join("\n", [heading, *about(t, order)])
    if problem:
        foot = join("\n\n", [t.html("⚠️ {problem}", problem=problem), foot])
    you, shop = t.plain("You"), t.plain("The shop")
    said = [Said(you if line.admin_id is None else shop, line.at, words_of(t, line)) for line in found.lines]
    return filled(t, head, said, found.count, foot)


def _ways_out(t: Translator, number: int) -> k.Row:
    return [*_order_button(t, number), *k.home(t)]


def _order_button(t: Translator, number: int) -> k.Row:
    label = t.plain("Order {order}", order=f"#{number}")
    return [k.button(label, cb.OrderDo(id=number, do="show"))] if number else []


def sent(t: Translator) -> str:
    """The shop has what was written as a reply."""
    return t.plain("The shop has your message and answers here.")


# News.


def answer(t: Translator, facts: Facts) -> Screen:
    """The shop wrote to the customer."""
    number = int(facts["number"])
    if number:
        head = t.html("💬 <b>The shop answers about order {order}</b>", order=f"#{number}")
    else:
        head = t.html("💬 <b>The shop answers</b>")
    attachment, text = enclosed(facts), str(facts["text"])
    if attachment is not None:
        text = cut_units(text, CAPTION_ROOM - _units(head))  # the thread has all of it
    quote = [Html(f"<blockquote>{t.html('{text}', text=text)}</blockquote>")] if text else []
    again = k.button(t.plain("Answer"), cb.Thread(id=int(facts["ticket"]), do="show"))
    return Screen(join("\n\n", [head, *quote]), [[again, *_order_button(t, number)]], attachment=attachment)


def closed_by_shop(t: Translator, facts: Facts) -> Screen:
    """The shop thinks that all is said."""
    number = int(facts["number"])
    if number:
        text = t.html("The shop closed your question about order {order}.", order=f"#{number}")
    else:
        text = t.html("The shop closed your question.")
    more = t.html("If there is more, press <b>Write again</b>.")
    again = k.button(t.plain("Write again"), cb.Thread(id=int(facts["ticket"]), do="show"))
    return Screen(join("\n", [text, more]), [[again, *_order_button(t, number)]])


NEWS: Mapping[str, Callable[[Translator, Facts], Screen]] = {
    "ticket_answer": answer,
    "ticket_closed": closed_by_shop,
}
