"""Both panels as stand-ins on real sockets, spoken to by the real client: the tables end to end, one panel failing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest_asyncio
from pydantic import SecretStr

from bot.demo.panel import ALPHA as ALPHA_DIALECT
from bot.demo.panel import BETA as BETA_DIALECT
from bot.demo.panel import DemoPanel, Fault, demo_offers
from bot.domain.catalog import Service
from bot.domain.orders import Order, OrderState
from bot.panel import PanelClient
from bot.services import gates, opening, ordering, rounds
from bot.settings import PanelSettings
from bot.storage import people
from tests.services.stage import ALPHA, ANNA, BETA, HELPER, OWNER, Stage

Panels = dict[str, DemoPanel]


async def at_once(seconds: float) -> None:
    """Pauses between tries are not what these tests are about."""


@pytest_asyncio.fixture(loop_scope="session")
async def panels(stage: Stage) -> AsyncIterator[Panels]:
    """The stage's shop with two real clients, and the panels they speak to."""
    stand_ins = {
        ALPHA: DemoPanel("alpha", "key-alpha", offers=demo_offers("alpha"), dialect=ALPHA_DIALECT),
        BETA: DemoPanel("beta", "key-beta", offers=demo_offers("beta"), dialect=BETA_DIALECT),
    }
    async with AsyncExitStack() as stack:
        clients, own = {}, {}
        for name, panel in stand_ins.items():
            url = await stack.enter_async_context(panel.serve())
            client = PanelClient(name, url, panel.key, timeout=5, sleep=at_once)
            clients[name] = await stack.enter_async_context(client)
            own[name] = PanelSettings(url=url, key=SecretStr(panel.key))
        stage.change(panels=own)
        stage.shop.panels = clients
        async with stage.db.write() as tx:
            await opening.open_books(tx, stage.shop)
        for name in stand_ins:
            await rounds.sync(stage.shop, name)
        yield stand_ins


def likes(stage: Stage, panel: str) -> Service:
    """Something simple that a panel sells."""
    found = stage.shop.shelf.services.values()
    return next(s for s in found if s.panel == panel and s.type == "Default" and s.minimum <= 100 <= s.maximum)


async def buy(stage: Stage, panel: str, link: str) -> int:
    """An order of 100 that waits."""
    async with stage.db.write() as tx:
        form = await ordering.begin(tx, stage.shop, user=ANNA, service=likes(stage, panel).id)
        await people.put_draft(tx, form.draft, answers={"link": link, "quantity": 100})
        form = await ordering.resume(tx, stage.shop, user=ANNA, draft=form.draft)
        summary = await ordering.summarise(tx, stage.shop, form, user=ANNA)
        order = await ordering.confirm(tx, stage.shop, user=ANNA, draft=form.draft, mark=summary.mark)
    assert isinstance(order, Order)
    return order.id


FAULTS = {
    "noise before the JSON": (Fault.noise(), "pending"),
    "a page, taken": (Fault.html(taken=True), "uncertain"),
    "a page, not taken": (Fault.html(taken=False), "uncertain"),
    "500 with words": (Fault.http_error(500, taken=True, words="Not enough funds"), "uncertain"),
    "404 without words": (Fault.http_error(404, taken=False), "uncertain"),
    "a redirect": (Fault.redirect("https://panel.example/", taken=True), "uncertain"),
    "empty": (Fault.empty(taken=True), "uncertain"),
    "reset": (Fault.reset(taken=True), "uncertain"),
    "closed": (Fault.close(taken=True), "uncertain"),
    "cut": (Fault.cut(taken=True), "uncertain"),
    "no id": (Fault.id_null(taken=True), "uncertain"),
    "id 0": (Fault.id_zero(taken=True), "uncertain"),
    "an id and an error": (Fault.id_with_error(taken=True), "uncertain"),
    "a bad link": (Fault.refused("Bad link"), "refused"),
    "422, a bad quantity": (Fault.refused("Quantity less than minimal 10", status=422), "refused"),
    "no funds": (Fault.refused("neworder.error.not_enough_funds"), "waiting"),
    "429": (Fault.throttled(5), "waiting"),
}


async def test_every_fault_does_what_the_table_says(stage: Stage, panels: Panels) -> None:
    """From the bytes on the wire to the state in the books; and each order reached the panel once at most."""
    panel = panels[ALPHA]
    numbers: dict[str, int] = {}
    found: dict[str, str] = {}
    for name, (fault, _) in FAULTS.items():
        numbers[name] = await buy(stage, ALPHA, f"https://example.com/{len(numbers)}")
        panel.fail("add", fault)
        assert await rounds.place_one(stage.shop, ALPHA)
        order = await stage.order(numbers[name])
        found[name] = order.state.value
        if order.state is OrderState.WAITING:
            await stage.pass_time(3600 * 24)
        async with stage.db.write() as tx:
            await gates.resume(tx, stage.shop, ALPHA)
    assert found == {name: state for name, (_, state) in FAULTS.items()}
    links = [fields["link"] for fields in panel.adds]
    assert len(links) == len(set(links)) == len(FAULTS)


async def test_orders_go_on_beside_a_panel_that_is_dead(stage: Stage, panels: Panels) -> None:
    """The other panel's orders come to their end; the admins are told once, and once more when it answers again."""
    await panels[BETA].stop()
    numbers = {name: await buy(stage, name, "https://example.com/1") for name in panels}
    for _ in range(3):
        for name in panels:
            await rounds.place_one(stage.shop, name)
            await rounds.ask_balance(stage.shop, name)
        panels[ALPHA].advance()
        await stage.pass_time(60)
        for name in panels:
            await rounds.track_once(stage.shop, name)
    states = {name: (await stage.order(number)).state for name, number in numbers.items()}
    assert states == {ALPHA: OrderState.COMPLETED, BETA: OrderState.WAITING}
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["silent"]
    await panels[BETA].start()
    await rounds.place_one(stage.shop, BETA)
    assert (await stage.order(numbers[BETA])).state is OrderState.PENDING
    assert await stage.alerts() == ["silent", "over:silent"]


async def test_orders_go_on_beside_a_panel_that_answers_with_pages(stage: Stage, panels: Panels) -> None:
    """An HTML page to everything costs that panel's orders their certainty, and the other's nothing."""
    panels[BETA].fail("any", Fault.html(taken=False), times=None)
    before = stage.shop.shelf.services
    numbers = {name: await buy(stage, name, "https://example.com/1") for name in panels}
    for _ in range(2):
        for name in panels:
            await rounds.place_one(stage.shop, name)
            await rounds.sync(stage.shop, name)
        await stage.pass_time(60)
        [panel_order] = panels[ALPHA].orders
        panels[ALPHA].set_status(panel_order, "Completed")
        for name in panels:
            await rounds.track_once(stage.shop, name)
    states = {name: (await stage.order(number)).state for name, number in numbers.items()}
    assert states == {ALPHA: OrderState.COMPLETED, BETA: OrderState.UNCERTAIN}
    assert stage.shop.shelf.services == before
    assert await stage.alerts(OWNER) == await stage.alerts(HELPER) == ["silent"]
    assert len(panels[BETA].adds) == 1


async def test_a_partial_comes_back_in_part(stage: Stage, panels: Panels) -> None:
    """What the panel did not deliver is in the wallet again, from its status over the wire."""
    number = await buy(stage, ALPHA, "https://example.com/1")
    paid = (await stage.order(number)).price
    await rounds.place_one(stage.shop, ALPHA)
    [panel_order] = panels[ALPHA].orders
    panels[ALPHA].set_status(panel_order, "Partial", remains=40)
    before = await stage.available()
    stage.clock.advance(60)
    await rounds.track_once(stage.shop, ALPHA)
    order = await stage.order(number)
    assert (order.state, order.refunded) == (OrderState.PARTIAL, paid * 40 // 100)
    assert await stage.available() == before + order.refunded


async def test_a_lack_of_funds_is_over_when_the_panel_says_so(stage: Stage, panels: Panels) -> None:
    """Refused for its balance, the order is placed as soon as the balance covers it, without an admin."""
    panels[ALPHA].balance = Decimal(0)
    number = await buy(stage, ALPHA, "https://example.com/1")
    await rounds.place_one(stage.shop, ALPHA)
    assert (await stage.order(number)).state is OrderState.WAITING
    stage.clock.advance(60)
    await rounds.ask_balance(stage.shop, ALPHA)
    assert not await rounds.place_one(stage.shop, ALPHA)
    panels[ALPHA].balance = Decimal(5)
    await rounds.ask_balance(stage.shop, ALPHA)
    assert await rounds.place_one(stage.shop, ALPHA)
    assert (await stage.order(number)).state is OrderState.PENDING
    assert await stage.alerts() == ["gate", "low", "over:low", "over:gate"]
