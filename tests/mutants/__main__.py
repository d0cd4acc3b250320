"""``make mutants``: break each guard in a copy of the checkout, and see its test go red."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.patches import MUTANTS, Mutant

TOP = Path(__file__).parent.parent.parent
# Longer than any of the named tests takes; a hang is no red.
PATIENCE = 600


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether the test stays green although the guard is broken."""
    file = copy / mutant.file
    whole = file.read_text()
    file.write_text(whole.replace(mutant.old, mutant.new))
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutant.test]
        ran = subprocess.run(command, cwd=copy, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  (ours)
    finally:
        file.write_text(whole)
    if ran.returncode not in {0, 1}:  # neither green nor red: the test did not run
        sys.stdout.write(ran.stdout.decode())
        raise SystemExit(f"{mutant.test} could not be run")
    return ran.returncode == 0


def main() -> int:
    """Break one guard after the other; the number of those nobody noticed."""
    alive = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(TOP, copy, ignore=shutil.ignore_patterns(".venv", ".git", "data", "build", ".*_cache"))
        for number, mutant in enumerate(MUTANTS, 1):
            survived = survives(mutant, copy)
            alive += survived
            verdict = "NOT NOTICED by" if survived else "noticed by"
            sys.stdout.write(f"{number}/{len(MUTANTS)} {mutant.breaks}: {verdict} {mutant.test}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(MUTANTS) - alive} of {len(MUTANTS)} broken guards were noticed\n")
    return alive


if __name__ == "__main__":
    sys.exit(main())
