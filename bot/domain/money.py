"""Amounts of money: integers in ten-thousandths of the shop's currency, computed exactly, never as floats."""

import re
from decimal import ROUND_CEILING, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

from bot.domain.errors import BadInput
from bot.domain.texts import bare

SCALE = 10_000
DECIMALS = 4  # of SCALE

# A typo of a few zeros is refused, and the sum of a shop's wallets stays far inside 64 bits.
HIGHEST_AMOUNT = 1_000_000_000 * SCALE
LONGEST_AMOUNT = 32  # characters typed; no amount that can be taken needs more

_AMOUNT = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")

# Rates have up to 8 decimals and quantities up to 19 digits, so 200 digits hold every product. A value that
# would need more raises Inexact instead of being rounded in silence.
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def parse_amount(text: str) -> int:
    """Read an amount above zero as a person types it ("5", "12.50", "0,5"), in ten-thousandths.

    Raises BadInput for anything but ASCII digits with one decimal separator. "1,000" and "1.000" are refused too:
    half of the world means a thousand by either, and the other half one.
    """
    typed = bare(text)
    match = _AMOUNT.fullmatch(typed) if len(typed) <= LONGEST_AMOUNT else None
    if match is None:
        raise BadInput("amount.bad")
    whole, decimals = match[1], match[2] or ""
    if len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise BadInput("amount.ambiguous")
    if len(decimals) > DECIMALS:
        raise BadInput("amount.digits", limit=DECIMALS)
    amount = int(whole) * SCALE + int(decimals.ljust(DECIMALS, "0"))
    if amount < 1:
        raise BadInput("amount.too_small", lowest=1)
    if amount > HIGHEST_AMOUNT:
        raise BadInput("amount.too_large", highest=HIGHEST_AMOUNT)
    return amount


def to_amount(value: Decimal) -> int:
    """Return a sum in units of the currency as an amount, rounded up to the ten-thousandth."""
    return int(_EXACT.scaleb(value, DECIMALS).to_integral_value(rounding=ROUND_CEILING, context=_EXACT))


def to_decimal(amount: int) -> Decimal:
    """Return an amount in units of the currency, exactly."""
    return _EXACT.scaleb(Decimal(amount), -DECIMALS)


def price(rate: Decimal, *, exchange: Decimal, markup_percent: Decimal, quantity: int, package: bool) -> int:
    """Return what the customer pays, rounded up to the ten-thousandth.

    ``rate`` is the panel's price per 1000 in the panel's currency (once, where ``package``), ``exchange`` the
    shop's currency for one of the panel's. Raises ValueError for what is not a finite number of zero or more.
    """
    if not all(value.is_finite() and value >= 0 for value in (rate, exchange, markup_percent)) or quantity < 0:
        raise ValueError(f"no price: {rate=} {exchange=} {markup_percent=} {quantity=}")
    product = _EXACT.multiply(_EXACT.multiply(rate, exchange), _EXACT.add(Decimal(100), markup_percent))
    hundredths = _EXACT.multiply(product, Decimal(1000 if package else quantity))
    # ÷ 100 for the percents, ÷ 1000 for the rate, × SCALE.
    exact = _EXACT.scaleb(hundredths, DECIMALS - 5)
    return int(exact.to_integral_value(rounding=ROUND_CEILING, context=_EXACT))


def cost(rate: Decimal, *, exchange: Decimal, quantity: int, package: bool) -> int:
    """Return what the panel takes from the shop, in the shop's currency, rounded up to the ten-thousandth."""
    return price(rate, exchange=exchange, markup_percent=Decimal(0), quantity=quantity, package=package)


def partial_refund(price: int, *, remains: int, quantity: int) -> int:
    """Return what comes back when ``remains`` of the priced ``quantity`` were not delivered, rounded down.

    Raises ValueError unless 0 ≤ remains ≤ quantity and quantity > 0: such numbers are no basis for a refund.
    """
    if price < 0 or quantity <= 0 or not 0 <= remains <= quantity:
        raise ValueError(f"no basis for a refund: {price=} {remains=} {quantity=}")
    return price * remains // quantity


def share(held: int, *, done: int, of: int) -> int:
    """Return the part of a hold that is earned when ``done`` of ``of`` posts were served.

    Rounded down, in the customer's favour. Raises ValueError unless 0 ≤ done ≤ of and of > 0.
    """
    if held < 0 or of <= 0 or not 0 <= done <= of:
        raise ValueError(f"no share: {held=} {done=} {of=}")
    return held * done // of
