"""How an answer reaches the client, or does not."""

import asyncio
from collections.abc import Callable

from bot.demo.panel.faults import Fault, How
from bot.demo.panel.wire import Answer, reset

ENDLESS = 1 << 40  # bytes announced for a body that never ends
CHUNK = b" " * 65536


class Line:
    """What the connections of one life of the panel share: whether it ended, and the gate they wait at."""

    def __init__(self) -> None:
        self.stopped = False
        self._gate = asyncio.Event()

    def release(self) -> None:
        """Let everything that waits go on."""
        gate, self._gate = self._gate, asyncio.Event()
        gate.set()

    def stop(self) -> None:
        """Let everything that waits end."""
        self.stopped = True
        self.release()

    async def wait(self, seconds: float) -> None:
        """Wait for so long, or until released."""
        try:
            async with asyncio.timeout(seconds):
                await self._gate.wait()
        except TimeoutError:
            pass

    async def send(self, answer: Answer, writer: asyncio.StreamWriter, *, keep_alive: bool) -> bool:
        """Send an answer whole; gives whether the connection may go on."""
        keep_alive = keep_alive and not self.stopped
        writer.write(answer.head(keep_alive=keep_alive) + answer.body)
        await writer.drain()
        return keep_alive


async def deliver(
    fault: Fault,
    act: Callable[[], Answer],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    line: Line,
) -> None:
    """Fail in this way; ``act`` does what was asked, where it is to be done, and gives the answer to it.

    The connection is not fit for another request afterwards.
    """
    if fault.how is How.SLOW:
        await _slow(fault, act, writer, line)
        return
    own = act()
    if fault.how in {How.RESET, How.RESET_ON_ACCEPT}:
        reset(writer)
    elif fault.how in {How.SILENT, How.SILENT_ON_ACCEPT}:
        await _until_gone(reader)
    elif fault.how is How.ANSWER:
        await line.send(fault.answer or own, writer, keep_alive=False)
    elif fault.how is How.ALTER:
        await line.send(fault.altered(own), writer, keep_alive=False)
    elif fault.how is How.CUT:
        writer.write(own.head(keep_alive=False) + own.body[: len(own.body) // 2])
        await writer.drain()
    elif fault.how is How.DRIP:
        await _drip(fault, own, writer, line)
    elif fault.how is How.FLOOD:
        await _flood(own, writer, line)
    # How.CLOSE needs nothing: the connection is closed when this returns.


async def _slow(fault: Fault, act: Callable[[], Answer], writer: asyncio.StreamWriter, line: Line) -> None:
    if not fault.late:
        answer = act()
        await line.wait(fault.seconds)
    else:
        await line.wait(fault.seconds)
        if line.stopped:
            return
        answer = act()
    if fault.taken and not line.stopped:
        await line.send(answer, writer, keep_alive=False)


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def _drip(fault: Fault, own: Answer, writer: asyncio.StreamWriter, line: Line) -> None:
    head = own.head(keep_alive=False, length=ENDLESS)
    if fault.in_head:
        first, _, _ = head.partition(b"\r\n")
        sent = first + b"\r\nX-Slow: "
        writer.write(sent)
        rest = b""
    else:
        writer.write(head)
        rest = own.body[:-1]  # without its end it never becomes valid JSON
    while not line.stopped and not writer.is_closing():
        writer.write(rest[:1] or (b"x" if fault.in_head else b" "))
        rest = rest[1:]
        await writer.drain()
        await line.wait(fault.seconds)


async def _flood(own: Answer, writer: asyncio.StreamWriter, line: Line) -> None:
    writer.write(own.head(keep_alive=False, length=ENDLESS))
    while not line.stopped and not writer.is_closing():
        writer.write(CHUNK)
        await writer.drain()
