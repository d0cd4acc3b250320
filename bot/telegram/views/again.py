"""What one did before, as buttons: the order once more, the last answers and services, favourites."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.catalog import Service
from bot.i18n import Translator
from bot.services.again import Recent
from bot.services.shelf import Shelf
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside
from bot.telegram.views.browse import with_price

PAGE = 8
# A link is known by its end; its beginning is the same for all.
LINK_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person when a question is asked: their last answers to it, and whether the service is a
    favourite of theirs; None where its card is not shown."""

    recent: Sequence[Recent] = ()
    favourite: bool | None = None


def again_button(t: Translator, number: int) -> k.Button:
    """Order the same again."""
    return k.button(t.plain("Order again"), cb.Again(id=number), style="primary")


def recent_rows(t: Translator, draft: int, field: str, recent: Sequence[Recent]) -> list[k.Row]:
    """The last answers to this question."""
    return [
        [k.button(t.plain("{answer}", answer=_end(each.answer)), cb.Recent(draft=draft, field=field, order=each.order))]
        for each in recent
    ]


def _end(answer: str) -> str:
    bare = answer.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare if len(bare) <= LINK_LENGTH else f"…{bare[-LINK_LENGTH + 1 :]}"


def star(t: Translator, draft: int, service: int, *, marked: bool) -> k.Button:
    """Make it a favourite, or no more."""
    label = t.plain("★ Favourite") if marked else t.plain("☆ Favourite")
    return k.button(label, cb.Favourite(service=service, on=not marked, draft=draft))


def marked(t: Translator, *, on: bool) -> str:
    """What a press on the star did."""
    return t.plain("It is a favourite now: /favourites") if on else t.plain("It is no favourite any more.")


def service_rows(t: Translator, shelf: Shelf, found: Sequence[Service]) -> list[k.Row]:
    """Services, each with its price."""
    return [[k.button(with_price(t, shelf, each), cb.Service(id=each.id))] for each in found]


def favourites(t: Translator, shelf: Shelf, found: Sequence[Service], *, page: int, draft: int | None) -> Screen:
    """One's favourites, a page of them."""
    end = [*aside.way_back(t, draft), [k.button(t.plain("New order"), cb.Go(to="order")), *k.home(t)]]
    if not found:
        text = t.html("<b>Favourites</b>\nNothing is marked yet. Press ☆ on a service to find it here again.")
        return Screen(text, end)
    shown, page, pages = k.page_of(found, page, PAGE)
    rows = service_rows(t, shelf, shown) + k.paging(t, page, pages, lambda to: cb.Favourites(page=to))
    return Screen(t.html("<b>Favourites</b>\nChoose a service"), [*rows, *end])
