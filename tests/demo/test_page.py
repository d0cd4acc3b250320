"""The chat page in a real browser: what somebody sees who runs ``make demo``."""

from aiogram import Bot
from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice
from playwright.async_api import Browser, Page, expect

from bot.demo.telegram import DemoTelegram
from tests.demo.conftest import heard, write


async def test_one_orders_in_the_browser_and_sees_it_complete(page: Page) -> None:
    """A customer chooses, types a link and a quantity, confirms, and watches the order to its end."""
    chat = page.locator("#pane-customer")
    await expect(chat).to_contain_text("A gift to try the shop")

    await expect(page.locator(".guide")).to_contain_text("@demo_shop_bot")
    await write(chat, "/order")
    for label in ("Instagram", "Instagram Followers", "Followers | Mixed | Instant"):
        await chat.get_by_role("button", name=label).last.click()
    await expect(chat).to_contain_text("Send the link")
    await write(chat, "https://instagram.com/anna")
    await expect(chat).to_contain_text("Send the quantity")
    await write(chat, "1000")
    await chat.get_by_role("button", name="Confirm").click()
    for status in ("#1 · Pending", "#1 · Completed"):
        await expect(chat).to_contain_text(status)
    await expect(page.locator("#pane-channel")).to_contain_text("Completed")


async def test_one_pays_in_the_browser(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """The sheet shows what is paid, then the shop's refusal or that it is paid; the chat keeps the receipt."""
    page = await browser.new_page()
    await page.goto(telegram.url, wait_until="domcontentloaded")
    chat, sheet = page.locator("#pane-customer"), page.get_by_role("dialog")
    await bot.send_invoice(1001, "Top up", "For your wallet", "p-1", "XTR", [LabeledPrice(label="x", amount=100)])
    last = telegram.world.updates.waiting[-1]
    for refusal, told in (("The price changed", "The price changed"), ("", "Paid. Thank you!")):
        await chat.get_by_role("button", name="Pay ★100").click()
        await expect(sheet).to_contain_text("Your balance: 100,000 ★")
        await sheet.get_by_role("button", name="Pay 100 ★").press("Enter")
        update = await heard(bot, last)
        assert update.pre_checkout_query is not None
        last = update.update_id
        await bot.answer_pre_checkout_query(update.pre_checkout_query.id, not refusal, refusal or None)
        await expect(sheet).to_contain_text(told)
        await page.keyboard.press("Escape")
        await expect(sheet).not_to_be_visible()
    await expect(chat).to_contain_text("You paid 100 ★ to Demo Shop")
    telegram.reverse(telegram.transactions[0]["id"])
    await expect(chat).to_contain_text("Demo Shop gave back 100 ★")
    await chat.get_by_role("button", name="Receipt").click()
    await expect(chat).to_contain_text("You paid 100 ★. Receipt: stx-")
    await page.close()


async def test_one_sends_a_receipt_and_follows_buttons_in_the_browser(
    browser: Browser, telegram: DemoTelegram, bot: Bot
) -> None:
    """Pictures go as photos with what was typed, other files as documents; links to pay open the sheet."""
    page = await browser.new_page()
    await page.goto(telegram.url, wait_until="domcontentloaded")
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    await chat.get_by_placeholder("Message").fill("my receipt")
    files = chat.locator("input[type=file]")
    await files.set_input_files({"name": "receipt.png", "mimeType": "image/png", "buffer": b"a picture"})
    photo = await heard(bot, last)
    assert photo.message is not None
    assert photo.message.photo is not None
    assert photo.message.caption == "my receipt"
    assert telegram.world.files[photo.message.photo[-1].file_id].data == b"a picture"
    await files.set_input_files({"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"what I paid"})
    paper = (await heard(bot, photo.update_id)).message
    assert paper is not None
    assert paper.document is not None
    assert (paper.document.file_name, paper.document.mime_type) == ("receipt.pdf", "application/pdf")
    async with page.expect_download() as download:
        await chat.get_by_role("link", name="receipt.pdf").click()
    assert (await (await download.value).path()).read_bytes() == b"what I paid"
    prices = [LabeledPrice(label="x", amount=50)]
    link = await bot.create_invoice_link("By link", "For your wallet", "p-2", "XTR", prices)
    rows = [
        [InlineKeyboardButton(text="Pay with Stars", url=link)],
        [InlineKeyboardButton(text="Copy the address", copy_text=CopyTextButton(text="TQ-address"))],
    ]
    await bot.send_message(1001, "How?", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
    await chat.get_by_role("button", name="Copy the address").click()
    await expect(chat.get_by_text("Copied").or_(chat.get_by_text("TQ-address"))).to_be_visible()
    await chat.get_by_role("link", name="Pay with Stars").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Pay 50 ★?")
    await page.close()
