"""The statement: every movement with its reason and what was there after it, on pages and as a file."""

import csv
import io
import re
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo.telegram import ChatMessage, Person
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill, press, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
HEAD = ["Date (Europe/Berlin)", "What", "Order number", "Reason", "Amount", "Balance after it", "Currency"]


async def file_of(person: Person, says: str) -> ChatMessage:
    """Press the button for the file; the message that has it, with these words."""
    await person.press("As a file (CSV)")
    return await person.wait_for(
        lambda: next((each for each in person.news if each.file and says in each.text), None), None, "the statement"
    )


def table(message: ChatMessage) -> list[list[str]]:
    """What is in a file, which has to be CSV in UTF-8 with a byte order mark."""
    assert message.file.startswith(b"\xef\xbb\xbf")
    text = message.file.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert text.count("\r\n") == len(rows) == len(text.splitlines())
    return rows


def _bare(person: Person, message: ChatMessage) -> bool:
    """Whether a message has lost its buttons."""
    return not person.history[message.id].keyboard


async def test_what_is_pressed_below_a_file_comes_below_it(tmp_path: Path) -> None:
    """A file stays what it is: the screen is a new message, whatever was pressed, and the old buttons go."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        for wish, button in ((cb.Go(to="help"), "New order"), (cb.Statement(), "As a file (CSV)")):
            await say(anna, "/wallet", "Available: $10.00")
            await press(anna, "Statement", "Available: $10.00")
            sent = await file_of(anna, "1 movement")
            await anna.forge(wish.pack(), sent).answered()
            screen = await anna.expect_button(button)
            await anna.until(partial(_bare, anna, sent))
            assert screen.id > sent.id
            assert anna.history[sent.id].text == sent.text
        assert shop.telegram.sent("editMessageCaption") == []


async def test_a_statement_tells_where_the_money_went(tmp_path: Path) -> None:
    """A credit, an order, its refund and a debit, each with its balance; the same as a file, with the shop's times."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], timezone=ZoneInfo("Europe/Berlin")) as shop:
        anna, admin = shop.anna, shop.admin
        await say(anna, "/wallet", "Available: $0.00")
        empty = await press(anna, "Statement", "Nothing has moved in your wallet yet.")
        assert "As a file (CSV)" not in empty.labels
        await shop.give(anna, "10")
        await say(admin, "/pause alpha", "alpha")
        await buy(anna, FOLLOWERS, LINK, "1000")
        await press(anna, "Take it back", "Take order #1 back?")
        await press(anna, "Yes, take it back", "#1 · Canceled")
        await say(admin, f"/debit {anna.id} 2.50 a <b> & c", "$7.50")
        await say(anna, "/wallet", "Available: $7.50")
        shown = await press(anna, "Statement", "Available: $7.50")
        lines = shown.text.split("\n\n")[1:]
        assert [line.splitlines()[0] for line in lines] == [
            "−$2.50 · Taken out by the shop · a <b> & c",
            "+$1.17 · Back from order #1",
            "−$1.17 · Set aside for order #1",
            "+$10.00 · Put in by the shop · welcome",
        ]
        balances = [line.splitlines()[1].rpartition("balance after it: ")[2] for line in lines]
        assert balances == ["$7.50", "$10.00", "$8.83", "$10.00"]
        assert not any(paging in label for paging in "‹›" for label in shown.labels)
        head, *rows = table(await file_of(anna, "Statement: 4 movements."))
        assert head == HEAD
        assert [row[1:] for row in rows] == [
            ["Taken out by the shop", "", "a <b> & c", "-2.50", "7.50", "USD"],
            ["Back from order #1", "1", "", "1.17", "10.00", "USD"],
            ["Set aside for order #1", "1", "", "-1.17", "8.83", "USD"],
            ["Put in by the shop", "", "welcome", "10.00", "10.00", "USD"],
        ]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row[0]) for row in rows)
        await has_the_books_times(shop, [row[0] for row in rows])


async def has_the_books_times(shop: OpenShop, times: list[str]) -> None:
    """The file's times are those of the books, as a clock in the shop's zone shows them."""
    found = await shop.rows("SELECT at FROM transfers ORDER BY id DESC")
    berlin = shop.settings().timezone
    assert times == [f"{datetime.fromtimestamp(row.at // 1000, berlin):%Y-%m-%d %H:%M:%S}" for row in found]


async def test_pages_lead_to_each_other(tmp_path: Path) -> None:
    """Ten a page, newest first; a page that is not there is the last; the file has them all and keeps its message."""
    async with open_shop(tmp_path) as shop:
        anna, admin = shop.anna, shop.admin
        await say(anna, "/start", "Hello")
        for number in range(1, 13):
            await say(admin, f"/credit {anna.id} {number} gift {number}.", f"gift {number}.")
            await anna.expect(f"gift {number}.")
        await say(anna, "/wallet", "Available: $78.00")
        first = await press(anna, "Statement", "Page 1 of 2")
        assert [f"gift {number}." in first.text for number in (12, 3, 2)] == [True, True, False]
        assert (first.labels.count("Next ›"), first.labels.count("‹ Previous")) == (1, 0)
        last = await press(anna, "Next ›", "Page 2 of 2")
        assert last.id == first.id
        assert "+$2.00 · Put in by the shop · gift 2." in last.text
        assert "balance after it: $3.00" in last.text
        assert (last.labels.count("Next ›"), last.labels.count("‹ Previous")) == (0, 1)
        anna.forge(cb.Statement(page=999_999).pack(), last)
        await press(anna, "‹ Previous", "Page 1 of 2")
        sent = await file_of(anna, "Statement: 12 movements.")
        assert [row[4] for row in table(sent)[1:]] == [f"{number}.00" for number in range(12, 0, -1)]
        again = await press(anna, "Back", "Page 1 of 2")
        assert again.id > sent.id
        assert anna.history[sent.id].text == "Statement: 12 movements."
        await anna.until(lambda: not anna.history[sent.id].keyboard)
        await press(anna, "Wallet", "Available: $78.00")


async def test_a_reason_is_no_formula(tmp_path: Path) -> None:
    """What an admin wrote is shown by a spreadsheet and never computed; a minus before an amount is a number's."""
    async with open_shop(tmp_path) as shop:
        anna, admin = shop.anna, shop.admin
        await say(anna, "/start", "Hello")
        reasons = ["=1+1", "+1", "-1", "@A1", "＝1", "thanks;=1", '"; =1', "5 + 5"]
        for reason in reasons:
            await say(admin, f"/credit {anna.id} 1 {reason}", "Reason")
        await say(admin, f"/debit {anna.id} 2 one\n=two", "Reason")
        await say(anna, "/wallet", "Available: $6.00")
        await press(anna, "Statement", "Available: $6.00")
        rows = table(await file_of(anna, "9 movements"))[1:]
        cells = [row[3] for row in rows]
        assert cells == ["one =two", "5 + 5", "\"; '=1", "thanks;'=1", "'＝1", "'@A1", "'-1", "'+1", "'=1+1"]
        assert [Decimal(row[4]) for row in rows] == [-2, *[1] * len(reasons)]


async def test_ways_to_pay_have_their_titles(tmp_path: Path) -> None:
    """A payment in Stars is a top-up by them, and what Telegram took back says so; below zero, the balance is too."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await say(anna, "/wallet", "Available: $0.00")
        outcome = await anna.pay_unasked("nothing the shop knows", 100)
        await anna.expect("$1.30")
        await say(shop.admin, f"/debit {anna.id} 1 spent", "$0.30")
        await anna.expect("spent")
        shop.telegram.reverse(outcome.charge)
        await say(anna, "/wallet", "Available: -$1.00")
        shown = await press(anna, "Statement", "balance after it")
        assert [line.splitlines()[0] for line in shown.text.split("\n\n")[1:]] == [
            "−$1.30 · Taken back by the payment provider · Telegram Stars",
            "−$1.00 · Taken out by the shop · spent",
            "+$1.30 · Top-up · Telegram Stars",
        ]
        rows = table(await file_of(anna, "3 movements"))[1:]
        assert [row[3:6] for row in rows] == [
            ["Telegram Stars", "-1.30", "-1.00"],
            ["spent", "-1.00", "0.30"],
            ["Telegram Stars", "1.30", "1.30"],
        ]


async def test_a_form_waits_beside_the_statement(tmp_path: Path) -> None:
    """Whoever looks at the statement in the middle of an order finds the way back to it, past the file too."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        await fill(anna, FOLLOWERS, LINK)
        await say(anna, "/wallet", "Available: $10.00")
        await press(anna, "Statement", "+$10.00")
        await file_of(anna, "Statement: 1 movement.")
        await press(anna, "Back", "+$10.00")
        await press(anna, "Continue my order", "quantity")
        await say(anna, "1000", "Price: $1.17")


async def test_a_statement_is_ones_own(tmp_path: Path) -> None:
    """The button says nothing of whose wallet it is: an admin who presses it reads their own."""
    async with open_shop(tmp_path) as shop:
        await shop.give(shop.anna, "10")
        screen = await say(shop.admin, "/start", "Hello")
        shop.admin.forge(cb.Statement(csv=True).pack(), screen)
        await shop.admin.expect("Nothing has moved in your wallet yet.")
