"""Inline mode: https://core.telegram.org/bots/api#inline-mode. Results are articles; no others are known here."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.telegram.errors import JsonObject, bad_request, old_query
from bot.demo.telegram.keyboards import checked_inline
from bot.demo.telegram.methods import method
from bot.demo.telegram.params import Params
from bot.demo.telegram.suggestions import Suggestion, Suggestions
from bot.demo.telegram.texts import message_text
from bot.demo.telegram.world import World

MOST_RESULTS = 50
LONGEST_ID = LONGEST_OFFSET = 64  # bytes
USUAL_CACHE = 300  # seconds
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@method("answerInlineQuery")
def answer_inline_query(world: World, params: Params) -> bool:
    """Show results to who typed, once."""
    answer = _suggestions(params)
    query = world.inline.take(params.text("inline_query_id"), world.clock())
    if query is None:
        raise old_query()
    world.inline.settle(query, answer, world.clock())
    return True


def _suggestions(params: Params) -> Suggestions:
    results = params.structure("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    shown = tuple(_result(result) for result in results)
    if len({each.id for each in shown}) < len(shown):
        raise bad_request("RESULT_ID_DUPLICATE")
    following = params.text("next_offset")
    if len(following.encode()) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    cached = params.integer("cache_time", USUAL_CACHE)
    return Suggestions(shown, following, cached, params.flag("is_personal"), _button(params.structure("button")))


def _result(result: Any) -> Suggestion:
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: this stand-in knows articles only")
    name, title = result.get("id"), result.get("title")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= LONGEST_ID:
        raise bad_request("RESULT_ID_INVALID")
    if not isinstance(title, str) or not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    given = {"text": content.get("message_text", "")}
    formatted = message_text(Params(given | {k: content[k] for k in ("parse_mode", "entities") if k in content}))
    markup = checked_inline(result.get("reply_markup"))
    return Suggestion(name, title, str(result.get("description", "")), formatted, markup)


def _button(button: Any) -> JsonObject | None:
    if button is None:
        return None
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if not _START.fullmatch(str(button.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")
    return button
