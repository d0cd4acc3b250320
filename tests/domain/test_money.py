"""Amounts, prices and refunds."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.money import (
    HIGHEST_AMOUNT,
    SCALE,
    cost,
    parse_amount,
    partial_refund,
    price,
    share,
    to_decimal,
)

RATES = st.decimals(min_value=0, max_value=100_000, places=8)
EXCHANGES = st.decimals(min_value="0.000001", max_value=10_000, places=6)
MARKUPS = st.decimals(min_value=0, max_value=1_000, places=2)
QUANTITIES = st.integers(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("5", 50_000),
        ("12.50", 125_000),
        ("0,5", 5_000),
        ("10,55", 105_500),
        ("0.0001", 1),
        ("0,125", 1_250),
        ("007", 70_000),
        ("0.125", 1_250),
        ("1.2500", 12_500),
        ("1234.567", 12_345_670),
        (" 3\n", 30_000),
        ("\u20683\u2069", 30_000),
        ("1000000000", HIGHEST_AMOUNT),
    ],
)
def test_amounts_as_people_type_them(typed: str, amount: int) -> None:
    """An amount is ASCII digits with one decimal separator, point or comma."""
    assert parse_amount(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((junk, "amount.bad") for junk in ["", " ", "abc", "+5", "-5", "1e3", "nan", "NaN", "inf", "0x10", "１２"]),
        *((junk, "amount.bad") for junk in ["٣", "1 000", "1_000", "1.2.3", "1,000.50", ".5", "5.", "$5", "5\x00"]),
        *((junk, "amount.bad") for junk in ["²", "½", "1٫5", "9" * 33]),
        ("1,000", "amount.ambiguous"),
        *((either, "amount.ambiguous") for either in ["999,999", "1.000", "12.500", "100.000", "1.125"]),
        ("1.00001", "amount.digits"),
        ("0", "amount.too_small"),
        ("0.0000", "amount.too_small"),
        ("1000000000.0001", "amount.too_large"),
        ("9" * 32, "amount.too_large"),
    ],
)
def test_amounts_that_are_refused(typed: str, code: str) -> None:
    """Anything else is refused with its reason, and never read as another amount."""
    with pytest.raises(BadInput) as caught:
        parse_amount(typed)
    assert caught.value.code == code


@given(st.integers(min_value=1, max_value=HIGHEST_AMOUNT))
def test_an_amount_survives_being_written_and_read(amount: int) -> None:
    """An amount written with all its decimals reads back as itself."""
    assert parse_amount(f"{to_decimal(amount):f}") == amount
    assert to_decimal(amount) * SCALE == amount


@given(st.text())
def test_a_text_is_an_amount_only_if_it_is_plain_digits(text: str) -> None:
    """What is taken as an amount holds nothing but ASCII digits and one separator."""
    try:
        amount = parse_amount(text)
    except BadInput:
        return
    assert amount > 0
    typed = text.strip("\u2066\u2067\u2068\u2069\u200e\u200f \t\r\n\u00a0").replace(",", ".")
    assert Fraction(typed) * SCALE == amount


@pytest.mark.parametrize(
    ("rate", "exchange", "markup", "quantity", "package", "expected"),
    [
        ("0.90", "1", "30", 1000, False, 11_700),
        ("0.90", "1", "30", 50, False, 585),
        ("0.00000001", "1", "0", 1, False, 1),  # never for nothing
        ("1", "3.75", "0", 1000, False, 37_500),
        ("8", "1", "30", 7, True, 104_000),  # a package: the rate once
        ("0", "1", "30", 1000, False, 0),
    ],
)
def test_prices(*, rate: str, exchange: str, markup: str, quantity: int, package: bool, expected: int) -> None:
    """Price = rate × exchange × (1 + markup) × quantity ÷ 1000, or the rate once, rounded up."""
    got = price(
        Decimal(rate),
        exchange=Decimal(exchange),
        markup_percent=Decimal(markup),
        quantity=quantity,
        package=package,
    )
    assert got == expected


@given(RATES, EXCHANGES, MARKUPS, QUANTITIES, st.booleans())
def test_a_price_is_the_exact_one_rounded_up(
    rate: Decimal, exchange: Decimal, markup: Decimal, quantity: int, package: bool
) -> None:
    """A price is never below the exact product and less than one ten-thousandth above it."""
    units = Fraction(1) if package else Fraction(quantity, 1000)
    exact = Fraction(rate) * Fraction(exchange) * (1 + Fraction(markup) / 100) * units * SCALE
    got = price(rate, exchange=exchange, markup_percent=markup, quantity=quantity, package=package)
    assert exact <= got < exact + 1


@given(RATES, EXCHANGES, MARKUPS, QUANTITIES, QUANTITIES)
def test_a_price_grows_with_quantity_and_markup(
    rate: Decimal, exchange: Decimal, markup: Decimal, one: int, other: int
) -> None:
    """More is never cheaper than less, and no price is below the cost of the same quantity."""
    less, more = sorted((one, other))
    low = price(rate, exchange=exchange, markup_percent=markup, quantity=less, package=False)
    high = price(rate, exchange=exchange, markup_percent=markup, quantity=more, package=False)
    assert low <= high
    assert cost(rate, exchange=exchange, quantity=more, package=False) <= high


@pytest.mark.parametrize("rate", ["NaN", "Infinity", "-1", "sNaN"])
def test_no_price_from_what_is_no_number(rate: str) -> None:
    """A rate that is not a finite number of zero or more makes no price."""
    with pytest.raises(ValueError, match="no price"):
        cost(Decimal(rate), exchange=Decimal(1), quantity=1, package=False)


@given(st.integers(0, 10**15), st.integers(1, 10**12), st.data())
def test_a_refund_is_within_the_price(paid: int, quantity: int, data: st.DataObject) -> None:
    """A refund lies between nothing and the price, rounded down; all of it if all remains."""
    remains = data.draw(st.integers(0, quantity))
    refund = partial_refund(paid, remains=remains, quantity=quantity)
    assert 0 <= refund <= paid
    assert refund <= Fraction(paid * remains, quantity) < refund + 1
    assert partial_refund(paid, remains=0, quantity=quantity) == 0
    assert partial_refund(paid, remains=quantity, quantity=quantity) == paid


@pytest.mark.parametrize(("remains", "quantity"), [(-1, 10), (11, 10), (0, 0), (1, -1)])
def test_numbers_that_are_no_basis_for_a_refund(remains: int, quantity: int) -> None:
    """A panel's negative or too large remains give no refund by machine."""
    with pytest.raises(ValueError, match="no basis"):
        partial_refund(100, remains=remains, quantity=quantity)


@given(st.integers(0, 10**15), st.integers(1, 10_000), st.data())
def test_a_share_is_rounded_in_the_customers_favour(held: int, of: int, data: st.DataObject) -> None:
    """What is captured for some posts is never more than their exact part of the hold."""
    done = data.draw(st.integers(0, of))
    captured = share(held, done=done, of=of)
    assert captured <= Fraction(held * done, of) < captured + 1
    assert share(held, done=of, of=of) == held
    with pytest.raises(ValueError, match="no share"):
        share(held, done=of + 1, of=of)
