"""``python -m bot.demo.panel``: one panel in a process of its own. It says {"url": ...} when it is ready."""

import argparse
import asyncio
import json
import signal
import sys
from decimal import Decimal

from bot.demo.panel import DIALECTS, DemoPanel, demo_offers, many_offers


def main() -> None:
    """Read the arguments and run until a signal says stop."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.panel", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default="demo-key-a", help="the API key it wants")
    parser.add_argument("--name", default="Alpha")
    parser.add_argument("--speaks", choices=sorted(DIALECTS), default="alpha", help="dialect and services")
    parser.add_argument("--services", type=int, metavar="COUNT", help="so many made-up services instead")
    parser.add_argument("--balance", type=Decimal, default=Decimal(100))
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--pace", type=float, metavar="SECONDS", help="orders move by the clock, a step in so many")
    parser.add_argument("--mishaps", type=float, metavar="SHARE", help="share of orders that end badly, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(_run(parser.parse_args()))


async def _run(chosen: argparse.Namespace) -> None:
    offers = many_offers(chosen.services) if chosen.services is not None else demo_offers(chosen.speaks)
    panel = DemoPanel(
        chosen.name,
        chosen.key,
        offers=offers,
        currency=chosen.currency,
        balance=chosen.balance,
        dialect=DIALECTS[chosen.speaks],
        seed=chosen.seed,
        pace=chosen.pace,
        mishaps=chosen.mishaps,
    )
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with panel.serve(port=chosen.port) as url:
        sys.stdout.write(json.dumps({"url": url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
