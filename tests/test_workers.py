"""The loops end when they are told to, whatever happens in them."""

import asyncio

from bot import workers


async def test_a_loop_that_fails_while_it_is_stopped_ends() -> None:
    """Undoing what was cut off fails where the database is gone: that error must not pass for one of the loop's own."""
    begun = asyncio.Event()

    async def step() -> None:
        begun.set()
        try:
            await asyncio.Future()
        finally:
            raise ConnectionResetError("the database is gone")

    tasks = workers.Tasks()
    loop = tasks.start(workers.forever("step", step), name="step")
    await begun.wait()
    async with asyncio.timeout(60):
        await tasks.stop()
    assert loop.cancelled()
    assert tasks.failure is None
