"""The powers that have to do with money over HTTP, and what all powers need to find who is meant."""

from __future__ import annotations

from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.people import Person
from bot.demo.telegram.powers import Powers
from bot.demo.telegram.rooms import Channel, Room
from bot.demo.telegram.stars import Checkout


class PaymentActions:
    """What is to be paid is named by {message}, {message, of: whose chat it is in} or {link}."""

    def __init__(self, powers: Powers) -> None:
        self._powers = powers
        self._world = powers.world
        self._checkouts: dict[str, Checkout] = {}

    def _room(self, values: JsonObject) -> Room:
        return self._world.rooms[values["chat"]]

    def _person(self, values: JsonObject) -> Person:
        person = self._room(values)
        if not isinstance(person, Person):
            raise TypeError(f"chat {person.id} is not a person")
        return person

    def _message(self, room: Room, values: JsonObject) -> ChatMessage | None:
        return room.history[values["message"]] if "message" in values else None

    def _answered(self, room: Room, values: JsonObject) -> ChatMessage | None:
        """What a message replies to; one that was deleted meanwhile is not answered, as in the apps."""
        return room.history.get(values["reply_to"]) if "reply_to" in values else None

    def _into(self, values: JsonObject) -> Channel | None:
        """Where it is written, if not in the chat with the bot."""
        if "into" not in values:
            return None
        channel = self._world.rooms[values["into"]]
        if not isinstance(channel, Channel):
            raise TypeError(f"chat {channel.id} is not a group or channel")
        return channel

    def _due(self, values: JsonObject) -> ChatMessage | str:
        room = self._world.rooms[values["of"] if "of" in values else values["chat"]]
        return self._message(room, values) or str(values["link"])

    async def do_offer(self, values: JsonObject) -> JsonObject:
        """What would be paid: {chat, message or link}; title, description, currency, total_amount, and stars."""
        person = self._person(values)
        return person.invoice(self._due(values)).shown | {"stars": person.stars}

    async def do_pay(self, values: JsonObject) -> JsonObject:
        """Pay and wait for what comes of it: {chat, message or link, deliver?, timeout?}; an Outcome."""
        due, deliver = self._due(values), values.get("deliver", 1)
        return vars(await self._person(values).pay(due, deliver, values.get("timeout")))

    async def do_pay_unasked(self, values: JsonObject) -> JsonObject:
        """A payment without a pre-checkout query: {chat, payload, amount, currency?, deliver?}; an Outcome."""
        given = {key: values[key] for key in ("currency", "deliver") if key in values}
        return vars(await self._person(values).pay_unasked(values["payload"], values["amount"], **given))

    async def do_checkout(self, values: JsonObject) -> JsonObject:
        """Press Pay without waiting: {chat, message or link, deliver?}."""
        checkout = await self._person(values).checkout(self._due(values), values.get("deliver", 1))
        self._checkouts[checkout.id] = checkout
        return {"checkout": checkout.id, "update_id": checkout.update_id}

    async def do_settled(self, values: JsonObject) -> JsonObject:
        """What came of it: {checkout, timeout?}; an Outcome."""
        return vars(await self._checkouts[values["checkout"]].settled(values.get("timeout")))

    async def do_expire(self, values: JsonObject) -> JsonObject:
        """Let the bot's time for it be over: {checkout}; an Outcome."""
        return vars(self._checkouts[values["checkout"]].expire())

    async def do_stars(self, values: JsonObject) -> int:
        """How many Stars somebody has, set first if {stars} is given: {chat, stars?}."""
        person = self._person(values)
        person.stars = values.get("stars", person.stars)
        return person.stars

    async def do_transactions(self, _values: JsonObject) -> list[JsonObject]:
        """Every payment and refund, the oldest first."""
        return list(self._powers.transactions)

    async def do_reverse(self, values: JsonObject) -> int:
        """Let Telegram give a payment back: {charge}; the update's id."""
        return self._powers.reverse(values["charge"])

    async def do_repeat_payment(self, values: JsonObject) -> int:
        """Tell the bot of a payment once more: {charge}; the update's id."""
        return self._powers.repeat_payment(values["charge"])
