"""The real use cases, each as one press or one turn of a loop, and what they come to in plain words."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from bot.domain.catalog import Offer
from bot.domain.errors import ShopError
from bot.domain.forms import spread_fields
from bot.domain.orders import Answer, Order, Question
from bot.domain.outcomes import AddOutcome, Rejected, StatusReport
from bot.services import deciding, gates, mass, opening, ordering, placing, rates, rounds, syncing, tracking, wallet
from bot.services.ordering import Doubt, Form, Summary
from bot.services.placing import Claim
from bot.services.shop import Shop
from bot.services.tracking import Round
from bot.services.wallet import Adjusted
from bot.settings import PanelSettings, Settings
from bot.storage import people
from tests.model import drawn
from tests.model.asking import OFFERED
from tests.model.books import Books
from tests.model.plain import ANNA, BORIS, HELPER, OWNER
from tests.model.real_care import PANEL, STARS, Care, in_plain_words
from tests.services.fake_panel import FakePanel
from tests.services.stage import mark_shown

TYPES = {"likes": "Default", "package": "Package", "comments": "Custom Comments", "posts": "Subscriptions"}
T = TypeVar("T")
Report = StatusReport | Rejected | None


def settings(*panels: str, **values: Any) -> Settings:
    """An owner's settings."""
    own = {name: PanelSettings(url=f"https://{name}.example/api/v2", key=SecretStr("key")) for name in panels}
    usual = {"bot_token": SecretStr("42:TOKEN"), "admin_ids": frozenset({OWNER, HELPER}), "channel_id": -100}
    return Settings(**{**usual, "panels": own, **values})


def _offers() -> list[Offer]:
    return [
        Offer(
            *(key, key, TYPES[key], "Instagram", item.rate, item.lowest, item.highest),
            refill=key in OFFERED,
            cancel=key in OFFERED,
        )
        for key, item in drawn.items().items()
    ]


class Real(Care):
    """One running shop. Everything it keeps in memory is forgotten by ``restart``."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.panel = FakePanel(PANEL, _offers())
        self.offers = {offer.panel_service: offer for offer in self.panel.offers}
        self.shop = Shop(settings(PANEL), books.db, {PANEL: self.panel}, ways={STARS.name: STARS})
        self.last_draft = 0
        self.numbers = {}  # the shop's own, which a service keeps for good
        self.codes, self.marks = {}, {}

    @staticmethod
    async def first_day(books: Books) -> None:
        """A shop that has seen its services and two customers, whose wallets are empty."""
        real = Real(books)
        await real.restart()
        await rounds.sync(real.shop, PANEL)
        async with real.shop.db.write() as tx:
            for user in (ANNA, BORIS):
                await people.see_user(tx, user, name=str(user), username=None, language=None)
                for amount in (1, -1):  # a wallet is made by the first credit
                    key = f"opened:{user}:{amount}"
                    await wallet.adjust(tx, real.shop, admin=OWNER, user=user, amount=amount, reason="", key=key)

    async def verdict(self, work: Coroutine[Any, Any, object]) -> object:
        """What it came to, as the model says it."""
        try:
            found = await work
        except (ShopError, IntegrityError) as error:
            return type(error).__name__
        match found:
            case Order():
                return ("order", found.id)
            case Summary():
                return ("summary", found.price, found.short, found.changed, found.uncertain is not None)
            case Doubt():
                return "doubt"
            case Form():
                return "form"
            case mass.Summary() | mass.Standing():
                return in_plain_words(found)
            case Adjusted():
                return ("adjusted", found.available)
            case _:
                return found

    async def at_once(self, *works: Coroutine[Any, Any, Any]) -> list[Any]:
        """Side by side."""
        return list(await asyncio.gather(*(self._plain(work) for work in works)))

    async def _plain(self, work: Coroutine[Any, Any, Any]) -> object:
        return await self.verdict(work)

    # -- wallets and forms ---------------------------------------------------------------------------------

    async def adjust(self, user: int, amount: int, command: int) -> Adjusted:
        async with self.shop.db.write() as tx:
            return await wallet.adjust(
                tx, self.shop, admin=OWNER, user=user, amount=amount, reason="", key=str(command)
            )

    async def begin(self, user: int, key: str) -> str:
        async with self.shop.db.write() as tx:
            form = await ordering.begin(tx, self.shop, user=user, service=self.numbers[key])
        self.last_draft = form.draft
        return "begun"

    async def answer_next(self, user: int, draft: int, answers: Mapping[str, Any]) -> str:
        async with self.shop.db.write() as tx:
            form = await ordering.resume(tx, self.shop, user=user, draft=draft)
            asked = form.next
            assert asked is not None
            value: Answer = answers[asked.name]
            await ordering.put_answer(tx, form, asked, value)
        return asked.name

    async def answer_all(self, user: int, draft: int, answers: Mapping[str, Any]) -> str:
        async with self.shop.db.write() as tx:
            form = await ordering.resume(tx, self.shop, user=user, draft=draft)
            while (asked := form.next) is not None:
                form = await ordering.put_answer(tx, form, asked, answers[asked.name])
        return "whole"

    async def spread(self, user: int, draft: int, runs: int | None) -> str:
        async with self.shop.db.write() as tx:
            form = await ordering.resume(tx, self.shop, user=user, draft=draft)
            if runs is None:
                await ordering.deliver_at_once(tx, form)
                return "put"
            for field, value in zip(spread_fields(), (runs, 60), strict=True):
                form = await ordering.put_answer(tx, form, field, value)
        return "put"

    async def drop(self, user: int, draft: int) -> str:
        async with self.shop.db.write() as tx:
            await ordering.drop(tx, user=user, draft=draft)
        return "dropped"

    async def summarise(self, user: int, draft: int) -> Summary:
        async with self.shop.db.write() as tx:
            form = await ordering.resume(tx, self.shop, user=user, draft=draft)
            return await ordering.summarise(tx, self.shop, form, user=user)

    async def confirm(self, user: int, draft: int) -> object:
        async with self.shop.db.write() as tx:
            mark = await mark_shown(tx, draft, user=user)
            return await ordering.confirm(tx, self.shop, user=user, draft=draft, mark=mark)

    # -- sending and following -----------------------------------------------------------------------------

    async def claim(self) -> Claim | None:
        async with self.shop.db.write() as tx:
            return await placing.claim(tx, self.shop, PANEL)

    async def settle(self, claim: Claim, outcome: AddOutcome) -> str:
        async with self.shop.db.write() as tx:
            await placing.settle(tx, self.shop, claim, outcome)
        return "settled"

    async def look(self, number: int, report: Report) -> str:
        async with self.shop.db.write() as tx:
            await tracking.apply_one(tx, self.shop, number, report)
        return "looked"

    async def track(self, said: Mapping[int, Report]) -> list[int]:
        async with self.shop.db.read() as reading:
            asked: Round = await tracking.due(reading, PANEL)
        known = {order.id: order.panel_order for order in asked.orders}
        answers = {known[number] or "": report for number, report in said.items() if report and number in known}
        async with self.shop.db.write() as tx:
            await tracking.apply(tx, self.shop, asked, answers)
        return list(known)

    # -- deciding ------------------------------------------------------------------------------------------

    async def was_placed(self, number: int, panel_order: str, report: Report) -> Order:
        async with self.shop.db.write() as tx:
            return await deciding.was_placed(
                tx, self.shop, admin=OWNER, number=number, panel_order=panel_order, report=report
            )

    async def send_again(self, number: int) -> Order:
        async with self.shop.db.write() as tx:
            return await deciding.send_again(tx, admin=HELPER, number=number)

    async def refund(self, number: int, amount: int | None, question: str | None) -> Order:
        asked = None if question is None else Question(question)
        async with self.shop.db.write() as tx:
            return await deciding.refund(tx, self.shop, admin=OWNER, number=number, amount=amount, question=asked)

    async def close(self, number: int) -> Order:
        async with self.shop.db.write() as tx:
            return await deciding.close(tx, self.shop, admin=OWNER, number=number)

    async def take_back(self, number: int, user: int) -> Order:
        async with self.shop.db.write() as tx:
            return await deciding.cancel_waiting(tx, self.shop, user=user, number=number)

    # -- the panel, time -----------------------------------------------------------------------------------

    async def pause(self, *, stop: bool) -> str:
        async with self.shop.db.write() as tx:
            await (gates.pause if stop else gates.resume)(tx, self.shop, PANEL)
        return "paused" if stop else "resumed"

    async def balance(self, amount: Decimal) -> bool:
        self.panel.purse = replace(self.panel.purse, amount=amount)
        return await rounds.ask_balance(self.shop, PANEL)

    def list_service(self, key: str, change: drawn.Change) -> None:
        """What the panel lists from now on; never nothing at all, which nobody would believe."""
        self.offers[key] = replace(self.offers[key], rate=change.rate)
        if key == "likes":
            self.offers[key] = replace(self.offers[key], maximum=change.highest)
        listed = {offer.panel_service: offer for offer in self.panel.offers if offer.panel_service != key}
        if change.listed or not listed:
            listed[key] = self.offers[key]
        self.panel.offers = tuple(listed.values())

    @property
    def listed(self) -> dict[str, tuple[Decimal, int]]:
        """Rate and highest quantity of what the panel lists."""
        return {offer.panel_service: (offer.rate, offer.maximum) for offer in self.panel.offers}

    async def sync(self) -> str:
        synced = await rounds.sync(self.shop, PANEL)
        return "nothing" if synced is None or synced.doubtful else "synced"

    async def agree(self, mark: str | None) -> int:
        async with self.shop.db.write() as tx:
            held = (await rates.facts(tx, PANEL))["mark"]
            agreed, shelf = await syncing.agree(tx, self.shop, PANEL, mark or held)
        self.shop.shelf = shelf
        return agreed

    async def housekeeping(self) -> str:
        await rounds.housekeeping(self.shop)
        return "kept"

    async def restart(self) -> str:
        """Nothing is left in memory."""
        self.shop = Shop(self.shop.settings, await self.books.reopen(), {PANEL: self.panel}, ways=self.shop.ways)
        async with self.shop.db.write() as tx:
            await opening.open_books(tx, self.shop)
        self.numbers |= {service.panel_service: number for number, service in self.shop.shelf.services.items()}
        return "opened"
