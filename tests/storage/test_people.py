"""People, where their conversations stand, and whose drafts are whose."""

from bot.storage import people
from bot.storage.database import Database
from tests.clock import FakeClock
from tests.storage import books

# A right-to-left mark, and what HTML would take for its own.
ARABIC = "\u200fآنا & <b>"


async def see(db: Database, user: int, name: str, username: str | None) -> None:
    async with db.write() as tx:
        await people.see_user(tx, user, name=name, username=username, language="ru")


async def test_a_person_is_known_by_their_last_name(db: Database, second: Database, clock: FakeClock) -> None:
    """Names change, the id stays, and what the person chose stays with it."""
    await see(db, books.ANNA, "Anna", "anna")
    first = clock.now
    clock.advance(5)
    async with db.write() as tx:
        await people.put_user(tx, books.ANNA, locale="ar")
    await see(db, books.ANNA, ARABIC, None)
    async with second.read() as tx:
        user = await people.find_user(tx, books.ANNA)
        assert user is not None
        assert (user.name, user.username, user.locale, user.created_at) == (ARABIC, None, "ar", first)
        assert await people.find_user(tx, 5) is None


async def test_a_username_is_found_as_it_is(db: Database, clock: FakeClock) -> None:
    """Case does not matter, every other character does: ``_`` and ``%`` stand for themselves."""
    await see(db, 1, "One", "John_Doe")
    await see(db, 2, "Two", "johnxdoe")
    async with db.read() as tx:
        found = await people.find_username(tx, "JOHN_DOE")
        assert found is not None
        assert found.id == 1
        assert await people.find_username(tx, "john%") is None


async def test_a_username_is_its_last_owners(db: Database, clock: FakeClock) -> None:
    """Usernames change hands: it means who wrote under it last."""
    await see(db, 1, "One", "shop")
    clock.advance(1)
    await see(db, 2, "Two", "shop")
    async with db.read() as tx:
        found = await people.find_username(tx, "shop")
    assert found is not None
    assert found.id == 2


async def test_a_conversation_is_kept(db: Database, second: Database) -> None:
    """State and data come back as they were saved; a chat that never spoke has a new conversation."""
    chat = 2**51
    async with db.write() as tx:
        conversation = await people.load_conversation(tx, chat)
        assert (conversation.state, conversation.data, conversation.revision) == (None, {}, 0)
        conversation.state, conversation.data, conversation.revision = "form", {"draft": 5, "a": ["ب"]}, 1
        await people.save_conversation(tx, conversation)
    async with second.read() as tx:
        assert await people.load_conversation(tx, chat) == conversation


async def test_saving_does_not_undo_what_was_shown(db: Database) -> None:
    """A transaction that began before the screen went out leaves what is known of the screen alone."""
    async with db.write() as tx:
        early = await people.load_conversation(tx, 1)
        await people.save_conversation(tx, early)
    async with db.write() as tx:
        await people.shown(tx, 1, revision=1, screen=70, last=70)
        await people.news_arrived(tx, 1, 75)
    async with db.write() as tx:
        early.revision = 2
        await people.save_conversation(tx, early)
        now = await people.load_conversation(tx, 1)
    assert (now.revision, now.shown_revision, now.screen_message, now.last_message) == (2, 1, 70, 75)


async def test_a_late_screen_does_not_hide_newer_news(db: Database) -> None:
    """A screen that is noted after news came below it is not the newest message."""
    async with db.write() as tx:
        await people.shown(tx, 1, revision=1, screen=70, last=70)
        await people.news_arrived(tx, 1, 75)
        await people.shown(tx, 1, revision=2, screen=72, last=72)
        found = await people.load_conversation(tx, 1)
    assert (found.screen_message, found.last_message) == (72, 75)


async def test_a_draft_is_its_customers(db: Database, second: Database, clock: FakeClock) -> None:
    """Nobody else finds it or throws it away."""
    async with db.write() as tx:
        await books.open_shop(tx)
        service = (await books.snapshot(tx)).service
        draft = await people.new_draft(tx, books.ANNA, service, {"link": "@a", "comments": ["x", "ي"]})
        await people.put_draft(tx, draft, shown_price=118, shown_at=tx.now)
    async with second.write() as tx:
        assert await people.find_draft(tx, draft, user=books.BORIS) is None
        await people.drop_draft(tx, draft, user=books.BORIS)
        found = await people.find_draft(tx, draft, user=books.ANNA)
        assert found is not None
        assert found.answers == {"link": "@a", "comments": ["x", "ي"]}
        assert (found.shown_price, found.shown_at) == (118, clock.now)
        await people.drop_draft(tx, draft, user=books.ANNA)
        assert await people.find_draft(tx, draft, user=books.ANNA) is None


async def test_a_drafts_number_is_never_used_again(db: Database) -> None:
    """Old buttons name drafts: a new one never gets the number of one that is gone."""
    async with db.write() as tx:
        await books.open_shop(tx)
        service = (await books.snapshot(tx)).service
        first = await people.new_draft(tx, books.ANNA, service, {})
        await people.drop_draft(tx, first, user=books.ANNA)
    async with db.write() as tx:
        assert await people.new_draft(tx, books.ANNA, service, {}) > first


async def test_only_old_drafts_are_thrown_away(db: Database, clock: FakeClock) -> None:
    """A draft that was touched lately stays, however long ago it was begun."""
    async with db.write() as tx:
        await books.open_shop(tx)
        service = (await books.snapshot(tx)).service
        old, touched = [await people.new_draft(tx, books.ANNA, service, {}) for _ in range(2)]
    clock.advance(10)
    async with db.write() as tx:
        await people.put_draft(tx, touched, answers={"link": "@b"})
        await people.purge_drafts(tx, tx.now)
        assert await people.find_draft(tx, old, user=books.ANNA) is None
        assert await people.find_draft(tx, touched, user=books.ANNA) is not None
