"""Green confirms, red destroys: as it is sent, on the screens where money is at stake.

Every button of every other conversation is held to the same rule when its shop closes (see ``shop.py``).
"""

from pathlib import Path

from bot.demo.telegram import ChatMessage
from tests.conversations.customer import LINK, buy, fill, press, read, say
from tests.conversations.shop import offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")


def colours(screen: ChatMessage) -> dict[str, str]:
    """The coloured buttons of a screen, as Telegram got them."""
    return {each.label: each.raw["style"] for row in screen.keyboard for each in row if "style" in each.raw}


async def test_what_confirms_is_green_and_what_destroys_is_red(tmp_path: Path) -> None:
    """A form, a mass order, a payment, an order: the same button means the same wherever it stands."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], transfer_instructions={"": "To: us"}) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        await say(shop.admin, "/pause alpha", "alpha")
        assert colours(await fill(anna, FOLLOWERS))["Cancel"] == "danger"
        await say(anna, LINK, "Send the quantity")
        assert colours(await say(anna, "100", "Your order")) == {"Confirm": "success", "Cancel": "danger"}
        card = await press(anna, "Confirm", "#1 · Waiting")
        assert colours(card) == {"Take it back": "danger"}
        assert colours(await press(anna, "Take it back", "Take order #1 back?")) == {"Yes, take it back": "danger"}
        assert colours(await say(anna, "/mass", "Mass order")) == {"Cancel": "danger"}
        listed = await say(anna, f"1 | {LINK} | 100", "1 line so far")
        assert colours(listed) == {"Done": "primary", "Cancel": "danger"}
        checked = await press(anna, "Done", "Total:")
        assert colours(checked) == {"Confirm 1 order": "success", "Cancel": "danger"}
        await say(anna, "/wallet", "Available")
        await press(anna, "Top up", "How would you like to pay?")
        await press(anna, "Transfer", "Choose an amount")
        assert colours(await press(anna, "$10.00", "To: us")) == {"Cancel": "danger"}


async def test_an_owner_s_buttons_have_the_same_colours(tmp_path: Path) -> None:
    """What gives money back or takes the right to it is red, at the first press and at the second."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        await shop.give(shop.anna, "50")
        await buy(shop.anna, FOLLOWERS, LINK, "100")
        await read(shop.anna, "#1 · Pending")
        panel = shop.panels["alpha"]
        panel.set_status(next(iter(panel.orders)), "Failed")
        await read(shop.anna, "#1 · Failed")
        file = await say(shop.admin, "/order 1", "Order #1: Failed")
        red = {"Refund": "danger", "Refund part": "danger", "Close": "danger"}
        assert {label: colours(file).get(label) for label in red} == red
        assert colours(await press(shop.admin, "Refund", "back for order #1?", file)) == {"Yes, refund": "danger"}
