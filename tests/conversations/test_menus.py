"""The command menu is in the language that its reader chose, else in that of their Telegram."""

from pathlib import Path

from bot.demo.telegram import Person
from bot.telegram.commands import ADMIN_COMMANDS
from bot.telegram.views.help import COMMANDS
from tests.conversations.customer import press, say
from tests.conversations.shop import OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
MEANING = dict(COMMANDS)
SCREENS = {"sendMessage", "editMessageText"}


async def reads(shop: OpenShop, person: Person, locale: str, *, admin: bool = False) -> None:
    """Wait until a person's menu is in this language, and whole."""
    assert shop.app is not None
    t = shop.app.translations.get(locale)
    wanted = [(name, t.plain(meaning)) for name, meaning in (*COMMANDS, *(ADMIN_COMMANDS if admin else ()))]
    await shop.telegram.until(lambda: shop.telegram.menu(person) == wanted)


async def test_a_menu_follows_the_language_that_was_chosen(tmp_path: Path) -> None:
    """After the screen; taken back, it is that of the app again, and nobody else's menu changes."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], menus=True) as shop:
        assert shop.app is not None
        arabic = shop.app.translations.get("ar")
        ivan = shop.telegram.person(3001, "Ivan", language="ru")
        await say(ivan, "/start", "Ivan")
        await ivan.press(shop.app.translations.get("ru").plain("Language"))
        await ivan.expect_button(arabic.language)
        await reads(shop, ivan, "ru")
        since = len(shop.telegram.calls)
        await ivan.press(arabic.language)
        await reads(shop, ivan, "ar")
        changed = [each.method for each in shop.telegram.calls[since:] if each.method in {*SCREENS, "setMyCommands"}]
        assert changed == ["editMessageText", "setMyCommands"]
        await reads(shop, shop.anna, "en")
        await ivan.press(arabic.plain("As in my Telegram"))
        await reads(shop, ivan, "ru")


async def test_an_admin_keeps_their_menu_in_the_language_they_chose(tmp_path: Path) -> None:
    """Also when the shop opens anew, and whatever language their Telegram has."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], menus=True) as shop:
        owner = shop.admin
        await say(owner, "/start", "Demo Shop")
        await reads(shop, owner, "en", admin=True)
        await press(owner, "Language", "Which language")
        await owner.press("Bahasa Indonesia")
        await reads(shop, owner, "id", admin=True)
        await shop.close()
        shop.telegram.world.commands.clear()
        app = await shop.open()
        await reads(shop, owner, "id", admin=True)
        await owner.press(app.translations.get("id").plain("As in my Telegram"))
        await reads(shop, owner, "en", admin=True)


async def test_a_new_command_reaches_whoever_chose_a_language(tmp_path: Path) -> None:
    """A menu of a chat's own is not set when the shop opens: /start brings it up to date."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        await say(shop.anna, "/language", "Which language")
        await shop.anna.press("Français")
        await reads(shop, shop.anna, "fr")
        shop.telegram.world.commands["chat 1001", ""] = [{"command": "old", "description": MEANING["start"]}]
        await shop.anna.send("/start")
        await reads(shop, shop.anna, "fr")
