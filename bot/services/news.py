"""What is said to whom: news are written here, as a kind and frozen facts, in the transaction that causes them.

Words come later (``bot.telegram.news``), in the language of who reads them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.mail import CHANNEL
from bot.domain.orders import Order, OrderState, Reason
from bot.services.shop import Shop
from bot.storage import batches, mail
from bot.storage.database import Transaction

# States that the channel does not hear of: not placed yet, or for admins only.
_NOT_FOR_CHANNEL = frozenset({OrderState.WAITING, OrderState.SUBMITTING, OrderState.UNCERTAIN, OrderState.REFUSED})
# Of a mass order's orders, these are told together: by the message that says how far it is, and by its report.
_TOLD_TOGETHER = frozenset({OrderState.PENDING, OrderState.REFUSED})


def order_facts(order: Order) -> dict[str, Any]:
    """What news of an order need to know of it, JSON-able."""
    return {
        "number": order.id,
        "service": order.snapshot.name,
        "quantity": order.quantity,
        "link": order.link,
        "state": order.state.value,
        "reason": order.reason,
        "question": order.question,
        "price": order.price,
        "captured": order.captured,
        "refunded": order.refunded,
        "held": order.held,
        "start_count": order.start_count,
        "remains": order.remains,
    }


# A panel that says another word each time would fill the admins' chat, and the books, with them.
WORDS_A_DAY = 10

# Where a screen says the same at once, the news waits this long: it is sent only if the screen was lost.
SCREEN_FIRST = timedelta(seconds=10)


async def tell_order(
    tx: Transaction, shop: Shop, order: Order, *, key: str | None = None, after: timedelta = timedelta(0)
) -> None:
    """Tell the customer, and the channel where it may know, that an order is in a new state; once per state."""
    facts = order_facts(order)
    key = key or f"order:{order.id}:{order.state}"
    await mail.post(tx, order.user_id, "order", facts, order=order.id, key=key, after=after)
    if order.batch is not None and await _told_together(tx, order, order.batch):
        await mail.said_otherwise(tx, key, None)
    if shop.settings.channel_id is not None and order.state not in _NOT_FOR_CHANNEL:
        line = {name: facts[name] for name in ("number", "service", "quantity", "state")}
        await mail.post(tx, CHANNEL, "channel", line, order=order.id, key=f"channel:{key}")


async def _told_together(tx: Transaction, order: Order, batch: int) -> bool:
    """Whether a mass order speaks for this one of its orders. That one begins is never worth a message of its own."""
    if order.state is OrderState.IN_PROGRESS:
        return True
    return order.state in _TOLD_TOGETHER and not await batches.is_reported(tx, batch)


async def tell_admins(
    tx: Transaction,
    shop: Shop,
    kind: str,
    facts: Mapping[str, Any],
    *,
    order: int | None = None,
    key: str | None = None,
    after: timedelta = timedelta(0),
) -> None:
    """Tell every admin, ``after`` so long; with ``key``, each of them once ever."""
    for admin in sorted(shop.settings.admin_ids):
        own_key = None if key is None else f"{key}:{admin}"
        await mail.post(tx, admin, kind, facts, order=order, key=own_key, after=after)


async def raise_alert(tx: Transaction, shop: Shop, key: str, kind: str, /, **facts: Any) -> None:
    """Tell the admins of a trouble, once until it is over. ``kind`` names its words."""
    if await mail.raise_alert(tx, key):
        await tell_admins(tx, shop, "alert", {"alert": kind, **facts})


async def clear_alert(tx: Transaction, shop: Shop, key: str, kind: str, /, **facts: Any) -> None:
    """Tell the admins that a trouble is over, if they were told of it."""
    if await mail.clear_alert(tx, key):
        await tell_admins(tx, shop, "alert_over", {"alert": kind, **facts})


async def tell_word(tx: Transaction, shop: Shop, panel: str, word: str, number: int) -> None:
    """Tell the admins of a word about an order that nobody knows: once a word and panel, and so many a day."""
    key = f"word:{panel}:"
    if await mail.alert_raised(tx, key + word):
        return
    if await mail.alerts_since(tx, key, tx.now - timedelta(days=1)) < WORDS_A_DAY:
        await raise_alert(tx, shop, key + word, "word", panel=panel, word=word, number=number)
    else:
        await raise_alert(tx, shop, f"words:{panel}:{tx.now.date()}", "words", panel=panel)


async def tell_refusal(tx: Transaction, shop: Shop, order: Order, reason: Reason, words: str) -> None:
    """Tell the admins a panel's own words for a refusal; customers never read those."""
    facts = {"number": order.id, "panel": order.panel, "reason": reason.value, "words": words}
    await tell_admins(tx, shop, "refused", facts, order=order.id)
