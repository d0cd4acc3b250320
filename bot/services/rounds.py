"""One round of work with a panel: read what is due, call the panel, write what it said.

The call stands between two transactions, never inside one. Workers repeat these; commands may ask for one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from bot.domain.outcomes import AddOutcome, NotSent, Rejected, StatusReport, Throttled, Unknown
from bot.domain.requests import RequestKind
from bot.panel import PanelAnswerLostError, PanelError, PanelUnreachableError, never_sent
from bot.points import reach
from bot.services import evidence, gates, mass, paying, placing, requesting, support, syncing, tracking, waiting
from bot.services.apart import AT_ONCE
from bot.services.insisting import insist, write_at_last
from bot.services.placing import Claim
from bot.services.shop import Shop
from bot.services.syncing import Synced
from bot.storage.database import Transaction

log = logging.getLogger(__name__)

# So long before its lease is over the last try to write an answer down is made that is still in time.
BEFORE_LEASE = timedelta(seconds=5)


async def place_one(shop: Shop, panel: str) -> bool:
    """Send the next order that waits for a panel; False where none may be sent now."""
    claim = await claim_one(shop, panel)
    if claim is None:
        return False
    await send(shop, claim)
    return True


async def claim_one(shop: Shop, panel: str) -> Claim | None:
    """Take the next order that waits for a panel; None where none may be sent now. It has to be sent then."""
    async with shop.db.read() as reading:
        due = await waiting.next_order(reading, panel)
    if due is None or due > shop.db.clock():
        return None  # seen without a turn to write, for this is asked often
    async with shop.db.write() as tx:
        return await placing.claim(tx, shop, panel)


async def send(shop: Shop, claim: Claim) -> None:
    """Send an order that was claimed, and write down what became of it."""
    reach("add.before")
    try:
        outcome = await shop.panels[claim.order.panel].add(claim.fields)
    except asyncio.CancelledError as cancelled:
        # We are being stopped with the call under way: unless nothing was sent yet, nobody can tell from here
        # what the panel did with it.
        reason = "the shop was stopped during the call"
        lost = NotSent(reason) if never_sent(cancelled) else Unknown(reason)
        await write_at_last(partial(_settle, shop, claim, lost), what=_answer_to(claim, lost))
        raise
    reach("add.after")
    # The answer is known only here: neither stopping the shop nor a database in trouble may lose it, and whatever
    # happens to the books, the log has it.
    what = _answer_to(claim, outcome)
    log.info("%s", what)
    write = partial(_settle, shop, claim, outcome, heard=True)
    await insist(shop.db, write, what=what, until=claim.lease - BEFORE_LEASE)
    if isinstance(outcome, Unknown):
        await _gather_evidence(shop, claim)


async def _settle(shop: Shop, claim: Claim, outcome: AddOutcome, *, heard: bool = False) -> None:
    """Write down what an ``add`` came to; with ``heard``, what that tells of the panel too."""
    panel = claim.order.panel
    async with shop.db.write() as tx:
        await placing.settle(tx, shop, claim, outcome)
        if heard and isinstance(outcome, NotSent):
            await gates.silent(tx, shop, panel, outcome.reason)
        elif heard and not _says_nothing(outcome):
            await gates.answered(tx, shop, panel, "add")


def _answer_to(claim: Claim, outcome: AddOutcome) -> str:
    """What a panel said to an order, for the log."""
    words = f"{type(outcome).__name__} {placing.outcome_words(outcome)}"
    return f"order {claim.order.id}: {words} (panel {claim.order.panel}, attempt {claim.attempt})"


def _says_nothing(outcome: AddOutcome) -> bool:
    """Whether an outcome leaves open whether the panel answers: its answer got lost, or it was not asked."""
    return isinstance(outcome, Unknown) or (isinstance(outcome, Throttled) and outcome.ours)


async def _gather_evidence(shop: Shop, claim: Claim) -> None:
    """Look at the panel's purse while it still tells something about the lost order."""
    reach("balance.before")
    try:
        balance = await shop.panels[claim.order.panel].balance()
    except PanelError as error:
        log.info("no evidence for order %s: %s", claim.order.id, error)
        return
    reach("balance.after")
    async with shop.db.write() as tx:
        tx.work = "evidence"
        await evidence.note(tx, shop, claim.order, balance.amount)


async def track_once(shop: Shop, panel: str) -> int:
    """Ask a panel about the orders that are due, one batch; how many were asked about."""
    async with shop.db.read() as reading:
        asked = await tracking.due(reading, panel)
    if not asked.orders:
        return 0
    reach("status.before")
    try:
        answers = await shop.panels[panel].status(asked.ids)
    except PanelError as error:
        log.warning("panel %s did not tell the status of %d orders: %s", panel, len(asked.orders), error)
        async with shop.db.write() as tx:
            await tracking.postpone(tx, shop, asked)
            await _failed(tx, shop, panel, error, "status")
        return len(asked.orders)
    reach("status.after")
    async with shop.db.write() as tx:
        await tracking.apply(tx, shop, asked, answers)
        await gates.answered(tx, shop, panel, "status")
    return len(asked.orders)


async def ask_once(shop: Shop, panel: str, kind: RequestKind) -> int:
    """Ask a panel for what customers want of it, one batch of one kind; how many orders that was about."""
    async with shop.db.write() as tx:
        claim = await requesting.claim(tx, shop, panel, kind)
    if claim is None:
        return 0
    reach(f"{kind}.before")
    try:
        outcome = await _ask(shop, claim)
    except asyncio.CancelledError as cancelled:
        # As with an order: nobody can tell from here what the panel did, unless nothing was sent yet.
        lost = PanelUnreachableError if never_sent(cancelled) else PanelAnswerLostError
        error = lost("the shop was stopped during the call")
        await write_at_last(partial(_settle_requests, shop, claim, error), what=_answer_to_requests(claim, error))
        raise
    reach(f"{kind}.after")
    what = _answer_to_requests(claim, outcome)
    log.info("%s", what)
    write = partial(_settle_requests, shop, claim, outcome, heard=True)
    await insist(shop.db, write, what=what, until=claim.lease - BEFORE_LEASE)
    return len(claim.requests)


def _answer_to_requests(claim: requesting.Claim, outcome: requesting.Answers | PanelError) -> str:
    """What a panel said to requests, for the log: to each order by the shop's number."""
    if isinstance(outcome, PanelError):
        words = repr(outcome)
    else:
        words = "; ".join(f"order {each.order_id}: {outcome.get(number)}" for number, each in claim.requests.items())
    return f"panel {claim.panel}: {claim.kind} of {len(claim.requests)} orders: {words}"


async def _ask(shop: Shop, claim: requesting.Claim) -> requesting.Answers | PanelError:
    client, ids = shop.panels[claim.panel], list(claim.requests)
    try:
        return await (client.refill(ids) if claim.kind is RequestKind.REFILL else client.cancel(ids))
    except PanelError as error:
        log.warning("panel %s: %s of %d orders: %s", claim.panel, claim.kind, len(ids), error)
        return error


async def _settle_requests(
    shop: Shop, claim: requesting.Claim, outcome: requesting.Answers | PanelError, *, heard: bool = False
) -> None:
    """Write down what a call came to; with ``heard``, whether it reached the panel at all."""
    async with shop.db.write() as tx:
        await requesting.settle(tx, shop, claim, outcome)
        if heard and isinstance(outcome, PanelUnreachableError):
            await gates.silent(tx, shop, claim.panel, outcome.reason)
        elif heard and not isinstance(outcome, PanelError):
            await gates.answered(tx, shop, claim.panel, claim.kind.value)


async def follow_once(shop: Shop, panel: str) -> int:
    """Ask a panel about the refills that are due, one batch; how many were asked about."""
    async with shop.db.read() as reading:
        asked = await requesting.due(reading, panel)
    if not asked:
        return 0
    reach("refill_status.before")
    try:
        reports = await shop.panels[panel].refill_status([each.panel_refill for each in asked if each.panel_refill])
    except PanelError as error:
        log.warning("panel %s did not tell the status of %d refills: %s", panel, len(asked), error)
        async with shop.db.write() as tx:
            await requesting.postpone(tx, shop, asked)
        return len(asked)
    reach("refill_status.after")
    async with shop.db.write() as tx:
        await requesting.follow(tx, shop, panel, asked, reports)
        await gates.answered(tx, shop, panel, "refill_status")
    return len(asked)


async def _failed(tx: Transaction, shop: Shop, panel: str, error: PanelError, action: str) -> None:
    out_of_reach = isinstance(error, PanelUnreachableError)
    await gates.silent(tx, shop, panel, str(error), gates.REACH if out_of_reach else action)


async def look(shop: Shop, panel: str, panel_order: str) -> StatusReport | Rejected | None:
    """Ask a panel about one order; None where it says nothing or does not answer."""
    try:
        answers = await shop.panels[panel].status([panel_order])
    except PanelError as error:
        log.warning("panel %s did not tell the status of one order: %s", panel, error)
        return None
    return answers.get(panel_order)


async def ask_balance(shop: Shop, panel: str) -> bool:
    """Ask a panel for its balance, and do what that tells; False where it does not answer."""
    try:
        balance = await shop.panels[panel].balance()
    except PanelError as error:
        log.warning("panel %s did not tell its balance: %s", panel, error)
        async with shop.db.write() as tx:
            await _failed(tx, shop, panel, error, "balance")
        return False
    async with shop.db.write() as tx:
        await gates.after_balance(tx, shop, panel, balance.amount, balance.currency)
        known = shop.shelf.exchange
        rates = await syncing.exchange_rates(tx, shop)
        shelf = None if rates == known else await syncing.restock(tx, shop)
    if shelf is not None:
        await syncing.put_out(shop, shelf)
    return True


async def sync(shop: Shop, panel: str) -> Synced | None:
    """Bring a panel's part of the catalogue up to date; None where the panel did not list its services."""
    log.info("panel %s: asking for its services", panel)
    await ask_balance(shop, panel)
    try:
        listed = await shop.panels[panel].services()
    except PanelError as error:
        log.warning("panel %s did not list its services, the catalogue stays as it is: %s", panel, error)
        async with shop.db.write() as tx:
            await _failed(tx, shop, panel, error, "services")
        return None
    for reason in listed.skipped[:20]:
        log.warning("panel %s: passed over %s", panel, reason)
    log.info("panel %s: %d services listed, writing them", panel, len(listed.offers))
    async with shop.db.write() as tx:
        await gates.answered(tx, shop, panel, "services")
        done = await syncing.sync_panel(tx, shop, panel, listed.offers)
        shelf = await syncing.restock(tx, shop)
    await syncing.put_out(shop, shelf)
    log.info(
        "panel %s: %d services, %d new, %d changed, %d retired%s",
        panel,
        done.listed,
        done.new,
        done.changed,
        done.retired,
        ", DOUBTFUL: waiting for a second list like it" if done.doubtful else "",
    )
    return done


async def _follow_mass_orders(tx: Transaction, _shop: Shop) -> None:
    await mass.follow(tx)


# What time alone brings about: leases that expire, waits that last too long, reminders, old mail.
_DUTIES: tuple[Callable[[Transaction, Shop], Awaitable[int | None]], ...] = (
    placing.expire_leases,
    requesting.expire_leases,
    paying.expire_overdue,
    placing.give_up,
    tracking.ask_about_silence,
    tracking.remind,
    _follow_mass_orders,
    support.look_after,
)


async def housekeeping(shop: Shop) -> None:
    """Every duty that time alone brings about, in transactions of its own: one that fails is logged, and no other
    waits for it. One that has much to do does it in parts, and lets others write in between.
    """
    for duty in _DUTIES:
        try:
            while await _part_of(shop, duty) >= AT_ONCE:
                pass
        except Exception:
            log.exception("%s.%s failed, and is tried again next time", duty.__module__, duty.__name__)


async def _part_of(shop: Shop, duty: Callable[[Transaction, Shop], Awaitable[int | None]]) -> int:
    async with shop.db.write() as tx:
        return await duty(tx, shop) or 0
