"""Writing to the shop: a thread for each order of one's own, and one about none."""

from typing import Any, Literal, TypedDict

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import BaseFilter, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.errors import BadInput
from bot.domain.tickets import Enclosure
from bot.i18n import Translator
from bot.services import support
from bot.services.support import Thread
from bot.telegram import callbacks as cb
from bot.telegram.aside import draft_of, step_aside
from bot.telegram.errors import in_words
from bot.telegram.files import enclosure_in
from bot.telegram.screens import Notice, Screen
from bot.telegram.turn import Turn
from bot.telegram.views import support as views

router = Router(name="support")


class Asking(StatesGroup):
    """Where a customer writes to the shop."""

    question = State()  # data: order (0: about none), since (Turn), draft (of the form behind it, if any)


class Said(TypedDict):
    """A message to the other side, as ``support.write`` and ``support.answer`` take it."""

    text: str
    enclosure: Enclosure | None


class Replies(BaseFilter):
    """Telegram's own reply to a message of a ticket; the handler receives which ticket.

    What the message has become since tells more than what it was: it is known by its buttons (``button`` says whose),
    and by the news it was sent as where they were taken away.
    """

    def __init__(self, button: type[cb.Thread | cb.Ticket]) -> None:
        self._button = button

    async def __call__(self, message: Message, turn: Turn) -> Literal[False] | dict[str, Any]:
        """What the handler receives, or False."""
        original = message.reply_to_message
        if original is None or (message.text or "").startswith("/"):
            return False
        if original.reply_markup is not None:
            ticket = self._named_in(original.reply_markup)
        else:
            admin = self._button is cb.Ticket
            async with turn.shop.db.read() as tx:
                ticket = await support.replied_to(tx, chat=turn.chat, message=original.message_id, admin=admin)
        return False if ticket is None else {"ticket": ticket}

    def _named_in(self, keyboard: InlineKeyboardMarkup) -> int | None:
        prefix = f"{self._button.__prefix__}{self._button.__separator__}"
        named = (button.callback_data for row in keyboard.inline_keyboard for button in row)
        data = next((each for each in named if each is not None and each.startswith(prefix)), None)
        if data is None:
            return None
        try:
            found = self._button.unpack(data)
        except (TypeError, ValueError):  # of another version
            return None
        return None if found.do == "open" else found.id


def said_in(message: Message) -> Said:
    """What somebody says to the other side. Raises ``BadInput`` for anything but text, a photo or a file."""
    if message.text is not None:
        return {"text": message.text, "enclosure": None}
    enclosure = enclosure_in(message)
    if isinstance(enclosure, BadInput):
        raise enclosure
    if enclosure is None:
        raise BadInput("text.wanted")
    return {"text": message.caption or "", "enclosure": enclosure}


def why_not(t: Translator, problem: BadInput) -> str:
    """Why it is not passed on."""
    return t.plain(views.ONLY_THESE) if problem.code == "text.wanted" else in_words(t, problem).text


def _drawn(turn: Turn, found: Thread, *, problem: str = "") -> Screen:
    """The thread, where the customer is now; to be called in the transaction."""
    draft = draft_of(turn)
    since = turn.asked_in if _is_open(turn, found) else None
    turn.move(Asking.question, order=found.number, since=since, **({} if draft is None else {"draft": draft}))
    return views.thread(turn.t, found, draft=draft, problem=problem)


def _is_open(turn: Turn, found: Thread) -> bool:
    """Whether this thread is what the chat shows."""
    conversation = turn.conversation
    return conversation.state == Asking.question.state and conversation.data.get("order") == found.number


@router.callback_query(cb.OrderDo.filter())
async def asked(query: CallbackQuery, callback_data: cb.OrderDo, turn: Turn) -> Screen:
    """*Ask the shop*, about an order of one's own or about none."""
    if callback_data.do != "ask":
        raise SkipHandler
    async with turn.transaction() as tx:
        return _drawn(turn, await support.thread(tx, user=turn.user, number=callback_data.id))


@router.callback_query(cb.Thread.filter())
async def act(query: CallbackQuery, callback_data: cb.Thread, turn: Turn) -> Screen:
    """Look at a ticket of one's own to write more, or close it."""
    async with turn.transaction() as tx:
        if callback_data.do != "close":
            return _drawn(turn, await support.own(tx, user=turn.user, ticket=callback_data.id))
        found = await support.close_own(tx, turn.shop, user=turn.user, ticket=callback_data.id)
        return views.closed(turn.t, found, draft=step_aside(turn))


@router.message(Replies(cb.Thread))
async def replied(message: Message, turn: Turn, ticket: int) -> Screen | Notice:
    """More for the shop, whatever else is open: that stays as it is."""
    said = views.sent(turn.t)
    async with turn.transaction() as tx:
        found = await support.own(tx, user=turn.user, ticket=ticket)
        problem = ""
        try:
            said_now = said_in(message)
            found = await support.write(tx, turn.shop, user=turn.user, number=found.number, **said_now)
        except BadInput as error:  # raised before anything was written
            problem = why_not(turn.t, error)
        return _drawn(turn, found, problem=problem) if _is_open(turn, found) else Notice(problem or said)


@router.message(StateFilter(Asking.question))
async def written(message: Message, turn: Turn) -> Screen:
    """A message to the shop, in the customer's words."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    number = int(turn.conversation.data.get("order", 0))
    async with turn.transaction() as tx:
        if not turn.asked:
            found = await support.thread(tx, user=turn.user, number=number)
            return _drawn(turn, found, problem=turn.t.plain(views.UNASKED))
        try:
            found = await support.write(tx, turn.shop, user=turn.user, number=number, **said_in(message))
        except BadInput as error:  # raised before anything was written
            found = await support.thread(tx, user=turn.user, number=number)
            return _drawn(turn, found, problem=why_not(turn.t, error))
        return _drawn(turn, found)
