"""From /start to a service's card: the greeting, networks, categories, pages, and a way back from everywhere."""

from collections import deque
from dataclasses import replace
from pathlib import Path

from bot.demo.panel import DemoOffer, many_offers
from bot.demo.telegram import ChatMessage, Person
from bot.demo.telegram.messages import Button
from bot.telegram import callbacks as cb
from bot.telegram.views.help import COMMANDS
from tests.conversations.customer import LINK, buy, fill, press, say
from tests.conversations.shop import ADMIN, OpenShop, offers, open_shop

[FOLLOWERS] = offers("alpha", "Default")
[STARTER] = offers("alpha", "Package")


def offer(number: int, category: str) -> DemoOffer:
    """One of many services."""
    return replace(FOLLOWERS, service=str(number), name=f"Service {number}", category=category)


async def test_start_greets_and_offers_what_one_wants_first(tmp_path: Path) -> None:
    """/start says whose shop it is, what it sells and what is in the wallet; nothing is open before an order."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS, STARTER], beta=offers("beta", "Poll"), menus=True) as shop:
        anna = shop.anna
        await anna.send("/start")
        home = await anna.expect("Demo Shop")
        assert "Hello, Anna & <b>!" in home.text
        assert "3 services for Instagram." in home.text
        assert "Wallet: $0.00" in home.text
        assert "id" not in home.text
        assert home.buttons == [["New order"], ["My orders", "Wallet"], ["Language", "Help"]]
        for label, says in (
            ("Help", "How an order goes"),
            ("My orders", "You have not ordered anything yet."),
            ("Wallet", "Available: $0.00"),
            ("Language", "Which language"),
            ("New order", "Choose a category"),
        ):
            await anna.press(label)
            await anna.expect(says)
            await anna.press("Main menu")
            await anna.expect("Demo Shop")
        await anna.send("/cancel")
        await anna.expect("Nothing is open.")
        assert [name for name, _ in shop.telegram.menu(anna)] == [name for name, _ in COMMANDS]
        assert await shop.rows("SELECT count(*) FROM drafts") == [(0,)]


async def test_a_shop_without_admin_or_catalogue_says_so(tmp_path: Path) -> None:
    """Whoever sets the shop up reads their id there, for as long as nobody is its admin."""
    async with open_shop(tmp_path, admin_ids=frozenset()) as shop:
        await shop.admin.send("/start")
        greeting = await shop.admin.expect(str(ADMIN))
        assert "ADMIN_IDS" in greeting.text
        assert "The catalogue is being loaded." in greeting.text
        await shop.admin.press("New order")
        empty = await shop.admin.expect("nothing on sale")
        assert empty.labels == ["Main menu"]


async def test_few_categories_come_at_once_and_a_card_says_what_one_buys(tmp_path: Path) -> None:
    """The card shows the price per 1000 or of the package, limits, description, and what is possible later."""
    described = replace(FOLLOWERS, description="Line & one\n\n<b>Line two</b>")
    others = [offer(number, f"Category {number}") for number in range(100, 109)]
    async with open_shop(tmp_path, alpha=[described, STARTER, *others]) as shop:
        anna = shop.anna
        first = await say(anna, "/order", "Choose a category")
        assert first.labels[0] == "Instagram Followers"
        assert first.labels[-3:] == ["Next ›", "Mass order", "Main menu"]
        assert "‹ Previous" in (await press(anna, "Next ›", "Choose a category")).labels
        await press(anna, "‹ Previous", "Choose a category")
        services = await press(anna, "Instagram Followers", "Choose a service")
        assert services.labels == [
            "Followers | Mixed | Instant · $1.17",
            "Starter pack: 500 followers + 50 likes · $1.95",
            "Back",
        ]
        card = await press(anna, "Followers | Mixed", "Send the link.")
        assert "Price: $1.17 per 1000" in card.text
        assert "From 50 to 10,000" in card.text
        assert "♻️ Refill · ✋ Can be stopped" in card.text
        assert "Line & one\n\n<b>Line two</b>" in card.text
        assert card.buttons == [["☆ Favourite"], ["Back", "Cancel"]]
        await press(anna, "Back", "Choose a service")
        package = await press(anna, "Starter pack", "Price: $1.95 for the package")
        assert "Refill" in package.text
        assert "stopped" not in package.text
        assert "From 1" not in package.text
        await press(anna, "Back", "Choose a service")
        await press(anna, "Back", "Choose a category")
        shop.panels["alpha"].set_offers([described, *others])
        await shop.stocked()
        assert len((await press(anna, "Instagram Followers", "Choose a service")).labels) == 2
        retired = await anna.press("Starter pack", services)
        assert "not on sale any more" in retired.text
        assert retired.show_alert


async def test_ten_thousand_services_are_leafed_through(tmp_path: Path) -> None:
    """Many categories begin with networks; every list pages, and only paging looks like it."""
    many = many_offers(10_000)
    async with open_shop(tmp_path, alpha=many) as shop:
        anna = shop.anna
        networks = await say(anna, "/order", "What is it for?")
        assert networks.buttons[0] == ["Instagram", "TikTok"]
        pages = await leafed(anna, await press(anna, "Spotify", "Spotify\nChoose a category"))
        seen = [label for page in pages for label in page.labels if label.startswith("Spotify")]
        assert seen == list(dict.fromkeys(each.category for each in many if each.category.startswith("Spotify")))
        pages = await leafed(anna, await press(anna, seen[-1], f"{seen[-1]}\nChoose a service"))
        on_sale = [label for page in pages for label in page.labels if " · $" in label]
        assert len(on_sale) == sum(each.category == seen[-1] for each in many)
        await press(anna, "Back", "Spotify\nChoose a category")
        await press(anna, "Back", "What is it for?")
        await press(anna, "Main menu", "10,000 services for Instagram")


async def leafed(person: Person, page: ChatMessage) -> list[ChatMessage]:
    """Every page of a list, by its button from one to the next."""
    title = page.text.splitlines()[-1]
    pages = [page]
    while "Next ›" in pages[-1].labels:
        pages.append(await press(person, "Next ›", title))
    assert all(("‹ Previous" in page.labels) == (number > 0) for number, page in enumerate(pages))
    names = {label for page in pages for label in page.labels if label.startswith("‹") or label.endswith("›")}
    assert names == {"‹ Previous", "Next ›"}
    return pages


# What a screen can be left by: a form's Back and Cancel, a list's Back, the main menu; that menu itself; and from how
# far a mass order is, the list of orders.
WAYS_BACK = {"Back", "Main menu", "Cancel", "New order", "My orders"}
# News of an order, with a button to its card and none to the menu, may come at any time.
NEWS = "Order #"
# Buttons about a draft: what they lead to is the same for every draft of a service.
OF_A_DRAFT = {kind.__prefix__ for kind in (cb.Ask, cb.Choose, cb.FormDo)}


class Crawler:
    """Presses everything that can be reached by buttons, breadth first, each place once.

    ``drawn`` are the screens that were seen. Languages are left out: another one would change every label.
    """

    def __init__(self, shop: OpenShop, person: Person) -> None:
        self.shop = shop
        self.person = person
        self.drawn: list[ChatMessage] = []
        self._known: set[tuple[str, ...]] = set()
        self._queue: deque[Button] = deque()

    def add(self, screen: ChatMessage) -> None:
        """A screen whose buttons are to be pressed."""
        assert WAYS_BACK & set(screen.labels), f"no way back from {screen.as_line()}"
        self.drawn.append(screen)
        for button in (button for row in screen.keyboard for button in row):
            prefix, *parts = (button.data or cb.Language.__prefix__).split(":")
            title = "".join(screen.text.splitlines()[:2]) if prefix in OF_A_DRAFT else ""
            # A Confirm carries the mark of its summary, and one that is out of date shows what another one did.
            meant = parts[1:2] if "confirm" in parts else parts[1:]
            place = (prefix, title, *(meant if prefix in OF_A_DRAFT else parts))
            if prefix != cb.Language.__prefix__ and place not in self._known:
                self._known.add(place)
                self._queue.append(button)

    async def run(self) -> None:
        """Press until there is nothing new."""
        while self._queue:
            drawn = await self._press(self._queue.popleft())
            if drawn is not None:
                self.add(drawn)

    async def _press(self, button: Button) -> ChatMessage | None:
        """The screen that a button leads to, pressed where the newest screen is; None where words answer it."""
        assert button.data is not None
        press = self.person.forge(button.data, self._screen(), button.label)
        answer = await press.answered()
        # A star of a form that is over is taken away in a word, and the screen stays.
        if answer.show_alert or (answer.text and button.data.startswith(f"{cb.Favourite.__prefix__}:")):
            return None
        await self.person.until(lambda: self._drawn_after(press.id))
        return self._screen()

    def _screen(self) -> ChatMessage:
        screens = [each for each in self.person.messages if each.keyboard and not _is_news(str(each.labels))]
        return screens[-1]

    def _drawn_after(self, press: str) -> bool:
        """Whether a screen was drawn since this press was answered: an earlier press may have had one too."""
        drawing = ("sendMessage", "sendInvoice", "sendDocument", "editMessageText", "editMessageCaption")
        calls = self.shop.telegram.sent(*drawing, "answerCallbackQuery", chat=self.person.id)
        answered = (at for at, call in enumerate(calls) if call.params.get("callback_query_id") == press)
        since = next(answered, None)
        later = [] if since is None else calls[since + 1 :]
        return any(call.method in drawing and not _is_news(str(call.params.get("reply_markup"))) for call in later)


def _is_news(buttons: str) -> bool:
    return NEWS in buttons and "Main menu" not in buttons


async def beside_the_menu(shop: OpenShop, anna: Person) -> list[ChatMessage]:
    """What is reached by words rather than by buttons: the search, favourites, a mass order, the shop's people."""
    [(service,)] = await shop.rows("SELECT id FROM services WHERE name = :name", name=FOLLOWERS.name)
    screens = [
        await say(anna, "/search", "What are you looking for?"),
        await say(anna, "followers", "Choose a service"),
        await say(anna, "zzzzz", "I found nothing like it."),
        await say(anna, LINK, "the link is filled in already"),
    ]
    await fill(anna, FOLLOWERS)
    await anna.press("☆ Favourite")
    screens += [
        await say(anna, "/favourites", "Favourites\nChoose a service"),
        await say(anna, "/mass", "Send one order a line"),
        await say(anna, f"{service} | {LINK}2 | 50\nnonsense", "2 lines so far"),
    ]
    await say(anna, "/order 1", "#1 · ")
    screens.append(await press(anna, "Ask the shop", "Ask the shop about order #1"))
    screens.append(await say(anna, "Where is it?", "The shop has your message"))
    return screens


async def test_every_button_leads_somewhere_and_every_screen_back(tmp_path: Path) -> None:
    """Whatever is pressed, in whichever order, there is an answer, and never a dead end."""
    beta = offers("beta", "Web Traffic", "Subscriptions")
    async with open_shop(tmp_path, alpha=[FOLLOWERS, STARTER], beta=beta) as shop:
        anna = shop.anna
        await shop.give(anna, "5")
        await say(shop.admin, "/pause alpha", "alpha")
        await buy(anna, STARTER, LINK)
        crawler = Crawler(shop, anna)
        crawler.add(await fill(anna, FOLLOWERS, LINK, "1000"))
        crawler.add(await fill(anna, FOLLOWERS, LINK, "10000"))
        crawler.add(await fill(anna, FOLLOWERS, LINK, "1000", "[Spread over time]", "2"))
        crawler.add(await fill(anna, beta[0], "example.com", "1000", "[Germany]", "[Desktop]"))
        crawler.add(await fill(anna, beta[1], "anna", "100", "150", "1"))
        for screen in await beside_the_menu(shop, anna):
            crawler.add(screen)
        crawler.add(await say(anna, "/start", "Demo Shop"))
        await crawler.run()
        texts = "\n".join(screen.text for screen in crawler.drawn)
        for words in (
            "Wallet after it",
            "more is needed",
            "How an order goes",
            "#1 · Waiting",
            "#1 · Canceled",
            "#2 · ",
            "What are you looking for?",
            "Favourites\nChoose a service",
            "Send one order a line",
            "The list is closed.",
            "Ask the shop about order #1",
            "This is closed. If there is more",
        ):
            assert words in texts
        assert all(len(each.text) <= 4096 for each in crawler.drawn)
