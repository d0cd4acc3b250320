"""What a message says: its text, or the text of a file that was sent instead."""

from io import BytesIO

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Document, Message
from aiohttp import ClientError

from bot.domain.errors import BadInput
from bot.domain.forms import MAX_LIST_CHARACTERS

# Four bytes a character, as UTF-8 takes at most, and room for a BOM and line ends.
LARGEST_FILE = MAX_LIST_CHARACTERS * 4 + 16_384
# In this order: a BOM tells UTF-8 and UTF-16 apart, and what is neither is most likely a Windows file.
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


async def read_text(bot: Bot, message: Message) -> str | BadInput:
    """The text of a message or of its .txt file; why not, where it has neither."""
    if message.text is not None:
        return message.text
    if message.document is None:
        return BadInput("text.wanted")
    return await _read_file(bot, message.document)


async def _read_file(bot: Bot, document: Document) -> str | BadInput:
    name = (document.file_name or "").lower()
    if not name.endswith(".txt") and document.mime_type != "text/plain":
        return BadInput("file.not_text")
    if document.file_size is None or document.file_size > LARGEST_FILE:
        return BadInput("file.too_large", limit=LARGEST_FILE // 1024)
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
