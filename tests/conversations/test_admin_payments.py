"""The owner's side of payments: receipts to decide on, payments to look at, and Stars to give back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demo.telegram import ChatMessage, Person
from bot.domain.payments import Quote
from bot.paying.seam import Fate, Invoice
from bot.services import paying
from tests.conversations.customer import press as pressed
from tests.conversations.customer import read, say
from tests.conversations.owner import HELPER, OwnersShop, owners_shop
from tests.conversations.shop import ADMIN, CUSTOMER

DECISIONS = [["Approve", "Other amount", "Reject"]]
WAITS = "Payment {}: did the money come?"


@asynccontextmanager
async def transfers(folder: Path) -> AsyncIterator[OwnersShop]:
    """A shop with two admins that is paid by transfer."""
    own: dict[str, Any] = {"transfer_instructions": {"": "To the bank."}, "stars_rate": Decimal(0)}
    async with owners_shop(folder, helped=True, wallet="", **own) as mine:
        await mine.ask("/start", "Hello")
        yield mine


async def begin(anna: Person, amount: str = "5") -> None:
    """Anna is told where to transfer the money to."""
    await say(anna, "/wallet", "Available")
    await pressed(anna, "Top up", "Choose an amount")
    await say(anna, amount, "To the bank.")


async def hand_in(mine: OwnersShop, payment: int = 1) -> tuple[ChatMessage, ChatMessage]:
    """Anna sends a photo of her receipt; the cards of both admins."""
    before = {admin.id: admin.last_id for admin in (mine.owner, mine.helper)}
    await mine.anna.send_photo()
    await mine.anna.expect("the shop has your receipt for $5.00")
    cards = [await card_of(admin, payment, after=before[admin.id]) for admin in (mine.owner, mine.helper)]
    return cards[0], cards[1]


async def card_of(admin: Person, payment: int, *, after: int = 0) -> ChatMessage:
    """The newest card on which an admin can decide."""

    def found() -> ChatMessage | None:
        cards = (m for m in reversed(admin.heard_messages) if WAITS.format(payment) in m.text and m.id > after)
        return next((card for card in cards if card.buttons == DECISIONS), None)

    return await admin.until(found)


async def reads(admin: Person, card: ChatMessage, *words: str) -> ChatMessage:
    """Wait until the very message says this."""

    def found() -> ChatMessage | None:
        message = admin.history[card.id]
        return message if all(each in message.text for each in words) else None

    return await admin.until(found)


async def payments(mine: OwnersShop) -> list[tuple[Any, ...]]:
    """State, amount, who decided and why, as a second connection reads them."""
    found = await mine.shop.rows("SELECT state, amount, admin_id, reason FROM payments ORDER BY id")
    return [tuple(row) for row in found]


async def test_a_receipt_is_approved(tmp_path: Path) -> None:
    """Both admins see photo and facts; one press puts the money into the wallet, and both cards tell of it."""
    async with transfers(tmp_path) as mine:
        owner, helper, anna = mine.owner, mine.helper, mine.anna
        await begin(anna)
        card, theirs = await hand_in(mine)
        [(code,)] = await mine.shop.rows("SELECT code FROM payments")
        for shown in (card, theirs):
            assert shown.text.splitlines() == [
                "🧾 Payment 1: did the money come?",
                f"Anna & <b> @anna {CUSTOMER}",
                f"Transfer with a receipt · {code}",
                "Amount: $5.00",
            ]
            assert shown.content["photo"] == anna.messages[-2].content["photo"]
        await owner.press("Approve")
        decided = "Payment 1: approved", f"Admin {ADMIN} put $5.00 into the wallet."
        for admin, shown in ((owner, card), (helper, theirs)):
            changed = await reads(admin, shown, *decided)
            assert changed.content == shown.content
            assert changed.labels == ["All payments"]
        await anna.expect("$5.00 is in your wallet.\nAvailable: $5.00")
        for label in ("Approve", "Other amount", "Reject"):
            late = await helper.press(label, message=theirs)
            assert (late.text, late.show_alert) == (f"Payment 1 was approved already by admin {ADMIN}: $5.00.", True)
        assert await payments(mine) == [("paid", 50_000, ADMIN, "")]
        assert await mine.money() == (50_000, 0, 0)


async def test_a_card_further_up_is_decided_on(tmp_path: Path) -> None:
    """What was decided stands below what came since, and on the card itself; many presses are one."""
    async with transfers(tmp_path) as mine:
        await begin(mine.anna)
        card, _ = await hand_in(mine)
        await mine.ask("/help", "/payments")
        await mine.owner.press_many("Approve", 3, message=card)
        below = await mine.owner.until(
            lambda: next((m for m in mine.owner.heard_messages if m.id > card.id and "approved" in m.text), None)
        )
        assert "photo" not in below.content
        await reads(mine.owner, card, "Payment 1: approved")
        await mine.anna.expect("$5.00 is in your wallet.")
        assert await mine.money() == (50_000, 0, 0)


async def test_another_amount_came(tmp_path: Path) -> None:
    """It is typed; what is no amount is told in place, and the question can be left again."""
    async with transfers(tmp_path) as mine:
        owner = mine.owner
        await begin(mine.anna)
        card, theirs = await hand_in(mine)
        await owner.press("Other amount")
        asked = await reads(owner, card, WAITS.format(1), "How much came?")
        assert (asked.labels, asked.content) == (["Cancel"], card.content)
        await owner.press("Cancel")
        back = await reads(owner, card, "Payment 1: To be decided")
        assert back.labels == [*DECISIONS[0], "All payments"]
        await owner.press("Other amount")
        await reads(owner, card, "How much came?")
        for typed, words in {
            "1e9": "not an amount",
            "-5": "not an amount",
            "1,000": "thousand or a fraction",
            "0": "The smallest amount is $0.0001",
            "99999999999": "The largest amount is $1,000,000,000.00",
            "5 <b>": "not an amount",
        }.items():
            again = await mine.ask(typed, words)
            assert "How much came?" in again.text
        done = await mine.ask("4.20", "Payment 1: approved")
        assert done.id > card.id
        for admin, shown in ((owner, card), (mine.helper, theirs)):
            await reads(admin, shown, "Amount: $5.00", f"Admin {ADMIN} put $4.20 into the wallet.")
        await mine.anna.expect("$4.20 is in your wallet.")
        assert await payments(mine) == [("paid", 42_000, ADMIN, "")]
        assert await mine.money() == (42_000, 0, 0)


async def test_a_receipt_is_rejected_and_sent_again(tmp_path: Path) -> None:
    """The customer reads why, sends a better one, and is rejected in silence, and then believed."""
    async with transfers(tmp_path) as mine:
        owner, helper, anna = mine.owner, mine.helper, mine.anna
        await begin(anna)
        card, theirs = await hand_in(mine)
        await owner.press("Reject")
        asked = await reads(owner, card, "Why is it rejected?")
        assert asked.labels == ["No reason", "Cancel"]
        await mine.ask("x" * 201, "Too long: at most 200 characters.")
        await owner.send_photo()
        await owner.expect("Please send text.")
        await mine.ask("too <i>dark</i>\n& blurred", "Payment 1: rejected")
        for admin, shown in ((owner, card), (helper, theirs)):
            await reads(admin, shown, f"Admin {ADMIN} saw no money.\nReason: too <i>dark</i> & blurred")
        told = await anna.expect("did not find your payment of $5.00")
        assert "Reason: too <i>dark</i> & blurred" in told.text
        assert told.labels == ["Top up", "Ask the shop"]
        late = await helper.press("Approve", message=theirs)
        assert late.text == f"Payment 1 was rejected already by admin {ADMIN}."

        again, also = await hand_in(mine)
        await helper.press("Reject", message=also)
        await helper.press("No reason", message=await reads(helper, also, "Why is it rejected?"))
        await reads(owner, again, f"Admin {HELPER} saw no money.")
        assert "Reason" not in (await read(anna, "did not find your payment of $5.00")).text

        last, _ = await hand_in(mine)
        await owner.press("Approve", message=last)
        await anna.expect("$5.00 is in your wallet.")
        for shown in (card, again, last):
            await reads(owner, shown, "Payment 1: approved")
        assert mine.told("did not find your payment", who=anna) == 2
        assert await payments(mine) == [("paid", 50_000, ADMIN, "")]
        assert await mine.money() == (50_000, 0, 0)


async def test_of_two_admins_at_once_one_decides(tmp_path: Path) -> None:
    """The other one reads what was decided, and by whom; so does who was being asked for an amount or a reason."""
    async with transfers(tmp_path) as mine:
        owner, helper = mine.owner, mine.helper
        await begin(mine.anna)
        card, theirs = await hand_in(mine)
        answers = await asyncio.gather(owner.press("Approve", message=card), helper.press("Approve", message=theirs))
        [late] = [answer for answer in answers if answer.text]
        assert late.text.startswith("Payment 1 was approved already by admin 900")
        await begin(mine.anna)
        card, theirs = await hand_in(mine, 2)
        await owner.press("Other amount", message=card)
        await owner.expect("How much came?")
        await helper.press("Reject", message=theirs)
        await helper.press("No reason", message=await reads(helper, theirs, "Why is it rejected?"))
        await mine.hears(f"Admin {HELPER} saw no money.")
        told = await mine.ask("5", f"Payment 2 was rejected already by admin {HELPER}.")
        assert "Payment 2: Rejected" in told.text
        await owner.send("5")
        await mine.ask("/payments", "No payment waits for a decision.")
        assert [row[:2] for row in await payments(mine)] == [("paid", 50_000), ("rejected", 50_000)]
        assert await mine.money() == (50_000, 0, 0)


async def test_leaving_a_question_leaves_the_receipt(tmp_path: Path) -> None:
    """After /cancel nothing that is typed is an answer; the receipt waits in the list."""
    async with transfers(tmp_path) as mine:
        await begin(mine.anna)
        card, _ = await hand_in(mine)
        await mine.owner.press("Other amount", message=card)
        await mine.owner.expect("How much came?")
        await mine.ask("/cancel", "All right, never mind.")
        await mine.owner.send("5")
        await mine.ask("/payments", "1 payment waits for a decision")
        assert [row[0] for row in await payments(mine)] == ["review"]


async def test_the_list_and_the_cards(tmp_path: Path) -> None:
    """What waits is a button that shows its receipt again, with all there is to know and to do."""
    async with transfers(tmp_path) as mine:
        owner, anna = mine.owner, mine.anna
        await mine.ask("/payments", "✅ No payment waits for a decision.")
        await mine.ask("/payment", "Write it like this: /payment NUMBER")
        await mine.ask("/payment <b>", "Write it like this: /payment NUMBER")
        await mine.ask("/payment 1", "There is no payment 1.")
        await mine.ask(f"/payment {10**18 - 1}", f"There is no payment {10**18 - 1}.")
        await begin(anna)
        open_ = await mine.ask("/payment 1", "Payment 1: Not paid")
        assert open_.labels == ["All payments"]
        card, _ = await hand_in(mine)
        listed = await mine.ask("/payments", "1 payment waits for a decision")
        assert listed.labels == ["🧾 1 · $5.00 · Anna & <b>"]
        await owner.press("🧾 1 · $5.00")
        shown = await owner.expect("Payment 1: To be decided")
        assert (shown.content, shown.buttons) == (card.content, [*DECISIONS, ["All payments"]])
        assert "Asked for: $5.00" in shown.text
        await owner.press("Approve", message=shown)
        await reads(owner, shown, "Payment 1: approved")
        await reads(owner, card, "Payment 1: approved")
        await owner.press("All payments", message=await owner.expect_button("All payments"))
        ended = await owner.expect("✅ No payment waits for a decision.")
        assert "photo" not in ended.content
        assert ended.labels == ["✅ 1 · $5.00 · Anna & <b>"]
        by_hand = await mine.ask("/payment #1", "Payment 1: Paid")
        assert f"then take it from the wallet: /debit {CUSTOMER} 5" in by_hand.text
        assert f"Decided by admin {ADMIN}" in by_hand.text
        assert by_hand.content == card.content
        file = await mine.ask(f"/user {CUSTOMER}", "Available: $5.00")
        assert file.labels == ["✅ 1 · $5.00 · Transfer with a receipt"]


async def test_a_pdf_is_a_receipt_too(tmp_path: Path) -> None:
    """It comes as the file that it is; several files are several cards, all of which tell what was decided."""
    async with transfers(tmp_path) as mine:
        await begin(mine.anna)
        first, _ = await hand_in(mine)
        await mine.anna.send_file("receipt.pdf", b"%PDF-1.7")
        await mine.anna.expect("the shop has your receipt")
        second = await card_of(mine.owner, 1, after=first.id)
        assert second.content["document"]["file_name"] == "receipt.pdf"
        await mine.owner.press("Approve", message=second)
        for card in (first, second):
            await reads(mine.owner, card, "Payment 1: approved")
        assert await mine.money() == (50_000, 0, 0)


async def test_a_provider_says_another_sum(tmp_path: Path) -> None:
    """Nothing is credited until an admin says what came."""
    async with transfers(tmp_path) as mine:
        owner = mine.owner
        await mine.anna.send("/start")
        await mine.anna.heard()
        assert mine.shop.app is not None
        shop = mine.shop.app.shop
        made = Invoice("77", "ABCD-EFGH-JKLM", "https://t.me/pay", Fate.OPEN, Quote(50_000, "USD"))
        paid = Invoice("77", "ABCD-EFGH-JKLM", "", Fate.PAID, Quote(30_000, "USD"))
        async with shop.db.write() as tx:
            way = paying.way_of(shop, "transfer")
            await paying.begin(tx, shop, user=CUSTOMER, way=way, amount=50_000, draft=None, invoice=made)
            await paying.seen(tx, shop, "transfer", paid)
        card = await card_of(owner, 1)
        assert "The provider says that $3.00 was paid, which is another sum." in card.text
        assert card.content == {}
        await owner.press("Other amount")
        await reads(owner, card, "How much came?")
        await mine.ask("3", "Payment 1: approved")
        await reads(owner, card, f"Admin {ADMIN} put $3.00 into the wallet.")
        await mine.anna.expect("$3.00 is in your wallet.")
        assert await mine.money() == (30_000, 0, 0)


# Stars.


async def pay(anna: Person, amount: str = "5") -> str:
    """Anna pays in Stars; the charge."""
    await say(anna, "/wallet", "Available")
    await pressed(anna, "Top up", "Choose an amount")
    await anna.send(amount)
    outcome = await anna.pay(await anna.expect_invoice())
    await anna.expect("is in your wallet")
    return outcome.charge


async def test_stars_are_given_back(tmp_path: Path) -> None:
    """Asked about once more; the wallet is debited at once, and both sides hear when Telegram has done it."""
    async with owners_shop(tmp_path, helped=True, wallet="") as mine:
        owner, anna = mine.owner, mine.anna
        before = anna.stars
        charge = await pay(anna)
        assert before - anna.stars == 385
        card = await mine.ask("/payment 1", "Payment 1: Paid")
        for line in ("Telegram Stars", "Asked for: 385 ⭐", f"The provider's id: {charge}", "The wallet has $5.00."):
            assert line in card.text.splitlines()
        await owner.press("Refund")
        asked = await owner.expect("Refund 385 ⭐ to Anna & <b>?\n$5.00 leaves the wallet, which has $5.00.")
        await owner.press("Back")
        await owner.expect("Payment 1: Paid")
        await owner.press("Refund")
        asked = await owner.expect("Refund 385 ⭐")
        answers = await owner.press_many("Yes, refund", 3, message=asked)
        assert {answer.text for answer in answers} <= {"Payment 1: Being refunded.", "Payment 1: Refunded."}
        await anna.expect("was given back to you")
        assert anna.stars == before
        await mine.hears(f"Admin {ADMIN} refunds payment 1, 385 ⭐, to Anna & <b> ({CUSTOMER}).", who=mine.helper)
        ended = await mine.ask("/payment 1", "Payment 1: Refunded")
        assert f"Refunded by admin {ADMIN}" in ended.text
        assert ended.labels == ["All payments"]
        late = await owner.press("Yes, refund", message=asked)
        assert (late.text, late.show_alert) == ("Payment 1: Refunded.", True)
        assert await mine.money() == (0, 0, 0)


async def test_stars_that_were_spent_are_given_back_all_the_same(tmp_path: Path) -> None:
    """Only where that is meant; then the wallet is below zero."""
    async with owners_shop(tmp_path, helped=True, wallet="") as mine:
        owner = mine.owner
        await pay(mine.anna)
        await mine.ask("/payment 1", "Payment 1: Paid")
        await owner.press("Refund")
        asked = await owner.expect("$5.00 leaves the wallet, which has $5.00.")
        await mine.ask(f"/debit {CUSTOMER} 3", "Available now: $2.00")
        await owner.press("Yes, refund", message=asked)
        short = await owner.expect("⚠️ That is more than there is")
        assert short.labels == ["Refund anyway", "Back"]
        assert [row[0] for row in await payments(mine)] == ["paid"]
        await owner.press("Refund anyway", message=short)
        told = await mine.anna.expect("was given back to you")
        assert "Available: -$3.00" in told.text
        assert await mine.shop.rows("SELECT balance, owed FROM wallets") == [(0, 30_000)]


async def test_what_is_no_refund_is_none(tmp_path: Path) -> None:
    """A button for a payment that cannot go back from here, forged or old, moves nothing."""
    async with transfers(tmp_path) as mine:
        await begin(mine.anna)
        card, _ = await hand_in(mine)
        for do in ("refund", "refund_anyway"):
            for sure in (0, 1):
                answer = await mine.owner.forge(f"z:1:{do}:{sure}", card).answered()
                assert (answer.text, answer.show_alert) == ("Payment 1: To be decided.", True)
                answer = await mine.owner.forge(f"z:99:{do}:{sure}", card).answered()
                assert (answer.text, answer.show_alert) == ("There is no payment 99.", True)
        assert await payments(mine) == [("review", 50_000, None, "")]


async def test_payments_are_the_owner_s_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """For a customer the commands are unknown and the buttons out of date, their own payment or not."""
    async with transfers(tmp_path) as mine:
        anna, eve = mine.anna, mine.shop.telegram.person(6666, "Eve")
        await begin(anna)
        await hand_in(mine)
        await eve.send("/nonsense")
        unknown = (await eve.heard()).text
        caplog.set_level(logging.WARNING, "bot.telegram.routers.fallback")
        for command in ("/payments", "/payment", "/payment 1"):
            await eve.send(command)
            assert (await eve.heard()).text == unknown
            assert f"user 6666, who is no admin, tried {command.split()[0]}" in caplog.messages
        screen = await say(eve, "/wallet", "Available")
        wishes = ("show", "approve", "amount", "reject", "no_reason", "refund", "refund_anyway", "list")
        for person in (anna, eve):
            for data in (f"z:{number}:{do}:{sure}" for number in (0, 1) for do in wishes for sure in (0, 1)):
                answer = await person.forge(data, screen).answered()
                assert answer.text.startswith("This button is out of date.")
        assert await payments(mine) == [("review", 50_000, None, "")]
        assert await mine.money() == (0, 0, 0)
