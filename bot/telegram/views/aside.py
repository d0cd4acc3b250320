"""Leaving a form, stepping aside from it, and coming back to it."""

from bot.i18n import Html, Translator
from bot.telegram import keyboards as k
from bot.telegram.callbacks import FormDo, Mass


def way_back(t: Translator, draft: int | None, *, do: str = "resume") -> list[k.Row]:
    """The button that leads back to the form of this draft; no row where none is open."""
    if draft is None:
        return []
    return [[k.button(t.plain("Continue my order"), FormDo(draft=draft, do=do), style="primary")]]


def to_list(t: Translator, batch: int | None, lines: int) -> list[k.Row]:
    """The button that leads back to a mass order that was not confirmed; no row where there is none."""
    if batch is None or not lines:
        return []
    label = t.nplain("Continue my list: {n} line", "Continue my list: {n} lines", lines)
    return [[k.button(label, Mass(id=batch, do="look"), style="primary")]]


def form_closed(t: Translator) -> Html:
    """The form was thrown away."""
    return t.html("The form is closed. Nothing was ordered.")


def question_left(t: Translator) -> Html:
    """Something else than a form was left: nothing came of it."""
    return t.html("All right, never mind.")


def nothing_open(t: Translator) -> Html:
    """There was nothing to leave."""
    return t.html("Nothing is open. To cancel an order, open it with /orders.")


def not_understood(t: Translator) -> Html:
    """Something came that answers nothing."""
    return t.html("I did not get that. To order something, press New order; /help says what else I can do.")


def unknown_command(t: Translator) -> str:
    """A command nobody knows, or one that is not this person's."""
    return t.plain("I do not know this command. /help lists those I know.")


def out_of_date(t: Translator) -> str:
    """A button that means nothing any more."""
    return t.plain("This button is out of date. Send /start for the main menu.")


def too_fast(t: Translator, seconds: int) -> str:
    """More came at once than one person can mean; it was passed over."""
    return t.nplain(
        "Too fast, so nothing was done. Try again in {n} second.",
        "Too fast, so nothing was done. Try again in {n} seconds.",
        seconds,
    )
