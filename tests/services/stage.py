"""A shop without Telegram: real books on two connections, two panels that do as they are told, a clock that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from bot.domain.catalog import Offer, Service
from bot.domain.ledger import Movement
from bot.domain.mail import CHANNEL
from bot.domain.orders import Answer, Attempt, Order
from bot.domain.outcomes import AddOutcome
from bot.domain.panels import PanelRecord
from bot.services import deciding, gates, opening, ordering, placing, rounds, syncing, wallet
from bot.services.ordering import Summary
from bot.services.placing import Claim
from bot.services.shop import Shop
from bot.settings import PanelSettings, Settings
from bot.storage import ledger, orders, panels, people
from bot.storage.audit import audit
from bot.storage.database import Database, Transaction
from bot.storage.tables import alerts, outbox
from tests.clock import FakeClock
from tests.services.fake_panel import FakePanel

TOKEN = "42:TEST-TOKEN-OF-A-MADE-UP-TELEGRAM"
OWNER, HELPER = 9001, 9002
ANNA, BORIS = 2**52 - 1, 6_000_000_001
FUNDS = 10_000_000  # in each wallet at the beginning: 1000.0000
ALPHA, BETA = "alpha", "beta"

LIKES = Offer(
    panel_service="7",
    name='Likes <b>"fast"</b> & cheap',
    type_word="Default",
    category="Instagram Likes",
    rate=Decimal("0.77"),
    minimum=10,
    maximum=10_000,
    refill=True,
    cancel=True,
)
PACKAGE = replace(LIKES, panel_service="8", name="A package", type_word="Package", minimum=1, maximum=1)
COMMENTS = replace(LIKES, panel_service="9", name="Comments", type_word="Custom Comments", minimum=1)
FOLLOWING = replace(LIKES, panel_service="10", name="Every new post", type_word="Subscriptions")

LINK = "https://instagram.com/p/1"
LIKES_333: Mapping[str, Answer] = {"link": LINK, "quantity": 333}
PRICE = 3_334  # 0.77 per 1000, 333 of them, 30 % on top, rounded up: 0.3333…
DRIP: Mapping[str, Answer] = {"link": LINK, "quantity": 100, "runs": 3, "interval": 60}
POSTS: Mapping[str, Answer] = {
    "username": "anna",
    "min": 10,
    "max": 100,
    "posts": 3,
    "old_posts": None,
    "delay": "0",
    "expiry": None,
}


def settings(**values: Any) -> Settings:
    """An owner's settings with two panels."""
    own = {
        name: PanelSettings(url=f"https://{name}.example/api/v2", key=SecretStr(f"key-{name}"))
        for name in (ALPHA, BETA)
    }
    usual: dict[str, Any] = {
        "bot_token": SecretStr(TOKEN),
        "admin_ids": frozenset({OWNER, HELPER}),
        "channel_id": -1009001,
        "panels": own,
    }
    return Settings(**(usual | values))


async def mark_shown(tx: Transaction, draft: int, *, user: int) -> str:
    """What the *Confirm* below a draft's last summary carries; anything, where the draft is no more."""
    found = await people.find_draft(tx, draft, user=user)
    return "" if found is None else found.mark


@dataclass(frozen=True, slots=True)
class Said:
    """One message that was decided on."""

    chat: int
    kind: str
    facts: Mapping[str, Any]
    order: int | None


@dataclass
class Stage:
    """Does what people and loops do, through the services; reads back through the other connection."""

    db: Database
    second: Database
    clock: FakeClock
    shop: Shop
    panels: Mapping[str, FakePanel]

    @classmethod
    async def opened(cls, db: Database, second: Database, clock: FakeClock, **values: Any) -> "Stage":
        """A shop that sells, with two customers who can pay."""
        fakes = {name: FakePanel(name, [LIKES, PACKAGE, COMMENTS, FOLLOWING]) for name in (ALPHA, BETA)}
        stage = cls(db, second, clock, Shop(settings(**values), db, fakes), fakes)
        async with db.write() as tx:
            await opening.open_books(tx, stage.shop)
            for user, name in ((ANNA, "Anna"), (BORIS, "Борис")):
                await people.see_user(tx, user, name=name, username=name.lower(), language="en")
                await wallet.adjust(tx, stage.shop, admin=OWNER, user=user, amount=FUNDS, reason="", key=name)
            for name, fake in fakes.items():
                await gates.after_balance(tx, stage.shop, name, fake.purse.amount, fake.purse.currency)
                await syncing.sync_panel(tx, stage.shop, name, fake.offers)
            stage.shop.shelf = await syncing.restock(tx, stage.shop)
        return stage

    @property
    def cost(self) -> Decimal:
        """What the panel charges for ``LIKES_333``, in its currency."""
        return LIKES.rate * 333 / 1000

    def change(self, **values: Any) -> None:
        """Change settings, as a restart with others would."""
        self.shop.settings = self.shop.settings.model_copy(update=values)

    def set_rate(self, panel: str, rate: Decimal | None) -> None:
        """Set what one of a panel's currency is worth in the shop's."""
        own = dict(self.shop.settings.panels)
        own[panel] = own[panel].model_copy(update={"rate": rate})
        self.change(panels=own)

    # -- what people do ------------------------------------------------------------------------------------

    def service(self, offer: Offer = LIKES, panel: str = ALPHA) -> Service:
        """What the shop sells under this offer."""
        own = (panel, offer.panel_service)
        return next(s for s in self.shop.shelf.services.values() if (s.panel, s.panel_service) == own)

    async def draft(
        self,
        answers: Mapping[str, Answer] = LIKES_333,
        *,
        offer: Offer = LIKES,
        panel: str = ALPHA,
        user: int = ANNA,
    ) -> int:
        """A form filled in, with its summary shown."""
        service = self.service(offer, panel)
        async with self.db.write() as tx:
            form = await ordering.begin(tx, self.shop, user=user, service=service.id)
            await people.put_draft(tx, form.draft, answers=dict(answers))
            form = await ordering.resume(tx, self.shop, user=user, draft=form.draft)
            await ordering.summarise(tx, self.shop, form, user=user)
        return form.draft

    async def mark(self, draft: int, *, user: int = ANNA) -> str:
        """What the *Confirm* below a draft's last summary carries."""
        async with self.second.read() as tx:
            return await mark_shown(tx, draft, user=user)

    async def confirm(self, draft: int, *, user: int = ANNA, mark: str | None = None) -> object:
        """Press *Confirm*: that of the last summary, or one that carries this ``mark``."""
        mark = mark if mark is not None else await self.mark(draft, user=user)
        async with self.db.write() as tx:
            return await ordering.confirm(tx, self.shop, user=user, draft=draft, mark=mark)

    async def summary(self, draft: int, *, user: int = ANNA) -> Summary:
        """Look at the summary."""
        async with self.db.write() as tx:
            form = await ordering.resume(tx, self.shop, user=user, draft=draft)
            return await ordering.summarise(tx, self.shop, form, user=user)

    async def buy(
        self,
        answers: Mapping[str, Answer] = LIKES_333,
        *,
        offer: Offer = LIKES,
        panel: str = ALPHA,
        user: int = ANNA,
    ) -> int:
        """An order that waits; its number."""
        order = await self.confirm(await self.draft(answers, offer=offer, panel=panel, user=user), user=user)
        assert isinstance(order, Order)
        return order.id

    async def send_again(self, number: int, *, admin: int = OWNER) -> Order:
        """An admin presses *Send again*."""
        async with self.db.write() as tx:
            return await deciding.send_again(tx, admin=admin, number=number)

    # -- what loops do -------------------------------------------------------------------------------------

    async def place(self, *answers: AddOutcome, panel: str = ALPHA) -> bool:
        """Send the next order; ``answers`` are what the panel says to this ``add`` and the next."""
        self.panels[panel].answers.extend(answers)
        return await rounds.place_one(self.shop, panel)

    async def claim(self, panel: str = ALPHA) -> Claim | None:
        """Take the next order, and nothing more."""
        async with self.db.write() as tx:
            return await placing.claim(tx, self.shop, panel)

    async def claimed(self, panel: str = ALPHA) -> Claim:
        """Take the next order, which there is."""
        claim = await self.claim(panel)
        assert claim is not None
        return claim

    async def settle(self, claim: Claim, outcome: AddOutcome) -> None:
        """An answer to a claimed order's ``add``."""
        async with self.db.write() as tx:
            await placing.settle(tx, self.shop, claim, outcome)

    async def balance(self, amount: str, *, panel: str = ALPHA, currency: str | None = "USD") -> None:
        """Ask a panel, whose purse holds this."""
        fake = self.panels[panel]
        fake.purse = replace(fake.purse, amount=Decimal(amount), currency=currency)
        await rounds.ask_balance(self.shop, panel)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and let housekeeping see it."""
        self.clock.advance(seconds)
        await rounds.housekeeping(self.shop)

    # -- what is in the books, for everybody to see ---------------------------------------------------------

    async def order(self, number: int) -> Order:
        """The order of this number, which exists."""
        async with self.second.read() as tx:
            order = await orders.find(tx, number)
        assert order is not None
        return order

    async def attempts(self, number: int) -> Sequence[Attempt]:
        """Every ``add`` of an order."""
        async with self.second.read() as tx:
            return await orders.attempts_of(tx, number)

    async def available(self, user: int = ANNA) -> int:
        """What is in a wallet."""
        async with self.second.read() as tx:
            return await ledger.available(tx, user)

    async def on_hold(self, user: int = ANNA) -> int:
        """What is set aside for a customer's orders."""
        async with self.second.read() as tx:
            return await ledger.on_hold(tx, user)

    async def movements(self, user: int = ANNA) -> list[Movement]:
        """The last changes of a wallet, newest first."""
        async with self.second.read() as tx:
            return await ledger.movements(tx, user, limit=20)

    async def panel(self, name: str = ALPHA) -> PanelRecord:
        """What the shop knows of a panel."""
        async with self.second.read() as tx:
            return await panels.find(tx, name)

    async def said(self, chat: int | None = None, kind: str | None = None, *, order: int | None = None) -> list[Said]:
        """The news decided on so far: to a chat, of a kind, about an order."""
        async with self.second.read() as tx:
            rows = (await tx.conn.execute(select(outbox).order_by(outbox.c.id))).all()
        found = [Said(row.chat_id, row.kind, row.facts, row.order_id) for row in rows]
        return [
            each
            for each in found
            if chat in {None, each.chat} and kind in {None, each.kind} and order in {None, each.order}
        ]

    async def states_told(self, number: int, *, user: int = ANNA) -> list[str]:
        """What a customer heard of an order, state by state."""
        return [said.facts["state"] for said in await self.said(user, "order", order=number)]

    async def channel_told(self, number: int) -> list[str]:
        """What the channel heard of an order."""
        return [said.facts["state"] for said in await self.said(CHANNEL, "channel", order=number)]

    async def alerts(self, admin: int = OWNER) -> list[str]:
        """Every alert an admin was sent, by its kind; "over:" before one that is over."""
        said = await self.said(admin)
        marks = {"alert": "", "alert_over": "over:"}
        return [f"{marks[each.kind]}{each.facts['alert']}" for each in said if each.kind in marks]

    async def open_alerts(self) -> set[str]:
        """The troubles that last."""
        async with self.second.read() as tx:
            return set(await tx.conn.scalars(select(alerts.c.key)))

    async def audit(self) -> list[str]:
        """What is wrong with the books."""
        async with self.second.read() as tx:
            return await audit(tx)
