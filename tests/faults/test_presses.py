"""Many presses at once, presses with little money, presses of somebody else, and two shops on one database."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.demo.telegram import Person
from bot.domain.forms import FORMS, field_named
from bot.services import ordering
from bot.telegram import callbacks as cb
from tests.conversations.customer import LINK, buy, fill
from tests.conversations.shop import TOKEN, OpenShop, offers, open_shop

FOLLOWERS = offers("alpha", "Default")[0]
PRICE = 11_700  # 1000 at 0.90 a thousand and 30 %, in ten-thousandths
ENOUGH_FOR_ONE = "1.17"
ANSWERS = (LINK, "1000")
BOB = 1002


async def test_ten_presses_at_once(tmp_path: Path) -> None:
    """Ten presses of the same Confirm at once are one order and one ``add``, and each press is answered."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        await shop.give(shop.anna, "25")
        await fill(shop.anna, FOLLOWERS, *ANSWERS)
        answers = await shop.anna.press_many("Confirm", 10)
        assert len(answers) == 10
        await shop.panels["alpha"].took(1)
        await _all_placed(shop, 1)
        assert await _money(shop) == (250_000 - PRICE, PRICE)


async def test_fifty_confirms_on_a_wallet_for_one(tmp_path: Path) -> None:
    """Of fifty drafts confirmed at once on a wallet that covers one, one is sold."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        anna = shop.anna
        await shop.give(anna, ENOUGH_FOR_ONE)
        confirms = [await _confirm(shop, anna, f"{LINK}/{number}") for number in range(50)]
        message = anna.heard_messages[-1]
        presses = [anna.forge(confirm, message) for confirm in confirms]
        await asyncio.gather(*(press.answered(20) for press in presses))
        await _all_placed(shop, 1)
        assert await _money(shop) == (0, PRICE)


async def test_fifty_customers_at_once(tmp_path: Path) -> None:
    """Fifty customers with a wallet for one each, who press twice at once, get one each."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        people = [shop.telegram.person(5000 + number, f"Customer {number}") for number in range(50)]
        for person in people:
            await person.send("/start")
        for person in people:
            await person.heard()
            await shop.admin.send(f"/credit {person.id} {ENOUGH_FOR_ONE}")
        for person in people:
            await person.expect("into your wallet", timeout=20)
        presses = []
        for person in people:
            press = await _confirm(shop, person, f"{LINK}/{person.id}")
            presses += [person.forge(press, person.heard_messages[-1]) for _ in range(2)]
        await asyncio.gather(*(press.answered(20) for press in presses))
        await _all_placed(shop, 50)
        assert await _money(shop) == (0, 50 * PRICE)


async def test_another_person_s_buttons(tmp_path: Path) -> None:
    """Whoever sends the data of somebody else's buttons gets an answer, sees nothing of theirs and changes nothing."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS], status_seconds=86_400) as shop:
        anna, bob = shop.anna, shop.telegram.person(BOB, "Bob")
        await shop.give(anna, "25")
        await shop.give(bob, "25")
        card = await buy(anna, FOLLOWERS, *ANSWERS)
        await anna.expect("Pending")
        summary = await fill(anna, FOLLOWERS, f"{LINK}/secret", "1000")
        theirs = {
            button.data for message in (card, summary) for row in message.keyboard for button in row if button.data
        }
        theirs |= {cb.OrderDo(id=1, do=do).pack() for do in ("show", "look", "stop", "cancel", "cancel_sure", "ask")}
        theirs |= {cb.Decide(id=1, do=do, sure=True).pack() for do in ("refund", "close", "resend", "show", "placed")}
        theirs |= {cb.Panel(name="alpha", do=do).pack() for do in ("pause", "resume", "refresh")}
        own = {cb.Go(to="home").pack()}
        before = await _books(shop)
        for data in sorted(theirs - own):
            await bob.forge(data, bob.heard_messages[0]).answered()
        assert await _books(shop) == before
        seen = "\n".join(message.as_line() for message in bob.heard_messages)
        assert LINK not in seen
        assert FOLLOWERS.name not in seen
        await anna.press("Confirm")
        await _all_placed(shop, 2)


async def test_two_shops_on_one_database(tmp_path: Path, repository: Path) -> None:
    """The second ``run`` on one SQLite file leaves at once, and says why in a sentence."""
    async with open_shop(tmp_path, alpha=[FOLLOWERS]) as shop:
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=repository,
            env={**os.environ, **_environment(shop)},
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == 1
        last = said.decode().splitlines()[-1]
        assert last.startswith(f"the shop is running already, as process {os.getpid()}, on this database")
        await buy_one(shop)


async def buy_one(shop: OpenShop) -> None:
    """The first shop goes on as if nothing had been."""
    await shop.give(shop.anna, "25")
    await buy(shop.anna, FOLLOWERS, *ANSWERS)
    await _all_placed(shop, 1)


def _environment(shop: OpenShop) -> Mapping[str, str]:
    alpha = shop.panels["alpha"]
    return {
        "BOT_TOKEN": TOKEN,
        "DATABASE_URL": shop.url,
        "TELEGRAM_API_URL": shop.telegram.url,
        "PANELS__ALPHA__URL": alpha.url,
        "PANELS__ALPHA__KEY": alpha.key,
    }


async def _confirm(shop: OpenShop, person: Person, link: str) -> str:
    """What the *Confirm* of a complete draft says to the bot, without the conversation that leads to it."""
    assert shop.app is not None
    app = shop.app.shop
    service = next(iter(app.shelf.services))
    async with app.db.write() as tx:
        form = await ordering.begin(tx, app, user=person.id, service=service)
        kind = FORMS[form.service.type]
        form = await ordering.put_answer(tx, form, field_named(kind, "link"), link)
        form = await ordering.put_answer(tx, form, field_named(kind, "quantity"), 1000)
        shown = await ordering.summarise(tx, app, form, user=person.id)
    return cb.FormDo(draft=form.draft, do="confirm", field=shown.mark).pack()


async def _all_placed(shop: OpenShop, count: int) -> None:
    """So many orders are in the books, each with the one ``add`` that the panel received for it."""
    panel = shop.panels["alpha"]
    async with asyncio.timeout(20):
        await panel.took(count)
    orders = await shop.rows("SELECT id, answers FROM orders")
    assert len(orders) == len(panel.adds) == len(panel.orders) == count


async def _money(shop: OpenShop) -> tuple[int, int]:
    """What the wallets have in all, and what is on hold or earned, in ten-thousandths."""
    [(wallets,)] = await shop.rows("SELECT sum(balance) FROM wallets")
    [(taken,)] = await shop.rows("SELECT sum(held + captured) FROM orders")
    return int(wallets), int(taken)


async def _books(shop: OpenShop) -> list[object]:
    """Everything that somebody else's press could change."""
    return [
        await shop.rows(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  (the names stand here)
        for table in ("orders", "order_events", "attempts", "drafts", "wallets", "transfers", "postings")
    ] + [await shop.rows("SELECT name, gate, rest_until FROM panels")]
