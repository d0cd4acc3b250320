"""Every button there is, read off the shop's own code, and a changed client that sends what it likes instead."""

import inspect
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from aiogram import Router
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter

from bot.domain.forms import FORMS
from bot.telegram import callbacks as cb
from bot.telegram.routers import admin
from tests.services.stage import ALPHA

# What only Anna, her orders and her drafts have.
MARK = "annas-own"
Kind = type[CallbackData]


def _kinds() -> dict[str, Kind]:
    """Every kind of button."""
    found = (each for each in vars(cb).values() if isinstance(each, type) and issubclass(each, CallbackData))
    return {each.__name__: each for each in found if each is not CallbackData}


KINDS = _kinds()


def handled_by(router: Router) -> set[Kind]:
    """The kinds of buttons that a router or one below it answers to."""
    filters = [each.callback for handler in router.callback_query.handlers for each in handler.filters or ()]
    own = {each.callback_data for each in filters if isinstance(each, CallbackQueryFilter)}
    return own.union(*(handled_by(below) for below in router.sub_routers))


ADMIN_KINDS = sorted(handled_by(admin.router), key=lambda kind: kind.__name__)


# A button as the shop makes it: its kind, and what it says.
_MADE = re.compile(r"\bcb\.(?P<kind>\w+)\([^()]*(?:\([^()]*\)[^()]*)*?\b(?:do|to|by)=\"(?P<word>\w+)\"")
_WORD = re.compile(r"[a-z_]+")


@cache
def _sources() -> str:
    folder = Path(inspect.getfile(cb)).parent
    return "\n".join(file.read_text() for file in sorted(folder.rglob("*.py")))


@cache
def wishes(kind: Kind) -> tuple[str, ...]:
    """What a kind of button can say: what the shop makes it say, and what its description and the shop's code share."""
    made = {found["word"] for found in _MADE.finditer(_sources()) if found["kind"] == kind.__name__}
    quoted = set(re.findall(r'"([a-z_]+)"', _sources()))
    return tuple(sorted(made | (set(_WORD.findall(kind.__doc__ or "")) & quoted)))


FIELDS = sorted({field.name for form in FORMS.values() for field in form.fields})
WORDS = (
    *FIELDS,
    ALPHA,
    "en",
    "Instagram",
    "stars",
    "transfer",
    MARK,
    "1",
    "0",
    "",
    "'; DROP TABLE orders; --",
    "{link}",
)
NUMBERS = ("0", "-1", "1e3", "٣", "1.0", "0x1", " 1", "+1", str(2**63 - 1), str(2**63), "9" * 30, "NaN", "None", "")
STRANGE = (
    " ",
    ":",
    "::::::::",
    "\x00",
    "a" * 64,
    "ё" * 32,
    "😀" * 16,
    '{"id": 1}',
    "d:*:refund:1:",
    "o:1:show:extra",
    "<b>",
)


class Forger:
    """Makes callback data: right in form and foreign in content, old, cut, altered, or none of the shop's.

    ``ids`` are those of somebody else's rows and of the presser's own.
    """

    def __init__(self, seed: int, ids: Sequence[int]) -> None:
        self.random = random.Random(seed)
        self.ids = [str(number) for number in ids]
        self.kinds = list(KINDS.values())

    def payload(self) -> str:
        """The next one; at most 64 bytes, as Telegram passes on."""
        data = self._shaped() if self.random.random() < 0.85 else self._strange()
        return data.encode()[:64].decode(errors="ignore") or " "

    def _shaped(self) -> str:
        """As a kind of button has it; now and then with a part too many or too few, or with a letter changed."""
        kind = self.random.choice(self.kinds)
        said = wishes(kind)
        parts = [self._part(field.annotation, said) for field in kind.model_fields.values()]
        if self.random.random() < 0.1:
            parts = [*parts, self._part(int, said)] if self.random.random() < 0.5 else parts[:-1]
        data = ":".join([kind.__prefix__, *parts])
        return self._altered(data) if self.random.random() < 0.15 else data

    def _part(self, type_: object, said: Sequence[str]) -> str:
        if self.random.random() < 0.07:
            return self.random.choice(NUMBERS)
        if type_ is bool:
            return self.random.choice("01")
        if type_ is int:
            return self.random.choice(self.ids)
        return self.random.choice(said if said and self.random.random() < 0.7 else WORDS)

    def _altered(self, data: str) -> str:
        at = self.random.randrange(len(data))
        other = chr(self.random.choice([0, 9, 10, 32, 58, 127, 0x202E, 0x1F600, self.random.randrange(33, 0x2000)]))
        return self.random.choice([data[:at], data[:at] + other + data[at + 1 :], data + data, data[::-1]])

    def _strange(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(STRANGE)
        length = self.random.randint(1, 64)
        return "".join(chr(self.random.randrange(1, 0xD7FF)) for _ in range(length))
