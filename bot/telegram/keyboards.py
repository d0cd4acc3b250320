"""Buttons and rows. ``InlineKeyboardMarkup`` is built directly: the builder deep-copies, 1 ms for 8 buttons."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.domain.texts import cut
from bot.i18n import Translator
from bot.telegram.callbacks import Go

Button = InlineKeyboardButton
Row = list[InlineKeyboardButton]
T = TypeVar("T")
Style = Literal["primary", "success", "danger"]

# A phone shows about so many characters of a full-width button; Telegram cuts longer ones anywhere.
LABEL_LENGTH = 60
# …and of one of three in a row so many.
SHORT_LABEL = 13


def button(text: str, data: CallbackData, *, style: Style | None = None) -> Button:
    """A button that sends ``data``; Telegram colours it by ``style``.

    Green (success) confirms; red (danger) destroys: it throws a form or a list away, cancels an order, gives money
    back. Blue (primary) is the one thing that most will want next.
    """
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def link(text: str, url: str) -> Button:
    """A button that opens ``url``."""
    return InlineKeyboardButton(text=text, url=url)


def label(text: str) -> str:
    """``text`` cut at a word to fit a button."""
    return cut(text, LABEL_LENGTH)


def grid(buttons: Sequence[Button]) -> list[Row]:
    """Short buttons three a row, longer ones two: a phone cuts what does not fit."""
    width = 3 if all(len(each.text) <= SHORT_LABEL for each in buttons) else 2
    return [list(buttons[i : i + width]) for i in range(0, len(buttons), width)]


def back(t: Translator, data: CallbackData) -> Row:
    """The way back."""
    return [button(t.plain("Back"), data)]


def home(t: Translator) -> Row:
    """The way to the start."""
    return [button(t.plain("Main menu"), Go(to="home"))]


def paging(t: Translator, page: int, pages: int, to: Callable[[int], CallbackData]) -> list[Row]:
    """The row that leafs through a list; none where there is one page. Only these labels have ‹ and ›."""
    if pages <= 1:
        return []
    row: Row = []
    if page > 0:
        row.append(button(t.plain("‹ Previous"), to(page - 1)))
    if page < pages - 1:
        row.append(button(t.plain("Next ›"), to(page + 1)))
    return [row[::-1] if t.rtl else row]  # forward is to the left there


def page_of(items: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """The items of a page, the page that is really there, and how many there are."""
    pages = max(-(-len(items) // size), 1)
    page = min(max(page, 0), pages - 1)
    return items[page * size : (page + 1) * size], page, pages
