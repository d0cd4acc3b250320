"""The customers of a life: they choose, fill in, look, confirm, press again, pay in, and take back."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.domain.errors import ShopError
from bot.domain.forms import spread_fields
from bot.domain.orders import Answer, Order, OrderState
from bot.services import deciding, ordering, wallet
from bot.services.ordering import DraftGone, Form, ServiceGone, Summary
from bot.storage import orders
from bot.storage.database import Transaction
from tests.model.life import CUSTOMERS, Life
from tests.model.plain import OWNER

# Most presses on the way to one order; who meets more trouble goes elsewhere.
PATIENCE = 40


@dataclass
class Purchase:
    """One customer's wish for one thing, under a link that no other has.

    ``shown`` is the price last seen, ``mark`` what the *Confirm* below it carries.
    """

    user: int
    about: str
    service: int
    spread: bool
    answers: dict[str, Answer]
    draft: int | None = None
    shown: int | None = None
    mark: str = ""
    order: int | None = None
    presses: int = 0
    given_up: bool = False


@dataclass
class Customers:
    """Everybody who buys. ``paid`` is what the owner credited to each, ``wishes`` whose orders were taken back."""

    life: Life
    purchases: dict[str, Purchase] = field(default_factory=dict)
    going: list[Purchase] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)
    taken_back: set[int] = field(default_factory=set)
    payments: int = 0

    @property
    def ordered(self) -> int:
        return sum(purchase.order is not None for purchase in self.purchases.values())

    async def act(self, *, come: bool) -> None:
        """Somebody new may ``come``; the others go on, each in their own time."""
        chance = self.life.chance
        if come:
            for _ in range(chance.choice([0, 1, 1, 2, 2, 3])):
                self._come()
        for purchase in list(self.going):
            if self.life.likely(0.7):
                await self._go_on(purchase)
            elif not come and self.life.likely(0.3):
                purchase.given_up = True  # an hour between two presses: what was shown never stands any more
            if purchase.order is not None or purchase.given_up:
                self.going.remove(purchase)
        if self.life.likely(0.05):
            await self._press_again()
        if self.life.likely(0.04):
            await self._take_back()

    def _come(self) -> None:
        chance, shelf = self.life.chance, self.life.shop.shelf
        if not shelf.services:
            return
        number = chance.choice(sorted(shelf.services))
        service = shelf.services[number]
        serial = len(self.purchases) + 1
        posts = service.type == "Subscriptions"
        about = f"customer.{serial}" if posts else f"https://instagram.com/p/{serial}"
        low, high = service.minimum, min(service.maximum, 400)
        most = chance.randint(low, max(high, low))
        answers: dict[str, Answer] = {
            "link": about,
            "quantity": most,
            "comments": [f"Comment {n}" for n in range(chance.randint(1, 15))],
            "username": about,
            "min": low,
            "max": most,
            "posts": chance.randint(1, 4),
            "old_posts": chance.choice([None, 0, 2]),
            "delay": "0",
            "expiry": None,
            "runs": chance.randint(2, 4),
            "interval": 60,
        }
        spread = service.type == "Default" and chance.random() < 0.2
        purchase = Purchase(chance.choice(CUSTOMERS), about, number, spread, answers)
        self.purchases[about] = purchase
        self.going.append(purchase)

    async def _go_on(self, purchase: Purchase) -> None:
        """The next step; one that the process did not survive is done again."""
        life = self.life
        purchase.presses += 1
        if purchase.draft is None:
            found: object = await life.write(lambda tx: self._begin(tx, purchase))
        elif purchase.shown is None:
            found = await life.write(lambda tx: self._look(tx, purchase))
        else:
            found = await life.write(lambda tx: self._confirm(tx, purchase))
        await self._read(purchase, found)
        if purchase.presses > PATIENCE:
            purchase.given_up = True

    async def _begin(self, tx: Transaction, purchase: Purchase) -> Form:
        return await ordering.begin(tx, self.life.shop, user=purchase.user, service=purchase.service)

    async def _look(self, tx: Transaction, purchase: Purchase) -> Summary:
        """Answer what is still asked, and look at the summary."""
        shop, user, draft = self.life.shop, purchase.user, purchase.draft or 0
        form = await ordering.resume(tx, shop, user=user, draft=draft)
        while (asked := form.next) is not None:
            form = await ordering.put_answer(tx, form, asked, purchase.answers[asked.name])
        if purchase.spread:
            for each in spread_fields():
                form = await ordering.put_answer(tx, form, each, purchase.answers[each.name])
        return await ordering.summarise(tx, shop, form, user=user)

    async def _confirm(self, tx: Transaction, purchase: Purchase) -> object:
        """Press the *Confirm* that was last seen."""
        user, draft = purchase.user, purchase.draft or 0
        return await ordering.confirm(tx, self.life.shop, user=user, draft=draft, mark=purchase.mark)

    async def _read(self, purchase: Purchase, found: object) -> None:
        """See what came of a press, and think again."""
        match found:
            case Order():
                assert found.price == purchase.shown, f"{purchase.about}: shown {purchase.shown}, held {found.price}"
                purchase.order = found.id
                self.life.history.note(f"order {found.id} of {found.price}", purchase.about)
            case Summary():
                purchase.shown, purchase.mark = found.price, found.mark
                self.life.history.note(f"shown {found.price}, short {found.short}", purchase.about)
                if found.short:
                    await self.pay(purchase.user, found.short)
            case Form():
                purchase.draft = found.draft
            case ServiceGone() | DraftGone():
                purchase.given_up = True
            case None:
                pass  # nobody answered: pressed again later
            case _:  # an answer that does not stand any more
                purchase.given_up = True

    async def pay(self, user: int, least: int) -> None:
        """The customer pays the owner, who credits it; a command nobody answered is typed again."""
        amount = least + self.life.chance.choice([0, 1, 5_000, 50_000])
        self.payments += 1
        key = str(self.payments)

        async def credit(tx: Transaction) -> object:
            return await wallet.adjust(
                tx, self.life.shop, admin=OWNER, user=user, amount=amount, reason="paid", key=key
            )

        done: Any = None
        while done is None:
            try:
                done = await self.life.write(credit)
            except IntegrityError:
                done = "before the process ended"
        self.paid[user] = self.paid.get(user, 0) + amount
        self.life.history.count("credits")

    async def _press_again(self) -> None:
        """*Confirm* of an order that is long there."""
        done = [each for each in self.purchases.values() if each.order is not None and each.draft is not None]
        if not done:
            return
        purchase = self.life.chance.choice(done)
        found = await self.life.write(lambda tx: self._confirm(tx, purchase))
        assert found is None or (isinstance(found, Order) and found.id == purchase.order), f"pressed again: {found}"

    async def _take_back(self) -> None:
        async with self.life.books.second.read() as tx:
            found = [await orders.find(tx, p.order) for p in list(self.purchases.values())[-8:] if p.order]
        waiting = [order for order in found if order is not None and order.state is OrderState.WAITING]
        if waiting:
            await self.take_back(self.life.chance.choice(waiting))

    async def take_back(self, order: Order) -> None:
        """An order that was seen to wait; it may have moved on since."""
        self.taken_back.add(order.id)
        found = await self.life.write(
            lambda tx: deciding.cancel_waiting(tx, self.life.shop, user=order.user_id, number=order.id)
        )
        self.life.history.note(f"taken back: {told(found)}", order.link)


def told(found: object) -> str:
    """What came of a press, for the history."""
    match found:
        case Order():
            return f"{found.state} held {found.held} captured {found.captured} refunded {found.refunded}"
        case ShopError():
            return found.log
        case _:
            return "nobody answered"
