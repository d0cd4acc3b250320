"""Paths of a top-up that crossed others: a form, another payment, a message that cannot be changed, other digits."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demo.telegram import ChatMessage, Person
from bot.demo.telegram.errors import ApiError
from bot.domain.payments import Manner, Payment, Quote, Way
from bot.paying.seam import Fate, Invoice, ProviderDown
from bot.paying.stars import Stars
from bot.paying.transfer import BankTransfer
from bot.services import ordering, paying, receipts
from bot.telegram import callbacks as cb
from tests.clock import FakeClock
from tests.security.desk import Desk, DirectSession, open_desk
from tests.services.fake_ways import FakePages, FakeReceipts
from tests.services.stage import ANNA, FUNDS, LINK, OWNER

FIVE = 50_000
TRANSFER = BankTransfer("USD", {"": "To the bank."})


class DownPages:
    """A provider that nobody reaches."""

    name, title, manner, lifetime = "cryptopay", "Crypto", Manner.PAGE, timedelta(hours=1)

    def quote(self, amount: int) -> Quote:
        """The sum itself."""
        return Quote(amount, "USD")

    async def create(self, code: str, asked: Quote) -> Invoice:
        """Nobody answers."""
        raise ProviderDown("payment.provider_down")

    async def look(self, charges: Collection[str]) -> Sequence[Invoice]:
        """Nobody answers."""
        raise ProviderDown("payment.provider_down")

    async def trouble(self) -> str | None:
        """Nobody answers."""
        return "down"

    async def aclose(self) -> None:
        """Nothing is open."""


def pays_by(desk: Desk, *ways: Way) -> None:
    """The shop takes these."""
    desk.stage.shop.ways = {way.name: way for way in ways}


async def begun(desk: Desk, way: Way = TRANSFER, *, draft: int | None = None) -> Payment:
    """Anna's payment of $5.00."""
    made = Invoice("77", "ABCD-EFGH-JKLM", "https://t.me/pay", Fate.OPEN, Quote(FIVE, "USD"))
    async with desk.stage.db.write() as tx:
        invoice = made if way.manner is Manner.PAGE else None
        shop = desk.stage.shop
        return await paying.begin(tx, shop, user=ANNA, way=way, amount=FIVE, draft=draft, invoice=invoice)


async def form(desk: Desk) -> int:
    """Anna opens a form, whose first question is the link; its draft."""
    service = desk.stage.service().id
    await show(desk, desk.anna, cb.Service(id=service).pack())
    [(draft,)] = await desk.rows("SELECT max(id) FROM drafts")
    return int(draft)


async def say(desk: Desk, person: Person, text: str) -> ChatMessage:
    """Write; the newest message of the bot then."""
    await person.send(text)
    await desk.handled()
    return person.heard_messages[-1]


async def show(desk: Desk, person: Person, data: str) -> ChatMessage:
    """Press a button with this meaning, below the newest message; what is newest then."""
    if not person.heard_messages:
        await say(desk, person, "/start")
    person.forge(data, person.heard_messages[-1])
    await desk.handled()
    return person.heard_messages[-1]


# Receipts.


@pytest.mark.parametrize("answered", [False, True], ids=["a question", "the summary"])
async def test_a_receipt_is_one_while_a_form_is_open(tmp_path: Path, clock: FakeClock, answered: bool) -> None:
    """A form takes no photos: it goes to the shop, and the form's question goes on waiting for its answer."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, TRANSFER)
        payment = await begun(desk)
        draft = await form(desk)
        if answered:
            for text in (LINK, "100"):
                await say(desk, desk.anna, text)
        await desk.anna.send_photo()
        await desk.anna.send_file("receipt.pdf", b"%PDF-1.7")
        await desk.handled()
        told = desk.anna.heard_messages[-1]
        assert "the shop has your receipt for $5.00" in told.text
        assert "Continue my order" in told.labels
        assert await desk.rows("SELECT state, tries FROM payments") == [("review", 2)]
        assert len(await desk.stage.said(OWNER, "receipt")) == 2
        after = await say(desk, desk.anna, LINK)
        assert ("Please choose one of the buttons" if answered else "quantity") in after.text
        assert payment.draft is None
        [(data,)] = await desk.rows("SELECT data FROM conversations WHERE chat_id = :chat", chat=ANNA)
        assert f'"draft": {draft}' in data


async def test_a_photo_is_no_answer_where_no_transfer_waits(tmp_path: Path, clock: FakeClock) -> None:
    """Then the form says what it wants."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, TRANSFER)
        await form(desk)
        await desk.anna.send_photo()
        await desk.handled()
        assert "Please send text." in desk.anna.heard_messages[-1].text


async def test_a_receipt_sent_at_the_question_how_much(tmp_path: Path, clock: FakeClock) -> None:
    """*Back* was pressed on the way to the bank: the photo is for the transfer, and no amount."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, TRANSFER)
        await begun(desk)
        assert "Choose an amount" in (await show(desk, desk.anna, cb.TopUp(way="transfer").pack())).text
        await desk.anna.send_photo()
        await desk.handled()
        assert "the shop has your receipt" in desk.anna.heard_messages[-1].text


async def test_the_wallet_leads_back_to_a_transfer(tmp_path: Path, clock: FakeClock) -> None:
    """Its reference is on no other screen; once it is decided, or where no transfers are taken, there is no button."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, TRANSFER)
        payment = await begun(desk)
        assert "⏳ Transfer of $5.00" in (await say(desk, desk.anna, "/wallet")).labels
        await desk.anna.tap("Transfer of $5.00")
        await desk.handled()
        shown = desk.anna.heard_messages[-1]
        assert payment.code in shown.text
        await desk.anna.send_photo()
        await desk.handled()
        assert "🧾 Transfer of $5.00" in (await say(desk, desk.anna, "/wallet")).labels
        pays_by(desk, Stars(Decimal("0.013")))
        assert not any("Transfer" in label for label in (await say(desk, desk.anna, "/wallet")).labels)
        pays_by(desk, TRANSFER)
        async with desk.stage.db.write() as tx:
            await receipts.approve(tx, desk.stage.shop, admin=OWNER, payment=payment.id)
        assert not any("Transfer" in label for label in (await say(desk, desk.anna, "/wallet")).labels)


# Looking at a payment.


async def test_a_provider_that_is_down_says_nothing_about_a_payment(tmp_path: Path, clock: FakeClock) -> None:
    """*I have paid* is not answered by what nobody knows."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, DownPages())
        payment = await begun(desk, DownPages())
        await say(desk, desk.anna, "/start")
        press = desk.anna.forge(cb.Pay(id=payment.id, do="look").pack(), desk.anna.heard_messages[-1])
        await desk.handled()
        assert (await press.answered()).text == "One moment…"
        assert "Crypto (CryptoBot) does not answer right now." in desk.anna.heard_messages[-1].text


async def test_an_old_payment_does_not_displace_the_form(tmp_path: Path, clock: FakeClock) -> None:
    """It was begun for another form; the one that is open now stays the one that is gone on with."""
    async with open_desk(tmp_path, clock) as desk:
        pays_by(desk, TRANSFER)
        async with desk.stage.db.write() as tx:
            shop, service = desk.stage.shop, desk.stage.service().id
            old = (await ordering.begin(tx, shop, user=ANNA, service=service)).draft
        payment = await begun(desk, draft=old)
        now = await form(desk)
        assert now != old
        await show(desk, desk.anna, cb.Pay(id=payment.id, do="show").pack())
        [(data,)] = await desk.rows("SELECT data FROM conversations WHERE chat_id = :chat", chat=ANNA)
        assert f'"draft": {now}' in data


# Other providers than those that the shop knows.


async def test_ways_from_elsewhere_are_paid_by_as_they_say(tmp_path: Path, clock: FakeClock) -> None:
    """A page and a receipt: their titles, their address, their instructions; the shop has no word for either."""
    async with open_desk(tmp_path, clock) as desk:
        page, envelope = FakePages(), FakeReceipts()
        pays_by(desk, page, envelope)
        chosen = await show(desk, desk.anna, cb.TopUp().pack())
        assert chosen.labels[:2] == ["Coins on a page", "Money in an envelope"]
        asked = await show(desk, desk.anna, cb.TopUp(way=page.name, amount=FIVE).pack())
        assert "Top up · Coins on a page\nTo pay: $5.00" in asked.text
        page.ends("1")
        [(number,)] = await desk.rows("SELECT id FROM payments")
        assert "Paid" in (await show(desk, desk.anna, cb.Pay(id=number, do="look").pack())).text
        shown = await show(desk, desk.anna, cb.TopUp(way=envelope.name, amount=FIVE).pack())
        assert "Top up · Money in an envelope\nAmount: $5.00\n\nUnder the door of number 5." in shown.text
        await desk.anna.send_photo()
        await desk.handled()
        assert "the shop has your receipt for $5.00" in desk.anna.heard_messages[-1].text
        async with desk.stage.db.write() as tx:
            await receipts.approve(tx, desk.stage.shop, admin=OWNER, payment=number + 1)
        assert await desk.stage.available() == FUNDS + 2 * FIVE


# Buttons of others.


async def test_another_s_payment_is_nobody_s_to_press(tmp_path: Path, clock: FakeClock) -> None:
    """Neither seen, nor asked about, nor let go of: it is as if it were not there."""
    async with open_desk(tmp_path, clock) as desk:
        page = FakePages()
        pays_by(desk, page, TRANSFER)
        await show(desk, desk.anna, cb.TopUp(way=page.name, amount=FIVE).pack())
        payment = await begun(desk)
        for number in (payment.id - 1, payment.id):
            for do in ("show", "look", "forget"):
                await show(desk, desk.bob, cb.Pay(id=number, do=do).pack())
                told = "\n".join(json.dumps(each.values) for each in desk.heard(desk.bob))
                assert payment.code not in told
                assert "pay.example" not in told
        assert page.asked == []
        assert await desk.rows("SELECT DISTINCT state FROM payments") == [("open",)]
        await desk.bob.send_photo()
        await desk.handled()
        assert await desk.rows("SELECT DISTINCT state FROM payments") == [("open",)]


# What Telegram does not do.


class Unchanging(DirectSession):
    """A Telegram that does not let the bot change its messages, as where they are gone."""

    async def _result(self, name: str, values: dict[str, Any]) -> Any:
        if name == "editmessagetext":
            raise ApiError(400, "Bad Request: message can't be edited")
        return await super()._result(name, values)


async def test_a_message_that_cannot_be_changed_is_followed_by_another(tmp_path: Path, clock: FakeClock) -> None:
    """No button is dead: what it leads to is sent anew, and the next press works on that."""
    async with open_desk(tmp_path, clock, session=Unchanging) as desk:
        first = await say(desk, desk.anna, "/wallet")
        for label, words in (("Statement", "Statement"), ("Wallet", "Available")):
            await desk.anna.tap(label)
            await desk.handled()
            shown = desk.anna.heard_messages[-1]
            assert shown.id > first.id
            assert words in shown.text
            first = shown


# Digits.


async def test_admins_may_type_their_own_digits(tmp_path: Path, clock: FakeClock) -> None:
    """An amount is understood as a customer's is: in a command, and where a sum is asked for."""
    async with open_desk(tmp_path, clock) as desk:
        owner = desk.telegram.person(OWNER, "Owner", username="owner", language="fa")
        owner.language = "fa"
        pays_by(desk, TRANSFER)
        await desk.anna.send("/start")
        await say(desk, owner, f"/credit {ANNA} ۲٫۵".replace("٫", "."))
        assert await desk.stage.available() == FUNDS + 25_000
        payment = await begun(desk)
        async with desk.stage.db.write() as tx:
            await receipts.hand_in(tx, desk.stage.shop, user=ANNA, payment=payment.id, file="f", kind="photo")
        await show(desk, owner, cb.Settle(id=payment.id, do="amount").pack())
        await say(desk, owner, "۴.۲۰")
        assert await desk.stage.available() == FUNDS + 25_000 + 42_000
