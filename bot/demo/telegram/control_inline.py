"""The inline mode and links to the bot over HTTP."""

from __future__ import annotations

from bot.demo.telegram.control_payments import PaymentActions
from bot.demo.telegram.errors import JsonObject
from bot.demo.telegram.suggestions import Suggestions


class InlineActions(PaymentActions):
    """What is typed after the bot's name is typed in the chat with it, or, where {into} names one, in another."""

    async def do_inline(self, values: JsonObject) -> JsonObject:
        """Results for words: {chat, words, offset?, into?, timeout?}; {results, next_offset, button}."""
        words, offset = values["words"], values.get("offset", "")
        person, into = self._person(values), self._into(values)
        return _shown(await person.inline(words, offset, values.get("timeout"), chat=into))

    async def do_choose(self, values: JsonObject) -> int:
        """Send a result of those words: {chat, words, offset?, result, into?}; the message's id."""
        person, into = self._person(values), self._into(values)
        shown = self._world.inline.shown(values["words"], values.get("offset", ""), person.id)
        chosen = next((each for each in shown.results if each.id == values["result"]), None) if shown else None
        if chosen is None:
            raise ValueError(f"no result {values['result']!r} is shown for {values['words']!r}")
        return (await person.choose(chosen, into)).id

    async def do_follow(self, values: JsonObject) -> int:
        """Open a link to the bot and press Start: {chat, link}; the update's id."""
        return await self._person(values).follow(values["link"])


def _shown(page: Suggestions) -> JsonObject:
    results = [{"id": each.id, "title": each.title, "description": each.description} for each in page.results]
    return {"results": results, "next_offset": page.next_offset, "button": page.button}
