"""Orders named in a message: "#123" opens one, "123 456 refill" asks for something about each of them."""

from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter, StateFilter
from aiogram.types import Message

from bot.domain.numbers import number_in, numbers_in
from bot.domain.requests import RequestKind
from bot.i18n import Translator
from bot.services import ordering, requests
from bot.services.requests import MOST_NUMBERS, Wish
from bot.services.shop import Transaction
from bot.telegram.aside import beside_form
from bot.telegram.routers.form import Ordering
from bot.telegram.routers.order_list import Finding
from bot.telegram.routers.orders import card
from bot.telegram.screens import AfterShown, Notice, Screen
from bot.telegram.trail import Searching
from bot.telegram.turn import Turn
from bot.telegram.views import bulk as views
from bot.telegram.views.bulk import Do

router = Router(name="bulk")

_KINDS = {Do.REFILL: RequestKind.REFILL, Do.CANCEL: RequestKind.CANCEL}


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a message wants of these orders, in the order in which it names them."""

    do: Do
    numbers: tuple[int, ...]


def bulk_in(t: Translator, text: str) -> Bulk | None:
    """Read "123, #456 refill"; None for a text that says something else. The word may stand first, too."""
    numbers, said = numbers_in(text)
    do = views.meant(t, said) if numbers else None
    return None if do is None else Bulk(do, numbers)


class NamesOrders(BaseFilter):
    """A message in which orders are named, and nothing else but what is wanted of them; ``alone``: or one by "#123"."""

    def __init__(self, *, alone: bool = True) -> None:
        self._alone = alone

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        """Pass on what is wanted."""
        text = message.text or ""
        wish = bulk_in(turn.t, text)
        if wish is not None:
            return {"wish": wish}
        number = number_in(text) if self._alone and text.lstrip()[:1] in {"#", "№"} else None
        return False if number is None else {"wish": Bulk(Do.SHOW, (number,))}


# A summary waits for a press, not for text; and where an order is to be named, this names some.
# Where a service is looked for, "#123" may be one.
@router.message(StateFilter(None, Searching.found, Ordering.summary, Finding.order), NamesOrders())
@router.message(StateFilter(Searching.asking), NamesOrders(alone=False))
async def bulk(message: Message, wish: Bulk, turn: Turn) -> Screen | Notice:
    """Do it, and say in one message what came of each."""
    if len(wish.numbers) > MOST_NUMBERS:
        return Notice(views.too_many(turn.t, MOST_NUMBERS))
    async with turn.transaction() as tx:
        if wish.do is Do.SHOW:
            return await card(turn, tx, wish.numbers[0])
        kind = _KINDS.get(wish.do)
        if kind is None:
            wishes = await requests.look_up(tx, user=turn.user.id, numbers=wish.numbers)
        else:
            wishes = await requests.want(
                tx,
                turn.shop,
                user=turn.user.id,
                numbers=wish.numbers,
                kind=kind,
                take_back=kind is RequestKind.CANCEL,
            )
        draft = beside_form(turn)
    return views.answer(turn.t, wish.do, wishes, draft=draft, seen=_seen(wishes))


def _seen(wishes: list[Wish]) -> AfterShown | None:
    """Once the answer is shown, the news that would say the same are not sent."""
    canceled = [wish.order for wish in wishes if wish.order is not None and wish.taken_back]

    async def seen(tx: Transaction, message: int) -> None:
        for order in canceled:
            await ordering.card_shown(tx, order, message)

    return seen if canceled else None
