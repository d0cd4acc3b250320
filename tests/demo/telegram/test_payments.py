"""Payments in Stars: invoices, the question before, what is paid, refunded, lost and repeated."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice, Message, PreCheckoutQuery, Update

from bot.demo.telegram import ChatMessage, DemoTelegram, Fate, Outcome, Person
from tests.demo.telegram.conftest import HandClock
from tests.demo.telegram.test_strictness import call

ANNA, BEN = 1001, 1002
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
PAY = {"text": "Pay now", "pay": True}
BACK = {"text": "Back", "callback_data": "back"}


def invoice(**changes: Any) -> dict[str, Any]:
    """What sendInvoice takes, with something else in it; None leaves a thing out."""
    values = {
        "chat_id": ANNA,
        "title": "Top up",
        "description": "Money for your wallet",
        "payload": "p-1",
        "currency": "XTR",
        "prices": [{"label": "Top up", "amount": 100}],
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def price(*amounts: object) -> list[dict[str, object]]:
    return [{"label": "x", "amount": amount} for amount in amounts]


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


WRONG = [
    (invoice(title=None), 'parameter "title" is required'),
    (invoice(payload=""), 'parameter "payload" is required'),
    (invoice(prices=None), 'parameter "prices" is required'),
    (invoice(prices={"label": "x"}), "expected an Array of labeled prices"),
    (invoice(prices=["x"]), "can't parse labeled price: LabeledPrice must be an Object"),
    (invoice(prices=[{"amount": 1}]), "can't parse labeled price: LabeledPrice label must be non-empty"),
    (invoice(prices=[{"label": "x"}]), "can't parse labeled price: Can't find field"),
    (invoice(prices=price("many")), "can't parse labeled price: Can't parse"),
    (invoice(prices=price(1.5)), "can't parse labeled price: Can't parse"),
    (invoice(prices=price(0)), "total price must be positive"),
    (invoice(prices=[]), "total price must be positive"),
    (invoice(prices=price(25_001)), "CURRENCY_TOTAL_AMOUNT_INVALID"),
    (invoice(prices=price(1, 2)), "STARS_INVOICE_INVALID"),
    (invoice(max_tip_amount=5), "STARS_INVOICE_INVALID"),
    (invoice(need_email=True), "STARS_INVOICE_INVALID"),
    (invoice(title="x" * 33), "STARS_INVOICE_INVALID"),
    (invoice(description="x" * 256), "STARS_INVOICE_INVALID"),
    (invoice(payload="é" * 65), "INVOICE_PAYLOAD_INVALID"),
    (invoice(currency="USD"), "PAYMENT_PROVIDER_INVALID"),
    (invoice(provider_token="1:x"), "PAYMENT_PROVIDER_INVALID"),
    (invoice(chat_id=5), "chat not found"),
    (invoice(reply_markup=keys([BACK])), "REPLY_MARKUP_BUY_EMPTY"),
    (invoice(reply_markup={"force_reply": True}), "REPLY_MARKUP_BUY_EMPTY"),
    (invoice(reply_markup=keys([BACK], [PAY])), "BUTTON_POS_INVALID"),
    (invoice(reply_markup=keys([PAY, PAY])), "BUTTON_POS_INVALID"),
]


@pytest.mark.parametrize(("values", "words"), WRONG, ids=[words for _values, words in WRONG])
async def test_an_invoice_is_refused_in_telegrams_words(
    tg: DemoTelegram, anna: Person, values: dict[str, Any], words: str
) -> None:
    status, answer = await call(tg, "sendInvoice", values)
    assert (status, answer["description"].removeprefix("Bad Request: ")[: len(words)]) == (400, words)
    assert len(anna.messages) == 1


async def send(bot: Bot, *, amount: int = 100, payload: str = "p-1", start: str | None = None) -> Message:
    """An invoice in Anna's chat."""
    prices = [LabeledPrice(label="Top up", amount=amount)]
    return await bot.send_invoice(ANNA, "Top up", "For you", payload, "XTR", prices, start_parameter=start)


async def link(bot: Bot, amount: int = 100) -> str:
    prices = [LabeledPrice(label="Top up", amount=amount)]
    return await bot.create_invoice_link("Top up", "For you", "p-2", "XTR", prices, provider_token="")


async def asked(bot: Bot) -> PreCheckoutQuery:
    """The newest pre-checkout query."""
    queries = [update.pre_checkout_query for update in await bot.get_updates() if update.pre_checkout_query]
    return queries[-1]


async def paid(bot: Bot, who: Person, what: ChatMessage | str, deliver: int = 1) -> Outcome:
    """Somebody pays, and the bot agrees."""
    checkout = await who.checkout(what, deliver)
    await bot.answer_pre_checkout_query((await asked(bot)).id, ok=True)
    return await checkout.settled()


async def payments(bot: Bot) -> list[Update]:
    return [each for each in await bot.get_updates() if each.message and each.message.successful_payment]


async def test_an_invoice_is_shown_with_its_pay_button(bot: Bot, anna: Person) -> None:
    """Without a keyboard it has one button; people and bot see all but the payload."""
    sent = await send(bot, amount=25_000)
    assert sent.invoice is not None
    assert (sent.invoice.title, sent.invoice.currency, sent.invoice.total_amount) == ("Top up", "XTR", 25_000)
    shown = await anna.expect_invoice()
    assert shown.buttons == [["Pay ⭐25000"]]
    assert "p-1" not in str(shown.as_json())
    with pytest.raises(AssertionError, match=r"opens a payment: use pay\(\)"):
        await anna.press("Pay")
    with pytest.raises(AssertionError, match="sends nothing"):
        await anna.tap("Pay")


async def test_what_can_be_changed_of_an_invoice(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """It has no text; its keyboard goes on beginning with a Pay button."""
    sent = await send(bot)
    place = {"chat_id": ANNA, "message_id": sent.message_id}
    for method, values, words in (
        ("editMessageText", {"text": "x"}, "there is no text in the message to edit"),
        ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
        ("editMessageReplyMarkup", {}, "message is not modified"),
        ("editMessageReplyMarkup", {"reply_markup": keys([BACK])}, "REPLY_MARKUP_BUY_EMPTY"),
        ("copyMessage", {"from_chat_id": ANNA}, "can't copy message content"),
    ):
        _status, answer = await call(tg, method, place | values)
        assert answer["description"].startswith(f"Bad Request: {words}")
    await call(tg, "editMessageReplyMarkup", place | {"reply_markup": keys([PAY], [BACK])})
    assert anna.messages[-1].buttons == [["Pay now"], ["Back"]]


async def test_a_payment_that_the_bot_agrees_to(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The bot is asked, Stars move, and the chat says so; the button shows the receipt from then on."""
    await send(bot)
    message = await anna.expect_invoice()
    paying = asyncio.create_task(anna.pay(message))
    await asyncio.sleep(0)
    query = await asked(bot)
    assert (query.from_user.id, query.currency, query.total_amount, query.invoice_payload) == (ANNA, "XTR", 100, "p-1")
    assert anna.stars == 100_000
    await query.as_(bot).answer(ok=True)
    outcome = await paying
    assert outcome.paid
    assert (anna.stars, tg.bot_stars) == (99_900, 100)
    (update,) = await payments(bot)
    assert update.update_id == outcome.update_id
    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.id == ANNA
    report = update.message.successful_payment
    assert report is not None
    assert (report.currency, report.total_amount, report.invoice_payload) == ("XTR", 100, "p-1")
    assert report.telegram_payment_charge_id == outcome.charge
    assert report.provider_payment_charge_id
    assert anna.history[message.id].buttons == [["Receipt"]]
    assert await anna.pay(message) == Outcome(Fate.RECEIPT, charge=outcome.charge)
    assert tg.bot_stars == 100


async def test_a_payment_that_the_bot_refuses(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The bot's words are needed and shown; nothing moves, and it can be tried again."""
    await send(bot)
    message = await anna.expect_invoice()
    checkout = await anna.checkout(message)
    query = await asked(bot)
    with pytest.raises(TelegramBadRequest, match='parameter "error_message" is required'):
        await bot.answer_pre_checkout_query(query.id, ok=False)
    await bot.answer_pre_checkout_query(query.id, ok=False, error_message="The price changed")
    assert await checkout.settled() == Outcome(Fate.REFUSED, "The price changed")
    with pytest.raises(TelegramBadRequest, match=OLD_QUERY):
        await bot.answer_pre_checkout_query(query.id, ok=True)
    assert (anna.stars, list(tg.transactions)) == (100_000, [])
    assert (await paid(bot, anna, message)).paid


async def test_ten_seconds_to_answer(tg: DemoTelegram, bot: Bot, anna: Person, clock: HandClock) -> None:
    """After that nothing is taken, whoever notices first: the clock, a test, or the person who waits."""
    await send(bot)
    message = await anna.expect_invoice()
    slow = await anna.checkout(message)
    query = await asked(bot)
    clock.time += 10
    with pytest.raises(TelegramBadRequest, match=OLD_QUERY):
        await bot.answer_pre_checkout_query(query.id, ok=True)
    assert (await slow.settled()).expired
    ended = await anna.checkout(message)
    ended.expire()
    with pytest.raises(TelegramBadRequest, match=OLD_QUERY):
        await bot.answer_pre_checkout_query((await asked(bot)).id, ok=True)
    with pytest.raises(AssertionError, match="a payment to be settled"):
        await anna.pay(message, timeout=0.01)
    tg.checkout_seconds = 0
    assert (await anna.pay(message)).expired
    assert anna.stars == 100_000


async def test_a_bot_that_wants_no_questions_is_not_asked(bot: Bot, anna: Person) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await send(bot)
    assert (await anna.pay(await anna.expect_invoice())).expired


async def test_two_devices_pay_one_invoice_once(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    await send(bot)
    message = await anna.expect_invoice()
    first, second = await anna.checkout(message), await anna.checkout(message)
    for query_id in (first.id, second.id):
        await bot.answer_pre_checkout_query(query_id, ok=True)
    outcome = await first.settled()
    assert await second.settled() == Outcome(Fate.RECEIPT, charge=outcome.charge)
    assert tg.bot_stars == 100


async def test_who_has_too_few_stars_is_told_by_the_app(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    await send(bot)
    anna.stars = 99
    before = tg.world.updates.waiting
    assert (await anna.pay(await anna.expect_invoice())).fate is Fate.SHORT
    assert tg.world.updates.waiting == before


async def test_a_link_is_paid_by_anybody_as_often_as_they_like(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The payment is told in the private chat of who paid, who need not have written before."""
    ben = tg.person(BEN, "Ben")
    address = await link(bot)
    assert address.startswith("https://t.me/$")
    outcomes = [await paid(bot, who, address) for who in (anna, anna, ben)]
    assert len({outcome.charge for outcome in outcomes}) == 3
    assert [update.message and update.message.chat.id for update in await payments(bot)] == [ANNA, ANNA, BEN]
    await bot.send_message(BEN, "Thank you")
    with pytest.raises(AssertionError, match="nothing to pay"):
        await anna.pay("https://t.me/$other")


async def test_somebody_elses_invoice_is_paid_in_a_forwarded_copy(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Unless it has a start parameter; Anna's own button stays as it was."""
    ben = tg.person(BEN, "Ben")
    await ben.send("/start")
    await send(bot)
    message = await anna.expect_invoice()
    assert (await paid(bot, ben, message)).paid
    assert (ben.stars, anna.stars) == (99_900, 100_000)
    assert anna.history[message.id].labels == ["Pay ⭐100"]
    copy = await bot.forward_message(BEN, ANNA, message.id)
    assert (await paid(bot, ben, ben.history[copy.message_id])).paid
    await send(bot, start="pay")
    closed = await anna.expect_invoice()
    with pytest.raises(AssertionError, match="leads to the bot instead"):
        await ben.pay(closed)
    link_only = await bot.forward_message(BEN, ANNA, closed.id)
    assert (await ben.press("Pay", ben.history[link_only.message_id])).url == "https://t.me/demo_shop_bot?start=pay"


async def test_an_invoice_that_was_taken_away_cannot_be_paid(bot: Bot, anna: Person) -> None:
    """But who pressed Pay before goes on paying."""
    sent = await send(bot)
    message = await anna.expect_invoice()
    checkout = await anna.checkout(message)
    await bot.delete_message(ANNA, sent.message_id)
    assert await anna.pay(message) == Outcome(Fate.REFUSED, "MESSAGE_ID_INVALID")
    await bot.answer_pre_checkout_query(checkout.id, ok=True)
    assert (await checkout.settled()).paid


async def test_the_word_of_a_payment_can_be_lost_and_repeated(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Lost, it is paid at Telegram all the same; repeated, it comes under another update id."""
    address = await link(bot)
    lost = await paid(bot, anna, address, deliver=0)
    assert (lost.paid, lost.update_id) == (True, 0)
    assert await payments(bot) == []
    assert tg.bot_stars == 100
    at_last = tg.repeat_payment(lost.charge)
    assert [update.update_id for update in await payments(bot)] == [at_last]
    twice = await paid(bot, anna, address, deliver=2)
    updates = await payments(bot)
    assert [update.update_id for update in updates] == [at_last, twice.update_id - 1, twice.update_id]
    assert updates[1].message == updates[2].message


async def test_a_payment_nobody_asked_about(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """Any amount, payload and currency; only Stars are counted."""
    await anna.pay_unasked("unknown", 7)
    await anna.pay_unasked("p-1", 250, currency="USD")
    reports = [update.message and update.message.successful_payment for update in await payments(bot)]
    found = [(each.currency, each.total_amount, each.invoice_payload) for each in reports if each]
    assert found == [("XTR", 7, "unknown"), ("USD", 250, "p-1")]
    assert (anna.stars, tg.bot_stars) == (99_993, 7)


async def test_a_refund_is_made_once_and_told(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The Stars come back; the message about it is in the payer's chat, from the bot itself."""
    outcome = await paid(bot, anna, await link(bot))
    tg.person(BEN)
    for user_id, charge, words in (
        (0, outcome.charge, "invalid user_id specified"),
        (ANNA, "", 'parameter "telegram_payment_charge_id" is required'),
        (ANNA, "other", "CHARGE_NOT_FOUND"),
        (BEN, outcome.charge, "CHARGE_NOT_FOUND"),
    ):
        with pytest.raises(TelegramBadRequest, match=words):
            await bot.refund_star_payment(user_id, charge)
    assert await bot.refund_star_payment(ANNA, outcome.charge)
    assert (anna.stars, (await bot.get_my_star_balance()).amount) == (100_000, 0)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.from_user is not None
    assert (message.chat.id, message.from_user.id) == (ANNA, 42)
    assert message.refunded_payment is not None
    assert message.refunded_payment.telegram_payment_charge_id == outcome.charge
    assert (message.refunded_payment.total_amount, message.refunded_payment.invoice_payload) == (100, "p-2")
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(ANNA, outcome.charge)


async def test_telegram_can_reverse_a_payment(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    outcome = await paid(bot, anna, await link(bot))
    update_id = tg.reverse(outcome.charge)
    newest = (await bot.get_updates())[-1]
    assert newest.update_id == update_id
    assert newest.message is not None
    assert newest.message.refunded_payment is not None
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(ANNA, outcome.charge)


async def test_transactions_are_listed_from_the_oldest(bot: Bot, anna: Person, clock: HandClock) -> None:
    """A refund has the payment's id and the other direction; limits out of range are moved into it."""
    first = await paid(bot, anna, await link(bot, 10))
    clock.time += 60
    second = await paid(bot, anna, await link(bot, 20))
    await bot.refund_star_payment(ANNA, first.charge)
    listed = (await bot.get_star_transactions()).transactions
    assert [(each.id, each.amount) for each in listed] == [(first.charge, 10), (second.charge, 20), (first.charge, 10)]
    assert [each.source is not None for each in listed] == [True, True, False]
    assert (listed[1].date - listed[0].date).total_seconds() == 60
    partner = listed[2].receiver
    assert partner is not None
    assert partner.model_dump(include={"type", "transaction_type", "invoice_payload"}) == {
        "type": "user",
        "transaction_type": "invoice_payment",
        "invoice_payload": "p-2",
    }
    for offset, limit, count in ((0, 2, 2), (2, 2, 1), (5, 2, 0), (0, 0, 1), (0, 1000, 3)):
        assert len((await bot.get_star_transactions(offset, limit)).transactions) == count
