"""Texts in the reader's language, and numbers, money and times as that language writes them.

The English texts in the code are the gettext ids; ``locales/<locale>/LC_MESSAGES/bot.po`` has the others,
and what a catalogue lacks is shown in English. This is the one place that escapes text for Telegram's HTML
and that formats money. A right-to-left sentence isolates what it quotes, so that a link or a name in another
script cannot turn the words around it.
"""

import gettext
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Self

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_group_symbol

SOURCE_LOCALE = "en"

FSI, LRI, PDI, PDF, LRM, RLM = "\u2068", "\u2066", "\u2069", "\u202c", "\u200e", "\u200f"
CLOSERS = dict.fromkeys("\u2066\u2067\u2068", PDI) | dict.fromkeys("\u202a\u202b\u202d\u202e", PDF)

# The usual 28 digits are too few for a panel's rate, which may have 18 before the point and 24 behind it.
MOST_DIGITS = 100

# What CLDR calls a language as its own speakers do not: it names the country.
OWN_NAMES = {"id": "Bahasa Indonesia"}

# CLDR wants a space there, as in "KWD 1.250", and Babel leaves it out.
BETWEEN_LETTER_AND_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


# Letters that are written from the right: Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

# What stands in <code> is there to be copied: the marks that isolate it go around it.
_COPIED = re.compile(f"<code>{FSI}([^{FSI}{PDI}]*){PDI}</code>")


class Html(str):
    """Text that is HTML already: it is shown as it is, never escaped again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` ten-thousandths of ``currency``, which is the shop's where it is None."""

    amount: int
    currency: str | None = None


# A language, and its texts.
Spoken = tuple[Locale, gettext.NullTranslations]

Argument = str | int | Decimal | Money | datetime | date | timedelta


def mark(msgid: str) -> str:
    """Return ``msgid``: it marks a text in a table for translation where the table is shown."""
    return msgid


def nmark(singular: str, plural: str) -> tuple[str, str]:
    """Return both: ``mark`` for a text with a number in it."""
    return singular, plural


def escape(text: str) -> Html:
    """Return ``text`` as Telegram's HTML, which knows no other named entities than these four."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return Html(escaped)


def join(separator: str, parts: Iterable[Html]) -> Html:
    """Put ``parts`` together; ``separator`` is taken as HTML."""
    return Html(separator.join(parts))


class Translator:
    """Speaks one language; see ``Translations.get``.

    Texts have named placeholders, as for ``str.format``. What goes into one is written by its type: ``str``
    is escaped (in HTML), ``Html`` goes in as it is, numbers, ``Money``, spans of time, dates and times (which must know
    their time zone, and are shown in the shop's) as the language writes them. Else it is a ``TypeError``.
    """

    def __init__(self, locale: Locale, texts: gettext.NullTranslations, *, currency: str, timezone: tzinfo) -> None:
        self._babel = locale
        self._currency = currency
        self._timezone = timezone
        self._texts = texts
        self._group, self._grouped = _grouping(locale)
        self.locale = str(self._babel)
        self.default = self.locale
        """The language of who speaks none of the shop's."""
        self.rtl = self._babel.text_direction == "rtl"
        name = OWN_NAMES.get(self.locale) or self._babel.get_display_name() or self.locale
        self.language = name[:1].upper() + name[1:]
        """The language's name in itself, for a list of languages."""

    def html(self, msgid: str, /, **arguments: Argument) -> Html:
        """Return the text of a message; ``msgid`` may have tags."""
        return self._html(self._texts.gettext(msgid), arguments)

    def nhtml(self, singular: str, plural: str, n: int, /, **arguments: Argument) -> Html:
        """As ``html``, in the form that ``n`` things take; ``n`` is a placeholder too."""
        return self._html(self._texts.ngettext(singular, plural, n), {**arguments, "n": n})

    def plain(self, msgid: str, /, **arguments: Argument) -> str:
        """Return the text of a button or an alert, which know no HTML."""
        return self._plain(self._texts.gettext(msgid), arguments)

    def nplain(self, singular: str, plural: str, n: int, /, **arguments: Argument) -> str:
        """As ``plain``, in the form that ``n`` things take; ``n`` is a placeholder too."""
        return self._plain(self._texts.ngettext(singular, plural, n), {**arguments, "n": n})

    def chosen(self, texts: Mapping[str, str]) -> str | None:
        """Return the text in this language, or else the one for everybody; None where there is neither."""
        language = self._babel.language
        return next((texts[key] for key in (self.locale, language, "") if key in texts), None)

    def any_of(self, texts: Mapping[str, str]) -> str:
        """Return the text as ``chosen``, else in the default language, or any: for what nobody can do without.

        The empty text where there is none at all.
        """
        wanted = (self.default, self.default.partition("_")[0], *texts)
        return self.chosen(texts) or next((texts[key] for key in wanted if key in texts), "")

    def number(self, number: int | Decimal) -> str:
        """Return ``number`` with all its decimals."""
        with localcontext(prec=MOST_DIGITS):
            written: str = format_decimal(number, locale=self._babel, decimal_quantization=False)
        return written

    def ungrouped(self, typed: str) -> str:
        """Return a whole number without the marks that this language sets between its digits; other text as it is."""
        return typed.replace(self._group, "") if self._grouped.fullmatch(typed) else typed

    def money(self, amount: int, currency: str | None = None) -> str:
        """Return ``amount`` ten-thousandths with the currency's digits, and more where they are not zero."""
        value = Decimal(amount).scaleb(-4).normalize()
        code = currency or self._currency
        written = format_currency(value, code, locale=self._babel, decimal_quantization=False)
        written = BETWEEN_LETTER_AND_DIGIT.sub("\N{NO-BREAK SPACE}", written)
        # "US$" ends in a sign without a direction: in right-to-left text it would wander to the left of its letters.
        return f"{written}{LRM}" if self.rtl and not written[-1].isalnum() else written

    def _html(self, template: str, arguments: Mapping[str, Argument]) -> Html:
        shown = {
            name: value if isinstance(value, Html) else escape(self._written(value))
            for name, value in arguments.items()
        }
        return Html(_COPIED.sub(rf"{FSI}<code>\1</code>{PDI}", template.format_map(shown)))

    def _plain(self, template: str, arguments: Mapping[str, Argument]) -> str:
        if any(isinstance(value, Html) for value in arguments.values()):
            raise TypeError("HTML has no place in a plain text: its tags and entities would show")
        return template.format_map({name: self._written(value) for name, value in arguments.items()})

    def _written(self, value: Argument) -> str:
        if isinstance(value, bool):
            raise TypeError("a truth value is no text")
        match value:
            case str():
                # In an Arabic name the words around it would take part, in a text that reads from the left too.
                return f"{FSI}{_closed(value)}{PDI}" if self.rtl or _FROM_THE_RIGHT.search(value) else _closed(value)
            case int() | Decimal():
                # A bare number must touch its neighbours, or "5%" would be read as "%5"; a sign would wander.
                return self.number(value) if value >= 0 else self._isolated(self.number(value))
            case Money():
                return self._isolated(self.money(value.amount, value.currency))
            case timedelta():
                return self._isolated(format_timedelta(value, granularity="minute", threshold=1.5, locale=self._babel))
            case datetime():
                return self._isolated(self._moment(value))
            case date():
                return self._isolated(_without_commands(format_date(value, "medium", locale=self._babel)))
        raise TypeError(f"no way to write {type(value).__name__} in a text")

    def _moment(self, moment: datetime) -> str:
        if moment.tzinfo is None:
            raise TypeError("a time without its time zone cannot be shown")
        return _without_commands(format_datetime(moment, "short", tzinfo=self._timezone, locale=self._babel))

    def _isolated(self, text: str) -> str:
        return f"{FSI}{text}{PDI}" if self.rtl else text


class Translations:
    """The languages the shop speaks: a ``Translator`` for each."""

    def __init__(self, translators: Iterable[Translator], default: str) -> None:
        self._by_locale = {translator.locale.lower(): translator for translator in translators}
        speaker = self._find(default)
        if speaker is None:
            known = ", ".join(self.locales)
            raise LookupError(f"DEFAULT_LOCALE: there is no translation '{default}'; there are {known}")
        self._default = speaker
        for translator in self._by_locale.values():
            translator.default = speaker.locale

    @classmethod
    def load(cls, locales_dir: Path, *, currency: str, timezone: tzinfo, default: str = SOURCE_LOCALE) -> Self:
        """Read every ``<locale>/LC_MESSAGES/bot.po`` under ``locales_dir``; English needs none.

        Raises ``LookupError`` where ``default`` is not among them.
        """
        files = sorted(locales_dir.glob("*/LC_MESSAGES/bot.po"))
        spoken = [_compiled(Catalog(locale=SOURCE_LOCALE)), *(_read(each, each.stat().st_mtime_ns) for each in files)]
        return cls._speaking(spoken, currency=currency, timezone=timezone, default=default)

    @classmethod
    def from_catalogs(
        cls, catalogs: Iterable[Catalog], *, currency: str, timezone: tzinfo, default: str = SOURCE_LOCALE
    ) -> Self:
        """Speak English and the languages of ``catalogs``, each of which names its locale."""
        spoken = [_compiled(each) for each in (Catalog(locale=SOURCE_LOCALE), *catalogs)]
        return cls._speaking(spoken, currency=currency, timezone=timezone, default=default)

    @classmethod
    def _speaking(cls, spoken: Iterable[Spoken], *, currency: str, timezone: tzinfo, default: str) -> Self:
        return cls((Translator(*each, currency=currency, timezone=timezone) for each in spoken), default)

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales' codes, English first."""
        return tuple(translator.locale for translator in self._by_locale.values())

    def get(self, locale: str | None) -> Translator:
        """Return who speaks ``locale`` (as Telegram or a user row gives it: ``pt-br``), or the next best.

        That is the language itself, then the same language of another country, and at last the default.
        """
        return self._find(locale or "") or self._default

    def _find(self, locale: str) -> Translator | None:
        code = locale.lower().replace("-", "_")
        language = code.partition("_")[0]
        while code and code not in self._by_locale:
            code = code.rpartition("_")[0]
        kin = (each for known, each in self._by_locale.items() if known.partition("_")[0] == language)
        return self._by_locale.get(code) or next(kin, None)


@cache
def _read(file: Path, changed: int) -> Spoken:
    """A catalogue, which takes a tenth of a second: a shop that is opened again in one process need not read it anew.
    ``changed`` is when the file was, so that it is read again after that.
    """
    with file.open("rb") as opened:
        return _compiled(read_po(opened, locale=file.parent.parent.name, domain="bot"))


def _compiled(catalog: Catalog) -> Spoken:
    if catalog.locale is None:
        raise ValueError("a catalogue must name its locale")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return catalog.locale, gettext.GNUTranslations(compiled)


def _without_commands(date: str) -> str:
    """A date in whose slashes Telegram sees no commands: after the mark that Arabic puts before them it would."""
    return date.replace(f"{RLM}/", "/")


def _grouping(locale: Locale) -> tuple[str, re.Pattern[str]]:
    """The mark between groups of digits, and what a whole number with such marks looks like: 10.000 or 1,00,000."""
    first, others = locale.decimal_formats[None].grouping
    mark = get_group_symbol(locale)
    between = re.escape(mark)
    left = f"[1-9][0-9]{{0,{others - 1}}}"
    return mark, re.compile(f"{left}(?:{between}[0-9]{{{others}}})*{between}[0-9]{{{first}}}")


def _closed(text: str) -> str:
    """End every direction that ``text`` begins, and no other, so that its surroundings keep theirs."""
    if text.isascii():
        return text
    kept: list[str] = []
    open_: list[str] = []
    for character in text:
        if character in CLOSERS:
            open_.append(CLOSERS[character])
        elif character in {PDI, PDF}:
            if not open_ or open_[-1] != character:
                continue
            open_.pop()
        kept.append(character)
    return "".join([*kept, *reversed(open_)])
