"""What each command does, with words for an owner who is no programmer. Exit codes: 0 well, 1 not.

aiogram takes seconds to load, so only the commands that speak to Telegram do.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot import logs
from bot.domain.errors import ShopError
from bot.locks import AlreadyRunning
from bot.settings import Settings, SettingsError
from bot.storage.audit import audit
from bot.storage.backup import BackupError, backup
from bot.storage.database import Database, DatabaseTrouble
from bot.storage.facts import CurrencyChanged
from bot.storage.migrate import MigrationError, migrate

# What is told in one sentence instead of a traceback.
EXPECTED = (
    SettingsError,
    AlreadyRunning,
    MigrationError,
    BackupError,
    CurrencyChanged,
    LookupError,
    ShopError,
    OSError,
)
# Telegram and the panels are never out of reach for a whole command; the database is.
OUT_OF_REACH = (ConnectionError, TimeoutError, socket.gaierror)


# `run` is over within 10 seconds of being told to stop: what does not end, like a thread that waits for a locked
# database, is left, in seconds. The books are made for a process that is killed at any moment.
LAST_CALL = 8.5


def say(text: str) -> None:
    """Tell whoever typed the command."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()  # `run` goes on for long, and a log file is no terminal


def complain(error: BaseException) -> int:
    """Say what is wrong; the exit code."""
    sys.stderr.write(f"{error}\n")
    return 1


def _settings(*, verbose: bool = False) -> Settings:
    settings = Settings.load()
    logs.setup(logging.DEBUG if verbose else logging.INFO, settings.secrets)
    for warning in settings.warnings:
        logging.getLogger(__name__).warning("%s", warning)
    return settings


def _do(work: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(work)
    except OUT_OF_REACH as error:
        return complain(OSError(f"The database that DATABASE_URL names cannot be reached: {error}"))
    except DatabaseTrouble as error:
        return complain(OSError(f"The database that DATABASE_URL names cannot be used: {_first_words(error)}"))
    except EXPECTED as error:
        return complain(error)
    except KeyboardInterrupt:
        return 0


def _first_words(error: DatabaseTrouble) -> str:
    """What the database said, without the statement it said it to."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def run(*, verbose: bool) -> int:
    """Open the shop until SIGTERM or Ctrl-C."""
    try:
        settings = _settings(verbose=verbose)
    except SettingsError as error:
        return complain(error)
    if not settings.panels:
        return complain(ValueError("No panel is set. Fill in PANELS__MAIN__URL and PANELS__MAIN__KEY in .env."))
    return _do(_run(settings))


async def _run(settings: Settings) -> int:
    from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError  # noqa: PLC0415  (it loads aiogram)

    from bot.app import opened  # noqa: PLC0415  (it loads aiogram)

    async with opened(settings) as app:
        loop = asyncio.get_running_loop()

        def stop() -> None:
            app.stop()
            last_call = threading.Timer(LAST_CALL, _leave)
            last_call.daemon = True  # it keeps nothing open itself
            last_call.start()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        if not settings.admin_ids:
            say("ADMIN_IDS is empty: send /start to the bot, it tells you your id.")
        try:
            await app.serve()
        except (TelegramUnauthorizedError, TelegramNotFound):
            return complain(ValueError("Telegram does not know this BOT_TOKEN. Ask @BotFather for the right one."))
    return 0


def _leave() -> None:
    """End the process whatever still runs in it."""
    logging.getLogger(__name__).warning("something did not end in time and is left for the next start")
    logging.shutdown()
    os._exit(0)


def check(*, verbose: bool) -> int:
    """Ask Telegram and every panel, and say in plain words what is wrong."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        return complain(error)
    from bot import checks  # noqa: PLC0415  (it loads aiogram)

    logs.setup(logging.DEBUG if verbose else logging.CRITICAL, settings.secrets)
    return _do(checks.check(settings, say))


def migrate_books() -> int:
    """Bring the database to this version's form."""

    async def work() -> int:
        db = Database(_settings().database_url)
        try:
            applied = await migrate(db)
        finally:
            await db.close()
        say("The database was up to date already." if not applied else "The database is up to date now.")
        return 0

    return _expecting(work)


def audit_books() -> int:
    """Prove the books, on a live database too."""

    async def work() -> int:
        db = _existing()
        try:
            async with db.read() as tx:
                found = await audit(tx)
        finally:
            await db.close()
        for sentence in found:
            say(sentence)
        say("The books balance." if not found else f"{len(found)} things are wrong with the books.")
        return 1 if found else 0

    return _expecting(work)


def backup_books(target: Path) -> int:
    """Copy the database, consistent while the shop runs."""

    async def work() -> int:
        db = _existing()
        try:
            await backup(db, target)
        finally:
            await db.close()
        say(f"The database was copied to {target}.")
        return 0

    return _expecting(work)


def _existing() -> Database:
    settings = _settings()
    file = settings.sqlite_file
    if file is not None and not file.exists():
        raise FileNotFoundError(f"There is no database at {file} yet: the shop never ran with these settings.")
    return Database(settings.database_url)


def _expecting(work: Any) -> int:
    try:
        return _do(work())
    except SettingsError as error:
        return complain(error)
