"""The forms of the 16 service types: what they ask, what is priced, and what reaches the panel."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import fields
from bot.domain.catalog import ServiceType
from bot.domain.errors import BadInput
from bot.domain.forms import (
    FORMS,
    Form,
    Limits,
    Value,
    applicable_fields,
    bounds,
    choice_of,
    field_named,
    next_field,
    parse_answer,
    parse_lines,
    priced_quantity,
    recheck,
    spread_fields,
    spread_runs,
    units,
    wire_fields,
)

TODAY = date(2026, 2, 27)
LIMITS = Limits(minimum=2, maximum=1000)
LINK = "https://example.com/p/1/"


def fill(service_type: ServiceType, typed: dict[str, str | None], limits: Limits = LIMITS) -> dict[str, Value | None]:
    """Answer a form as a conversation does: the next field each time, None skips."""
    form = FORMS[service_type]
    answers: dict[str, Value | None] = {}
    while (field := next_field(form, answers)) is not None:
        text = typed[field.name]
        assert text is not None or field.optional
        answers[field.name] = (
            None if text is None else parse_answer(field, text, limits=limits, answers=answers, today=TODAY)
        )
    return answers


@dataclass(frozen=True)
class Row:
    """One service type: what is typed in the order of asking, what reaches the panel, how much is priced."""

    type: ServiceType
    typed: dict[str, str | None]
    wire: dict[str, str]
    quantity: int
    counts_units: bool = True


T = ServiceType
LQ: dict[str, str | None] = {"link": LINK, "quantity": "1,000"}
LQ_WIRE = {"link": LINK, "quantity": "1000"}
ROWS = [
    Row(T.DEFAULT, LQ, LQ_WIRE, 1000),
    Row(T.PACKAGE, {"link": LINK}, {"link": LINK}, 1, counts_units=False),
    Row(T.SEO, LQ | {"keywords": "a b\n\nc"}, LQ_WIRE | {"keywords": "a b\nc"}, 1000),
    Row(
        T.CUSTOM_COMMENTS,
        {"link": LINK, "comments": " Great & <b>\n\n  \n\u200b\nأحسنت 👍\r\nx"},
        {"link": LINK, "comments": "Great & <b>\nأحسنت 👍\nx"},
        3,
    ),
    Row(
        T.CUSTOM_COMMENTS_PACKAGE,
        {"link": LINK, "comments": "only one"},
        {"link": LINK, "comments": "only one"},
        1,
        counts_units=False,
    ),
    Row(
        T.MENTIONS_WITH_HASHTAGS,
        LQ | {"usernames": "@a\nb", "hashtags": "#x\ny"},
        LQ_WIRE | {"usernames": "@a\nb", "hashtags": "#x\ny"},
        1000,
    ),
    Row(T.MENTIONS_CUSTOM_LIST, {"link": LINK, "usernames": "a\nb"}, {"link": LINK, "usernames": "a\nb"}, 2),
    Row(T.MENTIONS_HASHTAG, LQ | {"hashtag": " #x "}, LQ_WIRE | {"hashtag": "#x"}, 1000),
    Row(T.MENTIONS_USER_FOLLOWERS, LQ | {"username": LINK}, LQ_WIRE | {"username": LINK}, 1000),
    Row(T.MENTIONS_MEDIA_LIKERS, LQ | {"media": "example.com/m"}, LQ_WIRE | {"media": "example.com/m"}, 1000),
    Row(T.COMMENT_LIKES, LQ | {"username": "@na.me"}, LQ_WIRE | {"username": "@na.me"}, 1000),
    Row(T.POLL, LQ | {"answer_number": "3"}, LQ_WIRE | {"answer_number": "3"}, 1000),
    Row(
        T.COMMENT_REPLIES,
        {"link": LINK, "username": "me", "comments": "a\nb"},
        {"link": LINK, "username": "me", "comments": "a\nb"},
        2,
    ),
    Row(T.INVITES_FROM_GROUPS, LQ | {"groups": "t.me/a\n@b"}, LQ_WIRE | {"groups": "t.me/a\n@b"}, 1000),
    Row(
        T.SUBSCRIPTIONS,
        {
            "username": "me",
            "min": "10",
            "max": "20",
            "posts": "5",
            "old_posts": "2",
            "delay": "30",
            "expiry": "1/3/2026",
        },
        {
            "username": "me",
            "min": "10",
            "max": "20",
            "posts": "5",
            "old_posts": "2",
            "delay": "30",
            "expiry": "01/03/2026",
        },
        140,
        counts_units=False,
    ),
    Row(
        T.SUBSCRIPTIONS,
        {
            "username": "me",
            "min": "10",
            "max": "10",
            "posts": "5",
            "old_posts": None,
            "delay": "0",
            "expiry": None,
        },
        {"username": "me", "min": "10", "max": "10", "posts": "5", "delay": "0"},
        50,
        counts_units=False,
    ),
    Row(
        T.WEB_TRAFFIC,
        LQ
        | {
            "country": "us",
            "device": "desktop",
            "type_of_traffic": "google KEYWORD",
            "google_keyword": "a  b",
        },
        LQ_WIRE | {"country": "US", "device": "1", "type_of_traffic": "1", "google_keyword": "a b"},
        1000,
    ),
    Row(
        T.WEB_TRAFFIC,
        LQ | {"country": "Worldwide", "device": "5", "type_of_traffic": "2", "referring_url": "example.org"},
        LQ_WIRE | {"country": "WW", "device": "5", "type_of_traffic": "2", "referring_url": "example.org"},
        1000,
    ),
    Row(
        T.WEB_TRAFFIC,
        LQ | {"country": "uk", "device": "Mobile (iOS)", "type_of_traffic": "3"},
        LQ_WIRE | {"country": "GB", "device": "3", "type_of_traffic": "3"},
        1000,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.type.value)
def test_a_filled_form_is_what_the_panel_takes(row: Row) -> None:
    """Each type asks for its fields in order, sends exactly them, and prices what its rule says."""
    form = FORMS[row.type]
    answers = fill(row.type, row.typed)
    assert list(answers) == list(row.typed)
    assert wire_fields(form, answers) == row.wire
    assert priced_quantity(form, answers) == row.quantity
    assert units(form) is row.counts_units
    assert recheck(form, answers, limits=LIMITS, today=TODAY) is None


def test_every_type_has_a_form_and_a_row_here() -> None:
    """No service type is without its form, and none without its row in this table."""
    assert set(FORMS) == set(ServiceType) == {row.type for row in ROWS}
    assert [form.type for form in FORMS.values() if form.spread] == [T.DEFAULT, T.WEB_TRAFFIC]
    optional = {(form.type, field.name) for form in FORMS.values() for field in form.fields if field.optional}
    assert optional == {(T.SUBSCRIPTIONS, "old_posts"), (T.SUBSCRIPTIONS, "expiry")}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.type.value)
def test_examples_are_answers(form: Form) -> None:
    """Every example that a question shows would be taken; of the expiry only the form is shown."""
    for field in (*form.fields, *spread_fields()):
        day = TODAY if field.kind is not fields.Kind.DATE else date(2026, 12, 1)
        answer = parse_answer(field, field.example, limits=LIMITS, answers={}, today=day)
        assert answer
        assert field.choices == () or choice_of(field, answer) is not None


def code_of(field: fields.Field, text: str, answers: dict[str, Value | None] | None = None) -> str:
    """Return the code with which an answer is refused."""
    with pytest.raises(BadInput) as caught:
        parse_answer(field, text, limits=LIMITS, answers=answers or {}, today=TODAY)
    return caught.value.code


COMMENTS = field_named(FORMS[T.CUSTOM_COMMENTS], "comments")


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (fields.QUANTITY, "1", "number.below"),
        (fields.QUANTITY, "0", "number.below"),
        (fields.QUANTITY, "1001", "number.above"),
        (fields.QUANTITY, "9" * 5000, "number.above"),
        (fields.QUANTITY, "1,00", "number.not_a_number"),
        (fields.QUANTITY, "10.000", "number.not_a_number"),
        (fields.QUANTITY, "0,500", "number.not_a_number"),
        (fields.QUANTITY, "1,000\u066c000", "number.not_a_number"),
        (fields.QUANTITY, "", "number.not_a_number"),
        (fields.LINK, "not a link", "link.bad"),
        (fields.LINK, "a.com/" + "x" * 600, "link.too_long"),
        (fields.USERNAME, "two words", "username.bad"),
        (fields.USERNAME, "@", "username.bad"),
        (fields.USERNAME, " \u200f ", "text.empty"),
        (fields.USERNAME, "x" * 65, "text.too_long"),
        (fields.HASHTAG, "#a #b", "hashtag.bad"),
        (fields.HASHTAG, "#", "hashtag.bad"),
        (COMMENTS, "one", "lines.too_few"),
        (COMMENTS, "\n\n", "lines.too_few"),
        (COMMENTS, "x\n" * 1001, "lines.too_many"),
        (COMMENTS, "ok\n" + "x" * 2001, "line.too_long"),
        (COMMENTS, ("x" * 2000 + "\n") * 51, "lines.too_large"),
        (fields.COMMENTS, "x\n" * 5001, "lines.too_many"),
        (fields.USERNAMES, "a\nb c", "line.bad"),
        (fields.DELAY, "7", "choice.unknown"),
        (fields.DEVICE, "Toaster", "choice.unknown"),
        (fields.COUNTRY, "XX", "country.bad"),
        (fields.COUNTRY, "Atlantis", "country.bad"),
        (fields.EXPIRY, "2026-03-01", "date.bad"),
        (fields.EXPIRY, "31/2/2026", "date.bad"),
        (fields.EXPIRY, "1/3/26", "date.bad"),
        (fields.EXPIRY, "٠١/٠٣/٢٠٢٦", "date.bad"),
        (fields.EXPIRY, "27/02/2026", "date.past"),
        (fields.EXPIRY, "29/05/2026", "date.too_far"),
        (fields.RUNS, "1", "number.below"),
        (fields.RUNS, "1001", "number.above"),
        (fields.INTERVAL, "0", "number.below"),
        (fields.INTERVAL, "10081", "number.above"),
    ],
)
def test_answers_that_are_refused(field: fields.Field, text: str, code: str) -> None:
    """Each wrong answer is refused with its own reason."""
    assert code_of(field, text) == code


NUMBERS = [field for field in vars(fields).values() if isinstance(field, fields.Field)]
NUMBERS = [field for field in NUMBERS if field.kind is fields.Kind.NUMBER]


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
@pytest.mark.parametrize(
    "junk",
    ["１２", "nan", "NaN", "inf", "1e3", "+5", "-5", "٣", "5.0", "5,", "²", "0x5", "1_0", "five", "5\n6"],
)
def test_only_plain_digits_are_a_number(field: fields.Field, junk: str) -> None:
    """No number field takes signs, exponents, fractions, words or another script's digits."""
    assert code_of(field, junk) == "number.not_a_number"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("50", 50),
        ("0050", 50),
        ("1,000", 1000),
        ("1 000", 1000),
        ("1\u00a0000", 1000),
        ("1\u202f000", 1000),
        ("1\u066c000", 1000),
        (" 50 ", 50),
        ("\u206850\u2069", 50),
    ],
)
def test_numbers_as_people_type_them(typed: str, number: int) -> None:
    """Thousands may be set apart in groups of three."""
    assert parse_answer(fields.QUANTITY, typed, limits=LIMITS, answers={}, today=TODAY) == number


@given(st.text())
def test_a_number_that_is_taken_is_within_the_limits(text: str) -> None:
    """Whatever is typed is refused or is a quantity that the service takes."""
    try:
        number = parse_answer(fields.QUANTITY, text, limits=LIMITS, answers={}, today=TODAY)
    except BadInput:
        return
    assert isinstance(number, int)
    assert LIMITS.minimum <= number <= LIMITS.maximum


@given(st.text(st.characters(codec=None)) | st.text("ab \n\r\t\u2028\u200b\ufeff\x00\x85"))
def test_no_blank_line_reaches_a_panel(text: str) -> None:
    """The lines that are sent are those that are priced, none of them blank, however a panel splits them."""
    form = FORMS[T.CUSTOM_COMMENTS]
    try:
        lines = parse_answer(COMMENTS, text, limits=LIMITS, answers={}, today=TODAY)
    except BadInput:
        return
    answers: dict[str, Value | None] = {"link": LINK, "comments": lines}
    sent = wire_fields(form, answers)["comments"].splitlines()
    assert len(sent) == priced_quantity(form, answers)
    assert all(line.strip() for line in sent)
    assert parse_lines(COMMENTS, "\n".join(sent)) == sent


def test_the_last_day_of_an_expiry() -> None:
    """A subscription may end from tomorrow to 90 days ahead."""
    for typed, stored in [("28.2.2026", "28/02/2026"), ("28-05-2026", "28/05/2026")]:
        assert parse_answer(fields.EXPIRY, typed, limits=LIMITS, answers={}, today=TODAY) == stored


def test_the_maximum_is_not_below_the_minimum() -> None:
    """A subscription's maximum is held against its minimum as well as the service's limits."""
    assert code_of(fields.MAX, "19", {"min": 20}) == "number.below"
    assert bounds(fields.MAX, limits=LIMITS, answers={"min": 20}) == (20, 1000)


def spread(quantity: int, runs: Value | None, interval: Value | None) -> dict[str, Value | None]:
    """Return the answers of a Default order spread over time."""
    return {"link": LINK, "quantity": quantity, "runs": runs, "interval": interval}


def test_runs_and_interval_multiply_and_travel_together() -> None:
    """An order spread over time prices quantity × runs; half of the pair is no spreading at all."""
    form = FORMS[T.DEFAULT]
    whole = spread(100, 10, 60)
    assert priced_quantity(form, whole) == 1000
    assert wire_fields(form, whole) == {"link": LINK, "quantity": "100", "runs": "10", "interval": "60"}
    for half in (spread(100, 10, None), spread(100, None, 60), spread(100, None, None)):
        assert spread_runs(form, half) == 1
        assert priced_quantity(form, half) == 100
        assert wire_fields(form, half) == {"link": LINK, "quantity": "100"}


def test_the_interval_is_asked_after_the_runs() -> None:
    """Once runs are given the interval is the next question; a type that cannot be spread never asks."""
    answers: dict[str, Value | None] = {"link": LINK, "quantity": 100, "runs": 10}
    assert next_field(FORMS[T.DEFAULT], answers) == fields.INTERVAL
    poll: dict[str, Value | None] = {**answers, "answer_number": 1, "interval": 5}
    assert next_field(FORMS[T.POLL], poll) is None
    assert applicable_fields(FORMS[T.POLL], poll) == FORMS[T.POLL].fields
    assert priced_quantity(FORMS[T.POLL], poll) == 100
    assert "runs" not in wire_fields(FORMS[T.POLL], poll)
    with pytest.raises(KeyError):
        field_named(FORMS[T.POLL], "runs")


def test_all_runs_together_fit_the_service() -> None:
    """Quantity × runs may not pass the service's maximum, and where two runs do not fit it is said."""
    assert code_of(fields.RUNS, "11", {"quantity": 100}) == "number.above"
    assert parse_answer(fields.RUNS, "10", limits=LIMITS, answers={"quantity": 100}, today=TODAY) == 10
    assert code_of(fields.RUNS, "2", {"quantity": 501}) == "runs.no_room"


@pytest.mark.parametrize(
    ("service_type", "answers", "limits", "name"),
    [
        (T.DEFAULT, {"link": LINK, "quantity": 100}, Limits(200, 1000), "quantity"),
        (T.DEFAULT, spread(200, 10, 60), LIMITS, "runs"),
        (T.SUBSCRIPTIONS, {"username": "a", "min": 30, "max": 20}, LIMITS, "max"),
        (T.SUBSCRIPTIONS, {"username": "a", "expiry": "27/02/2026"}, LIMITS, "expiry"),
        (T.SUBSCRIPTIONS, {"username": "a", "posts": None}, LIMITS, "posts"),
        (T.CUSTOM_COMMENTS, {"link": LINK, "comments": ["a", "b"]}, Limits(3, 9), "comments"),
    ],
)
def test_answers_that_stand_no_more_are_found(
    service_type: ServiceType, answers: dict[str, Value | None], limits: Limits, name: str
) -> None:
    """After limits, other answers or the day changed, the first answer that no longer fits is named."""
    found = recheck(FORMS[service_type], answers, limits=limits, today=TODAY)
    assert found is not None
    assert found[0].name == name


def test_an_answer_that_no_longer_applies_is_not_sent() -> None:
    """A Google keyword given before another kind of traffic was chosen stays behind."""
    form = FORMS[T.WEB_TRAFFIC]
    typed = LQ | {"country": "US", "device": "1", "type_of_traffic": "1", "google_keyword": "a"}
    answers = fill(T.WEB_TRAFFIC, typed) | {"type_of_traffic": "3"}
    assert next_field(form, answers) is None
    assert "google_keyword" not in wire_fields(form, answers)
    assert fields.GOOGLE_KEYWORD not in applicable_fields(form, answers)


def test_a_price_needs_its_answers() -> None:
    """A form that is not filled has no quantity to price."""
    for service_type in set(ServiceType) - {T.PACKAGE, T.CUSTOM_COMMENTS_PACKAGE}:
        with pytest.raises(KeyError):
            priced_quantity(FORMS[service_type], {})
