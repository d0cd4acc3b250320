"""Messages as they stand in a chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

from bot.demo.telegram.errors import JsonObject

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}


RECEIPT = "Receipt"  # what apps show on the Pay button of an invoice that is paid


@dataclass(frozen=True)
class Button:
    """One button of an inline keyboard: what it says and its raw JSON."""

    label: str
    raw: JsonObject

    @property
    def data(self) -> str | None:
        """What a press sends to the bot; None for a button that opens a link or copies text."""
        data = self.raw.get("callback_data")
        return data if isinstance(data, str) else None


@dataclass(frozen=True)
class ChatMessage:
    """One message as it stood at one moment; an edit makes a new one with the same id and a later *seq*.

    *text* is what people see (of a file: its caption), *seq* grows with every change anywhere, *content*
    holds what is not text (document, photo, sticker, contact, invoice, payment) in Telegram's own shape.
    *receipt* is the payment's id once an invoice is paid, *file* what the bot sent with it (in this process only).
    """

    id: int
    chat: JsonObject
    sender: JsonObject | None
    from_bot: bool
    date: int
    text: str
    entities: tuple[JsonObject, ...] = ()
    markup: JsonObject | None = None
    content: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    edit_date: int | None = None
    seq: int = 0
    receipt: str = ""
    file: bytes = field(default=b"", repr=False)

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return self.edit_date is not None

    @property
    def of_payments(self) -> bool:
        """Whether it is an invoice, or a note that one was paid or refunded."""
        return not {"invoice", "successful_payment", "refunded_payment"}.isdisjoint(self.content)

    @property
    def keyboard(self) -> list[list[Button]]:
        """The inline keyboard's rows, empty for none."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(RECEIPT if self.receipt and "pay" in raw else raw["text"], raw) for raw in row] for row in rows]

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the inline keyboard, row by row."""
        return [[button.label for button in row] for row in self.keyboard]

    @property
    def labels(self) -> list[str]:
        """The labels of the inline keyboard in reading order."""
        return [label for row in self.buttons for label in row]

    @property
    def html(self) -> str:
        """The text with its formatting, as it could be sent again with parse_mode HTML."""
        units = self.text.encode("utf-16-le")
        size = len(units) // 2
        opened: dict[int, list[str]] = {}
        closed: dict[int, list[str]] = {}
        for entity in self.entities:
            if tag := _TAGS.get(entity["type"]):
                opened.setdefault(entity["offset"], []).append(_start_tag(tag, entity))
                closed.setdefault(entity["offset"] + entity["length"], []).insert(0, f"</{tag}>")
        marks = sorted({0, size, *opened, *closed})
        parts = []
        for begin, end in zip(marks, [*marks[1:], size], strict=True):
            parts += closed.get(begin, []) + opened.get(begin, [])
            parts.append(escape(units[2 * begin : 2 * end].decode("utf-16-le")))
        return "".join(parts)

    def as_update(self) -> JsonObject:
        """The Message object of the Bot API."""
        message: JsonObject = {"message_id": self.id, "date": self.date, "chat": self.chat}
        if self.sender is not None:
            message["from"] = self.sender
        else:
            message["sender_chat"] = self.chat
        names = ("caption", "caption_entities") if self.content else ("text", "entities")
        values: tuple[Any, ...] = (self.text, list(self.entities))
        message |= {name: value for name, value in zip(names, values, strict=True) if value}
        if self.keyboard:
            message["reply_markup"] = self.markup
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        return message | self.content | self.extra

    def as_json(self) -> JsonObject:
        """Everything about it, for another process."""
        return {name: value for name, value in vars(self).items() if name != "file"}

    @classmethod
    def from_json(cls, values: JsonObject) -> ChatMessage:
        """The other way round."""
        return cls(**(values | {"entities": tuple(values["entities"])}))

    def as_line(self) -> str:
        """One line for a transcript."""
        who = "Bot" if self.from_bot else (self.sender or self.chat).get("first_name", "Channel")
        what = next(iter(self.content), "")
        rows = " ".join("[" + "] [".join(row) + "]" for row in self.buttons)
        edited = " (edited)" if self.edited else ""
        return " ".join(part for part in (f"#{self.id} {who}{edited}:", what and f"<{what}>", self.text, rows) if part)


def _start_tag(tag: str, entity: JsonObject) -> str:
    if tag == "a":
        return f'<a href="{escape(entity["url"])}">'
    return "<blockquote expandable>" if entity["type"] == "expandable_blockquote" else f"<{tag}>"
