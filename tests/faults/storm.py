"""A shop that tells its news through bad weather, to a made-up Telegram that keeps to its limits."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from sqlalchemy import select

from bot.app import LOCALES
from bot.demo.telegram import DemoTelegram, Fault, Person
from bot.demo.telegram.faults import Faults, Injection
from bot.demo.telegram.limits import Limits, Rate
from bot.demo.telegram.rooms import Channel
from bot.domain.orders import OrderState
from bot.domain.outcomes import PanelStatus, Placed, StatusReport
from bot.i18n import Translations
from bot.services import placing, rounds, wallet
from bot.storage import orders, people, tables
from bot.storage.database import Database
from bot.telegram.delivery import Deliverer
from bot.workers import Loops
from tests.faults.leaping import LeapingClock, LeapingSession, LeapingWakeups
from tests.services.stage import ALPHA, ANNA, BORIS, FUNDS, HELPER, OWNER, TOKEN, Stage

# What a fifth of so many calls meet. One is ambiguous: Telegram takes the message, and nothing of its answer arrives.
CALLS = 250
FAULTS = [
    *(Fault.too_many(seconds) for seconds in range(1, 14)),
    *(Fault.error(code) for code in (500, 502, 503, 504) * 3),
    *(Fault.html(code) for code in (502, 503, 504, 520) * 3),
    *[Fault.cut()] * 12,
    Fault.reset_after(),
]
# Telegram's limits, less a hair: times are rounded on their way through the books.
LIMITS = Limits(per_chat=Rate(1, 0.99), overall=Rate(30, 1), per_channel=Rate(20, 59.9))
# So many orders move on at once, at least.
FEW = 25
REPORTS = {
    OrderState.PENDING: StatusReport("In progress", PanelStatus.IN_PROGRESS),
    OrderState.IN_PROGRESS: StatusReport("Completed", PanelStatus.COMPLETED),
}


class BadWeather(Faults):
    """A fifth of all calls fail, drawn like cards: so many of each kind in every pack."""

    def __init__(self, luck: Random) -> None:
        super().__init__()
        self._luck = luck
        self._cards: list[Fault | None] = []
        self.met: Counter[str] = Counter()
        self.over = False

    def take(self, method: str, chat: int | None) -> Injection | None:
        """The fault that a call meets."""
        if self.over:
            return None
        if not self._cards:
            self._cards = [*FAULTS, *[None] * (CALLS - len(FAULTS))]
            self._luck.shuffle(self._cards)
        fault = self._cards.pop()
        if fault is None:
            return None
        self.met[fault.kind] += 1
        return Injection(method, fault, 1, chat)


@dataclass
class PostOffice:
    """The shop's loop that tells news, to be gone through step by step, and those who read them."""

    stage: Stage
    telegram: DemoTelegram
    clock: LeapingClock
    loops: Loops
    customers: Sequence[Person]
    channel: Channel

    async def sell(self, count: int) -> None:
        """Let the customers order in turn, until the panel has so many orders."""
        stage, buyers = self.stage, [person.id for person in self.customers]
        first = await stage.order(await stage.buy(user=buyers[0]))
        await stage.place(Placed("1"))
        async with stage.db.write() as tx:
            for place in range(1, count):
                user = buyers[place % len(buyers)]
                number = await orders.insert_order(
                    tx,
                    user=user,
                    draft=1000 + place,
                    panel=ALPHA,
                    snapshot=first.snapshot,
                    answers=first.answers,
                    link_key=None,
                    quantity=first.quantity,
                    price=first.price,
                )
                assert await wallet.hold(tx, number, user=user, price=first.price)
                claim = await placing.claim(tx, stage.shop, ALPHA)
                assert claim is not None
                await placing.settle(tx, stage.shop, claim, Placed(str(number)))

    async def move(self, luck: Random) -> bool:
        """Let a good part of the orders go on at the panel, and the shop ask about all; whether some are still open."""
        table = tables.orders
        statement = select(table.c.panel_order, table.c.state).where(table.c.ended_at.is_(None)).order_by(table.c.id)
        async with self.stage.second.read() as tx:
            running = (await tx.conn.execute(statement)).all()
        moved = luck.sample(running, max(len(running) // 2, min(len(running), FEW)))
        self.stage.panels[ALPHA].reports = {row.panel_order: REPORTS[OrderState(row.state)] for row in moved}
        while await rounds.track_once(self.stage.shop, ALPHA):
            pass
        return bool(running)

    async def tell(self, seconds: float) -> None:
        """Let the news go out for so long."""
        until = self.clock.seconds() + seconds
        while self.clock.seconds() < until:
            await self.loops.deliver()

    async def decided(self, chat: int) -> list[tuple[int, str]]:
        """What the shop has to tell a chat: orders and their states, in the order in which that was decided."""
        table = tables.outbox
        statement = select(table.c.facts).where(table.c.chat_id == chat, table.c.kind.in_(["order", "channel"]))
        async with self.stage.second.read() as tx:
            facts = await tx.conn.scalars(statement.order_by(table.c.id))
            return [(int(each["number"]), str(each["state"])) for each in facts]

    async def untold(self) -> list[int]:
        """The chats that something waits for, a chat as often as there is; 0 is the channel."""
        statement = select(tables.outbox.c.chat_id).where(tables.outbox.c.sent_at.is_(None))
        async with self.stage.second.read() as tx:
            return list(await tx.conn.scalars(statement))


@asynccontextmanager
async def post_office(
    db: Database, second: Database, clock: LeapingClock, *, customers: int
) -> AsyncIterator[PostOffice]:
    """A shop whose customers can pay and hear, and a Telegram that is well. Its books are proved at the end."""
    stage = await Stage.opened(db, second, clock)
    db.wakeups = LeapingWakeups(clock)
    telegram = DemoTelegram(token=TOKEN, clock=clock.seconds, limits=LIMITS)
    channel_id = stage.shop.settings.channel_id
    assert isinstance(channel_id, int)
    channel = telegram.channel(channel_id)
    for known in (ANNA, BORIS, OWNER, HELPER):
        await telegram.person(known).send("/start")
    readers = [telegram.person(5001 + place, f"Customer {place}") for place in range(customers)]
    async with db.write() as tx:
        for each in readers:
            await each.send("/start")
            await people.see_user(tx, each.id, name=each.name, username=None, language="en")
            await wallet.adjust(tx, stage.shop, admin=OWNER, user=each.id, amount=FUNDS, reason="", key=f"{each.id}")
    async with telegram.serve() as url:
        session = LeapingSession(clock, TelegramAPIServer.from_base(url))
        bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
        words = Translations.load(LOCALES, currency="USD", timezone=ZoneInfo("UTC"))
        deliverer = Deliverer(bot, stage.shop, words, clock.seconds, clock.sleep)
        try:
            yield PostOffice(stage, telegram, clock, Loops(stage.shop, deliverer, bot), readers, channel)
        finally:
            await session.close()
    assert await stage.audit() == []
