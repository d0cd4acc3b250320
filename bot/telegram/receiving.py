"""Updates in: written to the inbox before their offset is confirmed.

Asking with a higher offset is what confirms, so the loop asks again only once a batch is committed. A kill in between
makes Telegram send the batch again, and the inbox knows it by its keys.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update
from pydantic import ValidationError

from bot.domain.mail import Received
from bot.points import reach
from bot.services import mailroom
from bot.services.shop import Shop
from bot.telegram.handling import Chats
from bot.telegram.session import updates_in

log = logging.getLogger(__name__)

ALLOWED = ["message", "callback_query", "my_chat_member", "pre_checkout_query", "inline_query"]
# Telegram holds a question open this long where there is nothing new, in seconds.
LONG_POLL = 25
# A chat of its own for updates that belong to none, so that they are handled, and passed over, in order too.
NO_CHAT = 0
# What Telegram hands out at once, at most.
BATCH = 100
# After an error: a second, doubling as far as leaves room in the ten seconds for which Telegram waits with a payment.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
# So often in a row Telegram must say that it does not know the token: once may be a gateway's word.
REVOKED = 3


class Receiver:
    """Fetches updates, stores them, and hands them to their chats."""

    def __init__(self, bot: Bot, shop: Shop, chats: Chats) -> None:
        self._bot = bot
        self._shop = shop
        self._chats = chats
        self._offset: int | None = None

    async def recover(self) -> int:
        """Take up what an earlier process stored and did not handle, and what came since; how many.

        All of it is stored before any is handled: what was typed while the shop was down is then known to whoever
        draws the next question. It is all there once a batch is not full; what comes meanwhile, one by one, keeps
        nobody waiting for the shop. Old updates are forgotten first: after a quiet week ids begin anew anywhere.
        """
        async with self._shop.db.write() as tx:
            await mailroom.purge(tx)
        try:
            full = True
            while full:
                batch = await self._ask(wait=0)
                await self._store(batch)
                full = len(batch) >= BATCH
        except TelegramAPIError as error:
            log.warning("Telegram did not hand out what it kept: %s", error)
        left = await self._left()
        for received in left:
            self._chats.push(received)
        return len(left)

    async def _left(self) -> list[Received]:
        """What is stored and not handled. What is fleeting was stored by an older version, and is over."""
        async with self._shop.db.write() as tx:
            left = await mailroom.unhandled(tx)
            for received in left:
                if received.fleeting:
                    await mailroom.pass_over(tx, received.update_id)
        return [received for received in left if not received.fleeting]

    async def fetch(self) -> None:
        """One question to Telegram and one transaction with what it answered."""
        new = await self._store(await self._ask(wait=LONG_POLL))
        for received in new:
            self._chats.push(received)

    async def _ask(self, *, wait: int) -> list[Received]:
        """Ask Telegram, waiting so many seconds where there is nothing new."""
        reach("updates.before")
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                limit=BATCH,
                timeout=wait,
                allowed_updates=ALLOWED,
                request_timeout=wait + 10,
            )
            batch = [_received(update) for update in updates]
        except ClientDecodeError as error:
            log.warning("the library cannot read an update, so each is taken as it is: %s", error.message)
            batch = [_unread(update) for update in updates_in(error)]
        if batch:
            reach("updates.after")
        return batch

    async def _store(self, batch: list[Received]) -> list[Received]:
        """Store what Telegram handed out; what was new to the inbox.

        What is fleeting is answered at once, for it cannot wait until the books are free, and is stored nowhere.
        """
        for update in batch:
            if update.fleeting:
                self._chats.push(update)
        lasting = [update for update in batch if not update.fleeting]
        new: list[Received] = []
        if lasting:
            async with self._shop.db.write() as tx:
                new = await mailroom.receive(tx, lasting)
        if batch:
            self._offset = batch[-1].update_id + 1
        return new

    async def run(self) -> None:
        """Fetch for as long as the shop is open, whatever Telegram answers and the books say."""
        pause, unknown = FIRST_PAUSE, 0
        while True:
            try:
                await self.fetch()
                pause, unknown = FIRST_PAUSE, 0
                continue
            except TelegramUnauthorizedError:
                unknown += 1
                if unknown >= REVOKED:
                    raise  # the token was revoked: no waiting helps
            except TelegramConflictError:
                log.warning("another program is running with this BOT_TOKEN; stop it, or this bot hears nothing")
                pause = max(pause, 5.0)
            except TelegramRetryAfter as error:
                pause = max(pause, float(error.retry_after))
            except TelegramAPIError as error:
                log.warning("Telegram does not answer: %s", error)
            except Exception:
                # The books were out of reach, most likely. Telegram keeps the updates until they are confirmed.
                log.exception("updates were not taken, again in %g s", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _received(update: Update) -> Received:
    payload = update.model_dump_json(exclude_none=True, exclude_unset=True)
    return Received(update.update_id, _chat(update), payload)


def _unread(update: Mapping[str, Any]) -> Received:
    """An update out of a batch that could not be read: what is wrong with it shows when it is handled, alone.

    An update the library does read keeps its place in its chat.
    """
    try:
        return _received(Update.model_validate(update))
    except ValidationError:
        return Received(update["update_id"], NO_CHAT, json.dumps(update))


def _chat(update: Update) -> int:
    """The chat whose order the update is part of: a private chat's id is its person's."""
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    if update.message is not None:
        return update.message.chat.id
    if update.my_chat_member is not None:
        return update.my_chat_member.chat.id
    return NO_CHAT
