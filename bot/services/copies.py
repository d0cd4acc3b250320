"""A copy of the books a day, beside them, and those of the last week kept."""

import asyncio
import logging
import re
from pathlib import Path

from bot.services.news import clear_alert, raise_alert
from bot.services.shop import Shop
from bot.storage import mail
from bot.storage.backup import BackupError, backup

# So many days can be gone back.
KEPT = 7

log = logging.getLogger(__name__)


async def daily(shop: Shop) -> Path | None:
    """Copy the books to ``backups/<name>-YYYY-MM-DD.db`` beside them unless today's copy is there; the new file.

    The day is the shop's own. Copies older than the last ``KEPT`` are deleted, and what a killed process left half
    made; other files never are. A copy that cannot be made is logged, and the admins are told once. None also where
    the database is a server, whose backups are its owner's.
    """
    file = shop.db.file
    if file is None:
        return None
    today = shop.db.clock().astimezone(shop.settings.timezone).date()
    target = file.parent / "backups" / f"{file.stem}-{today:%Y-%m-%d}.db"
    try:
        if await asyncio.to_thread(target.exists):
            return None
        await backup(shop.db, target)
        await asyncio.to_thread(_tidy, target, file.stem)
    except (BackupError, OSError) as error:
        log.error("there is no copy of the books of today: %s", error)  # noqa: TRY400  (the sentence says it all)
        await _tell(shop, str(error))
        return None
    log.info("the books were copied to %s", target)
    await _tell(shop, None)
    return target


def _tidy(newest: Path, stem: str) -> None:
    day = re.escape(stem) + r"-\d{4}-\d{2}-\d{2}\.db"
    files = sorted(newest.parent.iterdir())
    copies = [each for each in files if re.fullmatch(day, each.name)]
    halves = [each for each in files if re.fullmatch(rf"\.{day}\.partial-\d+", each.name)]
    for each in [*copies[:-KEPT], *halves]:
        each.unlink()


async def _tell(shop: Shop, why: str | None) -> None:
    async with shop.db.read() as reading:
        told = await mail.alert_raised(reading, "backup")
    if told == (why is not None):
        return
    async with shop.db.write() as tx:
        if why is None:
            await clear_alert(tx, shop, "backup", "backup")
        else:
            await raise_alert(tx, shop, "backup", "backup", why=why)
