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


def checked_markup(markup: Any, price: int | None = None) -> JsonObject | None:
    """The reply markup of a message, None for none. ApiError 400 for one that Telegram would refuse.

    With a *price* in Stars it is an invoice's: it begins with a Pay button, and if it is missing it is one.
    """
    if markup is None or markup == {}:
        return None if price is None else _pay_alone(price)
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"], price)
    if price is not None:
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    for name, kind in REPLY_KINDS.items():
        if name in markup:
            if not isinstance(markup[name], kind):
                wanted = "Array" if kind is list else "Boolean"
                raise bad_request(f'field "{name}" must be of type {wanted}')
            return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def checked_inline(markup: Any, price: int | None = None) -> JsonObject | None:
    """The same for edits, which take inline keyboards only."""
    checked = checked_markup(markup, price)
    if checked is not None and "inline_keyboard" not in checked:
        raise bad_request("inline keyboard expected")
    return checked


def _inline(rows: Any, price: int | None) -> JsonObject | None:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS or any(len(row) > WIDEST_ROW for row in kept):
        raise bad_request("reply markup is too long")
    _check_pay([button for row in kept for button in row], price)
    if not kept and price is not None:
        return _pay_alone(price)
    return {"inline_keyboard": kept} if kept else None


def _check_pay(buttons: list[JsonObject], price: int | None) -> None:
    """A Pay button is the first of an invoice's and no other message's."""
    pays = ["pay" in button for button in buttons]
    if price is None:
        if any(pays):
            raise bad_request("BUTTON_TYPE_INVALID")
    elif pays and not any(pays):
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")
    elif any(pays[1:]):
        raise bad_request("BUTTON_POS_INVALID")


def _pay_alone(price: int) -> JsonObject:
    return {"inline_keyboard": [[{"text": f"Pay ⭐{price}", "pay": True}]]}


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
    actions = [name for name in ACTIONS if button.get(name, "") not in ("", False)]
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
    elif action == "pay" and value is not True:
        raise _cant('Field "pay" must be of type Boolean')


def _cant(words: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {words}")
