"""Photos and files in what customers and the shop write to each other: they arrive, and the thread names them."""

from pathlib import Path
from typing import Any

from bot.demo.telegram import ChatMessage, Person
from bot.telegram.files import LARGEST_RECEIPT
from tests.conversations.customer import press, read, say
from tests.conversations.owner import OwnersShop
from tests.conversations.test_support import HAS, ask, sold

JPEG, PDF = b"\xff\xd8\xff of a screenshot", b"%PDF-1.4 of an invoice"


async def came(person: Person, data: bytes) -> ChatMessage:
    """The message of the bot with this file."""
    return await person.wait_for(
        lambda: next((each for each in person.heard_messages if each.file == data), None), None, "the file"
    )


async def stored(mine: OwnersShop) -> list[tuple[int | None, str, bool]]:
    """Every line: by which admin, its words, and whether a file goes with it."""
    found: list[Any] = list(await mine.shop.rows("SELECT admin_id, text, enclosure FROM ticket_lines ORDER BY id"))
    return [(row.admin_id, row.text, row.enclosure is not None) for row in found]


async def test_a_photo_reaches_the_other_side_with_its_words(tmp_path: Path) -> None:
    """The customer's reaches every admin, the admin's the customer; both find it named in the thread."""
    async with sold(tmp_path, helped=True) as mine:
        anna, owner = mine.anna, mine.owner
        await ask(anna, "Look:")
        await anna.send_photo("This is <b>all</b> I got", data=JPEG)
        thread = await anna.expect("🖼 photo\nThis is <b>all</b> I got")
        assert "Look:" in thread.text
        for admin in (owner, mine.helper):
            photo = await came(admin, JPEG)
            for words in ("Ticket 1: Anna & <b> (1001) @anna", "#1 · ", "🖼 photo\nThis is <b>all</b> I got"):
                assert words in photo.text
            assert photo.buttons == [["Reply", "Thread", "Close"], ["Order #1"]]
        await owner.send_photo("Here is <i>mine</i>", data=JPEG + b"2", reply_to=await came(owner, JPEG))
        await owner.expect("The answer goes to Anna & <b>.")
        heard = await came(anna, JPEG + b"2")
        assert heard.text == "💬 The shop answers about order #1\n\nHere is <i>mine</i>"
        assert heard.labels == ["Answer", "Order #1"]
        told = await read(mine.helper, "Owner answered Anna & <b>, ticket 1.")
        assert "🖼 photo\nHere is <i>mine</i>" in told.text
        assert await stored(mine) == [
            (None, "Look:", False),
            (None, "This is <b>all</b> I got", True),
            (owner.id, "Here is <i>mine</i>", True),
        ]


async def test_what_is_pressed_below_a_photo_leaves_it(tmp_path: Path) -> None:
    """The thread comes in a message of its own, and has everything that was written."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Where is it?")
        await mine.anna.send_photo(data=JPEG)
        photo = await came(mine.owner, JPEG)
        thread = await press(mine.owner, "Thread", "Waits for an answer", photo)
        assert thread.id > photo.id
        assert "Where is it?" in thread.text
        assert thread.text.count("🖼 photo") == 1
        assert mine.owner.history[photo.id].text == photo.text


async def test_a_file_goes_by_its_name(tmp_path: Path) -> None:
    """Also without a word; one that is too large is told so, and what is neither text nor file too."""
    async with sold(tmp_path) as mine:
        anna, owner = mine.anna, mine.owner
        await ask(anna, "My invoice:")
        await anna.send_file("invoice \u202efdp.pdf", PDF)
        await anna.expect("📎 invoice fdp.pdf")
        assert "📎 invoice fdp.pdf" in (await came(owner, PDF)).text
        await anna.send_file("film.pdf", PDF, size=LARGEST_RECEIPT + 1)
        await anna.expect("The file is too large: at most 20,480 KB.")
        await anna.send_sticker()
        await anna.expect("Only text, photos and files can be passed on here.")
        await owner.press("Reply", message=await came(owner, PDF))
        await owner.expect("Write the answer in one message.")
        await owner.send_file("answer.pdf", PDF + b"2")
        answered = await owner.expect("The answer goes to Anna & <b>.")
        assert "📎 answer.pdf" in answered.text
        assert (await came(anna, PDF + b"2")).text == "💬 The shop answers about order #1"
        assert await stored(mine) == [(None, "My invoice:", False), (None, "", True), (owner.id, "", True)]


async def test_long_words_below_a_photo_are_whole_in_the_thread(tmp_path: Path) -> None:
    """Below a photo Telegram has room for a quarter of a message."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Look:")
        caption = "word " * 200 + "end"
        await mine.anna.send_photo(caption, data=JPEG)
        await mine.anna.expect(caption)
        photo = await came(mine.owner, JPEG)
        assert photo.text.count("word") > 100
        assert "word…" in photo.text
        await press(mine.owner, "Thread", caption, photo)


async def test_a_photo_alone_begins_a_ticket(tmp_path: Path) -> None:
    """Nobody has to write first; the reminder a day later says what came."""
    async with sold(tmp_path) as mine:
        await say(mine.anna, "/order 1", "#1 · ")
        await press(mine.anna, "Ask the shop", "Write your message")
        await mine.anna.send_photo(data=JPEG)
        await mine.anna.expect(HAS)
        await came(mine.owner, JPEG)
        await mine.later(86_460)
        assert "🖼" in (await mine.hears("has waited for an answer for a day")).text
