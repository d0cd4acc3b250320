"""A button is a wish, never a permission: a changed client reaches nothing that is not its sender's."""

import json
import logging
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.demo.telegram.callbacks import Press
from bot.domain.forms import FORMS
from bot.domain.orders import Answer
from bot.domain.outcomes import PanelStatus, Placed, StatusReport, Unknown
from bot.services import rounds, wallet
from bot.telegram import callbacks as cb
from tests.clock import FakeClock
from tests.security.desk import Desk, open_desk
from tests.services.stage import ALPHA, BORIS, COMMENTS, FOLLOWING, FUNDS, LIKES_333, OWNER, POSTS

# Five rounds of a thousand are the proof; one is what every run of the tests has time for.
PAYLOADS, ROUNDS = 1_000, 5 if os.environ.get("SHOP_PROFILE") == "prove" else 1
# What only Anna, her orders and her drafts have.
MARK = "annas-own"
HERS: Mapping[str, Answer] = {**LIKES_333, "link": f"https://{MARK}.example/p/1"}

KINDS = [each for each in vars(cb).values() if isinstance(each, type) and issubclass(each, CallbackData)]
PREFIXES = [each.__prefix__ for each in KINDS if each is not CallbackData]
WISHES = (
    *("show", "look", "stop", "cancel", "cancel_sure", "ask", "confirm", "skip", "done", "back", "summary", "resume"),
    *("spread", "at_once", "placed", "resend", "refund", "part", "close", "list", "pause", "refresh", "home", "orders"),
    *("wallet", "order", "language", "help", "", "1", "0", "uncertain", "\u202e", "'; DROP TABLE orders; --", "{link}"),
)
FIELDS = sorted({field.name for form in FORMS.values() for field in form.fields})
NUMBERS = ("0", "-1", "1e3", "٣", "1.0", "0x1", " 1", "+1", str(2**63 - 1), str(2**63), "9" * 30, "NaN", "None", "")
STRANGE = (
    " ",
    ":",
    "::::::::",
    "\x00",
    "a" * 64,
    "ё" * 32,
    "😀" * 16,
    '{"id": 1}',
    "d:*:refund:1:",
    "o:1:show:extra",
    "<b>",
)


class Forger:
    """Makes callback data: right in form and foreign in content, old, cut, altered, or none of the shop's."""

    def __init__(self, seed: int, *, drafts: list[int], orders: list[int], own: list[int]) -> None:
        self.random = random.Random(seed)
        self.numbers = [*map(str, drafts), *map(str, orders), *map(str, own)]
        self.words = [*WISHES, *FIELDS, ALPHA, "en", "Instagram", MARK]

    def payload(self) -> str:
        """The next one; at most 64 bytes, as Telegram passes on."""
        data = self._shaped() if self.random.random() < 0.8 else self._strange()
        return data.encode()[:64].decode(errors="ignore") or " "

    def _shaped(self) -> str:
        parts = [self._part() for _ in range(self.random.randint(1, 4))]
        data = ":".join([self.random.choice(PREFIXES), *parts])
        return self._altered(data) if self.random.random() < 0.15 else data

    def _part(self) -> str:
        kind = self.random.random()
        if kind < 0.55:
            return self.random.choice(self.numbers)
        if kind < 0.92:
            return self.random.choice(self.words)
        return self.random.choice(NUMBERS)

    def _altered(self, data: str) -> str:
        at = self.random.randrange(len(data))
        other = chr(self.random.choice([0, 9, 10, 32, 58, 127, 0x202E, 0x1F600, self.random.randrange(33, 0x2000)]))
        return self.random.choice([data[:at], data[:at] + other + data[at + 1 :], data + data, data[::-1]])

    def _strange(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(STRANGE)
        length = self.random.randint(1, 64)
        return "".join(chr(self.random.randrange(1, 0xD7FF)) for _ in range(length))


async def annas_affairs(desk: Desk) -> tuple[list[int], list[int]]:
    """Drafts and orders of Anna's in many states; their ids."""
    desk.anna.title, desk.anna.username = f"Anna {MARK}", MARK.replace("-", "_")
    await desk.anna.send("/start")
    await desk.handled()
    stage = desk.stage
    outcomes = (Placed("71"), Placed("72"), Unknown("lost"), Placed("73"))
    orders = [await stage.buy(HERS) for _ in range(5)]
    for outcome in outcomes:
        await stage.place(outcome)
    stage.panels[ALPHA].reports["71"] = StatusReport("Completed", PanelStatus.COMPLETED)
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    drafts = [
        await stage.draft(HERS),
        await stage.draft({"link": HERS["link"], "comments": [MARK]}, offer=COMMENTS),
        await stage.draft({**POSTS, "username": MARK}, offer=FOLLOWING),
    ]
    return drafts, orders


async def bobs_draft(desk: Desk) -> int:
    """A form of Bob's that lacks nothing but the money; its id."""
    await desk.bob.send("/start")
    await desk.handled()
    async with desk.stage.db.write() as tx:
        await wallet.adjust(
            tx, desk.stage.shop, admin=OWNER, user=BORIS, amount=-FUNDS, reason="", key="nothing to spend"
        )
    return await desk.stage.draft(user=BORIS)


async def hers(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of Anna's, and all that is money or an order."""
    own = {
        "drafts": await desk.rows("SELECT * FROM drafts WHERE user_id <> :bob ORDER BY id", bob=BORIS),
        "conversations": await desk.rows("SELECT * FROM conversations WHERE chat_id <> :bob", bob=BORIS),
        "users": await desk.rows("SELECT * FROM users WHERE id <> :bob ORDER BY id", bob=BORIS),
        "outbox": await desk.rows("SELECT * FROM outbox ORDER BY id"),
    }
    return own | await desk.money()


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_forged_buttons_reach_nothing_of_others(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    """Each forged press is answered, none fails, and nobody else's money, order or word is touched or told."""
    async with open_desk(tmp_path, clock) as desk:
        drafts, orders = await annas_affairs(desk)
        own = await bobs_draft(desk)
        menu = desk.bob.heard_messages[-1]
        before = await hers(desk)
        forger = Forger(seed, drafts=drafts, orders=orders, own=[own])
        presses: list[Press] = []
        for _ in range(PAYLOADS // 100):
            presses += [desk.bob.forge(forger.payload(), menu) for _ in range(100)]
            await desk.handled()
        assert all(press.answer is not None for press in presses)
        assert await hers(desk) == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    heard = json.dumps([each.values for each in desk.heard(desk.bob)], ensure_ascii=False)
    assert len(heard) > PAYLOADS
    assert MARK not in heard
    assert MARK.replace("-", "_") not in heard
