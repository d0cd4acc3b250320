"""News in words: what happened, in the language of who reads it, from the facts frozen when it did."""

import logging
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any

from bot.domain.orders import ENDED, OrderState, Reason
from bot.domain.requests import RequestKind, RequestState
from bot.domain.texts import cut, units
from bot.i18n import Html, Money, Translator, join
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import explain, mass, payment_news, requests, support
from bot.telegram.views.again import again_button
from bot.telegram.views.alerts import ADMIN_NEWS
from bot.telegram.views.orders import title
from bot.telegram.views.words import state_word

log = logging.getLogger(__name__)

Facts = Mapping[str, Any]

LONGEST_MESSAGE = 4096  # characters that Telegram takes
# In the channel, names are shown whole if they fit, else cut to so many characters.
_NAME_LENGTHS = (LONGEST_MESSAGE, 80, 40, 20)


def render(t: Translator, kind: str, facts: Facts) -> Screen:
    """The message of one piece of news."""
    words = KINDS.get(kind) or ADMIN_NEWS.get(kind)
    if words is None:  # written by a newer version: better few words than none
        log.error("there are no words for news of the kind %s", kind)
        return Screen(t.html("There is news of the kind {kind}.", kind=kind))
    return words(t, facts)


def put_together(screens: Sequence[Screen]) -> tuple[Screen, int]:
    """One message of several notes, with the buttons of each, and how many of them fitted into it."""
    first, *others = screens
    text, rows, count = first.text, list(first.rows), 1
    for other in others:
        longer = join("\n\n", [text, other.text])
        if _length(longer) > LONGEST_MESSAGE:
            break
        text, count = longer, count + 1
        rows += [row for row in other.rows if row not in rows]
    return (first if count == 1 else Screen(text, rows)), count


def _order(t: Translator, facts: Facts) -> Screen:
    """An order is in another state."""
    number, state = int(facts["number"]), OrderState(facts["state"])
    reason = None if facts["reason"] is None else Reason(facts["reason"])
    story = explain.story(
        t,
        state,
        reason,
        held=int(facts["held"]),
        captured=int(facts["captured"]),
        refunded=int(facts["refunded"]),
    )
    lines = [title(t, number, state), _what(t, facts), t.html("{link}", link=str(facts["link"]))]
    show = k.button(t.plain("Order {order}", order=f"#{number}"), cb.OrderDo(id=number, do="show"))
    again = [[again_button(t, number)]] if state in ENDED else []
    return Screen(join("\n\n", [join("\n", lines), story]), [*again, [show]])


def _what(t: Translator, facts: Facts) -> Html:
    return t.html("{service} · {quantity}", service=str(facts["service"]), quantity=int(facts["quantity"]))


def _credit(t: Translator, facts: Facts) -> Screen:
    """An admin put money into the reader's wallet."""
    return _adjusted(t, facts, t.html("The shop put <b>{amount}</b> into your wallet.", **_amount(facts)))


def _debit(t: Translator, facts: Facts) -> Screen:
    """An admin took money from the reader's wallet."""
    return _adjusted(t, facts, t.html("The shop took <b>{amount}</b> from your wallet.", **_amount(facts)))


def _amount(facts: Facts) -> dict[str, Money]:
    return {"amount": Money(int(facts["amount"]))}


def _adjusted(t: Translator, facts: Facts, moved: Html) -> Screen:
    lines = [moved]
    if facts["reason"]:
        lines.append(t.html("Reason: {reason}", reason=str(facts["reason"])))
    lines.append(t.html("Available: <b>{available}</b>", available=Money(int(facts["available"]))))
    return Screen(join("\n", lines), [[k.button(t.plain("Wallet"), cb.Go(to="wallet"))]])


def _request(t: Translator, facts: Facts) -> Screen:
    """What became of a refill, or of a wish to stop; of several, where they came to the same."""
    numbers = [int(number) for number in facts["numbers"]]
    one, several = requests.TOLD[RequestKind(facts["asked"]), RequestState(facts["came_to"])]
    told = t.html(one if len(numbers) == 1 else several, orders=", ".join(f"#{number}" for number in numbers))
    if len(numbers) > 1:
        return Screen(told, [[k.button(t.plain("My orders"), cb.Orders())]])
    lines = [told, _what(t, facts), t.html("{link}", link=str(facts["link"]))]
    show = k.button(t.plain("Order {order}", order=f"#{numbers[0]}"), cb.OrderDo(id=numbers[0], do="show"))
    return Screen(join("\n", lines), [[show]])


KINDS: Mapping[str, Callable[[Translator, Facts], Screen]] = {
    "order": _order,
    "request": _request,
    "credit": _credit,
    "debit": _debit,
    **mass.NEWS,
    **payment_news.CUSTOMER_NEWS,
    **support.NEWS,
}


def channel_text(t: Translator, lines: Sequence[Facts]) -> Html:
    """What the channel reads: number, service, quantity and status, one order a line.

    Services' names are cut so far that every line finds its place; where not even that helps, the last lines are
    counted instead.
    """
    for longest in _NAME_LENGTHS:
        text = join("\n", [_channel_line(t, facts, longest) for facts in lines])
        if _length(text) <= LONGEST_MESSAGE:
            return text
    kept = len(lines) // 2
    more = t.nhtml("and {n} more", "and {n} more", len(lines) - kept)
    return join("\n", [channel_text(t, lines[:kept]), more])


def _channel_line(t: Translator, facts: Facts, longest: int) -> Html:
    service = str(facts["service"])
    return t.html(
        "{order} · {service} · {quantity} · {status}",
        order=f"#{int(facts['number'])}",
        service=cut(service, longest),
        quantity=int(facts["quantity"]),
        status=state_word(t, OrderState(facts["state"])),
    )


def _length(text: Html) -> int:
    """As Telegram counts: without what escaping added, in UTF-16."""
    return units(unescape(text))
