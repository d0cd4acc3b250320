"""What customers read of a mass order: the largest there is fits a message, and others' texts come through as typed."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.catalog import Service, ServiceType
from bot.domain.errors import BadInput
from bot.domain.mass import MOST_LINES, Line, Sent
from bot.domain.orders import OrderState, Reason
from bot.services.mass import Flaw, Item, Summary
from bot.telegram.views import mass, news
from tests.telegram.samples import NASTY
from tests.telegram.seen import SPOKEN, check, labels, shown

EN = SPOKEN.get("en")
SERVICE = Service(
    id=7,
    panel="alpha",
    panel_service="90210",
    name=f"Instagram followers {NASTY}" * 5,
    type=ServiceType.DEFAULT,
    category="Instagram",
    rate=Decimal(1),
    minimum=10,
    maximum=500,
    refill=None,
    cancel=None,
    dripfeed=None,
    description="",
)


def item(number: int) -> Item:
    """A line for the hundredth service, whose link does not fit it."""
    link = f"https://tiktok.com/@anna/video/{number}"
    line = Line(number, ("7", link, "100"))
    return Item(line, replace(SERVICE, id=number), {"link": link, "quantity": 100}, 100, 10**13)


def flaw(number: int) -> Flaw:
    """A line that is wrong at great length."""
    return Flaw(Line(number, ("7", NASTY * 100, "100")), BadInput("mass.more"))


ITEMS = tuple(item(number) for number in range(MOST_LINES))
EVERY = dict.fromkeys(range(MOST_LINES), 2**62)
LARGEST = Summary(
    batch=2**62,
    items=ITEMS,
    flaws=tuple(flaw(number) for number in range(MOST_LINES)),
    available=-(10**13),
    repeats=EVERY,
    uncertain=EVERY,
    running=EVERY,
    changed=True,
)


def test_the_largest_summary_fits_a_message() -> None:
    """Of everything the first is listed, and the rest is counted."""
    screen = mass.summary(EN, LARGEST)
    check(screen)
    text = shown(screen.text)
    assert NASTY in text
    assert text.count("\nand ") == 3
    assert text.count("Line 0: ") == 1 + 4


@pytest.mark.parametrize("kind", mass.NEWS)
@pytest.mark.parametrize("state", [OrderState.REFUSED, OrderState.CANCELED, OrderState.UNCERTAIN])
def test_the_longest_report_fits_a_message(kind: str, state: OrderState) -> None:
    """Not one of a hundred orders was placed, for every reason there is; those of one reason stand together."""
    reasons: list[Reason | None] = [None, *Reason]
    troubles: list[dict[str, Any]] = [
        {"line": 65_000 + n, "number": 2**62, "state": state.value, "reason": reasons[n % len(reasons)]}
        for n in range(MOST_LINES)
    ]
    facts = {
        "batch": 2**62,
        "orders": MOST_LINES,
        "waiting": 0,
        "placed": 0,
        "price": 10**15,
        "back": 10**15,
        "troubles": troubles,
    }
    screen = news.render(EN, kind, facts)
    check(screen)
    text = shown(screen.text)
    listed = re.findall(r"Line (\d+): #", text)
    assert f"\nand {MOST_LINES - len(listed)} more" in text
    assert listed[:2] == ["65000", str(65_000 + len(reasons))]
    assert "My orders" in labels(screen)


def test_the_example_is_one_that_could_be_ordered() -> None:
    """With the number of a service on sale, a link such as it wants, and a quantity that it takes."""
    none = Sent((), 0)
    text = shown(mass.collecting(EN, replace(SERVICE, name="Followers"), none).text)
    assert "7 | https://instagram.com/" in text
    assert text.split("7 | ")[1].splitlines()[0].endswith(" | 500")
    package = replace(SERVICE, type=ServiceType.PACKAGE)
    assert "|" not in shown(mass.collecting(EN, package, none).text).split("7 | ")[1].splitlines()[0]
    assert labels(mass.collecting(EN, None, none)) == ["Main menu"]
