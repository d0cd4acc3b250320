"""What has to be right before the shop opens: the panels are the same, the currency is, the shelf is stocked."""

from urllib.parse import urlsplit

from bot.domain.errors import ShopError
from bot.services import comparing, syncing
from bot.services.news import clear_alert
from bot.services.shop import Shop, Transaction
from bot.storage import ledger, panels, queues
from bot.storage.facts import fix_currency


class PanelChanged(ShopError):
    """The settings lost a panel that has orders to deliver, or moved one that has taken orders to another host."""


async def open_books(tx: Transaction, shop: Shop) -> None:
    """Hold the settings against the books, and stock the shelf with what was on sale.

    Raises ``PanelChanged``, or ``CurrencyChanged`` where the books were kept in another currency.
    """
    if await ledger.has_entries(tx):
        await fix_currency(tx, shop.settings.currency)
    await comparing.begin_books(tx)
    await _check_panels(tx, shop)
    for name, panel in shop.settings.panels.items():
        await panels.ensure(tx, name, _host(panel.url))
        await panels.put(tx, name, host=_host(panel.url))
    await clear_alert(tx, shop, "channel", "channel")
    await syncing.put_out(shop, await syncing.restock(tx, shop))


async def _check_panels(tx: Transaction, shop: Shop) -> None:
    """A panel's name is its identity: its orders are followed under it, by ids that only it knows.

    Another host gives the same ids to other orders. Those that ended are looked at for a week and refilled for longer,
    and a new order with the id of an old one could not be told from it, so a name that has ids keeps its host.
    """
    open_orders, placed_orders = await queues.open_orders(tx), await queues.placed_orders(tx)
    for record in await panels.every(tx):
        number = open_orders.get(record.name, 0)
        own = shop.settings.panels.get(record.name)
        if own is None and number:
            words = (
                f"The panel {record.name} is missing from the settings, but {number} of its orders are still open. "
                f"Put PANELS__{record.name.upper()}__URL and __KEY back until they have ended."
            )
            raise PanelChanged("panel.missing", words)
        if own is None or _host(own.url) == record.host:
            continue
        if number:
            words = (
                f"PANELS__{record.name.upper()}__URL now leads to {_host(own.url)}, but {number} orders are still "
                f"open at {record.host}. Give the new panel a name of its own and keep the old one beside it."
            )
            raise PanelChanged("panel.moved", words)
        if placed_orders.get(record.name):
            words = (
                f"PANELS__{record.name.upper()}__URL now leads to {_host(own.url)}, but {record.host} has taken orders "
                f"under this name, and their ids mean other orders at another panel. Give the new panel a name of its "
                f"own; the old one may go."
            )
            raise PanelChanged("panel.moved", words)


def _host(url: str) -> str:
    """Host and port, without the port that the scheme has anyway: two panels may be neighbours on one machine."""
    parts = urlsplit(url)
    usual = {"https": ":443", "http": ":80"}.get(parts.scheme.lower(), "")
    return parts.netloc.lower().removesuffix(usual)
