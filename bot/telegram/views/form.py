"""The form: its questions and its summary."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.errors import BadInput
from bot.domain.forms import FORMS, Field, Kind, applicable_fields, bounds, spread_fields
from bot.i18n import Html, Money, Translator, join, mark
from bot.services.ordering import Form, Summary
from bot.services.shelf import Shelf
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.errors import in_words
from bot.telegram.screens import Rows, Screen
from bot.telegram.views import again, aside, browse, links, questions
from bot.telegram.views.again import Known

NOTHING = Known()
UNCERTAIN = mark("⚠️ Your order #{number} for the same link is being checked. If you order again, it may come twice.")
RUNNING = mark(
    "⚠️ Your order #{number} for the same service and link is still running. A second one may be refused until it has "
    "ended."
)
CHANGED = mark("⚠️ Please look again: the price or the limits may have changed since you saw this.")


def question(
    t: Translator,
    shelf: Shelf,
    form: Form,
    field: Field,
    known: Known = NOTHING,
    *,
    lines: int = 0,
    error: BadInput | None = None,
    editing: bool = False,
    opening: bool = False,
    back: CallbackData | None = None,
) -> Screen:
    """One question: what was said so far, what is wrong, what is wanted, an example and the limits.

    ``opening``: it is the first that is asked, below the service's card. ``back`` is where the service was chosen,
    its category unless it is said.
    """
    parts = [browse.card(t, shelf, form.service) if opening else t.html("<b>{name}</b>", name=form.service.name)]
    if form.answers and not editing:
        parts.append(given(t, form))
    if error is not None:
        parts.append(t.html("⚠️ {problem}", problem=in_words(t, error).text))
    elif not editing and field in FORMS[form.service.type].fields[1:2]:  # right after the link
        parts += links.warning(t, form.service, form.answers)
    parts.append(_wanted(t, form, field, lines))
    rows = again.recent_rows(t, form.draft, field.name, known.recent)
    rows += _rows(t, form, field, lines=lines, editing=editing)
    if known.favourite is not None:
        rows.append([again.star(t, form.draft, form.service.id, marked=known.favourite)])
    if editing or field in spread_fields():
        back = cb.FormDo(draft=form.draft, do="summary")
    elif field != FORMS[form.service.type].fields[0] and not opening:
        back = cb.FormDo(draft=form.draft, do="back", field=field.name)
    cancel = k.button(t.plain("Cancel"), cb.FormDo(draft=form.draft, do="cancel"), style="danger")
    rows.append([*k.back(t, back or _category(shelf, form)), cancel])
    return Screen(join("\n\n", parts), rows)


def _category(shelf: Shelf, form: Form) -> cb.Category | cb.Go:
    """Where the service stands."""
    home = shelf.homes.get(form.service.id)
    return cb.Go(to="order") if home is None else cb.Category(id=home)


def _wanted(t: Translator, form: Form, field: Field, lines: int) -> Html:
    parts = [t.html(questions.QUESTIONS[field.name].ask)]
    limits = _limits(t, form, field)
    if limits is not None:
        parts.append(limits)
    if field.kind is not Kind.CHOICE:
        example = t.html("{example}", example=links.example(form.service, field))
        parts.append(t.html("For example:\n<code>{example}</code>", example=example))
    if field.kind is Kind.LINES:
        if lines:
            parts.append(t.nhtml("<b>{n} line so far.</b>", "<b>{n} lines so far.</b>", lines))
        parts.append(t.html("They may come in several messages or as a .txt file. Press Done at the end."))
    return join("\n", parts)


def _limits(t: Translator, form: Form, field: Field) -> Html | None:
    if field.kind not in {Kind.NUMBER, Kind.LINES}:
        return None
    if field.kind is Kind.LINES and not field.limited:
        return None
    lowest, highest = bounds(field, limits=form.limits, answers=form.answers)
    return t.html("From {lowest} to {highest}.", lowest=lowest, highest=highest)


def _rows(t: Translator, form: Form, field: Field, *, lines: int, editing: bool) -> list[k.Row]:
    """The buttons of a question, above the way back."""
    rows: list[k.Row] = []
    if field.kind is Kind.CHOICE:
        buttons = [
            k.button(
                questions.choice_label(t, field, choice.value),
                cb.Choose(draft=form.draft, field=field.name, value=choice.value),
            )
            for choice in field.choices
        ]
        rows += k.grid(buttons)
    if lines:
        done = cb.FormDo(draft=form.draft, do="done", field=field.name)
        rows.append([k.button(t.plain("Done"), done, style="primary")])
    if field.optional:
        skip = cb.FormDo(draft=form.draft, do="skip", field=field.name)
        rows.append([k.button(t.plain("Skip"), skip)])
    if field.name in form.answers and not editing:  # asked again on the way back: its answer still stands
        rows += aside.way_back(t, form.draft, do="summary")
    return rows


def given(t: Translator, form: Form) -> Html:
    """Every answer given so far, one a line."""
    lines = [
        t.html(
            "{field}: {answer}",
            field=questions.title(t, field),
            answer=questions.answer_text(t, field, form.answers[field.name]),
        )
        for field in applicable_fields(FORMS[form.service.type], form.answers)
        if field.name in form.answers
    ]
    return join("\n", lines)


def summary(t: Translator, shown: Summary, *, error: BadInput | None = None) -> Screen:
    """Every answer, the price and the wallet after it; each answer can be changed from here."""
    form = shown.form
    parts = [t.html("<b>Your order</b>\n{name}", name=form.service.name), given(t, form)]
    parts += links.warning(t, form.service, form.answers)
    if shown.changed:
        parts.append(t.html(CHANGED))
    if shown.uncertain is not None:
        parts.append(t.html(UNCERTAIN, number=str(shown.uncertain)))
    if shown.running is not None:
        parts.append(t.html(RUNNING, number=str(shown.running)))
    if error is not None:
        parts.append(t.html("⚠️ {problem}", problem=in_words(t, error).text))
    money = [t.html("Price: <b>{price}</b>", price=Money(shown.price))]
    if shown.short:
        money.append(
            t.html(
                "Your wallet has {available}: <b>{short} more is needed.</b> The order is kept for you here.",
                available=Money(shown.available),
                short=Money(shown.short),
            )
        )
    else:
        left = Money(shown.available - shown.price)
        money.append(t.html("Wallet after it: {left}", left=left))
    parts.append(join("\n", money))
    return Screen(join("\n\n", parts), _summary_rows(t, shown))


def _summary_rows(t: Translator, shown: Summary) -> Rows:
    form = shown.form
    draft = form.draft
    if shown.short:
        rows = [
            [k.button(t.plain("Top up"), cb.TopUp(), style="primary")],
            [
                k.button(t.plain("Look again"), cb.FormDo(draft=draft, do="look")),
                k.button(t.plain("Wallet"), cb.Go(to="wallet")),
            ],
        ]
    else:
        confirm = cb.FormDo(draft=draft, do="confirm", field=shown.mark)
        rows = [[k.button(t.plain("Confirm"), confirm, style="success")]]
    changes = [
        k.button(t.plain("✎ {field}", field=questions.word(t, field)), cb.Ask(draft=draft, field=field.name))
        for field in applicable_fields(FORMS[form.service.type], form.answers)
    ]
    rows += k.grid(changes)
    if form.answers.get("runs") is not None:
        rows.append([k.button(t.plain("Deliver at once"), cb.FormDo(draft=draft, do="at_once"))])
    elif form.spreads:
        rows.append([k.button(t.plain("Spread over time"), cb.FormDo(draft=draft, do="spread"))])
    cancel = k.button(t.plain("Cancel"), cb.FormDo(draft=draft, do="cancel"), style="danger")
    rows.append([*k.back(t, cb.FormDo(draft=draft, do="back")), cancel])
    return rows


def left(t: Translator) -> Screen:
    """A form was thrown away."""
    rows = [[k.button(t.plain("New order"), cb.Go(to="order"))], k.home(t)]
    return Screen(t.html("The form is closed. Nothing was ordered."), rows)
