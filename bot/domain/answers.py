"""Reading what a person typed or pressed as the answer to a field."""

import re
from datetime import date, timedelta

from bot.domain.countries import COUNTRY_CODES
from bot.domain.errors import BadInput
from bot.domain.fields import EXPIRY_DAYS, MAX_LIST_CHARACTERS, Answers, Field, Kind, Limits, Shape, Value
from bot.domain.links import parse_link
from bot.domain.texts import bare, printable

# Plain digits, or digits in groups of three as people write thousands: 10,000 or 10 000, or with the Arabic mark. What
# else a language sets between digits is taken out before, where its reader is known.
_NUMBER = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\u066c[0-9]{3})+|(?:[ \u00a0\u202f][0-9]{3})+)")
_DATE = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4})")


def parse_answer(field: Field, text: str, *, limits: Limits, answers: Answers, today: date) -> Value:
    """Return the answer as it is stored and sent, or raise BadInput saying why it cannot be taken.

    ``limits`` are the service's, ``answers`` what was given to the form's other fields, ``today`` the shop's
    date. A list is given whole, one item a line. A choice may be its value or its label, in any case.
    """
    match field.kind:
        case Kind.LINK:
            return parse_link(text)
        case Kind.NUMBER:
            return _parse_number(field, text, limits, answers)
        case Kind.TEXT:
            return _parse_text(field, text)
        case Kind.LINES:
            lines = parse_lines(field, text)
            lowest, highest = bounds(field, limits=limits, answers=answers)
            if len(lines) < lowest:
                raise BadInput("lines.too_few", count=len(lines), lowest=lowest)
            if len(lines) > highest:
                raise BadInput("lines.too_many", count=len(lines), highest=highest)
            return lines
        case Kind.CHOICE:
            return _parse_choice(field, text)
        case Kind.DATE:
            return _parse_date(text, today)


def bounds(field: Field, *, limits: Limits, answers: Answers) -> tuple[int, int]:
    """Return the lowest and highest number that a field takes, or the fewest and most lines.

    The highest is below the lowest where the other answers leave no room.
    """
    lowest, highest = field.lowest, field.highest
    if field.limited:
        lowest = max(1, limits.minimum)
        highest = min(limits.maximum, highest) if field.kind is Kind.LINES else limits.maximum
    # A subscription's most per post cannot be below its least.
    if field.name == "max" and isinstance(least := answers.get("min"), int):
        lowest = max(lowest, least)
    # Panels differ on whether their maximum holds for a run or for all runs together: both must fit.
    if field.name == "runs" and isinstance(quantity := answers.get("quantity"), int) and quantity > 0:
        highest = min(highest, limits.maximum // quantity)
    return lowest, highest


def parse_lines(field: Field, text: str) -> list[str]:
    """Return the items of a list, or of a part of one: its count is not held against any limit yet.

    Blank lines are left out, because some panels count them. Raises BadInput for a line or a list that is
    too long.
    """
    lines = [printable(line).strip() for line in text.splitlines()]
    items = [line for line in lines if bare(line)]
    for number, item in enumerate(items, start=1):
        if len(item) > field.longest:
            raise BadInput("line.too_long", line=number, limit=field.longest)
        if not _has_shape(item, field.shape):
            raise BadInput("line.bad", line=number)
    if sum(map(len, items)) > MAX_LIST_CHARACTERS:
        raise BadInput("lines.too_large", limit=MAX_LIST_CHARACTERS)
    return items


def _parse_number(field: Field, text: str, limits: Limits, answers: Answers) -> int:
    typed = bare(text)
    if not _NUMBER.fullmatch(typed):
        raise BadInput("number.not_a_number")
    lowest, highest = bounds(field, limits=limits, answers=answers)
    if field.name == "runs" and highest < lowest:
        raise BadInput("runs.no_room", quantity=answers.get("quantity"), highest=limits.maximum)
    digits = "".join(char for char in typed if "0" <= char <= "9").lstrip("0") or "0"
    # Counted before it is converted: thousands of digits cost time and int() refuses them.
    if len(digits) > len(str(highest)):
        raise BadInput("number.above", highest=highest)
    number = int(digits)
    if number < lowest:
        raise BadInput("number.below", lowest=lowest)
    if number > highest:
        raise BadInput("number.above", highest=highest)
    return number


def _parse_text(field: Field, text: str) -> str:
    typed = bare(printable(" ".join(text.split())))
    if not typed:
        raise BadInput("text.empty")
    if len(typed) > field.longest:
        raise BadInput("text.too_long", limit=field.longest)
    if not _has_shape(typed, field.shape):
        raise BadInput("hashtag.bad" if field.shape is Shape.HASHTAG else "username.bad")
    return typed


def _has_shape(text: str, shape: Shape) -> bool:
    if shape is Shape.FREE:
        return True
    sign = "#" if shape is Shape.HASHTAG else "@"
    name = text.removeprefix(sign)
    return any(char.isalnum() for char in name) and not any(char.isspace() or char in "#,;" for char in name)


def _parse_choice(field: Field, text: str) -> str:
    typed = " ".join(bare(text).split()).casefold()
    for choice in field.choices:
        if typed in {choice.value.casefold(), choice.word.casefold()}:
            return choice.value
    if field.shape is Shape.COUNTRY:
        code = {"uk": "GB"}.get(typed, typed.upper())
        if code not in COUNTRY_CODES:
            raise BadInput("country.bad")
        return code
    raise BadInput("choice.unknown")


def _parse_date(text: str, today: date) -> str:
    match = _DATE.fullmatch(bare(text))
    if match is None:
        raise BadInput("date.bad")
    try:
        day = date(int(match[4]), int(match[3]), int(match[1]))
    except ValueError:
        raise BadInput("date.bad") from None
    latest = today + timedelta(days=EXPIRY_DAYS)
    if day <= today:
        raise BadInput("date.past")
    if day > latest:
        raise BadInput("date.too_far", latest=latest.strftime("%d/%m/%Y"))
    return day.strftime("%d/%m/%Y")
