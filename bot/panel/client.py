"""The client for one panel: every action of API v2, one id or many."""

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from pydantic import SecretStr

from bot.domain.outcomes import AddOutcome, Rejected, StatusReport, Unknown
from bot.panel import catalogue, dialects
from bot.panel.answers import Balance, CancelAsked, RefillReport, ServiceList
from bot.panel.errors import PanelError, PanelRefusedError, PanelUnreadableError
from bot.panel.halving import Halving
from bot.panel.limiter import Limiter, Turn
from bot.panel.placing import add_outcome
from bot.panel.reply import json_of
from bot.panel.transport import Transport
from bot.panel.values import text_id

T = TypeVar("T")

_log = logging.getLogger(__name__)

MOST_IDS = 100  # the documents' limit for a batch; more is refused or silently cut

# 10,000 services with long descriptions are some 10 MB; every other answer is small, 100 statuses 20 KB.
_LIST_BYTES = 32 * 1024 * 1024
_ANSWER_BYTES = 1024 * 1024

# A read is tried three times: a lost packet or a restarting server heal within seconds, what lasts longer is
# the caller's next round. Past a minute no new try begins, however long the panel wants us to wait.
_PAUSES = (0.5, 2.0)
_READ_SECONDS = 60.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PanelClient:
    """Speaks to one panel. Errors are those of bot.panel.errors; the key is in none of them.

    ``name`` is the shop's name for the panel. ``timeout`` is the deadline of one whole exchange in seconds;
    for ``add``, ``refill`` and ``cancel`` it also covers the wait for a turn under ``calls_per_minute``. Reads
    (services, status, refill_status, balance) are tried again after a failure that may pass; those three
    never are, because API v2 has no idempotency key. ``verify`` is the TLS trust as in httpx; ``clock``
    counts seconds and only grows, ``now`` is the time of day.
    """

    def __init__(
        self,
        name: str,
        url: str,
        key: SecretStr | str,
        *,
        timeout: float = 30.0,
        calls_per_minute: int | None = None,
        verify: ssl.SSLContext | bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.name = name
        self._clock = clock
        self._sleep = sleep
        self._limiter = Limiter(calls_per_minute, clock=clock, sleep=sleep)
        secret = key if isinstance(key, SecretStr) else SecretStr(key)
        self._transport = Transport(url, secret, timeout=timeout, verify=verify, now=now)
        self._halvings = {action: Halving(clock) for action in ("status", "refill_status")}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def add(self, fields: Mapping[str, str]) -> AddOutcome:
        """Place one order: ``service`` and the fields of its type, sent as they are and at most once.

        Raises nothing but CancelledError, which carries a note on whether the request may have been sent.
        """
        form = {**fields, "action": "add"}
        turn = partial(self._limiter.turn, Turn.ADD)
        got = await self._transport.send(form, cap=_ANSWER_BYTES, fresh=True, before=turn)
        try:
            outcome = add_outcome(got, next_turn=self._limiter.next_turn())
        except Exception as error:  # noqa: BLE001 - the order may be placed, whatever we fail to understand
            outcome = Unknown(f"the answer could not be read: {type(error).__name__}")
        _log.debug("panel %s: add: %s", self.name, type(outcome).__name__)
        return outcome

    async def services(self) -> ServiceList:
        """Return what the panel sells, its order kept."""
        return await self._read({"action": "services"}, catalogue.service_list, cap=_LIST_BYTES)

    async def status(self, ids: Sequence[str]) -> dict[str, StatusReport | Rejected]:
        """Return the states of 1 to 100 orders by the panel's ids; what the panel leaves out is missing."""
        return await self._read_ids("status", "order", ids, dialects.status_reports)

    async def refill_status(self, refill_ids: Sequence[str]) -> dict[str, RefillReport | Rejected]:
        """Return the states of 1 to 100 refills by the refills' ids; what the panel leaves out is missing."""
        return await self._read_ids("refill_status", "refill", refill_ids, dialects.refill_reports)

    async def refill(self, ids: Sequence[str]) -> dict[str, str | Rejected]:
        """Ask to refill 1 to 100 orders; returns the refills' own ids by the orders' ids.

        PanelAnswerLostError means that the panel may have taken it. An id that is missing is as uncertain.
        """
        asked = _checked(ids)
        return await self._ask(_form("refill", "order", asked), partial(dialects.refill_ids, asked=asked))

    async def cancel(self, ids: Sequence[str]) -> dict[str, CancelAsked | Rejected]:
        """Ask to cancel 1 to 100 orders; that is a wish, and the status decides.

        Always asked with ``orders``, the only form the panels' documents have. Errors as for refill.
        """
        asked = _checked(ids)
        form = {"action": "cancel", "orders": ",".join(asked)}
        return await self._ask(form, partial(dialects.cancels, asked=asked))

    async def balance(self) -> Balance:
        """Return what is left on the shop's account with the panel."""
        return await self._read({"action": "balance"}, dialects.balance_of)

    async def _read_ids(
        self,
        action: str,
        id_field: str,
        ids: Sequence[str],
        parse: Callable[[object, Sequence[str]], dict[str, T | Rejected]],
    ) -> dict[str, T | Rejected]:
        async def question(part: Sequence[str]) -> dict[str, T | Rejected]:
            return await self._read(_form(action, id_field, part), lambda answer: parse(answer, part))

        return await self._halvings[action].ask(_checked(ids), question)

    async def _read(self, form: Mapping[str, str], parse: Callable[[object], T], *, cap: int = _ANSWER_BYTES) -> T:
        """Ask, and ask again while that may help and the time is not up."""
        start = self._clock()
        for pause in _PAUSES:
            try:
                return await self._once(form, parse, cap)
            except (PanelRefusedError, PanelUnreadableError):
                raise
            except PanelError as error:
                wait = max(pause, error.retry_after or 0.0)
                if self._clock() + wait - start > _READ_SECONDS:
                    raise
                _log.info("panel %s: %s: %s; again in %g s", self.name, form["action"], error, wait)
            await self._sleep(wait)
        return await self._once(form, parse, cap)

    async def _ask(self, form: Mapping[str, str], parse: Callable[[object], dict[str, T]]) -> dict[str, T]:
        """Ask once for something that must not be asked twice; the wait for a turn is under the deadline, too."""
        turn = partial(self._limiter.turn, Turn.READ)
        answer = await self._transport.send(form, cap=_ANSWER_BYTES, fresh=True, before=turn)
        results = parse(json_of(answer, next_turn=self._limiter.next_turn()))
        if not results:
            raise PanelUnreadableError("the answer says nothing about what was asked")
        return results

    async def _once(self, form: Mapping[str, str], parse: Callable[[object], T], cap: int) -> T:
        await self._limiter.turn(Turn.READ)
        got = await self._transport.send(form, cap=cap)
        if cap == _ANSWER_BYTES:
            return parse(json_of(got))
        # Ten thousand services take longer to read than other customers should wait.
        return await asyncio.to_thread(lambda: parse(json_of(got)))


def _form(action: str, id_field: str, asked: Sequence[str]) -> dict[str, str]:
    field = id_field if len(asked) == 1 else f"{id_field}s"
    return {"action": action, field: ",".join(asked)}


def _checked(ids: Sequence[str]) -> tuple[str, ...]:
    """Return the ids without repeats; ValueError for none, for more than 100, and for what is no id."""
    asked = tuple(dict.fromkeys(ids))
    if isinstance(ids, str) or not 1 <= len(asked) <= MOST_IDS:
        raise ValueError(f"1 to {MOST_IDS} ids can be asked for at once")
    if any(text_id(panel_id) != panel_id for panel_id in asked):
        raise ValueError("that is no id a panel gave")
    return asked
