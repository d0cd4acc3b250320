"""The way that led to a form: what was looked for and found stays known, so that one can go back and choose another."""

from dataclasses import asdict
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.services.finding import Quest
from bot.telegram.callbacks import Found
from bot.telegram.turn import Turn


class Searching(StatesGroup):
    """Where a customer looks for something."""

    asking = State()  # data: draft (of the form behind it, if any)
    found = State()  # data: quest, page, draft


_KEPT = ("quest", "page")


def remember(turn: Turn, quest: Quest, page: int) -> int | None:
    """The chat shows this page of what was found; the draft of a form that stays open behind it.

    Whoever goes back from a form that was begun from here has left it. To be called in the transaction.
    """
    known = turn.conversation.data
    left = turn.conversation.state != Searching.found.state and quest_of(turn) == quest
    behind = {} if left or "draft" not in known else {"draft": known["draft"]}
    turn.move(Searching.found, quest=asdict(quest), page=page, **behind)
    return behind.get("draft")


def quest_of(turn: Turn, mark: int | None = None) -> Quest | None:
    """What was looked for last, if that is still open; with ``mark`` only if a button means it."""
    known = turn.conversation.data.get("quest")
    quest = None if known is None else Quest(**known)
    return quest if mark is None or (quest is not None and quest.mark == mark) else None


def trail_of(turn: Turn, draft: int) -> dict[str, Any]:
    """What of the conversation's data stays as it is while the form of this draft goes on."""
    known = turn.conversation.data
    return {name: known[name] for name in _KEPT if name in known} if known.get("draft") == draft else {}


def way_back(turn: Turn) -> Found | None:
    """To the page of what was found that a form was begun from; None where it was begun otherwise."""
    quest = quest_of(turn)
    return None if quest is None else Found(mark=quest.mark, page=turn.conversation.data.get("page", 0))
