"""Every service type of both panels' documents, and the rest of the 16: asked for, priced, and sent as is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from tests.conversations.customer import fill
from tests.conversations.shop import offers, open_shop

LINK = "https://instagram.com/p/Cabc123/"
SOON = (datetime.now(UTC) + timedelta(days=30)).strftime("%d/%m/%Y")
TEN = [f"Nice one {number} & <b>" for number in range(1, 11)]


@dataclass(frozen=True)
class Sale:
    """What a customer answers (a label in brackets is pressed), and what must reach the panel."""

    panel: Literal["alpha", "beta"]
    type: str
    answers: tuple[str, ...]
    sent: dict[str, str]
    price: int


SALES = (
    Sale("alpha", "Default", (LINK, "1000"), {"link": LINK, "quantity": "1000"}, 11_700),
    Sale("beta", "Default", (LINK, "1,000"), {"link": LINK, "quantity": "1000"}, 8_060),
    Sale("alpha", "Package", (LINK,), {"link": LINK}, 19_500),
    Sale(
        "alpha",
        "SEO",
        (LINK, "500", "buy shoes\nred shoes", "[Done]"),
        {"link": LINK, "quantity": "500", "keywords": "buy shoes\nred shoes"},
        21_450,
    ),
    Sale(
        "alpha",
        "Custom Comments",
        (LINK, "\n".join(TEN[:4]), "\n\n".join(TEN[4:]), "[Done]"),
        {"link": LINK, "comments": "\n".join(TEN)},
        1_040,
    ),
    Sale(
        "alpha",
        "Custom Comments Package",
        (LINK, "Great!\nاحسنت", "[Done]"),
        {"link": LINK, "comments": "Great!\nاحسنت"},
        37_700,
    ),
    Sale(
        "alpha",
        "Mentions with Hashtags",
        (LINK, "100", "anna\nbob", "[Done]", "#travel\n#food", "[Done]"),
        {"link": LINK, "quantity": "100", "usernames": "anna\nbob", "hashtags": "#travel\n#food"},
        7_020,
    ),
    Sale(
        "alpha",
        "Mentions Custom List",
        (LINK, "\n".join(f"user{number}" for number in range(12)), "[Done]"),
        {"link": LINK, "usernames": "\n".join(f"user{number}" for number in range(12))},
        718,
    ),
    Sale(
        "alpha",
        "Mentions Hashtag",
        (LINK, "100", "#travel"),
        {"link": LINK, "quantity": "100", "hashtag": "#travel"},
        6_630,
    ),
    Sale(
        "alpha",
        "Mentions User Followers",
        (LINK, "500", "bob"),
        {"link": LINK, "quantity": "500", "username": "bob"},
        39_000,
    ),
    Sale(
        "alpha",
        "Mentions Media Likers",
        (LINK, "100", "https://instagram.com/p/other/"),
        {"link": LINK, "quantity": "100", "media": "https://instagram.com/p/other/"},
        7_540,
    ),
    Sale(
        "alpha",
        "Comment Likes",
        (LINK, "10", "bob"),
        {"link": LINK, "quantity": "10", "username": "bob"},
        234,
    ),
    Sale(
        "beta",
        "Poll",
        (LINK, "10", "2"),
        {"link": LINK, "quantity": "10", "answer_number": "2"},
        124,
    ),
    Sale(
        "alpha",
        "Comment Replies",
        (LINK, "bob", "one\ntwo\nthree\nfour\nfive", "[Done]"),
        {"link": LINK, "username": "bob", "comments": "one\ntwo\nthree\nfour\nfive"},
        618,
    ),
    Sale(
        "alpha",
        "Invites from Groups",
        (LINK, "100", "https://t.me/one\nhttps://t.me/two", "[Done]"),
        {"link": LINK, "quantity": "100", "groups": "https://t.me/one\nhttps://t.me/two"},
        15_600,
    ),
    Sale(
        "alpha",
        "Subscriptions",
        ("anna", "100", "150", "10", "5", "[30 minutes]", SOON),
        {
            "username": "anna",
            "min": "100",
            "max": "150",
            "posts": "10",
            "old_posts": "5",
            "delay": "30",
            "expiry": SOON,
        },
        27_788,
    ),
    Sale(
        "beta",
        "Subscriptions",
        ("anna", "50", "50", "1", "[Skip]", "0", "[Skip]"),
        {"username": "anna", "min": "50", "max": "50", "posts": "1", "delay": "0"},
        553,
    ),
    Sale(
        "beta",
        "Web Traffic",
        ("example.com/page", "500", "[Germany]", "[Desktop]", "[Google keyword]", "red shoes"),
        {
            "link": "example.com/page",
            "quantity": "500",
            "country": "DE",
            "device": "1",
            "type_of_traffic": "1",
            "google_keyword": "red shoes",
        },
        1_235,
    ),
)


@pytest.mark.parametrize("sale", SALES, ids=lambda sale: f"{sale.panel} {sale.type}")
async def test_every_type_reaches_its_panel_as_it_was_answered(sale: Sale, tmp_path: Path) -> None:
    """The form asks for what the type needs, and `add` gets exactly that."""
    [offer] = offers(sale.panel, sale.type)
    alpha, beta = ([offer], []) if sale.panel == "alpha" else ([], [offer])
    async with open_shop(tmp_path, alpha=alpha, beta=beta) as shop:
        anna, panel = shop.anna, shop.panels[sale.panel]
        await shop.give(anna, "100")
        await fill(anna, offer, *sale.answers)
        await anna.press("Confirm")
        await panel.took(1)
        assert panel.adds == [{"service": offer.service, **sale.sent}]
        await anna.expect("Pending")
        assert await shop.rows("SELECT price, held FROM orders") == [(sale.price, sale.price)]
