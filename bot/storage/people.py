"""Users, their conversations and their drafts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, or_, select, update

from bot.domain.orders import Answer
from bot.domain.people import Conversation, Draft, User
from bot.storage.database import Transaction
from bot.storage.rows import insert, inserted_id
from bot.storage.tables import conversations, drafts, users


def _user(row: Any) -> User:
    return User(row.id, row.name, row.username, row.language, row.locale, row.blocked, row.created_at)


async def find_user(tx: Transaction, user: int) -> User | None:
    """The person of this id, if they ever wrote."""
    row = (await tx.conn.execute(select(users).where(users.c.id == user))).first()
    return None if row is None else _user(row)


async def find_username(tx: Transaction, username: str) -> User | None:
    """The person who last wrote under this username."""
    statement = (
        select(users).where(func.lower(users.c.username) == username.lower()).order_by(users.c.seen_at.desc()).limit(1)
    )
    row = (await tx.conn.execute(statement)).first()
    return None if row is None else _user(row)


async def see_user(tx: Transaction, user: int, *, name: str, username: str | None, language: str | None) -> None:
    """Note that a person wrote, under this name; they have evidently not blocked the bot."""
    statement = insert(tx, users).values(
        id=user, name=name, username=username, language=language, created_at=tx.now, seen_at=tx.now
    )
    same = {"name": name, "username": username, "language": language, "seen_at": tx.now, "blocked": False}
    await tx.conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=same))


async def put_user(tx: Transaction, user: int, **columns: Any) -> None:
    """Set columns of a user."""
    await tx.conn.execute(update(users).where(users.c.id == user).values(**columns))


async def load_conversation(tx: Transaction, chat: int) -> Conversation:
    """The conversation of a chat, a new one where there is none."""
    row = (await tx.conn.execute(select(conversations).where(conversations.c.chat_id == chat))).first()
    if row is None:
        return Conversation(chat)
    return Conversation(
        row.chat_id,
        row.state,
        dict(row.data),
        row.revision,
        row.shown_revision,
        row.screen_message,
        row.last_message,
    )


async def save_conversation(tx: Transaction, conversation: Conversation) -> None:
    """Write state, data and revision; what was shown is written by ``shown``."""
    values = {"state": conversation.state, "data": conversation.data, "revision": conversation.revision}
    statement = insert(tx, conversations).values(chat_id=conversation.chat_id, **values)
    await tx.conn.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))


async def shown(tx: Transaction, chat: int, *, revision: int, screen: int | None, last: int) -> None:
    """Note that the screen of ``revision`` went out, as message ``screen``; news may have come after it."""
    known = conversations.c.last_message
    newest = case((known > last, known), else_=last)
    values = {"shown_revision": revision, "screen_message": screen, "last_message": last}
    statement = insert(tx, conversations).values(chat_id=chat, data={}, **values)
    changed = {**values, "last_message": newest}
    await tx.conn.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=changed))


async def news_arrived(tx: Transaction, chat: int, message: int) -> None:
    """Note a newer message in the chat than its screen."""
    newer = or_(conversations.c.last_message.is_(None), conversations.c.last_message < message)
    statement = update(conversations).where(conversations.c.chat_id == chat, newer).values(last_message=message)
    await tx.conn.execute(statement)


def _draft(row: Any) -> Draft:
    return Draft(
        row.id,
        row.user_id,
        row.service_id,
        row.answers,
        row.shown_price,
        row.shown_minimum,
        row.shown_maximum,
        row.shown_at,
    )


async def new_draft(tx: Transaction, user: int, service: int, answers: Mapping[str, Answer]) -> int:
    """Begin a form; its id."""
    values = {
        "user_id": user,
        "service_id": service,
        "answers": dict(answers),
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    return await inserted_id(tx, drafts, values)


async def find_draft(tx: Transaction, draft: int, *, user: int) -> Draft | None:
    """The customer's draft of this id; nobody else's."""
    row = (await tx.conn.execute(select(drafts).where(drafts.c.id == draft, drafts.c.user_id == user))).first()
    return None if row is None else _draft(row)


async def put_draft(tx: Transaction, draft: int, **columns: Any) -> None:
    """Set columns of a draft."""
    await tx.conn.execute(update(drafts).where(drafts.c.id == draft).values(updated_at=tx.now, **columns))


async def put_shown(tx: Transaction, draft: Draft) -> None:
    """Note what a draft's summary shows: its answers and its ``shown_*``."""
    await put_draft(
        tx,
        draft.id,
        answers=draft.answers,
        shown_price=draft.shown_price,
        shown_minimum=draft.shown_minimum,
        shown_maximum=draft.shown_maximum,
        shown_at=draft.shown_at,
    )


async def drop_draft(tx: Transaction, draft: int, *, user: int) -> None:
    """Throw a draft away."""
    await tx.conn.execute(delete(drafts).where(drafts.c.id == draft, drafts.c.user_id == user))


async def purge_drafts(tx: Transaction, before: datetime) -> None:
    """Throw away drafts nobody touched since ``before``."""
    await tx.conn.execute(delete(drafts).where(drafts.c.updated_at < before))
