"""People who ask the bot for suggestions in any chat."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.demo.telegram.formatting import utf16_length
from bot.demo.telegram.messages import ChatMessage
from bot.demo.telegram.payers import Payer
from bot.demo.telegram.rooms import Group
from bot.demo.telegram.suggestions import SECONDS_TO_ANSWER, InlineQuery, Suggestion, Suggestions
from bot.demo.telegram.texts import typed_text

LONGEST_QUERY = 256


class Inliner(Payer):
    """Somebody who types the bot's name and some words, chooses a result, and follows a link to the bot."""

    def inline(self, words: str, offset: str = "", timeout: float | None = None) -> Coroutine[Any, Any, Suggestions]:
        """Type words after the bot's name, or leaf on; the results, from Telegram's cache where it may be."""
        return self._inline(words, offset, timeout)

    async def _inline(self, words: str, offset: str, seconds: float | None) -> Suggestions:
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
        body = {"id": query.id, "from": self.user, "query": words, "offset": offset, "chat_type": "group"}
        if not self.push("inline_query", body):
            raise AssertionError("the bot does not want inline queries: they are not in its allowed_updates")
        limit = min(self.patience, SECONDS_TO_ANSWER) if seconds is None else seconds
        return await self.wait_for(lambda: query.answer, limit, f"results for {words!r}")

    async def choose(self, result: Suggestion, chat: Group | None = None) -> ChatMessage:
        """Send a result into the chat with the bot, or into a group; the message."""
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
