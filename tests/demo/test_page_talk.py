"""The chat page as a place to talk: replies, the inline mode, links to the bot, and lines that run both ways."""

import asyncio
from typing import Any

from aiogram import Bot
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo.telegram import DemoTelegram
from tests.demo.conftest import heard, write

REPLY = "Reply to this message"


async def opened_page(browser: Browser, telegram: DemoTelegram) -> Page:
    """The page of a stand-in."""
    page = await browser.new_page()
    await page.goto(telegram.url, wait_until="domcontentloaded")
    return page


def bubble(chat: Locator, text: str) -> Locator:
    """The newest message with this text."""
    return chat.locator(".message", has_text=text).last


async def reply_to(chat: Locator, text: str) -> None:
    """Press the reply action that shows beside a message of the bot's."""
    message = chat.locator(".theirs", has_text=text).last
    await message.hover()
    await message.get_by_label(REPLY).click()


def article(number: int, **more: Any) -> InlineQueryResultArticle:
    """A result of the inline mode; ``more`` is its keyboard."""
    said = InputTextMessageContent(message_text=f"Service {number} is sold here")
    return InlineQueryResultArticle(
        id=str(number), title=f"Service {number}", description=f"${number}.00", input_message_content=said, **more
    )


async def asked(bot: Bot, after: int, words: str, offset: str) -> Update:
    """The inline query that comes next, with these words."""
    update = await heard(bot, after)
    assert update.inline_query is not None
    assert (update.inline_query.query, update.inline_query.offset) == (words, offset)
    return update


async def test_a_message_is_replied_to(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """What is answered stands above the box until it is dropped, sent or deleted; the bubble quotes it."""
    page = await opened_page(browser, telegram)
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    question = await bot.send_message(1001, "Where <b>is</b> it?")
    strip = chat.locator(".answering")
    await reply_to(chat, "Where is it?")
    await expect(strip).to_contain_text("Demo ShopWhere is it?")
    await bot.edit_message_text("Where is it now?", chat_id=1001, message_id=question.message_id)
    await expect(strip).to_contain_text("Where is it now?")
    await chat.get_by_role("button", name="Do not reply").click()
    await expect(strip).not_to_be_visible()
    await reply_to(chat, "Where is it now?")
    await write(chat, "On its way")
    update = await heard(bot, last)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == question.message_id
    await expect(strip).not_to_be_visible()
    quote = bubble(chat, "On its way").get_by_title("Show this message")
    await expect(quote).to_have_text("Demo ShopWhere is it now?")
    await quote.click()
    await expect(chat.locator(".sought")).to_have_attribute("data-id", str(question.message_id))
    await reply_to(chat, "Where is it now?")
    await bot.delete_message(1001, question.message_id)
    await expect(strip).not_to_be_visible()
    await quote.click()
    await expect(chat).to_contain_text("This message was deleted.")
    await page.close()


async def test_a_receipt_is_at_hand_and_goes_with_a_reply(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """Nobody has to look for a picture on their machine to pay by transfer; a photo can answer a message too."""
    page = await opened_page(browser, telegram)
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    await bot.send_message(1001, "Send the receipt")
    await reply_to(chat, "Send the receipt")
    await chat.get_by_title("Send photos or files").click()
    await chat.get_by_role("button", name="A made-up receipt").click()
    message = (await heard(bot, last)).message
    assert message is not None
    assert message.photo is not None
    assert message.reply_to_message is not None
    assert telegram.world.files[message.photo[-1].file_id].data.startswith(b"\x89PNG")
    await page.close()


async def test_the_bot_s_name_is_completed(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """Its beginning is enough; then each pause asks the bot, and an empty answer says so."""
    page = await opened_page(browser, telegram)
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    box = chat.get_by_placeholder("Message")
    await box.press_sequentially("@demo")
    await expect(chat.locator(".menu")).to_contain_text("@demo_shop_bot")
    await box.press("Enter")
    await expect(box).to_have_value("@demo_shop_bot ")
    query = (await asked(bot, last, "", "")).inline_query
    assert query is not None
    await query.as_(bot).answer([])
    await expect(chat.locator(".results")).to_contain_text("Nothing found.")
    await box.press("Escape")
    await expect(chat.locator(".results")).not_to_be_visible()
    await page.close()


async def test_the_bot_s_name_and_words_bring_its_results(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """The list goes on when it is scrolled, arrows and Enter choose, and Enter never sends the words themselves."""
    page = await opened_page(browser, telegram)
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    box, options = chat.get_by_placeholder("Message"), chat.locator(".results").get_by_role("option")
    await box.fill("@demo_shop_bot likes")
    await box.press("Enter")  # too soon: there is nothing to choose yet
    first = await asked(bot, last, "likes", "")
    assert first.inline_query is not None
    await first.inline_query.as_(bot).answer([article(number) for number in range(1, 21)], next_offset="20")
    await expect(options).to_have_count(20)
    await expect(options.first).to_contain_text("Service 1$1.00")
    await options.last.scroll_into_view_if_needed()
    second = await asked(bot, first.update_id, "likes", "20")
    assert second.inline_query is not None
    await second.inline_query.as_(bot).answer([article(21)])
    await expect(options).to_have_count(21)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        await box.press(key)
    await expect(bubble(chat, "via @demo_shop_bot")).to_contain_text("Service 2 is sold here")
    await expect(box).to_have_value("")
    await expect(options).to_have_count(0)
    message = (await heard(bot, second.update_id)).message
    assert message is not None
    assert message.via_bot is not None
    await box.fill("@demo_shop_bot likes")  # known by now: the bot is not asked again
    await expect(options).to_have_count(20)
    await options.last.scroll_into_view_if_needed()
    await options.nth(20).click()
    await expect(bubble(chat, "via @demo_shop_bot")).to_contain_text("Service 21 is sold here")
    await page.close()


async def test_a_result_in_the_channel_leads_its_reader_to_the_shop(page: Page) -> None:
    """The owner posts a service by the inline mode, and the customer presses Order below it; a narrow page turns."""
    await page.set_viewport_size({"width": 390, "height": 800})
    customer, channel = page.locator("#pane-customer"), page.locator("#pane-channel")
    await page.get_by_role("tab", name="Channel").click()
    box = channel.get_by_placeholder("Post as the owner")
    await box.fill("@demo_shop_bot tiktok views")
    await channel.get_by_role("option", name="TikTok views").first.click()
    post = bubble(channel, "TikTok views")
    await expect(post).to_contain_text("per 1000")
    await post.get_by_role("link", name="Order").click()
    await expect(customer).to_be_visible()
    await expect(customer).to_contain_text("Send the link.")
    await customer.get_by_placeholder("Message").fill("@demo_shop_bot no such thing")
    await customer.get_by_role("button", name="Nothing found. Search in the shop").click()
    await expect(bubble(customer, "/start search")).to_be_visible()
    await customer.get_by_placeholder("Message").fill("@demo_shop_bot tiktok likes")
    await customer.get_by_role("option", name="TikTok likes").first.click()
    await expect(customer).to_contain_text("via @demo_shop_bot")
    await expect(customer.locator(".message").last).to_contain_text("Send the link.")


async def test_the_owner_answers_a_question_by_replying(page: Page) -> None:
    """As the message to the owner says: the answer reaches the customer, who answers in the same way."""
    customer, owner = page.locator("#pane-customer"), page.locator("#pane-admin")
    await expect(customer).to_contain_text("A gift to try the shop")
    await write(customer, "/help")
    await customer.get_by_role("button", name="Ask the shop").last.click()
    await expect(customer).to_contain_text("Write your message here.")
    await write(customer, "Do you sell cats?")
    await reply_to(owner, "Do you sell cats?")
    await write(owner, "Dogs only")
    await expect(bubble(owner, "Dogs only")).to_contain_text("Ticket 1")
    await reply_to(customer, "Dogs only")
    await write(customer, "A pity")
    await expect(bubble(owner, "A pity")).to_contain_text("Dogs only")


async def test_each_line_runs_its_own_way(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """As in the apps, the first letter of a line decides, unless it is quoted; the time keeps out of its way."""
    page = await opened_page(browser, telegram)
    chat = page.locator("#pane-customer")
    lines = ("Price: 5\nالسعر", "\u2068US$ 5\u2069 السعر", "السعر\nPrice: 5", "\u2068السعر\u2069 is the price")
    for text in lines:
        await bot.send_message(1001, text)
    await expect(chat.locator(".message")).to_have_count(1 + len(lines))
    left = await chat.locator(".theirs .bubble").evaluate_all("all => all.map(each => each.matches('.ends-left'))")
    assert left == [True, True, False, False]
    await page.close()


async def test_a_link_to_the_bot_is_followed_in_the_page(browser: Browser, telegram: DemoTelegram, bot: Bot) -> None:
    """In words and on buttons; who had blocked the bot comes back by it."""
    page = await opened_page(browser, telegram)
    chat, last = page.locator("#pane-customer"), telegram.world.updates.waiting[-1]
    link = "https://t.me/demo_shop_bot?start=s7"
    row = [InlineKeyboardButton(text="Order", url=link)]
    await bot.send_message(1001, f"Look: {link}", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
    await chat.get_by_role("link", name="https://t.me").click()
    first = await heard(bot, last)
    last = await telegram.person(1001).block()
    await expect(chat.get_by_role("button", name="RESTART BOT")).to_be_visible()
    await chat.get_by_role("link", name="Order").click()
    back = await asyncio.wait_for(heard(bot, last), 20)
    second = await heard(bot, back.update_id)
    assert back.my_chat_member is not None
    assert [each.message and each.message.text for each in (first, second)] == ["/start s7"] * 2
    await page.close()
