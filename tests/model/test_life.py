"""A long life of the shop, with everything that can go wrong: nothing is lost, nothing doubled, everybody is told."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest

from tests.clock import FakeClock
from tests.model.books import Books, migrated
from tests.model.living import Lived, figures, live
from tests.model.parcels import Parcel
from tests.model.profile import chosen, proved, say
from tests.model.wild_panel import WildPanel

# Enough to see what is wrong; a broken guard has thousands.
SHOWN = 3
# What a life has to have seen to be worth anything; and a long one.
SEEN = ("uncertain", "kills", "ended partial", "decision: placed of uncertain")
SEEN_AT_LENGTH = (
    *("late answers", "taken back", "stops", "ended refused", "ended expired", "mistakes of admins"),
    *("decision: refund of uncertain", "decision: resend of uncertain", "decision: resend of cost"),
    *("decision: refund of sum", "decision: refund of failed", "decision: close of missing"),
    *("lists", "wanted: refill", "wanted: cancel"),
)


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """A life that is over."""
    profile = chosen()
    clock = FakeClock()
    books = Books(clock, migrated())
    try:
        tell = say if profile.proving else (lambda line: None)
        yield books.run(live(books, clock, seed=profile.seed, wanted=profile.orders, say=tell))
    finally:
        books.close()


def test_a_long_life_loses_and_doubles_nothing(lived: Lived, capsys: pytest.CaptureFixture[str]) -> None:
    """At the end the shop's books, the panels', the wallets and what everybody was told fit together."""
    profile = chosen()
    counted = lived.life.books.run(figures(lived))
    with capsys.disabled() if profile.proving else nullcontext():
        say(f"seed {profile.seed}")
        for what, times in counted.items():
            say(f"{times:7} {what}")
    complaints = lived.verdict.complaints()
    stories = "\n\n".join(lived.story(complaint) for complaint in complaints[:SHOWN])
    assert not complaints, f"SHOP_SEED={profile.seed} has {len(complaints)} complaints, the first are:\n{stories}"
    proved(f"a life of {counted['orders']} orders and {counted['adds']} adds: 0 complaints (seed {profile.seed})")
    for rare in (*SEEN, *(SEEN_AT_LENGTH if profile.proving else ())):
        assert counted[rare], f"a life without {rare!r} proves little"


def delivered(lived: Lived) -> tuple[WildPanel, Parcel]:
    """A parcel that its customer paid in full and no admin had a hand in."""
    order = next(
        order
        for order in lived.verdict.books.orders
        if order.captured == order.price and order.id not in lived.admins.wishes
    )
    panel = lived.life.panels[order.panel]
    return panel, panel.parcels[order.panel_order]


def test_a_doubled_add_would_be_seen(lived: Lived) -> None:
    """One parcel too many on a panel is one complaint at least."""
    panel, parcel = delivered(lived)
    panel.parcels["stray"] = replace(parcel, id="stray")
    try:
        assert any(complaint.about == parcel.about for complaint in lived.verdict.complaints())
    finally:
        del panel.parcels["stray"]


def test_a_lost_order_would_be_seen(lived: Lived) -> None:
    """One parcel less than the books say is one complaint at least."""
    panel, parcel = delivered(lived)
    del panel.parcels[parcel.id]
    try:
        assert any(complaint.about == parcel.about for complaint in lived.verdict.complaints())
    finally:
        panel.parcels[parcel.id] = parcel
