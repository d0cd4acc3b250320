"""``python -m bot`` in processes of its own, started as an owner does, and heard to the end.

Loading the shop takes longer than most commands, so one process loads it and forks the others from itself.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

# A process that says nothing more for so long hangs, and the test fails with what it said. In seconds.
PATIENCE = 60.0
# What an owner's machine has anyway; everything else of the environment is the shop's settings.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")


@dataclass
class Command:
    """One process while it runs, and what it said when it is over. ``code`` is minus the signal that ended it."""

    process: BaseProcess
    out: str = ""
    err: str = ""
    code: int | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _listening: "asyncio.Task[None] | None" = None

    def listen(self, out: Connection, err: Connection) -> None:
        """Hear both streams from now on."""
        self._listening = asyncio.create_task(self._listen(out, err))

    async def close(self) -> None:
        """End it where it has not ended, and hear what it still says."""
        if self.process.is_alive():
            self.process.kill()
        if self._listening is not None:
            await self._listening
        self.process.close()

    async def _listen(self, out: Connection, err: Connection) -> None:
        """To the end of both streams, which is the process's."""
        await asyncio.gather(self._hear("out", out), self._hear("err", err))
        await asyncio.to_thread(self.process.join)
        self.code = self.process.exitcode
        self._changed.set()

    async def _hear(self, name: str, ear: Connection) -> None:
        with os.fdopen(os.dup(ear.fileno()), "rb", 0) as file:
            ear.close()
            reader = asyncio.StreamReader()
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
            while line := await reader.readline():
                setattr(self, name, getattr(self, name) + line.decode())
                self._changed.set()
            transport.close()

    async def says(self, words: str) -> None:
        """Wait until it said this, on either of its streams."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.out + self.err:
                assert self.code is None, f"it ended with {self.code}:\n{self.out}{self.err}"
                self._changed.clear()
                await self._changed.wait()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    async def over(self, seconds: float = PATIENCE) -> int:
        """Its exit code, which must come within ``seconds``."""
        async with asyncio.timeout(seconds):
            while self.code is None:
                self._changed.clear()
                await self._changed.wait()
        return self.code


class CommandLine:
    """Starts commands in ``folder``. ``environment`` has the settings, as an owner gives them."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bot.app", "bot.checks", "bot.commands", "bot.demo.shop", "pytest"])

    async def run(self, *arguments: str, **changes: str | None) -> Command:
        """Run a command to its end; ``changes`` are settings that are different this time, None for missing."""
        async with self.running(*arguments, **changes) as command:
            await command.over()
        return command

    @asynccontextmanager
    async def running(self, *arguments: str, **changes: str | None) -> AsyncIterator[Command]:
        """Start a command, and kill it at the end of the block if it is not over."""
        given = {name: os.environ[name] for name in KEPT if name in os.environ} | self.environment
        environment = {name: value for name, value in {**given, **changes}.items() if value is not None}
        heard = [self._context.Pipe(duplex=False) for _ in range(2)]
        mouths = [mouth for _, mouth in heard]
        process = self._context.Process(target=_live, args=(arguments, str(self.folder), environment, *mouths))
        await asyncio.to_thread(process.start)  # the first one waits for everything to be loaded
        for mouth in mouths:
            mouth.close()
        command = Command(process)
        command.listen(*(ear for ear, _ in heard))
        try:
            yield command
        finally:
            await command.close()


def _live(
    arguments: Sequence[str], folder: str, environment: Mapping[str, str], out: Connection, err: Connection
) -> None:
    """Be the process: in its folder, with its settings and nothing else, and with its own mouth."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    out.close()
    err.close()
    from bot.__main__ import main  # noqa: PLC0415  (in the process that is to be the command, not in the test's)

    sys.exit(main(arguments))
