"""What tests of mass orders share: a list that is kept, confirmed and sent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.mass import read
from bot.domain.outcomes import PanelStatus, StatusReport
from bot.services import mass, rounds
from bot.services.mass import Standing, Summary
from bot.storage import batches, mail, orders
from tests.services.stage import (
    ALPHA,
    ANNA,
    LIKES,
    LINK,
    Stage,
)

SHOWN = 77  # the message in which a screen stands
BEGUN = StatusReport("In progress", PanelStatus.IN_PROGRESS)
DONE = StatusReport("Completed", PanelStatus.COMPLETED)


def likes(stage: Stage, *links: str, quantity: str = "333") -> str:
    """A line for each of these links."""
    return "\n".join(f"{stage.service().id} | {LINK}/{link} | {quantity}" for link in links)


async def keep(stage: Stage, text: str, *, user: int = ANNA) -> Summary:
    """Send a list and press *Done*."""
    async with stage.db.write() as tx:
        return await mass.keep(tx, stage.shop, user=user, lines=read(text).lines)


async def confirm(stage: Stage, batch: int, *, user: int = ANNA, mark: str | None = None) -> Summary | Standing:
    """Press *Confirm*: that of the last summary, or one that carries this ``mark``."""
    async with stage.db.write() as tx:
        if mark is None:
            found = await batches.find(tx, batch, user=user)
            mark = "" if found is None else found.mark
        return await mass.confirm(tx, stage.shop, user=user, batch=batch, mark=mark)


async def bought(stage: Stage, *links: str, shown: bool = True) -> Standing:
    """A mass order of likes for these links, confirmed; where it is ``shown``, in a message of its own."""
    now = await confirm(stage, (await keep(stage, likes(stage, *links))).batch)
    assert isinstance(now, Standing)
    if shown:
        async with stage.db.write() as tx:
            await mass.shown(tx, user=ANNA, standing=now, message=SHOWN)
    return now


async def numbers(stage: Stage) -> list[int]:
    """The numbers of Anna's orders."""
    async with stage.second.read() as tx:
        return sorted(order.id for order in await orders.of_user(tx, ANNA, limit=1000))


async def told(stage: Stage, kind: str) -> list[Any]:
    """The facts of every message to Anna of this kind, first to last."""
    return [dict(said.facts) for said in await stage.said(ANNA, kind)]


async def unsent(stage: Stage, *, after: float = 0) -> list[tuple[str, str | None]]:
    """What is on its way to Anna, by kind and state; all of it goes out."""
    stage.clock.advance(after)
    found = []
    while True:
        async with stage.db.write() as tx:
            due = [news for news in await mail.due_news(tx, limit=10) if news.chat_id == ANNA]
            for news in due:
                await mail.sent(tx, [news.id], SHOWN)
                found.append((news.kind, news.facts.get("state")))
        if not due:
            return [each for each in found if each != ("credit", None)]


def sent(facts: Sequence[Any]) -> list[int]:
    """How many orders were sent, message by message."""
    return [each["orders"] - each["waiting"] for each in facts]


async def relist(stage: Stage, **changes: Any) -> None:
    """The panel changes its likes; with none, it lists them no more."""
    fake = stage.panels[ALPHA]
    others = [offer for offer in fake.offers if offer.panel_service != LIKES.panel_service]
    fake.offers = (*([replace(LIKES, **changes)] if changes else []), *others)
    await rounds.sync(stage.shop, ALPHA)
