"""Starts shops in processes of their own and hears how they fare. POSIX only: elsewhere nobody is killed like this."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.faults.child import UNEXPECTED, Life


class Running:
    """One process: ``ready`` when it sells, ``over`` when it ended, with its exit code (minus the signal)."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.code: int | None = None
        self.born = asyncio.Event()
        self.ready = asyncio.Event()
        self.armed = asyncio.Event()
        self.over = asyncio.Event()

    def hear(self, words: list[str]) -> None:
        """Take note of a line it said, or that was said of it."""
        match words:
            case ["born", pid]:
                self.pid = int(pid)
                self.born.set()
            case ["ready"]:
                self.ready.set()
            case ["armed"]:
                self.armed.set()
            case ["over", code]:
                self.code = int(code)
                self.over.set()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it is over."""
        if self.pid is not None and not self.over.is_set():
            os.kill(self.pid, number)


class Nursery:
    """The process that forks the others."""

    def __init__(self, repository: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.child"]
        self._process = subprocess.Popen(  # noqa: S603  (it is this very Python)
            command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # its imports take long: no story's patience pays for them
        self._heard = b""
        self._running: dict[int, Running] = {}
        self._numbers = 0

    def number(self) -> int:
        """A number for a life, never given before."""
        self._numbers += 1
        return self._numbers

    def close(self) -> None:
        """End it, and whatever it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        with self._process:
            self._process.wait()

    async def run(self, life: Life, running: Running) -> None:
        """Start a process and listen to it until it is over."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        loop, ear = asyncio.get_running_loop(), self._process.stdout.fileno()
        self._running[life.number] = running
        loop.add_reader(ear, self._hear, ear)
        try:
            self._process.stdin.write(f"{life.to_json()}\n".encode())
            self._process.stdin.flush()
            await running.over.wait()
        finally:
            del self._running[life.number]
            if not self._running:
                loop.remove_reader(ear)

    def _hear(self, ear: int) -> None:
        more = os.read(ear, 65536)
        if not more:
            for running in self._running.values():  # it ended itself, and nothing it started can be heard any more
                running.hear(["over", str(UNEXPECTED)])
            asyncio.get_running_loop().remove_reader(ear)
        *lines, self._heard = (self._heard + more).split(b"\n")
        for line in lines:
            number, *words = line.decode().split()
            life = self._running.get(int(number))
            if life is not None:
                life.hear(words)
