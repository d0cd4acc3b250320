"""What is typed just as the process is killed is asked for again or accepted, never taken for another answer."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.mortal import MortalShop, mortal_shop, together
from tests.faults.nursery import Nursery
from tests.faults.shopper import Shopper, Wish

LINK = "https://instagram.com/anna"
COMMENTS = [f"Comment number {number}" for number in range(1, 11)]  # the service takes ten at least


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
    ("updates.before", 1),
    ("commit.before", 1),
    ("commit.after", 1),
    ("updates.after", 1),
    ("commit.before", 2),
    ("commit.after", 2),
    ("screen.before", 1),
    ("commit.before", 3),
    ("screen.after", 1),
]


def _deaths(asked: str) -> list[Death]:
    return [Death(asked, point, count) for point, count in PLACES]


async def _dies_and_buys(
    shop: MortalShop, death: Death, service: str, wishes: dict[str, Wish], *, hasty: bool
) -> dict[str, str]:
    """Order while the process dies at an answer; the fields that reached the panel."""
    await shop.open(death.point, death.count)
    await shop.insist(lambda: shop.anna.send("/start"), lambda: shop.anna.heard_messages)
    await shop.admin.send(f"/credit {shop.anna.id} 25 welcome")
    await shop.until(lambda: any("welcome" in message.text for message in shop.anna.heard_messages))
    await Shopper(shop, shop.anna, service, wishes, die_at=[death.asked], hasty=hasty).buy()
    await shop.panel.took(1)
    assert shop.lives == 2, "the process was never killed"
    [fields] = shop.panel.adds
    return fields


@pytest.mark.parametrize("hasty", [False, True], ids=["patient", "hasty"])
async def test_a_link_and_a_quantity(tmp_path: Path, nursery: Nursery, hasty: bool) -> None:
    """A link or a quantity typed at the kill, and typed again where no answer comes, ends up in its own field."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, "Default") as shop:
            wishes: dict[str, Wish] = {"link": LINK, "quantity": "1000"}
            fields = await _dies_and_buys(shop, death, "Followers | Mixed", wishes, hasty=hasty)
            assert fields == {"service": "1", "link": LINK, "quantity": "1000"}

    await together(die, [*_deaths("link"), *_deaths("quantity")])


@pytest.mark.parametrize("hasty", [False, True], ids=["patient", "hasty"])
async def test_a_link_before_comments(tmp_path: Path, nursery: Nursery, hasty: bool) -> None:
    """A link typed at the kill, and typed again where no answer comes, never becomes a comment."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, "Custom Comments") as shop:
            wishes: dict[str, Wish] = {"link": LINK, "comments": COMMENTS}
            fields = await _dies_and_buys(shop, death, "Custom comments", wishes, hasty=hasty)
            assert fields == {"service": "15", "link": LINK, "comments": "\n".join(COMMENTS)}

    await together(die, _deaths("link"))


@pytest.mark.parametrize("hasty", [False, True], ids=["patient", "hasty"])
async def test_comments(tmp_path: Path, nursery: Nursery, hasty: bool) -> None:
    """A comment typed at the kill is there once, at its place, unless its writer typed it again unasked."""

    async def die(death: Death) -> None:
        async with mortal_shop(tmp_path / str(death), nursery, "Custom Comments") as shop:
            wishes: dict[str, Wish] = {"link": LINK, "comments": COMMENTS}
            fields = await _dies_and_buys(shop, death, "Custom comments", wishes, hasty=hasty)
            assert fields == {"service": "15", "link": LINK, "comments": "\n".join(COMMENTS)}

    await together(die, _deaths("comments"))
