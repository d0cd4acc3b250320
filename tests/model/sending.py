"""The plain rules of sending: when an order may go, what each answer does, when waiting is over."""

from datetime import timedelta

from bot.domain.outcomes import AddOutcome, NotSent, Placed, Refused, Throttled, Unknown
from tests.model.plain import Flight, Gate, Order, Plain

# A call's deadline of 30 s, and as much again for its answer to be written down.
LEASE = 60
ABOUT_SHOP = {"funds", "key", "account"}
AT_ONCE = 4
REST, LONGEST_REST = 30, 900
PROBE, LONGEST_PROBE = 60, 3600
LOST_IN_A_ROW = 3
RETRY, WAIT = timedelta(minutes=15), timedelta(hours=24)


def claim(plain: Plain) -> int | None:
    """The number of the next order to be sent, if any may be."""
    gate = plain.gate
    flying = sum(order.state == "submitting" for order in plain.orders.values())
    if gate.rests is not None and gate.rests > plain.now:
        return None
    if gate.why == "unknowns":
        if gate.probe is None or gate.probe > plain.now or flying:
            return None
    elif gate.why is not None or flying >= AT_ONCE:
        return None
    for order in plain.orders.values():
        if order.waits and order.next_try is not None and order.next_try <= plain.now and _may_go(plain, order):
            return _send(plain, order)
    return None


def _may_go(plain: Plain, order: Order) -> bool:
    cost = plain.order_cost(order)
    if cost > order.price and not order.at_a_loss:
        plain.ask(order, "cost")
        order.reason = "cost"
        plain.tell_admins("question", order.number, "cost")
        return False
    if order.reason == "funds" and cost > plain.gate.purse:
        order.next_try = plain.after(60)
        return False
    return True


def _send(plain: Plain, order: Order) -> int:
    order.state, order.lease, order.next_try = "submitting", plain.after(LEASE), None
    order.flights.append(Flight(order.number))
    if plain.gate.why == "unknowns":
        plain.gate.gap = min(plain.gate.gap * 2, LONGEST_PROBE)
        plain.gate.probe = plain.after(plain.gate.gap)
    return order.number


def believed(plain: Plain, order: Order, outcome: AddOutcome) -> AddOutcome:
    """A panel that gives one id twice has said nothing."""
    if isinstance(outcome, Placed):
        others = {each.panel_order for each in plain.orders.values() if each is not order}
        if outcome.panel_order in others:
            return Unknown("")
    return outcome


def settle(plain: Plain, flight: Flight, outcome: AddOutcome) -> None:
    """The answer to an ``add``, in time or late."""
    order = plain.orders[flight.order]
    outcome = believed(plain, order, outcome)
    if flight.answer is not None:
        _late(plain, order, flight, outcome)
        return
    flight.answer = type(outcome).__name__
    match outcome:
        case Placed(panel_order=panel_order):
            proven_well(plain)
            placed(plain, order, panel_order)
        case Unknown():
            lost(plain, order)
        case Refused(kind=kind) if kind == "active_link" and any(f.answer == "Unknown" for f in order.flights):
            lost(plain, order)
        case Refused(kind=kind) if kind in ABOUT_SHOP:
            _wait(plain, order, kind, 0)
            _shut(plain, kind)
        case Refused(kind=kind):
            refuse(plain, order, kind)
            plain.tell_admins("refused", order.number, kind)
        case Throttled(retry_after=seconds):
            rest = REST if seconds is None else min(max(seconds, 1), LONGEST_REST)
            plain.gate.rests = plain.after(rest)
            _wait(plain, order, "busy", rest)
        case NotSent():
            failures = [*order.unreachable, plain.now]
            _wait(plain, order, "unreachable", min(2 ** (len(failures) - 1), 60))
            order.unreachable = failures


def _wait(plain: Plain, order: Order, reason: str, seconds: float) -> None:
    order.state, order.reason, order.lease = "waiting", reason, None
    order.next_try, order.unreachable = plain.after(seconds), []
    plain.ask(order, None)


def refuse(plain: Plain, order: Order, reason: str) -> None:
    """Ended by the program, and everything given back."""
    order.state, order.reason, order.lease, order.next_try = "refused", reason, None, None
    order.ended = plain.now
    plain.ask(order, None)
    plain.take_apart(order, 0, order.held)
    plain.tell(order)


def placed(plain: Plain, order: Order, panel_order: str) -> None:
    """The panel has it."""
    order.state, order.panel_order, order.reason, order.lease = "pending", panel_order, None, None
    order.next_try, order.placed, order.check = None, plain.now, plain.after(60)
    order.question, order.asked = None, None
    plain.tell(order)


def lost(plain: Plain, order: Order) -> None:
    """Nobody knows what became of an ``add``: the money stays held, and an admin is asked."""
    order.state, order.reason, order.lease, order.next_try = "uncertain", None, None, None
    plain.ask(order, "uncertain")
    plain.tell(order, f"{order.number}:uncertain:{len(order.flights)}")
    plain.tell_admins("uncertain", order.number, "uncertain")
    gate = plain.gate
    gate.unknowns += 1
    if gate.why == "unknowns":
        gate.probe = plain.after(gate.gap)
    elif gate.why is None and gate.unknowns >= LOST_IN_A_ROW:
        probe_only(plain)
        plain.alarm("gate:alpha", "gate")


def probe_only(plain: Plain) -> None:
    """One order at a time, at growing gaps."""
    gate = plain.gate
    gate.why, gate.at, gate.gap, gate.probe = "unknowns", plain.now, PROBE, plain.after(PROBE)


def proven_well(plain: Plain) -> None:
    """An order was placed."""
    plain.gate.unknowns = 0
    if plain.gate.why == "unknowns":
        reopen(plain)
    elif plain.gate.why is None:
        plain.over("gate:alpha", "gate")


def reopen(plain: Plain) -> None:
    """The panel takes orders again."""
    plain.gate = Gate(purse=plain.gate.purse)
    plain.over("gate:alpha", "gate")


def _shut(plain: Plain, why: str) -> None:
    gate = plain.gate
    if gate.why == "admin":
        return
    if gate.why not in {None, why}:
        plain.alerts.discard("gate:alpha")  # another trouble is news
    gate.why, gate.at = why, plain.now
    plain.alarm("gate:alpha", "gate")


def _late(plain: Plain, order: Order, flight: Flight, outcome: AddOutcome) -> None:
    undecided = order.state == "uncertain" and order.flights[-1] is flight
    if isinstance(outcome, Placed) and undecided:
        flight.answer = "Placed"
        proven_well(plain)
        placed(plain, order, outcome.panel_order)
        return
    same = isinstance(outcome, Placed) and outcome.panel_order == order.panel_order
    if not same and not isinstance(outcome, Unknown):
        plain.tell_admins("alert", order.number, "late")


def expire(plain: Plain) -> None:
    """Whose lease is over, nobody will ever hear of."""
    for order in plain.orders.values():
        if order.state == "submitting" and order.lease is not None and order.lease <= plain.now:
            order.flights[-1].answer = "Unknown"
            lost(plain, order)


def give_up(plain: Plain) -> None:
    """What waited too long is given back."""
    for order in plain.orders.values():
        if order.state != "waiting":
            continue
        out_of_reach = order.reason == "unreachable" and order.unreachable[0] <= plain.now - RETRY
        if order.since <= plain.now - WAIT or (out_of_reach and order.since <= plain.now - RETRY):
            refuse(plain, order, "waited")


def balance(plain: Plain, purse: int) -> None:
    """The panel's purse was looked at."""
    gate = plain.gate
    gate.purse = purse
    costs = [plain.order_cost(order) for order in plain.orders.values() if order.waits]
    rested = gate.at is None or plain.now - gate.at >= timedelta(seconds=10)
    if gate.why in ABOUT_SHOP and purse >= min(costs, default=0) and rested:
        gate.why, gate.at = None, None
        if gate.unknowns >= LOST_IN_A_ROW:
            probe_only(plain)
    if not costs and gate.why is None:
        plain.over("gate:alpha", "gate")
    if sum(costs) > purse:
        plain.alarm("low:alpha", "low")
    else:
        plain.over("low:alpha", "low")


def pause(plain: Plain) -> None:
    """An admin stops the panel."""
    plain.gate.why, plain.gate.at = "admin", plain.now
    plain.over("gate:alpha", "gate")


def resume(plain: Plain) -> None:
    """An admin lets it go on, with what its funds held back first."""
    for order in plain.orders.values():
        if order.state == "waiting" and order.reason == "funds":
            order.reason, order.next_try = None, plain.now
    reopen(plain)
