"""Several stories at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def together(work: Callable[[T], Awaitable[None]], things: Sequence[T], *, at_once: int = 8) -> None:
    """Do this with each thing, so many at once: shops spend most of their time waiting.

    Each comes to its end, whatever becomes of the others. Raises an ExceptionGroup of all that failed; each names its
    thing.
    """
    places = asyncio.Semaphore(at_once)
    failures: list[Exception] = []

    async def one(thing: T) -> None:
        async with places:
            try:
                await work(thing)
            except Exception as error:  # noqa: BLE001  (told at the end, with the others)
                error.add_note(f"with {thing}")
                failures.append(error)

    async with asyncio.TaskGroup() as group:
        for thing in things:
            group.create_task(one(thing))
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(things)} went wrong", failures)
