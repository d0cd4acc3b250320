"""A shop that can be killed and opened again, with the Telegram and the panels that survive it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text

from bot.demo.panel import ALPHA, DemoOffer, DemoPanel
from bot.demo.telegram import DemoTelegram, Person
from bot.storage.database import Database
from tests.conversations.shop import ADMIN, CHANNEL, CUSTOMER, TOKEN
from tests.faults.child import Life
from tests.faults.nursery import Nursery, Running

T = TypeVar("T")


@dataclass(frozen=True)
class Death:
    """How a life ends: at pass number ``count`` of ``point``; without one, ``seconds`` after it opened, if any."""

    point: str = ""
    count: int = 1
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"pass {self.count} of {self.point}" if self.point else f"after {self.seconds:.3f} s"


# How long a person waits for an answer before they try again: of a shop that is well, and of one that was just away.
# No law hangs on it: trying too soon is what people do.
PATIENCE = 10.0
IMPATIENCE = 0.7
# After this nothing will come any more, and the test fails.
FOREVER = 60.0
# A process that comes after a killed one has its clock so far ahead: the leases of calls that were in flight are over.
LATER = 60.0


@dataclass
class MortalShop:
    """One shop through all its lives. ``in_flight``: the attempts that had no answer when a life ended;
    ``asking``: the requests.

    ``deaths_to_come``: how the next lives end; those beyond the list end well. ``kills``: how many ended.
    ``extra``: settings beside the usual ones.
    """

    folder: Path
    nursery: Nursery
    telegram: DemoTelegram
    panel: DemoPanel
    admin: Person
    anna: Person
    running: Running = field(default_factory=Running)
    lives: int = 0
    kills: int = 0
    in_flight: set[int] = field(default_factory=set)
    asking: set[int] = field(default_factory=set)
    extra: dict[str, str] = field(default_factory=dict)
    deaths_to_come: list[Death] = field(default_factory=list)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _listening: "asyncio.Task[None] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings as an owner gives them."""
        return {
            "BOT_TOKEN": TOKEN,
            "ADMIN_IDS": str(ADMIN),
            "CHANNEL_ID": str(CHANNEL),
            "STATUS_SECONDS": "1",
            "PANEL_TIMEOUT": "5",
            "DATABASE_URL": f"sqlite:///{self.folder / 'shop.db'}",
            "TELEGRAM_API_URL": self.telegram.url,
            "PANELS__ALPHA__URL": self.panel.url,
            "PANELS__ALPHA__KEY": self.panel.key,
            **self.extra,
        }

    # -- living and dying

    async def open(self, point: str = "", count: int = 1, *, armed: bool = False) -> None:
        """Begin a life, which ends at this point; return when the shop sells, or when that end came sooner."""
        ahead = LATER * self.lives
        self.lives += 1
        await self._start(point=point, count=count, armed=armed, ahead=ahead)
        await self._first(self.running.ready, self.running.over)

    async def _start(self, **life: Any) -> None:
        if self._listening is not None:
            await self._listening
        born = Life(self.nursery.number(), str(self.folder), self.environment, **life)
        self.running = Running()
        self._listening = asyncio.create_task(self.nursery.run(born, self.running))
        await self._first(self.running.born, self.running.over)

    async def _first(self, *events: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        done, late = await asyncio.wait(waits, timeout=FOREVER, return_when=asyncio.FIRST_COMPLETED)
        for wait in late:
            wait.cancel()
        assert done, f"the process says nothing:\n{self.log()}"

    async def arm(self) -> None:
        """From now on the passes of the point are counted."""
        self.running.signal(signal.SIGUSR1)
        await self._first(self.running.armed, self.running.over)

    async def kill(self) -> None:
        """End this life now."""
        self.running.signal(signal.SIGKILL)
        await self._first(self.running.over)

    async def live(self) -> None:
        """Begin a life that ends with the next of the deaths to come, its passes counted from the beginning."""
        death = self.deaths_to_come.pop(0) if self.deaths_to_come else Death()
        await self.open(death.point, death.count, armed=True)
        if death.seconds:
            asyncio.get_running_loop().call_later(death.seconds, self.running.signal, signal.SIGKILL)

    async def again(self, dead: Running) -> None:
        """After this death: note what was in flight, and begin the next life, unless somebody else saw it first."""
        async with self._opening:
            if self.running is not dead:
                return
            assert dead.code == -signal.SIGKILL, f"the shop ended by itself:\n{self.log()}"
            self.kills += 1
            for known, open_ones in (
                (self.in_flight, "SELECT id FROM attempts WHERE outcome IS NULL"),
                (self.asking, "SELECT id FROM requests WHERE state = 'asking'"),
            ):
                known |= {row.id for row in await self.rows(open_ones)}
            await self.live()

    async def close(self) -> None:
        """Close the shop as SIGTERM does."""
        self.running.signal(signal.SIGTERM)
        await self._first(self.running.over)
        assert self.running.code in {0, -signal.SIGKILL}, self.log()

    async def open_later(self) -> None:
        """Close, and begin the next life when nothing that happened is too young to be compared."""
        await self.close()
        self.lives += 3
        await self.live()

    async def rest(self, kills: int) -> None:
        """Close, once so many lives ended in a kill and everything that was said was fetched; what was is done."""
        await self.until(lambda: self.kills >= kills)
        await self.until(lambda: not self.telegram.world.updates.waiting)
        await self.close()
        while self.running.code:  # it was killed before it had closed
            await self.again(self.running)
            await self.close()

    async def end(self) -> None:
        """Leave no process behind."""
        if self._listening is not None:
            await self.kill()
            await self._listening

    def log(self) -> str:
        """The end of what its lives wrote on stderr."""
        file = self.folder / "child.log"
        return file.read_text()[-6000:] if file.exists() else "(nothing)"

    # -- waiting, as people do

    async def sees(
        self,
        look: Callable[[], T | None],
        *,
        seconds: float = PATIENCE,
        after_death: float = IMPATIENCE,
        meanwhile: Callable[[], Awaitable[object]] | None = None,
    ) -> T | None:
        """Wait until ``look`` finds something; None where nothing comes.

        A shop that dies meanwhile is opened again, after what the person does ``meanwhile``, and looked at once more.
        """
        while True:
            running = self.running
            found = await self._look(look, seconds)
            if found or not running.over.is_set():
                return found
            if meanwhile is not None:
                await meanwhile()
            await self.again(running)
            seconds = after_death

    async def _look(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """Look at every call of the bot, and when it has fetched updates, until time is up or the process has ended."""
        world = self.telegram.world
        waits = {
            asyncio.create_task(world.changed.until(look, seconds)),
            asyncio.create_task(world.updates.changed.until(look, seconds)),
            asyncio.create_task(self.running.over.wait()),
        }
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()  # without effect where it is done
        return look()

    async def until(self, look: Callable[[], T | None]) -> T:
        """Wait for what must come, whoever dies meanwhile."""
        found = await self.sees(look, seconds=FOREVER, after_death=FOREVER)
        assert found, f"{self.anna.transcript()}\n\n{self.admin.transcript()}\n\n{self.log()}"
        return found

    async def insist(self, act: Callable[[], Awaitable[object]], look: Callable[[], T | None]) -> T:
        """Do something again and again until it shows."""
        for _ in range(8):
            await act()
            if found := await self.sees(look):
                return found
        raise AssertionError(f"{self.anna.transcript()}\n\n{self.admin.transcript()}\n\n{self.log()}")

    # -- looking at the books

    async def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """Read the books through a connection of the test's own; no rows where there are no books yet."""
        if not (self.folder / "shop.db").exists():
            return []
        db = Database(f"sqlite+aiosqlite:///{self.folder / 'shop.db'}")
        try:
            async with db.read() as tx:
                return (await tx.conn.execute(text(statement), values)).all()
        finally:
            await db.close()

    async def command(self, name: str) -> tuple[int | None, str]:
        """Run ``python -m bot NAME`` in a process of its own: its exit code and what it said."""
        await self._start(command=name)
        await self._first(self.running.over)
        return self.running.code, (self.folder / "said.txt").read_text()


@asynccontextmanager
async def mortal_shop(
    folder: Path, nursery: Nursery, *sold: DemoOffer, books: bytes = b""
) -> AsyncIterator[MortalShop]:
    """A shop that sells this, not open yet. Its first life begins with ``open`` or ``live``, on these books or none."""
    telegram = DemoTelegram(token=TOKEN, clock=time.time)
    panel = DemoPanel("alpha", "key-alpha", offers=sold, dialect=ALPHA, balance=Decimal(1000))
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if books:
        await asyncio.to_thread((folder / "shop.db").write_bytes, books)
    async with telegram.serve(), panel.serve():
        telegram.channel(CHANNEL, title="News")
        admin = telegram.person(ADMIN, "Owner", username="owner")
        anna = telegram.person(CUSTOMER, "Anna & <b>", username="anna")
        shop = MortalShop(folder, nursery, telegram, panel, admin, anna)
        try:
            yield shop
        finally:
            await shop.end()
