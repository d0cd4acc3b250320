"""``make bench``: a table of medians and ratios."""

import asyncio
import sys

from benchmarks import books, catalogue
from benchmarks.timing import Row

SERVICES, TIMES = 10_000, 30


def table(rows: list[Row]) -> str:
    """The rows below each other."""
    head = f"{'':34}{'ms':>9}   {'beside':34}{'ms':>9}{'ratio':>9}"
    lines = [f"{row.what:34}{row.ours:9.3f}   {row.beside:34}{row.theirs:9.3f}{row.ratio:9.3f}" for row in rows]
    return "\n".join([head, *lines])


def main(services: int = SERVICES, times: int = TIMES) -> str:
    """Measure, and return the table."""
    return table([*catalogue.measure(services, times), *asyncio.run(books.measure(times))])


if __name__ == "__main__":
    sys.stdout.write(
        f"Medians of {TIMES}, in milliseconds of the processor, in a catalogue of {SERVICES:,} services.\n{main()}\n"
    )
