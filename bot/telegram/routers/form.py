"""The form: answers by text, file and button, in any order the customer likes, until Confirm.

The question that is open is the conversation's state, written in the same transaction as the answer before it.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import BadInput
from bot.domain.forms import (
    FORMS,
    Field,
    Kind,
    applicable_fields,
    bounds,
    field_named,
    parse_answer,
    parse_lines,
    spread_fields,
)
from bot.domain.orders import Answer, Order
from bot.services import again, finding, ordering
from bot.services.ordering import Doubt, DraftGone, Form, ServiceGone, Summary
from bot.services.shop import Transaction
from bot.telegram import callbacks as cb
from bot.telegram.files import read_text
from bot.telegram.screens import Screen
from bot.telegram.trail import quest_of, trail_of, way_back
from bot.telegram.turn import Turn
from bot.telegram.views import form as views
from bot.telegram.views import orders as order_views
from bot.telegram.views.again import Known
from bot.telegram.views.questions import value_of

router = Router(name="form")


class Ordering(StatesGroup):
    """Where a form can stand."""

    asking = (
        State()
    )  # data: draft, field, lists (half typed, by field), editing (from the summary), since (Turn), trail
    summary = State()  # data: draft, trail


# Drawing: inside the transaction, because the state that goes with a screen is written with it.


async def ask(
    turn: Turn,
    tx: Transaction,
    form: Form,
    field: Field | None = None,
    *,
    error: BadInput | None = None,
    editing: bool = False,
    lines: list[str] | None = None,
) -> Screen:
    """Ask for ``field``, or for what is missing; the summary where nothing is.

    ``lines`` are those of a list so far; without them it is as long as it was.
    """
    field = field or form.next
    if field is None:
        found = ordering.doubt(form, _now(turn, tx))
        if found is None:
            return await _summary(turn, tx, form, error=error)
        field, error, editing = found.field, found.error, True
    data = turn.conversation.data
    lists = _lists(turn, form.draft) | ({} if lines is None else {field.name: lines})
    goes_on = (data.get("draft"), data.get("field")) == (form.draft, field.name)
    since = turn.asked_in if goes_on else None
    asked = {"draft": form.draft, "field": field.name, "lists": lists, "editing": editing, "since": since}
    turn.move(Ordering.asking, **asked, **trail_of(turn, form.draft))
    opening = form.answers.keys() <= _filled_in(turn, form)
    shelf, back = turn.shop.shelf, way_back(turn)
    known = Known(
        await again.last_answers(tx, turn.shop, user=turn.user.id, form=form, field=field),
        await again.is_favourite(tx, user=turn.user.id, service=form.service.id) if opening else None,
    )
    return views.question(
        *(turn.t, shelf, form, field, known),
        lines=len(lists.get(field.name, ())),
        error=error,
        editing=editing,
        opening=opening,
        back=back,
    )


def _lists(turn: Turn, draft: int) -> dict[str, list[str]]:
    """The lists of a form that are half typed, by field."""
    data = turn.conversation.data
    return dict(data.get("lists") or {}) if data.get("draft") == draft else {}


def _filled_in(turn: Turn, form: Form) -> set[str]:
    """The fields that were answered before anything was asked."""
    quest = quest_of(turn)
    return set() if quest is None else set(finding.filled_in(form.service, quest))


async def _summary(turn: Turn, tx: Transaction, form: Form, *, error: BadInput | None = None) -> Screen:
    summary = await ordering.summarise(tx, turn.shop, form, user=turn.user.id)
    return _show_summary(turn, summary, error=error)


def _show_summary(turn: Turn, summary: Summary, *, error: BadInput | None = None) -> Screen:
    draft = summary.form.draft
    turn.move(Ordering.summary, draft=draft, lists={}, **trail_of(turn, draft))
    return views.summary(turn.t, summary, error=error)


def _now(turn: Turn, tx: Transaction) -> datetime:
    """The time where the shop is: its date decides which day is over."""
    return tx.now.astimezone(turn.shop.settings.timezone)


async def _open(turn: Turn, tx: Transaction, draft: int) -> Form:
    return await ordering.resume(tx, turn.shop, user=turn.user.id, draft=draft)


async def question_of(turn: Turn, tx: Transaction, draft: int, name: str) -> tuple[Form, Field]:
    """The form and the field that a button names."""
    form = await _open(turn, tx, draft)
    return form, _field(form, name)


def _field(form: Form, name: str) -> Field:
    """The field a button names; a name from elsewhere is an old or a forged button."""
    try:
        return field_named(FORMS[form.service.type], name)
    except KeyError:
        raise DraftGone("draft.gone", draft=form.draft) from None


# Answers.


async def answered(turn: Turn, tx: Transaction, form: Form, field: Field, text: str) -> Screen:
    """Take an answer by button, or say in place why not."""
    return await _take(turn, tx, form, field, text, editing=False)


async def _take(turn: Turn, tx: Transaction, form: Form, field: Field, text: str, *, editing: bool) -> Screen:
    """Take an answer, or say in place why not; nothing given before is lost."""
    today = _now(turn, tx).date()
    text = value_of(turn.t, field, text)
    try:
        value = parse_answer(field, text, limits=form.limits, answers=form.answers, today=today)
    except BadInput as error:
        return await ask(turn, tx, form, field, error=error, editing=editing)
    return await _keep(turn, tx, form, field, value)


async def _keep(turn: Turn, tx: Transaction, form: Form, field: Field, value: Answer) -> Screen:
    lists = _lists(turn, form.draft)
    if lists.pop(field.name, None) is not None:
        turn.keep(lists=lists)
    return await ask(turn, tx, await ordering.put_answer(tx, form, field, value))


@router.message(StateFilter(Ordering.asking))
async def typed(message: Message, turn: Turn, bot: Bot) -> Screen:
    """An answer, typed or sent as a file."""
    if message.text is not None and message.text.startswith("/") and "\n" not in message.text:
        raise SkipHandler  # a command nobody knows is no answer
    text = await read_text(bot, message)  # the network first: a file has to be fetched
    data = turn.conversation.data
    async with turn.transaction() as tx:
        form = await _open(turn, tx, data["draft"])
        field = _field(form, data["field"])
        editing = bool(data.get("editing"))
        if not turn.asked:  # typed before this question was seen: no answer to it
            return await ask(turn, tx, form, field, editing=editing)
        if isinstance(text, BadInput):
            return await ask(turn, tx, form, field, error=text, editing=editing)
        if field.kind is not Kind.LINES:
            return await _take(turn, tx, form, field, text, editing=editing)
        try:
            longer = _longer(form, field, _lists(turn, form.draft).get(field.name, []), text)
        except BadInput as error:
            return await ask(turn, tx, form, field, error=error, editing=editing)
        return await ask(turn, tx, form, field, editing=editing, lines=longer)


def _longer(form: Form, field: Field, lines: list[str], text: str) -> list[str]:
    """A list with what was sent at its end. What does not fit any more is refused at once, and not at Done, when
    nothing could be taken out again."""
    lines = parse_lines(field, "\n".join([*lines, *parse_lines(field, text)]))
    _, highest = bounds(field, limits=form.limits, answers=form.answers)
    if len(lines) > highest:
        raise BadInput("lines.too_many", count=len(lines), highest=highest)
    return lines


@router.callback_query(cb.Choose.filter())
async def chosen(query: CallbackQuery, callback_data: cb.Choose, turn: Turn) -> Screen:
    """An answer by button."""
    async with turn.transaction() as tx:
        form, field = await question_of(turn, tx, callback_data.draft, callback_data.field)
        return await answered(turn, tx, form, field, callback_data.value)


@router.callback_query(cb.Ask.filter())
async def change(query: CallbackQuery, callback_data: cb.Ask, turn: Turn) -> Screen:
    """Ask a question again: its answer is to be changed."""
    async with turn.transaction() as tx:
        form = await _open(turn, tx, callback_data.draft)
        editing = form.next is None
        return await ask(turn, tx, form, _field(form, callback_data.field), editing=editing)


@router.callback_query(cb.FormDo.filter())
async def act(query: CallbackQuery, callback_data: cb.FormDo, turn: Turn) -> Screen:
    """Everything else a form's buttons do."""
    async with turn.transaction() as tx:
        if callback_data.do == "confirm":
            return await _confirm(turn, tx, callback_data.draft, callback_data.field)
        if callback_data.do == "cancel":
            return await _cancel(turn, tx, callback_data.draft)
        form = await _open(turn, tx, callback_data.draft)
        match callback_data.do:
            case "skip":
                return await _skip(turn, tx, form, callback_data.field)
            case "done":
                return await _done(turn, tx, form, callback_data.field)
            case "spread" if form.spreads:
                runs, _ = spread_fields()
                return await ask(turn, tx, form, runs, editing=True)
            case "at_once":
                return await ask(turn, tx, await ordering.deliver_at_once(tx, form))
            case "back":
                return await ask(turn, tx, form, _before(form, callback_data.field))
            case "resume":
                return await _resume(turn, tx, await ordering.whole_spread(tx, form))
            case "look":
                screen = await ask(turn, tx, form)
                return replace(screen, notice=turn.t.plain("This is how it stands now."))
            case _:
                return await ask(turn, tx, await ordering.whole_spread(tx, form))


async def _resume(turn: Turn, tx: Transaction, form: Form) -> Screen:
    """Go on where the form was left, also where that was in the middle of a list that was to be changed."""
    half = _lists(turn, form.draft).keys() if form.next is None else ()
    name = next(iter(half), None)
    return await ask(turn, tx, form, None if name is None else _field(form, name), editing=name is not None)


def _before(form: Form, name: str) -> Field:
    """The question before the one of this name; the last one, from the summary."""
    fields = [each for each in applicable_fields(FORMS[form.service.type], form.answers) if each not in spread_fields()]
    place = next((at for at, each in enumerate(fields) if each.name == name), len(fields))
    return fields[max(place - 1, 0)]


async def _cancel(turn: Turn, tx: Transaction, draft: int) -> Screen:
    """Throw the form away, also where its service is not on sale any more."""
    with suppress(ServiceGone):
        await _open(turn, tx, draft)
    await ordering.drop(tx, user=turn.user.id, draft=draft)
    turn.move(None)
    return views.left(turn.t)


async def _skip(turn: Turn, tx: Transaction, form: Form, name: str) -> Screen:
    field = _field(form, name)
    if not field.optional:
        return await ask(turn, tx, form, field)
    return await _keep(turn, tx, form, field, None)


async def _done(turn: Turn, tx: Transaction, form: Form, name: str) -> Screen:
    field = _field(form, name)
    data = turn.conversation.data
    if data.get("field") != name or data.get("draft") != form.draft:
        return await ask(turn, tx, form)  # an old button: the list it ended is long since kept
    text = "\n".join(_lists(turn, form.draft).get(name, ()))
    return await _take(turn, tx, form, field, text, editing=bool(data.get("editing")))


async def _confirm(turn: Turn, tx: Transaction, draft: int, mark: str) -> Screen:
    result = await ordering.confirm(tx, turn.shop, user=turn.user.id, draft=draft, mark=mark)
    match result:
        case Order():
            turn.move(None)
            return _confirmed(turn, result)
        case Summary():
            screen = _show_summary(turn, result)
            # Said aloud too: where only time has passed, the screen is the same as before.
            return replace(screen, notice=turn.t.plain(views.CHANGED), alert=True) if result.changed else screen
        case Doubt():
            return await ask(turn, tx, result.form, result.field, error=result.error, editing=True)
        case Form():
            return await ask(turn, tx, result)


def _confirmed(turn: Turn, order: Order) -> Screen:
    """The order's card; once it is shown, the news that would say the same is not sent."""

    async def seen(tx: Transaction, message: int) -> None:
        await ordering.card_shown(tx, order, message)

    card = order_views.card(turn.t, order)
    return replace(card, seen=seen, notice=turn.t.plain("Order #{number} is in.", number=str(order.id)))


@router.message(StateFilter(Ordering.summary))
async def at_summary(message: Message, turn: Turn) -> Screen:
    """Text where a press is wanted: the summary is shown again, below it."""
    if message.text is not None and message.text.startswith("/"):
        raise SkipHandler
    async with turn.transaction() as tx:
        form = await _open(turn, tx, turn.conversation.data["draft"])
        return await ask(turn, tx, form, error=BadInput("choice.unknown") if turn.asked else None)
