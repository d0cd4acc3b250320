"""Several stories at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


async def together(work: Callable[[T], Awaitable[None]], things: Sequence[T], *, at_once: int = 8) -> None:
    """Do this with each thing, so many at once: shops spend most of their time waiting. A failure names its thing."""
    places = asyncio.Semaphore(at_once)

    async def one(thing: T) -> None:
        async with places:
            try:
                await work(thing)
            except BaseException as error:
                error.add_note(f"with {thing}")
                raise

    async with asyncio.TaskGroup() as group:
        for thing in things:
            group.create_task(one(thing))
