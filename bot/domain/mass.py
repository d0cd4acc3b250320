"""Mass orders: many lines ``service | link | quantity`` at once, as people type them or paste them from a table."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.errors import BadInput
from bot.domain.fields import Limits, Value
from bot.domain.forms import Form, parse_answer
from bot.domain.marks import mark_of
from bot.domain.orders import OrderState, Reason
from bot.domain.texts import bare, printable

# As much as one confirms with open eyes, and as one transaction writes within a second.
MOST_LINES = 100
MOST_CHARACTERS = 64 * 1024

# Also as keyboards of the East have it.
_BAR = re.compile("[|｜]")
_COMMENT = "#"
_SERVICE = re.compile(r"[0-9]{1,18}")
# The fields that a line has room for.
_FIELDS = frozenset({"link", "quantity"})
# Of what stands where a service's number should, so much is repeated.
_REPEATED = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line in its parts. ``number``: which one of all that were sent, from 1, comments and blank lines included."""

    number: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line as it is shown, and as it can be read again."""
        return " | ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent so far: lines that order something, and how many comments stood between them."""

    lines: tuple[Line, ...]
    comments: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line asks for: the shop's number of a service, and the rest as typed; ``quantity`` may be empty."""

    service: int
    link: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A mass order as it is stored. ``prices``: what was last shown of each line, None where it cannot be ordered.

    Once it is confirmed, its lines are orders, and it has no others.
    """

    id: int
    user_id: int
    lines: tuple[Line, ...]
    prices: tuple[int | None, ...]
    shown_at: datetime | None
    confirmed_at: datetime | None
    reported_at: datetime | None

    @property
    def mark(self) -> str:
        """Names the summary that was last shown: only its own *Confirm* places the orders."""
        return mark_of(*(line.text for line in self.lines), *self.prices, self.shown_at)


@dataclass(frozen=True, slots=True)
class Part:
    """One order of a mass order. ``placed``: its panel has it; ``refunded`` in ten-thousandths."""

    order: int
    line: int
    state: OrderState
    reason: Reason | None
    placed: bool
    price: int
    refunded: int


def read(text: str, plain: Callable[[str], str] = str) -> Sent:
    """Read a list. ``plain`` makes plain digits of a number as its reader writes it, and leaves other text.

    Lines that are blank, or begin with "#", order nothing.
    """
    lines: list[Line] = []
    comments = 0
    for number, typed in enumerate(text.splitlines(), start=1):
        line = bare(typed)
        if line.startswith(_COMMENT):
            comments += 1
        elif any(parts := _parts(line, plain)):
            lines.append(Line(number, parts))
    return Sent(tuple(lines), comments)


def _parts(line: str, plain: Callable[[str], str]) -> tuple[str, ...]:
    """The parts of a line: between bars, where it has any, else between tabs, as a copied table has them."""
    if _BAR.search(line):
        parts = [bare(part) for part in _BAR.split(line)]
        parts = parts[not parts[0] : len(parts) - (not parts[-1])]  # bars around a row part nothing
    else:
        parts = [part for part in map(bare, line.split("\t")) if part]
    # A link is sent as typed, in whatever script.
    return tuple(part if place == 1 else plain(part) for place, part in enumerate(parts))


def longer(text: str, more: str) -> str:
    """A list with what was sent at its end. Raises ``BadInput`` where that is too much for one mass order."""
    whole = "\n".join(printable(line) for line in [*text.splitlines(), *more.splitlines()])
    if len(whole) > MOST_CHARACTERS:
        raise BadInput("lines.too_large", limit=MOST_CHARACTERS)
    count = len(read(whole).lines)
    if count > MOST_LINES:
        raise BadInput("lines.too_many", count=count, highest=MOST_LINES)
    return whole


def joined(lines: Sequence[Line]) -> str:
    """A list of these lines alone, to be gone on with."""
    return "\n".join(line.text for line in lines)


def wish_of(line: Line) -> Wish:
    """What a line asks for. Raises ``BadInput``."""
    if not 2 <= len(line.parts) <= 3:
        raise BadInput("mass.parts")
    service, link, quantity = (*line.parts, "")[:3]
    if not _SERVICE.fullmatch(service):
        raise BadInput("mass.service", service=service[:_REPEATED])
    return Wish(int(service), link, quantity)


def orderable(form: Form) -> bool:
    """Whether a line has room for all that a type of service asks for."""
    return {field.name for field in form.fields} <= _FIELDS


def fill_in(form: Form, wish: Wish, *, limits: Limits, today: date) -> dict[str, Value]:
    """The form of a service, filled in from a line, as a person would answer it. Raises ``BadInput``."""
    if not orderable(form):
        raise BadInput("mass.more")
    counted = any(field.name == "quantity" for field in form.fields)
    if counted and not wish.quantity:
        raise BadInput("mass.no_quantity")
    if not counted and wish.quantity not in {"", "1"}:
        raise BadInput("mass.package")
    given = {"link": wish.link, "quantity": wish.quantity}
    answers: dict[str, Value] = {}
    for field in form.fields:
        answers[field.name] = parse_answer(field, given[field.name], limits=limits, answers=answers, today=today)
    return answers
