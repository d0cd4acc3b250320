"""Ways for a call to fail, to be ordered one by one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from bot.demo.telegram.errors import ApiError, too_many_requests


class FaultKind(StrEnum):
    """What happens to a call."""

    ERROR = "error"  # an answer with ok: false; nothing is done
    HTML = "html"  # a web page instead of JSON, as from a gateway; nothing is done
    BARE = "bare"  # JSON that lacks what Telegram's has, as from a gateway; nothing is done
    RESET_BEFORE = "reset_before"  # the connection is reset; nothing is done
    RESET_AFTER = "reset_after"  # the call is carried out, then the connection is reset
    CUT = "cut"  # the call is carried out, half of the answer arrives
    HANG_BEFORE = "hang_before"  # nothing happens until release(), then all is as usual
    HANG_AFTER = "hang_after"  # the call is carried out, the answer comes after release()


CARRIED_OUT = {FaultKind.RESET_AFTER, FaultKind.CUT, FaultKind.HANG_AFTER}


@dataclass(frozen=True)
class Fault:
    """One way to fail."""

    kind: FaultKind
    code: int = 500
    words: str = "Internal Server Error"
    retry_after: int | None = None

    @classmethod
    def too_many(cls, retry_after: int) -> Fault:
        """429 with a pause in seconds."""
        error = too_many_requests(retry_after)
        return cls(FaultKind.ERROR, error.code, error.description, retry_after)

    @classmethod
    def error(cls, code: int = 500, words: str = "Internal Server Error") -> Fault:
        """Any answer with ok: false, its description given in full."""
        return cls(FaultKind.ERROR, code, words)

    @classmethod
    def html(cls, code: int = 502) -> Fault:
        """A gateway's page."""
        return cls(FaultKind.HTML, code, "Bad Gateway")

    @classmethod
    def bare(cls, code: int = 502, body: str = '{"ok":false}') -> Fault:
        """A gateway's JSON, word for word."""
        return cls(FaultKind.BARE, code, body)

    @classmethod
    def reset_before(cls) -> Fault:
        """The connection breaks before anything is done."""
        return cls(FaultKind.RESET_BEFORE)

    @classmethod
    def reset_after(cls) -> Fault:
        """The connection breaks after all is done: delivered, but the sender cannot know."""
        return cls(FaultKind.RESET_AFTER)

    @classmethod
    def cut(cls) -> Fault:
        """The answer ends in the middle."""
        return cls(FaultKind.CUT)

    @classmethod
    def hang(cls, *, after: bool = False) -> Fault:
        """No answer until it is released; *after*: what was asked for is done at once."""
        return cls(FaultKind.HANG_AFTER if after else FaultKind.HANG_BEFORE)

    def as_error(self) -> ApiError:
        """The answer of an ERROR."""
        return ApiError(self.code, self.words, self.retry_after)


class Injection:
    """A fault waiting for its calls: `fired` counts those it met, `times` None is until healed."""

    def __init__(self, method: str, fault: Fault, times: int | None, chat: int | None) -> None:
        self.method = method.lower()
        self.fault = fault
        self.times = times
        self.chat = chat
        self.fired = 0
        self._released = asyncio.Event()

    @property
    def spent(self) -> bool:
        """Whether it met all the calls it was meant for."""
        return self.times is not None and self.fired >= self.times

    def release(self) -> None:
        """Let calls that hang go on."""
        self._released.set()

    async def wait_for_release(self) -> None:
        """Return after release()."""
        await self._released.wait()

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether a call is one it was meant for; "*" means every method but getUpdates."""
        if self.spent or (self.chat is not None and self.chat != chat):
            return False
        return method == self.method or (self.method == "*" and method != "getupdates")


class Faults:
    """All that were ordered, the oldest first."""

    def __init__(self) -> None:
        self._injections: list[Injection] = []

    def order(self, method: str, fault: Fault, times: int | None, chat: int | None) -> Injection:
        """Let the next *times* calls of a method fail, in one chat or in all."""
        injection = Injection(method, fault, times, chat)
        self._injections.append(injection)
        return injection

    def heal(self) -> None:
        """Forget every fault and release what hangs."""
        for injection in self._injections:
            injection.release()
            injection.times = injection.fired
        self._injections.clear()

    def take(self, method: str, chat: int | None) -> Injection | None:
        """The fault that a call meets, counted as met."""
        for injection in self._injections:
            if injection.meets(method, chat):
                injection.fired += 1
                return injection
        return None
