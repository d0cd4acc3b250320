"""What a panel checks before it takes an order, in the words panels use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.demo.panel.dialect import Dialect
from bot.demo.panel.service_types import SUBSCRIPTION_DELAYS, TYPE_RULES, DemoOffer

ENDLESS_POSTS = 3  # how many posts a subscription without a limit sees here: enough to watch, and it ends


class PanelRefusalError(Exception):
    """The panel says no; the text is what its answer says."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Asked:
    """An ``add`` that passed: units a run, runs, posts of a subscription (0 elsewhere), and what it costs.

    ``needed`` is what the balance must cover; ``charge`` is what is taken at once. They differ for a
    subscription, which is charged post by post.
    """

    subject: str
    quantity: int
    runs: int
    posts: int
    charge: Decimal
    needed: Decimal


def check_add(offer: DemoOffer, fields: Mapping[str, str], dialect: Dialect, today: date) -> Asked:
    """Hold the fields of an ``add`` to the rules of the offer's type.

    Raises PanelRefusalError with the panel's words.
    """
    rule = TYPE_RULES[offer.type]
    for name in rule.required:
        if not fields.get(name, "").strip():
            raise PanelRefusalError(f"Incorrect {name.replace('_', ' ')}")
    if rule.counted == "posts":
        return _check_subscription(offer, fields, today)
    if re.search(r"\s", fields["link"]):
        raise PanelRefusalError("Incorrect link")
    if "answer_number" in rule.required:
        _whole(fields, "answer_number", least=0)
    quantity = _counted(offer, fields, dialect)
    runs = _runs(fields, allowed=rule.drips and offer.dripfeed)
    if rule.counted != "package":
        _within(quantity, offer, "Quantity")
        if not dialect.limits_per_run:
            _within(quantity * runs, offer, "Quantity")
    charge = offer.rate if rule.counted == "package" else offer.rate * quantity * runs / 1000
    return Asked(fields["link"], quantity, runs, 0, charge, charge)


def lines(text: str, *, blank: bool = False) -> int:
    """How many items a list has: one a line, ended by ``\\n`` or ``\\r\\n``; empty ones where ``blank``."""
    items = text.replace("\r\n", "\n").split("\n")
    return len(items) if blank else sum(1 for item in items if item.strip())


def _counted(offer: DemoOffer, fields: Mapping[str, str], dialect: Dialect) -> int:
    counted = TYPE_RULES[offer.type].counted
    if counted == "package":
        return 1
    if counted == "quantity":
        return _whole(fields, "quantity", least=1)
    return lines(fields[counted], blank=dialect.blank_lines)


def _runs(fields: Mapping[str, str], *, allowed: bool) -> int:
    given = [name for name in ("runs", "interval") if fields.get(name)]
    if not given:
        return 1
    if not allowed:
        raise PanelRefusalError("Drip-feed is not available for this service")
    runs = _whole(fields, "runs", least=1)
    _whole(fields, "interval", least=1)
    return runs


def _check_subscription(offer: DemoOffer, fields: Mapping[str, str], today: date) -> Asked:
    least, most = _whole(fields, "min", least=1), _whole(fields, "max", least=1)
    _within(least, offer, "Min")
    _within(most, offer, "Max")
    if least > most:
        raise PanelRefusalError("Incorrect max")
    if _whole(fields, "delay", least=0) not in SUBSCRIPTION_DELAYS:
        raise PanelRefusalError("Incorrect delay")
    posts = sum(_whole(fields, name, least=0) for name in ("posts", "old_posts") if fields.get(name))
    if fields.get("expiry"):
        _check_expiry(fields["expiry"], today)
    return Asked(fields["username"], most, 1, posts or ENDLESS_POSTS, Decimal(0), offer.rate * most / 1000)


def _check_expiry(text: str, today: date) -> None:
    if not re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text):
        raise PanelRefusalError("Incorrect expiry")
    try:
        day = datetime.strptime(f"{text} +0000", "%d/%m/%Y %z").date()
    except ValueError as error:
        raise PanelRefusalError("Incorrect expiry") from error
    if day < today:
        raise PanelRefusalError("Incorrect expiry")


def _whole(fields: Mapping[str, str], name: str, *, least: int) -> int:
    text = fields.get(name, "")
    if not re.fullmatch(r"[0-9]{1,15}", text) or int(text) < least:
        raise PanelRefusalError(f"Incorrect {name.replace('_', ' ')}")
    return int(text)


def _within(amount: int, offer: DemoOffer, what: str) -> None:
    if amount < offer.min:
        raise PanelRefusalError(f"{what} less than minimal {offer.min}")
    if amount > offer.max:
        raise PanelRefusalError(f"{what} more than maximum {offer.max}")
