"""What the shop writes is its owner's alone, and two shops never write to one file."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.services import copies
from bot.storage.backup import backup
from tests.conversations.shop import ADMIN, TOKEN, OpenShop, offers, open_shop

KEY = "key-of-a-second-run"


async def run(shop: OpenShop, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m bot`` with this shop's database, as its owner would type it a second time."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "BOT_TOKEN": TOKEN,
        "ADMIN_IDS": str(ADMIN),
        "DATABASE_URL": f"sqlite:///{shop.folder / 'shop.db'}",
        "TELEGRAM_API_URL": shop.telegram.url,
        "PANELS__ALPHA__URL": shop.panels["alpha"].url,
        "PANELS__ALPHA__KEY": KEY,
    }
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *arguments],
        cwd=shop.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with each file and folder below this one, by name."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


@pytest.fixture
def careless() -> Iterator[None]:
    """A process that lets everybody read what it writes, as the usual umask does."""
    before = os.umask(0)
    yield
    os.umask(before)


async def test_every_file_is_the_owner_s_alone(tmp_path: Path, careless: None) -> None:
    """Database, its -wal and -shm, the lock and every copy: 0600, whatever the umask; folders of ours: 0700."""
    async with open_shop(tmp_path / "data", alpha=offers("alpha", "Default")) as shop:
        assert shop.app is not None
        await shop.give(shop.anna, "5")
        await copies.daily(shop.app.shop)
        await backup(shop.app.shop.db, tmp_path / "elsewhere" / "copy.db")
        found = modes(tmp_path)
    assert {name for name, mode in found.items() if mode == 0o700} == {"data", "backups", "elsewhere"}
    files = {name for name, mode in found.items() if mode == 0o600}
    assert {"shop.db", "shop.db-wal", "shop.db-shm", "shop.db.lock", "copy.db"} < files
    assert len(files) == 6
    assert len(found) == 6 + 3


async def test_a_second_run_says_so_and_leaves(tmp_path: Path) -> None:
    """It names the process that runs, touches nothing, and Telegram never hears of it; audit works beside it."""
    async with open_shop(tmp_path, alpha=offers("alpha", "Default")) as shop:
        calls = len(shop.telegram.sent("getMe", "deleteWebhook"))
        second = await run(shop, "run")
        assert second.returncode == 1
        assert f"running already, as process {os.getpid()}" in second.stderr
        assert "Traceback" not in second.stderr
        assert len(shop.telegram.sent("getMe", "deleteWebhook")) == calls
        await shop.give(shop.anna, "5")
        audit = await run(shop, "audit")
        assert (audit.returncode, audit.stdout) == (0, "The books balance.\n")
