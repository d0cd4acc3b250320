"""Nobody can bury the admins' chat: what they have to decide comes first, and what they only have to know together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode

from bot.app import LOCALES
from bot.demo.telegram.errors import bad_request
from bot.domain.outcomes import RefusalKind, Refused, Unknown
from bot.i18n import Translations
from bot.services.news import raise_alert
from bot.telegram.delivery import Deliverer
from tests.clock import FakeClock
from tests.security.desk import Desk, DirectSession, open_desk
from tests.services.stage import LINK, TOKEN

LINES = 40
BAD = "what Telegram does not take"


class Choosy(DirectSession):
    """A Telegram that refuses one text, wherever it stands."""

    async def _result(self, name: str, values: dict[str, Any]) -> Any:
        if BAD in str(values.get("text")):
            raise bad_request("made up")
        return await super()._result(name, values)


class Seconds:
    """A clock that moves only when slept on."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@asynccontextmanager
async def post_office(folder: Path, clock: FakeClock) -> AsyncIterator[tuple[Desk, Deliverer, Seconds]]:
    """A shop whose owner wrote once, and who delivers its news."""
    async with open_desk(folder, clock) as desk:
        seconds = Seconds()
        bot = Bot(TOKEN, session=Choosy(desk.telegram), default=DefaultBotProperties(parse_mode=ParseMode.HTML))
        words = Translations.load(LOCALES, currency="USD", timezone=ZoneInfo("UTC"))
        await desk.owner.send("/start")
        await desk.handled()
        yield desk, Deliverer(bot, desk.stage.shop, words, seconds.read, seconds.sleep), seconds


async def delivered(deliverer: Deliverer, seconds: Seconds) -> None:
    """Deliver until nothing is due any more."""
    while (wait := await deliverer.round()) is not None:
        seconds.now += wait


async def test_a_card_does_not_wait_behind_refusals(tmp_path: Path, clock: FakeClock) -> None:
    """However many links a panel refuses, the card of an order whose answer got lost comes at once; the refusals come
    in a few messages, each with all its facts and its button."""
    async with post_office(tmp_path, clock) as (desk, deliverer, seconds):
        for n in range(LINES):
            await desk.stage.buy({"link": f"{LINK}/{n}", "quantity": 100})
            await desk.stage.place(Refused(RefusalKind.LINK, f"the words about {n}."))
        await desk.stage.buy({"link": f"{LINK}/lost", "quantity": 100})
        await desk.stage.place(Unknown("reset"))
        clock.advance(5)
        start = len(desk.owner.heard_messages)
        await delivered(deliverer, seconds)
        card, *notes = desk.owner.heard_messages[start:]
        assert f"Order #{LINES + 1}: was it placed?" in card.text
        assert len(notes) <= LINES // 8
        for n in range(LINES):
            [told] = [message for message in notes if f"the words about {n}." in message.text]
            assert f"refused order #{n + 1}:" in told.text
            assert f"Order #{n + 1}" in told.labels


async def test_a_note_that_telegram_does_not_take_loses_no_other(tmp_path: Path, clock: FakeClock) -> None:
    """Put together they would all be lost: each is tried alone."""
    async with post_office(tmp_path, clock) as (desk, deliverer, seconds):
        async with desk.stage.db.write() as tx:
            for panel, words in (("one", "down"), ("two", BAD), ("three", "down")):
                await raise_alert(tx, desk.stage.shop, panel, "silent", panel=panel, words=words)
        start = len(desk.owner.heard_messages)
        await delivered(deliverer, seconds)
        heard = "\n".join(message.text for message in desk.owner.heard_messages[start:])
        for panel in ("one", "three"):
            assert heard.count(f"🔴 Panel {panel} does not answer.") == 1
        assert "Panel two" not in heard
        assert "Telegram does not take a message of the kind alert." in heard
