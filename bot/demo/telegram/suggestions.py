"""What Telegram itself knows of the inline mode: who waits for results, and answers that it may show again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.rooms import Room

SECONDS_TO_ANSWER = 30  # Telegram does not say how long it waits; nobody does for longer


@dataclass(frozen=True)
class Suggestion:
    """One result as people see it in the list; *formatted* and *markup* make the message if it is chosen."""

    id: str
    title: str
    description: str
    formatted: FormattedText
    markup: JsonObject | None


@dataclass(frozen=True)
class Suggestions:
    """A page of results, *next_offset* being empty on the last one.

    Telegram may show them again for *cache_time* seconds, if *personal* only to who asked. *button* stands above them.
    """

    results: tuple[Suggestion, ...]
    next_offset: str
    cache_time: int
    personal: bool
    button: JsonObject | None

    @property
    def titles(self) -> list[str]:
        """The results' titles, in order."""
        return [result.title for result in self.results]


class InlineQuery:
    """Words that somebody typed after the bot's name, on their way to the bot and back."""

    def __init__(self, query_id: str, room: Room, words: str, offset: str, asked_at: float) -> None:
        self.id = query_id
        self.room = room
        self.words = words
        self.offset = offset
        self.asked_at = asked_at
        self.answer: Suggestions | None = None


class InlineDesk:
    """Queries that wait for the bot, and answers that are shown again. *on* is the setting at BotFather."""

    def __init__(self) -> None:
        self.on = True
        self._waiting: dict[str, InlineQuery] = {}
        self._known: dict[tuple[str, str, int], tuple[float, Suggestions]] = {}

    def ask(self, query: InlineQuery) -> None:
        """Expect the bot's answer."""
        self._waiting[query.id] = query

    def take(self, query_id: str, now: float) -> InlineQuery | None:
        """The query that an answer is for; None for one that is unknown, answered, or too old."""
        query = self._waiting.pop(query_id, None)
        return None if query is None or now - query.asked_at > SECONDS_TO_ANSWER else query

    def settle(self, query: InlineQuery, answer: Suggestions, now: float) -> None:
        """Show an answer, and keep it for as long as it may be shown again."""
        query.answer = answer
        reader = query.room.id if answer.personal else 0
        self._known[query.words, query.offset, reader] = (now + answer.cache_time, answer)
        query.room.changed.pulse()

    def shown(self, words: str, offset: str, person: int) -> Suggestions | None:
        """The last answer to these words that a person may have on the screen, however old it is."""
        known = self._known.get((words, offset, person)) or self._known.get((words, offset, 0))
        return None if known is None else known[1]

    def cached(self, words: str, offset: str, person: int, now: float) -> Suggestions | None:
        """An answer that may be shown to a person without asking the bot."""
        for reader in (person, 0):
            until, answer = self._known.get((words, offset, reader), (0.0, None))
            if now < until:
                return answer
        return None
