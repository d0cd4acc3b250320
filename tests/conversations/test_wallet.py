"""The wallet, and what a form does where it is short."""

from decimal import Decimal
from pathlib import Path

from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill, press, say
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")


async def test_a_short_wallet_says_by_how_much_and_keeps_the_order(tmp_path: Path) -> None:
    """What was filled in waits until the wallet covers it; until then nothing can be confirmed."""
    async with open_shop(
        tmp_path, alpha=[FOLLOWERS], support_contact="help@shop.example", stars_rate=Decimal(0)
    ) as shop:
        anna, admin = shop.anna, shop.admin
        short = await fill(anna, FOLLOWERS, LINK, "5000")
        assert "Price: $5.85\nYour wallet has $0.00: $5.85 more is needed." in short.text
        assert "Confirm" not in short.labels
        anna.forge(cb.FormDo(draft=1, do="confirm").pack(), short)
        wallet = await press(anna, "Wallet", "Available: $0.00\nOn hold: $0.00")
        assert "write to the shop: help@shop.example" in wallet.text
        assert "Last movements" not in wallet.text
        await press(anna, "Continue my order", "$5.85 more is needed")
        await say(admin, f"/credit {anna.id} 5 first <half> & more", "$5.00")
        news = await anna.expect("The shop put $5.00 into your wallet.")
        assert "Reason: first <half> & more" in news.text
        await press(anna, "Look again", "Your wallet has $5.00: $0.85 more is needed.")
        unchanged = await anna.press("Look again")
        assert unchanged.text == "This is how it stands now."
        await say(admin, f"/credit @{anna.username} 1", "$6.00")
        covered = await press(anna, "Look again", "Wallet after it: $0.15")
        assert "Confirm" in covered.labels
        await press(anna, "Confirm", "#1 · ")
        assert await shop.rows("SELECT price, held FROM orders") == [(58_500, 58_500)]


async def test_the_wallet_shows_every_movement(tmp_path: Path) -> None:
    """Available, on hold, and what moved, newest first; /balance is the same for a customer, not the panels'."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, admin = shop.anna, shop.admin
        await shop.give(anna, "10")
        await say(admin, "/pause alpha", "alpha")
        await buy(anna, FOLLOWERS, LINK, "1000")
        await say(admin, f"/debit {anna.id} 2.50 a & b", "$6.33")
        await anna.expect("The shop took $2.50 from your wallet.")
        for command in ("/wallet", "/balance"):
            wallet = await say(anna, command, "Available: $6.33\nOn hold: $1.17")
            moved = wallet.text.partition("Last movements\n")[2].splitlines()[:3]
            assert [line.rpartition(" · ")[0] for line in moved] == [
                "−$2.50 · Taken out by the shop · a & b",
                "−$1.17 · Set aside for order #1",
                "+$10.00 · Put in by the shop · welcome",
            ]
            assert "alpha" not in wallet.text
        card = await press(anna, "My orders", "My orders")
        await press(anna, "#1", "#1 · Waiting", card)
        await press(anna, "Take it back", "Take order #1 back?")
        await press(anna, "Yes, take it back", "#1 · Canceled")
        assert "+$1.17 · Back from order #1" in (await say(anna, "/wallet", "Available: $7.50")).text
        refused = await say(admin, f"/debit {anna.id} 100", "$7.50")
        assert "The wallet has only" in refused.text
        assert await shop.rows("SELECT balance FROM wallets") == [(75_000,)]
