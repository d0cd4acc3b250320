"""The owner puts money into wallets and takes it out, and looks people up."""

import logging
from pathlib import Path

import pytest

from bot.demo.telegram import Fault
from tests.conversations.owner import owners_shop
from tests.conversations.shop import CUSTOMER, offers

STRANGER = 7_000_000_001
# What is typed after /credit or /debit, and a part of what it is answered with.
NO_AMOUNTS = {
    "": "Write it like this",
    f"{CUSTOMER}": "Write it like this",
    f"{CUSTOMER} nan": "not an amount",
    f"{CUSTOMER} 1e5": "not an amount",
    f"{CUSTOMER} -5": "not an amount",
    f"{CUSTOMER} １２": "not an amount",
    f"{CUSTOMER} 0": "The smallest amount is $0.0001",
    f"{CUSTOMER} 1,000": "thousand or a fraction",
    f"{CUSTOMER} 0.00001": "at most 4",
    f"{CUSTOMER} 99999999999": "The largest amount is $1,000,000,000.00",
    "<b> 5": "not a person",
    "@<i> 5": "not a person",
    f"{STRANGER} 5": f"Nobody with the id {STRANGER}",
    "@nobody_here 5": "Nobody called @nobody_here",
}


async def test_money_goes_into_a_wallet_and_out_of_it(tmp_path: Path) -> None:
    """By id or username; the owner reads whose wallet it was, the customer and the other admins what happened."""
    async with owners_shop(tmp_path, alpha=offers("alpha", "Default"), helped=True, wallet="") as mine:
        owner, anna = mine.owner, mine.anna
        await mine.ask(f"/credit {CUSTOMER} 5", f"Nobody with the id {CUSTOMER} has written to the bot yet.")
        await mine.ask("/credit @anna 5", "Nobody called @anna has written to the bot yet.")
        await anna.send("/start")
        await anna.expect("Wallet: $0.00")
        said = await mine.ask(f"/credit {CUSTOMER} 12.50 a bonus & <b>thanks</b>", "put into the wallet")
        assert said.text.splitlines() == [
            "✅ $12.50 put into the wallet of Anna & <b> @anna 1001.",
            "Reason: a bonus & <b>thanks</b>",
            "Available now: $12.50",
        ]
        told = await anna.expect("The shop put $12.50 into your wallet.")
        assert "Reason: a bonus & <b>thanks</b>\nAvailable: $12.50" in told.text
        await mine.helper.expect("Admin 9001 put $12.50 into the wallet of Anna & <b> (1001).")
        said = await mine.ask("/debit @ANNA 2,5 paid twice", "taken from the wallet")
        assert "$2.50 taken from the wallet of Anna & <b> @anna 1001" in said.text
        assert "Available now: $10.00" in said.text
        await anna.expect("The shop took $2.50 from your wallet.")
        await mine.ask(f"/debit {CUSTOMER} 10.0001", "The wallet has only $10.00.")
        for command in ("/credit", "/debit"):
            for typed, answer in NO_AMOUNTS.items():
                await mine.ask(f"{command} {typed}".strip(), answer)
        assert await mine.money() == (100_000, 0, 0)
        await mine.ask(f"/debit {CUSTOMER} 10", "Available now: $0.00")
        kept = "SELECT kind, admin_id, reason FROM transfers ORDER BY id"
        assert await mine.shop.rows(kept) == [
            ("credit", owner.id, "a bonus & <b>thanks</b>"),
            ("debit", owner.id, "paid twice"),
            ("debit", owner.id, ""),
        ]
        await anna.send("/wallet")
        wallet = await anna.expect("On hold: $0.00")
        assert "a bonus & <b>thanks</b>" in wallet.text


async def test_a_command_that_comes_twice_moves_money_once(tmp_path: Path) -> None:
    """Telegram sends an update again that was handled, but not confirmed, before the shop was closed."""
    async with owners_shop(tmp_path, alpha=offers("alpha", "Default"), wallet="") as mine:
        await mine.anna.send("/start")
        await mine.anna.heard()
        mine.shop.telegram.fail("getUpdates", Fault.reset_before(), times=None)
        update = await mine.owner.send(f"/credit {CUSTOMER} 5")
        await mine.owner.expect("put into the wallet")
        await mine.shop.close()
        assert update in mine.shop.telegram.world.updates.waiting
        mine.shop.telegram.heal()
        await mine.shop.open()
        await mine.shop.telegram.confirmed(update)
        await mine.ask(f"/user {CUSTOMER}", "Available: $5.00")
        assert mine.told("put into the wallet") == 1
        assert await mine.money() == (50_000, 0, 0)


async def test_a_person_s_file(tmp_path: Path) -> None:
    """Wallet, last orders and what may be wrong; by id or username, and each order is a button to its file."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        for typed, answer in {
            "": "Write it like this: /user ID",
            " <b>": "not a person",
            f" {STRANGER}": f"Nobody with the id {STRANGER}",
            " @nobody_here": "Nobody called @nobody_here",
        }.items():
            await mine.ask(f"/user{typed}", answer)
        file = await mine.ask("/user @Anna", "Anna & <b> @anna 1001")
        assert "No orders" in file.text
        await mine.buy(offer, "https://instagram.com/anna", "1000")
        await mine.shop.panels["alpha"].took(1)
        await mine.anna.expect("Pending")
        await mine.anna.block()
        file = await mine.ask(f"/user {CUSTOMER}", "1 order")
        while "Has blocked the bot" not in file.text:  # her chat and the owner's are served side by side
            file = await mine.ask(f"/user {CUSTOMER}", "1 order")
        for line in ("Available: $48.83", "On hold: $1.17", "1 order", "Language: en"):
            assert line in file.text.splitlines()
        await mine.owner.press("#1 · Pending")
        await mine.owner.expect("Order #1: Pending")


async def test_what_is_the_owner_s_is_nobody_else_s(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A customer's admin command is an unknown one, and logged; admin buttons that somebody forges do nothing."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        anna, eve = mine.anna, mine.shop.telegram.person(6666, "Eve", username="eve")
        await mine.ask("/pause", "takes no orders")
        await mine.buy(offer, "https://instagram.com/anna", "1000")
        await eve.send("/nonsense")
        unknown = (await eve.heard()).text
        caplog.set_level(logging.WARNING, "bot.telegram.routers.fallback")
        for command in (
            "/credit 6666 5",
            "/debit 1001 5",
            "/user 1001",
            "/uncertain",
            "/sync",
            "/pause alpha",
            "/resume alpha",
        ):
            await eve.send(command)
            assert (await eve.heard()).text == unknown
            name = command.split()[0]
            assert f"user 6666, who is no admin, tried {name}" in caplog.messages
        await eve.send("/balance")
        wallet = await eve.expect("Available: $0.00")
        await eve.send("/order 1")
        await eve.expect("There is no order #1.")
        decisions = ("show", "look", "placed", "resend", "refund", "part", "close")
        raw = [f"d:1:{do}:{sure}:{about}" for do in decisions for sure in (0, 1) for about in ("", "uncertain")]
        raw += ["d:0:list:0:", "p:alpha:pause", "p:alpha:resume", "p::refresh"]
        for data in raw:
            for person in (anna, eve):
                answer = await person.forge(data, wallet).answered()
                assert answer.show_alert
                assert "#1" not in answer.text
        assert mine.shop.panels["alpha"].adds == []
        assert await mine.shop.rows("SELECT state, held FROM orders") == [("waiting", 11_700)]
        assert await mine.shop.rows("SELECT gate FROM panels") == [("admin",)]
