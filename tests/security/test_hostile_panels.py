"""Whatever a panel answers is read as if somebody meant harm by it: refused, capped or held; no price goes mad."""

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.money import HIGHEST_AMOUNT
from bot.domain.outcomes import Rejected
from bot.panel import PanelError, ServiceList
from bot.panel.catalogue import service_list
from bot.panel.dialects import balance_of, status_reports
from bot.panel.placing import add_outcome
from bot.panel.transport import Answer
from bot.panel.wire import NotJsonError, decode
from bot.services import rounds
from tests.clock import FakeClock
from tests.security.desk import open_desk
from tests.services.stage import ALPHA, LIKES_333

# As they stand in JSON: what no number, text, id or flag should be.
NASTY = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1E-400",
        "9" * 400,
        "-1",
        "-0.01",
        "0",
        "1e17",
        "0.1",
        "true",
        "null",
    ),
    *(
        '"NaN"',
        '"Infinity"',
        '"-5"',
        '"1e3"',
        '"1e99"',
        '"0x10"',
        '"1_000"',
        '"٣"',
        '""',
        '" "',
        '"\\u0000"',
        '"\\ud800"',
    ),
    *(
        f'"{"9" * 5000}"',
        f'"{"x" * 100_000}"',
        '"<b>&\\u202e"',
        "[]",
        "{}",
        "[[[[1]]]]",
        '{"a": {"b": []}}',
        '"1,000"',
        '"0,5"',
    ),
    *(
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        '"9223372036854775808"',
        "1.7976931348623157e308",
    ),
)
FIELDS = ("service", "name", "type", "category", "rate", "min", "max", "refill", "cancel", "dripfeed", "desc")
FINE = {
    "service": "7",
    "name": '"Likes"',
    "type": '"Default"',
    "category": '"Instagram"',
    "rate": '"0.77"',
    "min": "10",
    "max": "10000",
}
STATUS_FIELDS = ("status", "charge", "start_count", "remains", "currency", "posts", "order", "error", "orders")
WORDS = ("Completed", "Partial", "Canceled", "In progress", "Pending", "Failed", "Refunded", "Expired", "teleported")
ROUNDS = 40


def entry(chance: random.Random, number: int) -> str:
    """One service as JSON, with some of its fields replaced by something nasty."""
    values = {**FINE, "service": str(1_000 + number)}
    for field in chance.sample(FIELDS, chance.randint(1, 4)):
        values[field] = chance.choice(NASTY)
    return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"


def read(text: str) -> object:
    """The JSON as the client reads it; None where it does not."""
    try:
        return decode(text.encode("utf-8", "surrogatepass"))
    except NotJsonError:
        return None


def listed(chance: random.Random) -> ServiceList | None:
    """A list of services of which most are nasty, as the client hands it on."""
    # A constant such as NaN makes the whole list unreadable, so most entries are read one by one.
    entries = [found for n in range(60) if (found := read(entry(chance, n))) is not None]
    try:
        return service_list([*entries, read(plain())])
    except PanelError:
        return None


def plain() -> str:
    """A service nothing is wrong with."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in FINE.items()) + "}"


async def test_no_list_of_services_makes_a_price_mad(tmp_path: Path, clock: FakeClock) -> None:
    """Synced, every price of the shelf is one the books hold, every text is short, and the good entry is on sale."""
    chance = random.Random(20_260_314)
    async with open_desk(tmp_path, clock) as desk:
        shop = desk.stage.shop
        for _ in range(ROUNDS):
            found = listed(chance)
            assert found is not None
            desk.stage.panels[ALPHA].offers = found.offers
            assert await rounds.sync(shop, ALPHA) is not None
            services = [each for each in shop.shelf.services.values() if each.panel == ALPHA]
            assert "7" in {each.panel_service for each in services}
            for each in services:
                assert 0 <= each.minimum <= each.maximum < 2**63
                assert 0 <= shop.shelf.price(each, each.minimum) <= HIGHEST_AMOUNT
                assert 0 <= shop.shelf.price(each, each.maximum) <= HIGHEST_AMOUNT
                assert max(map(len, (each.name, each.category, each.panel_service))) <= 200
                assert "\u202e" not in each.name + each.category + each.description
        assert len(shop.shelf.services) > 20


def status(chance: random.Random) -> str:
    """One order's state as JSON, some of it nasty."""
    values: dict[str, str] = {"status": f'"{chance.choice(WORDS)}"', "remains": str(chance.randint(-5, 400))}
    for field in chance.sample(STATUS_FIELDS, chance.randint(1, 4)):
        values[field] = chance.choice(NASTY)
    return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"


async def test_no_status_gives_back_more_than_was_paid(tmp_path: Path, clock: FakeClock) -> None:
    """Whatever is said about an order, what is held, taken and given back make its price, and nothing fails."""
    chance = random.Random(7)
    async with open_desk(tmp_path, clock) as desk:
        stage = desk.stage
        for _ in range(ROUNDS):
            number = await stage.buy({**LIKES_333, "link": f"https://example.com/{chance.random()}"})
            await stage.place()
            order = await stage.order(number)
            assert order.panel_order is not None
            for _ in range(3):
                answer = read(f'{{"{order.panel_order}": {status(chance)}}}')
                try:
                    stage.panels[ALPHA].reports |= status_reports(answer, [order.panel_order])
                except PanelError:
                    continue
                clock.advance(3_600)
                await rounds.track_once(stage.shop, ALPHA)
            order = await stage.order(number)
            assert order.held + order.captured + order.refunded == order.price
            assert min(order.held, order.captured, order.refunded) >= 0
        assert len({(await stage.order(number)).state for number in range(1, ROUNDS + 1)}) > 3


async def test_no_balance_is_believed_that_is_no_number(tmp_path: Path, clock: FakeClock) -> None:
    """It is unreadable or finite and of sane size; a purse of a negative or huge sum breaks nothing."""
    async with open_desk(tmp_path, clock) as desk:
        fake = desk.stage.panels[ALPHA]
        believed = []
        for nasty in NASTY:
            for currency in ('"USD"', nasty):
                answer = read(f'{{"balance": {nasty}, "currency": {currency}}}')
                try:
                    fake.purse = balance_of(answer)
                except PanelError:
                    continue
                believed.append(fake.purse.amount)
                await rounds.ask_balance(desk.stage.shop, ALPHA)
        assert all(amount.is_finite() and abs(amount) < 10**18 for amount in believed)
        assert len(believed) > 3
        fake.purse = replace(fake.purse, amount=Decimal(1000), currency="USD")
        await rounds.ask_balance(desk.stage.shop, ALPHA)


@pytest.mark.parametrize("field", ["order", "error", "status", "data"])
def test_no_answer_to_add_raises(field: str) -> None:
    """Each comes to one of the five outcomes, whatever stands in it."""
    kinds: set[str] = set()
    for nasty in NASTY:
        for code in (200, 400, 500):
            body = f'{{"{field}": {nasty}}}'.encode("utf-8", "surrogatepass")
            kinds.add(type(add_outcome(Answer(code, None, body))).__name__)
    assert kinds <= {"Placed", "Refused", "Throttled", "NotSent", "Unknown"}
    assert "Unknown" in kinds


def test_words_of_a_panel_are_short() -> None:
    """What is kept of an error's own words is a sentence, however long it was."""
    answer: Any = read(json.dumps({"5": {"error": "x" * 1_000_000}}))
    report = status_reports(answer, ["5"])["5"]
    assert isinstance(report, Rejected)
    assert len(report.words) <= 300
