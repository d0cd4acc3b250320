"""Troubles: the owner hears of each once, and once more when it is over; orders wait, and go on by themselves."""

from decimal import Decimal
from pathlib import Path

from bot.demo.panel import Fault
from bot.services.gates import FIRST_PROBE_GAP, GATE_REST
from tests.conversations.owner import CARD, owners_shop
from tests.conversations.shop import CHANNEL, offers


def link(number: int) -> str:
    """A link that no other order has."""
    return f"https://instagram.com/p/C{number}/"


async def test_a_panel_without_funds(tmp_path: Path) -> None:
    """Orders wait with their money set aside, and go on by themselves once the balance is there again."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        panel = mine.shop.panels["alpha"]
        panel.balance = Decimal("0.5")
        await mine.buy(offer, link(1), "1000")
        closed = await mine.hears("⛔ Panel alpha takes no orders now")
        assert "the panel says its balance does not cover the order. Orders for it wait." in closed.text
        assert "Not enough funds on balance" in closed.text
        await mine.hears("⚠️ Panel alpha has 0.5 USD left. The orders that wait for it need $0.90.")
        await mine.buy(offer, link(2), "1000")
        shown = await mine.ask("/balance", "2 orders wait for it and need $1.80.")
        assert "The panel's words: funds: Not enough funds on balance" in shown.text
        assert len(panel.adds) == 1
        panel.balance = Decimal(100)
        await mine.later(GATE_REST + 1)
        await panel.took(2)
        await mine.hears("✅ The balance of panel alpha covers what waits for it.")
        await mine.hears("✅ Panel alpha takes orders again.")
        for words in ("⛔ Panel alpha", "⚠️ Panel alpha has", "✅ The balance of", "✅ Panel alpha takes"):
            assert mine.told(words) == 1


async def test_a_panel_that_does_not_accept_the_key(tmp_path: Path) -> None:
    """The same, until the key is right again; one who resumes by hand need not wait for that to be noticed."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        right, panel.key = panel.key, "another"
        await mine.buy(offer, link(1), "1000")
        closed = await mine.hears("⛔ Panel alpha takes no orders now: the panel does not accept the key.")
        assert closed.labels == ["Resume alpha"]
        file = await mine.reaches(1, "Waiting")
        assert "Reason: the panel does not accept the key" in file.text
        panel.key = right
        answer = await owner.press("Resume alpha", message=closed)
        assert answer.text == "alpha takes orders again."
        await panel.took(1)
        await mine.hears("✅ Panel alpha takes orders again.")
        assert mine.told("⛔ Panel") == mine.told("✅ Panel alpha takes") == 1


async def test_three_lost_answers_pause_a_panel(tmp_path: Path) -> None:
    """After a while one order tries whether it works again; when it did, the others follow."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        panel = mine.shop.panels["alpha"]
        panel.fail("add", Fault.html(taken=True), times=4)
        for number in (1, 2, 3):
            await mine.buy(offer, link(number), "1000")
            await mine.reaches(number, "Being checked")
        await mine.later(CARD)
        await mine.hears("answers got lost; now and then one order tries whether it works again")
        await mine.buy(offer, link(4), "1000")
        await mine.buy(offer, link(5), "1000")
        shown = await mine.ask("/balance", "2 orders wait for it")
        assert "The next try: " in shown.text
        assert len(panel.adds) == 3
        await mine.later(FIRST_PROBE_GAP)
        await mine.reaches(4, "Being checked")
        await mine.later(FIRST_PROBE_GAP)
        assert len(panel.adds) == 4
        await mine.reaches(5, "Waiting")
        await mine.later(FIRST_PROBE_GAP * 2)
        await mine.reaches(5, "Pending")
        await mine.hears("✅ Panel alpha takes orders again.")
        assert mine.told("⛔ Panel alpha takes no orders now") == 1
        assert [add["link"] for add in panel.adds] == [link(number) for number in (1, 2, 3, 4, 5)]
        await mine.ask("/uncertain", "4 orders wait for a decision")


async def test_a_panel_in_another_currency(tmp_path: Path) -> None:
    """It is not sold until somebody says what the currency is worth, and the owner is told what to do."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer], wallet="") as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await owner.send("/start")
        await owner.expect("1 service")
        panel.book.currency = "EUR"
        shown = await mine.ask("/balance", "Balance: €1,000.00")
        assert "Its services are not sold: it reckons in EUR. Put PANELS__ALPHA__RATE" in shown.text
        told = await mine.hears("⚠️ Panel alpha reckons in EUR, the shop in USD.")
        await mine.ask("/order", "There is nothing on sale right now.")
        panel.book.currency = "USD"
        await owner.press("Panels", message=told)
        await mine.hears("The currency of panel alpha is settled, its services are sold.")
        await mine.ask("/order", "Choose a category")
        assert mine.told("⚠️ Panel alpha reckons") == 1


async def test_what_else_the_owner_hears_of_once(tmp_path: Path) -> None:
    """A status word nobody knows, a change after the end, and a channel that lets the bot no longer in."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        panel = mine.shop.panels["alpha"]
        mine.shop.telegram.channel(CHANNEL, bot_is_admin=False)
        await mine.buy(offer, link(1), "1000")
        await panel.took(1)
        [placed] = panel.orders
        await mine.reaches(1, "Pending")
        panel.set_status(placed, "Sleeping <b>")
        await mine.later(1)
        word = await mine.hears("says “Sleeping <b>” about order #1. Nobody knows this word")
        assert word.labels == ["Order #1"]
        await mine.later(60)
        panel.set_status(placed, "Completed")
        await mine.reaches(1, "Completed")
        panel.set_status(placed, "Canceled")
        await mine.later(24 * 3600)
        await mine.hears("⚠️ Order #1 has ended: Completed. Now the panel says “Canceled”. Nothing was changed.")
        assert mine.told("The channel does not take the shop's messages.") == 1
        assert mine.told("Nobody knows this word") == 1
        assert await mine.money() == (500_000 - 11_700, 0, 11_700)


async def test_reminders_and_silence(tmp_path: Path) -> None:
    """What nobody decided is asked again after a quarter of an hour and a day; of a lost order after three days."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await mine.buy(offer, link(1), "1000")
        await mine.reaches(1, "Pending")
        panel.fail("add", Fault.html(taken=False))
        await mine.buy(offer, link(2), "1000")
        await mine.reaches(2, "Being checked")
        await mine.later(CARD)
        await mine.hears("Order #2: was it placed?")
        await mine.later(15 * 60)
        card = await mine.hears("Reminder 1: nobody has decided yet.")
        assert card.labels == ["It was placed", "Send again", "Refund", "Order #2"]
        [placed] = panel.orders
        panel.forget(placed)
        await mine.later(60)
        await panel.arrived("status", panel.counts["status"] + 1)  # what it said before is written down by now
        await mine.later(3 * 24 * 3600 + 60)
        await mine.hears("Reminder 2: nobody has decided yet.")
        asked = await mine.hears("The panel has said nothing about it for 3 days.")
        await owner.press("Close", message=asked)
        await owner.press("Yes, close")
        await owner.expect("Order #1: Completed")
        await owner.press("Refund", message=card)
        await owner.press("Yes, refund")
        await owner.expect("Order #2: Canceled")
        assert await mine.money() == (500_000 - 11_700, 0, 11_700)
