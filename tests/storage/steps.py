"""Folders of migrations, made up for tests."""

import shutil
from pathlib import Path

from alembic.script import Script, ScriptDirectory

from bot.storage.migrate import SCRIPTS

_STEP = '''"""Made up."""

import os
import signal

from alembic import op
from sqlalchemy import Column, Integer, Text

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    """The step."""
{body}
'''


def every() -> list[Script]:
    """The shop's own steps, oldest first."""
    return list(ScriptDirectory(str(SCRIPTS)).walk_revisions())[::-1]


def revisions() -> list[str]:
    """The names of the shop's own steps, oldest first."""
    return [step.revision for step in every()]


def up_to(revision: str, folder: Path) -> Path:
    """The shop's own steps up to and with a revision."""
    _copy(folder)
    known = revisions()
    for later in known[known.index(revision) + 1 :]:
        for file in (folder / "versions").glob(f"{later}_*.py"):
            file.unlink()
    return folder


def one_more(folder: Path, *lines: str) -> Path:
    """The shop's own steps and one that consists of these lines."""
    _copy(folder)
    body = "\n".join(f"    {line}" for line in lines)
    text = _STEP.format(revision="next", before=revisions()[-1], body=body)
    (folder / "versions" / "next_step.py").write_text(text)
    return folder


def _copy(folder: Path) -> None:
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
