"""The customers of a life who ask for refills and stops, and ask again at once and a day later."""

from dataclasses import dataclass, field

from bot.domain.orders import Order
from bot.domain.requests import RequestKind
from bot.services import requests
from bot.services.requests import Wish
from bot.storage import orders
from tests.model.customers import Customers
from tests.model.life import Life


@dataclass
class Askers:
    """Everybody who asks. ``wanted``: how often each thing was asked for and taken on, by order and kind."""

    life: Life
    customers: Customers
    wanted: dict[tuple[int, RequestKind], int] = field(default_factory=dict)

    async def act(self) -> None:
        """Somebody may ask for something about an order: a new one, which can be stopped, or any."""
        known = [wish.order for wish in self.customers.purchases.values() if wish.order is not None]
        if known and self.life.likely(0.3):
            await self._ask(self.life.chance.choice(known if self.life.likely(0.5) else known[-40:]))

    async def _ask(self, number: int) -> None:
        async with self.life.books.second.read() as tx:
            order = await orders.find(tx, number)
        assert order is not None
        kind = RequestKind.CANCEL if order.ended_at is None else RequestKind.REFILL
        for _ in range(self.life.chance.choice([1, 1, 2])):
            await self._want(order, kind)

    async def _want(self, order: Order, kind: RequestKind) -> None:
        """A wish that the process did not survive may have been taken on: the books say so."""
        shop = self.life.shop
        found = await self.life.write(
            lambda tx: requests.want(tx, shop, user=order.user_id, numbers=[order.id], kind=kind)
        )
        match found:
            case [Wish(why=None)]:
                self.wanted[order.id, kind] = self.wanted.get((order.id, kind), 0) + 1
                self.life.history.count(f"wanted: {kind}")
                self.life.history.note(f"asked for a {kind}", order.link)
            case None:
                self.wanted[order.id, kind] = self.wanted.get((order.id, kind), 0) + 1
                self.life.history.note(f"asked for a {kind}, and nobody answered", order.link)
            case _:
                self.life.history.count(f"not wanted: {kind}")
