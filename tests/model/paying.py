"""The plain rules of money that comes in by itself, and goes back: once by its charge, and owed where it was spent."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tests.model.plain import ADMINS, OWNER, Plain

# What a Star is worth in the shop's currency.
STAR = Decimal("0.013")
OPEN_FOR = 3600


@dataclass
class Payment:
    """Money that somebody means to pay, or paid. ``stars`` is what was asked for."""

    id: int
    user: int
    amount: int
    stars: int
    expires: datetime
    state: str = "open"
    charge: str | None = None


def stars_for(amount: int) -> int:
    """Whole Stars, rounded up."""
    return ceil(Fraction(amount) / (Fraction(STAR) * 10_000))


def begin(plain: Plain, user: int, amount: int) -> Payment:
    """A customer is shown an invoice."""
    number = len(plain.payments) + 1
    payment = Payment(number, user, amount, stars_for(amount), plain.after(OPEN_FOR))
    plain.payments[number] = payment
    return payment


def receive(plain: Plain, payment: Payment, payer: int, charge: str) -> object:
    """Telegram reports a payment: what was asked, from whom it was asked, or something else."""
    known = next((each for each in plain.payments.values() if each.charge == charge), None)
    if known is not None:
        return ("paid", known.user, known.amount)
    fits = payer == payment.user
    if not fits or payment.state not in {"open", "expired"}:
        amount = payment.amount if fits else int(STAR * 10_000 * payment.stars // 1)
        number = len(plain.payments) + 1
        payment = Payment(number, payer, amount, payment.stars, plain.now)
        plain.payments[number] = payment
        plain.tell_admins("payment_found")
    payment.state, payment.charge = "paid", charge
    plain.move(payer, payment.amount)
    plain.said.append((payer, "topped_up", None, ""))
    return ("paid", payer, payment.amount)


def taken_back(plain: Plain, payment: Payment) -> None:
    """Telegram says that a payment went back, asked for or not; a wish may have been called off meanwhile."""
    if payment.state == "refunding":
        payment.state = "refunded"
        plain.said.append((payment.user, "paid_back", None, ""))
    elif payment.state == "paid":
        payment.state = "refunded"
        plain.move(payment.user, -payment.amount, forced=True)
        plain.said.append((payment.user, "paid_back", None, ""))
        plain.tell_admins("payment_reversed")


def refund(plain: Plain, payment: Payment, *, forced: bool) -> object:
    """An admin gives a payment back: the wallet first, then Telegram is asked."""
    if payment.charge is None or payment.state not in {"paid", "refunding", "refunded"}:
        return "CannotRefund"
    if payment.state != "paid":
        return ("payment", payment.state)
    if not plain.move(payment.user, -payment.amount, forced=forced):
        return "Spent"
    payment.state = "refunding"
    plain.said += [(admin, "refunding", None, "") for admin in ADMINS if admin != OWNER]
    return ("payment", "refunding")


def housekeeping(plain: Plain) -> None:
    """An invoice that nobody paid in time is let go of, in silence."""
    for payment in plain.payments.values():
        if payment.state == "open" and payment.expires <= plain.now:
            payment.state = "expired"
