"""Customers write to the shop and admins answer: by reply and by button, about an order or about none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo.telegram import ChatMessage, Person
from bot.domain.mail import Received
from bot.services.support import LONGEST_TEXT
from bot.telegram import callbacks as cb
from bot.telegram.handling import Handler
from tests.clock import FakeClock
from tests.conversations.customer import LINK, press, read, say
from tests.conversations.owner import OwnersShop, owners_shop
from tests.conversations.shop import offers
from tests.security.desk import open_desk

[FOLLOWERS] = offers("alpha", "Default")
HAS = "The shop has your message"
DAY = 86_400.0


@asynccontextmanager
async def sold(folder: Path, *, helped: bool = False) -> AsyncIterator[OwnersShop]:
    """A shop in which Anna has ordered, with the order's number 1."""
    async with owners_shop(folder, alpha=[FOLLOWERS], helped=helped) as mine:
        await mine.buy(FOLLOWERS, LINK, "1000")
        yield mine


async def ask(anna: Person, text: str, number: int = 1) -> ChatMessage:
    """Press *Ask the shop* and write; the thread with it."""
    if number:
        await say(anna, f"/order {number}", f"#{number} · ")
    else:
        await say(anna, "/help", "How an order goes")
    await press(anna, "Ask the shop", "Ask the shop")
    return await say(anna, text, HAS)


async def reply(person: Person, message: ChatMessage, text: str, says: str) -> ChatMessage:
    """Write as a reply to one of the bot's messages, as it is now; what the bot says then."""
    await person.send(text, reply_to=message)
    return await person.expect(says)


async def states(mine: OwnersShop) -> list[tuple[int, int | None, str]]:
    """The tickets: number, order, state."""
    return [tuple(row) for row in await mine.shop.rows("SELECT id, order_id, state FROM tickets ORDER BY id")]


async def lines(mine: OwnersShop) -> list[tuple[int | None, str]]:
    """Every line: by which admin, and the words."""
    return [tuple(row) for row in await mine.shop.rows("SELECT admin_id, text FROM ticket_lines ORDER BY id")]


async def test_a_question_and_its_answer_by_reply(tmp_path: Path) -> None:
    """Neither of them needs a button: both answer with Telegram's reply, and both read the thread with the order."""
    async with sold(tmp_path) as mine:
        anna, owner = mine.anna, mine.owner
        thread = await ask(anna, "Where is <b>it</b> & why?\nThanks")
        for words in ("Ask the shop about order #1", "#1 · ", FOLLOWERS.name, LINK, "You · ", "it</b> & why?\nThanks"):
            assert words in thread.text
        assert thread.labels == ["Close", "Order #1", "Main menu"]
        question = await read(owner, "Where is <b>it</b> & why?\nThanks")
        for words in ("Ticket 1: Anna & <b> (1001) @anna", "#1 · ", FOLLOWERS.name, LINK, "$1.17", "Panel: alpha"):
            assert words in question.text
        assert f'<a href="tg://user?id={anna.id}">Anna &amp; &lt;b&gt;</a>' in question.html
        assert question.buttons == [["Reply", "Thread", "Close"], ["Order #1"]]
        await reply(owner, question, "It is <i>on its way</i>", "The answer goes to Anna & <b>.")
        heard = await read(anna, "The shop answers about order #1")
        assert "It is <i>on its way</i>" in heard.text
        assert heard.labels == ["Answer", "Order #1"]
        await say(anna, "/wallet", "Wallet")
        await reply(anna, heard, "Thank you", HAS)
        more = await read(owner, "Thank you")
        for words in ("Where is <b>it</b> & why?", "↩️ Owner", "It is <i>on its way</i>"):
            assert words in more.text
        assert await lines(mine) == [
            (None, "Where is <b>it</b> & why?\nThanks"),
            (owner.id, "It is <i>on its way</i>"),
            (None, "Thank you"),
        ]
        assert await states(mine) == [(1, 1, "open")]


async def test_a_question_is_typed_until_it_is_left(tmp_path: Path) -> None:
    """What cannot be passed on is told in place; neither a command nor what is written after leaving is part of it."""
    async with sold(tmp_path) as mine:
        anna = mine.anna
        await say(anna, "/order 1", "#1 · ")
        await press(anna, "Ask the shop", "Write your message")
        await anna.send_sticker()
        await anna.expect("Only text, photos and files")
        await anna.send_contact()
        await anna.expect("Only text, photos and files")
        await say(anna, "x" * (LONGEST_TEXT + 1), "Too long: at most 1,500 characters.")
        await say(anna, "/nonsense", "do not know this command")
        await say(anna, "Where is it?", HAS)
        await anna.send("I mean")  # before the screen with the first is there
        await anna.send("the likes")
        await read(mine.owner, "the likes")
        await press(anna, "Order #1", "#1 · ")
        await anna.send("and this is for nobody")
        await anna.expect("I found nothing like it")
        assert [text for _, text in await lines(mine)] == ["Where is it?", "I mean", "the likes"]
        await say(anna, "/help", "How an order goes")
        await press(anna, "Ask the shop", "Write your message")
        await say(anna, "/cancel", "never mind")
        await ask(anna, "Do you sell cats?", 0)
        general = await read(mine.owner, "Do you sell cats?")
        assert "#1" not in general.text
        assert general.buttons == [["Reply", "Thread", "Close"]]
        assert await states(mine) == [(1, 1, "open"), (2, None, "open")]


async def test_an_answer_by_button(tmp_path: Path) -> None:
    """It is asked for below the thread; what is no text is told in place; the other admin hears who answered."""
    async with sold(tmp_path, helped=True) as mine:
        owner = mine.owner
        await ask(mine.anna, "Where is it?")
        question = await read(owner, "Where is it?")
        await owner.press("Reply", message=question)
        asked = await mine.sees("Write the answer in one message. Anna & <b> reads it", "Cancel")
        assert "Where is it?" in asked.text
        await owner.press("Cancel")
        await mine.sees("Waits for an answer since", "Reply")
        await mine.ask("Not an answer", "I found nothing like it")
        await owner.press("Reply", message=await mine.hears("Waits for an answer since"))
        await mine.sees("Write the answer", "Cancel")
        await owner.send_sticker()
        await mine.sees("Only text, photos and files", "Cancel")
        await mine.ask("/nonsense", "do not know this command")
        thread = await mine.ask("There it is", "The answer goes to Anna")
        assert "✅ Answered" in thread.text
        assert thread.labels == ["Reply", "Close", "Order #1", "All tickets"]
        await read(mine.anna, "There it is")
        told = await read(mine.helper, "Owner answered Anna & <b>, ticket 1.")
        assert "There it is" in told.text
        await reply(mine.helper, told, "And here is more", "The answer goes to Anna")
        await read(mine.anna, "And here is more")
        await mine.ask("Nor is this", "I found nothing like it")
        assert await lines(mine) == [
            (None, "Where is it?"),
            (owner.id, "There it is"),
            (mine.helper.id, "And here is more"),
        ]


async def test_only_a_ticket_s_message_takes_a_reply(tmp_path: Path) -> None:
    """A reply to anything else goes where all text goes, and so does one to what the message was before."""
    async with sold(tmp_path) as mine:
        anna, owner = mine.anna, mine.owner
        help_ = await mine.ask("/help", "/tickets")
        await reply(owner, help_, "not for her", "I found nothing like it")
        await ask(anna, "Where is it?")
        question = await read(owner, "Where is it?")
        await press(owner, "Order #1", "Order #1:", question)
        assert question.id in owner.history
        assert "Where is it?" not in owner.history[question.id].text
        await reply(owner, question, "not for her either", "I found nothing like it")
        await say(anna, "/order", "Choose a category")
        await press(anna, FOLLOWERS.category, "Choose a service")
        link = await press(anna, FOLLOWERS.name, "Send the link")
        await reply(anna, link, LINK, "Send the quantity")
        assert [text for _, text in await lines(mine)] == ["Where is it?"]


async def test_a_reply_below_a_message_without_its_buttons(tmp_path: Path) -> None:
    """They are taken away when one further up is pressed; what it was sent as is remembered."""
    async with sold(tmp_path) as mine:
        owner = mine.owner
        await ask(mine.anna, "Where is it?")
        question = await read(owner, "Where is it?")
        await mine.ask("/balance", "alpha")
        await owner.press("Thread", message=question)
        await owner.until(lambda: not owner.history[question.id].keyboard)
        await reply(owner, question, "Here", "The answer goes to Anna")
        await reply(owner, question, "x" * (LONGEST_TEXT + 1), "Too long")
        await owner.send_sticker(reply_to=question)
        await owner.expect("Only text, photos and files")
        await reply(owner, question, "/balance", "alpha")
        heard = await read(mine.anna, "The shop answers")
        await say(mine.anna, "/wallet", "Wallet")
        await mine.anna.press("Order #1", message=heard)
        await mine.anna.until(lambda: not mine.anna.history[heard.id].keyboard)
        await reply(mine.anna, heard, "Thanks", HAS)
        assert [text for _, text in await lines(mine)] == ["Where is it?", "Here", "Thanks"]


async def test_a_reply_leaves_the_form_as_it_is(tmp_path: Path) -> None:
    """The question goes on waiting for its answer; with the button the form is left, and found again."""
    async with sold(tmp_path) as mine:
        anna = mine.anna
        await ask(anna, "Where is it?")
        await reply(mine.owner, await read(mine.owner, "Where is it?"), "Here", "The answer goes to")
        heard = await read(anna, "The shop answers about order #1")
        await say(anna, "/order", "Choose a category")
        await press(anna, FOLLOWERS.category, "Choose a service")
        await press(anna, FOLLOWERS.name, "Send the link")
        await reply(anna, heard, "Thanks", HAS)
        await say(anna, LINK, "Send the quantity")
        thread = await press(anna, "Answer", "The shop has your message", heard)
        assert "Continue my order" in thread.labels
        await reply(anna, thread, "Bye", "You · ")
        await press(anna, "Continue my order", "Send the quantity")
        await say(anna, "1000", "Wallet after it")
        assert [text for _, text in await lines(mine)] == ["Where is it?", "Here", "Thanks", "Bye"]


async def test_both_close_and_whoever_writes_opens(tmp_path: Path) -> None:
    """The other side is told; what is written after closing is not for the shop, unless that is asked for."""
    async with sold(tmp_path) as mine:
        anna, owner = mine.anna, mine.owner
        await ask(anna, "Where is it?")
        await press(anna, "Close", "This is closed")
        await mine.hears("Anna & <b> needs no answer any more, ticket 1 is closed.")
        await anna.send("a word to nobody")
        await anna.expect("I found nothing like it")
        await press(anna, "Write again", "Write, and it is open again")
        await say(anna, "No, it is not there", HAS)
        await press(owner, "Close", "Whoever writes opens it again", await read(owner, "No, it is not there"))
        closed = await read(anna, "The shop closed your question about order #1.")
        assert await states(mine) == [(1, 1, "closed")]
        await reply(anna, closed, "But it is not there", HAS)
        await read(owner, "But it is not there")
        assert await states(mine) == [(1, 1, "open")]


async def test_admins_find_who_waits_and_what_an_order_was_asked_about(tmp_path: Path) -> None:
    """The list has the longest wait first, and an order's file leads to its ticket."""
    async with sold(tmp_path) as mine:
        await mine.ask("/tickets", "Nobody waits for an answer.")
        assert "Ticket 1" not in (await mine.ask("/order 1", "Order #1:")).labels
        await ask(mine.anna, "Where is it?")
        await ask(mine.anna, "Do you sell cats?", 0)
        await mine.hears("Do you sell cats?")
        listed = await mine.ask("/tickets", "2 customers wait for an answer")
        assert [label.rsplit(" · ", 1)[0] for label in listed.labels] == ["1 · #1 · Anna & <b>", "2 · Anna & <b>"]
        await press(mine.owner, "2 · Anna", "Do you sell cats?")
        await press(mine.owner, "All tickets", "2 customers wait")
        await mine.ask("/order 1", "Order #1:")
        await press(mine.owner, "Ticket 1", "Where is it?")


async def test_what_was_not_read_is_not_closed(tmp_path: Path) -> None:
    """The customer wrote again below the card whose *Close* is pressed."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Where is it?")
        first = await read(mine.owner, "Where is it?")
        await say(mine.anna, "I mean the likes", HAS)
        await read(mine.owner, "I mean the likes")
        late = await mine.owner.press("Close", message=first)
        assert (late.text, late.show_alert) == ("They wrote again meanwhile. Read that first.", True)
        await press(mine.owner, "Close", "Whoever writes opens it again")
        assert await states(mine) == [(1, 1, "closed")]


async def test_nobody_touches_the_tickets_of_others(tmp_path: Path) -> None:
    """An admin's buttons are nothing to a customer, and another customer's ticket does not exist."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Where is it?")
        eve = mine.shop.telegram.person(6666, "Eve", username="eve")
        menu = await say(eve, "/start", "Hello")
        for wish in (cb.Ticket(id=1, do="show"), cb.Ticket(id=1, do="reply"), cb.Ticket(id=1, do="close", seen=99)):
            assert "out of date" in (await eve.forge(wish.pack(), menu).answered()).text
        assert "out of date" in (await eve.forge(cb.Tickets().pack(), menu).answered()).text
        for do in ("show", "close"):
            assert (await eve.forge(cb.Thread(id=1, do=do).pack(), menu).answered()).text == "There is no ticket 1."
        assert (await eve.forge(cb.OrderDo(id=1, do="ask").pack(), menu).answered()).text == "There is no order #1."
        await say(eve, "/tickets", "do not know this command")
        await say(eve, "hello there", "I found nothing like it")
        assert await states(mine) == [(1, 1, "open")]
        assert await lines(mine) == [(None, "Where is it?")]


async def test_an_answer_waits_for_who_blocked_the_bot(tmp_path: Path) -> None:
    """The admin is told so, and it arrives when they come back."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Where is it?")
        question = await read(mine.owner, "Where is it?")
        await mine.anna.block()
        while "Has blocked the bot" not in (await mine.ask("/user 1001", "On hold")).text:
            pass  # the shop hears of it in Anna's chat, beside the owner's
        await reply(mine.owner, question, "Here", "Anna & <b> has blocked the bot: the answer waits")
        assert not any("The shop answers" in message.text for message in mine.anna.heard_messages)
        await mine.anna.unblock()
        await mine.anna.send("/start")
        await read(mine.anna, "The shop answers about order #1")


async def test_time_reminds_and_closes(tmp_path: Path) -> None:
    """A day without an answer is told to the admins, with the way to it; two weeks after it the ticket is closed."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "Where is it?")
        await mine.later(DAY + 60)
        late = await mine.hears("Anna & <b> has waited for an answer for a day, ticket 1.")
        assert "Where is it?" in late.text
        assert late.labels == ["Reply", "Thread"]
        await reply(mine.owner, late, "Here", "The answer goes to")
        await read(mine.anna, "The shop answers")
        await mine.later(14 * DAY + 60)
        assert await states(mine) == [(1, 1, "closed")]
        assert mine.told("has waited for an answer") == 1


async def test_a_thread_of_any_length_fits_a_message(tmp_path: Path) -> None:
    """Its end is shown and the rest counted, to both; the newest message is whole."""
    async with sold(tmp_path) as mine:
        await ask(mine.anna, "the first")
        for each in (1, 2):
            await say(mine.anna, f"{each} {'😀' * (LONGEST_TEXT - 10)} end", HAS)
        newest = f"2 {'😀' * (LONGEST_TEXT - 10)} end"
        await say(mine.anna, "/order 1", "#1 · ")
        thread = await press(mine.anna, "Ask the shop", HAS)
        heard = await read(mine.owner, newest)
        assert newest in thread.text
        assert "1 earlier message" in thread.text
        assert "the first" not in thread.text
        await press(mine.owner, "Thread", "Waits for an answer since", heard)
        assert newest in mine.owner.heard_messages[-1].text


class Twice(Handler):
    """Is given every update a second time, as after a crash between its effect and its screen."""

    async def handle(self, received: Received, *args: object) -> None:
        """Handle it twice."""
        await super().handle(received)
        await super().handle(received)


async def test_a_message_delivered_twice_is_written_once(tmp_path: Path, clock: FakeClock) -> None:
    """To the shop, and from it."""
    async with open_desk(tmp_path, clock, handler=Twice) as desk:
        number = await desk.stage.buy()
        await desk.anna.send("/start")
        await desk.handled()
        desk.anna.forge(cb.OrderDo(id=number, do="ask").pack(), desk.anna.heard_messages[-1])
        await desk.handled()
        await desk.anna.send("Where is it?")
        await desk.owner.send("/start")
        await desk.handled()
        desk.owner.forge(cb.Ticket(id=1, do="reply").pack(), desk.owner.heard_messages[-1])
        await desk.handled()
        await desk.owner.send("Here")
        await desk.handled()
        assert [text for (text,) in await desk.rows("SELECT text FROM ticket_lines ORDER BY id")] == [
            "Where is it?",
            "Here",
        ]
        assert len(await desk.stage.said(desk.owner.id, "ticket_message")) == 1
        assert len(await desk.stage.said(desk.anna.id, "ticket_answer")) == 1


async def test_what_was_written_before_the_thread_was_there_is_no_message(tmp_path: Path, clock: FakeClock) -> None:
    """It may have been meant for something else; it is said that the shop did not get it."""
    async with open_desk(tmp_path, clock) as desk:
        await desk.anna.send("/start")
        await desk.handled()
        desk.anna.forge(cb.OrderDo(id=0, do="ask").pack(), desk.anna.heard_messages[-1])
        await desk.anna.send("https://instagram.com/anna")
        await desk.handled()
        assert "the shop did not get it" in desk.anna.heard_messages[-1].text
        await desk.anna.send("Hello")
        await desk.handled()
        assert [text for (text,) in await desk.rows("SELECT text FROM ticket_lines")] == ["Hello"]


@pytest.fixture
def clock() -> FakeClock:
    """The desk's time."""
    return FakeClock()
