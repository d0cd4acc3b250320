"""The plain rules of mass orders: every good line for exactly what was shown, all or none, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.model.plain import Form, Item, Order, Plain
from tests.model.selling import PRICE_STANDS, new_order

# A service, a link, and a quantity where one is wanted.
Line = tuple[str, str, int]
NOT_SENT = {"waiting", "submitting"}


@dataclass
class Batch:
    """A list, and the orders it became. ``shown``: each good line's price as it was last shown, and when."""

    id: int
    user: int
    lines: Sequence[Line]
    shown: dict[int, int] = field(default_factory=dict)
    at: datetime | None = None
    orders: list[int] | None = None
    reported: bool = False
    gone: bool = False


def keep(plain: Plain, number: int, user: int, lines: Sequence[Line]) -> object:
    """Check a list, instead of any other of theirs that was not confirmed."""
    for other in plain.batches.values():
        other.gone |= other.user == user and other.orders is None
    batch = Batch(number, user, lines)
    plain.batches[number] = batch
    return summary(plain, batch)


def good(plain: Plain, batch: Batch) -> dict[int, tuple[Item, dict[str, object], int]]:
    """What can be ordered, by the number of its line: service, answers, price."""
    found = {}
    for place, (key, link, quantity) in enumerate(batch.lines, start=1):
        item = plain.items[key]
        answers: dict[str, object] = {"link": link} | ({"quantity": quantity} if key == "likes" else {})
        if item.on_sale and key in {"likes", "package"} and item.takes(answers):
            found[place] = (item, answers, item.price(item.units(answers)))
    return found


def summary(plain: Plain, batch: Batch, *, changed: bool = False) -> object:
    """What is shown of a list; from here on it is what was shown."""
    batch.shown = {place: price for place, (_, _, price) in good(plain, batch).items()}
    batch.at = plain.now
    total = sum(batch.shown.values())
    short = max(total - plain.available(batch.user), 0)
    return ("list", total, short, len(batch.shown), len(batch.lines) - len(batch.shown), changed)


def standing(plain: Plain, batch: Batch) -> object:
    """How far a mass order is."""
    mine = parts(plain, batch)
    return ("standing", len(mine), sum(order.state in NOT_SENT for order in mine))


def parts(plain: Plain, batch: Batch) -> list[Order]:
    return [plain.orders[number] for number in batch.orders or ()]


def confirm(plain: Plain, batch: Batch, user: int) -> object:
    """Press *Confirm*."""
    if batch.gone or batch.user != user:
        return "ShopError"
    if batch.orders is not None:
        return standing(plain, batch)
    shown, at = batch.shown, batch.at
    now = summary(plain, batch)
    if at is None or plain.now - at > PRICE_STANDS or shown != batch.shown:
        return summary(plain, batch, changed=True)
    total = sum(shown.values())
    if not shown or total > plain.available(user):
        return now
    batch.orders = [
        new_order(plain, Form(0, user, item, answers), price) for item, answers, price in good(plain, batch).values()
    ]
    plain.said.append((user, "mass", None, ""))
    return standing(plain, batch)


def housekeeping(plain: Plain) -> None:
    """A report once nothing is still to be sent."""
    for batch in plain.batches.values():
        mine = parts(plain, batch)
        if batch.orders is not None and not batch.reported and not any(order.state in NOT_SENT for order in mine):
            batch.reported = True
            placed = [order for order in mine if order.panel_order is not None]
            back = sum(order.refunded for order in mine if order.panel_order is None)
            plain.said.append((batch.user, "mass_report", None, f"{len(mine)} {len(placed)} {back}"))
