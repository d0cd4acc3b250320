"""News out: from the outbox to Telegram, in order within a chat, at the pace Telegram allows.

Sending and noting that it was sent are two steps; a kill between them says a thing twice, never not at all. A 429
closes that chat for as long as Telegram says, and every chat where two meet it at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)

from bot.domain.mail import CHANNEL, News
from bot.domain.people import User
from bot.i18n import Translations
from bot.points import reach
from bot.services import mailroom
from bot.services.insisting import insist
from bot.services.shop import Shop
from bot.telegram import screens
from bot.telegram.screens import Body, Screen
from bot.telegram.views.news import channel_text, put_together, render

log = logging.getLogger(__name__)

# Lines that wait for a busy channel are put together, so many in a message of at most 4096 characters.
CHANNEL_LINES = 30
BATCH = 200
# Where Telegram is silent or broken: a second, doubling to a minute.
LONGEST_DELAY = 60.0
# A send that hangs must not hold up the others' for long, in seconds.
SEND_TIMEOUT = 20
# Where the channel refuses the bot: until its owner lets it in, in seconds.
CHANNEL_REFUSED = 600.0
# How long it is tried to note that something went out, where the books refuse just that.
NOTED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Seconds between two messages: of all, in a chat, in the channel.

    As Telegram limits them: about 30 a second over all, one a second in a chat, 20 a minute in a channel.
    """

    overall: float = 1 / 25
    chat: float = 1.0
    channel: float = 3.0


TELEGRAMS = Gaps()


@dataclass(slots=True)
class Pace:
    """When each chat, and all of them together, may hear the next message; by a monotonic clock in seconds."""

    now: Callable[[], float]
    gaps: Gaps
    overall: float = 0.0
    chats: dict[int, float] = field(default_factory=dict)
    closed: float = 0.0  # when the last 429 came

    def wait_for(self, chat: int) -> float:
        """How long this chat has to wait."""
        return max(self.chats.get(chat, 0.0) - self.now(), 0.0)

    def turn(self) -> float:
        """Take the next place in the overall pace; how long until it comes."""
        now = self.now()
        self.overall = max(self.overall, now) + self.gaps.overall
        return self.overall - self.gaps.overall - now

    def spoke(self, chat: int) -> None:
        """A message went to this chat."""
        now = self.now()
        self.chats[chat] = now + (self.gaps.channel if chat == CHANNEL else self.gaps.chat)
        if len(self.chats) > 10_000:
            self.chats = {number: until for number, until in self.chats.items() if until > now}

    def refused(self, chat: int, seconds: float) -> None:
        """Telegram said 429 to this chat; the second at once closes all."""
        now = self.now()
        self.chats[chat] = now + seconds
        if now - self.closed < 1.0:
            self.overall = max(self.overall, now + seconds)
        self.closed = now


class Deliverer:
    """Sends what is due, round by round. ``now`` counts seconds and only grows, ``sleep`` waits for such seconds."""

    def __init__(
        self,
        bot: Bot,
        shop: Shop,
        translations: Translations,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        gaps: Gaps = TELEGRAMS,
    ) -> None:
        self._bot = bot
        self._shop = shop
        self._translations = translations
        self._pace = Pace(now, gaps)
        self._sleep = sleep

    async def round(self) -> float | None:
        """Send one message to every chat that has news due and may hear it now.

        Returns how long until the next chat may hear something, None where nothing more is due.
        """
        async with self._shop.db.read() as tx:
            due = await mailroom.next_news(tx, limit=BATCH)
        waits: list[float] = []
        lines: list[News] = []
        messages: dict[int, tuple[User | None, list[News]]] = {}
        for news, reader in due:
            wait = self._pace.wait_for(news.chat_id)
            if wait > 0:
                waits.append(wait)
            elif news.chat_id == CHANNEL:
                lines.append(news)
            else:
                messages.setdefault(news.chat_id, (reader, []))[1].append(news)
        sends = [self._tell(together, reader) for reader, together in messages.values()]
        if lines:
            sends.append(self._publish(lines[:CHANNEL_LINES]))
        # Whatever one of them meets, the round is over when all are: what is still being sent would be sent twice.
        for error in await asyncio.gather(*sends, return_exceptions=True):
            if error is not None:
                raise error
        if sends:
            return 0.0
        return min(waits, default=None)

    async def _tell(self, news: Sequence[News], reader: User | None) -> None:
        """Send one message: what is to be told alone, or notes that were put together, as many as fit."""
        locale = (reader.locale or reader.language) if reader is not None else None
        t = self._translations.get(locale)
        screens = []
        for each in news:
            try:
                screens.append((each, render(t, each.kind, each.facts)))
            except Exception as error:
                # A fault of ours in one message must not keep its chat, and every other, from hearing the next.
                log.exception("news %d of kind %s has no words", each.id, each.kind)
                async with self._shop.db.write() as tx:
                    await mailroom.dropped(tx, self._shop, [each], f"no words: {error!r}")
        if screens:
            screen, count = put_together([screen for _, screen in screens])
            told = [each for each, _ in screens[:count]]
            await self._send(told, told[0].chat_id, screen)

    async def _publish(self, lines: Sequence[News]) -> None:
        target = self._shop.settings.channel_id
        if target is None:
            async with self._shop.db.write() as tx:
                await mailroom.dropped(tx, self._shop, lines, "there is no CHANNEL_ID any more")
            return
        text = channel_text(self._translations.get(None), [line.facts for line in lines])
        await self._send(lines, target, Screen(text))

    async def _send(self, news: Sequence[News], target: int | str, screen: Screen) -> None:
        chat = news[0].chat_id
        await self._sleep(self._pace.turn())
        reach("news.before")
        try:
            message = await self._put(news, target, screen)
        except TelegramRetryAfter as error:
            self._pace.refused(chat, float(error.retry_after))
            await self._delay(news, float(error.retry_after), counts=False)
        except TelegramForbiddenError as error:
            await self._forbidden(news, chat, str(error))
        except TelegramBadRequest as error:
            await self._refused(news, chat, str(error))
        except TelegramAPIError as error:
            delay = min(2.0 ** min(news[0].tries, 10), LONGEST_DELAY)
            log.warning("news %d did not go out, again in %g s: %s", news[0].id, delay, error)
            await self._delay(news, delay)
        else:
            reach("news.after")
            self._pace.spoke(chat)
            await self._note(news, message)

    async def _note(self, news: Sequence[News], message: int) -> None:
        """Note that these went out: as long as the books do not take that, nothing else is sent, or all of it again."""
        db = self._shop.db
        write = partial(self._delivered, news, message)
        await insist(db, write, what=f"that news {news[0].id} went out", until=db.clock() + NOTED_WITHIN)

    async def _delivered(self, news: Sequence[News], message: int) -> None:
        async with self._shop.db.write() as tx:
            await mailroom.delivered(tx, news, message)

    async def _put(self, news: Sequence[News], target: int | str, screen: Screen) -> int:
        """Send it, or change the message it corrects; the message's id."""
        over = news[0].facts.get("over")
        if over is None:
            return (await screens.send(self._bot, target, screen, seconds=SEND_TIMEOUT)).message_id
        try:
            await screens.edit(self._bot, target, over, screen, Body.CAPTION if screen.attachment else Body.TEXT)
        except TelegramBadRequest as error:
            log.info("message %s in chat %s cannot be corrected any more: %s", over, target, error)
        return int(over)

    async def _delay(self, news: Sequence[News], seconds: float, *, counts: bool = True) -> None:
        async with self._shop.db.write() as tx:
            await mailroom.delayed(tx, news, seconds, counts=counts)

    async def _forbidden(self, news: Sequence[News], chat: int, why: str) -> None:
        async with self._shop.db.write() as tx:
            if chat == CHANNEL:
                await mailroom.channel_refused(tx, self._shop, why)
                await mailroom.delayed(tx, news, CHANNEL_REFUSED)
            else:
                await mailroom.blocked(tx, chat)

    async def _refused(self, news: Sequence[News], chat: int, why: str) -> None:
        log.error("news %d cannot be sent: %s", news[0].id, why)
        async with self._shop.db.write() as tx:
            if chat == CHANNEL:
                await mailroom.channel_refused(tx, self._shop, why)
                await mailroom.delayed(tx, news, CHANNEL_REFUSED)
            elif "chat not found" in why:
                await mailroom.blocked(tx, chat)
            elif len(news) > 1:  # one of them is at fault: each is tried alone
                await mailroom.delayed(tx, news, 0)
            else:
                await mailroom.dropped(tx, self._shop, news, why)
