"""What is answered from memory, in a large catalogue: searches, a pasted link, a page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardMarkup
from rapidfuzz import fuzz, process

from benchmarks.timing import Row, side_by_side
from bot.domain.catalog import Service
from bot.domain.places import Verdict, fits, recognise
from bot.i18n import Translations
from bot.services.finding import answering, indexes_of, quest_in
from bot.services.shelf import Shelf, stock
from bot.telegram.views import browse
from tests.domain.many_services import many_services

LINK = "https://www.instagram.com/p/Cabc123/"
SUBSTRINGS, FUZZY = "every name read for the words", "every name compared by rapidfuzz"
SEARCHES = {
    "instagram followers": SUBSTRINGS,
    "instgram folowers": FUZZY,
    "inst fol": SUBSTRINGS,
    "1000 instagram followers": SUBSTRINGS,
    "подписчики телеграм": SUBSTRINGS,
}


def shelf_of(services: Sequence[Service]) -> Shelf:
    """A shelf with these services, ready to be searched."""
    numbers = count(1)
    categories: dict[str, int] = {}
    offers = [(each, categories.setdefault(each.category, next(numbers))) for each in services]
    index, links = indexes_of(services)
    return replace(stock(offers, {"main": Decimal(1)}, Decimal(30)), index=index, links=links)


def measure(size: int, times: int) -> Iterator[Row]:
    """A row for each thing that is asked of a catalogue of so many services."""
    shelf = shelf_of(many_services(size))
    names = [service.name.casefold() for service in shelf.services.values()]
    for words, beside in SEARCHES.items():
        plain = _read if beside is SUBSTRINGS else _compared
        search = partial(answering, shelf, quest_in(words))
        yield side_by_side(f"search: {words}", search, beside, partial(plain, names, words), times=times)
    link = partial(answering, shelf, quest_in(LINK))
    yield side_by_side("a pasted link", link, "every service judged", partial(_judged, shelf), times=times)
    yield side_by_side("a page of a category", *_page(shelf), times=times)


def _read(names: Sequence[str], words: str) -> list[str]:
    wanted = words.split()
    return [name for name in names if all(word in name for word in wanted)]


def _compared(names: Sequence[str], words: str) -> object:
    return process.extract(words, names, scorer=fuzz.token_set_ratio, limit=50)


def _judged(shelf: Shelf) -> list[Service]:
    place = recognise(LINK)
    return [each for each in shelf.services.values() if place and fits(place, each).verdict is Verdict.YES]


def _page(shelf: Shelf) -> tuple[Callable[[], object], str, Callable[[], object]]:
    """The largest category's first page, and its keyboard alone."""
    t = Translations.from_catalogs([], currency="USD", timezone=ZoneInfo("UTC")).get("en")
    category = max(shelf.categories.values(), key=lambda each: len(each.services))
    drawn = browse.services(t, shelf, category, page=0)
    labels = [[(button.text, button.callback_data) for button in row] for row in drawn.rows]

    def keyboard() -> InlineKeyboardMarkup:
        rows = [[{"text": text, "callback_data": data} for text, data in row] for row in labels]
        return InlineKeyboardMarkup.model_validate({"inline_keyboard": rows})

    return lambda: browse.services(t, shelf, category, page=0).markup, "its keyboard alone", keyboard
