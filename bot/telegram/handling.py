"""Handling stored updates: in order within a chat, chats side by side, each in one transaction.

A failing update is tried again, and set aside the third time with word to the admin, so that it cannot block
its chat.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import CallbackQuery, InlineQuery, RefundedPayment, Update
from aiogram.types import User as Sender

from bot.domain.errors import ShopError
from bot.domain.mail import Received
from bot.domain.people import User
from bot.i18n import Translations, escape
from bot.points import reach
from bot.services import mailroom, refunding
from bot.services.mailroom import AlreadyHandledError
from bot.services.shop import Shop
from bot.telegram import checkout, inline, screens
from bot.telegram.errors import in_words
from bot.telegram.pacing import Pacing
from bot.telegram.routers.fallback import stale
from bot.telegram.routers.main import dispatching
from bot.telegram.screens import Notice, Place, Screen
from bot.telegram.turn import Turn
from bot.telegram.views import aside

log = logging.getLogger(__name__)

# How many chats are served at once: enough that one slow call to Telegram holds up nobody else.
SIDE_BY_SIDE = 32
# The pause before a failed update is tried again, in seconds, times the number of failures.
RETRY_PAUSE = 0.5
# Where the books do not even take note of the failure, in seconds: it is theirs, and counts for nothing.
BOOKS_PAUSE = 2.0
# What a screen was about is over, says an error with one of these codes.
OVER = frozenset({"draft.gone", "mass.gone"})


class Handler:
    """Turns one stored update into its effect and its screen."""

    def __init__(
        self,
        bot: Bot,
        shop: Shop,
        translations: Translations,
        *,
        shop_name: str,
        bot_name: str,
        pacing: Pacing | None = None,
    ) -> None:
        self.bot = bot
        self.shop = shop
        self.translations = translations
        self.pacing = pacing
        self.dispatcher, self.conversations = dispatching()
        self._bot_name = bot_name
        self._given: dict[str, Any] = {"shop_name": shop_name, "bot_name": bot_name, "translations": translations}

    async def handle(self, received: Received, typed_since: Callable[[], bool] = bool) -> None:
        """Handle one update; it raises whatever went wrong, with nothing of it done.

        ``typed_since`` tells whether the chat has a message below what is being answered.
        """
        update = Update.model_validate_json(received.payload, context={"bot": self.bot})
        if update.message is not None and update.message.refunded_payment is not None:
            await self._taken_back(received, update.message.refunded_payment)
            return
        sender = _private_sender(update)
        if sender is None:
            await self._pass_over(received)
            return
        turn = await self._turn(received, sender, typed=None if update.message is None else update.message.message_id)
        self.conversations.begin(turn)
        try:
            seconds = 0 if received.failures else self._too_fast(update, turn)
            result = await (self._slowed(update, turn, seconds) if seconds else self._dispatch(update, turn))
        except AlreadyHandledError:
            log.info("update %d was handled before", received.update_id)
            result = None
        finally:
            self.conversations.end(turn)
        reach("screen.before")
        if isinstance(result, Screen) and typed_since():
            result = replace(result, fresh=True)  # a question must stand below what does not answer it
        await self._show(update, turn, result)
        reach("screen.after")
        if turn.afterwards is not None:
            await turn.afterwards()

    async def answer(self, received: Received) -> None:
        """Answer what is fleeting, now or not at all: it is not in the inbox, and nothing is done by it."""
        try:
            update = Update.model_validate_json(received.payload, context={"bot": self.bot})
            if update.pre_checkout_query is not None:
                await checkout.answer(self.bot, self.shop, self.translations, update.pre_checkout_query)
            elif update.inline_query is not None:
                await self._suggest(update.inline_query)
        except Exception:
            log.exception("update %d was not answered", received.update_id)

    async def _suggest(self, query: InlineQuery) -> None:
        person = query.from_user.id
        paced = None if person in self.shop.settings.admin_ids else self.pacing
        if paced is not None and paced.take(person):
            await inline.refuse(self.bot, query)
        else:
            await inline.answer(self.bot, self.shop, self.translations, query, bot_name=self._bot_name)

    async def _dispatch(self, update: Update, turn: Turn) -> Screen | Notice | None:
        try:
            result = await self.dispatcher.feed_update(self.bot, update, turn=turn, **self._given)
        except ShopError as error:
            log.info("chat %d: %s", turn.chat, error.log)
            result = await self._explained(update.callback_query, turn, error)
        if not turn.done:
            async with turn.transaction():
                pass
        return None if result is UNHANDLED else result

    async def _explained(self, query: CallbackQuery | None, turn: Turn, error: ShopError) -> Screen | Notice:
        """An error in words; whoever pressed a button of what is over is led on."""
        notice = in_words(turn.t, error)
        if query is None or turn.done or error.code not in OVER:
            return notice
        return await stale(turn, query, self._given["shop_name"], notice.text)

    def _too_fast(self, update: Update, turn: Turn) -> int:
        """For how many seconds the person is to slow down; 0 for not at all.

        An admin never is: a shop in trouble is no time to keep its owner waiting. Nor is leaving or coming back, nor
        what Telegram says of a payment.
        """
        if self.pacing is None or turn.admin or update.my_chat_member is not None or _about_money(update):
            return 0
        return self.pacing.take(turn.chat)

    async def _slowed(self, update: Update, turn: Turn, seconds: int) -> Notice | None:
        """Nothing happens but an answer: every press gets one, and of what is typed the first."""
        async with turn.transaction():
            pass
        if update.callback_query is None and self.pacing is not None and not self.pacing.tell(turn.chat):
            return None
        return Notice(aside.too_fast(turn.t, seconds))

    async def _turn(self, received: Received, sender: Sender, *, typed: int | None) -> Turn:
        async with self.shop.db.read() as tx:
            known, conversation = await mailroom.open_chat(tx, received.chat_id)
            now = tx.now
        user = _seen(sender, known, now)
        translator = self.translations.get(user.locale or user.language)
        return Turn(
            self.shop,
            translator,
            update_id=received.update_id,
            user=user,
            known=known,
            conversation=conversation,
            typed=typed,
        )

    async def _pass_over(self, received: Received) -> None:
        """An update from a group or a channel (the bot works in private chats only), or one that is over."""
        async with self.shop.db.write() as tx:
            await mailroom.pass_over(tx, received.update_id)

    async def _taken_back(self, received: Received, refund: RefundedPayment) -> None:
        """Stars went back to who paid them. Telegram says so in the bot's own name, so it is nobody's turn."""
        async with self.shop.db.write() as tx:
            await mailroom.pass_over(tx, received.update_id)
            await refunding.taken_back(tx, self.shop, charge=refund.telegram_payment_charge_id)

    async def _show(self, update: Update, turn: Turn, result: Screen | Notice | None) -> None:
        query = update.callback_query
        if query is not None and not turn.answered:
            text = result.notice if isinstance(result, Screen) else result.text if result else ""
            await screens.answer(self.bot, query, text, alert=result.alert if result else False)
        elif isinstance(result, Notice):
            await self._say(turn, result)
        if isinstance(result, Screen):
            await self._draw(query, turn, screens.told(result) if turn.answered else result)

    async def _say(self, turn: Turn, notice: Notice) -> None:
        """Words that leave the open screen as it is."""
        message = await screens.say(self.bot, turn.chat, escape(notice.text))
        if message is not None:
            async with self.shop.db.write() as tx:
                await mailroom.said(tx, turn.chat, message)

    async def _draw(self, query: CallbackQuery | None, turn: Turn, screen: Screen) -> None:
        pressed = query.message.message_id if query is not None and query.message is not None else None
        conversation = turn.conversation
        body = screens.body_of(query.message if query is not None else None)
        place = Place(turn.chat, pressed, conversation.screen_message, conversation.last_message, body)
        shown = await screens.show(self.bot, place, screen)
        if shown is None:
            return
        async with self.shop.db.write() as tx:
            await mailroom.shown(tx, turn.chat, revision=conversation.revision, screen=shown.screen, last=shown.last)
            if screen.seen is not None:
                await screen.seen(tx, shown.last)


def _about_money(update: Update) -> bool:
    """Whether Telegram says that somebody paid."""
    return update.message is not None and update.message.successful_payment is not None


def _private_sender(update: Update) -> Sender | None:
    """Who sent the update in their private chat with the bot; None for any other chat."""
    if update.callback_query is not None:
        query = update.callback_query
        private = query.message is not None and query.message.chat.id == query.from_user.id
        return query.from_user if private else None
    if update.message is not None and update.message.chat.type == "private":
        return update.message.from_user
    if update.my_chat_member is not None and update.my_chat_member.chat.type == "private":
        return update.my_chat_member.from_user
    return None


def _seen(sender: Sender, known: User | None, now: datetime) -> User:
    """The person as this update shows them; whoever writes has not blocked the bot."""
    return User(
        id=sender.id,
        name=sender.full_name[:200],
        username=sender.username,
        language=sender.language_code,
        locale=known.locale if known else None,
        blocked=False,
        created_at=known.created_at if known else now,
    )


# Starts a task that somebody awaits at the end; tasks are started in one place.
Start = Callable[[Coroutine[Any, Any, None]], object]


class Chats:
    """One queue a chat: order is kept within it, and no chat waits for another."""

    def __init__(self, handler: Handler, start: Start) -> None:
        self._handler = handler
        self._queues: dict[int, deque[Received]] = {}
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._start = start
        self.idle = asyncio.Event()
        self.idle.set()

    def push(self, received: Received) -> None:
        """Handle this update after those its chat already has; one that is fleeting now, beside them."""
        if received.fleeting:
            self._start(self._handler.answer(received))
            return
        queue = self._queues.get(received.chat_id)
        if queue is not None:
            queue.append(received)
            return
        self._queues[received.chat_id] = deque([received])
        self.idle.clear()
        self._start(self._serve(received.chat_id))

    async def _serve(self, chat: int) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                async with self._places:
                    await self._handle(queue.popleft(), queue)
        finally:
            del self._queues[chat]
            if not self._queues:
                self.idle.set()

    async def _handle(self, received: Received, queue: Collection[Received]) -> None:
        while True:
            try:
                await self._handler.handle(received, lambda: any(later.typed for later in queue))
            except Exception as error:
                log.exception("update %d failed", received.update_id)
                again = await self._failed(received, error)
                if again is None:
                    return
                counted = again.failures > received.failures
                received = again
                await asyncio.sleep(RETRY_PAUSE * received.failures if counted else BOOKS_PAUSE)
            else:
                return

    async def _failed(self, received: Received, error: Exception) -> Received | None:
        """Note that an update failed; it as it is to be tried again, None where it is set aside."""
        shop = self._handler.shop
        try:
            async with shop.db.write() as tx:
                # The error's own words may quote a URL, and that has the token in it: they are for the log alone.
                aside = await mailroom.note_failure(tx, shop, received, type(error).__name__)
        except Exception:
            # An error that left here would close the shop, and the chat's other updates would wait for its next start.
            log.exception("the failure of update %d could not be noted", received.update_id)
            return received
        return None if aside else replace(received, failures=received.failures + 1)
