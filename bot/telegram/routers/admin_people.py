"""/credit, /debit and /user."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.domain.errors import ShopError
from bot.domain.texts import cut
from bot.services import reports, wallet
from bot.telegram.routers.admin_common import person
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import admin_people as views
from bot.telegram.views.questions import amount_of

router = Router(name="admin_people")

# What a wallet's movements have room for.
REASON_LENGTH = 200


@router.message(Command("credit"))
async def credit(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """Put money into a wallet."""
    return await _adjust(turn, command, sign=1)


@router.message(Command("debit"))
async def debit(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """Take money from a wallet."""
    return await _adjust(turn, command, sign=-1)


async def _adjust(turn: Turn, command: CommandObject, *, sign: int) -> Screen:
    words = (command.args or "").split(maxsplit=2)
    if len(words) < 2:
        return views.usage(turn.t, command.command)
    try:
        who, amount = person(words[0]), amount_of(turn.t, words[1])
    except ShopError as error:
        return views.usage(turn.t, command.command, error)
    reason = cut(" ".join(words[2].split()), REASON_LENGTH) if len(words) > 2 else ""
    async with turn.transaction() as tx:
        found = await reports.find_person(tx, who)
        done = await wallet.adjust(
            tx,
            turn.shop,
            admin=turn.user.id,
            user=found.id,
            amount=sign * amount,
            reason=reason,
            key=turn.key,
        )
        turn.move(None)
    return views.adjusted(turn.t, done, reason)


@router.message(Command("user"))
async def user(message: Message, command: CommandObject, turn: Turn) -> Screen:
    """A person's file."""
    words = (command.args or "").split()
    if not words:
        return views.usage(turn.t, "user")
    try:
        who = person(words[0])
    except ShopError as error:
        return views.usage(turn.t, "user", error)
    async with turn.transaction() as tx:
        found = await reports.person_file(tx, who)
        turn.move(None)
    return views.person(turn.t, found)
