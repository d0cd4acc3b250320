"""One ``run`` at a time on one SQLite file."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        # Windows keeps others from reading what is locked: lock a byte far behind the process id.
        os.lseek(descriptor, 4096, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class AlreadyRunning(Exception):
    """Another process has the lock; ``pid`` is its id, or None where it could not be read."""

    def __init__(self, lock_file: Path, pid: int | None) -> None:
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"the shop is running already, as {who}, on this database (see {lock_file})")


class RunLock:
    """An exclusive lock beside ``database``, in ``<database>.lock``, held between ``with`` and its end.

    The operating system gives it up when the process ends, however it ends. The file stays, for a file that
    is deleted while another process waits at it would let both in.
    """

    def __init__(self, database: Path) -> None:
        self.file = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock at once or raise ``AlreadyRunning``."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(descriptor)
        except OSError:
            pid = os.read(descriptor, 20)
            os.close(descriptor)
            raise AlreadyRunning(self.file, int(pid) if pid.strip().isdigit() else None) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the next one in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
