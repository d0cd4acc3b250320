"""Where something takes a moment, a press is answered at once, and the chat shows that the bot is busy."""

from dataclasses import replace
from pathlib import Path

from bot.demo.panel import Fault
from bot.demo.telegram import ChatMessage
from tests.conversations.customer import LINK, buy, fill, press, read, say
from tests.conversations.shop import ADMIN, OpenShop, offers, open_shop
from tests.conversations.test_topup_pages import crypto_shop, page

[FOLLOWERS] = offers("alpha", "Default")
COMMENTS = replace(offers("beta", "Custom Comments")[0], min=1)
ONE_MOMENT = "One moment…"


class Watch:
    """What the bot showed in a person's chat since the watch began."""

    def __init__(self, shop: OpenShop, chat: int) -> None:
        self._shop = shop
        self._chat = chat
        self._since = len(shop.telegram.calls)

    @property
    def methods(self) -> list[str]:
        """What came into sight, in order: messages, and of a note that the bot is busy what it is said to do."""
        calls = [call for call in self._shop.telegram.calls[self._since :] if call.chat == self._chat]
        seen = {"sendMessage", "sendDocument", "editMessageText", "sendChatAction"}
        return [call.params.get("action", call.method) for call in calls if call.method in seen]


async def test_looking_again_is_answered_before_the_panel_answers(tmp_path: Path) -> None:
    """The panel keeps silent until the press is answered and the note is there; then the card says how it stands."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], status_seconds=3600) as shop:
        anna, panel = shop.anna, shop.panels["alpha"]
        await shop.give(anna, "50")
        await buy(anna, FOLLOWERS, LINK, "1000")
        await read(anna, "#1 · Pending")
        [order] = panel.orders
        panel.set_status(order, "In progress", remains=400)
        card = await say(anna, "/order 1", "#1 · Pending")
        panel.fail("status", Fault.slow(600))
        watch = Watch(shop, anna.id)
        answer = await anna.press("Look again", card)
        assert answer.text == ONE_MOMENT
        await shop.telegram.until(lambda: "typing" in watch.methods)
        panel.release()
        assert "#1 · " in (await anna.expect("This is how it stands now.\n\n")).text
        # Right after that the panel is not asked: nobody waits, and a note at the press says it.
        soon = await anna.press("Look again")
        assert soon.text == "This is how it stands now."
        assert watch.methods.count("typing") == 1


async def test_a_provider_is_waited_for_with_a_note(tmp_path: Path) -> None:
    """Making an invoice, by button and by typed amount, and asking whether it was paid."""
    async with crypto_shop(tmp_path) as (shop, _pay):
        anna = shop.anna
        await page(shop)
        assert [call.params["action"] for call in shop.telegram.sent("sendChatAction", chat=anna.id)] == ["typing"]
        await say(anna, "/wallet", "Available")
        await press(anna, "Top up", "How would you like to pay?")
        amounts = await press(anna, "Crypto", "Choose an amount")
        watch = Watch(shop, anna.id)
        assert (await anna.press("$10.00", amounts)).text == ONE_MOMENT
        shown = await anna.expect("To pay: $10.00")
        assert watch.methods == ["typing", "editMessageText"]
        assert (await anna.press("I have paid", shown)).text == ONE_MOMENT
        assert (await anna.expect("Not paid yet.")).text.startswith("Not paid yet.\n\n")
        assert watch.methods[2:] == ["typing", "editMessageText"]


async def test_files_are_waited_for_with_a_note(tmp_path: Path) -> None:
    """A file that has to be fetched, and one that has to be written."""
    async with open_shop(tmp_path, beta=[COMMENTS]) as shop:
        anna = shop.anna
        await shop.give(anna, "50")
        await fill(anna, COMMENTS, LINK)
        watch = Watch(shop, anna.id)
        await anna.send_file("lines.txt", b"one\ntwo\nthree")
        await anna.expect("3 lines so far.")
        assert watch.methods == ["typing", "sendMessage"]
        await say(anna, "/wallet", "Available")
        await press(anna, "Statement", "Statement")
        watch = Watch(shop, anna.id)
        assert (await anna.press("As a file (CSV)")).text == ONE_MOMENT
        await anna.until(lambda: _file(anna.news))
        assert watch.methods[:2] == ["upload_document", "sendDocument"]


def _file(messages: list[ChatMessage]) -> bool:
    return any(each.file for each in messages)


async def test_an_admin_s_screen_comes_before_their_menu(tmp_path: Path) -> None:
    """A menu in twelve languages takes Telegram a while: whoever sends /start reads the greeting first."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], menus=True) as shop:
        telegram = shop.telegram
        menus = 2 * (len(shop.app.translations.locales) + 1) if shop.app is not None else 0
        await telegram.until(lambda: len(telegram.sent("setMyCommands")) == menus)  # those of the start
        since = len(telegram.calls)
        await shop.admin.send("/start")
        await telegram.until(lambda: "balance" in dict(telegram.menu(shop.admin)))
        later = [call.method for call in telegram.calls[since:] if call.method in {"sendMessage", "setMyCommands"}]
        assert later[0] == "sendMessage"
        assert telegram.sent("sendMessage", chat=ADMIN)
