"""Updates in and news out, as use cases: what the telegram layer stores before it confirms, and after it sent."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.mail import CHANNEL, News, Received
from bot.domain.people import Conversation, User
from bot.services.news import raise_alert
from bot.services.shop import Shop
from bot.storage import batches, mail, people
from bot.storage.database import Transaction

# A failure may be a passing one; the third is not, and must not block the chat.
FAILURES_TO_SET_ASIDE = 3
# Telegram keeps updates for 24 hours; after twice that a duplicate cannot come any more.
INBOX_KEPT = timedelta(hours=48)
OUTBOX_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=30)


async def receive(tx: Transaction, updates: Sequence[Received]) -> list[Received]:
    """Store a batch of updates; those that were new, in the order given."""
    tx.work = "received"
    new = set(await mail.receive(tx, updates))
    return [update for update in updates if update.update_id in new]


async def unhandled(tx: Transaction) -> list[Received]:
    """Updates stored by a process that ended before it handled them."""
    return await mail.unhandled(tx)


async def open_chat(tx: Transaction, chat: int) -> tuple[User | None, Conversation]:
    """Who writes in a private chat (its id is theirs), and where the conversation stands."""
    return await people.find_user(tx, chat), await people.load_conversation(tx, chat)


class AlreadyHandledError(Exception):
    """The update was handled before: its effect must not happen twice."""


async def begin(tx: Transaction, update_id: int, *, known: User | None, user: User) -> None:
    """Mark an update handled, in the transaction that holds its effect, and note who wrote.

    Raises ``AlreadyHandledError``.
    """
    tx.work = "handled"
    if not await mail.done(tx, update_id):
        raise AlreadyHandledError(update_id)
    if user != known:
        await people.see_user(tx, user.id, name=user.name, username=user.username, language=user.language)
    if known is not None and known.blocked:
        tx.wake("outbox")  # they are back, and their news waited for that


async def pass_over(tx: Transaction, update_id: int) -> None:
    """Mark an update handled that is nothing to the shop."""
    tx.work = "handled"
    await mail.done(tx, update_id)


async def remember(tx: Transaction, conversation: Conversation) -> None:
    """Write where the conversation stands, in the same transaction."""
    await people.save_conversation(tx, conversation)


async def shown(tx: Transaction, chat: int, *, revision: int, screen: int | None, last: int) -> None:
    """Note that a screen went out."""
    tx.work = "shown"
    await people.shown(tx, chat, revision=revision, screen=screen, last=last)


async def said(tx: Transaction, chat: int, message: int) -> None:
    """Note a message that came after the screen."""
    tx.work = "shown"
    await people.news_arrived(tx, chat, message)


async def note_failure(tx: Transaction, shop: Shop, received: Received, why: str) -> bool:
    """Note that an update could not be handled; True where it is set aside for good."""
    tx.work = "failed"
    failures = received.failures + 1
    aside = failures >= FAILURES_TO_SET_ASIDE
    await mail.failed(tx, received.update_id, failures=failures, set_aside=aside)
    if aside:
        key = f"update:{received.update_id}"
        await raise_alert(tx, shop, key, "update", update=received.update_id, chat=received.chat_id, why=why)
    return aside


async def next_news(tx: Transaction, *, limit: int) -> list[tuple[News, User | None]]:
    """What may be sent now, oldest first, each with who reads it."""
    found = await mail.due_news(tx, limit=limit)
    readers = {chat: await people.find_user(tx, chat) for chat in {news.chat_id for news in found}}
    return [(news, readers[news.chat_id]) for news in found]


async def delivered(tx: Transaction, news: Sequence[News], message: int) -> None:
    """These went out as one message. What was added to their facts since they were read corrects it."""
    tx.work = "delivered"
    now = await mail.sent(tx, [each.id for each in news], message)
    for each in news:
        facts = now.get(each.id, each.facts)
        if facts != each.facts:
            await mail.post(tx, each.chat_id, each.kind, {**facts, "over": message}, order=each.order_id)
    for chat in {each.chat_id for each in news} - {CHANNEL}:
        await people.news_arrived(tx, chat, message)


async def delayed(tx: Transaction, news: Sequence[News], seconds: float, *, counts: bool = True) -> None:
    """These did not go out; try again in so many seconds."""
    tx.work = "undelivered"
    until = tx.now + timedelta(seconds=seconds)
    tries = max(each.tries for each in news) + counts
    await mail.postpone(tx, [each.id for each in news], until, tries=tries)


async def dropped(tx: Transaction, shop: Shop, news: Sequence[News], why: str) -> None:
    """Telegram will never take these; the admins hear of it once a kind."""
    tx.work = "undelivered"
    await mail.give_up(tx, [each.id for each in news], why)
    await raise_alert(tx, shop, f"news:{news[0].kind}", "news", news=news[0].kind, why=why)


async def blocked(tx: Transaction, chat: int) -> None:
    """The person blocked the bot, or never wrote to it: their news wait until they come."""
    tx.work = tx.work or "undelivered"  # the person's own update may say so
    if await people.find_user(tx, chat) is None:
        await people.see_user(tx, chat, name=str(chat), username=None, language=None)
    await people.put_user(tx, chat, blocked=True)


async def purge(tx: Transaction) -> None:
    """Forget what is too old to matter."""
    await mail.purge_inbox(tx, tx.now - INBOX_KEPT)
    await mail.purge_outbox(tx, tx.now - OUTBOX_KEPT)
    await people.purge_drafts(tx, tx.now - DRAFTS_KEPT)
    await batches.purge(tx, tx.now - DRAFTS_KEPT)


async def channel_refused(tx: Transaction, shop: Shop, why: str) -> None:
    """The channel does not take the bot's messages; the admins hear it once."""
    await raise_alert(tx, shop, "channel", "channel", why=why)


async def next_due(tx: Transaction) -> float | None:
    """In how many seconds the next news is due; None where there is none."""
    due = await mail.next_due_at(tx)
    return None if due is None else max((due - tx.now).total_seconds(), 0.0)
