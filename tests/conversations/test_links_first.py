"""A link comes first: what fits it is offered with the link filled in, and what does not fit is warned about."""

from pathlib import Path

import pytest

from bot.demo.telegram import ChatMessage
from tests.conversations.customer import fill, press, say
from tests.conversations.shop import offers, open_shop
from tests.conversations.test_finding import called, prices

POST = "https://www.instagram.com/p/Cabc123/"
PROFILE = "https://www.instagram.com/anna.b/"
FILLED_IN = "Choose a service: the link is filled in already."
FOLLOWERS, LIKES, COMMENTS, AUTO_LIKES, PACK, TIKTOK = called(
    "Followers | Mixed | Instant",
    "Likes | Fast",
    "Custom comments | Real accounts",
    "Auto likes for new posts",
    "Starter pack: 500 followers + 50 likes",
    "TikTok followers | Mixed",
)
INSTAGRAM = (FOLLOWERS, LIKES, COMMENTS, AUTO_LIKES, PACK)


def names(screen: ChatMessage) -> list[str]:
    """The services that a screen offers, without their prices."""
    return [label.rpartition(" · ")[0] for label in prices(screen)]


async def test_an_order_is_four_steps_from_a_link(tmp_path: Path) -> None:
    """A link, a service, the quantity, Confirm; the link goes to the panel as it was sent."""
    async with open_shop(tmp_path, alpha=[*INSTAGRAM, TIKTOK]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        found = await say(anna, f"please look: ({POST}), thanks", FILLED_IN)
        assert "This looks like: Instagram post." in found.text
        assert names(found) == [PACK.name, LIKES.name, COMMENTS.name]
        card = await press(anna, LIKES.name, "Send the quantity")
        assert "Price: $0.234 per 1000" in card.text
        assert f"Link: {POST}" in card.text
        assert "⚠️" not in card.text
        await say(anna, "1000", "Your order")
        await press(anna, "Confirm", "#1 · ")
        await shop.panels["alpha"].took(1)
        assert shop.panels["alpha"].adds[0]["link"] == POST


async def test_back_leads_to_what_fits_and_the_link_can_be_changed(tmp_path: Path) -> None:
    """A form that began with a link goes back to the list; its link is an answer like any other."""
    async with open_shop(tmp_path, alpha=INSTAGRAM) as shop:
        anna = shop.anna
        found = await say(anna, POST, FILLED_IN)
        await press(anna, LIKES.name, "Send the quantity")
        wrong = await say(anna, "many", "not a whole number")
        assert "Price: $0.234 per 1000" in wrong.text
        back = await press(anna, "Back", FILLED_IN)
        assert (names(back), "Continue my order" in back.labels) == (names(found), False)
        await press(anna, LIKES.name, "Send the quantity")
        await say(anna, "1000", f"Link: {POST}")
        await press(anna, "✎ link", "Send the link.")
        await say(anna, "https://instagram.com/p/other/", "Link: https://instagram.com/p/other/")
        await press(anna, "Cancel", "The form is closed.")
        await say(anna, "qwertyuiop", "nothing like it")


async def test_a_profile_fills_in_usernames_and_packages(tmp_path: Path) -> None:
    """What asks for a username gets the name in the link; what asks for nothing more is at its summary at once."""
    async with open_shop(tmp_path, alpha=INSTAGRAM) as shop:
        anna = shop.anna
        found = await say(anna, PROFILE, "This looks like: Instagram profile.")
        assert {FOLLOWERS.name, AUTO_LIKES.name, PACK.name} <= set(names(found))
        assert LIKES.name not in names(found)
        auto = await press(anna, AUTO_LIKES.name, "Send the minimum")
        assert "Username: anna.b" in auto.text
        await press(anna, "Back", FILLED_IN)
        pack = await press(anna, PACK.name, "Your order")
        assert f"Link: {PROFILE}" in pack.text
        assert "Price: $1.95" in pack.text
        assert await shop.rows("SELECT answers FROM drafts ORDER BY id") == [
            ('{"username": "anna.b"}',),
            (f'{{"link": "{PROFILE}"}}',),
        ]


async def test_a_name_alone_is_asked_its_network(tmp_path: Path) -> None:
    """Nobody can tell where @anna is; of a shop with one network everybody can."""
    async with open_shop(tmp_path, alpha=[*INSTAGRAM, TIKTOK]) as shop:
        anna = shop.anna
        asked = await say(anna, "@anna", "On which network is it?")
        assert asked.buttons == [["Instagram", "TikTok"], ["Main menu"]]
        found = await press(anna, "TikTok", "This looks like: TikTok profile.")
        assert names(found) == [TIKTOK.name]
        await press(anna, TIKTOK.name, "Link: @anna")
        back = await press(anna, "Back", "This looks like: TikTok profile.")
        assert names(back) == [TIKTOK.name]
        await say(anna, "https://bit.ly/3abc", "On which network is it?")
        found = await press(anna, "Instagram", FILLED_IN)
        assert LIKES.name in names(found)
        shop.panels["alpha"].set_offers([TIKTOK])
        await shop.stocked()
        assert names(await say(anna, "@anna", "TikTok profile")) == [TIKTOK.name]


async def test_links_that_nothing_fits(tmp_path: Path) -> None:
    """A site nobody knows is a website; where nothing is sold for it, the list is offered."""
    async with open_shop(tmp_path, alpha=INSTAGRAM, beta=offers("beta", "Web Traffic")) as shop:
        anna = shop.anna
        none = await say(anna, "https://www.twitch.tv/anna", "Nothing on sale fits it.")
        assert "This looks like: Twitch channel." in none.text
        assert none.buttons == [["New order"], ["Main menu"]]
        unknown = await say(anna, "example.com/<b>", "none of the networks I know")
        [web] = offers("beta", "Web Traffic")
        assert names(unknown) == [web.name]
        assert unknown.buttons[-2:] == [["New order"], ["Main menu"]]
        await press(anna, web.name, "Link: example.com/<b>")
        shop.panels["beta"].set_offers(offers("beta", "Poll"))
        await shop.stocked()


async def test_in_a_form_a_link_is_its_answer(tmp_path: Path) -> None:
    """Only where nothing is asked does a link begin something; after a form was left, it does."""
    async with open_shop(tmp_path, alpha=INSTAGRAM) as shop:
        anna = shop.anna
        await fill(anna, LIKES)
        await say(anna, POST, "Send the quantity")
        await say(anna, POST, "not a whole number")
        home = await say(anna, "/start", "Demo Shop")
        assert "Continue my order" in home.labels
        found = await say(anna, PROFILE, FILLED_IN)
        assert "Continue my order" in found.labels
        await press(anna, "Continue my order", "Send the quantity")
        await say(anna, "/search " + POST, "This looks like: Instagram post.")


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (PROFILE, "This looks like: Instagram profile. The service wants: post"),
        ("@anna", "This looks like: profile. The service wants: post"),
        ("https://www.tiktok.com/@anna/video/1", "This looks like: TikTok video. The service is for Instagram."),
    ],
)
async def test_what_does_not_fit_is_warned_about_and_taken(tmp_path: Path, link: str, told: str) -> None:
    """The next question and the summary say so; Confirm places the order all the same."""
    async with open_shop(tmp_path, alpha=INSTAGRAM) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        question = await fill(anna, LIKES, link)
        assert f"⚠️ {told}" in question.text
        assert "If you are sure, just go on." in question.text
        assert (await say(anna, "few", "not a whole number")).text.count("⚠️") == 1
        summary = await say(anna, "1000", "Your order")
        assert f"⚠️ {told}" in summary.text
        await press(anna, "✎ link", "Send the link.")
        fitting = await say(anna, POST, "Your order")
        assert "⚠️" not in fitting.text
        await press(anna, "✎ link", "Send the link.")
        await say(anna, link, told)
        await press(anna, "Confirm", "#1 · ")
        await shop.panels["alpha"].took(1)
        assert shop.panels["alpha"].adds[0]["link"] == link
