"""Money in and out of wallets. Each function is one transfer; amounts in ten-thousandths of the shop's currency."""

from dataclasses import dataclass

from bot.domain.errors import ShopError
from bot.domain.ledger import Account, Movement, Posting, TransferKind
from bot.domain.orders import Order
from bot.domain.people import User
from bot.services.shop import Shop
from bot.storage import ledger, mail, orders, people
from bot.storage.database import Transaction
from bot.storage.facts import fix_currency

SHOWN_MOVEMENTS = 10


class NoSuchCustomer(ShopError):
    """An admin named somebody who never wrote to the bot."""


class WalletTooLow(ShopError):
    """A debit that the wallet does not cover."""


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet as its customer sees it."""

    available: int
    on_hold: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Whose wallet an admin changed, and what is in it now."""

    user: User
    amount: int
    available: int


async def view(tx: Transaction, user: int) -> WalletView:
    """Available, on hold, and the last movements."""
    return WalletView(
        await ledger.available(tx, user),
        await ledger.on_hold(tx, user),
        tuple(await ledger.movements(tx, user, limit=SHOWN_MOVEMENTS)),
    )


async def adjust(tx: Transaction, shop: Shop, *, admin: int, user: int, amount: int, reason: str, key: str) -> Adjusted:
    """Credit (amount > 0) or debit (amount < 0) a wallet by hand, and tell the customer.

    ``key`` names the command, so that a command handled twice moves money once. Raises ``NoSuchCustomer`` or
    ``WalletTooLow``.
    """
    person = await people.find_user(tx, user)
    if person is None:
        raise NoSuchCustomer("customer.unknown", user=user)
    await fix_currency(tx, shop.settings.currency)
    await ledger.open_wallet(tx, user)
    kind = TransferKind.CREDIT if amount > 0 else TransferKind.DEBIT
    moved = await ledger.transfer(
        tx,
        [Posting(Account.OUTSIDE, 0, -amount), Posting(Account.WALLET, user, amount)],
        key=f"{kind.value}:{key}",
        kind=kind,
        user=user,
        admin=admin,
        reason=reason,
    )
    available = await ledger.available(tx, user)
    if not moved:
        raise WalletTooLow("wallet.too_low", available=available)
    await mail.post(tx, user, kind.value, {"amount": abs(amount), "reason": reason, "available": available})
    others = {"admin": admin, "user": user, "name": person.name, "amount": amount, "reason": reason}
    for other in shop.settings.admin_ids - {admin, user}:
        await mail.post(tx, other, "adjusted", others)
    return Adjusted(person, amount, available)


async def hold(tx: Transaction, order: int, *, user: int, price: int) -> bool:
    """Set the price of an order aside; False where the wallet is short, and then nothing moved."""
    return await ledger.transfer(
        tx,
        [Posting(Account.WALLET, user, -price), Posting(Account.HOLD, order, price)],
        key=f"hold:{order}",
        kind=TransferKind.HOLD,
        user=user,
        order=order,
    )


async def settle(tx: Transaction, order: Order, *, captured: int, refunded: int, admin: int | None = None) -> None:
    """Take the whole hold of an order apart, once: earned by the shop and given back."""
    await orders.release_hold(tx, order.id, captured=captured, refunded=refunded)
    moved = await ledger.transfer(
        tx,
        [
            Posting(Account.HOLD, order.id, -(captured + refunded)),
            Posting(Account.SALES, 0, captured),
            Posting(Account.WALLET, order.user_id, refunded),
        ],
        key=f"settle:{order.id}",
        kind=TransferKind.SETTLE,
        user=order.user_id,
        order=order.id,
        admin=admin,
    )
    if not moved:
        raise LookupError(f"the wallet of user {order.user_id} took no refund of order {order.id}")
