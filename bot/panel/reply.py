"""From what an exchange brought to the JSON of an answer, or to the error it is. Not for ``add``."""

from bot.panel.errors import (
    PanelAnswerLostError,
    PanelThrottledError,
    PanelUnreachableError,
    PanelUnreadableError,
)
from bot.panel.faults import error_words, message_of
from bot.panel.transport import Answer, Failure
from bot.panel.wire import NotJsonError, decode


def json_of(got: Answer | Failure, *, next_turn: float = 0.0) -> object:
    """Return the answer's JSON, whose error (if it is one) is still to be read; raises PanelError.

    ``next_turn``: in how many seconds our own limit lets a call begin.
    """
    if isinstance(got, Failure) and got.held_back:
        raise PanelThrottledError(got.reason, retry_after=next_turn)
    if isinstance(got, Failure):
        raise PanelAnswerLostError(got.reason) if got.sent else PanelUnreachableError(got.reason)
    answered = f"HTTP {got.status}"
    if got.status == 429:
        raise PanelThrottledError(answered, retry_after=got.retry_after)
    if got.status >= 500:
        raise PanelAnswerLostError(answered, retry_after=got.retry_after)
    if not (200 <= got.status < 300 or 400 <= got.status < 500):
        raise PanelUnreadableError(f"{answered}: a redirect is not followed")
    if got.flaw:
        raise PanelUnreadableError(f"{answered}: {got.flaw}")
    return _read(got)


def _read(got: Answer) -> object:
    problem, answer = "", None
    try:
        answer = decode(got.body)
    except NotJsonError as error:
        problem = f"HTTP {got.status}: {error}"
    if problem and got.status < 400:
        # An empty or cut body under 200 is a server in trouble; a page under 403 or 404 is a wrong URL.
        raise PanelAnswerLostError(problem)
    if problem:
        raise PanelUnreadableError(problem)
    if got.status < 400 or error_words(answer) is not None:
        return answer
    message = message_of(answer)
    if not message:
        raise PanelUnreadableError(f"HTTP {got.status}: no error in the answer")
    return {"error": message}
