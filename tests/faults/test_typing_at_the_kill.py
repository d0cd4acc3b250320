"""What is typed just as the process is killed is asked for again or accepted, never taken for another answer."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import pytest

from tests.conversations.shop import offers
from tests.faults.mortal import MortalShop, mortal_shop
from tests.faults.nursery import Nursery
from tests.faults.shopper import Shopper, Wish
from tests.faults.together import together

LINK = "https://instagram.com/anna"
COMMENTS = ["So good!", "Where is this?"]


@dataclass(frozen=True)
class Death:
    """At which pass of which point the process dies, counted from when the answer to ``asked`` is typed."""

    asked: str
    point: str
    count: int

    def __str__(self) -> str:
        return f"{self.asked}-{self.point}-{self.count}"


# In the order in which an answer passes them: stored, taken, and the next question sent and noted.
PLACES = [
    ("received.commit.before", 1),
    ("received.commit.after", 1),
    ("commit.before", 2),
    ("screen.before", 1),
    ("commit.before", 3),
    ("screen.after", 1),
]


def _deaths(asked: str) -> list[Death]:
    return [Death(asked, point, count) for point, count in PLACES]


# A service that takes few lines, so that a story is short.
COMMENTED = replace(offers("alpha", "Custom Comments")[0], min=1)
MENTIONED = replace(offers("alpha", "Mentions with Hashtags")[0], min=1)


async def _dies_and_buys(shop: MortalShop, death: Death, shopper: Shopper) -> dict[str, str]:
    """Order while the process dies at an answer; the fields that reached the panel."""
    await shop.open(death.point, death.count)
    await shop.insist(lambda: shop.anna.send("/start"), lambda: shop.anna.heard_messages)
    await shop.admin.send(f"/credit {shop.anna.id} 25 welcome")
    await shop.until(lambda: any("welcome" in message.text for message in shop.anna.heard_messages))
    await shopper.buy()
    await shop.panel.took(1)
    assert shop.lives == 2, "the process was never killed"
    [fields] = shop.panel.adds
    return fields


def _only(sent: str, wanted: list[str], writer: Shopper) -> None:
    """A list that reached the panel holds these lines, each as often as its writer typed it at most."""
    lines = sent.split("\n")
    assert [line for line, _ in groupby(lines)] == wanted
    assert Counter(lines) <= Counter(writer.typed)


@pytest.mark.parametrize("hasty", [False, True], ids=["patient", "hasty"])
async def test_a_quantity(tmp_path: Path, nursery: Nursery, empty_books: bytes, hasty: bool) -> None:
    """A quantity typed at the kill, and typed again where no answer comes, ends up in its own field."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, *offers("alpha", "Default"), books=empty_books) as shop:
            wishes = {"link": LINK, "quantity": "1000"}
            anna = Shopper(shop, shop.anna, "Followers | Mixed", wishes, die_at=[death.asked], hasty=hasty)
            fields = await _dies_and_buys(shop, death, anna)
            assert fields == {"service": "1", "link": LINK, "quantity": "1000"}

    await together(die, _deaths("quantity"))


@pytest.mark.parametrize("hasty", [False, True], ids=["patient", "hasty"])
async def test_a_link_and_comments(tmp_path: Path, nursery: Nursery, empty_books: bytes, hasty: bool) -> None:
    """A link typed at the kill never becomes a comment; a comment is there once, unless it was typed again."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, COMMENTED, books=empty_books) as shop:
            wishes: dict[str, Wish] = {"link": LINK, "comments": COMMENTS}
            anna = Shopper(shop, shop.anna, "Custom comments", wishes, die_at=[death.asked], hasty=hasty)
            fields = await _dies_and_buys(shop, death, anna)
            _only(fields.pop("comments"), COMMENTS, anna)
            assert fields == {"service": "15", "link": LINK}

    await together(die, [*_deaths("link"), *_deaths("comments")])


async def test_a_line_typed_after_done(tmp_path: Path, nursery: Nursery, empty_books: bytes) -> None:
    """What is typed after Done, while the shop is dead, is no answer to the question that comes after the list."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, MENTIONED, books=empty_books) as shop:
            wishes: dict[str, Wish] = {
                "link": LINK,
                "quantity": "1000",
                "usernames": ["boris"],
                "hashtags": ["spring"],
            }
            anna = Shopper(shop, shop.anna, "Mentions by", wishes, die_at=[death.asked], afterthought="carla")
            fields = await _dies_and_buys(shop, death, anna)
            _only(fields.pop("usernames"), ["boris"], anna)
            _only(fields.pop("hashtags"), ["spring"], anna)
            assert fields == {"service": "18", "link": LINK, "quantity": "1000"}

    await together(die, _deaths("Done"))
