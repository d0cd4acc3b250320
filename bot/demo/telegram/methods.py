"""The methods of the Bot API by name, and the ones about the bot itself and its chats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.demo.telegram.callbacks import Answer
from bot.demo.telegram.errors import JsonObject, bad_request, forbidden
from bot.demo.telegram.files import PHOTO
from bot.demo.telegram.params import Params
from bot.demo.telegram.people import Person
from bot.demo.telegram.rooms import Channel, Room
from bot.demo.telegram.world import World

Method = Callable[[World, Params], Any]
METHODS: dict[str, Method] = {}
LARGEST_DOWNLOAD = 20 * 1024 * 1024  # bytes a bot can fetch with getFile
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
POSTING_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as a method of the API."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def room_to_write(world: World, params: Params) -> Room:
    """The chat a call wants to write to. ApiError when it does not exist or is closed to the bot."""
    room = world.room(params.text("chat_id"))
    room.check_bot_may_write()
    return room


@method("getMe")
def get_me(world: World, _params: Params) -> JsonObject:
    """Who the bot is."""
    return world.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": world.inline.on,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("setWebhook")
def set_webhook(world: World, params: Params) -> bool:
    """Take a webhook's address; nothing is ever sent there, it only keeps getUpdates out."""
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.updates.webhook = {"url": url} if url else {}
    _drop_if_asked(world, params)
    return True


@method("deleteWebhook")
def delete_webhook(world: World, params: Params) -> bool:
    """Let getUpdates work again."""
    world.updates.webhook = {}
    _drop_if_asked(world, params)
    return True


def _drop_if_asked(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.drop()


@method("getWebhookInfo")
def get_webhook_info(world: World, _params: Params) -> JsonObject:
    """The webhook's address and how much waits."""
    return {
        "url": world.updates.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    """Answer a press, once."""
    answer = Answer(params.text("text"), params.flag("show_alert"), params.text("url"))
    press = world.presses.settle(params.text("callback_query_id"), answer, world.clock())
    body = {"text": answer.text, "show_alert": answer.show_alert, "press": press.id}
    world.announce("answer", press.room, body)
    press.room.changed.pulse()
    return True


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    """Show that the bot is busy."""
    room = room_to_write(world, params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.announce("action", room, params.text("action"))
    return True


@method("getChat")
def get_chat(world: World, params: Params) -> JsonObject:
    """A chat the bot has met."""
    room = world.room(params.text("chat_id"))
    if isinstance(room, Person) and not room.started:
        raise bad_request("chat not found")
    if isinstance(room, Channel):
        room.check_bot_may_write()
    return room.chat | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _gift_types()}


def _gift_types() -> JsonObject:
    kinds = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return dict.fromkeys(kinds, False)


@method("getChatMember")
def get_chat_member(world: World, params: Params) -> JsonObject:
    """What somebody is in a chat."""
    room = world.room(params.text("chat_id"))
    user_id = params.integer("user_id")
    if user_id == world.me["id"]:
        return _own_membership(world, room)
    if isinstance(room, Channel) and not room.bot_is_admin:
        raise forbidden(f"bot is not a member of the {room.kind} chat")
    person = world.rooms.get(user_id)
    if not isinstance(person, Person):
        raise bad_request("user not found")
    return {"user": person.user, "status": "member" if room in (person, world.rooms.get(room.id)) else "left"}


def _own_membership(world: World, room: Room) -> JsonObject:
    if not isinstance(room, Channel):
        return {"user": world.me, "status": "member"}
    if not room.bot_is_admin:
        raise forbidden(f"bot is not a member of the {room.kind} chat")
    rights = dict.fromkeys(POSTING_RIGHTS, False) | {"can_manage_chat": True, "can_post_messages": True}
    return {"user": world.me, "status": "administrator", "is_anonymous": False} | rights


@method("getFile")
def get_file(world: World, params: Params) -> JsonObject:
    """Where a file can be fetched."""
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": f"u-{file.id}",
        "file_size": file.size,
        "file_path": f"{'photos' if file.kind == PHOTO else 'documents'}/{file.id}",
    }
