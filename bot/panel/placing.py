"""What an ``add`` answer means. Money hangs on this table, so nothing in it is guessed.

2xx, an order id and no error                      Placed
2xx or 4xx with an error that can be read          Refused
429, any body                                      Throttled
no turn under our own limit before the deadline    Throttled, by ourselves
no byte of the request left                        NotSent
all else: 3xx, 5xx, 4xx without JSON, a page,
nothing, half an answer, an id and an error
together, an id of 0 or null, no answer in time    Unknown
"""

from bot.domain.outcomes import AddOutcome, NotSent, Placed, Refused, Throttled, Unknown
from bot.panel.faults import error_words, message_of, order_id
from bot.panel.refusals import classify
from bot.panel.transport import Answer, Failure
from bot.panel.values import clean
from bot.panel.wire import NotJsonError, decode


def add_outcome(got: Answer | Failure, *, next_turn: float = 0.0) -> AddOutcome:
    """Return the outcome of one ``add``. Anything the table does not name is Unknown.

    ``next_turn``: in how many seconds our own limit lets a call begin.
    """
    if isinstance(got, Failure) and got.held_back:
        return Throttled(next_turn, ours=True)
    if isinstance(got, Failure):
        return Unknown(got.reason) if got.sent else NotSent(got.reason)
    if got.status == 429:
        return Throttled(got.retry_after)
    if 200 <= got.status < 300 or 400 <= got.status < 500:
        return _decoded(got)
    return Unknown(_joined(f"HTTP {got.status}", _words(got)))


def _decoded(got: Answer) -> AddOutcome:
    problem, answer = got.flaw or "", None
    if not problem:
        try:
            answer = decode(got.body)
        except NotJsonError as error:
            problem = str(error)
    if isinstance(answer, dict):
        return _read(answer, got.status)
    return Unknown(_joined(f"HTTP {got.status}", problem or "the answer is a list"))


def _read(answer: dict[str, object], status: int) -> AddOutcome:
    named, order = order_id(answer)
    words = error_words(answer)
    if words is None and status >= 400 and not named:
        # A status of 4xx already says no; what else the body says is why.
        words = message_of(answer) or None
    answered = f"HTTP {status}"
    if named and words is not None:
        return Unknown(_joined(answered, f"an order id and an error together: {words}"))
    if words is not None:
        return Refused(classify(words), words)
    if order is not None and status < 300:
        return Placed(order)
    if named:
        return Unknown(_joined(answered, "an order id that is none" if order is None else f"order id {order}"))
    return Unknown(_joined(answered, _joined("neither order id nor error", message_of(answer))))


def _words(got: Answer) -> str:
    """The words of an answer whose status alone decides; they help the admin who looks."""
    if got.flaw:
        return got.flaw
    try:
        answer = decode(got.body)
    except NotJsonError as error:
        return str(error)
    return error_words(answer) or message_of(answer)


def _joined(first: str, second: str) -> str:
    return clean(f"{first}: {second}" if second else first)
