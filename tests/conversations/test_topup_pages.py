"""Crypto Pay and transfers from the customer's side: a page to pay on, a receipt to send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.demo.cryptopay import DemoCryptoPay, Fault
from bot.demo.telegram import ChatMessage
from tests.conversations.customer import LINK, fill, press, read, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
INSTRUCTIONS = {"": "Bank <A>\naccount 42", "ar": "البنك"}


@asynccontextmanager
async def crypto_shop(folder: Path) -> AsyncIterator[tuple[OpenShop, DemoCryptoPay]]:
    """A shop that takes Crypto Pay beside Stars."""
    pay = DemoCryptoPay()
    async with pay.serve():
        token = SecretStr(pay.token)
        async with open_shop(folder, alpha=[FOLLOWERS], crypto_pay_token=token, crypto_pay_url=pay.url) as shop:
            yield shop, pay


async def page(shop: OpenShop, amount: str = "5") -> ChatMessage:
    """From the wallet to the page of a payment."""
    anna = shop.anna
    await say(anna, "/wallet", "Available")
    await press(anna, "Top up", "How would you like to pay?")
    await press(anna, "Crypto", "Choose an amount")
    return await say(anna, amount, "To pay")


async def states(shop: OpenShop) -> list[tuple[str, int]]:
    """State and amount of every payment."""
    return [tuple(row) for row in await shop.rows("SELECT state, amount FROM payments ORDER BY id")]


async def test_crypto_is_found_by_asking(tmp_path: Path) -> None:
    """The link leads to the page; once it is paid there, the wallet has it, and a second look finds nothing new."""
    async with crypto_shop(tmp_path) as (shop, pay):
        shown = await page(shop)
        assert "To pay: $5.00" in shown.text
        [url] = [button.raw["url"] for row in shown.keyboard for button in row if "url" in button.raw]
        [number] = pay.invoices
        assert url.endswith(pay.invoices[number].hash)
        await press(shop.anna, "I have paid", "Not paid yet.", shown)
        pay.settle(number)
        await read(shop.anna, "$5.00 is in your wallet")
        again = await press(shop.anna, "I have paid", "in your wallet", shown)
        assert "Wallet" in again.labels
        assert await states(shop) == [("paid", 50_000)]
        assert (await shop.rows("SELECT balance FROM wallets"))[0].balance == 50_000


async def test_crypto_that_is_paid_after_cancel_counts(tmp_path: Path) -> None:
    """As the screen of a closed payment says."""
    async with crypto_shop(tmp_path) as (shop, pay):
        shown = await page(shop)
        await press(shop.anna, "Cancel", "Available: $0.00", shown)
        assert await states(shop) == [("expired", 50_000)]
        pay.settle(next(iter(pay.invoices)))
        await read(shop.anna, "$5.00 is in your wallet")
        assert await states(shop) == [("paid", 50_000)]


async def test_crypto_that_expires_is_told(tmp_path: Path) -> None:
    """Nobody paid in time: the customer hears it, and can begin again."""
    async with crypto_shop(tmp_path) as (shop, pay):
        await page(shop)
        pay.expire(next(iter(pay.invoices)))
        news = await read(shop.anna, "not paid in time")
        assert news.keyboard
        assert await states(shop) == [("expired", 50_000)]


async def test_a_wrong_sum_is_for_an_admin(tmp_path: Path) -> None:
    """Another amount or currency than was asked is not credited by itself."""
    async with crypto_shop(tmp_path) as (shop, pay):
        await say(shop.admin, "/start", "Hello")
        await page(shop)
        pay.settle(next(iter(pay.invoices)), amount="4.99")
        card = await shop.admin.expect_button("Approve")
        await read(shop.anna, "so the shop looks at it first")
        assert "$4.99" in card.text
        assert await states(shop) == [("review", 50_000)]
        await press(shop.admin, "Other amount", "How much came?", card)
        await shop.admin.send("4.99")
        await read(shop.anna, "$4.99 is in your wallet")
        assert await states(shop) == [("paid", 49_900)]


@pytest.mark.parametrize(("fiat", "code", "told"), [("EUR", None, "€5.00"), (None, "ABCD-EFGH", "ABCD-EFGH")])
async def test_another_currency_or_another_name_is_for_an_admin(
    tmp_path: Path, fiat: str | None, code: str | None, told: str
) -> None:
    """As many euros, or an invoice that the shop named otherwise: an admin sees what is wrong, the customer waits."""
    async with crypto_shop(tmp_path) as (shop, pay):
        await say(shop.admin, "/start", "Hello")
        shown = await page(shop)
        [(number, invoice)] = pay.invoices.items()
        invoice.payload = code or invoice.payload
        pay.settle(number, fiat=fiat)
        card = await shop.admin.expect_button("Approve")
        assert told in card.text
        await read(shop.anna, "so the shop looks at it first")
        assert await states(shop) == [("review", 50_000)]
        assert await shop.rows("SELECT balance FROM wallets") == []
        await press(shop.anna, "I have paid", "The shop is looking at it", shown)
        await press(shop.admin, "Approve", "approved", card)
        await read(shop.anna, "$5.00 is in your wallet")


async def test_a_provider_that_does_not_answer_costs_nothing(tmp_path: Path) -> None:
    """The customer hears so at once, nothing is begun, and the next try works."""
    async with crypto_shop(tmp_path) as (shop, pay):
        anna = shop.anna
        await say(anna, "/wallet", "Available")
        await press(anna, "Top up", "How would you like to pay?")
        await press(anna, "Crypto", "Choose an amount")
        pay.fail("createInvoice", Fault.reset(taken=False))
        await say(anna, "5", "does not answer right now. Nothing was charged.")
        assert await states(shop) == []
        await press(anna, "Try again", "To pay: $5.00")
        assert await states(shop) == [("open", 50_000)]


async def test_a_payment_found_while_the_shop_was_closed(tmp_path: Path) -> None:
    """Paid while nobody looked: it is credited after the next start, once."""
    async with crypto_shop(tmp_path) as (shop, pay):
        await page(shop)
        await shop.close()
        pay.settle(next(iter(pay.invoices)))
        await shop.open()
        await read(shop.anna, "$5.00 is in your wallet")
        await shop.close()
        await shop.open()
        assert await states(shop) == [("paid", 50_000)]


async def test_a_transfer_with_its_receipt(tmp_path: Path) -> None:
    """Instructions and a reference; what is no receipt is said; a photo goes to the admin, whose word counts."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], stars_rate=0, transfer_instructions=INSTRUCTIONS) as shop:
        anna, admin = shop.anna, shop.admin
        await admin.send("/start")
        await admin.heard()
        await fill(anna, FOLLOWERS, LINK, "5000")
        await press(anna, "Top up", "Your order needs $5.85 more.")
        shown = await press(anna, "$5.85", "Bank <A>\naccount 42")
        [payment] = await shop.rows("SELECT code FROM payments")
        assert payment.code in shown.text
        assert {"Copy the reference", "Cancel"} <= set(shown.labels)
        await say(anna, "done!", "Please send the receipt as a photo or a PDF.")
        await anna.send_file("receipt.exe", b"MZ")
        await anna.expect("Please send the receipt as a photo or a PDF.")
        await anna.send_photo("paid")
        await anna.expect("the shop has your receipt for $5.85")
        card = await admin.expect_button("Approve")
        assert payment.code in card.text
        await admin.press("Approve", card)
        news = await read(anna, "$5.85 is in your wallet")
        await press(anna, "Continue my order", "Wallet after it: $0.00", news)
        await press(anna, "Confirm", "#1 · ")
        assert await states(shop) == [("paid", 58_500)]


async def test_instructions_in_one_language_are_for_everybody(tmp_path: Path) -> None:
    """Better an account number among words that one has to have translated than none."""
    async with open_shop(tmp_path, stars_rate=0, transfer_instructions={"ru": "Банк, счёт 42"}) as shop:
        await say(shop.anna, "/wallet", "Available")
        await press(shop.anna, "Top up", "Choose an amount")
        assert "Банк, счёт 42" in (await say(shop.anna, "7", "Write this reference")).text


async def test_a_receipt_after_its_screen_was_left(tmp_path: Path) -> None:
    """Who went to the menu and then sends the photo means the transfer that waits for it."""
    async with open_shop(tmp_path, stars_rate=0, transfer_instructions=INSTRUCTIONS) as shop:
        anna = shop.anna
        await say(anna, "/wallet", "Available")
        await press(anna, "Top up", "Choose an amount")
        await say(anna, "7", "Bank <A>")
        await say(anna, "/start", "Hello")
        await anna.send_file("receipt.pdf", b"%PDF-1.7")
        await anna.expect("the shop has your receipt for $7.00")
        assert await states(shop) == [("review", 70_000)]
        ben = shop.telegram.person(1002, "Ben")
        await say(ben, "/start", "Hello")
        await ben.send_photo()
        await ben.expect("I did not get that.")
        assert await states(shop) == [("review", 70_000)]
