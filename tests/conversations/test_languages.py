"""The shop in the reader's language: what the client says, what the person chooses, and a purchase in Arabic."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

from bot.demo.telegram import Person
from bot.i18n import FSI, PDI, Money, Translator
from tests.conversations.customer import LINK, answer, buy, press, read, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[TRAFFIC] = offers("beta", "Web Traffic")


def speaker(shop: OpenShop, locale: str) -> Translator:
    assert shop.app is not None
    return shop.app.translations.get(locale)


def shown(html: str) -> str:
    """What people see of a text."""
    return unescape(re.sub(r"<[^>]+>", "", html))


SPOKEN = ("en", "ar", "es", "fa", "fr", "hi", "id", "pt_BR", "ru", "tr", "uk", "uz")


async def chosen(shop: OpenShop, person: Person) -> object:
    [(locale,)] = await shop.rows("SELECT locale FROM users WHERE id = :id", id=person.id)
    return locale


async def test_the_shop_speaks_as_the_reader_does_or_wishes(tmp_path: Path) -> None:
    """The client's language at first; a choice stands for screens and news alike, until it is taken back."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], support_contact="@shop_help", menus=True) as shop:
        en, ar, ru = (speaker(shop, locale) for locale in ("en", "ar", "ru"))
        hello = "Hello, {name}!"
        ivan = shop.telegram.person(3001, "Ivan", language="ru-RU")
        await say(ivan, "/start", shown(ru.html(hello, name="Ivan")))
        carlos = shop.telegram.person(3002, "Carlos", language="de-at")
        await say(carlos, "/start", shown(en.html(hello, name="Carlos")))
        languages = await say(ivan, "/language", shown(ru.html("<b>Language</b>\nWhich language shall I speak?")))
        spoken = [speaker(shop, locale).language for locale in SPOKEN]
        assert languages.labels[: len(SPOKEN) + 1] == [*spoken, f"✓ {ru.plain('As in my Telegram')}"]
        told = await ivan.press(ar.language)
        assert told.text == ar.plain("This is the language now.")
        arabic = await ivan.expect(shown(ar.html("<b>Language</b>\nWhich language shall I speak?")))
        assert f"✓ {ar.language}" in arabic.labels
        assert await chosen(shop, ivan) == "ar"
        await shop.admin.send(f"/credit {ivan.id} 5 gift")
        news = await read(ivan, "gift")
        assert news.text.startswith(
            shown(ar.html("The shop put <b>{amount}</b> into your wallet.", amount=Money(50_000)))
        )
        await ivan.press(ar.plain("As in my Telegram"))
        await ivan.expect(shown(ru.html("<b>Language</b>\nWhich language shall I speak?")))
        assert await chosen(shop, ivan) is None
        mine = ru.plain("your money here")
        await shop.telegram.until(lambda: dict(shop.telegram.menu(ivan))["wallet"] == mine)
        await say(carlos, "/help", en.plain("How an order goes"))
        link = await carlos.press("Ask the shop")
        assert link.url == "https://t.me/shop_help"
        await shop.give(carlos, "5")
        await buy(carlos, FOLLOWERS, LINK, "1000")
        await press(carlos, "Ask the shop", "Ask the shop about order #1")


async def test_a_whole_purchase_in_arabic(tmp_path: Path) -> None:
    """Every screen is in Arabic, links and names stand apart from the sentence, and labels can be typed."""
    dear = replace(TRAFFIC, category="زيارات المواقع")
    async with open_shop(tmp_path, beta=[dear]) as shop:
        t, panel = speaker(shop, "ar"), shop.panels["beta"]
        layla = shop.telegram.person(4001, "ليلى", language="ar")
        await shop.give(layla, "20")
        await say(layla, "/order", shown(t.html("<b>Choose a category</b>")))
        await layla.press(dear.category)
        services = await layla.expect_button(f"{FSI}{dear.name}{PDI} · {t.plain('{amount}', amount=Money(2_470))}")
        card = await press(layla, dear.name, dear.description)
        assert shown(t.html("Price: {price} per 1000", price=Money(2_470))) in card.text
        assert services.labels[-1] == t.plain("Back")
        wrong = await answer(layla, "رابط")
        assert t.plain("This is not a link. Send one like https://instagram.com/username, or @username.") in wrong.text
        for text in ("https://example.com/صفحة?a=1&b=2", "١٬٠٠٠", t.plain("Germany"), f"[{t.plain('Desktop')}]"):
            await answer(layla, text)
        summary = await answer(layla, t.plain("Blank referrer"))
        assert f"{FSI}https://example.com/صفحة?a=1&b=2{PDI}" in summary.text
        assert shown(t.html("Price: <b>{price}</b>", price=Money(2_470))) in summary.text
        assert shown(t.html("Wallet after it: {left}", left=Money(197_530))) in summary.text
        await layla.press(t.plain("Confirm"))
        card = await layla.expect(f"{FSI}#1{PDI}")
        assert card.labels[-1] == t.plain("Main menu")
        await panel.took(1)
        assert panel.adds == [
            {
                "service": dear.service,
                "link": "https://example.com/صفحة?a=1&b=2",
                "quantity": "1000",
                "country": "DE",
                "device": "1",
                "type_of_traffic": "3",
            }
        ]
        news = await read(layla, t.plain("It is placed and starts soon."))
        assert t.plain("Pending") in news.text
        await say(layla, "/orders", shown(t.html("The newest first. Press one to see how it is going.")))
        await say(layla, "/wallet", shown(t.html("On hold: {on_hold}", on_hold=Money(2_470))))
        await say(layla, "/credit 4001 5", t.plain("I do not know this command. /help lists those I know."))


async def test_a_quantity_is_taken_as_the_question_writes_it(tmp_path: Path) -> None:
    """Whoever types the limit as it stands there orders so many; a slip in the groups is refused."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        carlos = shop.telegram.person(3003, "Carlos", language="es")
        t = speaker(shop, "es")
        await say(carlos, LINK, LINK)
        question = await press(carlos, FOLLOWERS.name, FOLLOWERS.name)
        assert "10.000" in question.text
        wrong = t.plain("This is not a whole number. Send digits only, like 1000.")
        await say(carlos, "10.00", wrong)
        await say(carlos, "10.000", "10.000")
        [(answers,)] = await shop.rows("SELECT answers FROM drafts")
        assert json.loads(answers)["quantity"] == 10_000
