"""What a customer sees of a screen, in English and in a language that reads from the right; sample orders to show."""

import re
from dataclasses import replace
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from bot.domain.orders import ENDED, Order, OrderState, Reason
from bot.i18n import FSI, PDI, Translations
from bot.telegram.screens import Screen
from tests.colours import wrong_colours
from tests.telegram import samples
from tests.telegram.samples import NOON

LINK = "https://example.com/?a=1&b=<2>"
# Telegram's limits: of a message, in characters; of a button's data, in bytes.
TEXT, DATA = 4096, 64

ARABIC = Catalog(locale="ar")
ARABIC.add("<b>{order} · {status}</b>", "<b>الطلب {order} · {status}</b>")
ARABIC.add("Remains: {remains}", "المتبقي: {remains}")
SPOKEN = Translations.from_catalogs([ARABIC], currency="USD", timezone=ZoneInfo("UTC"))
EN, AR = SPOKEN.get("en"), SPOKEN.get("ar")
in_both = pytest.mark.parametrize("t", [EN, AR], ids=["en", "ar"])

SNAPSHOT = replace(samples.SNAPSHOT, panel_service="90210")
ORDER = replace(
    samples.ORDER,
    id=12345,
    panel="topsecretpanel",
    snapshot=SNAPSHOT,
    state=OrderState.WAITING,
    question=None,
    panel_order="8675309",
)
OPEN = [replace(ORDER, state=state) for state in OrderState if state not in ENDED]


def settled(state: OrderState, *, refunded: int, reason: Reason | None = None) -> Order:
    """An order that has ended, its hold taken apart."""
    captured = ORDER.price - refunded
    return replace(ORDER, state=state, reason=reason, held=0, captured=captured, refunded=refunded, ended_at=NOON)


def shown(text: str) -> str:
    """A text as it is seen: without tags and marks of direction."""
    bare = unescape(re.sub(r"<[^>]*>", "", text))
    return bare.replace(FSI, "").replace(PDI, "")


def labels(screen: Screen) -> list[str]:
    return [button.text.replace(FSI, "").replace(PDI, "") for row in screen.rows for button in row]


def data(screen: Screen) -> list[str]:
    return [button.callback_data for row in screen.rows for button in row if button.callback_data is not None]


def check(screen: Screen) -> None:
    """What Telegram takes of any screen."""
    assert len(shown(screen.text)) <= TEXT
    assert all(label.strip() for label in labels(screen))
    assert wrong_colours((each.text, each.callback_data, each.style) for row in screen.rows for each in row) == []
    assert all(len(each.encode()) <= DATA for each in data(screen))
