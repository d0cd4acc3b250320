"""What others do while an ``add`` is under way: everything that may come between a claim and its answer."""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import ShopError
from bot.domain.orders import Order
from bot.services import deciding, rounds
from bot.storage import orders
from tests.model.admins import Admins
from tests.model.customers import Customers
from tests.model.life import DEEP, Killed, Life

# Longer than any lease, in seconds.
TOO_LONG = 75


@dataclass
class Between:
    """Called by a panel in the middle of an ``add``. Nothing here may start the process again: a call is under way."""

    life: Life
    customers: Customers
    admins: Admins

    async def meanwhile(self, about: str) -> None:
        """One thing happens, or none."""
        life = self.life
        if life.calm or life.deep >= DEEP or not life.likely(0.3):
            return
        life.deep += 1
        await self._happens(about, life.chance.random())
        life.deep -= 1

    async def _happens(self, about: str, draw: float) -> None:
        life, name = self.life, self.life.chance.choice(sorted(self.life.panels))
        if draw < 0.2:
            life.history.note("the answer takes longer than its lease", about)
            life.clock.advance(TOO_LONG)
            await rounds.housekeeping(life.shop)
            if life.likely(0.4):
                await self._decides(about)
        elif draw < 0.5:
            await rounds.place_one(life.shop, name)
        elif draw < 0.6:
            await rounds.track_once(life.shop, name)
        elif draw < 0.7:
            await rounds.sync(life.shop, name)
        elif draw < 0.8:
            await self._takes_back(about)
        elif draw < 0.9:
            order = await self._order(about)
            if order is not None:
                await self.admins.meddle(order)
        elif draw < 0.95:
            life.history.note("the shop is told to stop", about)
            life.history.count("stops")
            raise asyncio.CancelledError
        else:
            life.history.note("killed during the call", about)
            life.history.count("kills")
            raise Killed

    async def _order(self, about: str) -> Order | None:
        number = self.customers.purchases[about].order
        if number is None:  # the customer has not seen it yet
            return None
        async with self.life.books.second.read() as tx:
            return await orders.find(tx, number)

    async def _takes_back(self, about: str) -> None:
        """The customer's *Take back* against the claim: too late."""
        order = await self._order(about)
        if order is None:
            return
        try:
            async with self.life.shop.db.write() as tx:
                await deciding.cancel_waiting(tx, self.life.shop, user=order.user_id, number=order.id)
        except ShopError as error:
            self.life.history.note(f"could not be taken back: {error.log}", about)
        else:
            raise AssertionError(f"order {order.id} was taken back while it was {order.state}")

    async def _decides(self, about: str) -> None:
        """An admin decides before the late answer comes."""
        order = await self._order(about)
        if order is None or order.question is None:
            return
        self.life.history.note("an admin decides while the answer is late", about)
        await self._decided(order)

    async def _decided(self, order: Order) -> None:
        parcels = self.life.panels[order.panel].of(order.link)
        refund = self.life.likely(0.5)
        wish = f"refund {order.held}" if refund else "resend"
        self.admins.mistakes[order.link] += bool(parcels) and not refund
        self.admins.wishes.setdefault(order.id, set()).add(wish)
        async with self.life.shop.db.write() as tx:
            if refund:
                await deciding.refund(tx, self.life.shop, admin=1, number=order.id, question=order.question)
            else:
                await deciding.send_again(tx, admin=1, number=order.id)
