"""Updates and news: kept once, handed out in order, forgotten only when they are over."""

from datetime import timedelta

from sqlalchemy import select

from bot.domain.mail import CHANNEL, TOGETHER, News, Received
from bot.storage import mail, people
from bot.storage.database import Database
from bot.storage.tables import inbox, outbox
from tests.clock import FakeClock

ANNA, BORIS = 11, 12


async def test_an_update_is_received_once(db: Database, second: Database) -> None:
    """An update that comes again, alone or in its own batch, is not new, and stays as it was first."""
    async with db.write() as tx:
        batch = [Received(2**40, ANNA, "first"), Received(5, BORIS, "x"), Received(2**40, ANNA, "again")]
        assert sorted(await mail.receive(tx, batch)) == [5, 2**40]
    async with db.write() as tx:
        assert await mail.receive(tx, [Received(5, BORIS, "y"), Received(6, BORIS, "z")]) == [6]
        assert await mail.receive(tx, []) == []
    async with second.read() as tx:
        found = {each.update_id: each.payload for each in await mail.unhandled(tx)}
    assert found.keys() == {5, 6, 2**40}
    assert (found[5], found[6]) == ("x", "z")


async def test_an_update_is_done_once(db: Database, second: Database) -> None:
    """Done in one transaction, an update is not done in another, and is not handed out again."""
    async with db.write() as tx:
        await mail.receive(tx, [Received(1, ANNA, ""), Received(2, ANNA, "")])
    async with db.write() as tx:
        assert await mail.done(tx, 1)
    async with second.write() as tx:
        assert not await mail.done(tx, 1)
        assert not await mail.done(tx, 3)
        assert [each.update_id for each in await mail.unhandled(tx)] == [2]


async def test_a_done_update_that_comes_again_is_not_new(db: Database) -> None:
    """Telegram sends it again when it did not hear that it arrived: it was handled, and stays so."""
    async with db.write() as tx:
        await mail.receive(tx, [Received(1, ANNA, "")])
        await mail.done(tx, 1)
    async with db.write() as tx:
        assert await mail.receive(tx, [Received(1, ANNA, "")]) == []
        assert await mail.unhandled(tx) == []


async def test_updates_are_handed_out_as_they_came(db: Database, clock: FakeClock) -> None:
    """Ids can begin anew after a quiet week: what came first is first, whatever its id."""
    async with db.write() as tx:
        await mail.receive(tx, [Received(900, ANNA, "")])
    clock.advance(8 * 86400)
    async with db.write() as tx:
        await mail.receive(tx, [Received(8, ANNA, ""), Received(7, BORIS, "")])
        assert [each.update_id for each in await mail.unhandled(tx)] == [900, 7, 8]


async def test_an_update_that_fails_is_counted_and_set_aside(db: Database, second: Database) -> None:
    """Failures are counted; set aside, an update is not handed out any more."""
    async with db.write() as tx:
        await mail.receive(tx, [Received(1, ANNA, "")])
        await mail.failed(tx, 1, failures=2, set_aside=False)
    async with second.read() as tx:
        assert [each.failures for each in await mail.unhandled(tx)] == [2]
    async with db.write() as tx:
        await mail.failed(tx, 1, failures=3, set_aside=True)
    async with second.read() as tx:
        assert await mail.unhandled(tx) == []


async def test_only_old_handled_updates_are_forgotten(db: Database, clock: FakeClock) -> None:
    """What is not handled is never forgotten, however old it is."""
    async with db.write() as tx:
        await mail.receive(tx, [Received(number, ANNA, "") for number in (1, 2, 3)])
        await mail.done(tx, 1)
        await mail.failed(tx, 2, failures=3, set_aside=True)
    clock.advance(10)
    async with db.write() as tx:
        await mail.receive(tx, [Received(4, ANNA, "")])
        await mail.done(tx, 4)
        await mail.purge_inbox(tx, tx.now)
        assert set(await tx.conn.scalars(select(inbox.c.update_id))) == {3, 4}


def kinds(news: list[News]) -> list[tuple[int, str]]:
    return [(each.chat_id, each.kind) for each in news]


async def test_news_are_handed_out_in_order(db: Database, second: Database, clock: FakeClock) -> None:
    """Of each chat only the oldest unsent news is handed out, so that no later one overtakes it."""
    async with db.write() as tx:
        for chat, kind in ((ANNA, "a1"), (ANNA, "a2"), (BORIS, "b1")):
            await mail.post(tx, chat, kind, {"number": 7})
    async with second.write() as tx:
        news = await mail.due_news(tx, limit=10)
        assert kinds(news) == [(ANNA, "a1"), (BORIS, "b1")]
        assert news[0].facts == {"number": 7}
        assert kinds(await mail.due_news(tx, limit=1)) == [(ANNA, "a1")]
        await mail.sent(tx, [news[0].id], message=70)
        assert kinds(await mail.due_news(tx, limit=10)) == [(ANNA, "a2"), (BORIS, "b1")]


async def test_postponed_news_hold_back_the_later_ones(db: Database, clock: FakeClock) -> None:
    """While the oldest news of a chat waits for its time, so do the later ones; other chats go on."""
    async with db.write() as tx:
        await mail.post(tx, ANNA, "a1", {})
        await mail.post(tx, ANNA, "a2", {})
        await mail.post(tx, BORIS, "b1", {}, after=timedelta(seconds=5))
        [first] = await mail.due_news(tx, limit=10)
        await mail.postpone(tx, [first.id], tx.now + timedelta(seconds=3), tries=1)
        assert await mail.due_news(tx, limit=10) == []
        assert await mail.next_due_at(tx) == tx.now + timedelta(seconds=3)
    clock.advance(3)
    async with db.write() as tx:
        [first] = await mail.due_news(tx, limit=10)
        assert (first.kind, first.tries) == ("a1", 1)
        await mail.give_up(tx, [first.id], "chat not found")
        assert kinds(await mail.due_news(tx, limit=10)) == [(ANNA, "a2")]
    clock.advance(2)
    async with db.write() as tx:
        assert kinds(await mail.due_news(tx, limit=10)) == [(ANNA, "a2"), (BORIS, "b1")]


async def test_news_wait_for_who_blocked_the_bot(db: Database) -> None:
    """A person who blocked the bot is passed over, and gets everything in order when they are back."""
    async with db.write() as tx:
        await people.see_user(tx, ANNA, name="Anna", username=None, language=None)
        await mail.post(tx, ANNA, "a1", {})
        await mail.post(tx, BORIS, "b1", {})  # an admin who never wrote has no row
        await people.put_user(tx, ANNA, blocked=True)
        assert kinds(await mail.due_news(tx, limit=10)) == [(BORIS, "b1")]
        await people.see_user(tx, ANNA, name="Anna", username=None, language=None)
        assert kinds(await mail.due_news(tx, limit=10)) == [(ANNA, "a1"), (BORIS, "b1")]


async def test_what_has_to_be_decided_goes_first(db: Database) -> None:
    """Then what else there is to say, one by one; what one only has to know comes last, and together."""
    async with db.write() as tx:
        for kind in ("refused", "adjusted", "alert", "uncertain", "alert_over", "receipt", "rates"):
            await mail.post(tx, ANNA, kind, {})
        handed_out = []
        while news := await mail.due_news(tx, limit=10):
            handed_out.append([each.kind for each in news])
            await mail.sent(tx, [each.id for each in news], message=1)
    told = [["uncertain"], ["receipt"], ["adjusted"], ["rates"], ["refused", "alert", "alert_over"]]
    assert handed_out == told


async def test_so_many_notes_come_together(db: Database, clock: FakeClock) -> None:
    """Each chat has its own; one that was tried in vain is tried alone, and until then the others wait."""
    async with db.write() as tx:
        for _ in range(TOGETHER + 2):
            await mail.post(tx, ANNA, "refused", {})
        await mail.post(tx, BORIS, "refused", {})
        await mail.post(tx, BORIS, "uncertain", {}, after=timedelta(seconds=5))
        news = await mail.due_news(tx, limit=10)
        assert [each.chat_id for each in news] == [*[ANNA] * TOGETHER, BORIS]
        await mail.postpone(tx, [news[0].id], tx.now + timedelta(seconds=3), tries=1)
        assert kinds(await mail.due_news(tx, limit=10)) == [(BORIS, "refused")]
    clock.advance(5)
    async with db.write() as tx:
        assert kinds(await mail.due_news(tx, limit=10)) == [(ANNA, "refused"), (BORIS, "uncertain")]
        await mail.sent(tx, [news[0].id], message=1)
        assert len(await mail.due_news(tx, limit=10)) == TOGETHER + 1


async def test_the_channels_news_come_together(db: Database) -> None:
    """All that waits for the channel is handed out at once, to be put into one message."""
    async with db.write() as tx:
        for number in range(3):
            await mail.post(tx, CHANNEL, f"c{number}", {})
        news = await mail.due_news(tx, limit=10)
        assert kinds(news) == [(CHANNEL, "c0"), (CHANNEL, "c1"), (CHANNEL, "c2")]
        await mail.sent(tx, [each.id for each in news[:2]], message=1)
        assert kinds(await mail.due_news(tx, limit=10)) == [(CHANNEL, "c2")]


async def test_news_with_a_key_are_said_once(db: Database, second: Database) -> None:
    """The same key twice is one message, the first; without a key each is its own."""
    for kind in ("first", "again"):
        async with db.write() as tx:
            await mail.post(tx, ANNA, kind, {}, key="order:1:completed")
            await mail.post(tx, ANNA, "other", {})
    async with second.read() as tx:
        assert sorted(await tx.conn.scalars(select(outbox.c.kind))) == ["first", "other", "other"]


async def test_what_a_screen_said_is_not_said_again(db: Database) -> None:
    """News that a screen already told are sent, as that message; sent ones are not sent otherwise."""
    async with db.write() as tx:
        await mail.post(tx, ANNA, "order", {}, key="k")
        await mail.said_otherwise(tx, "k", 70)
        await mail.said_otherwise(tx, "k", 71)
        assert await mail.due_news(tx, limit=10) == []
        assert await tx.conn.scalar(select(outbox.c.message_id)) == 70


async def test_only_old_sent_news_without_a_key_are_forgotten(db: Database, clock: FakeClock) -> None:
    """What was not sent, and what must not be said twice, is never forgotten."""
    async with db.write() as tx:
        for kind, key in (("old", None), ("keyed", "k"), ("unsent", None)):
            await mail.post(tx, len(kind), kind, {}, key=key)
        for news in await mail.due_news(tx, limit=2):
            await mail.sent(tx, [news.id], message=1)
    clock.advance(10)
    async with db.write() as tx:
        await mail.purge_outbox(tx, tx.now)
        assert set(await tx.conn.scalars(select(outbox.c.kind))) == {"keyed", "unsent"}


async def test_an_alert_is_raised_once_and_over_once(db: Database) -> None:
    """A trouble is new once until it is over, and over once until it is back."""
    async with db.write() as tx:
        assert not await mail.clear_alert(tx, "low:ALPHA")
        assert await mail.raise_alert(tx, "low:ALPHA")
        assert not await mail.raise_alert(tx, "low:ALPHA")
        assert await mail.raise_alert(tx, "low:BETA")
        assert await mail.clear_alert(tx, "low:ALPHA")
        assert not await mail.clear_alert(tx, "low:ALPHA")
        assert await mail.raise_alert(tx, "low:ALPHA")


async def test_posting_wakes_the_outbox(db: Database) -> None:
    """Who sends news is woken when there are some."""
    async with db.write() as tx:
        await mail.post(tx, ANNA, "a", {})
        assert "outbox" in tx.wakes
