"""Makes entries in the books, as the services would, for tests that need some."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.domain.catalog import Offer, ServiceType
from bot.domain.ledger import Account, Posting, TransferKind
from bot.domain.orders import ENDED, Order, OrderState, Question, Snapshot
from bot.domain.payments import STARS, Payment, PaymentState, Quote, new_code
from bot.storage import catalogue, ledger, mail, orders, panels, payments, people
from bot.storage.database import Database, Transaction

PANEL = "ALPHA"
# Telegram's ids have up to 52 significant bits.
ANNA, BORIS, CLARA = 2**52 - 1, 6_000_000_001, 7_000_000_002
FUNDS = 1_000_000
PRICE = 12_345

OFFER = Offer(
    panel_service="7",
    name='Likes <b>"fast"</b> & cheap',
    type_word="Default",
    category="Instagram Likes",
    rate=Decimal("0.90"),
    minimum=50,
    maximum=10_000,
    refill=True,
    cancel=None,
    dripfeed=False,
)

# What an answer to `add` makes of an order.
AFTER = {
    "placed": OrderState.PENDING,
    "refused": OrderState.WAITING,
    "throttled": OrderState.WAITING,
    "not_sent": OrderState.WAITING,
    "unknown": OrderState.UNCERTAIN,
}


async def open_shop(tx: Transaction) -> None:
    """A panel with one service on sale, and two customers with money."""
    await panels.ensure(tx, PANEL, "panel.example")
    categories = await catalogue.category_ids(tx, [OFFER.category])
    await catalogue.put(tx, PANEL, [(OFFER, categories[OFFER.category], 0, ServiceType.DEFAULT)])
    for user, name in ((ANNA, "Anna"), (BORIS, "Борис")):
        await people.see_user(tx, user, name=name, username=name.lower(), language="en")
        await credit(tx, user, FUNDS, key=f"first:{user}")


async def credit(tx: Transaction, user: int, amount: int, *, key: str) -> None:
    """Pay money into a wallet."""
    await ledger.open_wallet(tx, user)
    entries = [Posting(Account.OUTSIDE, 0, -amount), Posting(Account.WALLET, user, amount)]
    assert await ledger.transfer(tx, entries, key=key, kind=TransferKind.CREDIT, user=user, admin=1)


async def snapshot(tx: Transaction) -> Snapshot:
    """The one service, as it is sold."""
    [(service, _)] = await catalogue.on_sale(tx)
    return Snapshot(
        service=service.id,
        panel_service=service.panel_service,
        name=service.name,
        type=service.type,
        category=service.category,
        rate=service.rate,
        exchange=Decimal(1),
        minimum=service.minimum,
        maximum=service.maximum,
        refill=service.refill,
        cancel=service.cancel,
        dripfeed=service.dripfeed,
    )


async def buy(tx: Transaction, user: int = ANNA, *, price: int = PRICE) -> Order:
    """A new order, its price held."""
    sold = await snapshot(tx)
    draft = await people.new_draft(tx, user, sold.service, {})
    number = await orders.insert_order(
        tx,
        user=user,
        draft=draft,
        panel=PANEL,
        snapshot=sold,
        answers={"link": "https://example.com/p/1", "quantity": 100},
        link_key="example.com/p/1",
        quantity=100,
        price=price,
    )
    entries = [Posting(Account.WALLET, user, -price), Posting(Account.HOLD, number, price)]
    kind = TransferKind.HOLD
    assert await ledger.transfer(tx, entries, key=f"hold:{number}", kind=kind, user=user, order=number)
    await people.drop_draft(tx, draft, user=user)
    return await read(tx, number)


async def read(tx: Transaction, number: int) -> Order:
    """An order that exists."""
    order = await orders.find(tx, number)
    assert order is not None
    return order


async def claim(tx: Transaction, order: Order) -> int:
    """Take an order to be sent; the attempt's id."""
    lease = tx.now + timedelta(minutes=1)
    attempt = await orders.start_attempt(tx, order.id, lease)
    await orders.change(tx, order, OrderState.SUBMITTING, "claimed", {"attempt": attempt}, lease_until=lease)
    return attempt


async def send(tx: Transaction, order: Order, outcome: str, words: str = "") -> Order:
    """One attempt, from its claim to what its answer makes of the order."""
    attempt = await claim(tx, order)
    order = await read(tx, order.id)
    assert await orders.finish_attempt(tx, attempt, outcome, words)
    state = AFTER[outcome]
    columns: dict[str, Any] = {"lease_until": None}
    if outcome == "placed":
        columns |= {"panel_order": words, "placed_at": tx.now, "check_at": tx.now}
    if outcome == "unknown":
        columns |= {"question": Question.UNCERTAIN.value, "asked_at": tx.now}
    await orders.change(tx, order, state, "placed" if outcome == "placed" else state.value, **columns)
    return await read(tx, order.id)


async def resend(tx: Transaction, order: Order) -> Order:
    """An admin has an uncertain order sent again."""
    await orders.change(tx, order, OrderState.WAITING, "resend", {"admin": 1}, question=None)
    return await read(tx, order.id)


async def end(tx: Transaction, order: Order, state: OrderState, *, refunded: int = 0) -> Order:
    """The end of an order, its hold taken apart, its customer told."""
    assert state in ENDED
    await orders.change(tx, order, state, state.value, ended_at=tx.now, question=None)
    await settle(tx, order, refunded=refunded)
    await mail.post(tx, order.user_id, "order", {}, order=order.id, key=f"order:{order.id}:{state}")
    return await read(tx, order.id)


async def settle(tx: Transaction, order: Order, *, refunded: int) -> None:
    """Take a hold apart."""
    captured = order.held - refunded
    await orders.release_hold(tx, order.id, captured=captured, refunded=refunded)
    entries = [
        Posting(Account.HOLD, order.id, -order.held),
        Posting(Account.SALES, 0, captured),
        Posting(Account.WALLET, order.user_id, refunded),
    ]
    key, kind = f"settle:{order.id}", TransferKind.SETTLE
    assert await ledger.transfer(tx, entries, key=key, kind=kind, user=order.user_id, order=order.id)


async def live(db: Database) -> dict[str, int]:
    """A shop that has seen everything: the numbers of its orders, by what became of them."""
    seen: dict[str, Order] = {}
    async with db.write() as tx:
        await open_shop(tx)
        seen["waiting"] = await buy(tx)
        seen["in flight"] = await buy(tx)
        await claim(tx, seen["in flight"])
        seen["pending"] = await send(tx, await buy(tx), "placed", "101")
        done = await send(tx, await buy(tx, BORIS), "placed", "102")
        seen["completed"] = await end(tx, done, OrderState.COMPLETED)
        done = await send(tx, await buy(tx), "placed", "103")
        seen["partial"] = await end(tx, done, OrderState.PARTIAL, refunded=PRICE // 3)
        seen["free"] = await end(tx, await send(tx, await buy(tx, price=0), "placed", "104"), OrderState.COMPLETED)
        withdrawn = await buy(tx, BORIS)
        seen["withdrawn"] = await end(tx, withdrawn, OrderState.CANCELED, refunded=PRICE)
        refused = await buy(tx)
        attempt = await claim(tx, refused)
        await orders.finish_attempt(tx, attempt, "refused", "link: bad link")
        refused = replace(refused, state=OrderState.SUBMITTING)
        seen["refused"] = await end(tx, refused, OrderState.REFUSED, refunded=PRICE)
    async with db.write() as tx:
        tried = await send(tx, await buy(tx), "not_sent", "no connection")
        tried = await send(tx, await send(tx, tried, "throttled"), "refused", "funds: not enough funds")
        seen["tried"] = await send(tx, tried, "placed", "105")
        seen["uncertain"] = await send(tx, await buy(tx, BORIS), "unknown", "timeout")
        again = await resend(tx, await send(tx, await buy(tx, BORIS), "unknown", "reset"))
        seen["sent again"] = await send(tx, again, "placed", "106")
        named = await send(tx, await buy(tx), "unknown", "timeout")
        await orders.add_event(tx, named.id, "decided_placed", named.state, {"admin": 1})
        columns: dict[str, Any] = {"panel_order": "107", "placed_at": tx.now, "question": None}
        await orders.change(tx, named, OrderState.PENDING, "decided_placed", **columns)
        seen["named"] = named
        open_sum = await send(tx, await buy(tx), "placed", "108")
        await orders.change(tx, open_sum, OrderState.PARTIAL, "partial", question="sum", ended_at=tx.now)
        await mail.post(tx, ANNA, "order", {}, order=open_sum.id, key=f"order:{open_sum.id}:partial")
        seen["sum open"] = open_sum
    return {name: order.id for name, order in seen.items()}


async def ask_payment(tx: Transaction, user: int = ANNA, *, amount: int = PRICE, **columns: Any) -> Payment:
    """A payment of Stars that was begun; ``columns`` as the table has them."""
    return await payments.insert_payment(
        tx,
        user=user,
        way="stars",
        amount=amount,
        asked=Quote(100, STARS),
        code=new_code(),
        expires_at=tx.now + timedelta(hours=1),
        **columns,
    )


async def pay(tx: Transaction, user: int = ANNA, *, charge: str, amount: int = PRICE) -> Payment:
    """A payment that came in, and is in the wallet."""
    asked = await ask_payment(tx, user, amount=amount)
    state, was = PaymentState.PAID, [PaymentState.OPEN]
    assert await payments.move(tx, asked.id, state, was=was, charge=charge, paid_at=tx.now, ended_at=tx.now)
    await ledger.open_wallet(tx, user)
    entries = [Posting(Account.OUTSIDE, 0, -amount), Posting(Account.WALLET, user, amount)]
    key, kind = f"topup:{asked.id}", TransferKind.TOP_UP
    assert await ledger.transfer(tx, entries, key=key, kind=kind, user=user, reason=asked.way)
    return await payments.get(tx, asked.id)


async def take_back(tx: Transaction, paid: Payment, kind: TransferKind, state: PaymentState) -> Payment:
    """A payment that leaves the wallet again, whatever is in there."""
    assert await payments.move(tx, paid.id, state, was=[PaymentState.PAID])
    entries = [Posting(Account.WALLET, paid.user_id, -paid.amount), Posting(Account.OUTSIDE, 0, paid.amount)]
    assert await ledger.transfer(
        tx, entries, key=f"payback:{paid.id}", kind=kind, user=paid.user_id, reason=paid.way, forced=True
    )
    return await payments.get(tx, paid.id)


async def payments_of_all_kinds(db: Database) -> dict[str, int]:
    """Payments by people who were seen, their numbers by what became of them. Clara spent hers, and owes it."""
    made: dict[str, Payment] = {}
    async with db.write() as tx:
        await people.see_user(tx, CLARA, name="Clara", username=None, language="ar")
        made["asked for"] = await ask_payment(tx)
        for state in (PaymentState.REVIEW, PaymentState.REJECTED, PaymentState.EXPIRED):
            made[state] = await ask_payment(tx)
            await payments.move(tx, made[state].id, state, was=[PaymentState.OPEN])
        made["credited"] = await pay(tx, charge="stx-1")
        going = await pay(tx, charge="stx-2")
        made["going back"] = await take_back(tx, going, TransferKind.PAYBACK, PaymentState.REFUNDING)
        given = await pay(tx, charge="stx-3")
        made["given back"] = await take_back(tx, given, TransferKind.PAYBACK, PaymentState.REFUNDED)
        spent = await pay(tx, CLARA, charge="stx-4")
        await buy(tx, CLARA)
        made["taken back"] = await take_back(tx, spent, TransferKind.REVERSAL, PaymentState.REFUNDED)
    return {name: payment.id for name, payment in made.items()}
