"""Tickets in words: whatever is written fits a message of Telegram's, in every language, and is shown as typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.orders import Order
from bot.domain.people import User
from bot.domain.tickets import Enclosure, Ticket, TicketLine, TicketState
from bot.i18n import FSI, PDI, Translations, Translator
from bot.services import support as service
from bot.services.support import EARLIER, EARLIER_LENGTH, LAST_LINES, LONGEST_TEXT, Thread, WaitingPage
from bot.telegram.screens import LONGEST_CAPTION, Attachment, Screen
from bot.telegram.views import admin_support, news, support
from tests.telegram import samples
from tests.telegram.samples import NASTY, NOON

SPOKEN = Translations.load(Path(__file__).parents[2] / "locales", currency="USD", timezone=ZoneInfo("UTC"))
EN = SPOKEN.get("en")
in_every_language = pytest.mark.parametrize("t", [SPOKEN.get(code) for code in SPOKEN.locales], ids=SPOKEN.locales)
# Telegram's limits: of a message in UTF-16 units without its markup, of a button's data in bytes.
TEXT, DATA = 4096, 64
BIG = 2**63 - 1
# As long as each can be, in characters that count twice.
LONGEST, NAME, LINK = "😀" * LONGEST_TEXT, "😀" * 200, "😀" * 512

SNAPSHOT = replace(samples.SNAPSHOT, name=NAME)
ORDER = replace(
    samples.ORDER,
    id=BIG,
    panel="p" * 64,
    snapshot=SNAPSHOT,
    answers={"link": LINK, "quantity": 10**12},
    quantity=10**12,
    price=10**17,
    held=10**17,
    question=None,
)


def user(name: str = NAME) -> User:
    return User(2**52 - 1, name, "u" * 32, "en", None, False, NOON)


def thread(*texts: str, order: Order | None = ORDER, name: str = NAME, state: TicketState = TicketState.OPEN) -> Thread:
    """A thread in which both wrote in turn, the customer last."""
    ticket = Ticket(BIG, 2**52 - 1, None if order is None else order.id, state, NOON)
    lines = [
        TicketLine(BIG - at, 9001 if at % 2 else None, text, NOON + timedelta(minutes=-at))
        for at, text in reversed(list(enumerate(reversed(texts))))
    ]
    return Thread(user(name), order, ticket, tuple(lines), 12_345, {9001: name})


def told(found: Thread) -> Mapping[str, Any]:
    """The facts of its newest message, as they are frozen."""
    *earlier, newest = [
        {"admin": found.writer(line), "text": line.text, "at": line.at.isoformat()}
        for line in found.lines[-EARLIER - 1 :]
    ]
    cut = [{**line, "text": str(line["text"])[:EARLIER_LENGTH]} for line in earlier]
    return {**service.facts(found), "count": found.count, "line": BIG, "lines": [*cut, newest]}


def shown(screen: Screen) -> str:
    """What people see."""
    text = unescape(re.sub(r"</?[a-z][^<>]*>", "", screen.text))
    return text.replace(FSI, "").replace(PDI, "")


def check(screen: Screen) -> None:
    """What Telegram takes."""
    visible = unescape(re.sub(r"</?[a-z][^<>]*>", "", screen.text))
    assert len(visible.encode("utf-16-le")) // 2 <= TEXT
    for button in (button for row in screen.rows for button in row):
        assert button.text.strip()
        assert len((button.callback_data or "").encode()) <= DATA


def screens(t: Translator, texts: Sequence[str]) -> list[Screen]:
    """Everything a thread is shown in."""
    found = thread(*texts)
    problem = t.plain(support.ONLY_THESE)
    return [
        support.thread(t, found, draft=BIG, problem=t.plain(support.UNASKED)),
        support.closed(t, found, draft=BIG),
        admin_support.thread(t, found),
        admin_support.ask_answer(t, found, problem=problem),
        news.render(t, "ticket_message", told(found)),
    ]


@in_every_language
@pytest.mark.parametrize("text", [LONGEST, "&" * LONGEST_TEXT, "x " * (LONGEST_TEXT // 2), "\n".join("ab" * 250)])
def test_the_newest_message_is_whole_and_all_fits(t: Translator, text: str) -> None:
    """However long the thread, its order and its people's names are."""
    for texts in ([text], [text] * LAST_LINES, ["short"] * LAST_LINES + [text]):
        for screen in screens(t, texts):
            check(screen)
            assert text.strip() in shown(screen)


@in_every_language
@pytest.mark.parametrize("state", TicketState)
def test_every_state_has_words(t: Translator, state: TicketState) -> None:
    """For both, and none of them are the same."""
    others = [each for each in TicketState if each is not state]
    for mine, *theirs in zip(*(both(t, each) for each in (state, *others)), strict=True):
        check(mine)
        assert shown(mine) not in map(shown, theirs)


def both(t: Translator, state: TicketState) -> tuple[Screen, Screen]:
    """A thread in this state as its customer and as admins see it."""
    found = thread("one", state=state)
    return support.thread(t, found, draft=None), admin_support.thread(t, found)


@in_every_language
@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("ticket_answer", {"ticket": BIG, "number": BIG, "text": LONGEST}),
        ("ticket_answer", {"ticket": 1, "number": 0, "text": NASTY}),
        ("ticket_closed", {"ticket": BIG, "number": BIG}),
        ("ticket_closed", {"ticket": 1, "number": 0}),
        *(
            ("ticket_news", {"ticket": BIG, "number": 7, "did": did, "by": NAME, "customer": NAME, "text": NASTY})
            for did in admin_support.DONE
        ),
    ],
)
def test_news_are_said_in_every_language(t: Translator, kind: str, facts: Mapping[str, Any]) -> None:
    """Every placeholder is filled, and what was written comes through as typed."""
    screen = news.render(t, kind, facts)
    check(screen)
    assert not re.search(r"\{\w*\}", screen.text)
    assert str(facts.get("text", "")) in shown(screen)


@in_every_language
@pytest.mark.parametrize("enclosure", [Enclosure("photo", "AgAC"), Enclosure("document", "BQAC", "😀" * 60)])
def test_what_stands_below_a_photo_fits_there(t: Translator, enclosure: Enclosure) -> None:
    """Whose it is and what it is about come first, then as much of the words as Telegram takes below a file."""
    found = thread("before", LONGEST)
    facts = {**told(found), "enclosure": asdict(enclosure)}
    facts["lines"][-1]["enclosure"] = facts["enclosure"]
    answer = {"ticket": BIG, "number": BIG, "text": LONGEST, "enclosure": facts["enclosure"]}
    for screen in (news.render(t, "ticket_message", facts), news.render(t, "ticket_answer", answer)):
        visible = unescape(re.sub(r"</?[a-z][^<>]*>", "", screen.text))
        assert len(visible.encode("utf-16-le")) // 2 <= LONGEST_CAPTION
        assert visible.count("😀") > 100
        assert screen.attachment == Attachment(enclosure.kind, file=enclosure.file)


def test_others_words_are_not_markup() -> None:
    """A name, a link or a message never becomes HTML, and is told apart by who wrote it."""
    found = thread(NASTY, NASTY, name=NASTY, order=None)
    for screen in (admin_support.thread(EN, found), news.render(EN, "ticket_message", told(found))):
        assert "<b>Tom" not in screen.text
        assert shown(screen).count(NASTY) == 5
        assert f"↩️ {NASTY} · " in shown(screen)
    hers = support.thread(EN, found, draft=None)
    assert "The shop · " in shown(hers)
    assert shown(hers).count(NASTY) == 2


def test_a_list_of_who_waits() -> None:
    """Each with their ticket, the order and the name; nobody at all is said too."""
    page = WaitingPage([(thread("one").begun, NAME), (thread("two", order=None).begun, NASTY)], 2, 0, 1)
    screen = admin_support.listing(EN, page)
    check(screen)
    assert "2 customers wait" in shown(screen)
    assert [len(row) for row in screen.rows] == [1, 1]
    assert admin_support.listing(EN, WaitingPage([], 0, 0, 1)).rows == ()
