"""How many presses and messages an order takes, counted against the table in the README."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.demo.panel import DemoOffer
from tests.conversations.customer import LINK, press, read, say
from tests.conversations.shop import OpenShop, offers, open_shop
from tests.conversations.test_finding import called

[FOLLOWERS] = offers("alpha", "Default")
LIKES, VIEWS = called("Likes | Fast", "TikTok views | Instant ⚡")
POST = "https://www.instagram.com/p/Cabc123/"


def stocked() -> list[DemoOffer]:
    """So many categories of three networks that browsing begins with the networks."""
    more = [replace(VIEWS, service=str(900 + n), category=f"TikTok {n}") for n in range(12)]
    return [FOLLOWERS, LIKES, *more, replace(VIEWS, service="990", name="Views", category="YouTube Views")]


async def sent(shop: OpenShop) -> int:
    """How many messages and presses of Anna's the shop ever got."""
    [(count,)] = await shop.rows("SELECT count(*) FROM inbox WHERE chat_id = :anna", anna=shop.anna.id)
    return int(count)


def promised(repository: Path, way: str) -> int:
    """What the README says of a way."""
    [steps] = re.findall(rf"^\| {way}.*\| (\d) \|$", (repository / "README.md").read_text("utf-8"), re.MULTILINE)
    return int(steps)


@asynccontextmanager
async def counted(folder: Path, repository: Path, way: str) -> AsyncIterator[OpenShop]:
    """A shop whose main screen is before Anna; she orders, in as many steps as the README promises."""
    async with open_shop(folder, alpha=stocked()) as shop:
        await shop.give(shop.anna, "50")
        await say(shop.anna, "/start", "Demo Shop")
        before = await sent(shop)
        yield shop
        await shop.panels["alpha"].took(1)
        assert await sent(shop) - before == promised(repository, way)


async def test_by_browsing_through_a_network_it_takes_six(tmp_path: Path, repository: Path) -> None:
    async with counted(tmp_path, repository, "by browsing") as shop:
        await press(shop.anna, "Instagram", "Choose a category")
        await press(shop.anna, "Instagram Followers", "Choose a service")
        await press(shop.anna, FOLLOWERS.name, "Send the link")
        await say(shop.anna, LINK, "Send the quantity")
        await say(shop.anna, "1000", "Your order")
        await press(shop.anna, "Confirm", "#1 · ")


async def test_by_search_it_takes_five(tmp_path: Path, repository: Path) -> None:
    async with counted(tmp_path, repository, "by search") as shop:
        await say(shop.anna, "instagram followers", "Choose a service")
        await press(shop.anna, FOLLOWERS.name, "Send the link")
        await say(shop.anna, LINK, "Send the quantity")
        await say(shop.anna, "1000", "Your order")
        await press(shop.anna, "Confirm", "#1 · ")


async def test_by_a_link_it_takes_four(tmp_path: Path, repository: Path) -> None:
    async with counted(tmp_path, repository, "by link") as shop:
        await say(shop.anna, POST, "the link is filled in already")
        await press(shop.anna, LIKES.name, "Send the quantity")
        await say(shop.anna, "1000", "Your order")
        await press(shop.anna, "Confirm", "#1 · ")


async def test_again_it_takes_two(tmp_path: Path, repository: Path) -> None:
    """From the news of an order that has ended."""
    async with open_shop(tmp_path, alpha=stocked()) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await say(anna, POST, "the link is filled in already")
        await press(anna, LIKES.name, "Send the quantity")
        await say(anna, "1000", "Your order")
        await press(anna, "Confirm", "#1 · ")
        await read(anna, "#1 · Pending")
        panel.set_status(next(iter(panel.orders)), "Completed")
        news = await read(anna, "#1 · Completed")
        before = await sent(shop)
        await press(anna, "Order again", "Your order", news)
        await press(anna, "Confirm", "#2 · ")
        await panel.took(2)
        assert await sent(shop) - before == promised(repository, "again")
