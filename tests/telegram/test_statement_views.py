"""The statement and the terms as Telegram has to take them: the longest of everything, in both directions."""

import re
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from bot.domain.ledger import Movement, StatementLine, TransferKind
from bot.i18n import FSI, PDI, Translations, Translator
from bot.services.statements import MOST_LINES, PAGE, StatementPage
from bot.settings_values import LONGEST_TEXT
from bot.telegram.screens import Screen
from bot.telegram.views import statement, terms
from bot.telegram.views.wallet import KINDS

SPOKEN = Translations.from_catalogs([Catalog(locale="ar")], currency="USD", timezone=ZoneInfo("UTC"))
EN, AR = SPOKEN.get("en"), SPOKEN.get("ar")
in_both = pytest.mark.parametrize("t", [EN, AR], ids=["en", "ar"])
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
# Telegram's limits: of a message and of a caption, in characters; of a button's data, in bytes.
TEXT, CAPTION, DATA = 4096, 1024, 64


def shown(screen: Screen) -> str:
    """A screen's text as it is seen: without tags and marks of direction."""
    return unescape(re.sub(r"<[^>]*>", "", screen.text)).replace(FSI, "").replace(PDI, "")


def check(screen: Screen) -> list[str]:
    """What Telegram takes of any screen; the buttons' labels."""
    assert len(shown(screen)) <= (TEXT if screen.attachment is None else CAPTION)
    buttons = [button for row in screen.rows for button in row]
    assert all(len((button.callback_data or "").encode()) <= DATA for button in buttons)
    return [button.text for button in buttons]


def test_every_kind_of_movement_has_words_of_its_own() -> None:
    assert set(KINDS) == set(TransferKind)
    assert len(set(KINDS.values())) == len(KINDS)


@in_both
def test_a_page_with_long_reasons_fits_one_message(t: Translator) -> None:
    long = StatementLine(Movement(NOON, TransferKind.CREDIT, 10**12 + 1, 12345, "&" * 3000), -(10**15) - 1)
    labels = check(statement.statement(t, StatementPage((long,) * PAGE, 999_998, 10**6, -(10**15)), draft=5))
    assert {"‹ Previous", "Next ›", "As a file (CSV)", "Continue my order", "Wallet", "Main menu"} == set(labels)


def test_a_file_that_may_lack_the_oldest_lines_says_so() -> None:
    screen = statement.file(EN, b"x", count=MOST_LINES)
    assert check(screen) == ["Back"]
    assert shown(screen).splitlines() == [
        "Statement: 50,000 movements.",
        "These are the newest; ask the shop for older ones.",
    ]
    assert "newest" not in statement.file(EN, b"x", count=MOST_LINES - 1).text


@in_both
def test_a_file_has_no_marks_of_direction(t: Translator) -> None:
    sheet = statement.Sheet(t, currency="USD", timezone=ZoneInfo("Asia/Tokyo"))
    sheet.add([StatementLine(Movement(NOON, TransferKind.HOLD, -1, 7, "\u202e=1"), 5)])
    assert sheet.data.decode("utf-8-sig").splitlines() == [
        "Date (Asia/Tokyo),What,Order number,Reason,Amount,Balance after it,Currency",
        "2026-03-01 21:00:00,Set aside for order #7,7,'=1,-0.0001,0.0005,USD",
    ]


@in_both
def test_the_owners_words_fit_however_long_they_are(t: Translator) -> None:
    own = "&" * LONGEST_TEXT
    for screen in (
        terms.terms(t, own, support=None, draft=5),
        terms.paysupport(t, own, stars=True, contact=None, support=None, draft=5),
    ):
        assert {"Continue my order", "Ask the shop", "Main menu"} == set(check(screen))
        assert own in shown(screen)
