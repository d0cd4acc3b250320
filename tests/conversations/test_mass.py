"""Mass orders as people make them: lines in messages and files, one summary, one Confirm, progress and a report."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.demo.panel import DemoPanel, Fault
from bot.demo.telegram import ChatMessage, Person
from tests.conversations.customer import LINK, answer, fill, press, read, say
from tests.conversations.owner import OwnersShop, owners_shop
from tests.conversations.shop import offers

[FOLLOWERS, PACKAGE, COMMENTS] = offers("alpha", "Default", "Package", "Custom Comments")
WALLET = "200"


@asynccontextmanager
async def opened(folder: Path, *, wallet: str = WALLET, **extra: Any) -> AsyncIterator[tuple[OwnersShop, Person]]:
    """A shop where lines can be ordered, and its customer."""
    async with owners_shop(folder, alpha=[FOLLOWERS, PACKAGE, COMMENTS], wallet=wallet, **extra) as mine:
        yield mine, mine.anna


async def number_of(mine: OwnersShop, name: str) -> int:
    """The shop's number of a service."""
    [(number,)] = await mine.shop.rows("SELECT id FROM services WHERE name = :name", name=name)
    return int(number)


async def reported(mine: OwnersShop, words: str = "Mass order: report") -> ChatMessage:
    """The report, a second later each time until it is there."""
    while not any(words in message.text for message in mine.anna.heard_messages):
        await mine.later(1)
    return await read(mine.anna, words)


def alpha(mine: OwnersShop) -> DemoPanel:
    """The panel."""
    return mine.shop.panels["alpha"]


async def test_lines_by_message_and_file_become_orders(tmp_path: Path) -> None:
    """What is wrong is told with its line, corrected ones are sent after it, and one Confirm orders all of them."""
    async with opened(tmp_path) as (mine, anna):
        service, package = await number_of(mine, FOLLOWERS.name), await number_of(mine, PACKAGE.name)
        comments = await number_of(mine, COMMENTS.name)
        asked = await say(anna, "/mass", "Mass order")
        for words in ("service | link | quantity", f"{service} | https://", "At most 100 lines.", ".txt file"):
            assert words in asked.text
        assert "Done" not in asked.labels
        await anna.send_sticker()
        assert "Send one order a line" in (await anna.expect("Please send text.")).text
        await say(anna, f"# for Monday\n{service} | {LINK}/1 | 1000\n{package}｜{LINK}", "2 lines so far.")
        await anna.send_file(
            "more.txt", f"{service}\t@bob\t500\r\n{service} | bob | 500\r\n{comments} | @bob | 9".encode()
        )
        sent = await anna.expect("5 lines so far.")
        assert "1 comment is passed over." in sent.text
        summary = await press(anna, "Done", "3 orders")
        for words in (
            f"{FOLLOWERS.name} × 2 · $1.755",
            f"{PACKAGE.name} × 1 · ",
            "2 lines cannot be ordered:",
            f"Line 5: {service} | bob | 500\nThis is not a link.",
            f"Line 6: {comments} | @bob | 9\nThis service asks for more than a link and a quantity",
        ):
            assert words in summary.text
        assert summary.labels == ["Confirm 3 orders", "Send corrected lines", "Cancel"]
        await press(anna, "Send corrected lines", "The good lines are kept. Send the corrected ones.\n3 lines so far.")
        await say(anna, f"{service} | @carl | 500", "4 lines so far.")
        summary = await press(anna, "Done", "4 orders")
        assert "cannot be ordered" not in summary.text
        assert [answer.text for answer in await anna.press_many("Confirm 4 orders", 3)] == ["4 orders are in."] * 3
        await alpha(mine).took(4)
        assert {add["link"] for add in alpha(mine).adds} == {f"{LINK}/1", LINK, "@bob", "@carl"}
        report = await reported(mine)
        assert "All 4 orders are placed." in report.text
        assert "4 of 4 orders sent" in (await read(anna, "orders sent")).text
        assert [message for message in anna.heard_messages if "· Pending" in message.text] == []
        assert await mine.shop.rows("SELECT count(*), count(DISTINCT batch_id) FROM orders") == [(4, 1)]
        await press(anna, "My orders", "The newest first.", report)


async def test_a_hundred_lines_are_sent_while_one_message_counts(tmp_path: Path) -> None:
    """The count is corrected in place, also when its button was pressed; the report says what was refused."""
    async with opened(tmp_path, panel_timeout=60.0) as (mine, anna):
        service, panel = await number_of(mine, FOLLOWERS.name), alpha(mine)
        panel.fail("add", Fault.refused("Incorrect link"), link=f"{LINK}/7")
        panel.fail("add", Fault.slow(60.0), link=f"{LINK}/50")
        text = "\n".join(f"{service} | {LINK}/{n} | 100" for n in range(100))
        await say(anna, "/mass", "Mass order")
        await anna.send_file("list.txt", f"{text}\n{service} | {LINK}/100 | 100".encode())
        assert "Done" not in (await anna.expect("101 are too many: at most 100")).labels
        await anna.send_file("list.txt", text.encode())
        await anna.expect("100 lines so far.")
        summary = await press(anna, "Done", "100 orders")
        await anna.press("Confirm 100 orders")
        counting = await anna.expect("of 100 orders sent")
        assert counting.id == summary.id
        await anna.press("My orders", counting)
        assert (await anna.expect("The newest first.")).id > counting.id
        await panel.arrived("add", 100)
        while "99 of 100 orders sent" not in anna.history[counting.id].text:
            await mine.later(1)
        refused = "what it leads to is public.\nLine 8: #8 · Refused"
        assert refused in anna.history[counting.id].text
        panel.release()
        report = await reported(mine)
        for words in ("99 of 100 orders are placed.", refused, "$0.117 is back in your wallet."):
            assert words in report.text
        await anna.until(lambda: "100 of 100 orders sent" in anna.history[counting.id].text)
        assert [message.id for message in anna.heard_messages if "#8 · Refused" in message.text] == [
            counting.id,
            report.id,
        ]
        panel.set_status(next(iter(panel.orders)), "Completed")
        await mine.later(60)
        await read(anna, "#1 · Completed")


def data_of(message: ChatMessage, label: str) -> str:
    """What a button says to the bot."""
    [found] = [button.data for row in message.keyboard for button in row if button.label == label]
    assert found is not None
    return found


async def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """Orders that wait, the count and the report are in the books; an old *Confirm* tells how far it is."""
    async with opened(tmp_path) as (mine, anna):
        service = await number_of(mine, FOLLOWERS.name)
        await mine.ask("/pause alpha", "alpha")
        await say(anna, f"/mass\n{service} | @anna | 100\n{service} | @bob | 100", "2 lines so far.")
        summary = await press(anna, "Done", "2 orders")
        await anna.press("Confirm 2 orders")
        counting = await anna.expect("0 of 2 orders sent\n▱▱▱▱▱▱▱▱▱▱ 0%\nTotal: $0.234")
        await mine.shop.close()
        await mine.shop.open()
        await mine.shop.stocked()
        old = anna.forge(data_of(summary, "Confirm 2 orders"), summary)
        assert (await old.answered()).text == "2 orders are in."
        await mine.ask("/resume alpha", "alpha")
        await alpha(mine).took(2)
        assert "All 2 orders are placed." in (await reported(mine)).text
        await anna.until(lambda: "2 of 2 orders sent" in anna.history[counting.id].text)
        assert await mine.shop.rows("SELECT count(*) FROM orders") == [(2,)]


async def test_a_short_wallet_keeps_the_list(tmp_path: Path) -> None:
    """Top up, come back, and look again: by the button, or with /mass."""
    async with opened(tmp_path, wallet="1") as (mine, anna):
        service = await number_of(mine, FOLLOWERS.name)
        lines = "".join(f"\n{service} | @person{n} | 1000" for n in range(2))
        await say(anna, f"/mass{lines}", "2 lines so far.")
        summary = await press(anna, "Done", "2 orders")
        assert "Your wallet has $1.00: $1.34 more is needed." in summary.text
        assert summary.labels == ["Top up", "Look again", "Wallet", "Cancel"]
        await press(anna, "Top up", "Choose an amount")
        again = await say(anna, "/mass", "Send one order a line")
        assert again.labels[0] == "Continue my list: 2 lines"
        await press(anna, "Continue my list", "$1.34 more is needed")
        await mine.shop.give(anna, "2")
        await press(anna, "Continue my list", "2 orders", await say(anna, "/mass", "Send one order a line"))
        await press(anna, "Confirm 2 orders", "of 2 orders sent")
        await alpha(mine).took(2)
        await reported(mine)


async def test_what_changed_is_shown_again_before_it_is_charged(tmp_path: Path) -> None:
    """A price that rose, a service that is gone, and a summary that is too old."""
    async with opened(tmp_path) as (mine, anna):
        service, package = await number_of(mine, FOLLOWERS.name), await number_of(mine, PACKAGE.name)
        await say(anna, f"/mass\n{service} | @anna | 1000\n{package} | {LINK}", "2 lines so far.")
        first = await press(anna, "Done", "2 orders")
        alpha(mine).set_offers([replace(FOLLOWERS, rate=Decimal("1.00")), COMMENTS])
        await mine.shop.stocked()
        answer = await anna.press("Confirm 2 orders")
        assert answer.show_alert
        assert "Please look again" in answer.text
        again = await anna.expect("Total: $1.30")
        assert again.id == first.id
        assert f"Line 2: {package} | {LINK}\nThere is no service {package} on sale." in again.text
        await mine.later(601)
        old = data_of(again, "Confirm 1 order")
        assert "Please look again" in (await anna.press("Confirm 1 order")).text
        await anna.until(lambda: data_of(anna.history[again.id], "Confirm 1 order") != old)
        await press(anna, "Confirm 1 order", "0 of 1 order sent")
        await alpha(mine).took(1)
        await reported(mine, "The 1 order is placed.")
        assert await mine.shop.rows("SELECT price FROM orders") == [(13_000,)]


async def test_a_list_is_left_and_corrected_freely(tmp_path: Path) -> None:
    """Lines sent at the summary correct it; cancelling orders nothing; a form behind it stays open."""
    async with opened(tmp_path) as (mine, anna):
        service = await number_of(mine, FOLLOWERS.name)
        await fill(anna, FOLLOWERS, "@anna")
        await say(anna, "/mass", "Mass order")
        await say(anna, "nonsense", "1 line so far.")
        summary = await press(anna, "Done", "None of these lines can be ordered.")
        assert "Line 1: nonsense\nWrite it as service | link | quantity." in summary.text
        assert summary.labels == ["Send corrected lines", "Cancel"]
        line = f"{service} | @anna | 100"
        assert "are kept" not in (await say(anna, line, "1 line so far.")).text
        await press(anna, "Done", "1 order")
        assert "are kept" in (await say(anna, f"{line}\n{line}x", "3 lines so far.")).text
        summary = await press(anna, "Done", "2 orders")
        assert "Line 2: the same service and link as in line 1." in summary.text
        assert f"Line 3: {line}x\nThis is not a whole number." in summary.text
        await say(anna, "/nonsense", "I do not know this command.")
        await press(anna, "Cancel", "The list is closed. Nothing was ordered.", summary)
        gone = await anna.forge("mc:2:mark", summary).answered()
        assert gone.text == "This list is closed. Send another one with /mass."
        await say(anna, "/mass", "Mass order")
        await press(anna, "Continue my order", "Send the quantity")
        assert await mine.shop.rows("SELECT count(*) FROM batches") == [(0,)]
        assert await mine.shop.rows("SELECT count(*) FROM orders") == [(0,)]


async def test_a_list_gets_the_money_that_it_lacks(tmp_path: Path) -> None:
    """What is missing is offered first; once it is paid, a button leads back to the list as it stands then."""
    async with opened(tmp_path, wallet="1") as (mine, anna):
        service = await number_of(mine, FOLLOWERS.name)
        await say(anna, f"/mass\n{service} | @anna | 1000\n{service} | @bob | 1000", "2 lines so far.")
        await press(anna, "Done", "more is needed")
        asked = await press(anna, "Top up", "Your order needs $1.34 more.")
        assert asked.labels[0].startswith("$1.34 · ")
        await anna.press(asked.labels[0])
        await anna.pay(await anna.expect_invoice())
        news = await read(anna, "$1.34 is in your wallet")
        assert news.labels == ["Continue my list: 2 lines"]
        summary = await press(anna, "Continue my list: 2 lines", "Wallet after it: $0.00", news)
        await press(anna, "Confirm 2 orders", "2 orders sent", summary)
        await alpha(mine).took(2)


async def test_a_list_that_comes_in_pieces_is_whole(tmp_path: Path) -> None:
    """A long list is pasted at once, cut in two by the app, before anything was answered."""
    async with opened(tmp_path) as (mine, anna):
        service = await number_of(mine, FOLLOWERS.name)
        first, second = ("\n".join(f"{service} | @{who}{n} | 100" for n in range(30)) for who in ("anna", "bob"))
        await anna.send(f"/mass\n{first}")
        await anna.send(second)
        await anna.send(second)
        await anna.expect("90 lines so far.")
        await press(anna, "Done", "90 orders")
        await anna.send(first)
        await anna.send("nonsense")
        refused = await anna.expect("120 are too many: at most 100")
        assert "90 lines so far." in refused.text
        await anna.expect("91 lines so far.")


async def test_digits_are_those_of_the_reader(tmp_path: Path) -> None:
    """Service and quantity may be in the digits of one's own script."""
    async with opened(tmp_path) as (mine, _):
        omar = mine.shop.telegram.person(1002, "Omar", language="ar")
        await mine.shop.give(omar, "5")
        native = {ord(str(digit)): chr(0x660 + digit) for digit in range(10)}
        service = str(await number_of(mine, FOLLOWERS.name)).translate(native)
        sent = await answer(omar, f"/mass\n{service} | @omar | {'1000'.translate(native)}")
        summary = await answer(omar, f"[{sent.labels[0]}]")
        await omar.press(summary.labels[0])
        await alpha(mine).took(1)
        assert [(add["link"], add["quantity"]) for add in alpha(mine).adds] == [("@omar", "1000")]
