"""What can be done about orders: found again, refilled, stopped, many at once; and what a card tells of each."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.demo.panel import DemoPanel, Fault
from bot.demo.telegram import ChatMessage, Person
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, answer, buy, fill, press, read, say
from tests.conversations.owner import MovedClock
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[STARTER] = offers("alpha", "Package")
[POSTS] = offers("alpha", "Subscriptions")
[COMMENTS] = offers("beta", "Custom Comments")
UNSTOPPABLE = replace(FOLLOWERS, service="90", name="Followers for good", cancel=False, refill=False)
ALL_CHOICES = ["✓ All orders", "Open orders", "Past orders", "By network", "By link", "By number"]


async def placed(shop: OpenShop, person: Person, link: str, *, panel: str = "alpha") -> str:
    """Buy followers; the panel's id of the order."""
    made = shop.panels[panel]
    await buy(person, FOLLOWERS, link, "100")
    await made.took(len(made.orders) + (not any(each.fields["link"] == link for each in made.orders.values())))
    return next(name for name, each in made.orders.items() if each.fields["link"] == link)


async def completed(shop: OpenShop, person: Person, *links: str) -> None:
    """Orders for these links that have ended well, and their customer knows."""
    panel = shop.panels["alpha"]
    for link in links:
        panel.set_status(await placed(shop, person, link), "Completed")
    for number in range(1, len(links) + 1):
        await read(person, f"#{number} · Completed")


def listed(screen: ChatMessage) -> list[str]:
    """The orders that a list shows."""
    return [label.partition(" ")[0] for label in screen.labels if label.startswith("#")]


async def test_a_refill_is_asked_for_and_its_end_is_news(tmp_path: Path) -> None:
    """One press, one call; the card says how far it is, and a button that was pressed before asks for nothing."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, UNSTOPPABLE]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await completed(shop, anna, LINK)
        card = await press(anna, "Order #1", "Everything is delivered.")
        assert "Refill" in card.labels
        assert "Stop order" not in card.labels
        asked = await anna.press("Refill")
        assert asked.text == "The refill is asked for."
        after = await read(anna, "You asked for a refill at ")
        assert "Refill" not in after.labels
        again = await anna.forge(cb.OrderDo(id=1, do="refill").pack(), after).answered()
        assert (again.text, again.show_alert) == ("The refill is asked for already.", True)
        await panel.arrived("refill")
        [refill] = panel.refills.values()
        await panel.arrived("refill_status")
        refill.status = "In progress"
        while "is in progress." not in after.text:
            await panel.arrived("refill_status", panel.counts["refill_status"] + 1)
            after = await press(anna, "Look again", "#1 · Completed")
        refill.status = "Completed"
        news = await read(anna, "The refill of order #1 is done.")
        assert f"{FOLLOWERS.name} · 100\n{LINK}" in news.text
        done = await press(anna, "Order #1", "is done.", news)
        assert "The refill you asked for at " in done.text
        assert panel.counts["refill"] == 1
        soon = await anna.forge(cb.OrderDo(id=1, do="refill").pack(), done).answered()
        assert soon.text == "A refill can be asked for once in 24 hours."
        assert await shop.rows("SELECT state, panel_refill FROM requests") == [("done", refill.id)]
        assert await shop.rows("SELECT state, captured FROM orders") == [("completed", 1_170)]


async def test_a_refill_the_panel_refuses_or_forgets(tmp_path: Path) -> None:
    """Customers read that it was not taken, or that nobody knows; admins the panel's words; nothing is repeated."""
    clock = MovedClock()
    async with open_shop(tmp_path, alpha=[FOLLOWERS], clock=clock) as shop:
        anna, admin, panel = shop.anna, shop.admin, shop.panels["alpha"]
        await shop.give(anna, "50")
        await completed(shop, anna, LINK)
        panel.fail("refill", Fault.refused("No refill left (reseller 4711)"))
        await press(anna, "Order #1", "Everything is delivered.")
        await anna.press("Refill")
        await read(anna, "The refill of order #1 was not accepted.")
        told = await read(admin, "Panel alpha takes no refill of #1.")
        assert "reseller 4711" in told.text
        clock.ahead += timedelta(hours=24)
        panel.fail("refill", Fault.close(taken=True))
        card = await say(anna, "/order 1", "was not accepted.")
        await anna.press("Refill", card)
        await read(anna, "and the answer was lost: it may come, or not.")
        lost = await read(admin, "its answer was lost. It is not asked again.")
        file = await press(admin, "Order #1", "the answer about the refill was lost", lost)
        assert "the customer asks for a refill" in file.text
        assert (await say(anna, "/order 1", "We passed it on and the answer was lost")).labels[0] != "Refill"
        assert panel.counts["refill"] == 2
        assert "4711" not in anna.transcript()
        assert "alpha" not in anna.transcript()


async def test_an_order_is_asked_to_stop(tmp_path: Path) -> None:
    """Only where the service can, after one more question; the card says so, and the status alone ends the order."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, UNSTOPPABLE]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        order = await placed(shop, anna, LINK)
        await read(anna, "#1 · Pending")
        await press(anna, "Order #1", "It is placed and starts soon.")
        await press(anna, "Stop order", "Stop order #1?")
        await press(anna, "Back", "It is placed and starts soon.")
        sure = await press(anna, "Stop order", "now and then an order cannot be stopped")
        card = await press(anna, "Yes, stop it", "You asked to stop it at ")
        assert "#1 · Pending" in card.text
        assert "Stop order" not in card.labels
        again = await anna.press("Yes, stop it", sure)
        assert again.show_alert
        await panel.until(lambda: panel.orders[order].cancel_asked_at is not None)
        assert await shop.rows("SELECT state, held FROM orders") == [("pending", 1_170)]
        panel.advance()
        news = await read(anna, "#1 · Canceled")
        assert "$0.117 is back in your wallet." in news.text
        assert panel.counts["cancel"] == 1

        await buy(anna, UNSTOPPABLE, LINK, "100")
        pending = await read(anna, "#2 · Pending")
        shown = await press(anna, "Order #2", "It is placed and starts soon.", pending)
        assert "Stop order" not in shown.labels
        bob = shop.telegram.person(1002, "Bob")
        home = await say(bob, "/start", "Demo Shop")
        for do in ("refill", "stop", "stop_sure"):
            assert (await bob.forge(cb.OrderDo(id=2, do=do).pack(), home).answered()).text == "There is no order #2."
            refused = await anna.forge(cb.OrderDo(id=2, do=do).pack(), shown).answered()
            assert refused.text == (
                "This service has no refill." if do == "refill" else "This service cannot be stopped."
            )
        assert (panel.counts.get("refill", 0), panel.counts["cancel"]) == (0, 1)


async def test_orders_are_listed_by_what_one_chooses(tmp_path: Path) -> None:
    """By state, by network, by link; a choice stays while one leafs."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], beta=[COMMENTS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        assert (await say(anna, "/orders", "You have not ordered anything yet.")).labels == ["New order", "Main menu"]
        await completed(shop, anna, LINK)
        await say(shop.admin, "/pause alpha", "alpha")
        await say(shop.admin, "/pause beta", "beta")
        for number in range(2, 11):
            await buy(anna, FOLLOWERS, f"@anna{number}", "100")
        await buy(anna, COMMENTS, "https://youtu.be/abcdefgh123", "\n".join(f"No. {n}" for n in range(10)), "[Done]")
        await buy(anna, FOLLOWERS, "instagram.com/anna/", "100")

        first = await say(anna, "/orders", "My orders")
        assert first.labels[9:] == [*ALL_CHOICES, "New order", "Main menu"]
        active = await press(anna, "Open orders", "My orders · open")
        assert listed(active) == [f"#{number}" for number in range(12, 4, -1)]
        more = await press(anna, "Next ›", "My orders · open")
        assert listed(more) == ["#4", "#3", "#2"]
        assert "✓ Open orders" in more.labels
        assert listed(await press(anna, "Past orders", "My orders · past")) == ["#1"]
        networks = await press(anna, "By network", "For which network?")
        assert networks.labels == ["Instagram", "YouTube", "Back"]
        assert listed(await press(anna, "YouTube", "My orders · YouTube")) == ["#11"]
        links = await press(anna, "By link", "For which link?")
        assert links.labels[:3] == ["instagram.com/anna/", "https://youtu.be/abcdefgh123", "@anna10"]
        mine = await press(anna, "instagram.com/anna/", "My orders · instagram.com/anna/")
        assert listed(mine) == ["#12", "#1"]
        card = await press(anna, "#1 ", "#1 · Completed")
        assert listed(await press(anna, "Same link", f"My orders · {LINK}", card)) == ["#12", "#1"]


async def test_an_order_is_found_by_its_number_or_its_link(tmp_path: Path) -> None:
    """Asked for by a button, or just written; what is not there is said in words, and nobody finds another's."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, bob = shop.anna, shop.telegram.person(1002, "Bob")
        await shop.give(anna, "50")
        await say(shop.admin, "/pause alpha", "alpha")
        for link in (LINK, "@anna2", "instagram.com/anna/"):
            await buy(anna, FOLLOWERS, link, "100")
        await say(anna, "/orders", "My orders")
        await press(anna, "By number", "Send its number, like 123, or the link it is for.")
        await say(anna, "what?", "This is neither an order's number nor a link.")
        await say(anna, "999", "There is no order #999.")
        await say(anna, "https://example.com/", "You have no order for this link.")
        await say(anna, "1 2 status", "#1 · ⏳ Waiting")
        await say(anna, "/orders", "My orders")
        await press(anna, "By number", "Send its number")
        await say(anna, "2", "#2 · Waiting")
        await press(anna, "My orders", "My orders")
        await press(anna, "By number", "Send its number")
        assert listed(await say(anna, "www.instagram.com/anna", "My orders · instagram.com/anna/")) == ["#3", "#1"]
        await say(anna, "#1", "#1 · Waiting")
        await say(anna, "№٣", "#3 · Waiting")

        await say(bob, "#1", "There is no order #1.")
        home = await say(bob, "/start", "Demo Shop")
        theirs = await bob.forge(cb.OrdersBy(by="link", id=1).pack(), home).answered()
        assert theirs.text == "There is no order #1."
        for by in ("active", "network", "link", "nonsense", "number"):
            await bob.forge(cb.OrdersBy(by=by, name="Instagram").pack(), home).answered()
        await bob.forge(cb.OrdersBy(by="ended").pack(), home).answered()
        assert "There are none." in (await read(bob, "My orders · past")).text
        assert "#1 ·" not in bob.transcript()


async def test_many_orders_at_once_by_text(tmp_path: Path) -> None:
    """Each gets its line; what waits is taken back, what is not one's own is unknown, and the panel gets one call."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        bob = shop.telegram.person(1002, "Bob")
        await shop.give(anna, "50")
        await shop.give(bob, "10")
        await completed(shop, anna, "@done1", "@done2")
        running = await placed(shop, anna, "@running")
        await read(anna, "#3 · Pending")
        panel.set_status(running, "In progress", remains=40)
        await read(anna, "#3 · In progress")
        await placed(shop, bob, "@bobs")
        await say(shop.admin, "/pause alpha", "alpha")
        await buy(anna, FOLLOWERS, "@waits", "100")

        status = await say(anna, "1 3, #5\n4 99 STATUS", "Status")
        assert status.text.splitlines()[1:] == [
            "#1 · ✅ Completed",
            "#3 · 🚀 In progress · Remains: 40",
            "#5 · ⏳ Waiting",
            "#4: There is no such order.",
            "#99: There is no such order.",
        ]
        refill = await say(anna, "#1,#2, 2 3 5 4 refill", "Refill")
        assert refill.text.splitlines()[1:] == [
            "#1: The refill is asked for.",
            "#2: The refill is asked for.",
            "#3: It can be refilled once it has ended.",
            "#5: It can be refilled once it has ended.",
            "#4: There is no such order.",
        ]
        await panel.until(lambda: len(panel.refills) == 2)
        assert panel.counts["refill"] == 1
        for each in panel.refills.values():
            each.status = "Rejected"
        await read(anna, "The refills of these orders were declined: #1, #2.")

        cancel = await say(anna, "Cancel 5 3 1 4", "Stop")
        assert cancel.text.splitlines()[1:] == [
            "#5: canceled, $0.117 is back in your wallet.",
            "#3: You asked to stop it. The status will show.",
            "#1: It has ended already.",
            "#4: There is no such order.",
        ]
        await panel.until(lambda: panel.orders[running].cancel_asked_at is not None)
        for named in ("1", "#1", "١", "№1"):
            await say(anna, f"/order {named}", "#1 · ")
        await say(anna, "/search", "What are you looking for?")
        assert "#5 · " in (await say(anna, "5 status", "Status")).text
        await say(anna, f"{' '.join(map(str, range(1, 102)))} status", "at most 100 orders at once")
        hundred = await say(anna, f"{' '.join(map(str, range(1, 101)))} refill", "Refill")
        assert hundred.text.splitlines()[-1].startswith(("#100: ", "and "))
        assert len(hundred.text) <= 4096
        assert await shop.rows("SELECT state FROM orders WHERE id = 4") == [("pending",)]


async def test_a_question_that_waits_for_text_gets_it(tmp_path: Path) -> None:
    """In the middle of a form "1 cancel" is an answer like any other, and at its summary a wish; the form stays."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        await say(shop.admin, "/pause alpha", "alpha")
        await buy(anna, FOLLOWERS, LINK, "100")
        await fill(anna, FOLLOWERS)
        await say(anna, "1 cancel", "This is not a link.")
        await answer(anna, LINK)
        await answer(anna, "100")
        done = await say(anna, "1 cancel", "#1: canceled")
        assert done.labels == ["Continue my order", "My orders", "Main menu"]
        await press(anna, "Continue my order", "Price: ")
        await say(anna, "1 and 2 cancel", "Please choose one of the buttons.")
        assert await shop.rows("SELECT state FROM orders") == [("canceled",)]


async def test_a_second_order_for_the_same_is_warned_of(tmp_path: Path) -> None:
    """On the summary, while one for the same service and link runs; it can be confirmed all the same."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, STARTER]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        await placed(shop, anna, LINK)
        await read(anna, "#1 · Pending")
        warned = await fill(anna, FOLLOWERS, "www.instagram.com/anna/", "200")
        assert "Your order #1 for the same service and link is still running." in warned.text
        assert "still running" not in (await fill(anna, STARTER, LINK)).text
        await fill(anna, FOLLOWERS, LINK, "200")
        await press(anna, "Confirm", "#2 · Waiting")


async def test_runs_and_posts_are_on_the_card(tmp_path: Path) -> None:
    """As many as status says are done, of how many there are."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, POSTS]) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await fill(anna, FOLLOWERS, LINK, "100")
        await press(anna, "Spread over time", "runs")
        await answer(anna, "4")
        await answer(anna, "60")
        await anna.press("Confirm")
        await read(anna, "#1 · Pending")
        await buy(anna, POSTS, "anna", "20", "50", "5", "[Skip]", "[At once]", "[Skip]")
        await read(anna, "#2 · ")
        await panel.took(2)
        drip, posts = panel.orders
        await show_parts(panel, drip, posts)
        runs = await say(anna, "/order 1", "#1 · In progress")
        while "Runs done: 3 of 4\n▰▰▰▰▰▰▰▱▱▱ 75%" not in runs.text:
            await panel.arrived("status", panel.counts["status"] + 1)
            runs = await say(anna, "/order 1", "#1 · In progress")
        served = await say(anna, "/order 2", "Ordered: ")
        while "Posts served: 2 of 5\n▰▰▰▰▱▱▱▱▱▱ 40%" not in served.text:
            await panel.arrived("status", panel.counts["status"] + 1)
            served = await say(anna, "/order 2", "Ordered: ")
        assert served.text.startswith("#2 · Active")


async def show_parts(panel: DemoPanel, drip: str, posts: str) -> None:
    """Three of four runs are done, and two of five posts, in every answer from now on."""
    panel.set_status(drip, "In progress", answer={"runs": "3"})
    panel.set_status(posts, "Active", answer={"posts": 2})
