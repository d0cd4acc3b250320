"""Laws of reading an answer that hold for any bytes."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.outcomes import AddOutcome, NotSent, Placed, Refused, Throttled, Unknown
from bot.domain.texts import clean_text
from bot.panel.errors import PanelError
from bot.panel.placing import add_outcome
from bot.panel.reply import json_of
from bot.panel.transport import Answer, Failure
from bot.panel.values import clean, decimal, integer, text_id

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = ["order", "error", "errors", "status", "success", "message", "data"]
KEYS = st.sampled_from(NAMES) | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
STATUSES = st.sampled_from([200, 201, 204, 301, 400, 401, 404, 422, 429, 500, 503])
NOISE = st.sampled_from(["", "\ufeff", "Notice: x[0] in /a.php on line 3\n", "<br />\n<b>Warning</b>: y<br />\n"])


def outcome(body: bytes, status: int = 200) -> AddOutcome:
    return add_outcome(Answer(status, None, body))


@settings(deadline=None)
@given(STATUSES, st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_every_answer_to_add_has_an_outcome(status: int, body: bytes) -> None:
    """Nothing raises, 429 alone is throttled, and only a 2xx can be placed."""
    result = outcome(body, status)
    assert isinstance(result, Throttled) == (status == 429)
    if isinstance(result, Placed):
        assert status < 300
        assert text_id(result.panel_order) == result.panel_order
    if status >= 500 or 300 <= status < 400:
        assert isinstance(result, Unknown)


@settings(deadline=None)
@given(NOISE, st.integers(1, 10**9), JSON, st.data())
def test_a_cut_answer_is_never_placed_and_never_refused(
    noise: str, order: int, inner: object, data: st.DataObject
) -> None:
    """Neither an order nor a refund may come of half an answer, wherever it was cut."""
    whole = (noise + json.dumps({"error": {"order": order, "x": inner}, "order": order})).encode()
    end = data.draw(st.integers(0, len(whole) - 1))
    assert isinstance(outcome(whole[:end]), Unknown)


@settings(deadline=None)
@given(NOISE, st.integers(1, 10**18))
def test_noise_before_an_answer_changes_nothing(noise: str, order: int) -> None:
    assert outcome(f'{noise}{{"order": {order}}}'.encode()) == Placed(str(order))


@settings(deadline=None)
@given(st.text(max_size=500))
def test_the_words_of_a_refusal_can_be_shown_and_stored(words: str) -> None:
    """What comes out is one line of valid text, whatever the panel said."""
    result = outcome(json.dumps({"error": words, "success": False}).encode())
    assert isinstance(result, Refused)
    assert len(result.words) <= 300
    assert not any(char in result.words for char in "\n\r\0\u202e")
    result.words.encode()


def test_a_failure_is_not_sent_only_if_nothing_was() -> None:
    assert add_outcome(Failure(sent=False, reason="x")) == NotSent("x")
    assert add_outcome(Failure(sent=True, reason="x")) == Unknown("x")


@settings(deadline=None)
@given(STATUSES, st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_every_other_answer_is_json_or_an_error_of_ours(status: int, body: bytes) -> None:
    got = Answer(status, None, body)
    if status == 429 or status >= 500 or 300 <= status < 400:
        with pytest.raises(PanelError):
            json_of(got)
        return
    with contextlib.suppress(PanelError):
        answer = json_of(got)
        assert status < 300 or isinstance(answer, dict)


@settings(deadline=None)
@given(SCALARS | st.decimals() | st.text(alphabet="0123456789,.-+eE ", max_size=12))
def test_a_number_that_is_read_is_finite_and_fits_a_column(value: object) -> None:
    number, whole = decimal(value), integer(value)
    assert number is None or (number.is_finite() and abs(number) < 10**18)
    assert whole is None or whole == number


@settings(deadline=None)
@given(
    st.text(alphabet=st.sampled_from(" \n\r\t\0aäا🔥\u0308\u200d\u202e\xa0\x85") | st.characters()),
    st.booleans(),
)
def test_the_quick_way_to_clean_a_text_is_the_thorough_one(text: str, keep_lines: bool) -> None:
    for limit in (10, 300):
        assert clean(text, limit, keep_lines=keep_lines) == clean_text(text, limit, keep_lines=keep_lines)
