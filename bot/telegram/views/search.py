"""Finding services by words."""

from collections.abc import Sequence

from bot.domain.catalog import Service
from bot.domain.texts import cut
from bot.i18n import Translator
from bot.services.finding import Quest
from bot.services.shelf import Shelf
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside, browse
from bot.telegram.views.orders import ask_button

# Of what was typed, so many characters are repeated above what was found.
SHOWN_LENGTH = 60


def asking(t: Translator, *, draft: int | None) -> Screen:
    """Ask what is looked for."""
    text = t.html(
        "<b>What are you looking for?</b>\n"
        "Write it in your own words, like <code>tiktok views</code>, or send the link that you order for."
    )
    return Screen(text, [*aside.way_back(t, draft), k.home(t)])


def results(
    t: Translator, shelf: Shelf, quest: Quest, found: Sequence[Service], *, page: int, draft: int | None
) -> Screen:
    """A page of what was found."""
    text = t.html("🔍 <b>{query}</b>\nChoose a service, or write other words.", query=_shown(quest.text))
    rows = browse.found_rows(t, shelf, found, quest.mark, page, mixed=True)
    return Screen(text, [*rows, *aside.way_back(t, draft), k.home(t)])


def nothing(t: Translator, quest: Quest, *, draft: int | None, support: str | None) -> Screen:
    """Nothing was found. ``support``: the address of the shop's people, if it has one."""
    text = t.html(
        "🔍 <b>{query}</b>\nI found nothing like it. Write fewer or other words, or choose from the list.",
        query=_shown(quest.text),
    )
    new = k.button(t.plain("New order"), cb.Go(to="order"), style="primary")
    return Screen(text, [*aside.way_back(t, draft), [new, ask_button(t, 0, support)], k.home(t)])


def over(t: Translator) -> str:
    """What was found is not known any more."""
    return t.plain("This search is over. Write again what you are looking for.")


def _shown(text: str) -> str:
    return cut(text, SHOWN_LENGTH)
