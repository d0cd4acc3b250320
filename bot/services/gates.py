"""Whether a panel takes ``add`` now: closed by its account, probed when answers got lost, paused by hand."""

from datetime import timedelta
from decimal import Decimal

from bot.domain import money
from bot.domain.decisions import AddEffect
from bot.domain.orders import Order, Reason
from bot.domain.panels import Gate, PanelRecord
from bot.services import currencies
from bot.services.news import clear_alert, raise_alert, tell_admins
from bot.services.shop import Shop
from bot.storage import mail, orders, panels, queues
from bot.storage.database import Transaction

# So many lost answers in a row are no accident: the panel is paused before it swallows more orders.
UNKNOWNS_TO_PAUSE = 3
# How long a paused panel is left alone before one order probes it, in seconds: from a minute, doubling to an hour.
FIRST_PROBE_GAP, LONGEST_PROBE_GAP = 60, 3600
# A panel that says "no funds" while its balance looks fine is asked again at this pace, in seconds.
GATE_REST = 10
# How many `add` calls a healthy panel has in flight at most.
IN_FLIGHT = 4


async def may_claim(tx: Transaction, panel: PanelRecord) -> bool:
    """Whether an order may be claimed for this panel now."""
    if panel.rest_until is not None and panel.rest_until > tx.now:
        return False
    in_flight = await queues.submitting(tx, panel.name)
    if panel.gate is None:
        return in_flight < IN_FLIGHT
    probing = panel.gate is Gate.UNKNOWNS and panel.probe_at is not None and panel.probe_at <= tx.now
    return probing and in_flight == 0


async def claimed(tx: Transaction, panel: PanelRecord) -> None:
    """Note that an order was claimed: while probing, the next has to wait, each time twice as long."""
    if panel.gate is Gate.UNKNOWNS:
        gap = min(panel.probe_gap * 2, LONGEST_PROBE_GAP)
        await panels.put(tx, panel.name, probe_gap=gap, probe_at=tx.now + timedelta(seconds=gap))


async def after_add(tx: Transaction, shop: Shop, panel: PanelRecord, effect: AddEffect, words: str) -> None:
    """What an ``add`` answer, other than Placed, does to the panel."""
    if effect.rest is not None:
        await panels.put(tx, panel.name, rest_until=tx.now + timedelta(seconds=effect.rest))
    if effect.gate is not None and panel.gate is not Gate.ADMIN:
        await _close(tx, shop, panel, Gate(effect.gate.value), words)
    if effect.unknown:
        await _count_unknown(tx, shop, panel)


async def _close(tx: Transaction, shop: Shop, panel: PanelRecord, gate: Gate, words: str) -> None:
    await panels.put(tx, panel.name, gate=gate.value, gate_words=words, gate_at=tx.now)
    if panel.gate not in {None, gate}:
        await mail.clear_alert(tx, f"gate:{panel.name}")  # closed for another reason now: that is new
    await raise_alert(tx, shop, f"gate:{panel.name}", "gate", panel=panel.name, gate=gate.value, words=words)
    tx.wake("balance")


async def _count_unknown(tx: Transaction, shop: Shop, panel: PanelRecord) -> None:
    unknowns = panel.unknowns + 1
    columns: dict[str, object] = {"unknowns": unknowns}
    if panel.gate is Gate.UNKNOWNS:
        columns["probe_at"] = tx.now + timedelta(seconds=panel.probe_gap)
    elif panel.gate is None and unknowns >= UNKNOWNS_TO_PAUSE:
        columns |= _probing(tx)
        await raise_alert(tx, shop, f"gate:{panel.name}", "gate", panel=panel.name, gate=Gate.UNKNOWNS.value, words="")
    await panels.put(tx, panel.name, **columns)


def _probing(tx: Transaction) -> dict[str, object]:
    return {
        "gate": Gate.UNKNOWNS.value,
        "gate_words": "",
        "gate_at": tx.now,
        "probe_gap": FIRST_PROBE_GAP,
        "probe_at": tx.now + timedelta(seconds=FIRST_PROBE_GAP),
    }


async def placed(tx: Transaction, shop: Shop, panel: PanelRecord) -> None:
    """A Placed ends a row of lost answers, and the pause they led to."""
    await panels.put(tx, panel.name, unknowns=0)
    if panel.gate is Gate.UNKNOWNS:
        await open_gate(tx, shop, panel)
    elif panel.gate is None:  # the proof that it is well again, where its balance alone had opened it
        await _over(tx, shop, panel)


async def _over(tx: Transaction, shop: Shop, panel: PanelRecord) -> None:
    await clear_alert(tx, shop, f"gate:{panel.name}", "gate", panel=panel.name, gate=None)


async def open_gate(tx: Transaction, shop: Shop, panel: PanelRecord) -> None:
    """Let the panel take ``add`` again."""
    await panels.put(
        tx,
        panel.name,
        gate=None,
        gate_words="",
        gate_at=None,
        unknowns=0,
        probe_at=None,
        probe_gap=0,
        rest_until=None,
    )
    await _over(tx, shop, panel)
    tx.wake("place")


async def _open_by_balance(tx: Transaction, panel: PanelRecord) -> None:
    """The account looks well again. The alert stands until something is placed, so that a panel which refuses in spite
    of its balance is not told of every minute; answers that got lost before are as lost as they were.
    """
    columns: dict[str, object] = {"gate": None, "gate_words": "", "gate_at": None}
    if panel.unknowns >= UNKNOWNS_TO_PAUSE:
        columns = _probing(tx)
    await panels.put(tx, panel.name, **columns)
    tx.wake("place")


async def pause(tx: Transaction, shop: Shop, name: str) -> None:
    """Stop sending orders to a panel until an admin resumes it."""
    await panels.put(tx, name, gate=Gate.ADMIN.value, gate_words="", gate_at=tx.now)
    await clear_alert(tx, shop, f"gate:{name}", "gate", panel=name, gate=Gate.ADMIN.value)


async def resume(tx: Transaction, shop: Shop, name: str) -> None:
    """Send orders to a panel again, whatever closed it, and those first that were held back for its funds."""
    for order in await queues.waiting(tx, name):
        if order.reason is Reason.FUNDS:
            await orders.touch(tx, order.id, reason=None, next_try_at=tx.now)
    await open_gate(tx, shop, await panels.find(tx, name))


def order_cost(shop: Shop, order: Order) -> int | None:
    """What the panel would charge for an order now, in the shop's currency; None where nobody can say.

    The order's own rate stands in for a service that is no longer listed.
    """
    exchange = shop.shelf.exchange.get(order.panel)
    if exchange is None:
        return None
    service = shop.shelf.listed(order.snapshot.service)
    rate = order.snapshot.rate if service is None else service.rate
    package = service.package if service is not None else order.snapshot.package
    return money.cost(rate, exchange=exchange, quantity=order.quantity, package=package)


def purse(shop: Shop, name: str, balance: Decimal) -> int | None:
    """A panel's balance in ten-thousandths of the shop's currency; None where nobody knows its exchange rate."""
    exchange = shop.shelf.exchange.get(name)
    return None if exchange is None else int(balance * exchange * money.SCALE)


def affords(shop: Shop, panel: PanelRecord, order: Order) -> bool:
    """Whether an order the panel refused for want of funds is covered by what its purse held since.

    Only such orders are measured: one that is too dear must not keep a cheaper one behind it from being sent.
    """
    cost = order_cost(shop, order)
    held = None if panel.balance is None else purse(shop, panel.name, panel.balance)
    return order.reason is not Reason.FUNDS or cost is None or held is None or cost <= held


async def after_balance(tx: Transaction, shop: Shop, name: str, balance: Decimal, currency: str | None) -> None:
    """Note what a panel's purse holds; open the panel again, or warn, as that tells."""
    currency = await currencies.hear(tx, shop, await panels.find(tx, name), currency)
    await panels.put(tx, name, balance=balance, currency=currency, balance_at=tx.now)
    await answered(tx, shop, name, "balance")
    held = purse(shop, name, balance)
    if held is None or await currencies.held(tx, name) is not None:  # nobody knows what it is worth
        return
    # What an admin is asked about is not sent, whatever the purse holds.
    waiting = [order for order in await queues.waiting(tx, name) if order.question is None]
    costs = [cost for cost in (order_cost(shop, order) for order in waiting) if cost is not None]
    panel = await panels.find(tx, name)
    shut_by_account = panel.gate in {Gate.FUNDS, Gate.KEY, Gate.ACCOUNT}
    if shut_by_account and held >= min(costs, default=0) and _rested(tx, panel):
        await _open_by_balance(tx, panel)
        panel = await panels.find(tx, name)
    if not waiting and panel.gate is None:
        await _over(tx, shop, panel)  # nothing is left that could prove it
    key = f"low:{name}"
    if sum(costs) > held:
        facts = {"panel": name, "balance": str(balance), "currency": currency, "needed": sum(costs)}
        await raise_alert(tx, shop, key, "low", **facts)
    else:
        await clear_alert(tx, shop, key, "low", panel=name)


def _rested(tx: Transaction, panel: PanelRecord) -> bool:
    """Whether the panel was left alone for a moment: a balance can be ahead of what ``add`` believes."""
    return panel.gate_at is None or tx.now - panel.gate_at >= timedelta(seconds=GATE_REST)


# What a panel can fail at. Out of reach is one thing, whatever was asked; else each action may fail by itself.
REACH = "reach"


async def silent(tx: Transaction, shop: Shop, name: str, why: str, action: str = REACH) -> None:
    """Note that a panel does not answer; the admins hear it once, until ``answered`` says that it is over."""
    if (await panels.find(tx, name)).answers:
        await panels.put(tx, name, answers=False)
        await raise_alert(tx, shop, f"silent:{name}:{action}", "silent", panel=name, words=why)


async def answered(tx: Transaction, shop: Shop, name: str, action: str) -> None:
    """Note that a panel answered. What failed has to work again for that: a panel that tells its balance and answers
    every question for a status with a web page would else be silent, and over it, every minute.
    """
    if (await panels.find(tx, name)).answers:
        return
    for key in (f"silent:{name}:{REACH}", f"silent:{name}:{action}"):
        if await mail.clear_alert(tx, key):
            await panels.put(tx, name, answers=True)
            await tell_admins(tx, shop, "alert_over", {"alert": "silent", "panel": name})
