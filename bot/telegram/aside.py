"""A form that is open beside another screen: it stays as it is, with a way back to it."""

from bot.telegram.routers.form import Ordering
from bot.telegram.turn import Turn

_FORM = frozenset({Ordering.asking.state, Ordering.summary.state})


def in_form(turn: Turn) -> bool:
    """Whether a form's question, or its summary, is what the chat shows."""
    return turn.conversation.state in _FORM


def draft_of(turn: Turn) -> int | None:
    """The draft of the form that the chat has open, or had before it stepped aside."""
    draft = turn.conversation.data.get("draft")
    return draft if isinstance(draft, int) else None


def beside_form(turn: Turn) -> int | None:
    """Show a screen beside the form; its draft, for the way back. To be called in the transaction.

    The open question goes on waiting for its answer, unless it never reached the chat: the screen would then pass
    for it, and the next text for its answer. Whatever else is open is left.
    """
    if turn.conversation.state is not None and not (in_form(turn) and turn.asked):
        step_aside(turn)
    return draft_of(turn)


def step_aside(turn: Turn) -> int | None:
    """Leave every question, but remember which form was open; its draft. To be called in the transaction."""
    draft = draft_of(turn)
    if draft is None:
        turn.move(None)
    else:
        turn.move(None, draft=draft)
    return draft
