"""The people who use Telegram, what the bot called, and the ways to disturb it."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.faults import Fault, Injection
from bot.demo.telegram.limits import Limits
from bot.demo.telegram.menu import menu_of
from bot.demo.telegram.payments import give_back
from bot.demo.telegram.people import Person
from bot.demo.telegram.rooms import Channel, Group
from bot.demo.telegram.world import Call, World

T = TypeVar("T")
PATIENCE = 5.0  # seconds a test waits for the bot before it fails; the bot answers in milliseconds


class Powers:
    """All that a test or a page can do with Telegram, whether it is served or not."""

    def __init__(
        self,
        token: str = "42:TEST-TOKEN",  # noqa: S107  (a made-up token of a made-up bot)
        *,
        clock: Callable[[], float] = time.time,
        limits: Limits | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.world = World(token, clock, limits or Limits())
        self.patience = patience

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def calls(self) -> Sequence[Call]:
        """Everything the bot called, in order; a getUpdates only if it brought something."""
        return self.world.calls

    def sent(self, *methods: str, chat: int | None = None) -> list[Call]:
        """The calls of some methods (all but getUpdates if none is named), of one chat or of all."""
        names = {name.lower() for name in methods}
        return [
            call
            for call in self.world.calls
            if (call.method.lower() in names if names else call.method.lower() != "getupdates")
            and chat in (None, call.chat)
        ]

    def person(
        self,
        id: int,  # noqa: A002  (the word people know from Telegram)
        name: str = "Anna",
        *,
        username: str = "",
        language: str = "en",
        last_name: str = "",
    ) -> Person:
        """Somebody with a private chat, the same one each time; the bot cannot write before they do."""
        known = self.world.rooms.get(id)
        if isinstance(known, Person):
            return known
        person = Person(self.world, id, name, self.patience, username=username, language=language, last_name=last_name)
        self.world.rooms[id] = person
        return person

    def channel(
        self,
        id: int,  # noqa: A002  (the word people know from Telegram)
        title: str = "News",
        *,
        bot_is_admin: bool = True,
        username: str = "",
    ) -> Channel:
        """A channel, by default with the bot as an administrator."""
        channel = Channel(id, title, self.patience, bot_is_admin=bot_is_admin, username=username)
        self.world.rooms[id] = channel
        return channel

    def group(self, id: int, title: str = "Friends") -> Group:  # noqa: A002  (Telegram's own word)
        """A group that the bot is a member of; people write there with send(text, chat=group)."""
        group = Group(id, title, self.patience, bot_is_admin=True, username="")
        self.world.rooms[id] = group
        return group

    def menu(self, person: Person) -> list[tuple[str, str]]:
        """The commands a person is offered, with their descriptions."""
        return menu_of(self.world, person)

    def fail(self, method: str, fault: Fault, times: int | None = 1, chat: int | None = None) -> Injection:
        """Let the next calls of a method fail; "*" is all but getUpdates, *times* None is until heal()."""
        return self.world.faults.order(method, fault, times, chat)

    def heal(self) -> None:
        """End every fault."""
        self.world.faults.heal()

    @property
    def checkout_seconds(self) -> float:
        """How long the bot has to answer a pre-checkout query; 0 lets each expire as soon as it is waited for."""
        return self.world.stars.seconds_to_answer

    @checkout_seconds.setter
    def checkout_seconds(self, seconds: float) -> None:
        self.world.stars.seconds_to_answer = seconds

    @property
    def bot_stars(self) -> int:
        """The bot's Stars."""
        return self.world.stars.balance

    @property
    def transactions(self) -> Sequence[JsonObject]:
        """Every payment and refund, the oldest first, as getStarTransactions has them."""
        return self.world.stars.transactions

    def reverse(self, charge: str) -> int:
        """Let Telegram itself give a payment back; the id of the update. ApiError 400 as for refundStarPayment."""
        return give_back(self.world, charge)

    def repeat_payment(self, charge: str) -> int:
        """Tell the bot of a payment once more, or at last; the id of the update."""
        payment = self.world.stars.payments[charge]
        report = payment.report
        said = (each for each in payment.room.messages if each.content.get("successful_payment") == report)
        return self.world.updates.push("message", next(said).as_update())

    def until(self, predicate: Callable[[], T | None], timeout: float | None = None) -> Coroutine[Any, Any, T]:
        """Wait until a condition holds, looked at after every call of the bot; its value."""
        return self._until(predicate, self.patience if timeout is None else timeout)

    async def _until(self, look: Callable[[], T | None], seconds: float) -> T:
        if found := await self.world.changed.until(look, seconds):
            return found
        last = "\n".join(f"{call.method} {call.chat or ''}: {call.outcome}" for call in self.calls[-20:])
        raise AssertionError(f"waited {seconds:g} s for a condition; the last calls:\n{last}")

    def confirmed(self, update_id: int, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """Wait until the bot has moved its offset past an update."""
        return self._confirmed(update_id, self.patience if timeout is None else timeout)

    async def _confirmed(self, update_id: int, seconds: float) -> None:
        updates = self.world.updates
        if not await updates.confirmed(update_id, seconds):
            raise AssertionError(f"update {update_id} was not confirmed in {seconds:g} s; waiting: {updates.waiting}")
