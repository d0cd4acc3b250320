"""What the panel's purse tells about an order whose answer was lost."""

from decimal import Decimal

from bot.domain import money
from bot.domain.orders import Order
from bot.services import gates
from bot.services.shop import Shop
from bot.storage import mail, orders, panels, queues
from bot.storage.database import Transaction


async def note(tx: Transaction, shop: Shop, order: Order, balance: Decimal) -> None:
    """Compare a panel's balance now with the one last known, and write down what it lost beyond known charges.

    Amounts in ten-thousandths of the shop's currency. It is evidence for a person, no proof: others may spend from
    the same purse.
    """
    now = await orders.find(tx, order.id)  # what came after the claim is not in ``order``
    panel = await panels.find(tx, order.panel)
    exchange = shop.shelf.exchange.get(order.panel)
    if now is None or panel.balance is None or panel.balance_at is None or exchange is None:
        return
    placed = await queues.placed_since(tx, order.panel, panel.balance_at)
    known = sum(gates.order_cost(shop, other) or 0 for other in placed)
    lost = int((panel.balance - balance) * exchange * money.SCALE)
    facts = {"lost": lost - known, "cost": gates.order_cost(shop, order)}
    await orders.add_event(tx, order.id, "evidence", now.state, facts)
    await mail.enrich(tx, order.id, "uncertain", facts)
