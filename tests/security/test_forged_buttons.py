"""A button is a wish, never a permission: a changed client reaches nothing that is not its sender's."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.demo.telegram.callbacks import Press
from bot.telegram import callbacks as cb
from bot.telegram.routers.main import dispatching
from tests.clock import FakeClock
from tests.model.profile import chosen, proved
from tests.security.affairs import annas_affairs, bobs_affairs
from tests.security.desk import MONEY, Desk, open_desk
from tests.security.forger import ADMIN_KINDS, KINDS, MARK, Forger, handled_by, wishes
from tests.services.stage import BORIS

# Five rounds of a thousand are the proof; one is what every run of the tests has time for.
PAYLOADS, ROUNDS = 1_000, 5 if chosen().proving else 1
# The tables that Bob's own presses may write to as well, and how his rows there are told from the others.
SHARED = {
    "payments": "user_id <> :bob",
    "batches": "user_id <> :bob",
    "drafts": "user_id <> :bob",
    "conversations": "chat_id <> :bob",
    "favourites": "user_id <> :bob",
    "users": "id <> :bob",
    "outbox": "chat_id <> :bob OR order_id IS NOT NULL",
}


async def hers(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of Anna's, and all that is money or an order."""
    found = {}
    for table in (*MONEY, *SHARED):
        where = SHARED.get(table, ":bob = :bob")
        found[table] = await desk.rows(f"SELECT * FROM {table} WHERE {where} ORDER BY 1", bob=BORIS)  # noqa: S608  (ours)
    return found


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_forged_buttons_reach_nothing_of_others(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    """Each forged press is answered, none fails, and nobody else's money, order or word is touched or told."""
    async with open_desk(tmp_path, clock) as desk:
        await annas_affairs(desk)
        await bobs_affairs(desk)
        menu = desk.bob.heard_messages[-1]
        before = await hers(desk)
        assert all(before[table] for table in MONEY)
        secrets = [MARK, MARK.replace("-", "_"), *(row[0] for row in await desk.rows(CODES, bob=BORIS))]
        forger = Forger(chosen().seed + seed, range(1, 1 + await highest_id(desk)))
        presses: list[Press] = []
        for _ in range(PAYLOADS // 100):
            presses += [desk.bob.forge(forger.payload(), menu) for _ in range(100)]
            await desk.handled()
        assert all(press.answer is not None for press in presses)
        assert await hers(desk) == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    heard = json.dumps([each.values for each in desk.heard(desk.bob)], ensure_ascii=False)
    assert len(heard) > PAYLOADS
    assert [secret for secret in secrets if secret in heard] == []
    proved(
        f"{PAYLOADS} forged, foreign, old and altered buttons (seed {chosen().seed + seed}): nothing of others reached"
    )


CODES = "SELECT code FROM payments WHERE user_id <> :bob"


async def highest_id(desk: Desk) -> int:
    """No row that somebody might reach for has a higher number; nearly all below it are somebody's."""
    tables = ("orders", "drafts", "payments", "batches", "tickets", "services")
    found = [await desk.rows(f"SELECT max(id) FROM {table}") for table in tables]  # noqa: S608  (our own names)
    return max(int(rows[0][0]) for rows in found)


def test_every_kind_of_button_is_known_here() -> None:
    """Each is answered to by some router; what admins have, and what can be said with it, is read off the code."""
    # Where a plain destination leads is asked for word by word.
    assert handled_by(dispatching()[0]) | {cb.Go} == set(KINDS.values())
    assert set(ADMIN_KINDS) < set(KINDS.values())
    for kind, some in (("Settle", {"approve", "refund_anyway"}), ("Pay", {"forget"}), ("OrderDo", {"stop_sure"})):
        assert some < set(wishes(KINDS[kind]))
    assert {"more", "look"} < set(wishes(KINDS["Mass"]))
    assert {"reply", "close"} < set(wishes(KINDS["Ticket"]))
