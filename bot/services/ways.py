"""What is to be known of a way to pay by its name, or by its manner: no other place asks which provider it is."""

from collections.abc import Mapping

from bot.domain.payments import Manner, Way
from bot.paying.known import KNOWN
from bot.paying.seam import ReceiptWay
from bot.services.shop import Shop


def title_of(name: str) -> str | None:
    """What payers know a way as, a text that is translated, also where it is off; None for one from elsewhere."""
    known = KNOWN.get(name)
    return None if known is None else known.title


def manner_of(shop: Shop, name: str) -> Manner | None:
    """How the payments of a way go on, also where it is off; None for one from elsewhere."""
    way = shop.ways.get(name) or KNOWN.get(name)
    return None if way is None else way.manner


def instructions_of(way: Way | None) -> Mapping[str, str]:
    """Where the money is to be sent, in the owner's words, by language; none where the way needs no words."""
    return way.instructions if isinstance(way, ReceiptWay) else {}
