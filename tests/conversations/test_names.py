"""Names and links with characters that mean something to Telegram come through as typed, wherever they are shown."""

from dataclasses import replace
from pathlib import Path

from bot.demo.telegram import Person
from tests.conversations.customer import answer, press, read, say
from tests.conversations.shop import CHANNEL, OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
NASTY = """A & B <b>"bold"</b> 'q' &amp; <script>"""
LINK = "https://a.example/?q=<b>&amp;x=\"1\"&y='2'"
PERSON = """Eve <i>&amp; "Q"</i> عربي"""
SHOWN = f"\u2068{PERSON} <O'Neil>\u2069"  # a name with a word from the right is isolated, in every language


async def test_names_come_through_as_typed(tmp_path: Path) -> None:
    """A service, a category, a link and a person's name are the same in messages, on buttons and at the panel."""
    service = replace(FOLLOWERS, name=NASTY, category=f"Instagram {NASTY}", description=NASTY)
    arabic = replace(service, service="2", name="متابعون عرب 🇸🇦 | Arab")
    async with open_shop(tmp_path, alpha=[service, arabic]) as shop:
        await say(shop.admin, "/start", "Demo Shop")
        eve = shop.telegram.person(5001, PERSON, username="eve", last_name="<O'Neil>")
        await say(eve, "/start", f"Hello, {SHOWN}!")
        await shop.admin.send(f"/credit @eve 10 {NASTY}")
        assert f"Reason: {NASTY}" in (await read(eve, "into your wallet")).text

        assert (await say(eve, "/order", "Choose a category")).labels[0] == service.category
        services = await press(eve, service.category, service.category)
        assert services.labels[:2] == [f"{NASTY} · $1.17", f"\u2068{arabic.name}\u2069 · $1.17"]
        card = await press(eve, NASTY, "Send the link.")
        assert card.text.startswith(NASTY)
        assert card.text.count(NASTY) == 2
        await answer(eve, LINK)
        assert f"Your order\n{NASTY}\n\nLink: {LINK}\n" in (await answer(eve, "1000")).text
        assert f"{NASTY}\nLink: {LINK}\n" in (await press(eve, "Confirm", "#1 · ")).text
        await shop.panels["alpha"].took(1)
        assert [each["link"] for each in shop.panels["alpha"].adds] == [LINK]
        news = await read(eve, f"#1 · Pending 🕓\n{NASTY} · 1,000\n{LINK}")
        await press(eve, "Order #1", "#1 · Pending", news)
        assert (await press(eve, "My orders", "My orders")).labels[0].startswith(f"#1 · 🕓 {NASTY.rpartition(' ')[0]}")
        await asked_about(shop, eve)
        channel = shop.telegram.world.rooms[CHANNEL]
        await channel.until(lambda: channel.messages)
        assert channel.messages[0].text == f"#1 · {NASTY} · 1,000 · Pending"
        assert await shop.rows("SELECT snapshot ->> 'name', answers ->> 'link' FROM orders") == [(NASTY, LINK)]


async def asked_about(shop: OpenShop, eve: Person) -> None:
    """The admin reads the same names: in a question, in the order's file, in the customer's."""
    await press(eve, "#1", "#1 · Pending")
    await press(eve, "Ask the shop", "Write your message")
    await say(eve, NASTY, "The shop has your message")
    question = await read(shop.admin, "Ticket 1")
    file = await say(shop.admin, "/order 1", "Order #1:")
    person = await say(shop.admin, "/user 5001", "5001")
    for words in (f"{SHOWN} (5001)", NASTY, LINK):
        assert words in question.text
    for words in (NASTY, f"Link: {LINK}", SHOWN):
        assert words in file.text
    assert SHOWN in person.text
