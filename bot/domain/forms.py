"""Which fields each service type asks for, in which order, and what of them is priced.

``FORMS`` is the table: a new service type is a new row. The source is API v2 as the panels' documents and
servers have it. The kinds of fields are in ``bot.domain.fields``, the reading of answers in
``bot.domain.answers``; their names are importable from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from bot.domain import fields as f
from bot.domain.answers import bounds, parse_answer, parse_lines
from bot.domain.catalog import ServiceType
from bot.domain.errors import BadInput
from bot.domain.fields import (
    MAX_LIST_CHARACTERS,
    Answers,
    Choice,
    Field,
    Kind,
    Limits,
    Shape,
    Value,
    choice_of,
)

__all__ = [
    "FORMS",
    "MAX_LIST_CHARACTERS",
    "Answers",
    "Choice",
    "Field",
    "Form",
    "Kind",
    "Limits",
    "Priced",
    "Shape",
    "Value",
    "applicable_fields",
    "bounds",
    "choice_of",
    "field_named",
    "next_field",
    "parse_answer",
    "parse_lines",
    "priced_quantity",
    "recheck",
    "spread_fields",
    "spread_runs",
    "units",
    "wire_fields",
]


class Priced(StrEnum):
    """What the price is multiplied with."""

    QUANTITY = "quantity"  # × runs, where the order is spread over time
    LINES = "lines"  # of the form's priced field
    PACKAGE = "package"  # once
    SUBSCRIPTION = "subscription"  # maximum × (posts + old posts)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a service type, in the order in which they are asked.

    ``priced_field`` names the list whose lines are priced. ``spread``: the order can have runs and an
    interval.
    """

    type: ServiceType
    fields: tuple[Field, ...]
    priced: Priced = Priced.QUANTITY
    priced_field: str | None = None
    spread: bool = False


# The lists that are priced by the line are held against the service's limits, as a quantity is.
_PRICED_COMMENTS = replace(f.COMMENTS, limited=True)
_PRICED_USERNAMES = replace(f.USERNAMES, limited=True)
# The panels' document calls it "URL to scrape followers from"; a bare name is common too.
_FOLLOWED = replace(f.USERNAME, example="https://instagram.com/username/", longest=512)

_T = ServiceType
_ROWS = (
    Form(_T.DEFAULT, (f.LINK, f.QUANTITY), spread=True),
    Form(_T.PACKAGE, (f.LINK,), Priced.PACKAGE),
    Form(_T.SEO, (f.LINK, f.QUANTITY, f.KEYWORDS)),
    Form(_T.CUSTOM_COMMENTS, (f.LINK, _PRICED_COMMENTS), Priced.LINES, "comments"),
    Form(_T.CUSTOM_COMMENTS_PACKAGE, (f.LINK, f.COMMENTS), Priced.PACKAGE),
    Form(_T.MENTIONS_WITH_HASHTAGS, (f.LINK, f.QUANTITY, f.USERNAMES, f.HASHTAGS)),
    Form(_T.MENTIONS_CUSTOM_LIST, (f.LINK, _PRICED_USERNAMES), Priced.LINES, "usernames"),
    Form(_T.MENTIONS_HASHTAG, (f.LINK, f.QUANTITY, f.HASHTAG)),
    Form(_T.MENTIONS_USER_FOLLOWERS, (f.LINK, f.QUANTITY, _FOLLOWED)),
    Form(_T.MENTIONS_MEDIA_LIKERS, (f.LINK, f.QUANTITY, f.MEDIA)),
    Form(_T.COMMENT_LIKES, (f.LINK, f.QUANTITY, f.USERNAME)),
    Form(_T.POLL, (f.LINK, f.QUANTITY, f.ANSWER_NUMBER)),
    Form(_T.COMMENT_REPLIES, (f.LINK, f.USERNAME, _PRICED_COMMENTS), Priced.LINES, "comments"),
    Form(_T.INVITES_FROM_GROUPS, (f.LINK, f.QUANTITY, f.GROUPS)),
    # Panels take no posts as "without end"; here they are asked for, because the price is fixed beforehand.
    Form(
        _T.SUBSCRIPTIONS,
        (f.USERNAME, f.MIN, f.MAX, f.POSTS, f.OLD_POSTS, f.DELAY, f.EXPIRY),
        Priced.SUBSCRIPTION,
    ),
    Form(
        _T.WEB_TRAFFIC,
        (f.LINK, f.QUANTITY, f.COUNTRY, f.DEVICE, f.TRAFFIC, f.GOOGLE_KEYWORD, f.REFERRING_URL),
        spread=True,
    ),
)

FORMS: Mapping[ServiceType, Form] = MappingProxyType({form.type: form for form in _ROWS})


def spread_fields() -> tuple[Field, Field]:
    """Return runs and interval: what *Spread over time* asks for, together or not at all."""
    return f.RUNS, f.INTERVAL


def applicable_fields(form: Form, answers: Answers) -> tuple[Field, ...]:
    """Return the fields that these answers call for: without those that hang on another choice.

    Runs and interval are among them as soon as one of the two has an answer.
    """
    asked = form.fields + (spread_fields() if _is_spread(form, answers) else ())
    return tuple(field for field in asked if field.when is None or answers.get(field.when[0]) == field.when[1])


def next_field(form: Form, answers: Answers) -> Field | None:
    """Return the first field that was not answered yet; None when the form is complete."""
    return next((field for field in applicable_fields(form, answers) if field.name not in answers), None)


def field_named(form: Form, name: str) -> Field:
    """Return a field of the form, runs and interval included where it can be spread. Raises KeyError."""
    for field in form.fields + (spread_fields() if form.spread else ()):
        if field.name == name:
            return field
    raise KeyError(name)


def recheck(form: Form, answers: Answers, *, limits: Limits, today: date) -> tuple[Field, BadInput] | None:
    """Return the first answer that does not stand any more, and why.

    To be asked after an answer or the service's limits changed, and before an order is placed. Questions
    without an answer are passed over; a required one that was skipped is not.
    """
    for field in applicable_fields(form, answers):
        if field.name not in answers:
            continue
        answer = answers[field.name]
        if answer is None and field.optional:
            continue
        try:
            parse_answer(field, _as_text(answer), limits=limits, answers=answers, today=today)
        except BadInput as error:
            return field, error
    return None


def spread_runs(form: Form, answers: Answers) -> int:
    """Return how many times the quantity is delivered: 1 unless both runs and interval are given."""
    runs, interval = answers.get("runs"), answers.get("interval")
    return runs if form.spread and isinstance(runs, int) and isinstance(interval, int) else 1


def priced_quantity(form: Form, answers: Answers) -> int:
    """Return how many units are paid for, runs included; 1 for a package.

    Raises KeyError while an answer that it needs is missing.
    """
    match form.priced:
        case Priced.QUANTITY:
            return _number(answers, "quantity") * spread_runs(form, answers)
        case Priced.LINES:
            return len(_lines(answers, form.priced_field or ""))
        case Priced.PACKAGE:
            return 1
        case Priced.SUBSCRIPTION:
            old_posts = _number(answers, "old_posts") if answers.get("old_posts") is not None else 0
            return _number(answers, "max") * (_number(answers, "posts") + old_posts)


def wire_fields(form: Form, answers: Answers) -> dict[str, str]:
    """Return what `add` takes besides key, action and service.

    Lists are one item a line; what was skipped or does not apply is left out; runs and interval are there
    together or not at all.
    """
    spread = spread_runs(form, answers) > 1
    sent: dict[str, str] = {}
    for field in applicable_fields(form, answers):
        answer = answers.get(field.name)
        if answer is not None and (spread or field not in spread_fields()):
            sent[field.name] = _as_text(answer)
    return sent


def units(form: Form) -> bool:
    """Whether the type counts units, so that the remains of a Partial can be priced."""
    return form.priced in {Priced.QUANTITY, Priced.LINES}


def _is_spread(form: Form, answers: Answers) -> bool:
    return form.spread and any(answers.get(field.name) is not None for field in spread_fields())


def _as_text(answer: Value | None) -> str:
    if isinstance(answer, list):
        return "\n".join(answer)
    return "" if answer is None else str(answer)


def _number(answers: Answers, name: str) -> int:
    answer = answers[name]
    if not isinstance(answer, int):
        raise KeyError(name)
    return answer


def _lines(answers: Answers, name: str) -> list[str]:
    answer = answers[name]
    if not isinstance(answer, list):
        raise KeyError(name)
    return answer
