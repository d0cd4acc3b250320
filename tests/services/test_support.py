"""Tickets: one for each order and one about none; every message reaches the other side, and whoever writes opens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.errors import BadInput, ShopError
from bot.domain.people import User
from bot.domain.tickets import Ticket, TicketState
from bot.services import mailroom, reports, support
from bot.services.support import CLOSES_AFTER, EARLIER, LAST_LINES, LONGEST_TEXT, MOST_AN_HOUR, REMINDS_AFTER, Thread
from bot.storage import people, tickets
from bot.storage.tables import ticket_lines
from bot.storage.tables import tickets as table
from tests.services.stage import ANNA, BORIS, HELPER, OWNER, Stage

OPEN, ANSWERED, CLOSED = TicketState.OPEN, TicketState.ANSWERED, TicketState.CLOSED
HOUR, DAY = 3600.0, 86_400.0


async def person(stage: Stage, user: int) -> User:
    """Somebody who wrote to the bot, an admin too."""
    async with stage.db.write() as tx:
        if await people.find_user(tx, user) is None:
            await people.see_user(tx, user, name=f"Admin {user}", username=None, language="en")
        found = await people.find_user(tx, user)
    assert found is not None
    return found


async def write(stage: Stage, text: str, *, number: int = 0, user: int = ANNA) -> Thread:
    """A customer's message to the shop."""
    writer = await person(stage, user)
    async with stage.db.write() as tx:
        return await support.write(tx, stage.shop, user=writer, number=number, text=text)


async def answer(stage: Stage, text: str, *, ticket: int = 1, admin: int = OWNER) -> Thread:
    """An admin's answer."""
    writer = await person(stage, admin)
    async with stage.db.write() as tx:
        return await support.answer(tx, stage.shop, admin=writer, ticket=ticket, text=text)


async def close(stage: Stage, *, seen: int, ticket: int = 1, admin: int = OWNER) -> Thread:
    """An admin presses *Close*."""
    closer = await person(stage, admin)
    async with stage.db.write() as tx:
        return await support.close(tx, stage.shop, admin=closer, ticket=ticket, seen=seen)


async def close_own(stage: Stage, *, ticket: int = 1, user: int = ANNA) -> Thread:
    """A customer presses *Close*."""
    closer = await person(stage, user)
    async with stage.db.write() as tx:
        return await support.close_own(tx, stage.shop, user=closer, ticket=ticket)


async def now(stage: Stage, ticket: int = 1) -> Ticket:
    """A ticket as others see it."""
    async with stage.second.read() as tx:
        found = await tickets.find(tx, ticket)
    assert found is not None
    return found


async def written(stage: Stage) -> list[tuple[int, int | None, str]]:
    """Every line there is: of which ticket, by which admin, and the words."""
    statement = select(ticket_lines).order_by(ticket_lines.c.id)
    async with stage.second.read() as tx:
        return [(row.ticket_id, row.admin_id, row.text) for row in await tx.conn.execute(statement)]


async def count(stage: Stage) -> int:
    """How many tickets there are."""
    async with stage.second.read() as tx:
        return int(await tx.conn.scalar(select(func.count()).select_from(table)) or 0)


async def deliver(stage: Stage) -> None:
    """Send all that waits; a message of its own for each, numbered as its row is."""
    async with stage.db.write() as tx:
        while due := await mailroom.next_news(tx, limit=1000):
            for news, _ in due:
                await mailroom.delivered(tx, [news], 1000 + news.id)


async def test_a_message_reaches_every_admin_with_the_order(stage: Stage) -> None:
    """In its own words, once; the order's facts are those of the moment."""
    number = await stage.buy()
    found = await write(stage, "  Where is <b>it</b>?\n\u202eThanks \x00", number=number)
    assert found.waits
    assert found.begun.order_id == number
    assert await written(stage) == [(1, None, "Where is <b>it</b>?\nThanks")]
    for admin in (OWNER, HELPER):
        [said] = await stage.said(admin, "ticket_message")
        assert said.order == number
        assert said.facts["lines"] == [
            {"admin": None, "text": "Where is <b>it</b>?\nThanks", "at": stage.clock().isoformat()}
        ]
        named = {name: said.facts[name] for name in ("ticket", "user", "username", "number", "panel", "state")}
        assert named == {
            "ticket": 1,
            "user": ANNA,
            "username": "anna",
            "number": number,
            "panel": "alpha",
            "state": "waiting",
        }
    assert await stage.said(ANNA, "ticket_message") == []


async def test_one_ticket_an_order_and_one_about_none(stage: Stage) -> None:
    """Each customer has their own; what is written later goes to the same, with a little of what was before."""
    first, second = await stage.buy(), await stage.buy()
    for number in (0, first, second, 0, first):
        await write(stage, f"about {number}", number=number)
    await write(stage, "mine", user=BORIS)
    assert [ticket for ticket, _, _ in await written(stage)] == [1, 2, 3, 1, 2, 4]
    for text in ("x" * 500, "3", "4", "5"):
        await write(stage, text)
    last = (await stage.said(OWNER, "ticket_message"))[-1].facts
    assert [line["text"][:3] for line in last["lines"]] == ["xxx", "3", "4", "5"]
    assert len(last["lines"]) == EARLIER + 1
    assert len(last["lines"][0]["text"]) < 500
    assert last["count"] == 6


async def test_who_writes_again_waits_since_the_first_message(stage: Stage) -> None:
    """So the longest wait comes first in the list, however often somebody writes."""
    await write(stage, "first")
    begun = stage.clock()
    stage.clock.advance(HOUR)
    await write(stage, "me too", user=BORIS)
    stage.clock.advance(HOUR)
    await write(stage, "still here?")
    assert (await now(stage)).changed_at == begun
    async with stage.second.read() as tx:
        listed = await support.waiting(tx, page=0, size=10)
        beyond = await support.waiting(tx, page=7, size=1)
    assert [(ticket.id, name) for ticket, name in listed.tickets] == [(1, "Anna"), (2, "Борис")]
    assert (listed.count, listed.page, listed.pages) == (2, 0, 1)
    assert ([ticket.id for ticket, _ in beyond.tickets], beyond.page, beyond.pages) == ([2], 1, 2)


async def test_an_answer_reaches_the_customer_and_is_known_to_the_other_admins(stage: Stage) -> None:
    """Who answered does not hear of it."""
    number = await stage.buy()
    await write(stage, "Where is it?", number=number)
    found = await answer(stage, "On its <way>")
    assert [found.writer(line) for line in found.lines] == [None, f"Admin {OWNER}"]
    assert (await now(stage)).state is ANSWERED
    [said] = await stage.said(ANNA, "ticket_answer")
    assert said.facts == {"ticket": 1, "number": number, "text": "On its <way>"}
    [told] = await stage.said(HELPER, "ticket_news")
    assert told.facts["did"] == "answered"
    assert told.facts["text"] == "On its <way>"
    assert await stage.said(OWNER, "ticket_news") == []
    async with stage.second.read() as tx:
        assert (await support.waiting(tx, page=0, size=10)).count == 0
        assert (await reports.order_file(tx, stage.shop, number)).ticket == 1


async def test_two_admins_answer_at_once(stage: Stage) -> None:
    """Both answers arrive, each once, and each hears of the other's."""
    await write(stage, "Hello?")
    await person(stage, HELPER)
    await asyncio.gather(answer(stage, "one"), answer(stage, "two", admin=HELPER))
    assert sorted(said.facts["text"] for said in await stage.said(ANNA, "ticket_answer")) == ["one", "two"]
    assert [said.facts["text"] for said in await stage.said(OWNER, "ticket_news")] == ["two"]
    assert [said.facts["text"] for said in await stage.said(HELPER, "ticket_news")] == ["one"]
    assert (await now(stage)).state is ANSWERED


async def test_what_is_no_message_is_not_written(stage: Stage) -> None:
    """Nothing to read, or more than fits: no ticket is begun, and none goes to another state."""
    for text in ("", " \n\t", "\u200b\u202e\ufeff", "\x00", "x" * (LONGEST_TEXT + 1)):
        with pytest.raises(BadInput, match=r"text\.(empty|too_long)"):
            await write(stage, text)
    assert await count(stage) == 0
    await write(stage, "😀" * LONGEST_TEXT)
    with pytest.raises(BadInput, match=r"text\.empty"):
        await answer(stage, " ")
    assert (await now(stage)).state is OPEN
    assert len(await written(stage)) == 1
    assert await stage.said(ANNA, "ticket_answer") == []


async def test_a_customer_cannot_bury_the_admins(stage: Stage) -> None:
    """So many messages an hour about whatever, then the next have to wait; nobody else does."""
    number = await stage.buy()
    for each in range(MOST_AN_HOUR):
        await write(stage, str(each), number=number if each % 2 else 0)
    other = await stage.buy()
    for about in (0, number, other):
        with pytest.raises(BadInput, match=r"ticket\.too_many"):
            await write(stage, "and another", number=about)
    await write(stage, "mine", user=BORIS)
    assert len(await stage.said(OWNER, "ticket_message")) == MOST_AN_HOUR + 1
    stage.clock.advance(HOUR)
    await write(stage, "an hour later")


async def test_what_is_another_s_is_nothing(stage: Stage) -> None:
    """Neither their orders nor their tickets can be read, written to or closed."""
    number = await stage.buy()
    await write(stage, "mine", number=number)
    boris = await person(stage, BORIS)
    with pytest.raises(ShopError, match=r"order\.unknown"):
        await write(stage, "whose?", number=number, user=BORIS)
    for ticket in (1, 77, 2**63 - 1):
        with pytest.raises(ShopError, match=r"ticket\.unknown"):
            await close_own(stage, ticket=ticket, user=BORIS)
        async with stage.db.read() as tx:
            with pytest.raises(ShopError, match=r"ticket\.unknown"):
                await support.own(tx, user=boris, ticket=ticket)
    for ticket in (77, 2**63 - 1):
        with pytest.raises(ShopError, match=r"ticket\.unknown"):
            await answer(stage, "hello", ticket=ticket)
        with pytest.raises(ShopError, match=r"ticket\.unknown"):
            await close(stage, ticket=ticket, seen=0)
    assert await count(stage) == 1
    assert (await now(stage)).state is OPEN


async def test_a_customer_closes_and_writes_again(stage: Stage) -> None:
    """Admins hear of it where they still owed an answer, and only then; a second press does nothing."""
    await write(stage, "Where is it?")
    assert (await close_own(stage)).closed
    assert (await close_own(stage)).closed
    for admin in (OWNER, HELPER):
        assert [said.facts["did"] for said in await stage.said(admin, "ticket_news")] == ["withdrawn"]
    assert (await write(stage, "No, it is not there")).waits
    await answer(stage, "Look again")
    await close_own(stage)
    assert [said.facts["did"] for said in await stage.said(HELPER, "ticket_news")] == ["withdrawn", "answered"]
    assert (await write(stage, "Thanks")).begun.id == 1


async def test_an_admin_closes_what_they_have_read(stage: Stage) -> None:
    """A button from before the customer's last message closes nothing; an answer opens a closed ticket again."""
    first = (await write(stage, "Where is it?")).lines[-1].id
    second = (await write(stage, "I mean the likes")).lines[-1].id
    with pytest.raises(ShopError, match=r"ticket\.wrote_again"):
        await close(stage, seen=first)
    assert (await now(stage)).state is OPEN
    assert (await close(stage, seen=second)).closed
    assert (await close(stage, seen=first, admin=HELPER)).closed
    [said] = await stage.said(ANNA, "ticket_closed")
    assert said.facts == {"ticket": 1, "number": 0}
    assert [said.facts["did"] for said in await stage.said(HELPER, "ticket_news")] == ["closed"]
    assert await stage.said(OWNER, "ticket_news") == []
    await answer(stage, "By the way")
    assert (await now(stage)).state is ANSWERED


async def test_an_answered_ticket_closes_by_itself(stage: Stage) -> None:
    """After two weeks without a word, and without a word; one that nobody answered never does."""
    await write(stage, "Where is it?")
    await write(stage, "Hello?", user=BORIS)
    await answer(stage, "There")
    await stage.pass_time(CLOSES_AFTER.total_seconds() - 60)
    await answer(stage, "Did you find it?")
    await stage.pass_time(120)
    assert (await now(stage)).state is ANSWERED
    await stage.pass_time(CLOSES_AFTER.total_seconds())
    assert [(await now(stage, each)).state for each in (1, 2)] == [CLOSED, OPEN]
    assert await stage.said(ANNA, "ticket_closed") == []
    await write(stage, "No")
    assert (await now(stage)).state is OPEN


async def test_who_waits_for_a_day_is_spoken_for_once(stage: Stage) -> None:
    """Whatever they write meanwhile; after an answer, the next wait counts anew."""
    await write(stage, "Where is it?")
    await stage.pass_time(REMINDS_AFTER.total_seconds() - HOUR)
    await write(stage, "Hello?")
    assert "ticket" not in await stage.alerts()
    for _ in range(3):
        await stage.pass_time(2 * HOUR)
    assert (await stage.alerts()).count("ticket") == 1
    [alert] = [said for said in await stage.said(HELPER, "alert") if said.facts["alert"] == "ticket"]
    assert {name: alert.facts[name] for name in ("ticket", "name", "words")} == {
        "ticket": 1,
        "name": "Anna",
        "words": "Hello?",
    }
    await answer(stage, "There")
    await stage.pass_time(DAY)
    await write(stage, "No")
    await stage.pass_time(DAY - HOUR)
    assert (await stage.alerts()).count("ticket") == 1
    await stage.pass_time(2 * HOUR)
    assert (await stage.alerts()).count("ticket") == 2
    await close_own(stage)
    assert await stage.open_alerts() == set()


async def test_a_message_tells_which_ticket_it_was_about(stage: Stage) -> None:
    """To whom it was sent and as what; nobody else's, and no other message is taken for one."""
    await write(stage, "Where is it?")
    await answer(stage, "There")
    await deliver(stage)
    ids: dict[tuple[int, str], int] = {}
    async with stage.second.read() as tx:
        for chat in (ANNA, OWNER, HELPER):
            for message in range(1000, 1100):
                told = await tickets.told_as(tx, chat, message)
                if told is not None:
                    ids[chat, told[0]] = message
        theirs, hers = ids[OWNER, "ticket_message"], ids[ANNA, "ticket_answer"]
        assert await support.replied_to(tx, chat=OWNER, message=theirs, admin=True) == 1
        assert await support.replied_to(tx, chat=HELPER, message=ids[HELPER, "ticket_news"], admin=True) == 1
        assert await support.replied_to(tx, chat=ANNA, message=hers, admin=False) == 1
        assert await support.replied_to(tx, chat=OWNER, message=theirs, admin=False) is None
        assert await support.replied_to(tx, chat=ANNA, message=hers, admin=True) is None
        assert await support.replied_to(tx, chat=BORIS, message=hers, admin=False) is None
        assert await support.replied_to(tx, chat=ANNA, message=ids[ANNA, "credit"], admin=False) is None


async def test_a_reply_finds_its_ticket_when_other_news_are_forgotten(stage: Stage) -> None:
    """What was written and answered is kept; the rest is purged after a month."""
    await write(stage, "Where is it?")
    await answer(stage, "There")
    await deliver(stage)
    stage.clock.advance(timedelta(days=60).total_seconds())
    async with stage.db.write() as tx:
        await mailroom.purge(tx)
    assert {said.kind for said in await stage.said(ANNA)} >= {"ticket_answer"}
    assert await stage.said(OWNER, "ticket_message") != []
    assert await stage.said(HELPER, "ticket_news") == []


async def test_of_a_long_thread_the_end_is_read(stage: Stage) -> None:
    """However long it is, so much is read of it and the rest is counted."""
    await write(stage, "the first")
    for each in range(LAST_LINES):
        await answer(stage, str(each))
    async with stage.second.read() as tx:
        found = await support.ticket_file(tx, 1)
    assert [line.text for line in found.lines] == [str(each) for each in range(LAST_LINES)]
    assert found.count == LAST_LINES + 1
