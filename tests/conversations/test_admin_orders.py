"""What only the owner can decide: orders whose answer was lost, whose sum nobody knows, that failed or wait."""

import asyncio
from pathlib import Path

from bot import points
from bot.demo.panel import Fault
from tests.conversations.owner import CARD, OwnersShop, owners_shop
from tests.conversations.shop import offers

SERVICE = "Followers | Mixed | Instant"
# An answer that may mean anything; the panel has the order all the same, or does not.
TAKEN, NOT_TAKEN = Fault.html(taken=True, status=502), Fault.html(taken=False, status=502)


def link(number: int) -> str:
    """A link that no other order has."""
    return f"https://instagram.com/p/C{number}/?a=1&b=<{number}>"


async def lose(mine: OwnersShop, number: int, fault: Fault) -> None:
    """Order, lose the answer, and let the card come."""
    [offer] = offers("alpha", "Default")
    panel = mine.shop.panels["alpha"]
    panel.fail("add", fault)
    await mine.buy(offer, link(number), "1000")
    file = await mine.reaches(number, "Being checked")
    while "the panel's balance was looked at" not in file.text:
        file = await mine.reaches(number, "Being checked")
    await mine.later(CARD)


async def test_it_was_placed(tmp_path: Path) -> None:
    """The card has the facts; the id is checked, and the order is followed to its end; nobody is charged twice."""
    async with owners_shop(tmp_path, alpha=offers("alpha", "Default"), helped=True) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        [offer] = offers("alpha", "Default")
        await mine.ask("/uncertain", "No order waits for a decision.")
        await mine.buy(offer, link(1), "1000")
        await panel.took(1)
        await lose(mine, 2, TAKEN)
        card = await mine.hears("Order #2: was it placed?")
        for fact in (
            "The answer of panel alpha was lost.",
            f"Service: {SERVICE}",
            f"Link: {link(2)}",
            "Quantity: 1,000",
            "Price: $1.17",
            "the panel's balance has lost $0.90. This order costs $0.90 there.",
        ):
            assert fact in card.text
        assert card.buttons == [["It was placed", "Send again", "Refund"], ["Order #2"]]
        theirs = await mine.hears("Order #2: was it placed?", who=mine.helper)
        known, lost = panel.orders
        await owner.press("It was placed")
        await owner.expect("Send the id that order #2 has on the panel alpha.")
        await mine.ask("99999999", "The panel does not confirm an order 99999999. Incorrect order ID")
        await mine.ask("#4 <b>", "not an order's id on a panel")
        await mine.ask(known, f"{known} is order #1 already.")
        decided = await mine.ask(lost, "Order #2: Pending.")
        assert f"The panel's id: {lost}" in decided.text
        for old in (card, theirs):
            person = owner if old is card else mine.helper
            for label in ("It was placed", "Send again", "Refund"):
                late = await person.press(label, message=old)
                assert late.text.startswith("Order #2 was decided already: ")
                assert late.show_alert
        await mine.ask("/uncertain", "No order waits for a decision.")
        panel.set_status(lost, "Completed")
        panel.set_status(known, "Completed")
        await mine.reaches(1, "Completed")
        await mine.reaches(2, "Completed")
        assert len(panel.adds) == 2
        assert await mine.money() == (500_000 - 2 * 11_700, 0, 2 * 11_700)


async def test_send_again_refund_and_who_is_first(tmp_path: Path) -> None:
    """Both ask once more; of two admins at once the first decides, and the second reads what was decided."""
    async with owners_shop(tmp_path, alpha=offers("alpha", "Default"), helped=True) as mine:
        owner, helper, panel = mine.owner, mine.helper, mine.shop.panels["alpha"]
        await lose(mine, 1, NOT_TAKEN)
        await owner.press("Send again", message=await mine.hears("Order #1: was it placed?"))
        await owner.expect("If the panel has it already, it is delivered twice.")
        await owner.press("Back")
        await owner.press("Send again", message=await mine.sees("Order #1: Being checked", "Send again"))
        again = await owner.press("Yes, send again")
        assert again.text == "Order #1: Waiting."
        await mine.reaches(1, "Pending")
        assert [add["link"] for add in panel.adds] == [link(1)] * 2
        await mine.hears("Order #1: was it placed?", who=mine.helper)
        late = await helper.press("Refund")
        assert late.text == "Order #1 was decided already: Pending."

        await lose(mine, 2, NOT_TAKEN)
        await mine.hears("Order #2: was it placed?")
        await mine.hears("Order #2: was it placed?", who=mine.helper)
        listed = await mine.ask("/uncertain", "1 order waits for a decision")
        assert listed.labels[0].startswith("🔎 #2 · Being checked")
        await owner.press("#2 · Being checked")
        await owner.press("Refund", message=await mine.sees("Order #2: ", "Refund"))
        asked = await owner.expect("Give $1.17 back for order #2?")
        await helper.press("Refund")
        also = await helper.expect("Give $1.17 back for order #2?")
        presses = (owner.press("Yes, refund", message=asked), helper.press("Yes, refund", message=also))
        words = sorted([answer.text for answer in await asyncio.gather(*presses)])
        assert words == ["Order #2 was refunded already: Canceled.", "Order #2: Canceled."]
        told = await mine.anna.expect("#2 · Canceled")
        assert "$1.17" in told.text
        assert await mine.money() == (500_000 - 11_700, 11_700, 0)


async def test_an_order_that_waits_is_refunded(tmp_path: Path) -> None:
    """The file of any order offers what can be done with it; what was decided stays decided."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await mine.ask("/pause", "takes no orders")
        await mine.buy(offer, link(1), "1000")
        await mine.ask("/order 99", "There is no order #99.")
        file = await mine.ask("/order #1", "Order #1: Waiting")
        assert file.buttons == [["Refund"], ["All open questions"]]
        await owner.press("Refund")
        await owner.expect("Give $1.17 back for order #1?")
        await owner.press("Yes, refund")
        ended = await owner.expect("Order #1: Canceled")
        assert "Given back: $1.17" in ended.text
        assert "refunded by an admin $1.17 (admin 9001)" in ended.text
        await mine.anna.expect("#1 · Canceled")
        late = await owner.press("Refund", message=file)
        assert late.text == "Order #1 was refunded already: Canceled."
        await mine.ask("/resume", "It takes orders.")
        assert panel.adds == []
        assert await mine.money() == (500_000, 0, 0)


async def test_a_refusal_and_its_file(tmp_path: Path) -> None:
    """The panel's own words are for the owner; the file has every attempt and everything that happened."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        panel = mine.shop.panels["alpha"]
        words = "Bad link & <i>private</i> account"
        panel.fail("add", Fault.throttled(1))
        panel.fail("add", Fault.refused(words))
        await mine.buy(offer, link(1), "1000")
        await panel.arrived("add", 1)
        while not await mine.shop.rows("SELECT 1 FROM orders WHERE reason = 'busy'"):
            await mine.ask("/order 1", "Order #1: Waiting")
        await mine.later(2)
        told = await mine.hears("Panel alpha refused order #1: the link.")
        assert words in told.text
        await mine.owner.press("Order #1")
        file = await mine.owner.expect("Order #1: Refused")
        for line in (
            SERVICE,
            "Panel: alpha, its service 1, type Default",
            "Customer: Anna & <b> @anna 1001",
            f"Link: {link(1)}",
            "Price: $1.17",
            "Given back: $1.17",
            "Attempts",
            "What happened",
        ):
            assert line in file.text.splitlines()
        assert file.text.count(": being sent") == 2
        assert "too many calls, not taken 1 s" in file.text
        assert f"refused link: {words}" in file.text
        assert file.buttons == [["All open questions"]]
        customers = await mine.anna.expect("#1 · Refused")
        assert "private" not in "".join(message.text for message in mine.anna.heard_messages)
        assert "$1.17" in customers.text
        assert await mine.money() == (500_000, 0, 0)


async def test_a_sum_that_nobody_can_compute(tmp_path: Path) -> None:
    """A partial package or drip-feed keeps its money on hold until the owner says how much goes back."""
    default, package = offers("alpha", "Default", "Package")
    async with owners_shop(tmp_path, alpha=[default, package]) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await mine.buy(package, link(1))
        await panel.took(1)
        [first] = panel.orders
        panel.set_status(first, "Partial", remains=400)
        card = await mine.hears("Order #1: Partial")
        assert "How much of it was delivered?" in card.text
        assert card.buttons[0] == ["Refund", "Refund part", "Close"] or card.labels[0] == "Look again"
        await owner.press("Refund part")
        await owner.expect("How much of the $1.95 on hold for order #1")
        await mine.ask("half", "not an amount")
        await mine.ask("1.96", "At most $1.95 can be given back.")
        older = await mine.ask("0.7", "Give $0.70 of $1.95 back for order #1? The rest is earned.")
        [yes_older] = [button.data for row in older.keyboard for button in row if button.label == "Yes, refund part"]
        asked = await mine.ask("0.75", "Give $0.75 of $1.95 back for order #1? The rest is earned.")
        assert yes_older is not None
        old = await owner.forge(yes_older, asked).answered()
        assert old.text == "The sum is not known any more. Press Refund part again."
        await owner.press("Yes, refund part", message=asked)
        done = await owner.expect("Given back: $0.75")
        assert "Earned: $1.20" in done.text
        told = await mine.anna.expect("$0.75")
        assert "#1 · Partial" in told.text
        late = await owner.press("Yes, refund part", message=asked)
        assert "decided already" in late.text or "refunded already" in late.text

        await mine.buy(default, link(2), "100", "[Spread over time]", "3", "60")
        await panel.took(2)
        second = list(panel.orders)[1]
        panel.set_status(second, "Partial", remains=50)
        card = await mine.hears("Order #2: Partial")
        await owner.press("Close", message=card)
        await owner.expect("Close order #2 as delivered?")
        await owner.press("Yes, close")
        await owner.expect("Earned: $0.351")
        assert await mine.money() == (500_000 - 12_000 - 3_510, 0, 12_000 + 3_510)


async def test_an_order_that_failed(tmp_path: Path) -> None:
    """The panel may send it again: the money stays on hold until it did, or the owner closes or refunds it."""
    [offer] = offers("alpha", "Default")
    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        owner, panel = mine.owner, mine.shop.panels["alpha"]
        await mine.buy(offer, link(1), "1000")
        await mine.buy(offer, link(2), "1000")
        await panel.took(2)
        first, second = panel.orders
        panel.set_status(first, "Fail")
        await mine.reaches(1, "Failed")
        card = await mine.hears(
            "The panel says it failed, and may send it again. Wait, refund it, or close it.\nPanel: alpha"
        )
        assert "The panel says it failed, and may send it again." in card.text
        panel.set_status(first, "In progress")
        await mine.reaches(1, "In progress")
        late = await owner.press("Refund", message=card)
        assert late.text == "Order #1 was decided already: In progress."
        await mine.ask("/uncertain", "No order waits for a decision.")
        panel.set_status(first, "Fail")
        panel.set_status(second, "Fail")
        await mine.reaches(1, "Failed")
        await mine.reaches(2, "Failed")
        await mine.ask("/uncertain", "2 orders wait for a decision")
        await owner.press("#1 · Failed")
        await owner.press("Refund", message=await mine.sees("Order #1: Failed", "Refund"))
        await owner.press("Yes, refund", message=await mine.sees("for order #1?", "Yes, refund"))
        await owner.expect("Order #1: Canceled")
        await owner.press("All open questions")
        await owner.expect("1 order waits for a decision")
        await owner.press("#2 · Failed")
        await owner.press("Close", message=await mine.sees("Order #2: Failed", "Close"))
        await owner.press("Yes, close", message=await mine.sees("Close order #2", "Yes, close"))
        await owner.expect("Order #2: Completed")
        assert await mine.money() == (500_000 - 11_700, 0, 11_700)


async def test_an_answer_that_came_is_kept(tmp_path: Path) -> None:
    """A shop that is stopped just after the panel answered writes the answer down all the same."""
    [offer] = offers("alpha", "Default")

    def stop(point: str) -> None:
        task = asyncio.current_task()
        if point == "add.after" and task is not None:
            task.cancel()

    async with owners_shop(tmp_path, alpha=[offer]) as mine:
        points.listen(stop)
        try:
            await mine.buy(offer, link(1), "1000")
            file = await mine.reaches(1, "Pending")
        finally:
            points.listen(None)
        [placed] = mine.shop.panels["alpha"].orders
        assert f"The panel's id: {placed}" in file.text
