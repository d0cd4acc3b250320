"""Reply markup, checked as Telegram checks it: https://core.telegram.org/bots/api#inlinekeyboardbutton."""

from __future__ import annotations

from typing import Any

from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.formatting import utf16_length
from bot.demo.telegram.links import check_button_link

MOST_BUTTONS = 100
WIDEST_ROW = 8
LONGEST_DATA = 64  # bytes
LONGEST_COPY_TEXT = 256
STYLES = ("primary", "success", "danger")
LOOKS = ("text", "style", "icon_custom_emoji_id")
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
REPLY_KINDS = {"keyboard": list, "remove_keyboard": bool, "force_reply": bool}


def checked_markup(markup: Any) -> JsonObject | None:
    """The reply markup of a message, None for none. ApiError 400 for one that Telegram would refuse."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    for name, kind in REPLY_KINDS.items():
        if name in markup:
            if not isinstance(markup[name], kind):
                wanted = "Array" if kind is list else "Boolean"
                raise bad_request(f'field "{name}" must be of type {wanted}')
            return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def checked_inline(markup: Any) -> JsonObject | None:
    """The same for edits, which take inline keyboards only."""
    checked = checked_markup(markup)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def _inline(rows: Any) -> JsonObject | None:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS or any(len(row) > WIDEST_ROW for row in kept):
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> JsonObject:
    if not isinstance(button, dict):
        raise _cant("Inline keyboard button must be an Object")
    if "text" not in button:
        raise _cant('Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _cant('Field "text" must be of type String')
    if not button["text"].strip():
        raise _cant("Inline keyboard button text must be non-empty")
    if button.get("style", STYLES[0]) not in STYLES:
        raise _cant("Unsupported button style specified")
    actions = [name for name in ACTIONS if name in button and button[name] != ""]
    if not actions:
        raise _cant("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _cant(f"Exactly one action is allowed, found {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]])
    return {name: button[name] for name in (*LOOKS, actions[0]) if name in button}


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise _cant('Field "callback_data" must be of type String')
        if len(value.encode()) > LONGEST_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        if not isinstance(value, str):
            raise _cant('Field "url" must be of type String')
        check_button_link(value)
    elif action == "copy_text":
        text = value.get("text", "") if isinstance(value, dict) else ""
        if not 1 <= utf16_length(text) <= LONGEST_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif action == "pay":
        raise bad_request("BUTTON_TYPE_INVALID")


def _cant(words: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {words}")
