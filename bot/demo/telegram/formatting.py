"""Text with entities, and parse_mode HTML as Telegram reads it.

Offsets and lengths of entities are UTF-16 code units, offsets in error texts are UTF-8 bytes, both as in
https://core.telegram.org/bots/api#html-style.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.telegram.errors import ApiError, JsonObject, bad_request
from bot.demo.telegram.links import normalized_link

TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
# The only named references Telegram knows; every other one stays as it was typed.
REFERENCES = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
SPACE = b" \t\r\n\v\f"
LONGEST_REFERENCE = 10  # bytes of "&#x10FFFF", after which Telegram gives up on a numeric reference
MOST_ENTITIES = 100  # more are dropped without an error

_Accepts = Callable[[bytes], bool]


def utf16_length(text: str) -> int:
    """Length in the unit all of Telegram's limits are counted in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class FormattedText:
    """Visible text with its entities, sorted by offset, outer ones first."""

    text: str
    entities: tuple[JsonObject, ...] = ()

    def stripped(self) -> FormattedText:
        """Without white space around it, entities moved along: the server trims every message."""
        start = len(self.text) - len(self.text.lstrip(SPACE.decode()))
        text = self.text.strip(SPACE.decode())
        lead, size = utf16_length(self.text[:start]), utf16_length(text)
        kept = []
        for entity in self.entities:
            begin = max(entity["offset"] - lead, 0)
            end = min(entity["offset"] + entity["length"] - lead, size)
            if begin < end:
                kept.append({**entity, "offset": begin, "length": end - begin})
        return FormattedText(text, tuple(kept[:MOST_ENTITIES]))


@dataclass
class _Tag:
    name: str
    argument: str
    offset: int
    position: int


class HtmlParser:
    """One pass over the bytes of a text; refuses what Telegram refuses, in its words."""

    def __init__(self, source: str) -> None:
        self._data = source.encode()
        self._at = 0
        self._parts: list[str] = []
        self._units = 0
        self._open: list[_Tag] = []
        self._entities: list[JsonObject] = []

    def parse(self) -> FormattedText:
        """The visible text and its entities; ApiError 400 for markup that is not allowed."""
        while self._at < len(self._data):
            byte = self._peek()
            if byte == b"<":
                self._tag()
            elif byte == b"&":
                self._put(self._reference())
            else:
                self._plain()
        if self._open:
            raise _cant(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return FormattedText("".join(self._parts), tuple(self._entities))

    def _peek(self) -> bytes:
        return self._data[self._at : self._at + 1]

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._units += utf16_length(text)

    def _plain(self) -> None:
        ends = [end for mark in (b"<", b"&") if (end := self._data.find(mark, self._at)) >= 0]
        end = min(ends, default=len(self._data))
        self._put(self._data[self._at : end].decode())
        self._at = end

    def _reference(self) -> str:
        """What stands for a reference at this place; a lone ampersand is an ampersand."""
        start = self._at
        self._at += 1
        if self._peek() == b"#":
            self._at += 1
            char = self._numeric(start)
        else:
            char = REFERENCES.get(self._run(_is_letter))
        if char is None:
            self._at = start + 1
            return "&"
        if self._peek() == b";":
            self._at += 1
        return char

    def _numeric(self, start: int) -> str | None:
        if self._peek() == b"x":
            self._at += 1
            digits, base = self._run(_is_hex), 16
        else:
            digits, base = self._run(bytes.isdigit), 10
        code = int(digits, base) if digits else 0
        if not 0 < code < 0x10FFFF or self._at - start >= LONGEST_REFERENCE:
            return None
        if 0xD800 <= code <= 0xDFFF:
            raise _cant(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return chr(code)

    def _run(self, accepts: _Accepts) -> bytes:
        start = self._at
        while self._peek() and accepts(self._peek()):
            self._at += 1
        return self._data[start : self._at]

    def _skip_space(self) -> None:
        self._run(_is_space)

    def _tag(self) -> None:
        start = self._at
        self._at += 1
        if self._peek() == b"/":
            self._end_tag(start)
        else:
            self._start_tag(start)
        self._at += 1

    def _start_tag(self, start: int) -> None:
        name = self._run(_is_tag_name).decode().lower()
        if not self._peek():
            raise _cant(f"Unclosed start tag at byte offset {start}")
        if name not in TAGS:
            raise _cant(f'Unsupported start tag "{name}" at byte offset {start}')
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == b">":
                break
            argument = self._attribute(name, start) or argument
        if name == "span" and argument != "spoiler":
            raise _cant(f'Tag "span" must have class "tg-spoiler" at byte offset {start}')
        self._open.append(_Tag(name, argument, self._units, len(self._parts)))

    def _attribute(self, tag: str, start: int) -> str:
        """Read one attribute; what it gives the entity, or an empty string."""
        if not self._peek():
            raise _cant(f'Unclosed start tag "{tag}" at byte offset {start}')
        name = self._run(_is_attribute_name).decode().lower()
        if not name:
            raise _cant(f'Empty attribute name in the tag "{tag}" at byte offset {start}')
        self._skip_space()
        if self._peek() != b"=":
            return self._bare_attribute(tag, name, start)
        self._at += 1
        self._skip_space()
        if not self._peek():
            raise _cant(f'Unclosed start tag "{tag}" at byte offset {start}')
        value = self._quoted() if self._peek() in (b'"', b"'") else self._token()
        if not self._peek():
            raise _cant(f"Unclosed start tag at byte offset {start}")
        return _argument(tag, name, value)

    def _bare_attribute(self, tag: str, name: str, start: int) -> str:
        if not self._peek():
            raise _cant(f'Unclosed start tag "{tag}" at byte offset {start}')
        if (tag, name) == ("blockquote", "expandable"):
            return "expandable"
        raise _cant(f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {start}')

    def _token(self) -> str:
        start = self._at
        value = self._run(_is_token).decode().lower()
        if self._peek() != b">" and not _is_space(self._peek()):
            raise _cant(f"Unexpected end of name token at byte offset {start}")
        return value

    def _quoted(self) -> str:
        quote = self._peek()
        self._at += 1
        parts = []
        while self._peek() and self._peek() != quote:
            if self._peek() == b"&":
                parts.append(self._reference().encode())
            else:
                parts.append(self._peek())
                self._at += 1
        self._at += 1
        return b"".join(parts).decode()

    def _end_tag(self, start: int) -> None:
        if not self._open:
            raise _cant(f"Unexpected end tag at byte offset {start}")
        self._at += 1
        name = self._run(_is_tag_name).decode().lower()
        self._skip_space()
        if self._peek() != b">":
            raise _cant(f"Unclosed end tag at byte offset {start}")
        tag = self._open.pop()
        if name and name != tag.name:
            raise _cant(f'Unmatched end tag at byte offset {start}, expected "</{tag.name}>", found "</{name}>"')
        if self._units > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        entity: JsonObject = {
            "type": TAGS[tag.name],
            "offset": tag.offset,
            "length": self._units - tag.offset,
        }
        if tag.name == "a":
            link = normalized_link(tag.argument or "".join(self._parts[tag.position :]))
            if link is None:
                return  # Telegram keeps the words and drops a link that is none
            entity["url"] = link
        elif tag.name == "tg-emoji":
            if not tag.argument.isdigit() or int(tag.argument) >= 2**63:
                raise _cant("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name in ("pre", "code") and self._joins_language(tag, entity):
            return
        self._entities.append(entity)

    def _joins_language(self, tag: _Tag, entity: JsonObject) -> bool:
        """<pre> around <code class="language-x"> is one entity that knows its language."""
        if tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        last = self._entities[-1] if self._entities else {}
        same_place = all(last.get(key) == entity[key] for key in ("offset", "length"))
        if tag.name == "pre" and same_place and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
            return True
        return False


def _argument(tag: str, name: str, value: str) -> str:
    wanted = {("a", "href"): "", ("tg-emoji", "emoji-id"): "", ("span", "class"): "tg-"}
    prefix = wanted.get((tag, name), "language-" if (tag, name) == ("code", "class") else None)
    if (tag, name) == ("blockquote", "expandable"):
        return "expandable"
    return value.removeprefix(prefix) if prefix is not None and value.startswith(prefix) else ""


def _cant(words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words}")


def _is_space(byte: bytes) -> bool:
    return byte != b"" and byte in SPACE


def _is_letter(byte: bytes) -> bool:
    return byte.isalpha()


def _is_hex(byte: bytes) -> bool:
    return byte in b"0123456789abcdefABCDEF"


def _is_tag_name(byte: bytes) -> bool:
    return byte != b">" and not _is_space(byte)


def _is_attribute_name(byte: bytes) -> bool:
    return byte not in (b"=", b">") and not _is_space(byte)


def _is_token(byte: bytes) -> bool:
    return byte.isalnum() or byte in b".-"
