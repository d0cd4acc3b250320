"""What came of each of the orders that one message names, in one answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from bot.domain.orders import ENDED, Order
from bot.domain.requests import RequestKind
from bot.domain.search_text import fold
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.requests import Wish
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import AfterShown, Screen
from bot.telegram.views import aside, requests
from bot.telegram.views.words import ICONS, state_word

# Telegram takes 4096 characters; the HTML of a text is never shorter than what is shown of it.
ROOM = 4000


class Do(StrEnum):
    """What can be wanted of several orders at once; ``SHOW`` of one, by its number alone."""

    REFILL = "refill"
    CANCEL = "cancel"
    STATUS = "status"
    SHOW = "show"


# The words that mean it, in English and in the reader's language, whose catalogue may list several with commas between;
# and those that stand on the buttons for it.
WORDS: Mapping[str, Do] = {
    mark("refill"): Do.REFILL,
    mark("cancel"): Do.CANCEL,
    mark("stop"): Do.CANCEL,
    mark("status"): Do.STATUS,
    mark("Refill"): Do.REFILL,
    mark("Stop order"): Do.CANCEL,
    mark("Take it back"): Do.CANCEL,
}
_COMMA = re.compile("[,،]")
_TITLES: Mapping[Do, str] = {
    Do.REFILL: mark("<b>Refill</b>"),
    Do.CANCEL: mark("<b>Stop</b>"),
    Do.STATUS: mark("<b>Status</b>"),
}
_KINDS: Mapping[Do, RequestKind] = {Do.REFILL: RequestKind.REFILL, Do.CANCEL: RequestKind.CANCEL}


def meant(t: Translator, said: str) -> Do | None:
    """What a word means that was said beside orders' numbers; None for any other."""
    typed = fold(said)
    return next((do for words, do in WORDS.items() if typed and typed in _folded(words, t.plain(words))), None)


def _folded(*texts: str) -> Iterator[list[str]]:
    """Each of the words that the texts list: case, accents, apostrophes and variants of a letter make no difference."""
    return (fold(word) for text in texts for word in _COMMA.split(text))


def too_many(t: Translator, most: int) -> str:
    """More orders were named than one message may."""
    return t.plain("Those are too many. Name at most {n} orders at once.", n=most)


def answer(
    t: Translator, do: Do, wishes: Sequence[Wish], *, draft: int | None, seen: AfterShown | None = None
) -> Screen:
    """A line for each order; the last ones are counted where they do not fit."""
    lines = [t.html(_TITLES[do]), *(_line(t, do, wish) for wish in wishes)]
    kept = len(lines)
    while len(text := _cut(t, lines, kept)) > ROOM:
        kept -= 1
    rows = [*aside.way_back(t, draft), [k.button(t.plain("My orders"), cb.Orders()), *k.home(t)]]
    return Screen(text, rows, seen=seen)


def _cut(t: Translator, lines: Sequence[Html], kept: int) -> Html:
    more = [t.nhtml("and {n} more", "and {n} more", len(lines) - kept)] if kept < len(lines) else []
    return join("\n", [*lines[:kept], *more])


def _line(t: Translator, do: Do, wish: Wish) -> Html:
    number = f"#{wish.number}"
    if wish.order is None:
        return t.html("{order}: {text}", order=number, text=t.plain(requests.NO_SUCH_ORDER))
    if wish.taken_back:
        text = t.html("canceled, {price} is back in your wallet.", price=Money(wish.order.refunded))
        return t.html("{order}: {text}", order=number, text=text)
    if do is Do.STATUS:
        return _status(t, wish.order)
    kind = _KINDS[do]
    said = t.plain(requests.WANTED[kind]) if wish.why is None else requests.why_not(t, kind, wish.why)
    return t.html("{order}: {text}", order=number, text=said)


def _status(t: Translator, order: Order) -> Html:
    status = state_word(t, order.state)
    head = t.html("{order} · {icon} {status}", order=f"#{order.id}", icon=ICONS[order.state], status=status)
    if order.remains is None or order.state in ENDED:
        return head
    return join(" · ", [head, t.html("Remains: {remains}", remains=order.remains)])
