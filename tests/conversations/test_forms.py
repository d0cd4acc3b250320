"""The form: each question with its word, an example and limits; what is wrong is told in place; nothing is lost."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo.telegram import ChatMessage, Person
from tests.clock import FakeClock
from tests.conversations.customer import LINK, answer, fill, press, say
from tests.conversations.owner import MovedClock
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[COMMENTS] = offers("alpha", "Custom Comments")
# Where it is tomorrow already when the day in Greenwich is not over.
TOKYO = ZoneInfo("Asia/Tokyo")
TODAY, SOON, LAST, TOO_FAR = "15/03/2026", "16/03/2026", "13/06/2026", "14/06/2026"


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
                TODAY: "send a day after today",
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
    alpha = offers("alpha", *[each for each in QUESTIONS if each not in {"Poll", "Web Traffic"}])
    beta = offers("beta", "Poll", "Web Traffic")
    async with open_shop(tmp_path, clock=FakeClock(), timezone=TOKYO, alpha=alpha, beta=beta) as shop:
        anna = shop.anna
        for offer in (*alpha, *beta):
            screen = await fill(anna, offer)
            for asked in QUESTIONS[offer.type]:
                screen = await ask(anna, asked, screen)
            assert screen.text.startswith(f"Your order\n{offer.name}")
        web = screen.text
        for line in (
            "Quantity: 500",
            "Country: United Kingdom",
            "Device: Mobile (Android)",
            "Referring link: example.com",
        ):
            assert line in web
        forms = await shop.rows("SELECT answers FROM drafts ORDER BY id")
        assert json.loads(forms[3][0]) == {
            "username": "anna",
            "min": 100,
            "max": 150,
            "posts": 10,
            "old_posts": 0,
            "delay": "30",
            "expiry": SOON,
        }


async def test_lists_come_in_several_messages_and_as_files(tmp_path: Path) -> None:
    """A list grows message by message until Done; a text file is read in any of the usual encodings."""
    short = replace(COMMENTS, max=12)
    async with open_shop(tmp_path, alpha=[short]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        screen = await fill(anna, COMMENTS, LINK, "Great & <b>!\r\n\r\n  second  ")
        assert "From 10 to 12." in screen.text
        assert "2 lines so far." in screen.text
        for name, data in (
            ("bom.txt", b"\xef\xbb\xbfthird\r\nfourth"),
            ("utf16.TXT", "fünfter\nшестой\n".encode("utf-16")),
            ("big-endian.txt", b"\xfe\xff" + "سابع\n8\n9".encode("utf-16-be")),
        ):
            await anna.send_file(name, data)
            await anna.until(lambda: anna.news)
        for name, data, size, told in (
            ("huge.txt", b"x", 10_000_000, "The file is too large: at most"),
            ("broken.txt", b"\xff\xfea", None, "The file cannot be read."),
            ("latin.txt", b"caf\xe9", None, "The file cannot be read."),
            ("picture.pdf", b"%PDF", None, "Only .txt files"),
            ("long.txt", b"x" * 2001, None, "Line 1 is too long: at most 2,000"),
            ("many.txt", b"x\n" * 4, None, "13 are too many: at most 12"),
        ):
            mime = "text/plain" if name.endswith("txt") else "application/pdf"
            await anna.send_file(name, data, mime=mime, size=size)
            refused = await anna.expect(told)
            assert "9 lines so far." in refused.text
        early = await press(anna, "Done", "9 so far: at least 10 are needed")
        assert "9 lines so far." in early.text
        await answer(anna, "10")
        summary = await press(anna, "Done", "10 lines")
        assert "Great & <b>!\nsecond\nthird\nand 7 more" in summary.text
        await anna.press("Confirm")
        await panel.took(1)
        [sent] = panel.adds
        assert sent["comments"] == "Great & <b>!\nsecond\nthird\nfourth\nfünfter\nшестой\nسابع\n8\n9\n10"


async def test_a_list_half_typed_is_there_whatever_comes_between(tmp_path: Path) -> None:
    """Whoever looks at something else, walks back or marks the service goes on where the list was."""
    async with open_shop(tmp_path, alpha=[COMMENTS, FOLLOWERS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await fill(anna, COMMENTS, LINK, "1\n2")
        await say(anna, "/wallet", "Available")
        await press(anna, "Continue my order", "2 lines so far.")
        await say(anna, "3", "3 lines so far.")
        await say(anna, "/start", "Demo Shop")
        await say(anna, "/search followers", "Choose a service")
        await press(anna, "Continue my order", "3 lines so far.")
        question = await say(anna, "4\n5", "5 lines so far.")
        await press(anna, "Back", "Send the link.", question)
        await say(anna, "@other", "5 lines so far.")
        await say(anna, "/help", "How an order goes")
        await say(anna, "6\n7\n8", "8 lines so far.")
        await say(anna, "9\n10", "10 lines so far.")
        await press(anna, "Done", "10 lines")
        await press(anna, "✎ comments", "Send the comments")
        await say(anna, "eleven\ntwelve", "2 lines so far.")
        await say(anna, "/start", "Demo Shop")
        await press(anna, "Continue my order", "2 lines so far.")
        await press(anna, "Back", "10 lines")
        assert "so far" not in (await press(anna, "✎ comments", "Send the comments")).text
        await press(anna, "Back", "10 lines")
        await press(anna, "Confirm", "#1 · ")
        await panel.took(1)
        assert panel.adds[0]["comments"].split("\n") == [str(number) for number in range(1, 11)]


async def test_a_list_half_typed_belongs_to_its_form(tmp_path: Path) -> None:
    """Another order of the same service begins with an empty list; the star leaves the list as it is."""
    async with open_shop(tmp_path, alpha=[COMMENTS, FOLLOWERS]) as shop:
        anna = shop.anna
        await fill(anna, COMMENTS, LINK, "1\n2")
        await say(anna, "/search comments", "Choose a service")
        await press(anna, COMMENTS.name, "Send the link.")
        assert "so far" not in (await say(anna, LINK, "Send the comments")).text
        await say(anna, "/start", "Demo Shop")
        await say(anna, "https://instagram.com/p/Cabc123/", "Choose a service")
        opened = await press(anna, COMMENTS.name, "Send the comments")
        await say(anna, "1", "1 line so far.")
        await press(anna, "☆ Favourite", "1 line so far.", opened)
        await say(anna, "2", "2 lines so far.")


async def test_a_form_is_walked_both_ways_and_left(tmp_path: Path) -> None:
    """Back keeps every answer, whatever is no answer is told so, and every answer changes from the summary."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await fill(anna, FOLLOWERS)
        for send in (anna.send_sticker, anna.send_photo, anna.send_contact):
            await send()
            assert "Send the link." in (await anna.expect("Please send text.")).text
        await say(anna, "/nonsense", "I do not know this command.")
        await say(anna, LINK, "Send the quantity")
        screen = await press(anna, "Back", "Send the link.")
        assert f"Link: {LINK}" in screen.text
        await press(anna, "Continue my order", "Send the quantity")
        await press(anna, "Back", "Send the link.")
        await say(anna, "@other", "Send the quantity")
        await say(anna, "1000", "Wallet after it: $48.83")
        again = await say(anna, "yes", "Please choose one of the buttons.")
        assert again.text.startswith("Your order")
        await say(anna, "/confirm", "I do not know this command.")
        await press(anna, "Back", "Send the quantity")
        await press(anna, "Back", "Send the link.")
        await press(anna, "Continue my order", "Your order")
        screen = await press(anna, "✎ quantity", "Send the quantity")
        await press(anna, "Back", "Quantity: 1,000")
        await press(anna, "✎ quantity", "Send the quantity")
        await say(anna, "nothing", "not a whole number")
        assert "Link: @other" in (await say(anna, "2000", "Price: $2.34")).text
        await press(anna, "✎ link", "Send the link.")
        await say(anna, LINK, f"Link: {LINK}")
        await press(anna, "Cancel", "The form is closed. Nothing was ordered.")
        await press(anna, "Main menu", "Demo Shop")
        await fill(anna, FOLLOWERS, LINK)
        await say(anna, "/help", "How an order goes")
        await say(anna, "500", "Price: $0.585")
        home = await say(anna, "/start", "Demo Shop")
        assert home.labels[0] == "Continue my order"
        await say(anna, "hello", "I found nothing like it.")
        await press(anna, "Continue my order", "Price: $0.585")
        assert "Continue my order" not in (await say(anna, "/cancel", "The form is closed.")).labels
        assert await shop.rows("SELECT count(*) FROM orders") == [(0,)]
        assert panel.adds == []


async def test_confirm_charges_what_was_shown_or_shows_it_again(tmp_path: Path) -> None:
    """A price that changed, a price that is old, limits that changed, and a service that is gone are not charged."""
    clock = MovedClock()
    async with open_shop(tmp_path, alpha=[FOLLOWERS], clock=clock) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")

        async def changed(**to: object) -> None:
            panel.set_offers([replace(FOLLOWERS, **to)])  # type: ignore[arg-type]  # any of its fields
            await shop.stocked()

        await fill(anna, FOLLOWERS, LINK, "1000")
        await changed(rate=Decimal("1.00"))
        shown = await press(anna, "Confirm", "Price: $1.30")
        assert "Please look again" in shown.text
        clock.ahead += timedelta(minutes=11)
        too_old = await anna.press("Confirm")
        assert "Please look again" in too_old.text
        assert too_old.show_alert
        await changed(rate=Decimal("1.00"), min=2000)
        await press(anna, "Confirm", "Too small: the minimum is 2,000.")
        await say(anna, "3000", "Price: $3.90")
        await press(anna, "Confirm", "#1 · ")
        await panel.took(1)
        assert await shop.rows("SELECT price, held FROM orders") == [(39_000, 39_000)]

        await fill(anna, FOLLOWERS, "@other", "3000")
        panel.set_offers([replace(FOLLOWERS, service="77", name="Something else")])
        await shop.stocked()
        gone = await anna.press("Confirm")
        assert "not on sale any more" in gone.text
        await say(anna, "what?", "not on sale any more")
        await press(anna, "Cancel", "The form is closed.")
        assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
        assert await shop.rows("SELECT balance FROM wallets") == [(461_000,)]
