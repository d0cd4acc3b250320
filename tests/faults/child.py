"""The real shop in a process that dies when it is told to: at the n-th pass of a named point, by SIGKILL.

``python -m tests.faults.child`` imports everything, sells once and so makes what every process has to make, then forks
a shop for each line of its input, because all that takes longer than most stories. A line is a ``Life`` in JSON. It
says when it is ready for them, then answers in lines that begin with the life's number: ``born`` with the process id,
``ready`` once the shop sells, ``armed`` when the counting of points began, ``over`` with the exit code (minus the
signal's number where one ended it).
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    GetUpdates,
    SendMessage,
    SetMyCommands,
)

from bot import logs, points
from bot.__main__ import main as command
from bot.app import LOCALES, App, opened
from bot.i18n import Translations
from bot.services import rounds
from bot.settings import Settings
from bot.storage.database import system_clock
from bot.telegram.pacing import Pacing
from bot.telegram.session import reader
from tests.conversations.customer import LINK, buy, read
from tests.conversations.shop import AT_ONCE, offers, open_shop
from tests.once import make_once

UNHURRIED = 10_000
# The calls whose answers' readers are made when they are first seen.
CALLS = (AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, GetMe, GetUpdates, SendMessage, SetMyCommands)
# What every process would have to make first.
KEPT: list[object] = []
UNEXPECTED = 70  # the exit code of a process that ended in an error nobody caught


@dataclass(frozen=True)
class Life:
    """What a process is to do: serve the shop, or run the ``command`` of ``python -m bot``.

    ``environment`` holds the settings as an owner gives them. The shop's clock is ``ahead`` of the machine's by so
    many seconds. It dies at pass number ``count`` of ``point``, counted from SIGUSR1 or, if ``armed``, from the
    beginning; at none where ``point`` is empty. "commit.before" is every "….commit.before".
    """

    number: int
    folder: str
    environment: Mapping[str, str]
    command: str = ""
    point: str = ""
    count: int = 1
    armed: bool = False
    ahead: float = 0.0

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


class Reaper:
    """Listens at the points, and ends the process at one of them."""

    def __init__(self, life: Life) -> None:
        self._number = life.number
        self._point = life.point
        self._left = life.count
        self._armed = life.armed

    def arm(self) -> None:
        """Count from now on."""
        self._armed = True
        tell(self._number, "armed")

    def __call__(self, name: str) -> None:
        """A point is passed."""
        if not self._armed or not (name == self._point or name.endswith(f".{self._point}")):
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def tell(*words: object) -> None:
    """Say a line to the test, whole or not at all."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


async def serve(life: Life) -> None:
    """Open the shop and sell until SIGTERM, or until the reaper comes."""
    settings = Settings.load(None, life.environment)
    logs.setup("INFO", settings.secrets)
    ahead = timedelta(seconds=life.ahead)

    def clock() -> datetime:
        return system_clock() + ahead

    reaper = Reaper(life)
    points.listen(reaper)
    async with opened(settings, clock=clock) as app:
        app.gaps = AT_ONCE
        app.pacing = Pacing(time.monotonic, burst=UNHURRIED)  # the people of these tests type faster than people
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, app.stop)
        loop.add_signal_handler(signal.SIGUSR1, reaper.arm)
        async with asyncio.TaskGroup() as group:
            group.create_task(announce(app, life))
            await app.serve()


async def announce(app: App, life: Life) -> None:
    """Tell the test when there is something to buy."""
    await app.ready.wait()
    if not app.shop.shelf.services:
        for panel in app.shop.panels:
            await rounds.sync(app.shop, panel)
    tell(life.number, "ready")


def live(life: Life) -> int:
    """The life of a forked process, in its own folder and with its own output; its exit code."""
    tell(life.number, "born", os.getpid())
    os.chdir(life.folder)
    log = os.open("child.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    if not life.command:
        asyncio.run(serve(life))
        return 0
    os.environ.update(life.environment)
    said = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(said, 1)
    return command([life.command])


def fork(life: Life) -> int:
    """Live in a process of its own, to its end; its exit code, minus the signal where one ended it."""
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status)
    code = UNEXPECTED
    try:
        code = live(life)
    except Exception:  # noqa: BLE001  (whatever it was, the log has it and the process ends)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def warm() -> None:
    """Make once what every process would have to make."""
    KEPT.append(Translations.load(LOCALES, currency="USD", timezone=ZoneInfo("UTC"), default="en"))
    for call in CALLS:
        reader(call.__returning__)
    make_once()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(sell_once(Path(folder)))


async def sell_once(folder: Path) -> None:
    """Compile the statements of a sale. Every thread is over when this is, so that it may be forked."""
    [followers] = sold = offers("alpha", "Default")
    async with open_shop(folder, alpha=sold) as shop:
        await shop.give(shop.anna, "5")
        await buy(shop.anna, followers, LINK, "100")
        await shop.panels["alpha"].took(1)
        for _ in range(2):
            shop.panels["alpha"].advance()
        await read(shop.anna, "Completed")


def main() -> None:
    """Fork a process for every line of the input, and one that waits for its end."""
    warm()
    tell("warm")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    for line in sys.stdin:
        if os.fork():
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        life = Life(**json.loads(line))
        tell(life.number, "over", fork(life))
        os._exit(0)


if __name__ == "__main__":
    main()
