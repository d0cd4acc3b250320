"""Mass orders: a list checked line by line, one summary, one Confirm, and word of how it goes until all is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.catalog import Service
from bot.domain.errors import BadInput, ShopError
from bot.domain.forms import FORMS, Limits, priced_quantity
from bot.domain.mass import Batch, Line, Part, fill_in, wish_of
from bot.domain.orders import Answer, OrderState
from bot.services import ordering
from bot.services.apart import apart
from bot.services.news import SCREEN_FIRST
from bot.services.ordering import PRICE_STANDS, WalletShort
from bot.services.shop import Shop
from bot.storage import batches, ledger, mail
from bot.storage.database import Duplicate, Transaction
from bot.storage.facts import fix_currency

# The news: how far it is, corrected in place, and what came of it.
PROGRESS, REPORT = "mass", "mass_report"
_NOT_SENT = frozenset({OrderState.WAITING, OrderState.SUBMITTING})


@dataclass(frozen=True, slots=True)
class Item:
    """A line that can be ordered, with its price now."""

    line: Line
    service: Service
    answers: Mapping[str, Answer]
    quantity: int
    price: int

    @property
    def link_key(self) -> str | None:
        """What tells that another order is for the same link."""
        return ordering.link_key(self.answers)


@dataclass(frozen=True, slots=True)
class Flaw:
    """A line that cannot be ordered, and why."""

    line: Line
    error: BadInput


@dataclass(frozen=True, slots=True)
class Summary:
    """A list as it was checked. ``changed``: it is not what was last shown. ``mark`` names exactly this summary, for
    its *Confirm* to carry.

    Each by the number of its line: ``repeats`` is an earlier line for the same service and link; ``uncertain`` an
    order for the same link that is being checked, ``running`` one for the same service and link that did not end.
    """

    batch: int
    items: tuple[Item, ...]
    flaws: tuple[Flaw, ...]
    available: int
    repeats: Mapping[int, int]
    uncertain: Mapping[int, int]
    running: Mapping[int, int]
    changed: bool = False
    mark: str = ""

    @property
    def total(self) -> int:
        """What the lines that can be ordered cost together."""
        return sum(item.price for item in self.items)

    @property
    def short(self) -> int:
        """How much the wallet lacks, 0 where it covers the total."""
        return max(self.total - self.available, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A confirmed mass order: the facts that its news are made of, as they are now."""

    batch: int
    facts: Mapping[str, Any]
    reported: bool


async def keep(tx: Transaction, shop: Shop, *, user: int, lines: Sequence[Line]) -> Summary:
    """Check a list, instead of any other that was not confirmed; what its summary shows is written down."""
    number = await batches.new(tx, user, lines)
    return await _summarise(tx, shop, await _own(tx, user, number))


async def kept(tx: Transaction, *, user: int) -> Batch | None:
    """The list that the customer did not confirm yet."""
    return await batches.unconfirmed(tx, user)


async def shortfall(tx: Transaction, shop: Shop, *, user: int) -> int:
    """How much the wallet lacks for the list that the customer did not confirm, as it stands; 0 where there is none."""
    found = await kept(tx, user=user)
    lines = [] if found is None else _checked(tx, shop, found.lines)
    total = sum(line.price for line in lines if isinstance(line, Item))
    return max(total - await ledger.available(tx, user), 0) if total else 0


async def good_lines(tx: Transaction, shop: Shop, *, user: int, batch: int) -> tuple[Line, ...]:
    """The lines of a list that can be ordered. Raises ``ShopError``."""
    found = await _own(tx, user, batch)
    return tuple(each.line for each in _checked(tx, shop, found.lines) if isinstance(each, Item))


async def look(tx: Transaction, shop: Shop, *, user: int, batch: int) -> Summary | Standing:
    """A list as it stands now, or how far its orders are. Raises ``ShopError``."""
    found = await _own(tx, user, batch)
    return await (_summarise(tx, shop, found) if found.confirmed_at is None else _standing(tx, found))


async def drop(tx: Transaction, *, user: int) -> None:
    """Throw the list away that was not confirmed."""
    await batches.drop(tx, user)


async def _own(tx: Transaction, user: int, batch: int) -> Batch:
    found = await batches.find(tx, batch, user=user)
    if found is None:
        raise ShopError("mass.gone", batch=batch)
    return found


# Checking.


def _checked(tx: Transaction, shop: Shop, lines: Sequence[Line]) -> list[Item | Flaw]:
    today = tx.now.astimezone(shop.settings.timezone).date()
    return [_check(shop, line, today) for line in lines]


def _check(shop: Shop, line: Line, today: date) -> Item | Flaw:
    """One line, as the form would take it."""
    try:
        wish = wish_of(line)
        service = _on_sale(shop, wish.service)
        form = FORMS[service.type]
        answers = fill_in(form, wish, limits=Limits(service.minimum, service.maximum), today=today)
    except BadInput as error:
        return Flaw(line, error)
    quantity = priced_quantity(form, answers)
    return Item(line, service, answers, quantity, shop.shelf.price(service, quantity))


def _on_sale(shop: Shop, number: int) -> Service:
    service = shop.shelf.services.get(number)
    if service is None:
        raise BadInput("mass.service", service=str(number))
    return service


async def _summarise(tx: Transaction, shop: Shop, batch: Batch, *, was: Batch | None = None) -> Summary:
    """What a list comes to, written down; where ``was``, what was last shown of it, still holds, it is that one."""
    checked = _checked(tx, shop, batch.lines)
    prices = tuple(each.price if isinstance(each, Item) else None for each in checked)
    shown = replace(batch, prices=prices, shown_at=tx.now)
    if was is not None and not _moved(was, shown):
        shown = was
    else:
        await batches.put_shown(tx, shown)
    items = tuple(line for line in checked if isinstance(line, Item))
    running = await batches.running_for(tx, batch.user_id, {item.link_key or "" for item in items})
    doubtful: dict[str | None, int] = {}
    busy: dict[tuple[int, str | None], int] = {}
    for each in running:
        if each.state is OrderState.UNCERTAIN:
            doubtful[each.link_key] = each.order
        else:
            busy[each.service, each.link_key] = each.order
    return Summary(
        batch=batch.id,
        items=items,
        flaws=tuple(line for line in checked if isinstance(line, Flaw)),
        available=await ledger.available(tx, batch.user_id),
        repeats=_repeats(items),
        uncertain={item.line.number: doubtful[item.link_key] for item in items if item.link_key in doubtful},
        running={item.line.number: busy[_same(item)] for item in items if _same(item) in busy},
        mark=shown.mark,
    )


def _same(item: Item) -> tuple[int, str | None]:
    """What two lines have in common that order the same thing twice."""
    return item.service.id, item.link_key


def _repeats(items: Sequence[Item]) -> dict[int, int]:
    first: dict[tuple[int, str | None], int] = {}
    for item in items:
        first.setdefault(_same(item), item.line.number)
    return {item.line.number: first[_same(item)] for item in items if first[_same(item)] != item.line.number}


# Ordering.


async def confirm(tx: Transaction, shop: Shop, *, user: int, batch: int, mark: str) -> Summary | Standing:
    """Turn every line that can be ordered into an order, all or none, for exactly the total that was shown.

    A second press finds the orders there and tells how far they are. A ``Summary`` comes back where the wallet is
    short, what was shown no longer holds, ``mark`` is of another summary than the last one, or there is nothing to
    order. Raises ``ShopError``.
    """
    found = await _own(tx, user, batch)
    if found.confirmed_at is not None:
        return await _standing(tx, found)
    summary = await _summarise(tx, shop, found, was=found)
    if found.mark != mark or found.mark != summary.mark:
        return replace(summary, changed=True)
    if summary.short or not summary.items:
        return summary
    await fix_currency(tx, shop.settings.currency)
    try:
        async with tx.savepoint():
            await _order(tx, shop, summary, user=user)
    except (WalletShort, Duplicate):  # in another transaction, meanwhile
        return await look(tx, shop, user=user, batch=batch)
    return await _confirmed(tx, found)


def _moved(was: Batch, now: Batch) -> bool:
    """Whether the summary the customer saw is not the one that holds now."""
    old = was.shown_at is None or now.shown_at is None or now.shown_at - was.shown_at > PRICE_STANDS
    return old or was.prices != now.prices


async def _order(tx: Transaction, shop: Shop, summary: Summary, *, user: int) -> None:
    await batches.confirmed(tx, summary.batch)
    for item in summary.items:
        await ordering.sell(
            tx,
            shop,
            item.service,
            item.answers,
            user=user,
            draft=batches.draft_of(summary.batch, item.line.number),
            quantity=item.quantity,
            price=item.price,
            batch=summary.batch,
        )


async def _confirmed(tx: Transaction, batch: Batch) -> Standing:
    standing = await _standing(tx, batch)
    await mail.post(tx, batch.user_id, PROGRESS, standing.facts, key=_key(batch.id), after=SCREEN_FIRST)
    tx.wake("place")
    tx.work = "confirmed"
    return standing


def _key(batch: int) -> str:
    return f"mass:{batch}"


# Telling how it goes.


async def _standing(tx: Transaction, batch: Batch) -> Standing:
    parts = await batches.parts_of(tx, batch.id)
    return Standing(batch.id, _facts(batch.id, parts), batch.reported_at is not None)


def _facts(batch: int, parts: Sequence[Part]) -> dict[str, Any]:
    """What news of a mass order need to know of it, JSON-able. ``troubles``: its orders that no panel has for certain.

    ``back`` is what came back of those, in ten-thousandths.
    """
    troubles = [part for part in parts if not part.placed and part.state not in _NOT_SENT]
    return {
        "batch": batch,
        "orders": len(parts),
        "waiting": sum(part.state in _NOT_SENT for part in parts),
        "placed": sum(part.placed for part in parts),
        "price": sum(part.price for part in parts),
        "back": sum(part.refunded for part in troubles),
        "troubles": [
            {"line": part.line, "number": part.order, "state": part.state.value, "reason": part.reason}
            for part in troubles
        ],
    }


async def shown(tx: Transaction, *, user: int, standing: Standing, message: int) -> None:
    """A screen told how far a mass order is: from now on that message is corrected in place."""
    await mail.said_otherwise(tx, _key(standing.batch), message)
    now = await _standing(tx, await _own(tx, user, standing.batch))
    if now.facts != standing.facts:
        await mail.amend(tx, _key(standing.batch), now.facts)


async def follow(tx: Transaction) -> None:
    """Tell of every mass order how far it is, and report on those of which nothing is still to be sent."""
    for batch in await batches.unreported(tx):
        await apart(tx, _follow(tx, batch), what=f"telling of mass order {batch.id}")


async def _follow(tx: Transaction, batch: Batch) -> None:
    facts = (await _standing(tx, batch)).facts
    over = not facts["waiting"]
    told = await batches.last_told(tx, batch.user_id, PROGRESS, batch.id)
    known = told is not None and {**told.facts, **facts} == told.facts
    # What waits to be told is told before there is more to tell, except at the end.
    if not known and told is not None and (over or not told.waits):
        await mail.amend(tx, _key(batch.id), facts)
    if over:
        await mail.post(tx, batch.user_id, REPORT, facts, key=f"{_key(batch.id)}:report")
        await batches.reported(tx, batch.id)
