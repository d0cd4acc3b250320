"""Finding a service by words, and by a link that an owner posted."""

from dataclasses import replace
from pathlib import Path

from bot.demo.panel import DemoOffer, demo_offers, many_offers
from bot.demo.telegram import ChatMessage, Person
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, fill, press, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
NOTHING = "I found nothing like it."
OVER = "This search is over."


def called(*names: str) -> list[DemoOffer]:
    """The services of the stand-in's first panel with these names."""
    return [next(each for each in demo_offers("alpha") if each.name == name) for name in names]


TIKTOK_VIEWS, TIKTOK_LIKES, LIKES = called("TikTok views | Instant ⚡", "TikTok likes", "Likes | Fast")


def prices(screen: ChatMessage) -> list[str]:
    """The services that a screen offers."""
    return [label for label in screen.labels if " · $" in label]


async def test_an_order_is_five_steps_from_words(tmp_path: Path) -> None:
    """Words in the main screen, a service, the link, the quantity, Confirm: and the order is in."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS, TIKTOK_LIKES, LIKES]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        home = await say(anna, "/start", "Demo Shop")
        assert "Write what you are looking for" in home.text
        found = await say(anna, "veiws tik tok", "veiws tik tok\nChoose a service")
        assert prices(found) == ["TikTok views | Instant ⚡ · $0.0059"]
        card = await press(anna, "TikTok views", "Price: $0.0059 per 1000")
        assert "For example:\nhttps://tiktok.com/@username/video/" in card.text
        await say(anna, "https://www.tiktok.com/@anna/video/123", "Send the quantity")
        summary = await say(anna, "10000", "Your order")
        assert "⚠️" not in summary.text
        await press(anna, "Confirm", "#1 · ")
        await shop.panels["alpha"].took(1)
        assert shop.panels["alpha"].adds[0]["link"] == "https://www.tiktok.com/@anna/video/123"


async def test_search_asks_or_is_told_at_once(tmp_path: Path) -> None:
    """/search works everywhere; a form that is open goes on afterwards; what is typed next is looked for."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS, TIKTOK_LIKES, LIKES]) as shop:
        anna = shop.anna
        await say(anna, "/search", "What are you looking for?")
        assert prices(await say(anna, "лайки тикток", "Choose a service")) == ["TikTok likes · $0.715"]
        # Names that tell no network are shown with it, where several stand together.
        assert prices(await say(anna, "likes", "Choose a service")) == [
            "TikTok likes · $0.715",
            "Instagram: Likes | Fast · $0.234",
        ]
        await fill(anna, FOLLOWERS, LINK)
        found = await say(anna, "/search tiktok", "tiktok\nChoose a service")
        assert len(prices(found)) == 2
        await press(anna, "Continue my order", "Send the quantity")
        await say(anna, "tiktok", "not a whole number")
        await say(anna, "/search tiktok", "tiktok\nChoose a service")
        await press(anna, "TikTok views", "Send the link.")
        assert "Continue my order" not in (await press(anna, "Back", "tiktok\nChoose a service")).labels


async def test_what_is_not_found_is_said_with_ways_on(tmp_path: Path) -> None:
    """Nothing found is no dead end; an order's number, a sticker and a command are no words to look for."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await say(anna, "/start", "Demo Shop")
        lost = await say(anna, "<b>qwertyuiop</b> " + "x" * 300, NOTHING)
        assert "<b>qwertyuiop</b> xxx" in lost.text
        assert len(lost.text) < 250
        assert lost.buttons == [["New order", "Ask the shop"], ["Main menu"]]
        await press(anna, "New order", "Choose a category")
        await say(anna, "🙂", NOTHING)
        await say(anna, "/nonsense", "I do not know this command.")
        await anna.send_sticker()
        await anna.expect("I did not get that.")
        assert "Followers" in (await say(anna, "followers", "Choose a service")).labels[0]
        await say(anna, "#7", "There is no order #7.")
        assert await shop.rows("SELECT count(*) FROM drafts") == [(0,)]


async def test_results_are_leafed_through_and_led_back_to(tmp_path: Path) -> None:
    """Eight a page; Back from a service leads to the page it stood on, also after a wrong answer and a summary."""
    async with open_shop(tmp_path, alpha=many_offers(1_000)) as shop:
        anna = shop.anna
        first = await say(anna, "youtube views", "youtube views\nChoose a service")
        assert len(prices(first)) == 8
        assert first.labels[-2:] == ["Next ›", "Main menu"]
        second = await press(anna, "Next ›", "youtube views\nChoose a service")
        assert second.labels[-3:] == ["‹ Previous", "Next ›", "Main menu"]
        assert not set(prices(first)) & set(prices(second))
        chosen = next(label for label in prices(second) if "[Default]" in label)
        await press(anna, chosen, "Send the link.")
        await say(anna, "no link", "This is not a link.")
        back = await press(anna, "Back", "youtube views\nChoose a service")
        assert prices(back) == prices(second)
        await press(anna, chosen, "Send the link.")
        await say(anna, "https://youtu.be/abcdefghijk", "Send the quantity")
        await say(anna, "100", "Your order")
        for _ in range(2):
            await press(anna, "Back", "Send the ")
        back = await press(anna, "Back", "youtube views\nChoose a service")
        assert prices(back) == prices(second)
        assert "Continue my order" not in back.labels
        await press(anna, "‹ Previous", "youtube views\nChoose a service")


async def test_old_results_explain_themselves(tmp_path: Path) -> None:
    """A page of what is no longer looked for is over; a service can still be chosen, unless it is not sold any more."""
    many = [replace(FOLLOWERS, service=str(number), name=f"Followers {number}") for number in range(1, 13)]
    async with open_shop(tmp_path, alpha=many) as shop:
        anna = shop.anna
        found = await say(anna, "followers", "Choose a service")
        await press(anna, "Main menu", "Demo Shop")
        assert OVER in (await anna.press("Next ›", found)).text
        assert OVER in (await anna.forge(cb.Leads(mark=1, network="Instagram").pack(), found).answered()).text
        card = await press(anna, "Followers 2 ", "Followers 2\n", found)
        assert card.labels[-2:] == ["Back", "Cancel"]
        await press(anna, "Back", "Instagram Followers\nChoose a service")
        found = await say(anna, "followers 1", "Choose a service")
        shop.panels["alpha"].set_offers(many[1:])
        await shop.stocked()
        gone = await anna.press("Followers 1 ", found)
        assert "not on sale any more" in gone.text
        again = await say(anna, "followers", "Choose a service")
        assert len(prices(again)) == 8
        assert not any(label.startswith("Followers 1 ") for label in again.labels)


async def post(owner: Person, label: str, says: str) -> str:
    """The link below a screen, which an owner posts."""
    screen = await press(owner, label, says)
    return screen.text.rpartition("Link to post: ")[2]


async def numbers(shop: OpenShop) -> dict[str, int]:
    """The shop's numbers of services, by name."""
    return {name: number for number, name in await shop.rows("SELECT id, name FROM services")}


async def test_an_owner_s_links_open_a_service_and_a_category(tmp_path: Path) -> None:
    """Only an admin reads the link below a card; whoever follows it, also for the first time, is there at once."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS, TIKTOK_LIKES]) as shop:
        owner, anna = shop.admin, shop.anna
        await say(owner, "/order", "Choose a category")
        category = await post(owner, "TikTok", "Choose a service")
        service = await post(owner, "TikTok views", "Send the link.")
        known = await numbers(shop)
        assert service == f"https://t.me/demo_shop_bot?start=s{known[TIKTOK_VIEWS.name]}"
        await anna.follow(category)
        assert (await anna.expect("TikTok\nChoose a service")).labels[:2] == [
            "TikTok views | Instant ⚡ · $0.0059",
            "TikTok likes · $0.715",
        ]
        await anna.follow(service)
        card = await anna.expect("TikTok views")
        assert "Send the link." in card.text
        assert "Link to post" not in card.text
        await say(anna, "https://www.tiktok.com/@anna/video/123", "Send the quantity")


async def test_an_owner_reads_the_link_below_a_network_s_only_category(tmp_path: Path) -> None:
    """It is opened by its network's button, and is a category like any other."""
    others = [replace(TIKTOK_LIKES, service=str(100 + n), category=f"TikTok {n}") for n in range(13)]
    async with open_shop(tmp_path, alpha=[FOLLOWERS, *others]) as shop:
        await say(shop.admin, "/order", "What is it for?")
        link = await post(shop.admin, "Instagram", "Instagram Followers\nChoose a service")
        await shop.anna.follow(link)
        opened = await shop.anna.expect("Instagram Followers\nChoose a service")
        assert "Link to post" not in opened.text


async def test_a_link_to_what_is_gone_leads_home(tmp_path: Path) -> None:
    """Whatever is put after start, the main screen says that it leads nowhere, and nothing is begun."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, TIKTOK_VIEWS]) as shop:
        anna = shop.anna
        known = await numbers(shop)
        shop.panels["alpha"].set_offers([FOLLOWERS])
        await shop.stocked()
        for payload in (f"s{known[TIKTOK_VIEWS.name]}", "c9999", "s0", "s" + "9" * 30, "c", "ref_anna", "s1x", "s١"):
            lost = await say(anna, f"/start {payload}", "Demo Shop")
            assert lost.text.startswith("What this link led to is not on sale any more.")
        assert "What this link" not in (await say(anna, "/start", "Demo Shop")).text
        await say(anna, "/start search", "What are you looking for?")
        assert await shop.rows("SELECT count(*) FROM drafts") == [(0,)]
