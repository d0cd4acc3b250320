"""The dependency audit fails on a finding, and on nothing that the network does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FINE = {"name": "aiogram", "version": "3.31.0", "vulns": []}
WEAK = {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]}
UNFIXED = {"name": "old", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": []}]}
UNKNOWN = {"name": "private", "skip_reason": "Dependency not found on PyPI"}


def judged(report: str, repository: Path, folder: Path) -> tuple[int, str]:
    file = folder / "report.json"
    file.write_text(report)
    judge = repository / ".ci" / "judge_audit.py"
    done = subprocess.run([sys.executable, str(judge), str(file)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("dependencies", [[WEAK], [FINE, WEAK, UNKNOWN], [UNFIXED]])
def test_a_finding_fails(dependencies: list[object], repository: Path, tmp_path: Path) -> None:
    """It is named, with the version that is free of it."""
    code, words = judged(json.dumps({"dependencies": dependencies, "fixes": []}), repository, tmp_path)
    assert code == 1
    assert "PYSEC-2019-217, fixed in 2.10.1" in words or "CVE-1, fixed in none" in words


@pytest.mark.parametrize("report", ["", "{", "[]", "null", "<html>", json.dumps({"dependencies": [UNKNOWN]})])
def test_a_hiccup_does_not_fail_and_is_said(report: str, repository: Path, tmp_path: Path) -> None:
    """No report, half a report, or one in which nobody knew anything."""
    code, words = judged(report, repository, tmp_path)
    assert code == 0
    assert "skipped" in words


def test_no_finding_says_how_much_was_asked(repository: Path, tmp_path: Path) -> None:
    """What could not be asked about is counted, not passed over in silence."""
    code, words = judged(json.dumps({"dependencies": [FINE, UNKNOWN]}), repository, tmp_path)
    assert (code, words) == (0, "No known weakness. Dependencies asked about: 1, not known there: 1.\n")
