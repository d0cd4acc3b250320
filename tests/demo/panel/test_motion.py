"""How orders move along, by steps and by the clock."""

from decimal import Decimal

import httpx

from bot.demo.panel import DemoPanel, demo_offers
from tests.demo.panel.calling import Caller, HandClock


async def test_steps(call: Caller) -> None:
    """Pending, In progress with half of it to come, Completed, and no further."""
    name = await call.place(quantity=200)
    order = call.panel.orders[name]
    seen = [(order.status, order.remains)]
    for _ in range(3):
        call.panel.advance()
        seen.append((order.status, order.remains))
    assert seen == [("Pending", None), ("In progress", 100), ("Completed", 0), ("Completed", 0)]
    assert call.panel.advance() == 0


async def test_the_clock_moves_orders(clock: HandClock) -> None:
    """With a pace, remains fall and every order ends; the balance is what the ended orders cost."""
    panel = DemoPanel(offers=demo_offers("alpha"), balance=Decimal(500), clock=clock, pace=10, mishaps=0.4)
    async with panel.serve(), httpx.AsyncClient() as client:
        call = Caller(panel, client)
        names = [await call.place(link=f"https://example.com/{n}", quantity=100) for n in range(60)]
        last: dict[str, int] = dict.fromkeys(names, 100)
        for _ in range(20):
            clock.forward(5)
            said = await call("status", orders=",".join(names))
            assert isinstance(said, dict)
            remains = {name: int(answer["remains"]) for name, answer in said.items()}
            assert all(remains[name] <= last[name] for name in names)
            last = remains
    ends = [order.status for order in panel.orders.values()]
    assert set(ends) == {"Completed", "Partial", "Canceled"}
    assert ends.count("Completed") > len(names) / 3
    assert panel.balance == 500 - sum(order.charge for order in panel.orders.values())
    assert all(0 < last[o.id] < 100 for o in panel.orders.values() if o.status == "Partial")


async def test_the_same_seed_ends_the_same(clock: HandClock) -> None:
    """Two panels with one seed give their orders the same fates."""
    panels = [DemoPanel(offers=demo_offers("alpha"), clock=clock, mishaps=0.5, seed=7) for _ in range(2)]
    for panel in panels:
        for number in range(20):
            panel.book.take({"service": "1", "link": f"https://example.com/{number}", "quantity": "100"})
        panel.advance()
        panel.advance()
    first, second = ([(o.status, o.remains) for o in panel.orders.values()] for panel in panels)
    assert first == second
    assert len({status for status, _ in first}) > 1


async def test_a_drip_feed_counts_runs(call: Caller) -> None:
    """A drip-feed's parent says runs and orders, not charge and remains; its children have a status."""
    name = await call.place(quantity=50, runs=4, interval=10)
    call.panel.advance()
    said = await call("status", order=name)
    assert isinstance(said, dict)
    assert (said["status"], said["runs"], len(said["orders"])) == ("In progress", "2", 2)
    assert "charge" not in said
    child = await call("status", order=said["orders"][0])
    assert isinstance(child, dict)
    assert (child["status"], child["charge"]) == ("Completed", "0.045")
    before = call.panel.balance
    call.panel.set_status(name, "Canceled")
    assert call.panel.balance - before == call.panel.orders[name].price / 2


async def test_a_subscription_counts_posts(call: Caller) -> None:
    """A subscription is charged post by post, and says posts, expiry and orders."""
    name = await call.place("Subscriptions", posts=2, old_posts=2, expiry="1/3/2030")
    assert call.panel.balance == 1000
    call.panel.advance()
    said = await call("status", order=name)
    assert isinstance(said, dict)
    assert (said["status"], said["posts"], said["expiry"]) == ("Active", "2", "1/3/2030")
    assert len(said["orders"]) == 2
    call.panel.advance()
    order = call.panel.orders[name]
    assert (order.status, order.posts_done) == ("Completed", 4)
    assert order.charge == sum(child.charge for child in call.panel.book.children.values())
    assert call.panel.balance == 1000 - order.charge


async def test_a_subscription_without_money_pauses(call: Caller) -> None:
    """A subscription whose next post the balance does not cover is Paused, and goes on when it does."""
    name = await call.place("Subscriptions", posts=4)
    call.panel.balance = Decimal(0)
    call.panel.advance()
    assert call.panel.orders[name].status == "Paused"
    call.panel.balance = Decimal(10)
    await call("status", order=name)
    assert call.panel.orders[name].status == "Active"


async def test_a_status_set_by_hand_stays(call: Caller) -> None:
    """A word the panel does not know stays until another is set; an open status goes on from there."""
    name = await call.place()
    call.panel.set_status(name, "Frozen")
    call.panel.advance()
    assert await call("status", order=name) == {
        "status": "Frozen",
        "charge": "0.045",
        "start_count": str(call.panel.orders[name].start_count),
        "remains": "50",
        "currency": "USD",
    }
    call.panel.set_status(name, "In progress")
    call.panel.advance()
    assert call.panel.orders[name].status == "Completed"


async def test_an_end_can_be_changed(call: Caller) -> None:
    """A panel can cancel what it had completed, and the balance follows each time."""
    name = await call.place()
    paid = call.panel.balance
    call.panel.set_status(name, "Completed")
    assert call.panel.balance == paid
    call.panel.set_status(name, "Canceled")
    assert call.panel.balance == 1000
    call.panel.set_status(name, "In progress")
    assert call.panel.balance == paid
