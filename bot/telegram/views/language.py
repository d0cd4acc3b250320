"""The languages the bot speaks."""

from bot.i18n import Translations, Translator
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside


def languages(t: Translator, translations: Translations, *, chosen: str | None, draft: int | None) -> Screen:
    """Each by its own name, with a mark at what was chosen; None: what the client says."""
    spoken = [translations.get(locale) for locale in translations.locales]
    names = [(each.locale, each.language) for each in spoken]
    rows = [[_button(name, locale, marked=locale == chosen)] for locale, name in names]
    rows.append([_button(t.plain("As in my Telegram"), "", marked=chosen is None)])
    rows += [*aside.way_back(t, draft), k.home(t)]
    return Screen(t.html("<b>Language</b>\nWhich language shall I speak?"), rows)


def _button(name: str, locale: str, *, marked: bool) -> k.Button:
    return k.button(f"✓ {name}" if marked else name, cb.Language(locale=locale))
