"""What customers read of services: every price in a list, on a card what the shop measured; pages turn as one reads."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.catalog import Service, ServiceType
from bot.i18n import Translator
from bot.services.shelf import Shelf, stock
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import again, browse, inline
from tests.telegram.seen import AR, EN, in_both, labels, shown

SERVICE = Service(
    id=7,
    panel="alpha",
    panel_service="90210",
    name="Instagram followers | Real and active people | From Brazil | 30 days refill | 5K a day",
    type=ServiceType.DEFAULT,
    category="Instagram Followers",
    rate=Decimal("1234.5678"),
    minimum=10,
    maximum=500,
    refill=True,
    cancel=True,
    dripfeed=None,
    description="",
)
SHORT = replace(SERVICE, id=8, name="Likes")


def shelf(*services: Service, usual: timedelta | None = None) -> Shelf:
    """A shelf with these services, in one category."""
    stocked = stock([(service, 1) for service in services], {"alpha": Decimal(1)}, Decimal(30))
    return stocked if usual is None else replace(stocked, usual={service.id: usual for service in services})


@in_both
def test_a_price_is_never_cut_off_its_button(t: Translator) -> None:
    """A name is as long as the price leaves it room, in every list of services."""
    sold = shelf(SERVICE, SHORT)
    price = shown(t.money(sold.listed_price(SERVICE)))
    lists = [
        browse.services(t, sold, sold.categories[1], page=0).rows,
        browse.found_rows(t, sold, [SERVICE, SHORT], 1, 0),
        again.favourites(t, sold, [SERVICE, SHORT], page=0, draft=None).rows,
        browse.entrance(t, sold, [SERVICE, SHORT]).rows[1:],
    ]
    for rows in lists:
        long, short = labels(Screen(browse.leads_nowhere(t), rows))[:2]
        assert long.startswith("Instagram followers | Real")
        assert long.endswith(price)
        assert "… · " in long
        assert len(long) <= k.LABEL_LENGTH
        assert short.startswith("Likes · ")


@in_both
def test_forward_is_where_the_language_reads_to(t: Translator) -> None:
    """Right-to-left readers leaf to the left."""
    [row] = k.paging(t, 1, 3, lambda page: cb.Orders(page=page))
    pages = [cb.Orders.unpack(button.callback_data or "").page for button in row]
    assert pages == ([2, 0] if t is AR else [0, 2])


@pytest.mark.parametrize(
    ("usual", "says"),
    [
        (timedelta(minutes=1), "⏱ Usual time: 1 minute (as measured by this shop)"),
        (timedelta(hours=3), "⏱ Usual time: 3 hours (as measured by this shop)"),
        (None, None),
    ],
)
def test_a_card_says_how_long_it_usually_takes(usual: timedelta | None, says: str | None) -> None:
    """Where the shop has measured it, and nothing where it has not."""
    text = shown(browse.card(EN, shelf(SERVICE, usual=usual), SERVICE))
    assert [line for line in text.splitlines() if "⏱" in line] == ([] if says is None else [says])


def test_a_card_says_stop_as_the_button_does() -> None:
    assert "✋ Can be stopped" in browse.card(EN, shelf(SERVICE), SERVICE)


def test_a_verb_and_a_noun_are_texts_of_their_own() -> None:
    """Other languages have a word for each: the inline button is an invitation, no heading of a column."""
    suggested = inline.suggestion(EN, shelf(SERVICE), SERVICE, bot_name="shop_bot")
    assert suggested.reply_markup is not None
    assert [button.text for row in suggested.reply_markup.inline_keyboard for button in row] == ["Order it"]
