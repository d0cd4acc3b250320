"""A customer's question, handed to the admins with the order it is about."""

from typing import Any

from bot.domain.errors import BadInput
from bot.domain.people import User
from bot.domain.texts import printable
from bot.services import cards
from bot.services.news import order_facts, tell_admins
from bot.services.shop import Shop
from bot.storage.database import Transaction

# What goes into one message beside the order's facts, in characters.
LONGEST_QUESTION = 1500


async def ask(tx: Transaction, shop: Shop, *, user: User, number: int, text: str, key: str) -> None:
    """Tell the admins what a customer wants to know, about one of their orders (0: about none).

    ``key`` names the update, so that the question is handed on once. Raises ``BadInput`` where there is no
    question or too long a one, ``ShopError`` where the order is not theirs.
    """
    text = "\n".join(printable(line) for line in text.splitlines()).strip()
    if not text:
        raise BadInput("text.empty")
    if len(text) > LONGEST_QUESTION:
        raise BadInput("text.too_long", limit=LONGEST_QUESTION)
    facts: dict[str, Any] = {"user": user.id, "name": user.name, "username": user.username, "text": text}
    if number:
        order = await cards.find(tx, user=user.id, number=number)
        facts = {**order_facts(order), "panel": order.panel, **facts}
    await tell_admins(tx, shop, "question_from_customer", facts, order=number or None, key=f"question:{key}")
