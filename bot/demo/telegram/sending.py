"""Methods that put messages into chats, change them and take them away."""

from __future__ import annotations

from dataclasses import replace

from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.formatting import FormattedText
from bot.demo.telegram.keyboards import checked_inline, checked_markup
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.methods import method, room_to_write
from bot.demo.telegram.params import Params
from bot.demo.telegram.rooms import Room
from bot.demo.telegram.texts import caption_text, message_text
from bot.demo.telegram.world import World

SECONDS_TO_DELETE = 48 * 3600
# What the limits on sending count; answers to presses and questions about chats are free.
COUNTED = {
    "sendmessage",
    "senddocument",
    "sendphoto",
    "sendinvoice",
    "copymessage",
    "forwardmessage",
    "editmessagetext",
    "editmessagecaption",
    "editmessagereplymarkup",
}


def post(
    world: World,
    room: Room,
    formatted: FormattedText,
    markup: JsonObject | None,
    *,
    content: JsonObject | None = None,
    extra: JsonObject | None = None,
    file: bytes = b"",
) -> ChatMessage:
    """Let a message of the bot stand in a chat."""
    return world.put(
        room,
        ChatMessage(
            id=world.next_message_id(room),
            chat=room.chat,
            sender=None if room.kind == "channel" else world.me,
            from_bot=True,
            date=world.now,
            text=formatted.text,
            entities=formatted.entities,
            markup=markup,
            content=content or {},
            extra=extra or {},
            file=file,
        ),
    )


@method("sendMessage")
def send_message(world: World, params: Params) -> JsonObject:
    """A text message."""
    formatted = message_text(params)
    room = room_to_write(world, params)
    markup = checked_markup(params.structure("reply_markup"))
    return post(world, room, formatted, markup, extra=reply_to(room, params)).as_update()


def reply_to(room: Room, params: Params) -> JsonObject:
    """What a message carries that answers another. ApiError 400 when that one is missing."""
    wanted = params.structure("reply_parameters") or {"message_id": params.integer("reply_to_message_id")}
    if "message_id" not in wanted:
        raise bad_request('can\'t find field "message_id"')
    if not wanted["message_id"]:
        return {}
    original = room.history.get(wanted["message_id"])
    if original is not None:
        return {"reply_to_message": original.as_update()}
    if wanted.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


@method("copyMessage")
def copy_message(world: World, params: Params) -> JsonObject:
    """A message again, without a word about where it came from."""
    room, original = _two_chats(world, params, "copy")
    if original.of_payments:
        raise bad_request("can't copy message content")
    markup = checked_markup(params.structure("reply_markup"))
    given = original.content and "caption" in params.values
    words = caption_text(params) if given else _words(original)
    return {"message_id": post(world, room, words, markup, content=original.content, file=original.file).id}


@method("forwardMessage")
def forward_message(world: World, params: Params) -> JsonObject:
    """A message again, with where it came from."""
    room, original = _two_chats(world, params, "forward")
    origin: JsonObject = {"date": original.date}
    if original.sender is not None:
        origin |= {"type": "user", "sender_user": original.sender}
    else:
        origin |= {"type": "channel", "chat": original.chat, "message_id": original.id}
    if original.of_payments and "invoice" not in original.content:
        raise bad_request("message can't be forwarded")
    content, extra = original.content, {"forward_origin": origin}
    markup = _forwarded_markup(world, content)
    message = post(world, room, _words(original), markup, content=content, extra=extra, file=original.file)
    invoice = world.stars.sent.get((original.chat["id"], original.id))
    if invoice is not None and not invoice.start_parameter:
        world.stars.sent[room.id, message.id] = invoice
    return message.as_update()


def _forwarded_markup(world: World, content: JsonObject) -> JsonObject | None:
    """Of keyboards a copy keeps none; an invoice has its Pay button, or one that opens the bot."""
    if "invoice" not in content:
        return None
    start = content["invoice"]["start_parameter"]
    if not start:
        return checked_markup(None, content["invoice"]["total_amount"])
    link = f"https://t.me/{world.me['username']}?start={start}"
    return {"inline_keyboard": [[{"text": "Pay", "url": link}]]}


def _two_chats(world: World, params: Params, what: str) -> tuple[Room, ChatMessage]:
    room = room_to_write(world, params)
    source = world.room(params.text("from_chat_id"))
    original = source.history.get(params.integer("message_id"))
    if original is None:
        raise bad_request(f"message to {what} not found")
    return room, original


def _words(message: ChatMessage) -> FormattedText:
    return FormattedText(message.text, message.entities)


@method("editMessageText")
def edit_message_text(world: World, params: Params) -> JsonObject:
    """New words for a message of the bot; a keyboard that is not sent again goes away."""
    formatted = message_text(params)
    room, message = own_message(world, params)
    if message.content:
        raise bad_request("there is no text in the message to edit")
    return change(world, room, message, formatted, checked_inline(params.structure("reply_markup")))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Params) -> JsonObject:
    """A new keyboard for a message of the bot, or none."""
    room, message = own_message(world, params)
    price = message.content.get("invoice", {}).get("total_amount")
    return change(world, room, message, _words(message), checked_inline(params.structure("reply_markup"), price))


def own_message(world: World, params: Params) -> tuple[Room, ChatMessage]:
    """The message that a call wants to edit. ApiError 400 for one that is missing or not the bot's own."""
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    room = room_to_write(world, params)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = room.history.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    reply_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if not message.from_bot or reply_keyboard or "forward_origin" in message.extra:
        raise bad_request("message can't be edited")
    return room, message


def change(
    world: World, room: Room, message: ChatMessage, formatted: FormattedText, markup: JsonObject | None
) -> JsonObject:
    """Let an edited message stand in its chat. ApiError 400 when nothing in it is new."""
    if (message.text, message.entities, message.markup) == (formatted.text, formatted.entities, markup):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    changed = replace(message, text=formatted.text, entities=formatted.entities, markup=markup, edit_date=world.now)
    return world.put(room, changed).as_update()


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    """Take a message out of a chat, up to 48 hours after it was sent."""
    room = room_to_write(world, params)
    message = room.history.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if world.now - message.date > SECONDS_TO_DELETE:
        raise bad_request("message can't be deleted for everyone")
    del room.history[message.id]
    world.announce("deleted", room, message.id)
    room.changed.pulse()
    return True
