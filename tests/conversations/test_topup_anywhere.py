"""A payment is a payment, whatever the chat was being asked when it came."""

from pathlib import Path

from aiogram.fsm.state import StatesGroup

from bot.domain.people import Conversation
from bot.services import paying
from bot.storage import people
from bot.telegram.routers.main import dispatching
from bot.telegram.routers.topup import Paying
from tests.conversations.customer import read
from tests.conversations.shop import OpenShop, open_shop

FIVE = 385  # Stars for $5.00


def states() -> list[str]:
    """Every question that a conversation can stand at: those of each group that some router has."""
    dispatching()
    return sorted(state for group in StatesGroup.__subclasses__() for state in group.__all_states_names__)


async def stand(shop: OpenShop, person: int, state: str) -> str:
    """Somebody is asked this, after an invoice was made for them; its code. What the question is about is left open."""
    assert shop.app is not None
    own = shop.app.shop
    async with own.db.write() as tx:
        await people.see_user(tx, person, name=state, username=None, language="en")
        await people.save_conversation(tx, Conversation(person, state))
        way = paying.way_of(own, "stars")
        begun = await paying.begin(tx, own, user=person, way=way, amount=50_000, draft=None)
    return begun.code


async def test_stars_arrive_whatever_is_being_asked(tmp_path: Path) -> None:
    """Asked of admins, who meet every router; the question stays open, but for the one of how much to pay."""
    asked = dict(enumerate(states(), start=5001))
    assert len(asked) > 10
    async with open_shop(tmp_path, admin_ids=frozenset(asked)) as shop:
        payers = {number: shop.telegram.person(number, f"Payer {number}") for number in asked}
        for number, state in asked.items():
            await payers[number].pay_unasked(await stand(shop, number, state), FIVE)
        for payer in payers.values():
            await read(payer, "$5.00 is in your wallet")
        stands = dict(tuple(row) for row in await shop.rows("SELECT chat_id, state FROM conversations"))
        assert stands == {number: None if state == Paying.amount.state else state for number, state in asked.items()}
