"""The form: each question with its word, an example and limits; what is wrong is told in place; nothing is lost."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo.panel import DemoOffer, demo_offers
from bot.demo.telegram import ChatMessage, Person
from bot.storage.database import system_clock
from tests.conversations.customer import LINK, answer, buy, fill, press, say
from tests.conversations.owner import MovedClock
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[COMMENTS] = offers("alpha", "Custom Comments")
# 20:00 there is the next day here: whose date counts shows.
FAR_EAST = ZoneInfo("Pacific/Kiritimati")
TODAY = system_clock().astimezone(FAR_EAST).date()
SOON, LAST, TOO_FAR = (f"{TODAY + timedelta(days=days):%d/%m/%Y}" for days in (1, 90, 91))


@dataclass(frozen=True)
class Asked:
    """One question: words it shows, wrong answers with what is said of each, and a right one (label in brackets)."""

    says: tuple[str, ...]
    wrong: dict[str, str]
    right: str


LINK_ASKED = Asked(
    ("Send the link.", "For example:\nhttps://"),
    {
        "my page": "This is not a link",
        "http://localhost/": "This is not a link",
        "https://a.example/" + "x" * 500: "too long: at most 512",
    },
    "@anna",
)


def quantity_asked(lowest: str, highest: str, right: str) -> Asked:
    return Asked(
        ("quantity", f"From {lowest} to {highest}.", "For example:\n1000"),
        {
            "many": "not a whole number",
            "1.5": "not a whole number",
            "-5": "not a whole number",
            "1": f"the minimum is {lowest}",
            "9" * 400: f"the maximum is {highest}",
        },
        right,
    )


QUESTIONS: dict[str, tuple[Asked, ...]] = {
    "Mentions with Hashtags": (
        LINK_ASKED,
        quantity_asked("100", "10,000", "10,000"),
        Asked(("usernames", "one a line", "username1"), {"anna bob": "Line 1 cannot be taken"}, "anna\n@bob"),
        Asked(("1 line", "2 lines so far"), {"#": "Line 1 cannot be taken"}, "[Done]"),
        Asked(("hashtags", "#travel"), {"ok\n" + "x" * 101: "Line 2 is too long: at most 100"}, "#travel"),
        Asked(("1 line so far",), {}, "[Done]"),
    ),
    "Mentions Hashtag": (
        LINK_ASKED,
        quantity_asked("100", "30,000", "100"),
        Asked(("hashtag", "#travel"), {"two words": "not a hashtag", "x" * 101: "at most 100"}, "travel"),
    ),
    "Comment Likes": (
        LINK_ASKED,
        quantity_asked("10", "5,000", "10"),
        Asked(("username", "For example:\nusername"), {"an na": "not a username", "x" * 65: "at most 64"}, "anna"),
    ),
    "Subscriptions": (
        Asked(("username",), {"a b": "not a username"}, "anna"),
        Asked(("minimum", "From 20 to 5,000."), {"19": "the minimum is 20"}, "100"),
        Asked(("maximum", "From 100 to 5,000."), {"99": "the minimum is 100", "5001": "the maximum is 5,000"}, "150"),
        Asked(("posts", "From 1 to 1,000."), {"0": "the minimum is 1"}, "10"),
        Asked(("old posts", "From 0 to 1,000."), {"1001": "the maximum is 1,000"}, "0"),
        Asked(("delay", "in minutes"), {"7": "choose one of the buttons"}, "30 Minutes"),
        Asked(
            ("expiry", "day/month/year"),
            {
                "tomorrow": "not a date",
                "31/02/2027": "not a date",
                f"{TODAY:%d/%m/%Y}": "This day is over",
                TOO_FAR: f"{LAST} is the last possible day",
            },
            SOON,
        ),
    ),
    "Poll": (
        LINK_ASKED,
        quantity_asked("10", "20,000", "10"),
        Asked(("answer number", "For example:\n2"), {"yes": "not a whole number", "101": "the maximum is 100"}, "2"),
    ),
    "Web Traffic": (
        LINK_ASKED,
        quantity_asked("500", "10,000,000", "500"),
        Asked(("country",), {"Atlantis": "not a country"}, "uk"),
        Asked(("device",), {"toaster": "choose one of the buttons"}, "mobile (android)"),
        Asked(("traffic",), {"google": "choose one of the buttons"}, "Custom referrer"),
        Asked(("referring link",), {"nothing": "This is not a link"}, "example.com"),
    ),
}


async def ask(person: Person, asked: Asked, screen: ChatMessage) -> ChatMessage:
    """Answer a question wrongly in every way, then rightly; the next screen."""
    for wrong, told in asked.wrong.items():
        screen = await answer(person, wrong)
        assert told in screen.text
        assert screen.text.count("⚠️") == 1
        assert screen.labels[-1] == "Cancel"
    for words in asked.says:
        assert words in screen.text or asked.right == "[Done]"
    return await answer(person, asked.right)


async def test_wrong_answers_are_told_in_place_and_nothing_is_lost(tmp_path: Path) -> None:
    """Every kind of question says what it wants and what was wrong; the summary has every right answer, once."""
    on_sale = {
        "alpha": offers("alpha", *[each for each in QUESTIONS if each not in {"Poll", "Web Traffic"}]),
        "beta": offers("beta", "Poll", "Web Traffic"),
    }
    async with open_shop(tmp_path, timezone=FAR_EAST, **on_sale) as shop:
        anna = shop.anna
        for offer in (*on_sale["alpha"], *on_sale["beta"]):
            screen = await fill(anna, offer)
            for asked in QUESTIONS[offer.type]:
                screen = await ask(anna, asked, screen)
            assert screen.text.startswith(f"Your order\n{offer.name}")
        web = screen.text
        for line in ("Quantity: 500", "Country: GB", "Device: Mobile (Android)", "Referring link: example.com"):
            assert line in web
        # A day that is over here, but not in Greenwich, is refused at once, not only at the end.
        assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
