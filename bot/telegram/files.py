"""What a message says: its text, or the text of a file that was sent instead."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Document, Message
from aiohttp import ClientError

from bot.domain.errors import BadInput
from bot.domain.forms import MAX_LIST_CHARACTERS
from bot.domain.texts import clean_text
from bot.domain.tickets import Enclosure
from bot.telegram.waiting import note

# Four bytes a character, as UTF-8 takes at most, and room for a BOM and line ends.
LARGEST_FILE = MAX_LIST_CHARACTERS * 4 + 16_384
# Of a file's name so much is shown.
LONGEST_NAME = 60
# In this order: a BOM tells UTF-8 and UTF-16 apart, and what is neither is most likely a Windows file.
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


# What a phone photographs and a bank writes; Telegram itself gives bots no larger files.
LARGEST_RECEIPT = 20 * 1024 * 1024
_RECEIPT_TYPES = {"application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A photo or a file as Telegram keeps it: ``file`` is its id there."""

    file: str
    kind: Literal["photo", "document"]


def receipt_in(message: Message) -> Receipt | BadInput:
    """The receipt that was sent; why not, where it is none. Nothing is fetched."""
    if message.photo:
        return Receipt(message.photo[-1].file_id, "photo")
    document = message.document
    if document is None or document.mime_type not in _RECEIPT_TYPES:
        return BadInput("receipt.bad")
    if document.file_size is None or document.file_size > LARGEST_RECEIPT:
        return BadInput("file.too_large", limit=LARGEST_RECEIPT // 1024)
    return Receipt(document.file_id, "document")


def enclosure_in(message: Message) -> Enclosure | BadInput | None:
    """The photo or the file that was sent; why it cannot be passed on, or None where there is none of them."""
    if message.photo:
        return Enclosure("photo", message.photo[-1].file_id)
    document = message.document
    if document is None or message.animation is not None:  # which is a document too, for programs that know no better
        return None
    if document.file_size is None or document.file_size > LARGEST_RECEIPT:
        return BadInput("file.too_large", limit=LARGEST_RECEIPT // 1024)
    return Enclosure("document", document.file_id, clean_text(document.file_name or "", LONGEST_NAME))


async def read_text(bot: Bot, message: Message) -> str | BadInput:
    """The text of a message or of its .txt file; why not, where it has neither."""
    if message.text is not None:
        return message.text
    if message.document is None:
        return BadInput("text.wanted")
    return await _read_file(bot, message.chat.id, message.document)


async def _read_file(bot: Bot, chat: int, document: Document) -> str | BadInput:
    name = (document.file_name or "").lower()
    if not name.endswith(".txt") and document.mime_type != "text/plain":
        return BadInput("file.not_text")
    if document.file_size is None or document.file_size > LARGEST_FILE:
        return BadInput("file.too_large", limit=LARGEST_FILE // 1024)
    await note(bot, chat)
    into = BytesIO()
    try:
        await bot.download(document, destination=into)
    except (TelegramAPIError, ClientError, TimeoutError):  # the library hands on the errors of the download itself
        return BadInput("file.unreadable")
    content = into.getvalue()
    return _decoded(content) if len(content) <= LARGEST_FILE else BadInput("file.unreadable")


def _decoded(content: bytes) -> str | BadInput:
    encoding = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return BadInput("file.unreadable")
