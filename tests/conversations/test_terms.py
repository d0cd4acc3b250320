"""/terms and /paysupport: the owner's own words, or honest ones, and the way to the shop."""

from decimal import Decimal
from pathlib import Path

from bot.demo.telegram import Person
from tests.conversations.customer import LINK, fill, press, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
NO_HELP = "Telegram's own support, @BotSupport too, cannot help with what you buy through this bot."


def speaker(shop: OpenShop, number: int, language: str) -> Person:
    return shop.telegram.person(number, "Somebody", language=language)


async def test_a_shop_without_terms_of_its_own_has_honest_ones(tmp_path: Path) -> None:
    """What is sold, what can be taken back and what returns; who helps with a payment, and who does not."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna, admin = shop.anna, shop.admin
        await say(admin, "/start", "Hello")
        terms = await say(anna, "/terms", "Terms of this shop")
        for words in (
            "Services for social networks",
            "it cannot be taken back",
            "comes back to your wallet",
            "/paysupport",
        ):
            assert words in terms.text
        help_ = await say(anna, "/paysupport", "Help with payments")
        assert "A payment in Telegram Stars can be given back by this shop, in Stars." in help_.text
        assert NO_HELP in help_.text
        assert all({"Ask the shop", "Main menu"} <= set(each.labels) for each in (terms, help_))
        await press(anna, "Ask the shop", "Write your message", help_)
        await say(anna, "I paid twice", "The shop has your message")
        await admin.expect("I paid twice")


async def test_the_owners_words_come_as_they_were_written(tmp_path: Path) -> None:
    """In the reader's language, else in that for everybody; on as many lines, and never as markup."""
    own = {"": "1. <b>Be kind</b> & pay.\n2. Be patient.", "ru": "Будьте добры."}
    async with open_shop(tmp_path, terms=own, paysupport={"ar": "اكتبوا لنا"}) as shop:
        assert (
            "Terms of this shop\n\n1. <b>Be kind</b> & pay.\n2. Be patient."
            in (await say(shop.anna, "/terms", "Be kind")).text
        )
        boris, amal = speaker(shop, 1002, "ru"), speaker(shop, 1003, "ar-EG")
        assert "Be kind" not in (await say(boris, "/terms", "Будьте добры.")).text
        await say(amal, "/terms", "2. Be patient.")
        await say(amal, "/paysupport", "اكتبوا لنا")
        built_in = await say(shop.anna, "/paysupport", "how you paid, when and how much")
        assert "اكتبوا" not in built_in.text


async def test_own_words_do_not_hide_that_telegram_does_not_help(tmp_path: Path) -> None:
    """Telegram wants that said, whatever the owner wrote."""
    async with open_shop(tmp_path, paysupport={"": "Write to <us>."}) as shop:
        text = (await say(shop.anna, "/paysupport", "Write to <us>.")).text
        assert NO_HELP in text
        assert "Press Ask the shop" not in text


async def test_without_stars_nothing_is_said_of_them(tmp_path: Path) -> None:
    """An e-mail address, which no button can open, stands in the text."""
    async with open_shop(tmp_path, stars_rate=Decimal(0), support_contact="help@shop.example") as shop:
        text = (await say(shop.anna, "/paysupport", "Help with payments")).text
        assert "Stars" not in text
        assert "Write to the shop: help@shop.example" in text
        assert NO_HELP in text


async def test_the_menu_has_both(tmp_path: Path) -> None:
    """Telegram's menu of commands, and the help."""
    async with open_shop(tmp_path, menus=True) as shop:
        await shop.telegram.until(
            lambda: {"terms", "paysupport"} <= {name for name, _ in shop.telegram.menu(shop.anna)}
        )
        text = (await say(shop.anna, "/help", "Commands")).text
        assert "/terms — the terms of this shop" in text
        assert "/paysupport — help with a payment" in text


async def test_a_form_waits_beside_them(tmp_path: Path) -> None:
    """Reading the terms in the middle of an order costs nothing of it."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, "10")
        for command in ("/terms", "/paysupport"):
            await fill(anna, FOLLOWERS, LINK)
            await say(anna, command, "shop")
            await press(anna, "Continue my order", "quantity")
            await say(anna, "1000", "Price: $1.17")
            await say(anna, "/cancel", "closed")
