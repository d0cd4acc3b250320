"""People who ask the bot for suggestions in any chat."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.demo.telegram.formatting import utf16_length
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.payers import Payer
from bot.demo.telegram.rooms import Channel
from bot.demo.telegram.suggestions import SECONDS_TO_ANSWER, InlineQuery, Suggestion, Suggestions
from bot.demo.telegram.texts import typed_text

LONGEST_QUERY = 256


class Inliner(Payer):
    """Somebody who types the bot's name and some words, chooses a result, and follows a link to the bot."""

    def inline(
        self, words: str, offset: str = "", timeout: float | None = None, *, chat: Channel | None = None
    ) -> Coroutine[Any, Any, Suggestions]:
        """Type words after the bot's name, or leaf on; the results, from Telegram's cache where it may be.

        It is typed in the chat with the bot, or in *chat*.
        """
        return self._inline(words, offset, timeout, "sender" if chat is None else chat.kind)

    async def _inline(self, words: str, offset: str, seconds: float | None, where: str) -> Suggestions:
        world = self.world
        if not world.inline.on:
            raise AssertionError("the inline mode is off: /setinline at BotFather turns it on")
        if utf16_length(words) > LONGEST_QUERY:
            raise AssertionError(f"an inline query has at most {LONGEST_QUERY} characters")
        cached = world.inline.cached(words, offset, self.id, world.clock())
        if cached is not None:
            return cached
        query = InlineQuery(world.unique(f"{self.id}"), self, words, offset, world.clock())
        world.inline.ask(query)
        body = {"id": query.id, "from": self.user, "query": words, "offset": offset, "chat_type": where}
        if not self.push("inline_query", body):
            raise AssertionError("the bot does not want inline queries: they are not in its allowed_updates")
        limit = min(self.patience, SECONDS_TO_ANSWER) if seconds is None else seconds
        return await self.wait_for(lambda: query.answer, limit, f"results for {words!r}")

    async def choose(self, result: Suggestion, chat: Channel | None = None) -> ChatMessage:
        """Send a result into the chat with the bot, a group or a channel; the message."""
        via = {"via_bot": self.world.me}
        self.say(result.formatted, chat=chat, markup=result.markup, extra=via)
        return (chat or self).messages[-1]

    async def follow(self, url: str) -> int:
        """Open a link to the bot and press Start there; the id of the update."""
        parts = urlsplit(url)
        if parts.hostname != "t.me" or parts.path != f"/{self.world.me['username']}":
            raise AssertionError(f"{url} does not lead to the bot")
        payload = next(iter(parse_qs(parts.query).get("start", [])), "")
        return self.say(typed_text(f"/start {payload}".strip()))
