"""The owner looks at the panels, pauses and resumes them, and asks for their services."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bot.demo.panel import Fault, demo_offers
from tests.conversations.owner import owners_shop
from tests.conversations.shop import offers

LINK = "https://instagram.com/anna"


async def test_the_balance_of_every_panel(tmp_path: Path) -> None:
    """What each has left, whether it answers and takes orders; one that does not answer is told of once."""
    [offer], [other] = offers("alpha", "Default"), offers("beta", "Poll")
    async with owners_shop(tmp_path, alpha=[offer], beta=[other], wallet="") as mine:
        owner, panels = mine.owner, mine.shop.panels
        await owner.send("/start")
        await owner.heard()
        panels["beta"].balance = Decimal("12.34567")
        well = await mine.ask("/balance", "Balance: $12.3456")
        alpha, beta = well.text.split("\n\n")
        for part, name in ((alpha, "alpha"), (beta, "beta")):
            assert part.startswith(name)
            assert "🟢 It answers.\nNo order waits for it.\n✅ It takes orders.\nServices listed: " in part
        assert "Balance: $1,000.00 (" in alpha
        assert well.buttons == [["Pause alpha"], ["Pause beta"], ["Refresh"]]

        panels["beta"].fail("balance", Fault.refused("Come <b>back</b> later"), times=None)
        await owner.press("Refresh")
        silent = await owner.expect("🔴 It does not answer.")
        assert silent.text.count("🔴") == 1
        assert silent.text.index("beta") < silent.text.index("🔴")
        told = await mine.hears("🔴 Panel beta does not answer.")
        assert "Come <b>back</b> later" in told.text
        await mine.ask("/balance", "🔴 It does not answer.")
        panels["beta"].heal()
        await owner.press("Refresh")
        await mine.hears("✅ Panel beta answers again.")
        assert mine.told("🔴 Panel beta does not answer.") == 1


async def test_a_panel_is_paused_and_goes_on(tmp_path: Path) -> None:
    """By command or button, however its name is written; meanwhile its orders wait, with their money set aside."""
    [offer], [other] = offers("alpha", "Default"), offers("beta", "Poll")
    async with owners_shop(tmp_path, alpha=[offer], beta=[other]) as mine:
        owner, panels = mine.owner, mine.shop.panels
        await mine.ask("/pause gamma", "There is no panel gamma. The panels are: alpha, beta.")
        await mine.ask("/resume", "No panel is paused.")
        await mine.ask("/pause", "Pause which panel?")
        answer = await owner.press("alpha")
        assert answer.text == "alpha takes no orders until you resume it."
        await owner.expect("⛔ It takes no orders since")
        await mine.ask("/pause BETA", "beta takes no orders until you resume it.")
        await mine.ask("/pause", "Every panel is paused already. /resume lets them go on.")
        await mine.ask("/resume beta", "beta takes orders again.")
        await mine.buy(offer, LINK, "1000")
        shown = await mine.ask("/balance", "1 order waits for it and needs $0.90.")
        assert "1 order holds money." in shown.text
        assert "⛔ It takes no orders since" in shown.text
        assert "paused by an admin." in shown.text
        assert shown.buttons == [["Resume alpha"], ["Pause beta"], ["Refresh"]]
        assert panels["alpha"].adds == []
        answer = await owner.press("Resume alpha")
        assert answer.text == "alpha takes orders again."
        await panels["alpha"].took(1)


async def test_a_dead_panel_holds_up_nobody(tmp_path: Path) -> None:
    """The other panel's orders go on, its own are sent when it is back, and the owner hears of it once."""
    [offer], [other] = offers("alpha", "Default"), offers("beta", "Poll")
    async with owners_shop(tmp_path, alpha=[offer], beta=[other]) as mine:
        panels = mine.shop.panels
        await panels["beta"].stop()
        await mine.buy(other, LINK, "100", "2")
        await mine.hears("🔴 Panel beta does not answer.")
        await mine.buy(offer, LINK, "1000")
        await panels["alpha"].took(1)
        file = await mine.reaches(1, "Waiting")
        assert "Reason: the panel cannot be reached" in file.text
        assert "not sent" in file.text
        await panels["beta"].start()
        await mine.reaches(1, "Pending")
        await mine.hears("✅ Panel beta answers again.")
        assert mine.told("Panel beta does not answer") == 1
        assert len(panels["beta"].adds) == len(panels["beta"].orders) == 1


async def test_services_are_asked_for(tmp_path: Path) -> None:
    """What is new, changed and retired; types nobody knows are hidden; a list that lost most needs a second one."""
    listed = list(demo_offers("alpha"))[:12]
    async with owners_shop(tmp_path, alpha=listed, wallet="") as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await owner.send("/start")
        await owner.heard()
        await mine.ask("/sync", "12 services listed\nnew: 0, changed: 0, retired: 0")
        strange = replace(listed[0], service="900", type="Magic <b>Type</b>")
        panel.set_offers([replace(listed[0], rate=Decimal(1)), *listed[1:-1], strange])
        done = await mine.ask("/sync", "12 services listed\nnew: 1, changed: 1, retired: 1")
        assert "Hidden, because their type is unknown: Magic <b>Type</b>" in done.text
        await mine.hears("lists services of the unknown type “Magic <b>Type</b>”. They are hidden.")
        panel.set_offers(listed[:3])
        await mine.ask("/sync", "Most of its services, or all of them, are missing from the list.")
        await mine.hears("left 9 of its 12 services out of its list")
        await mine.ask("/sync", "3 services listed\nnew: 0, changed: 1, retired: 9")
        await mine.hears("The list of services of panel alpha is believed again.")
        panel.fail("services", Fault.refused("Come back later"))
        await mine.ask("/sync", "It did not list its services. The catalogue stays as it is.")
        panel.set_offers(listed)
        await mine.ask("/sync", "12 services listed")
        assert mine.told("unknown type “Magic <b>Type</b>”") == 1
        await mine.ask("/start", "12 services for Instagram.")
