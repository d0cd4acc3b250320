"""Mass orders and requests in the books, as the services would make them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.ledger import Account, Posting, TransferKind
from bot.domain.mass import Line
from bot.domain.orders import Order
from bot.domain.requests import Request, RequestKind, RequestState
from bot.storage import batches, ledger, mail, orders, requests
from bot.storage.audit_requests import ASKING, WANTED
from bot.storage.database import Database, Transaction
from tests.storage import books
from tests.storage.books import ANNA, BORIS, PANEL, PRICE

LINES = tuple(Line(number, ("1", f"https://example.com/p/{number}", "100")) for number in (1, 3))


async def mass_order(tx: Transaction, user: int) -> tuple[int, list[Order]]:
    """A list that became orders, its customer told; its number and its orders."""
    number = await batches.new(tx, user, LINES)
    batch = await batches.find(tx, number, user=user)
    assert batch is not None
    prices = (PRICE,) * len(LINES)
    await batches.put_shown(tx, replace(batch, prices=prices, shown_at=tx.now))
    await batches.confirmed(tx, number)
    made = [await _line(tx, user, number, line.number) for line in LINES]
    await mail.post(tx, user, "mass", {"batch": number}, key=f"mass:{number}")
    return number, made


async def _line(tx: Transaction, user: int, batch: int, line: int) -> Order:
    number = await orders.insert_order(
        tx,
        user=user,
        draft=batches.draft_of(batch, line),
        panel=PANEL,
        snapshot=await books.snapshot(tx),
        answers={"link": f"https://example.com/p/{line}", "quantity": 100},
        link_key=f"example.com/p/{line}",
        quantity=100,
        price=PRICE,
        batch=batch,
    )
    entries = [Posting(Account.WALLET, user, -PRICE), Posting(Account.HOLD, number, PRICE)]
    kind = TransferKind.HOLD
    assert await ledger.transfer(tx, entries, key=f"hold:{number}", kind=kind, user=user, order=number)
    return await books.read(tx, number)


async def mass_orders_of_all_kinds(db: Database) -> dict[str, int]:
    """Mass orders by people who were seen, by what became of them, and an order of each ("line of …").

    Of the one that was reported on, an order is sent again.
    """
    async with db.write() as tx:
        listed = await batches.new(tx, ANNA, LINES)
        confirmed, [first, _] = await mass_order(tx, BORIS)
        reported, [again, placed] = await mass_order(tx, BORIS)
        await books.send(tx, placed, "placed", "201")
        uncertain = await books.send(tx, again, "unknown", "timeout")
        await mail.post(tx, BORIS, "mass_report", {}, key=f"mass:{reported}:report")
        await batches.reported(tx, reported)
        await books.resend(tx, uncertain)
    numbers = {"listed": listed, "confirmed": confirmed, "reported": reported}
    return numbers | {"line of confirmed": first.id, "line of reported": placed.id, "line again": again.id}


async def want(tx: Transaction, order: int, kind: RequestKind) -> Request:
    """A customer asks for something about an order."""
    found = await books.read(tx, order)
    await requests.insert_wanted(tx, [order], kind)
    await orders.add_event(tx, order, WANTED[kind], found.state)
    return next(each for each in (await requests.newest(tx, [order]))[order] if each.kind is kind)


async def ask(tx: Transaction, request: Request, state: RequestState, **columns: Any) -> None:
    """A call about a request, from its claim to what it comes to; ``columns`` as the table has them."""
    found = await books.read(tx, request.order_id)
    await orders.add_event(tx, found.id, ASKING[request.kind], found.state, {"request": request.id})
    is_open = columns.get("check_at") is not None or state is RequestState.ASKING
    ended = None if is_open else tx.now
    await requests.put_all(tx, {request.id: {"check_at": None, "state": state.value, "ended_at": ended, **columns}})


async def requests_of_all_kinds(db: Database, sold: Mapping[str, int]) -> dict[str, int]:
    """Requests about the orders of a shop that has seen everything, by what became of them."""
    made: dict[str, int] = {}
    refill, stop = RequestKind.REFILL, RequestKind.CANCEL
    async with db.write() as tx:
        followed: dict[str, Any] = {"check_at": tx.now, "panel_refill": "901"}
        for name, order, kind, state, columns in (
            ("asking", "partial", refill, RequestState.ASKING, {"lease_until": tx.now + timedelta(minutes=1)}),
            ("refilled", "completed", refill, RequestState.DONE, {"panel_refill": "900"}),
            ("following", "completed", refill, RequestState.RUNNING, followed),
            ("lost", "tried", stop, RequestState.LOST, {}),
            ("stopped", "pending", stop, RequestState.ASKED, {}),
        ):
            request = await want(tx, sold[order], kind)
            await ask(tx, request, state, **columns)
            made[name] = request.id
        tried = await want(tx, sold["sent again"], stop)
        await ask(tx, tried, RequestState.WANTED, check_at=tx.now, tries=1)
        await ask(tx, tried, RequestState.REFUSED, words="no")
        made["tried stop"] = tried.id
        made["not asked"] = (await want(tx, sold["named"], stop)).id
        over = await want(tx, sold["sum open"], stop)
        await requests.put_all(tx, {over.id: {"state": RequestState.DONE.value, "ended_at": tx.now, "check_at": None}})
    return made | {"asked order": sold["partial"]}
