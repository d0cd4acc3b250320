"""A customer who does what the shop's screen asks for, and tries again when nothing comes."""

import re
from collections.abc import Mapping, Sequence

from bot.demo.telegram import ChatMessage, Person
from tests.faults.mortal import MortalShop

Wish = str | Sequence[str]

# The most steps to an order: every answer asked for again a few times.
STEPS = 40


class Shopper:
    """Buys one thing. ``wishes`` are the answers by the word the form asks with; a list is typed line by line.

    ``service`` is what the service's button begins with. ``die_at`` names a wish, or "Confirm": the shop's
    countdown begins right before it is first answered. While the shop is dead, who is ``hasty`` types the same
    again, and ``afterthought`` is typed by who pressed a button. ``typed`` is all they ever typed.
    """

    def __init__(
        self,
        shop: MortalShop,
        person: Person,
        service: str,
        wishes: Mapping[str, Wish],
        *,
        die_at: Sequence[str] = (),
        hasty: bool = False,
        afterthought: str = "",
    ) -> None:
        self.shop = shop
        self.person = person
        self.service = service
        self.wishes = wishes
        self._die_at = list(die_at)
        self._hasty = hasty
        self._afterthought = afterthought
        self.typed: list[str] = []
        self._again = ""
        self._before = self.numbers()

    def numbers(self) -> set[int]:
        """Every order the shop ever told this person about."""
        heard = self.person.heard_messages
        return {int(number) for message in heard for number in re.findall(r"#(\d+)", message.text)}

    @property
    def told(self) -> int | None:
        """The number of the order that came of it."""
        return min(self.numbers() - self._before, default=None)

    async def buy(self) -> int:
        """Go on until the shop names an order; its number."""
        await self._type("/order")
        for _ in range(STEPS):
            if self.told is not None:
                return self.told
            await self._step()
        raise AssertionError(f"no order came of it:\n{self.person.transcript()}\n{self.shop.log()}")

    async def _step(self) -> None:
        screen = self._screen()
        if screen is None:
            await self._type("/order")
            return
        asked = re.search(r"Send the (\w+)", screen.text)
        if "Confirm" in screen.labels:
            await self._press("Confirm", screen)
        elif asked is not None:
            await self._answer(asked[1], screen)
        else:
            await self._press(next(label for label in screen.labels if self._wanted(label)), screen)

    def _screen(self) -> ChatMessage | None:
        """The newest message that asks for something; news and main menus are looked past."""
        for message in reversed(self.person.messages):
            if message.keyboard and ("Send the " in message.text or any(map(self._wanted, message.labels))):
                return message
        return None

    def _wanted(self, label: str) -> bool:
        return label == "Confirm" or label.startswith((self.service, "Instagram"))

    async def _answer(self, word: str, screen: ChatMessage) -> None:
        await self._perhaps_die(word)
        wish = self.wishes[word]
        if isinstance(wish, str):
            await self._type(wish)
            return
        so_far = re.search(r"(\d+) lines? so far", screen.text)
        lines = int(so_far[1]) if so_far else 0
        if lines < len(wish):
            await self._type(wish[lines])
        else:
            await self._press("Done", screen)

    async def _perhaps_die(self, what: str) -> None:
        if self._die_at and self._die_at[0] == what:
            self._die_at.pop(0)
            await self.shop.arm()

    async def _type(self, text: str) -> None:
        self._again = text if self._hasty else ""
        seen = self._seen()
        await self._send(text)
        await self._wait(seen)

    async def _press(self, label: str, screen: ChatMessage) -> None:
        await self._perhaps_die(label)
        self._again = self._afterthought
        seen = self._seen()
        await self.person.tap(label, screen)
        await self._wait(seen)

    async def _send(self, text: str) -> None:
        self.typed.append(text)
        await self.person.send(text)

    def _seen(self) -> tuple[object, ...]:
        screen = self._screen()
        return () if screen is None else (screen.id, screen.text, tuple(screen.labels))

    async def _wait(self, seen: tuple[object, ...]) -> None:
        await self.shop.sees(lambda: self.told or self._seen() != seen, meanwhile=self._meanwhile)

    async def _meanwhile(self) -> None:
        if self._again:
            await self._send(self._again)
