"""Photos and files, with words and buttons under them."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, Message

from bot.demo.telegram import DemoTelegram, Person
from bot.demo.telegram.media import LARGEST_PHOTO, LARGEST_UPLOAD
from tests.demo.telegram.conftest import keyboard

ANNA = 1001
JPEG = b"\xff\xd8\xff a picture"
PDF = b"%PDF-1.7 a receipt"


async def newest(bot: Bot) -> Message:
    message = (await bot.get_updates())[-1].message
    assert message is not None
    return message


async def fetched(bot: Bot, file_id: str) -> bytes:
    found = await bot.download(file_id)
    assert found is not None
    return found.read()


async def test_a_photo_comes_in_sizes_and_is_sent_on_by_any_of_them(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """The largest is the last and has the picture; each id stands for the whole photo."""
    boss = tg.person(2001, "Boss")
    await boss.send("/start")
    await anna.send_photo("my <receipt>", data=JPEG, album="album-1")
    message = await newest(bot)
    assert message.photo is not None
    assert (message.caption, message.media_group_id) == ("my <receipt>", "album-1")
    assert [size.width for size in message.photo] == [90, 320, 1280]
    assert await fetched(bot, message.photo[-1].file_id) == JPEG
    assert await fetched(bot, message.photo[0].file_id) != JPEG
    for size in message.photo:
        sent = await bot.send_photo(boss.id, size.file_id, caption="<b>From Anna</b>", reply_markup=_buttons())
        assert sent.photo == message.photo
    shown = await boss.expect("From Anna")
    assert (shown.html, shown.labels, shown.file) == ("<b>From Anna</b>", ["Believe", "Refuse"], JPEG)


def _buttons() -> InlineKeyboardMarkup:
    return keyboard(("Believe", "y"), ("Refuse", "n"))


async def test_a_pdf_is_a_document_that_goes_on_by_its_id(bot: Bot, anna: Person) -> None:
    """What it is called says what it is; what the bot sends can be read."""
    await anna.send_file("Receipt.PDF", PDF, caption="paid", album="a")
    message = await newest(bot)
    assert message.document is not None
    assert (message.document.mime_type, message.caption, message.media_group_id) == ("application/pdf", "paid", "a")
    sent = await bot.send_document(ANNA, message.document.file_id, caption="again", reply_to_message_id=1)
    assert sent.document == message.document
    assert sent.reply_to_message is not None
    assert (await anna.expect("again")).file == PDF


async def test_words_and_buttons_under_a_photo_change(bot: Bot, anna: Person) -> None:
    """As of any message; the press carries the photo with its words."""
    sent = await bot.send_photo(ANNA, BufferedInputFile(JPEG, "x.jpg"), caption="Paid?", reply_markup=_buttons())
    await anna.tap("Believe")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert isinstance(query.message, Message)
    assert (query.message.caption, query.message.photo) == ("Paid?", sent.photo)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=ANNA, message_id=sent.message_id)
    await bot.edit_message_caption(chat_id=ANNA, message_id=sent.message_id, caption="<i>Believed</i>")
    shown = await anna.expect("Believed")
    assert (shown.html, shown.labels, shown.edited, shown.file) == ("<i>Believed</i>", [], True, JPEG)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_caption(chat_id=ANNA, message_id=sent.message_id, caption="<i>Believed</i>")
    await bot.delete_message(ANNA, sent.message_id)
    assert anna.heard_messages == []


async def test_what_is_no_photo_is_not_sent_as_one(bot: Bot, anna: Person) -> None:
    """Nor a photo as a document; a caption has 1024 characters once its markup is gone."""
    await anna.send_photo(data=JPEG)
    photo = anna.messages[-1].content["photo"][-1]["file_id"]
    await anna.send_file("a.pdf", PDF)
    document = anna.messages[-1].content["document"]["file_id"]
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(ANNA, document)
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(ANNA, photo)
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ANNA, BufferedInputFile(PDF, "x.jpg"))
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(ANNA, BufferedInputFile(b"", "x.txt"))
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(ANNA, photo, caption="x" * 1025)
    await bot.send_photo(ANNA, photo, caption=f"<b>{'x' * 1024}</b>")
    assert len((await anna.heard()).text) == 1024


async def test_files_have_a_largest_size(bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="is too big for a photo; the maximum size is 10485760 bytes"):
        await bot.send_photo(ANNA, BufferedInputFile(JPEG.ljust(LARGEST_PHOTO + 1), "x.jpg"))
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(ANNA, BufferedInputFile(bytes(LARGEST_UPLOAD + 1), "x.bin"))


async def test_a_copy_can_have_other_words(tg: DemoTelegram, bot: Bot, anna: Person) -> None:
    """A text keeps its own."""
    await anna.send_photo("mine", data=JPEG)
    picture = anna.messages[-1]
    await bot.copy_message(ANNA, ANNA, picture.id)
    await bot.copy_message(ANNA, ANNA, picture.id, caption="theirs")
    await bot.copy_message(ANNA, ANNA, 1, caption="theirs")
    assert [message.text for message in anna.heard_messages] == ["mine", "theirs", "/start"]
