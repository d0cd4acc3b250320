"""One update being handled: who wrote, where the conversation stands, and the one transaction it may make."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from bot.domain.people import Conversation, User
from bot.i18n import Translator
from bot.services import mailroom
from bot.services.shop import Shop, Transaction

# What is known about a draft besides its answers: lists half typed, by field. It goes wherever the draft goes.
_OF_DRAFT = ("lists",)


class Turn:
    """What a handler works with.

    ``typed`` is the id of the message they wrote, None after a press; ``answered``: that press was answered already.
    ``afterwards`` is what can wait until the screen is shown, and may get lost; it raises nothing.
    ``transaction()`` may be entered once. It holds
    the handler's effect, the news it causes, the conversation's state and "update done", and is committed when the
    block ends; then the handler returns its screen.
    """

    def __init__(
        self,
        shop: Shop,
        t: Translator,
        *,
        update_id: int,
        user: User,
        known: User | None,
        conversation: Conversation,
        typed: int | None = None,
    ) -> None:
        self.shop = shop
        self.t = t
        self.update_id = update_id
        self.user = user
        self._known = known
        self.conversation = conversation
        self._typed = typed
        self.done = False
        self.answered = False
        self.afterwards: Callable[[], Awaitable[None]] | None = None
        shown = conversation.shown_revision >= conversation.revision
        self._asked_in: int | None = None
        if shown:
            self._asked_in = conversation.data.get("since") or conversation.screen_message
        # Updates wait while the shop is down or slow. Ids of a chat's messages only grow, so a text with a smaller
        # one stands above the question and was typed before it.
        self._asked = shown and (typed is None or self._asked_in is None or typed > self._asked_in)
        self._dirty = False

    @property
    def chat(self) -> int:
        """The private chat, whose id is its person's."""
        return self.conversation.chat_id

    @property
    def admin(self) -> bool:
        """Whether an admin wrote."""
        return self.user.id in self.shop.settings.admin_ids

    @property
    def asked(self) -> bool:
        """Whether the present question reached the chat before this update; text is no answer to it otherwise."""
        return self._asked

    @property
    def asked_in(self) -> int | None:
        """The message in which the present question reached the chat first; None where it did not yet.

        A question that goes on (a list, a wrong answer) keeps it in its data as ``since``: what was typed before it
        was drawn again answers it all the same.
        """
        return self._asked_in

    @property
    def key(self) -> str:
        """A name for what they wrote or pressed, for effects that must happen once.

        Telegram may begin anew with the ids of updates; those of a chat's messages only grow.
        """
        return f"update:{self.update_id}" if self._typed is None else f"message:{self.chat}:{self._typed}"

    def move(self, state: State | None, **data: Any) -> None:
        """Go to another state with other data; written by the transaction.

        While the draft in it stays the same, what is half typed for it stays too.
        """
        known = self.conversation.data
        if data.get("draft") is not None and data["draft"] == known.get("draft"):
            data = {**{name: known[name] for name in _OF_DRAFT if name in known}, **data}
        self.conversation.state = None if state is None else state.state
        self.conversation.data = data
        self.conversation.revision += 1
        self._dirty = True

    def keep(self, **data: Any) -> None:
        """Change data of the present state."""
        self.conversation.data = {**self.conversation.data, **data}
        self._dirty = True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """The one transaction of this update."""
        if self.done:
            raise RuntimeError("an update has one transaction")
        async with self.shop.db.write() as tx:
            await mailroom.begin(tx, self.update_id, known=self._known, user=self.user)
            before = replace(self.conversation)
            try:
                yield tx
            except BaseException:
                # Nothing of the effect stays, and neither does the state it was to lead to.
                self.conversation, self._dirty = before, False
                raise
            if self._dirty:
                await mailroom.remember(tx, self.conversation)
        self.done = True


class ConversationStorage(BaseStorage):
    """aiogram's view of the conversation that is being handled; writing is the turn's business.

    A chat has one update in hand at a time, so its turn is the only one to read and to change it.
    """

    def __init__(self) -> None:
        self._turns: dict[int, Turn] = {}

    def begin(self, turn: Turn) -> None:
        """From now on the chat's state is this turn's."""
        self._turns[turn.chat] = turn

    def end(self, turn: Turn) -> None:
        """The turn is over."""
        self._turns.pop(turn.chat, None)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Go to a state, keeping the data."""
        turn = self._turns[key.chat_id]
        turn.move(state if isinstance(state, State) else State(state), **turn.conversation.data)

    async def get_state(self, key: StorageKey) -> str | None:
        """The chat's state."""
        turn = self._turns.get(key.chat_id)
        return None if turn is None else turn.conversation.state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Replace the data."""
        turn = self._turns[key.chat_id]
        turn.conversation.data = {}
        turn.keep(**data)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """The chat's data."""
        turn = self._turns.get(key.chat_id)
        return {} if turn is None else dict(turn.conversation.data)

    async def close(self) -> None:
        """Nothing is kept open."""
