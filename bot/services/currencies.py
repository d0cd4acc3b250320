"""What a panel reckons in, and what that is worth to the shop.

A panel's currency is what its balance says. Where it is sold, every price follows from it, so it is not changed by one
answer: an answer without a currency changes nothing, and one with another is held like a rate that jumps. Nothing of
the panel is sold then, until an admin agrees or the panel says again what it said before.
"""

from decimal import Decimal

from bot.domain.marks import mark_of
from bot.domain.panels import PanelRecord
from bot.services.news import clear_alert, raise_alert
from bot.services.shop import Shop
from bot.storage import panels
from bot.storage.database import Transaction
from bot.storage.facts import forget_currency_said, keep_currency_said, panel_currency_said


def worth(shop: Shop, name: str, currency: str | None) -> Decimal | None:
    """The shop's currency for one of this, which a panel reckons in; None where nobody knows."""
    if currency == shop.settings.currency:
        return Decimal(1)
    own = shop.settings.panels.get(name)
    return None if own is None else own.rate


async def hear(tx: Transaction, shop: Shop, panel: PanelRecord, said: str | None) -> str | None:
    """What a panel reckons in, now that its balance says this."""
    if said is None:  # left out, this once or always: what it said before stands
        return panel.currency
    if said == panel.currency:
        await _settle(tx, shop, panel.name)
        return said
    before, after = worth(shop, panel.name, panel.currency), worth(shop, panel.name, said)
    first = panel.currency is None and (panel.balance_at is None or before == after)
    if first or before is None or after is None:
        await _settle(tx, shop, panel.name)  # nothing was sold in the other one, or nothing is sold in this one
        return said
    await keep_currency_said(tx, panel.name, said)
    await raise_alert(tx, shop, _alert(panel.name), "recoined", panel=panel.name, currency=panel.currency, named=said)
    return panel.currency


async def held(tx: Transaction, name: str) -> str | None:
    """The currency that a panel says now and that no admin agreed to; None where it is sold as it was."""
    return await panel_currency_said(tx, name)


async def agree(tx: Transaction, shop: Shop, name: str, mark: str) -> str | None:
    """An admin agrees to the currency that ``mark`` names; None where the panel does not say that one now."""
    said = await held(tx, name)
    if said is None or mark_of(said) != mark:
        return None
    await panels.put(tx, name, currency=said)
    await _settle(tx, shop, name)
    return said


async def _settle(tx: Transaction, shop: Shop, name: str) -> None:
    await forget_currency_said(tx, name)
    await clear_alert(tx, shop, _alert(name), "recoined", panel=name)


def _alert(name: str) -> str:
    return f"recoined:{name}"
