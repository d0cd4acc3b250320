# ruff: noqa: INP001  (a script, no part of a package)
"""Reads pip-audit's report. Exit code 1: a dependency has a known weakness; 0: none has, or nobody knows."""

import json
import sys
from pathlib import Path
from typing import Any


def judge(text: str) -> tuple[int, str]:
    """The exit code, and what to say, of a report (or of what is there instead)."""
    try:
        found = json.loads(text)["dependencies"]
        weak = [(each, weakness) for each in found for weakness in each.get("vulns", [])]
        asked = [each for each in found if "skip_reason" not in each]
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0, "The dependency audit was skipped: no report was made."
    if weak:
        return 1, "\n".join(["Known weaknesses:", *(_line(each, weakness) for each, weakness in weak)])
    if not asked:
        return 0, "The dependency audit was skipped: nobody could tell about any dependency."
    return 0, f"No known weakness. Dependencies asked about: {len(asked)}, not known there: {len(found) - len(asked)}."


def _line(each: dict[str, str], weakness: dict[str, Any]) -> str:
    fixed = ", ".join(weakness["fix_versions"]) or "none"
    return f"{each['name']} {each['version']}: {weakness['id']}, fixed in {fixed}"


if __name__ == "__main__":
    code, words = judge(Path(sys.argv[1]).read_text("utf-8"))
    sys.stdout.write(f"{words}\n")
    sys.exit(code)
