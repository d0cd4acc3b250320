"""/terms and /paysupport, which Telegram asks of every bot that takes Stars."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.domain.payments import Manner
from bot.telegram.aside import beside_form
from bot.telegram.screens import Screen
from bot.telegram.turn import Turn
from bot.telegram.views import terms as views

router = Router(name="terms")


@router.message(Command("terms"))
async def terms(message: Message, turn: Turn) -> Screen:
    """What is agreed on by buying here."""
    async with turn.transaction():
        draft = beside_form(turn)
    settings = turn.shop.settings
    return views.terms(turn.t, turn.t.chosen(settings.terms), support=settings.support_link, draft=draft)


@router.message(Command("paysupport"))
async def paysupport(message: Message, turn: Turn) -> Screen:
    """Where to turn with a payment."""
    async with turn.transaction():
        draft = beside_form(turn)
    settings = turn.shop.settings
    return views.paysupport(
        turn.t,
        turn.t.chosen(settings.paysupport),
        stars=any(way.manner is Manner.INVOICE for way in turn.shop.ways.values()),
        contact=settings.support_contact,
        support=settings.support_link,
        draft=draft,
    )
