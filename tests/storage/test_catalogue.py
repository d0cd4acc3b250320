"""The catalogue: large lists are kept, what vanishes is retired, what returns keeps its number."""

from dataclasses import replace
from decimal import Decimal

from bot.domain.catalog import Offer, Service, ServiceType
from bot.storage import catalogue, panels
from bot.storage.database import Database
from tests.storage.books import OFFER

MANY = 2_000


async def put(db: Database, panel: str, *offers: Offer, type_: ServiceType | None = ServiceType.DEFAULT) -> None:
    async with db.write() as tx:
        await panels.ensure(tx, panel, f"{panel.lower()}.example")
        categories = await catalogue.category_ids(tx, [offer.category for offer in offers])
        rows = [(offer, categories[offer.category], place, type_) for place, offer in enumerate(offers)]
        await catalogue.put(tx, panel, rows)


async def on_sale(db: Database) -> list[Service]:
    async with db.read() as tx:
        return [service for service, _ in await catalogue.on_sale(tx)]


async def test_a_large_catalogue(db: Database, second: Database) -> None:
    """Ten thousand services are written, all on sale in the panel's order; a second sync keeps their numbers."""
    offers = [
        replace(OFFER, panel_service=str(number), category=f"Category {number % 300}", rate=Decimal(number) / 7)
        for number in range(MANY)
    ]
    await put(db, "ALPHA", *offers)
    first = await on_sale(second)
    assert [service.panel_service for service in first] == [offer.panel_service for offer in offers]
    assert [service.rate for service in first] == [offer.rate for offer in offers]
    assert [service.category for service in first] == [offer.category for offer in offers]
    await put(db, "ALPHA", *reversed(offers))
    again = await on_sale(second)
    assert {service.id: service.panel_service for service in again} == {
        service.id: service.panel_service for service in first
    }
    assert [service.panel_service for service in again] == [offer.panel_service for offer in reversed(offers)]


async def test_a_service_comes_back_as_it_was_listed(db: Database, second: Database) -> None:
    """Name, rate, limits and flags are read as the panel wrote them, what it did not say is not known."""
    await put(db, "ALPHA", OFFER)
    async with second.read() as tx:
        stored = (await catalogue.of_panel(tx, "ALPHA"))[OFFER.panel_service]
    assert stored.offer == OFFER
    assert (stored.type, stored.retired, stored.position) == (ServiceType.DEFAULT, False, 0)


async def test_a_retired_service_returns_under_its_number(db: Database, second: Database) -> None:
    """What is retired is not on sale; listed again it is, changed perhaps, under the number it had."""
    await put(db, "ALPHA", OFFER)
    [before] = await on_sale(second)
    async with db.write() as tx:
        await catalogue.retire(tx, [before.id])
    assert await on_sale(second) == []
    async with second.read() as tx:
        assert (await catalogue.of_panel(tx, "ALPHA"))[OFFER.panel_service].retired
    await put(db, "ALPHA", replace(OFFER, rate=Decimal("1.5")))
    assert await on_sale(second) == [replace(before, rate=Decimal("1.5"))]


async def test_many_are_retired_at_once(db: Database, second: Database) -> None:
    """A panel that drops thousands of services drops them all."""
    await put(db, "ALPHA", *(replace(OFFER, panel_service=str(number)) for number in range(1200)))
    ids = [service.id for service in await on_sale(second)]
    async with db.write() as tx:
        await catalogue.retire(tx, ids[:-1])
    assert [service.id for service in await on_sale(second)] == ids[-1:]


async def test_an_unknown_type_is_kept_and_not_sold(db: Database, second: Database) -> None:
    """A service of a type nobody knows is in the books and not on sale."""
    await put(db, "ALPHA", OFFER, type_=None)
    assert await on_sale(second) == []
    async with second.read() as tx:
        assert (await catalogue.of_panel(tx, "ALPHA"))[OFFER.panel_service].type is None


async def test_two_panels_share_ids_and_categories(db: Database, second: Database) -> None:
    """The same id and category on two panels are two services in one category."""
    await put(db, "ALPHA", OFFER)
    await put(db, "BETA", replace(OFFER, name="Other"))
    async with second.read() as tx:
        (alpha, one), (beta, other) = await catalogue.on_sale(tx)
    assert (alpha.panel, alpha.name, beta.panel, beta.name) == ("ALPHA", OFFER.name, "BETA", "Other")
    assert alpha.id != beta.id
    assert one == other


async def test_a_category_is_made_once(db: Database) -> None:
    """Names that are new are made, once each; known ones keep their number."""
    async with db.write() as tx:
        first = await catalogue.category_ids(tx, ["B", "A", "B"])
        again = await catalogue.category_ids(tx, ["C", "A"])
    assert {name: number for name, number in again.items() if name != "C"} == first
    assert len(set(again.values())) == 3
