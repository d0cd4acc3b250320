"""The customers of a life who order many things at once: a list, its summary, Confirm, and Confirm once more."""

from dataclasses import dataclass, field

from bot.domain.mass import read
from bot.domain.orders import Order
from bot.services import mass
from bot.services.mass import Standing, Summary
from bot.storage import orders
from bot.storage.database import Transaction
from tests.model.customers import PATIENCE, Customers, Purchase
from tests.model.life import CUSTOMERS, Life

# The kinds of services that a line has room for.
ORDERABLE = ("Default", "Package")


@dataclass
class Listed:
    """One list: what its lines are for, and its number. ``shown``: what was last shown of each line, by its number."""

    user: int
    wishes: list[Purchase]
    batch: int | None = None
    shown: dict[int, int] = field(default_factory=dict)
    confirmed: bool = False
    over: bool = False
    mark: str = ""  # of the summary that was last shown
    unsure: bool = False  # nobody answered: it is looked at again before anything is pressed
    presses: int = 0


@dataclass
class Lists:
    """Everybody who sends lists."""

    life: Life
    customers: Customers
    sent: list[Listed] = field(default_factory=list)

    async def act(self, *, come: bool) -> None:
        """Somebody may send a list; the others go on, and press again when they are done."""
        if come and self.life.likely(0.12):
            self._come()
        for each in [each for each in self.sent if not each.over]:
            if self.life.likely(0.7):
                await self._go_on(each)
            elif not come and self.life.likely(0.3) and not each.unsure:
                self._leave(each)
        done = [each for each in self.sent if each.confirmed]
        if done and self.life.likely(0.04):
            await self._confirm(self.life.chance.choice(done))

    @property
    def going(self) -> bool:
        """Whether somebody is not done yet."""
        return any(not each.over for each in self.sent)

    def _come(self) -> None:
        chance, shelf = self.life.chance, self.life.shop.shelf
        found = [each for each in sorted(shelf.services) if shelf.services[each].type in ORDERABLE]
        if not found:
            return
        user = chance.choice(CUSTOMERS)
        wishes = []
        for _ in range(chance.randint(2, 6)):
            service = shelf.services[chance.choice(found)]
            about = f"https://instagram.com/p/{len(self.customers.purchases) + 1}"
            quantity = chance.randint(service.minimum, max(min(service.maximum, 400), service.minimum))
            wish = Purchase(user, about, service.id, spread=False, answers={"link": about, "quantity": quantity})
            self.customers.purchases[about] = wish
            wishes.append(wish)
        self.sent.append(Listed(user, wishes))

    async def _go_on(self, sent: Listed) -> None:
        """The next step; one that the process did not survive is done again."""
        sent.presses += 1
        if sent.presses > PATIENCE:
            self._leave(sent)
        elif sent.batch is None:
            text = "\n".join(self._line(wish) for wish in sent.wishes)
            self._read(sent, await self.life.write(lambda tx: self._keep(tx, sent, text)))
        else:
            await self._confirm(sent)

    def _line(self, wish: Purchase) -> str:
        service = self.life.shop.shelf.services.get(wish.service)
        parts = [wish.service, wish.about, *([] if service and service.package else [wish.answers["quantity"]])]
        return " | ".join(map(str, parts))

    async def _keep(self, tx: Transaction, sent: Listed, text: str) -> Summary:
        return await mass.keep(tx, self.life.shop, user=sent.user, lines=read(text).lines)

    async def _press(self, tx: Transaction, sent: Listed, batch: int) -> Summary | Standing:
        if sent.unsure:
            return await mass.look(tx, self.life.shop, user=sent.user, batch=batch)
        return await mass.confirm(tx, self.life.shop, user=sent.user, batch=batch, mark=sent.mark)

    async def _confirm(self, sent: Listed) -> None:
        before = dict(sent.shown)
        found = await self.life.write(lambda tx: self._press(tx, sent, sent.batch or 0))
        sent.unsure = found is None
        if isinstance(found, Summary) and found.short and not sent.over:
            await self.customers.pay(sent.user, found.short)
        self._read(sent, found)
        if isinstance(found, Standing) and not sent.confirmed:
            await self._ordered(sent, before)

    def _read(self, sent: Listed, found: object) -> None:
        match found:
            case Summary():
                sent.batch, sent.mark = found.batch, found.mark
                sent.shown = {item.line.number: item.price for item in found.items}
                if not found.items:
                    self._leave(sent)
            case None | Standing():
                pass  # nobody answered, or it is done
            case _:  # another list of theirs took its place
                assert not sent.confirmed, f"the list {sent.batch} is gone: {found}"
                self._leave(sent)

    async def _ordered(self, sent: Listed, shown: dict[int, int]) -> None:
        """Which lines became orders, each at the price that was shown of it, and nothing else."""
        async with self.life.books.second.read() as tx:
            mine = await orders.of_user(tx, sent.user, limit=10_000)
        by_link: dict[str, list[Order]] = {}
        for order in mine:
            by_link.setdefault(order.link, []).append(order)
        sent.confirmed = sent.over = True
        for number, wish in enumerate(sent.wishes, start=1):
            made = by_link.get(wish.about, [])
            assert len(made) == (number in shown), f"line {number} of {sent.batch}: {made}, shown {shown}"
            wish.given_up = not made
            for order in made:
                assert order.price == shown[number], f"{wish.about}: shown {shown[number]}, held {order.price}"
                wish.shown, wish.order = order.price, order.id
                self.life.history.note(f"order {order.id} of list {sent.batch}", wish.about)
        self.life.history.count("lists")

    def _leave(self, sent: Listed) -> None:
        sent.over = True
        for wish in sent.wishes:
            wish.given_up = wish.order is None
