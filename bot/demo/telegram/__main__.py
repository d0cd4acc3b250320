"""Run the stand-in alone: python -m bot.demo.telegram --port N --token T [--page].

Prints one line of JSON with the base URL when it is ready, and runs until it is interrupted or terminated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from bot.demo.telegram import DemoTelegram, Limits, Stage


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo.telegram", description="A Bot API server to try a bot.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (a free one)")
    parser.add_argument("--token", default="42:TEST-TOKEN", help="the bot's token (42:TEST-TOKEN)")
    parser.add_argument("--page", action="store_true", help="serve the chat page too")
    parser.add_argument("--limits", action="store_true", help="answer 429 when the bot sends too fast")
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until a signal comes."""
    limits = Limits.like_telegram() if options.limits else None
    demo = DemoTelegram(options.token, limits=limits)
    if options.page:
        demo.stage = Stage(
            demo.person(1001, "Anna", username="anna"),
            demo.person(2001, "Boss"),
            demo.channel(-1001234567890),
        )
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with demo.serve(options.host, options.port) as url:
        sys.stdout.write(json.dumps({"url": url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(run(arguments()))
