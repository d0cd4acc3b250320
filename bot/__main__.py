"""The command line: ``python -m bot run | demo | check | migrate | audit | backup``."""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import commands


def port(text: str) -> int:
    """A port as somebody typed it; 0 takes any that is free."""
    if not (text.isascii() and text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"should be a number from 0 to 65535; got {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The commands and their words."""
    root = argparse.ArgumentParser(prog="python -m bot", description="A Telegram shop for social-media services.")
    root.add_argument("--verbose", action="store_true", help="log everything, for finding a fault")
    found = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    found.add_parser("run", help="open the shop, as .env says")
    demo = found.add_parser("demo", help="try the shop with no account: a chat page in the browser")
    demo.add_argument("--port", type=port, help="of the page (default: 8000, or the next one that is free)")
    demo.add_argument("--data", type=Path, help="keep the books in this folder (default: a new one each time)")
    found.add_parser("check", help="ask Telegram and every panel, and say what is wrong")
    found.add_parser("migrate", help="bring the database to this version's form")
    found.add_parser("audit", help="prove the books; works while the shop runs")
    backup = found.add_parser("backup", help="copy the database; works while the shop runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="where to; it must not exist yet")
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 where all is well, 1 where it is not."""
    given = parser().parse_args(arguments)
    match given.command:
        case "run":
            return commands.run(verbose=given.verbose)
        case "demo":
            from bot.demo.shop import demo  # noqa: PLC0415  (the stand-ins are no part of a real shop)

            return demo(port=given.port, data=given.data, verbose=given.verbose)
        case "check":
            return commands.check(verbose=given.verbose)
        case "migrate":
            return commands.migrate_books()
        case "audit":
            return commands.audit_books()
        case _:
            return commands.backup_books(given.file)


if __name__ == "__main__":
    code = main()
    gc.freeze()  # looking through all that was made, as Python does at its end, takes longer than closing the shop
    sys.exit(code)
