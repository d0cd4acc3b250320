"""One ``run`` on one SQLite file."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.locks import AlreadyRunning, RunLock

HOLD = "import sys; from pathlib import Path; from bot.locks import RunLock\n"
HOLD += "with RunLock(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.read()"


def holder(database: Path, repository: Path) -> subprocess.Popen[str]:
    """Start another process that holds the lock until its input ends; it holds it when this returns."""
    process = subprocess.Popen(  # noqa: S603  (the program is the text above)
        [sys.executable, "-c", HOLD, str(database)],
        cwd=repository,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_a_second_run_is_told_who_runs_already(tmp_path: Path, repository: Path) -> None:
    database = tmp_path / "shop.db"
    with holder(database, repository) as process:
        with pytest.raises(AlreadyRunning) as caught, RunLock(database):
            pass
        process.communicate()
    assert caught.value.pid == process.pid
    assert str(process.pid) in str(caught.value)
    assert process.returncode == 0


def test_a_killed_run_leaves_nothing_behind_that_bars_the_next(tmp_path: Path, repository: Path) -> None:
    database = tmp_path / "shop.db"
    with holder(database, repository) as process:
        process.kill()
    with RunLock(database) as lock:
        assert lock.file.read_text() == f"{os.getpid()}\n"


def test_the_lock_is_free_after_its_end(tmp_path: Path) -> None:
    database = tmp_path / "data" / "shop.db"
    for _ in range(2):
        with RunLock(database) as lock, pytest.raises(AlreadyRunning), RunLock(database):
            pass
    assert stat.S_IMODE(lock.file.stat().st_mode) == 0o600


def test_databases_do_not_bar_each_other(tmp_path: Path) -> None:
    with RunLock(tmp_path / "one.db") as one, RunLock(tmp_path / "two.db") as two:
        assert one.file != two.file
