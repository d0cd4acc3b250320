"""What customers do beside ordering: their orders, the wallet, the language, leaving things, and getting lost."""

import logging
from pathlib import Path
from typing import Final

import pytest

from tests.conversations.shop import OpenShop, offers, open_shop

LINK = "https://instagram.com/anna"
# Nothing is sent while the panel is paused, so the order waits.
PANEL: Final = "alpha"


async def ask_for_quantity(shop: OpenShop) -> None:
    await shop.anna.send("/order")
    await shop.anna.press("Instagram Followers")
    await shop.anna.press("Followers | Mixed | Instant")
    await shop.anna.send(LINK)
    await shop.anna.expect("quantity")


async def buy(shop: OpenShop) -> None:
    await ask_for_quantity(shop)
    await shop.anna.send("1000")
    await shop.anna.expect("Wallet after it")
    await shop.anna.press("Confirm")
    await shop.anna.expect("#1 · ")


async def pause(shop: OpenShop) -> None:
    await shop.admin.send(f"/pause {PANEL}")
    await shop.admin.heard()


async def test_an_order_that_waits_is_taken_back_in_full(tmp_path: Path) -> None:
    """It is asked once more; the whole price returns, and the panel never hears of it."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.give(shop.anna, "25")
        await pause(shop)
        await buy(shop)
        await shop.anna.press("Take it back")
        asked = await shop.anna.expect("Take order #1 back?")
        answer = await shop.anna.press("Yes, take it back")
        assert answer.text == "The order is canceled."
        await shop.anna.expect("You took it back before it was sent")
        await shop.anna.send("/wallet")
        await shop.anna.expect("Available: $25.00")
        again = await shop.anna.press("Yes, take it back", message=asked)
        assert "does not wait any more" in (again.text or "")
        assert shop.panels[PANEL].adds == []
        assert await shop.rows("SELECT 1 FROM transfers WHERE kind = 'settle'") == [(1,)]


async def test_nobody_sees_the_orders_of_others(tmp_path: Path) -> None:
    """Neither by number nor by a button that somebody copied."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.give(shop.anna, "25")
        await pause(shop)
        await buy(shop)
        eve = shop.telegram.person(6666, "Eve", username="eve")
        await eve.send("/order 1")
        await eve.expect("There is no order #1.")
        await eve.send("/orders")
        mine = await eve.expect("You have not ordered anything yet")
        for wish in ("show", "look", "cancel", "cancel_sure", "ask"):
            answer = await eve.forge(f"o:1:{wish}", mine).answered()
            assert answer.text == "There is no order #1."
        await shop.anna.send("/order #1")
        await shop.anna.expect("#1 · Waiting")


async def test_a_button_that_means_nothing_is_answered(tmp_path: Path) -> None:
    """Whatever a changed client sends; and nothing fails over it."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.anna.send("/start")
        menu = await shop.anna.expect("Wallet")
        huge = 10**30
        for raw in (
            "",
            "x",
            "go:nowhere",
            "o:1",
            f"o:{huge}:show",
            f"f:{huge}:confirm:",
            "l:xx",
            "o:-1:show",
            "d:1:show:0:",
        ):
            answer = await shop.anna.forge(raw or " ", menu).answered()
            assert "out of date" in (answer.text or ""), raw
        assert await shop.rows("SELECT 1 FROM inbox WHERE failures > 0") == []


async def test_admin_commands_do_not_exist_for_customers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They are answered as any unknown command, and logged; /balance is the wallet."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        answers = set()
        with caplog.at_level(logging.WARNING, logger="bot.telegram.routers.fallback"):
            for command in (
                "/nonsense",
                f"/credit {shop.anna.id} 100",
                "/sync",
                "/pause alpha",
                "/user 1",
                "/uncertain",
            ):
                await shop.anna.send(command)
                answers.add((await shop.anna.expect("do not know this command")).text)
        assert len(answers) == 1
        assert [record.args for record in caplog.records] == [
            (shop.anna.id, name) for name in ("credit", "sync", "pause", "user", "uncertain")
        ]
        await shop.anna.send("/balance")
        await shop.anna.expect("Available: $0.00")


async def test_another_screen_does_not_cost_the_form(tmp_path: Path) -> None:
    """The question goes on waiting beside it, and the form can be continued from there."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.give(shop.anna, "25")
        await ask_for_quantity(shop)
        await shop.anna.send("/wallet")
        await shop.anna.expect("Available: $25.00")
        await shop.anna.send("1000")
        await shop.anna.expect("Wallet after it")
        await shop.anna.send("/start")
        await shop.anna.expect("Hello")
        await shop.anna.press("Continue my order")
        await shop.anna.expect("Wallet after it")
        await shop.anna.send("/cancel")
        await shop.anna.expect("The form is closed. Nothing was ordered.")
        await shop.anna.send("/cancel")
        await shop.anna.expect("Nothing is open")
        assert await shop.rows("SELECT 1 FROM drafts") == []


async def test_the_language_is_chosen_and_kept(tmp_path: Path) -> None:
    """The bot answers in it at once, and after it was closed and opened again."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.anna.send("/language")
        await shop.anna.expect("Which language")
        await shop.anna.press("Русский")
        await shop.anna.expect_button("✓ Русский")
        await shop.close()
        await shop.open()
        await shop.anna.send("/language")
        await shop.anna.expect_button("✓ Русский")


async def test_who_blocks_the_bot_hears_the_news_when_they_come_back(tmp_path: Path) -> None:
    """Nothing is sent meanwhile, and nothing is lost."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default")) as shop:
        await shop.give(shop.anna, "25")
        await shop.anna.block()
        await shop.admin.send(f"/credit {shop.anna.id} 1 while you were away")
        await shop.admin.heard()
        assert shop.anna.heard_messages[-1].text.endswith("Available: $25.00")
        await shop.anna.unblock()
        await shop.anna.send("/start")
        await shop.anna.expect("while you were away")


async def test_menus_are_apart_for_customers_and_admins(tmp_path: Path) -> None:
    """An admin's menu is there once they have a chat with the bot."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default"), menus=True) as shop:
        await shop.admin.send("/start")
        await shop.admin.expect("Hello")
        customers = [name for name, _ in shop.telegram.menu(shop.anna)]
        assert customers[:3] == ["start", "order", "search"]
        assert not {"balance", "credit"} & set(customers)
        await shop.telegram.until(lambda: "resume" in dict(shop.telegram.menu(shop.admin)))
        admins = [name for name, _ in shop.telegram.menu(shop.admin)]
        assert admins[: len(customers)] == customers
        assert {"balance", "credit", "uncertain", "resume"} <= set(admins)


async def test_looking_again_asks_the_panel_and_not_too_often(tmp_path: Path) -> None:
    """The card shows what the panel says now; a second press right after it costs the panel nothing."""
    async with open_shop(tmp_path, alpha=offers(PANEL, "Default"), status_seconds=3600) as shop:
        await shop.give(shop.anna, "25")
        await buy(shop)
        panel = shop.panels[PANEL]
        await shop.anna.until(lambda: any("Pending" in each.text for each in shop.anna.heard_messages))
        panel.advance()
        await shop.anna.send("/order 1")
        await shop.anna.expect("#1 · Pending")
        await shop.anna.press("Look again")
        await shop.anna.expect("#1 · In progress")
        asked = panel.counts["status"]
        await shop.anna.send("/order 1")
        await shop.anna.expect("#1 · In progress")
        assert (await shop.anna.press("Look again")).text == "This is how it stands now."
        assert panel.counts["status"] == asked == 1
