"""Steps of the machine: money that comes in by itself, and goes back."""

from hypothesis import strategies as st

from tests.model import drawn, paying
from tests.model.machine import Machine, happens, which
from tests.model.plain import ANNA, BORIS


@happens(
    2,
    user=drawn.users,
    amount=st.sampled_from([20_000, 30_001, 60_000]),
    how=st.sampled_from(["paid", "paid", "twice", "late", "stranger", "left"]),
)
def top_up(shop: Machine, user: int, amount: int, how: str) -> None:
    """A payment is begun and, perhaps, made: in time or late, told once or twice, by whom it was made for or not."""
    payment = paying.begin(shop.plain, user, amount)
    shop.same(("begun", payment.id, payment.stars), shop.real.begin_payment(user, amount), "top up")
    if how == "left":
        return
    if how == "late":
        shop.wait(paying.OPEN_FOR + 1, keep=True)
    payer = ANNA + BORIS - user if how == "stranger" else user
    for _ in range(2 if how == "twice" else 1):
        paid(shop, payment, payer, f"charge {payment.id}")


@happens(1, lambda shop: shop.plain.payments, number=which)
def pay_again(shop: Machine, number: int) -> None:
    """Another payment for an invoice that there once was, whatever became of it."""
    payment = shop.payment(number)
    shop.charges += 1
    paid(shop, payment, payment.user, f"again {shop.charges}")


def paid(shop: Machine, payment: paying.Payment, payer: int, charge: str) -> None:
    expected = paying.receive(shop.plain, payment, payer, charge)
    shop.same(expected, shop.real.receive(payer, charge, payment.id, payment.stars), "paid")


@happens(3, lambda shop: any(each.charge for each in shop.plain.payments.values()), number=which, spent=st.booleans())
def reversal(shop: Machine, number: int, spent: bool) -> None:
    """Telegram says that a payment went back; by then it may have been spent."""
    payment = shop.payment(number, charged=True)
    if spent and shop.plain.wallets[payment.user] > 0:
        shop.adjusted(payment.user, -shop.plain.wallets[payment.user])
    paying.taken_back(shop.plain, payment)
    owed = "owed" if shop.plain.owed.get(payment.user) else "covered"
    shop.same("taken back", shop.real.taken_back(payment.charge or ""), f"reversal, {owed}")


@happens(2, lambda shop: shop.plain.payments, number=which, forced=st.booleans(), confirmed=st.booleans())
def refund_payment(shop: Machine, number: int, forced: bool, confirmed: bool) -> None:
    """An admin gives a payment back; Telegram confirms it, perhaps, and a second time."""
    payment = shop.payment(number)
    expected = paying.refund(shop.plain, payment, forced=forced)
    shop.same(expected, shop.real.refund_payment(payment.id, forced=forced), f"refund of a payment {payment.state}")
    for _ in range(2 if confirmed else 0):
        paying.taken_back(shop.plain, payment)
        shop.same("confirmed", shop.real.confirm_refund(payment.id), "refund confirmed")
