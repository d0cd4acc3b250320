"""Stars: from a wallet that is short to an order, and every odd way in which they can come."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.demo.telegram import ChatMessage, Fate, Fault, FaultKind, Person
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, fill, press, read, say
from tests.conversations.owner import MovedClock
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
FIVE = 385  # Stars for $5.00 at the usual 0.013


async def invoice(person: Person, amount: str = "5") -> ChatMessage:
    """From the wallet to an invoice."""
    await say(person, "/wallet", "Available")
    await press(person, "Top up", "Choose an amount")
    await person.send(amount)
    return await person.expect_invoice()


async def paid(shop: OpenShop) -> list[tuple[str, int, str]]:
    """State, amount and charge of every payment, as a second connection reads them."""
    return [tuple(row) for row in await shop.rows("SELECT state, amount, charge FROM payments ORDER BY id")]


async def balances(shop: OpenShop) -> list[tuple[int, int]]:
    """Balance and debt of every wallet."""
    return [tuple(row) for row in await shop.rows("SELECT balance, owed FROM wallets ORDER BY user_id")]


async def test_from_a_short_wallet_to_the_order(tmp_path: Path) -> None:
    """The amount that lacks is offered first; once it is paid, a button brings the order back, and it is placed."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await fill(anna, FOLLOWERS, LINK, "5000")
        ask = await press(anna, "Top up", "Your order needs $5.85 more.")
        assert ask.labels[0] == "$5.85 · 450 ⭐"
        assert "From $1.00 to $130.00." in ask.text
        await anna.press("$5.85 · 450 ⭐")
        bill = await anna.expect_invoice()
        assert bill.content["invoice"]["title"] == "Top-up $5.85"
        assert bill.labels == ["Pay 450 ⭐", "Back", "Cancel"]
        before = anna.stars
        outcome = await anna.pay(bill)
        assert (outcome.fate, before - anna.stars) == (Fate.PAID, 450)
        news = await read(anna, "$5.85 is in your wallet")
        summary = await press(anna, "Continue my order", "Wallet after it: $0.00", news)
        await press(anna, "Confirm", "#1 · ", summary)
        assert await paid(shop) == [("paid", 58_500, outcome.charge)]
        assert await balances(shop) == [(0, 0)]


async def test_a_price_that_rose_while_it_was_paid_for(tmp_path: Path) -> None:
    """The way back leads to what it costs now: what lacks again is asked for, and no more than that is taken."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await fill(anna, FOLLOWERS, LINK, "5000")
        await press(anna, "Top up", "Your order needs $5.85 more.")
        await anna.press("$5.85 · 450 ⭐")
        bill = await anna.expect_invoice()
        shop.panels["alpha"].set_offers([replace(FOLLOWERS, rate=Decimal("1.00"))])
        await shop.stocked()
        await anna.pay(bill)
        summary = await press(anna, "Continue my order", "Price: $6.50", await read(anna, "$5.85 is in your wallet"))
        assert "Confirm" not in summary.labels
        ask = await press(anna, "Top up", "Your order needs $0.65 more.", summary)
        await anna.press(ask.labels[0])  # $1.00, the least that is taken
        await anna.pay(await anna.expect_invoice())
        news = await read(anna, "$1.00 is in your wallet")
        summary = await press(anna, "Continue my order", "Wallet after it: $0.35", news)
        await press(anna, "Confirm", "#1 · ", summary)
        assert await shop.rows("SELECT price FROM orders") == [(65_000,)]
        assert await balances(shop) == [(3_500, 0)]


async def test_what_cannot_be_paid_in_is_said_in_place(tmp_path: Path) -> None:
    """Amounts that are none, too small, too large, or beyond one invoice; nothing is lost by them."""
    async with open_shop(tmp_path, top_up_minimum=Decimal(2), top_up_maximum=Decimal(500)) as shop:
        anna = shop.anna
        await say(anna, "/wallet", "Available")
        await press(anna, "Top up", "From $2.00 to $130.00.")
        for typed, words in {
            "five": "This is not an amount.",
            "-5": "This is not an amount.",
            "1e3": "This is not an amount.",
            "1.99": "The smallest amount is $2.00.",
            "500.01": "The largest amount is $130.00.",  # 10,000 Stars
            "130.01": "The largest amount is $130.00.",
            "٥": "This is not an amount.",
        }.items():
            await say(anna, typed, words)
        assert await paid(shop) == []
        await anna.send("2")
        assert (await anna.expect_invoice()).labels[0] == "Pay 154 ⭐"
        await press(anna, "Back", "Choose an amount")
        await press(anna, "Back", "Available: $0.00")


async def test_told_twice_is_credited_once(tmp_path: Path) -> None:
    """Telegram may repeat its word, and the list of transactions says it a third time."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        outcome = await anna.pay(await invoice(anna), deliver=2)
        await read(anna, "$5.00 is in your wallet")
        assert outcome.update_id is not None
        await shop.telegram.confirmed(outcome.update_id)
        await shop.close()
        await shop.open()
        assert await paid(shop) == [("paid", 50_000, outcome.charge)]
        assert await balances(shop) == [(50_000, 0)]
        assert sum("is in your wallet" in message.text for message in anna.heard_messages) == 1, anna.transcript()


async def test_paid_while_the_word_is_lost(tmp_path: Path) -> None:
    """A payment that Telegram never told of is found in its list at the next start; the admins hear of it."""
    clock = MovedClock()
    async with open_shop(tmp_path, clock=clock) as shop:
        anna = shop.anna
        await say(shop.admin, "/start", "Hello")
        outcome = await anna.pay(await invoice(anna), deliver=0)
        await shop.close()
        clock.ahead += timedelta(hours=1)
        await shop.open()
        await read(anna, "$5.00 is in your wallet")
        await read(shop.admin, "Telegram's list")
        assert await paid(shop) == [("paid", 50_000, outcome.charge)]
        assert await balances(shop) == [(50_000, 0)]


async def test_an_invoice_is_paid_by_whom_it_was_made_for(tmp_path: Path) -> None:
    """A forwarded invoice is refused before Telegram takes anything."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        ben = shop.telegram.person(1002, "Ben")
        await say(ben, "/start", "Hello")
        bill = await invoice(anna)
        outcome = await ben.pay(bill)
        assert (outcome.fate, outcome.words) == (Fate.REFUSED, "This invoice was made for somebody else.")
        assert [state for state, _, _ in await paid(shop)] == ["open"]


async def test_an_old_or_closed_invoice_is_refused(tmp_path: Path) -> None:
    """After its hour, or when it was let go of; nothing is charged."""
    clock = MovedClock()
    async with open_shop(tmp_path, clock=clock) as shop:
        anna = shop.anna
        old = await invoice(anna)
        clock.ahead += timedelta(minutes=61)
        outcome = await anna.pay(old)
        assert outcome.words in {
            "This invoice is too old. Make a new one with /wallet.",
            "This invoice is settled or closed. Make a new one with /wallet.",
        }
        left = await invoice(anna)
        await anna.press("Cancel", left)
        await anna.expect("Available: $0.00")
        refused = await anna.pay(left)
        assert refused.words == "This invoice is settled or closed. Make a new one with /wallet."
        assert {state for state, _, _ in await paid(shop)} <= {"open", "expired"}


async def test_stars_that_nobody_asked_for_are_the_payers(tmp_path: Path) -> None:
    """A payment of another amount, for another's code or for none: credited at the rate, and the admins are told."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        await say(shop.admin, "/start", "Hello")
        await invoice(anna)
        [row] = await shop.rows("SELECT code FROM payments")
        await anna.pay_unasked(row.code, 100)
        await read(anna, "$1.30 is in your wallet")
        await anna.pay_unasked("nothing of ours", 10)
        await read(anna, "$0.13 is in your wallet")
        await read(shop.admin, "100")
        assert await balances(shop) == [(14_300, 0)]
        states = [(state, amount) for state, amount, _ in await paid(shop)]
        assert states == [("open", 50_000), ("paid", 13_000), ("paid", 1_300)]


async def test_another_currency_than_stars_is_nobody_s_credit(tmp_path: Path) -> None:
    """Telegram reports cents under the invoice's own code: the admins hear of it, the invoice can still be paid."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        await say(shop.admin, "/start", "Hello")
        bill = await invoice(anna)
        [row] = await shop.rows("SELECT code FROM payments")
        await anna.pay_unasked(row.code, FIVE, currency="USD")
        told = await read(shop.admin, "Telegram reports a payment of customer")
        assert f"{anna.id} in USD: {FIVE} of" in told.text
        assert await balances(shop) == []
        await anna.pay(bill)
        await read(anna, "$5.00 is in your wallet")
        assert await balances(shop) == [(50_000, 0)]


async def test_telegram_takes_a_payment_back(tmp_path: Path) -> None:
    """What was spent meanwhile is owed; nothing can be ordered until it is settled, and a top-up settles it."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await say(shop.admin, "/start", "Hello")
        outcome = await anna.pay(await invoice(anna))
        await read(anna, "$5.00 is in your wallet")
        await fill(anna, FOLLOWERS, LINK, "1000")
        await press(anna, "Confirm", "#1 · ")
        shop.telegram.reverse(outcome.charge)
        await read(anna, "given back to you")
        await read(shop.admin, "took back")
        assert await balances(shop) == [(0, 11_700)]
        wallet = await say(anna, "/wallet", "A payment was taken back after it was spent.")
        assert "Available: -$1.17" in wallet.text
        short = await fill(anna, FOLLOWERS, LINK, "1000")
        assert "Confirm" not in short.labels
        await anna.pay(await invoice(anna, "10"))
        await read(anna, "$10.00 is in your wallet")
        assert await balances(shop) == [(88_300, 0)]


async def test_an_answer_that_gets_lost_is_given_again(tmp_path: Path) -> None:
    """Telegram does not take the bot's word at first: it is repeated within the ten seconds."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        bill = await invoice(anna)
        shop.telegram.fail("answerPreCheckoutQuery", Fault(FaultKind.ERROR, code=502, words="Bad Gateway"), times=2)
        outcome = await anna.pay(bill)
        assert outcome.fate is Fate.PAID
        await read(anna, "$5.00 is in your wallet")


async def test_a_payment_overtakes_a_flood(tmp_path: Path) -> None:
    """However much the payer and others wrote before, the question is answered in time."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        bill = await invoice(anna)
        shop.telegram.fail("sendMessage", Fault(FaultKind.HANG_BEFORE), times=None, chat=anna.id)
        await anna.send("/help")
        for number in range(300):
            await anna.send(f"word {number}")
        outcome = await anna.pay(bill)
        assert outcome.fate is Fate.PAID
        shop.telegram.heal()
        await read(anna, "$5.00 is in your wallet")


async def test_a_forged_amount_is_checked_again(tmp_path: Path) -> None:
    """A button with an amount out of the limits, or a way that is off, makes no invoice."""
    async with open_shop(tmp_path) as shop:
        anna = shop.anna
        await say(anna, "/wallet", "Available")
        ask = await press(anna, "Top up", "Choose an amount")
        for forged in (cb.TopUp(way="stars", amount=2**62), cb.TopUp(way="cash", amount=50_000)):
            anna.forge(forged.pack(), ask)
        await anna.expect("The largest amount")
        answer = await anna.forge(cb.TopUp(way="cash").pack(), ask).answered()
        assert "not offered" in answer.text
        assert await paid(shop) == []
