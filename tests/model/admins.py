"""The admins of a life: they decide what waits for them, by what the panel's own pages show, and err now and then."""

from collections import Counter
from dataclasses import dataclass, field

from bot.domain.errors import ShopError
from bot.domain.orders import Order, OrderState, Question
from bot.domain.outcomes import Rejected, StatusReport
from bot.services import asking, deciding, gates, rates, reports, syncing
from bot.services.shop import Shop
from bot.storage.database import Transaction
from tests.model.customers import told
from tests.model.life import Life
from tests.model.parcels import Parcel
from tests.model.plain import HELPER, OWNER


@dataclass
class Admins:
    """Both of them. ``wishes``: what they asked for, by order; ``mistakes``: sent again what the panel had."""

    life: Life
    wishes: dict[int, set[str]] = field(default_factory=dict)
    mistakes: Counter[str] = field(default_factory=Counter)
    paused: list[str] = field(default_factory=list)

    async def act(self, *, eager: bool) -> None:
        """Decide some of what waits, ``eager`` to have it done; pause, resume, agree to rates."""
        async with self.life.books.second.read() as tx:
            open_ones = list(await reports.questions(tx))
        for order in open_ones:
            if self.life.likely(0.5 if eager else 0.04):
                await self.decide(order)
        await self._gates(eager=eager)
        if self.life.likely(0.05):
            await self._agree()

    async def _gates(self, *, eager: bool) -> None:
        life = self.life
        if self.paused and (eager or life.likely(0.1)):
            name = self.paused[0]
            if await life.write(lambda tx: _resume(tx, life.shop, name)):
                self.paused.remove(name)
        elif not eager and life.likely(0.005):
            name = life.chance.choice(sorted(life.panels))
            self.paused.append(name)
            await life.write(lambda tx: gates.pause(tx, life.shop, name))
            life.history.note(f"{name} is paused")

    async def _agree(self) -> None:
        """Sell at the rates that jumped."""
        life = self.life
        for name in life.panels:

            async def agree(tx: Transaction, name: str = name) -> object:
                mark = (await rates.facts(tx, name))["mark"]
                return await syncing.agree(tx, life.shop, name, mark)

            done = await life.write(agree)
            if isinstance(done, tuple):
                life.shop.shelf = done[1]

    # -- decisions -----------------------------------------------------------------------------------------

    async def decide(self, order: Order) -> None:
        """What this order's question is answered with; some questions are left for later."""
        parcels = self.life.panels[order.panel].of(order.link)
        settled = bool(parcels) and parcels[-1].settled(self.life.clock())
        match order.question:
            case Question.UNCERTAIN:
                await self._uncertain(order, parcels)
            case Question.COST:
                await (self._again(order) if self.life.likely(0.5) else self._refund(order, whole=True))
            case Question.SUM:
                await self._money(order)
            case Question.FAILED | Question.MISSING if settled or self.life.likely(0.02):
                await self._money(order)
            case _:
                pass

    async def _uncertain(self, order: Order, parcels: list[Parcel]) -> None:
        draw = self.life.chance.random()
        if parcels and draw < 0.75:
            await self._placed(order, parcels[-1].id)
        elif draw < 0.87:
            await self._refund(order, whole=True)
        elif not parcels or draw < 0.95:
            self.mistakes[order.link] += bool(parcels)
            await self._again(order)

    def _wish(self, order: Order, what: str) -> None:
        self.wishes.setdefault(order.id, set()).add(what)
        self.life.history.count(f"decision: {what.split(maxsplit=1)[0]} of {order.question}")

    async def _placed(self, order: Order, number: str) -> None:
        """*It was placed*; once in ten with a slip of the finger first."""
        if self.life.likely(0.1):
            slip = self.life.chance.choice(["0", *self.life.panels[order.panel].followed])
            if slip != number:
                found = await self._name(order, slip)
                assert found is None or isinstance(found, ShopError), f"order {order.id} took the id {slip}"
        self._wish(order, f"placed {number}")
        self._seen(order, await self._name(order, number), f"placed as {number}")

    async def _name(self, order: Order, number: str) -> Order | ShopError | None:
        looked = await self.life.do(lambda: asking.look_for(self.life.shop, order.id, number))
        if not isinstance(looked, asking.Looked):
            return looked
        answer: StatusReport | Rejected | None = looked.answer
        return await self.life.write(
            lambda tx: deciding.was_placed(
                tx, self.life.shop, admin=OWNER, number=order.id, panel_order=number, report=answer
            )
        )

    async def _again(self, order: Order) -> None:
        self._wish(order, "resend")
        self._seen(
            order, await self.life.write(lambda tx: deciding.send_again(tx, admin=OWNER, number=order.id)), "send again"
        )
        await self._both(order)

    async def _money(self, order: Order) -> None:
        if self.life.likely(0.3):
            self._wish(order, "close")
            closed = await self.life.write(lambda tx: deciding.close(tx, self.life.shop, admin=OWNER, number=order.id))
            self._seen(order, closed, "close")
        else:
            await self._refund(order, whole=self.life.likely(0.3))

    async def _refund(self, order: Order, *, whole: bool) -> None:
        amount = None if whole else self.life.chance.randint(0, order.held)
        self._wish(order, f"refund {order.held if amount is None else amount}")
        self._seen(order, await self._give_back(order, amount, OWNER), f"refund {amount}")
        await self._both(order)

    async def _give_back(self, order: Order, amount: int | None, admin: int) -> Order | ShopError | None:
        return await self.life.write(
            lambda tx: deciding.refund(
                tx, self.life.shop, admin=admin, number=order.id, amount=amount, question=order.question
            )
        )

    async def _both(self, order: Order) -> None:
        """The other admin presses *Refund* on the same card, too late."""
        async with self.life.books.second.read() as tx:
            still_open = order.id in {each.id for each in await reports.questions(tx)}
        if not still_open and self.life.likely(0.2):
            found = await self._give_back(order, None, HELPER)
            assert not isinstance(found, Order), f"order {order.id} was decided twice"

    def _seen(self, order: Order, found: object, what: str) -> None:
        self.life.history.note(f"an admin: {what}: {told(found)}", order.link)

    async def meddle(self, order: Order) -> None:
        """*Refund* while the order is on its way to the panel: refused. Within another's call, so not by ``write``."""
        try:
            async with self.life.shop.db.write() as tx:
                await deciding.refund(tx, self.life.shop, admin=HELPER, number=order.id)
        except ShopError as error:
            self.life.history.note(f"an admin could not refund: {error.log}", order.link)
        else:
            assert order.state is not OrderState.SUBMITTING, f"order {order.id} was refunded in flight"
            self._wish(order, f"refund {order.held}")


async def _resume(tx: Transaction, shop: Shop, name: str) -> bool:
    await gates.resume(tx, shop, name)
    return True
