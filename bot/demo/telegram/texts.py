"""What the text of a message must be: https://core.telegram.org/bots/api#sendmessage."""

from __future__ import annotations

import re

from bot.demo.telegram.errors import JsonObject, bad_request
from bot.demo.telegram.formatting import FormattedText, HtmlParser, utf16_length
from bot.demo.telegram.params import Params

LONGEST_TEXT = 4096  # UTF-16 code units, after the markup is parsed away
LONGEST_CAPTION = 1024
# Telegram takes out what could turn the direction of text around a message (line and paragraph separators,
# embeddings and overrides; isolates stay), and puts a space for other control characters.
_REMOVED = re.compile("[\u2028-\u202e\r]")
_SPACED = re.compile("[\x00-\x09\x0b-\x1f]")
# Endings that make a bare name a link: those of countries and the most common others.
_ENDINGS = "[a-z]{2}|com|net|org|info|app|dev|shop|store|online|site|xyz|link|live|pro"
# What clients and the server make clickable by themselves.
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/<>])")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]"
            rf"|(?<![\w@./])(?:[\w-]+\.)+(?:{_ENDINGS})(?![\w.-])(?:/(?:[^\s<>\"]*[^\s<>\".,;:!?)])?)?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z]\w{3,31}")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w+")),
)
_OPAQUE = {"code", "pre", "text_link"}


def cleaned(text: str) -> str:
    """Text without the characters Telegram takes out of every message."""
    return _SPACED.sub(" ", _REMOVED.sub("", text))


def message_text(params: Params) -> FormattedText:
    """The text of sendMessage and editMessageText; ApiError 400 for none, too much or bad markup."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    formatted = _formatted(params, "text", "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption_text(params: Params) -> FormattedText:
    """The words under a file, which may be missing."""
    formatted = _formatted(params, "caption", "caption_entities")
    if utf16_length(formatted.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def typed_text(text: str) -> FormattedText:
    """What a person typed, with the entities that are found in it."""
    return with_found(FormattedText(cleaned(text)).stripped())


def _formatted(params: Params, text_name: str, entities_name: str) -> FormattedText:
    text = cleaned(params.text(text_name))
    mode = params.text("parse_mode").lower()
    if mode == "html":
        formatted = HtmlParser(text).parse()
    elif mode in ("", "none"):
        formatted = FormattedText(text, tuple(_given_entities(params, entities_name, text)))
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("parse_mode Markdown is not known to this stand-in, use HTML")
    else:
        raise bad_request("unsupported parse_mode")
    return with_found(formatted.stripped())


def _given_entities(params: Params, name: str, text: str) -> list[JsonObject]:
    size = utf16_length(text)
    entities = params.structure(name) or []
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if offset > size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def with_found(formatted: FormattedText) -> FormattedText:
    """Commands, links and names in plain text become entities too, outside of code and of other finds."""
    taken = [_span(entity) for entity in formatted.entities if entity["type"] in _OPAQUE]
    found: list[JsonObject] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(formatted.text):
            offset, length = utf16_length(formatted.text[: match.start()]), utf16_length(match[0])
            if all(offset + length <= begin or end <= offset for begin, end in taken):
                found.append({"type": kind, "offset": offset, "length": length})
                taken.append((offset, offset + length))
    entities = sorted((*formatted.entities, *found), key=lambda entity: (entity["offset"], -entity["length"]))
    return FormattedText(formatted.text, tuple(entities))


def _span(entity: JsonObject) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
