"""Payments in Telegram Stars: https://core.telegram.org/bots/api#payments."""

from __future__ import annotations

from typing import Any

from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.formatting import FormattedText, utf16_length
from bot.demo.telegram.keyboards import checked_markup
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.methods import method, room_to_write
from bot.demo.telegram.params import Params
from bot.demo.telegram.sending import post, reply_to
from bot.demo.telegram.stars import XTR, Invoice
from bot.demo.telegram.texts import cleaned
from bot.demo.telegram.world import World

LONGEST_TITLE = 32
LONGEST_DESCRIPTION = 255
LONGEST_PAYLOAD = 128  # bytes
MOST_STARS = 25_000
MOST_TRANSACTIONS = 100
# Asked for goods that are sent somewhere: nothing of that goes with Stars.
NOT_FOR_STARS = (
    "need_name",
    "need_phone_number",
    "need_email",
    "need_shipping_address",
    "send_phone_number_to_provider",
    "send_email_to_provider",
    "is_flexible",
)


@method("sendInvoice")
def send_invoice(world: World, params: Params) -> JsonObject:
    """An invoice as a message; without a keyboard of its own it has a Pay button."""
    invoice = _invoice(params)
    room = room_to_write(world, params)
    markup = checked_markup(params.structure("reply_markup"), invoice.amount)
    content = {"invoice": invoice.shown}
    message = post(world, room, FormattedText(""), markup, content=content, extra=reply_to(room, params))
    world.stars.sent[room.id, message.id] = invoice
    return message.as_update()


@method("createInvoiceLink")
def create_invoice_link(world: World, params: Params) -> str:
    """An invoice as a link, to be paid by whoever opens it, as often as they like."""
    if params.text("subscription_period"):
        raise bad_request("subscriptions are not known to this stand-in")
    invoice = _invoice(params)
    link = f"https://t.me/${world.unique('invoice-')}"
    world.stars.links[link] = invoice
    return link


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(world: World, params: Params) -> bool:
    """Let a payment go on, or stop it with words for the person who pays."""
    refusal = "" if params.flag("ok") else params.required("error_message")
    world.stars.answer(params.text("pre_checkout_query_id"), refusal, world.clock())
    return True


@method("getMyStarBalance")
def get_my_star_balance(world: World, _params: Params) -> JsonObject:
    """The bot's Stars."""
    return {"amount": world.stars.balance}


@method("getStarTransactions")
def get_star_transactions(world: World, params: Params) -> JsonObject:
    """What came in and went out, the oldest first; a limit out of range is moved into it."""
    offset = max(params.integer("offset"), 0)
    limit = min(max(params.integer("limit", MOST_TRANSACTIONS), 1), MOST_TRANSACTIONS)
    return {"transactions": world.stars.transactions[offset : offset + limit]}


@method("refundStarPayment")
def refund_star_payment(world: World, params: Params) -> bool:
    """Give a payment back, once and in full."""
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    give_back(world, params.required("telegram_payment_charge_id"), user_id)
    return True


def give_back(world: World, charge: str, user_id: int | None = None) -> int:
    """Refund a payment and say so in its chat; the id of the update. ApiError 400 if there is nothing to refund.

    The message comes from the bot itself, and the bot is told of it all the same.
    """
    payment = world.stars.give_back(charge, world.now, user_id)
    room = payment.room
    world.announce("stars", room, world.stars.balances[room.id])
    message = world.put(
        room,
        ChatMessage(
            id=world.next_message_id(room),
            chat=room.chat,
            sender=world.me,
            from_bot=False,  # no words of the bot's, which is what people wait for
            date=world.now,
            text="",
            content={"refunded_payment": payment.refund_report},
        ),
    )
    return world.updates.push("message", message.as_update())


def _invoice(params: Params) -> Invoice:
    title, description = cleaned(params.required("title")), cleaned(params.required("description"))
    payload, currency = params.required("payload"), params.required("currency")
    amounts = [_amount(price) for price in _prices(params)]
    if sum(amounts) <= 0:
        raise bad_request("total price must be positive")
    if currency != XTR or params.text("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if len(payload.encode()) > LONGEST_PAYLOAD:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    # What exactly Telegram says to titles that are too long is not written anywhere.
    long = utf16_length(title) > LONGEST_TITLE or utf16_length(description) > LONGEST_DESCRIPTION
    if long or len(amounts) != 1 or params.integer("max_tip_amount") or any(map(params.flag, NOT_FOR_STARS)):
        raise bad_request("STARS_INVOICE_INVALID")
    if amounts[0] > MOST_STARS:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return Invoice(title, description, payload, currency, amounts[0], params.text("start_parameter"))


def _prices(params: Params) -> list[Any]:
    params.required("prices")
    prices = params.structure("prices")
    if not isinstance(prices, list):
        raise bad_request("expected an Array of labeled prices")
    return prices


def _amount(price: Any) -> int:
    if not isinstance(price, dict):
        raise bad_request("can't parse labeled price: LabeledPrice must be an Object")
    if not price.get("label") or not isinstance(price["label"], str):
        raise bad_request("can't parse labeled price: LabeledPrice label must be non-empty")
    try:
        return int(str(price["amount"]))
    except KeyError:
        raise bad_request("can't parse labeled price: Can't find field \"amount\"") from None
    except ValueError:
        raise bad_request("can't parse labeled price: Can't parse \"amount\" as Number") from None
