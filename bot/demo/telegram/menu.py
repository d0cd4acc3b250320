"""The command menu and the bot's profile: https://core.telegram.org/bots/api#setmycommands."""

from __future__ import annotations

import json
import re

from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.methods import method
from bot.demo.telegram.params import Params
from bot.demo.telegram.people import Person
from bot.demo.telegram.world import World

MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
_PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_PROFILE = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    """The menu for a scope and a language."""
    commands = params.structure("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = _place(world, params)
    world.commands[key] = [_command(command) for command in commands]
    world.announce("menu", None, None)
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[JsonObject]:
    """The menu of exactly this scope and language."""
    return world.commands.get(_place(world, params), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    """Let a wider scope's menu show through."""
    world.commands.pop(_place(world, params), None)
    world.announce("menu", None, None)
    return True


def menu_of(world: World, person: Person) -> list[tuple[str, str]]:
    """The menu a person sees: the narrowest scope that has one, and in it their language's first."""
    scopes = (f"chat {person.id}", "all_private_chats", "default")
    keys = [(scope, language) for scope in scopes for language in (person.language[:2], "")]
    commands = next((world.commands[key] for key in keys if world.commands.get(key)), [])
    return [(command["command"], command["description"]) for command in commands]


def _place(world: World, params: Params) -> tuple[str, str]:
    scope = params.structure("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    language = params.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    if kind in _PLAIN_SCOPES:
        return kind, language
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    room = world.room(str(scope.get("chat_id", "")))
    if isinstance(room, Person) and not room.started:
        raise bad_request("chat not found")
    return f"{kind} {room.id}", language


def _command(command: object) -> JsonObject:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > LONGEST_COMMAND:
        raise bad_request(f"command length must not exceed {LONGEST_COMMAND}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {LONGEST_DESCRIPTION}")
    return {"command": name, "description": description}


def _register_profile(suffix: str, field: str, longest: int) -> None:
    def setter(world: World, params: Params) -> bool:
        text = params.text(field)
        if len(text) > longest:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        world.profile[field, params.text("language_code")] = text
        return True

    def getter(world: World, params: Params) -> JsonObject:
        wide = world.profile.get((field, ""), world.me["first_name"] if field == "name" else "")
        return {field: world.profile.get((field, params.text("language_code"))) or wide}

    method(f"setMy{suffix}")(setter)
    method(f"getMy{suffix}")(getter)


for _suffix, (_field, _longest) in _PROFILE.items():
    _register_profile(_suffix, _field, _longest)


@method("setChatMenuButton")
def set_chat_menu_button(world: World, params: Params) -> bool:
    """Accepted; the page shows the commands' menu in any case."""
    button = params.structure("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    world.profile["menu_button", params.text("chat_id")] = json.dumps(button)
    return True
