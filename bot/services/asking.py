"""What an admin asks of the panels by command: all of them side by side, and none waited for beyond patience."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.domain.errors import ShopError
from bot.domain.outcomes import Rejected, StatusReport
from bot.panel import PanelError, PanelRefusedError
from bot.services import rounds
from bot.services.shop import Shop
from bot.services.syncing import Synced
from bot.storage import orders

T = TypeVar("T")

# Telegram forgets a press after about so long: an answer that comes later is none, in seconds.
PRESS_PATIENCE = 10.0
# A list of services takes a balance and the list itself; a panel that needs more than this hangs. In PANEL_TIMEOUTs.
SYNC_PATIENCE = 3


class PanelSilent(ShopError):
    """The panel did not answer what an admin asked, so nothing was decided on it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a panel says about one order; ``answer`` is None where it answered, but not about this one."""

    number: int
    answer: StatusReport | Rejected | None


async def balances(shop: Shop) -> frozenset[str]:
    """Ask every panel for its balance; the names of those that did not answer in time."""
    patience = min(shop.settings.panel_timeout, PRESS_PATIENCE)
    answered = await _side_by_side(
        {name: rounds.ask_balance(shop, name) for name in sorted(shop.panels)}, patience=patience
    )
    return frozenset(name for name, answer in answered.items() if not answer)


async def sync_all(shop: Shop) -> dict[str, Synced | None]:
    """Bring every panel's part of the catalogue up to date; None for a panel that did not list its services."""
    patience = shop.settings.panel_timeout * SYNC_PATIENCE
    return await _side_by_side({name: rounds.sync(shop, name) for name in sorted(shop.panels)}, patience=patience)


async def _side_by_side(work: dict[str, Coroutine[Any, Any, T]], *, patience: float) -> dict[str, T | None]:
    """The results by name; None where patience ran out."""
    results = await asyncio.gather(*(_within(patience, each) for each in work.values()))
    return dict(zip(work, results, strict=True))


async def _within(patience: float, work: Coroutine[Any, Any, T]) -> T | None:
    try:
        async with asyncio.timeout(patience):
            return await work
    except TimeoutError:
        return None


async def look(shop: Shop, number: int) -> Looked:
    """Ask the panel about one of the shop's orders.

    Raises ``PanelSilent``, or ``ShopError`` for an order that does not exist or has no id there yet.
    """
    async with shop.db.read() as tx:
        order = await orders.find(tx, number)
    if order is None:
        raise ShopError("order.unknown", number=number)
    if order.panel_order is None:
        raise ShopError("order.no_panel_order", number=number)
    return Looked(number, await _status(shop, order.panel, order.panel_order))


async def look_for(shop: Shop, number: int, panel_order: str) -> Looked:
    """Ask the panel of one of the shop's orders whether it has an order under this id. Raises as ``look``."""
    async with shop.db.read() as tx:
        order = await orders.find(tx, number)
    if order is None:
        raise ShopError("order.unknown", number=number)
    return Looked(number, await _status(shop, order.panel, panel_order))


async def _status(shop: Shop, panel: str, panel_order: str) -> StatusReport | Rejected | None:
    client = shop.panels.get(panel)
    if client is None:
        raise PanelSilent("panel.gone", panel=panel)
    try:
        async with asyncio.timeout(min(shop.settings.panel_timeout, PRESS_PATIENCE)):
            answers = await client.status([panel_order])
    except PanelRefusedError as error:
        return Rejected(error.words)
    except (PanelError, TimeoutError) as error:
        raise PanelSilent("panel.silent", f"panel {panel} did not tell: {error}", panel=panel) from error
    except ValueError as error:
        raise ShopError("panel_order.bad", str(error)) from error
    return answers.get(panel_order)
